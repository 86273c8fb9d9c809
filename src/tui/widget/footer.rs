//! The hints: which keys act here, the most important first. The help never leaves, and beside
//! it there is always the most important action.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::text::{width, wrap};
use crate::tui::app::{Model, refusal};
use crate::tui::keymap::{Action, Binding, Context};

/// Between hints.
const GAP: usize = 3;

/// Draws the hints that fit.
pub(in crate::tui) fn footer(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let mut spans = Vec::new();
    for Hint { key, label, .. } in hints(model, usize::from(area.width)) {
        if !spans.is_empty() {
            spans.push(Span::raw(" ".repeat(GAP)));
        }
        spans.push(Span::styled(key, theme.key()));
        spans.push(Span::raw(format!(" {label}")));
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
    for hint in hints(model, usize::from(area.width)) {
        let end = begin + hint.width();
        if (begin..end).contains(&x) {
            return Some(hint.action);
        }
        begin = end + GAP;
    }
    None
}

/// A key and what it does.
struct Hint {
    key: String,
    label: String,
    action: Action,
}

impl Hint {
    /// Of a binding that has a key.
    fn of(binding: &Binding) -> Option<Self> {
        Some(Self {
            key: binding.key()?,
            label: binding.label.into(),
            action: binding.action,
        })
    }

    fn width(&self) -> usize {
        width(&self.key) + 1 + width(&self.label)
    }

    /// With only as many words as fit into so many cells; one stays whatever it takes.
    fn shorten(&mut self, cells: usize) {
        let room = cells.saturating_sub(width(&self.key) + 1);
        let first = self.label.split(' ').next().unwrap_or_default();
        let mut lines = wrap(&self.label, room.max(width(first)));
        if !lines.is_empty() {
            self.label = lines.swap_remove(0);
        }
    }
}

/// Those that fit into so many cells.
fn hints(model: &Model, cells: usize) -> Vec<Hint> {
    let contexts = model.contexts();
    let mut wanted: Vec<&Binding> = model
        .facts
        .keymap
        .rows()
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
    let mut kept: Vec<Hint> = Vec::new();
    for mut hint in wanted.into_iter().filter_map(Hint::of) {
        let gap = if kept.is_empty() { 0 } else { GAP };
        // The first is kept whatever it takes, and so is the second beside the help.
        if kept.len() == 1 && model.overlay.is_none() {
            hint.shorten(cells.saturating_sub(used + gap));
        }
        let cost = gap + hint.width();
        if !kept.is_empty() && used + cost > cells {
            continue;
        }
        used += cost;
        kept.push(hint);
    }
    // The help stands last, where eyes look for it.
    let first = kept.first().map(|binding| binding.action);
    let turns = usize::from(model.overlay.is_none() && first == Some(Action::Help));
    kept.rotate_left(turns);
    kept
}
