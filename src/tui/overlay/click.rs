//! Clicks on what lies over the screen: on the rows of a list they select, and twice they act.

use ratatui::layout::{Position, Rect};

use super::{Overlay, act, json, palette, profiles};
use crate::tui::app::{Effect, Model};
use crate::tui::keymap::Action;

/// A click there, perhaps the second one.
pub(in crate::tui) fn click(model: &mut Model, at: Position, doubled: bool) -> Vec<Effect> {
    // Text that stands alone is selected by hand: nothing is drawn anew.
    let Some(overlay) = model.overlay.as_ref().filter(|overlay| !overlay.is_alone()) else {
        return Vec::new();
    };
    let (width, height) = model.size;
    let area = Rect::new(0, 0, width, height);
    let (row, enter) = match overlay {
        Overlay::Json(tree) => (json::row_at(tree, model.size, at), Action::Toggle),
        Overlay::Palette(palette) => (palette::row_at(palette, area, at), Action::Submit),
        Overlay::Profiles(picker) => (profiles::row_at(picker, area, at), Action::Submit),
        _ => (None, Action::Submit),
    };
    model.status = None;
    let Some(row) = row else {
        let context = overlay.context();
        let out = model.key(context, context.way_out().unwrap_or(Action::Back));
        model.say(format!("Nothing here takes a click. {out} closes this."));
        return Vec::new();
    };
    let was_there = match &mut model.overlay {
        Some(Overlay::Json(tree)) => json::select(tree, row),
        Some(Overlay::Palette(palette)) => palette::select(palette, row),
        Some(Overlay::Profiles(picker)) => profiles::select(picker, row),
        _ => false,
    };
    if doubled && was_there {
        return act(model, enter);
    }
    Vec::new()
}
