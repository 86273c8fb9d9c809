//! The help, made from the table of keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::dialog;
use crate::tui::app::Model;
use crate::tui::keymap::{Context, TABLE};
use crate::tui::theme::Theme;
use crate::tui::widget::pane::paragraph;
use crate::tui::widget::text::{pad, width};

/// Cells for the keys.
const KEYS: usize = 12;
/// Cells for all.
const WIDTH: u16 = 44;

fn lines(theme: Theme, contexts: &[Context]) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for context in contexts {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(context.title(), theme.strong()));
        for binding in TABLE.iter().filter(|binding| binding.context == *context) {
            let keys: Vec<String> = binding.keys.iter().map(|key| key.label()).collect();
            let keys = keys.join(" ");
            lines.push(Line::from(vec![
                Span::styled(pad(&keys, KEYS.max(width(&keys)), false), theme.key()),
                Span::raw(binding.label),
            ]));
        }
    }
    lines
}

/// The last line to scroll to.
pub(super) fn last_scroll(model: &Model, contexts: &[Context]) -> u16 {
    let seen = usize::from(model.size.1.saturating_sub(4));
    let hidden = lines(model.facts.theme, contexts)
        .len()
        .saturating_sub(seen);
    u16::try_from(hidden).unwrap_or(u16::MAX)
}

/// Draws it.
pub(super) fn view(
    model: &Model,
    contexts: &[Context],
    scroll: u16,
    area: Rect,
    buffer: &mut Buffer,
) {
    let lines = lines(model.facts.theme, contexts);
    let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX - 2);
    let inner = dialog(model, "Keys", (WIDTH, tall), area, buffer);
    let seen = lines.get(usize::from(scroll)..).unwrap_or_default();
    paragraph(seen, inner, buffer);
}
