//! The help: what the place is for and which keys act there, made from the key map.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Overlay, dialog};
use crate::tui::app::{Effect, Model};
use crate::tui::keymap::{Action, Binding, Context};
use crate::tui::widget::pane::paragraph;
use crate::tui::widget::text::{pad, width, wrap_lines};

/// Cells for the keys.
const KEYS: usize = 12;
/// Cells for all.
const WIDTH: u16 = 56;
/// Rows that are not the help's own: header, hints and the frame.
const AROUND: u16 = 4;
/// What a filter understands.
const SYNTAX: [(&str, &str); 6] = [
    ("abc", "these letters, in this order"),
    ("'abc", "abc, in one piece"),
    ("^abc", "begins with abc"),
    ("abc$", "ends with abc"),
    ("!abc", "is without abc"),
    ("abc 42", "both"),
];

/// Help that was lifted off what it lies over.
pub(in crate::tui) struct Lifted {
    contexts: Vec<Context>,
    scroll: u16,
}

/// Opens the help for what lies over the screen, and lays it over that; over help it closes.
pub(in crate::tui) fn open_over(model: &mut Model) -> Vec<Effect> {
    match model.overlay.take() {
        Some(help @ Overlay::Help { .. }) => {
            model.overlay = Some(help);
            return super::act(model, Action::Help);
        }
        Some(under) => {
            model.overlay = Some(Overlay::Help {
                contexts: vec![under.context()],
                scroll: 0,
                under: Some(Box::new(under)),
            });
        }
        None => {}
    }
    Vec::new()
}

/// Takes the help off what it lies over, for an answer that is meant for that.
pub(in crate::tui) fn lift(model: &mut Model) -> Option<Lifted> {
    match model.overlay.take() {
        Some(Overlay::Help {
            contexts,
            scroll,
            under: Some(under),
        }) => {
            model.overlay = Some(*under);
            Some(Lifted { contexts, scroll })
        }
        other => {
            model.overlay = other;
            None
        }
    }
}

/// Lays it back, where what it lay over is still there.
pub(in crate::tui) fn lay(model: &mut Model, help: Lifted) {
    let Lifted { contexts, scroll } = help;
    model.overlay = model.overlay.take().map(|under| {
        if contexts == [under.context()] {
            Overlay::Help {
                contexts,
                scroll,
                under: Some(Box::new(under)),
            }
        } else {
            under
        }
    });
}

/// Where the help is after a key; none when the key closes it.
pub(super) fn scrolled(
    model: &Model,
    contexts: &[Context],
    scroll: u16,
    action: Action,
) -> Option<u16> {
    let page = model.size.1.saturating_sub(AROUND).max(1);
    let count = u16::try_from(lines(model, contexts).len()).unwrap_or(u16::MAX);
    let last = count.saturating_sub(page);
    // The terminal may have grown meanwhile.
    let scroll = scroll.min(last);
    let scroll = match action {
        Action::Up => scroll.saturating_sub(1),
        Action::Down => scroll.saturating_add(1),
        Action::PageUp => scroll.saturating_sub(page),
        Action::PageDown => scroll.saturating_add(page),
        Action::First => 0,
        Action::Last => last,
        _ => return None,
    };
    Some(scroll.min(last))
}

fn cells(model: &Model) -> u16 {
    WIDTH.min(model.size.0.saturating_sub(4))
}

fn lines(model: &Model, contexts: &[Context]) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let keymap = &model.facts.keymap;
    let mut lines = Vec::new();
    for context in contexts {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(context.title(), theme.strong()));
        if !context.purpose().is_empty() {
            lines.push(Line::raw(model.spell(context.purpose())));
        }
        // What acts comes before what only moves.
        let (moves, acts): (Vec<&Binding>, Vec<&Binding>) = keymap
            .of_context(*context)
            .partition(|row| row.action.only_moves());
        lines.extend(acts.into_iter().chain(moves).map(|row| line(model, row)));
        if has_a_filter(model, *context) {
            lines.push(Line::default());
            lines.push(Line::styled("What a filter understands", theme.strong()));
            lines.extend(
                SYNTAX.iter().map(|(typed, words)| {
                    Line::from(format!("{}{words}", pad(typed, KEYS, false)))
                }),
            );
        }
    }
    wrap_lines(&lines, cells(model))
}

fn line(model: &Model, row: &Binding) -> Line<'static> {
    let keys = match row.all_keys() {
        none if none.is_empty() => "—".into(),
        keys => keys,
    };
    let room = KEYS.saturating_sub(1).max(width(&keys));
    Line::from(vec![
        Span::styled(pad(&keys, room, false), model.facts.theme.key()),
        Span::raw(" "),
        Span::raw(row.label),
    ])
}

/// Whether something can be filtered there; the palette is itself a filter.
fn has_a_filter(model: &Model, context: Context) -> bool {
    let filters = |row: &Binding| row.name().ends_with(".filter");
    context == Context::Palette || model.facts.keymap.of_context(context).any(filters)
}

/// Draws it.
pub(super) fn view(
    model: &Model,
    contexts: &[Context],
    scroll: u16,
    area: Rect,
    buffer: &mut Buffer,
) {
    let lines = lines(model, contexts);
    let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX - 2);
    let inner = dialog(model, "Help", (cells(model), tall), area, buffer);
    let last = lines.len().saturating_sub(inner.height.into());
    let first = usize::from(scroll).min(last);
    paragraph(lines.get(first..).unwrap_or_default(), inner, buffer);
}
