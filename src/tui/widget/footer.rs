//! The hints: which keys act here, the most important first. The help never leaves.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::text::width;
use crate::tui::app::{Model, refusal};
use crate::tui::keymap::{Action, Binding, Context, TABLE};

/// Between hints.
const GAP: usize = 3;

/// Draws the hints that fit.
pub(in crate::tui) fn footer(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let mut spans = Vec::new();
    for binding in hints(model, usize::from(area.width)) {
        if !spans.is_empty() {
            spans.push(Span::raw(" ".repeat(GAP)));
        }
        spans.push(Span::styled(key(binding), theme.key()));
        spans.push(Span::raw(format!(" {}", binding.label)));
    }
    Line::from(spans).render(area.intersection(buffer.area), buffer);
}

/// What the hint there does.
pub(in crate::tui) fn hit(model: &Model, area: Rect, at: Position) -> Option<Action> {
    if !area.contains(at) {
        return None;
    }
    let x = usize::from(at.x - area.x);
    let mut begin = 0;
    for binding in hints(model, usize::from(area.width)) {
        let end = begin + width(&key(binding)) + 1 + width(binding.label);
        if (begin..end).contains(&x) {
            return Some(binding.action);
        }
        begin = end + GAP;
    }
    None
}

/// The hints that fit into so many cells.
fn hints(model: &Model, cells: usize) -> Vec<&'static Binding> {
    let contexts = model.contexts();
    let mut wanted: Vec<&'static Binding> = TABLE
        .iter()
        .filter(|binding| binding.rank > 0 && contexts.contains(&binding.context))
        .filter(|binding| model.overlay.is_some() || refusal(model, binding.action).is_none())
        .collect();
    let order = |binding: &&Binding| {
        let help = binding.context == Context::Everywhere && binding.action == Action::Help;
        (!help, binding.rank, binding.context == Context::Everywhere)
    };
    wanted.sort_by_key(order);
    let mut used = 0;
    let mut kept: Vec<&'static Binding> = Vec::new();
    for binding in wanted {
        let gap = if kept.is_empty() { 0 } else { GAP };
        let cost = gap + width(&key(binding)) + 1 + width(binding.label);
        // The first is kept whatever it takes.
        if !kept.is_empty() && used + cost > cells {
            continue;
        }
        used += cost;
        kept.push(binding);
    }
    // The help stands last, where eyes look for it.
    let first = kept.first().map(|binding| binding.action);
    let turns = usize::from(model.overlay.is_none() && first == Some(Action::Help));
    kept.rotate_left(turns);
    kept
}

fn key(binding: &Binding) -> String {
    binding
        .keys
        .first()
        .map_or_else(String::new, |key| key.label())
}
