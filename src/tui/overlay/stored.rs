//! What is stored, where, who can read it and what is not protected.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Overlay, dialog};
use crate::base::Problem;
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::data::Generation;
use crate::tui::keymap::Action;
use crate::tui::widget::pane::paragraph;
use crate::tui::widget::text::{problem_lines, wrap_lines};
use crate::workspace::Kept;

/// Cells for all.
const WIDTH: u16 = 72;
/// Rows that are not the page's own: header, hints and the frame.
const AROUND: u16 = 4;

/// The page, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct Stored {
    /// The look at it.
    generation: Generation,
    /// None while it is looked at.
    looked: Option<Result<Kept, Problem>>,
    /// The first line that is seen.
    scroll: u16,
}

/// Opens the page and looks: at the open profile, on Setup at the chosen one.
pub(in crate::tui) fn open(model: &mut Model) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.overlay = Some(Overlay::Stored(Stored {
        generation,
        looked: None,
        scroll: 0,
    }));
    let chosen = model.setup.profile();
    let opened = model.data.profile.clone();
    let profile = match model.screen {
        Screen::Setup => chosen,
        _ => opened.unwrap_or(chosen),
    };
    vec![Effect::LookAtStored {
        generation,
        profile,
    }]
}

/// It was looked at; late answers are dropped.
pub(in crate::tui) fn on_looked(
    model: &mut Model,
    generation: Generation,
    result: Result<Kept, Problem>,
) {
    if let Some(Overlay::Stored(stored)) = &mut model.overlay
        && stored.generation == generation
    {
        stored.looked = Some(result);
    }
}

/// What a key does here.
pub(super) fn act(model: &mut Model, mut stored: Stored, action: Action) {
    let page = model.size.1.saturating_sub(AROUND).max(1);
    let count = u16::try_from(lines(model, &stored).len()).unwrap_or(u16::MAX);
    let last = count.saturating_sub(page);
    // The terminal may have grown meanwhile.
    let scroll = stored.scroll.min(last);
    stored.scroll = match action {
        Action::Up => scroll.saturating_sub(1),
        Action::Down => scroll.saturating_add(1),
        Action::PageUp => scroll.saturating_sub(page),
        Action::PageDown => scroll.saturating_add(page),
        Action::First => 0,
        Action::Last => last,
        _ => return,
    }
    .min(last);
    model.overlay = Some(Overlay::Stored(stored));
}

fn width(model: &Model) -> u16 {
    WIDTH.min(model.size.0.saturating_sub(4))
}

fn lines(model: &Model, stored: &Stored) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let lines = match &stored.looked {
        None => vec![Line::raw("Looking at what is stored…")],
        Some(Err(problem)) => problem_lines(model, problem),
        Some(Ok(kept)) => {
            let mut lines = Vec::new();
            for section in kept.sections() {
                if !lines.is_empty() {
                    lines.push(Line::default());
                }
                lines.push(Line::styled(section.title, theme.strong()));
                lines.extend(section.lines.into_iter().map(Line::raw));
            }
            lines
        }
    };
    wrap_lines(&lines, width(model))
}

/// Draws it.
pub(super) fn view(model: &Model, stored: &Stored, area: Rect, buffer: &mut Buffer) {
    let lines = lines(model, stored);
    let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX - 2);
    let inner = dialog(model, "What is stored", (width(model), tall), area, buffer);
    let last = lines.len().saturating_sub(inner.height.into());
    let first = usize::from(stored.scroll).min(last);
    paragraph(lines.get(first..).unwrap_or_default(), inner, buffer);
}
