//! The profiles: each has its own store, and one of them is open.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Entry, Overlay, dialog};
use crate::base::Problem;
use crate::tui::app::{Effect, Model};
use crate::tui::data::Generation;
use crate::tui::keymap::Action;
use crate::tui::screen::setup;
use crate::tui::theme::MARKER;
use crate::tui::widget::pane::paragraph;
use crate::tui::widget::text::{pad, problem_lines, wrap_lines};
use crate::workspace::Profile;

/// Cells for a name.
const NAME: usize = 16;
/// Cells for all.
const WIDTH: u16 = 52;
/// The last row.
const NEW: &str = "new profile…";

/// The profiles to pick from.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct Picker {
    /// The request for the list.
    generation: Generation,
    /// None while it is awaited.
    listed: Option<Result<Vec<Profile>, Problem>>,
    /// The selected row; the one after the last profile makes a new one.
    at: usize,
}

impl Picker {
    fn profiles(&self) -> &[Profile] {
        match &self.listed {
            Some(Ok(profiles)) => profiles,
            _ => &[],
        }
    }
}

/// Opens the list and asks for it.
pub(in crate::tui) fn open(model: &mut Model) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.overlay = Some(Overlay::Profiles(Picker {
        generation,
        listed: None,
        at: 0,
    }));
    vec![Effect::ListProfiles { generation }]
}

/// The list came; late ones are dropped.
pub(in crate::tui) fn on_listed(
    model: &mut Model,
    generation: Generation,
    result: Result<Vec<Profile>, Problem>,
) {
    let opened = model.data.profile.clone();
    if let Some(Overlay::Profiles(picker)) = &mut model.overlay
        && picker.generation == generation
    {
        picker.listed = Some(result);
        let place = picker
            .profiles()
            .iter()
            .position(|one| Some(one) == opened.as_ref());
        picker.at = place.unwrap_or(0);
    }
}

/// What a key does in the list.
pub(super) fn act(model: &mut Model, mut picker: Picker, action: Action) -> Vec<Effect> {
    let count = picker.profiles().len();
    match action {
        Action::Back => return Vec::new(),
        Action::Submit => return choose(model, &picker),
        Action::Up => picker.at = picker.at.saturating_sub(1),
        Action::Down => picker.at = (picker.at + 1).min(count),
        _ => {}
    }
    model.overlay = Some(Overlay::Profiles(picker));
    Vec::new()
}

fn choose(model: &mut Model, picker: &Picker) -> Vec<Effect> {
    // What was true when the list was opened may not be so any more.
    if let Some(reason) = setup::refusal_to_switch(model) {
        model.say(reason);
        return Vec::new();
    }
    match (picker.profiles().get(picker.at), &picker.listed) {
        (Some(profile), _) => setup::switch(model, profile.clone()),
        (None, Some(Ok(profiles))) => {
            let taken = profiles.iter().map(|one| one.name.clone()).collect();
            model.overlay = Some(Overlay::Entry(Entry::profile_name(taken)));
            Vec::new()
        }
        (None, _) => Vec::new(),
    }
}

/// Draws it.
pub(super) fn view(model: &Model, picker: &Picker, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let width = WIDTH.min(area.width.saturating_sub(4));
    let lines = match &picker.listed {
        None => vec![Line::raw("Looking for profiles…")],
        Some(Err(problem)) => wrap_lines(&problem_lines(model, problem), width),
        Some(Ok(profiles)) => {
            let rows = profiles
                .iter()
                .enumerate()
                .map(|(place, profile)| row(model, profile, place == picker.at, width));
            let here = picker.at >= profiles.len();
            let marker = if here { MARKER } else { " " };
            let text = pad(&format!("{marker} {NEW}"), usize::from(width), false);
            let style = if here { theme.selected() } else { theme.text() };
            rows.chain([Line::styled(text, style)]).collect()
        }
    };
    let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX - 2);
    let inner = dialog(model, "Profiles", (width, tall), area, buffer);
    let hidden = (picker.at + 1).saturating_sub(usize::from(inner.height));
    paragraph(lines.get(hidden..).unwrap_or_default(), inner, buffer);
}

fn row(model: &Model, profile: &Profile, here: bool, cells: u16) -> Line<'static> {
    let theme = model.facts.theme;
    let marker = if here { MARKER } else { " " };
    let is_open = model.data.profile.as_ref() == Some(profile);
    let environment = if profile.environment.is_production() {
        "PRODUCTION".into()
    } else {
        profile.environment.name()
    };
    let name = format!("{marker} {}", pad(&profile.name, NAME, false));
    let mark = if is_open { "open" } else { "" };
    let end = usize::from(cells).saturating_sub(NAME + 3);
    let rest = end.saturating_sub(6);
    let badge = if here {
        theme.selected()
    } else {
        theme.badge(&profile.environment)
    };
    let style = if here { theme.selected() } else { theme.text() };
    let bank = pad(&environment, rest.min(environment.chars().count()), false);
    let blank = rest.saturating_sub(bank.chars().count());
    Line::from(vec![
        Span::styled(format!("{name} "), style),
        Span::styled(bank, badge),
        Span::styled(" ".repeat(blank), style),
        Span::styled(pad(mark, end.saturating_sub(rest), true), style),
    ])
}
