//! The profiles: each has its own store, and one of them is open.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::{Entry, Overlay, dialog, dialog_inside};
use crate::base::Problem;
use crate::tui::app::{Effect, Model};
use crate::tui::data::Generation;
use crate::tui::keymap::Action;
use crate::tui::listing::{Index, Key, Listing, RowId, Rows};
use crate::tui::lists::{self, List};
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
    pub(in crate::tui) listing: Listing,
    /// Whether the row after the last profile is selected, which makes a new one.
    at_new: bool,
}

impl Picker {
    fn profiles(&self) -> &[Profile] {
        match &self.listed {
            Some(Ok(profiles)) => profiles,
            _ => &[],
        }
    }

    /// Whether there are profiles to look through.
    pub(in crate::tui) fn is_listed(&self) -> bool {
        !self.profiles().is_empty()
    }

    /// How many profiles are shown.
    fn shown(&self) -> usize {
        self.listing.shown(self.profiles().len())
    }

    /// The selected profile; none on the last row.
    fn selected(&self) -> Option<&Profile> {
        let place = self.listing.selected().filter(|_| !self.at_new)?;
        self.profiles().get(place)
    }

    /// The selected row among those that are shown.
    fn at(&self) -> usize {
        if self.at_new {
            self.shown()
        } else {
            self.listing.cursor.at
        }
    }
}

/// A profile as a row.
fn row_id(profile: &Profile) -> RowId {
    let mut hasher = DefaultHasher::new();
    (profile.environment.name(), &profile.name).hash(&mut hasher);
    hasher.finish().into()
}

struct ProfileRows<'a>(&'a Picker);

impl Rows for ProfileRows<'_> {
    fn len(&self) -> usize {
        self.0.profiles().len()
    }

    fn version(&self) -> u64 {
        u64::from(self.0.listed.is_some())
    }

    fn id(&self, place: usize) -> Option<RowId> {
        self.0.profiles().get(place).map(row_id)
    }

    fn index(&self) -> Arc<Index> {
        let mut index = Index::default();
        for profile in self.0.profiles() {
            index.push([profile.name.as_str(), &profile.environment.name()]);
        }
        Arc::new(index.finish())
    }

    fn key(&self, _: usize, _: usize) -> Key {
        Key::Missing
    }
}

/// Keeps the selection on a row that is shown.
pub(in crate::tui) fn settle(model: &mut Model) -> Option<Effect> {
    let Some(Overlay::Profiles(picker)) = &mut model.overlay else {
        return None;
    };
    let mut listing = std::mem::take(&mut picker.listing);
    let job = listing.settle(&ProfileRows(picker), usize::MAX);
    picker.listing = listing;
    if picker.is_listed() {
        // Where none fits, the last row is the only one; else what is typed is to find a profile.
        picker.at_new = picker.shown() == 0 || (picker.at_new && !picker.listing.is_typing());
    }
    lists::ask(model, List::Profiles, job)
}

/// Opens the list and asks for it.
pub(in crate::tui) fn open(model: &mut Model) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.overlay = Some(Overlay::Profiles(Box::new(Picker {
        generation,
        listed: None,
        listing: Listing::default(),
        at_new: false,
    })));
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
        let first = picker.profiles().first().map(row_id);
        if let Some(id) = opened.as_ref().map(row_id).or(first) {
            picker.listing.want(id);
        }
    }
}

/// What a key does in the list.
pub(super) fn act(model: &mut Model, mut picker: Box<Picker>, action: Action) -> Vec<Effect> {
    let count = picker.profiles().len();
    let shown = picker.shown();
    match action {
        Action::Back => return Vec::new(),
        Action::Submit => return choose(model, &picker),
        Action::Filter => {
            picker.at_new &= shown == 0;
            picker.listing.open_filter();
        }
        Action::Up if picker.at_new && shown > 0 => picker.at_new = false,
        Action::Down if picker.at() + 1 >= shown => picker.at_new = true,
        action => {
            picker.listing.act(action, count, 1);
        }
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
    match (picker.selected(), &picker.listed) {
        (Some(profile), _) => setup::switch(model, profile.clone()),
        (None, Some(Ok(profiles))) => {
            let taken = profiles.iter().map(|one| one.name.clone()).collect();
            model.overlay = Some(Overlay::Entry(Entry::profile_name(taken)));
            Vec::new()
        }
        (None, _) => Vec::new(),
    }
}

/// The row at a place.
pub(super) fn row_at(picker: &Picker, area: Rect, at: Position) -> Option<usize> {
    picker.listed.as_ref()?.as_ref().ok()?;
    // The last one makes a new profile.
    let count = picker.shown() + 1;
    let above = u16::from(picker.listing.is_filtered());
    let tall = u16::try_from(count).unwrap_or(u16::MAX - 3);
    let width = WIDTH.min(area.width.saturating_sub(4));
    let inner = dialog_inside((width, tall + above), area);
    let seen = usize::from(inner.height.saturating_sub(above));
    let line = usize::from(at.y.checked_sub(inner.y + above)?);
    let row = (picker.at() + 1).saturating_sub(seen) + line;
    (inner.contains(at) && row < count).then_some(row)
}

/// Selects it; true where it was selected before.
pub(super) fn select(picker: &mut Picker, row: usize) -> bool {
    let before = picker.at();
    picker.at_new = row == picker.shown();
    let count = picker.profiles().len();
    picker.listing.select(row, count);
    before == row
}

/// Draws it.
pub(super) fn view(
    model: &Model,
    picker: &Picker,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let theme = model.facts.theme;
    let width = WIDTH.min(area.width.saturating_sub(4));
    let filter = picker
        .listing
        .filter()
        .map(|field| field.shown(width.saturating_sub(2)));
    let lines = match &picker.listed {
        None => vec![Line::raw("Looking for profiles…")],
        Some(Err(problem)) => wrap_lines(&problem_lines(model, problem), width),
        Some(Ok(profiles)) => {
            let rows = (0..picker.shown()).filter_map(|at| {
                let profile = profiles.get(picker.listing.place(at)?)?;
                Some(row(model, profile, at == picker.at(), width))
            });
            let here = picker.at_new;
            let marker = if here { MARKER } else { " " };
            let text = pad(&format!("{marker} {NEW}"), usize::from(width), false);
            let style = if here { theme.selected() } else { theme.text() };
            rows.chain([Line::styled(text, style)]).collect()
        }
    };
    let above = u16::from(filter.is_some());
    let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX - 3);
    let inner = dialog(model, "Profiles", (width, tall + above), area, buffer);
    let mut rows = inner;
    let mut cursor = None;
    if let Some((text, at)) = filter {
        let line = Line::from(vec![
            Span::styled("/", theme.key()),
            Span::raw(" "),
            Span::raw(text),
        ]);
        paragraph(&[line], inner, buffer);
        rows.y += 1.min(rows.height);
        rows.height = rows.height.saturating_sub(1);
        let typing = picker.listing.is_typing() && !inner.is_empty();
        cursor = typing.then(|| Position::new(inner.x + 2 + at, inner.y));
    }
    let hidden = (picker.at() + 1).saturating_sub(usize::from(rows.height));
    paragraph(lines.get(hidden..).unwrap_or_default(), rows, buffer);
    cursor
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
