//! From what the terminal reports to what it means.

use crossterm::event::{Event, KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::base::Secret;
use crate::tui::app::{Keystroke, Model, Msg};
use crate::tui::keymap::{Action, Chord, Context};
use crate::tui::mouse::{Gesture, Pointed};

/// What an event means to the model; none when it means nothing.
pub(in crate::tui) fn translate(model: &Model, event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) => on_key(model, key),
        Event::Paste(text) => Some(Msg::Pasted(Secret::new(text))),
        Event::Mouse(mouse) => on_mouse(mouse),
        Event::Resize(columns, rows) => Some(Msg::Resized(columns, rows)),
        _ => None,
    }
}

fn on_mouse(mouse: MouseEvent) -> Option<Msg> {
    let gesture = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Gesture::Click,
        MouseEventKind::ScrollUp => Gesture::WheelUp,
        MouseEventKind::ScrollDown => Gesture::WheelDown,
        _ => return None,
    };
    let at = Position::new(mouse.column, mouse.row);
    Some(Msg::Pointed(Pointed { gesture, at }))
}

fn on_key(model: &Model, key: KeyEvent) -> Option<Msg> {
    // Some terminals also report that a key was let go.
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let chord = Chord::of(key)?;
    if chord == Chord::Ctrl('c') {
        return Some(Msg::Acted(Action::Interrupt));
    }
    let typing = model.is_typing();
    if typing && chord.is_typed() {
        return Some(Msg::Typed(Keystroke(key)));
    }
    let keymap = &model.facts.keymap;
    let everywhere = keymap
        .find(&[Context::Everywhere], chord)
        .map(|binding| binding.action);
    // Whatever lies over the screen, a text field too.
    if let Some(action @ (Action::Suspend | Action::Lock)) = everywhere {
        return Some(Msg::Acted(action));
    }
    if let Some(binding) = keymap.find(&model.contexts(), chord) {
        return Some(Msg::Acted(binding.action));
    }
    match everywhere {
        Some(Action::Help) => Some(Msg::Acted(Action::Help)),
        Some(Action::Palette) if !typing => Some(Msg::Acted(Action::Palette)),
        // It may edit in a way that only the field knows.
        _ if typing => matches!(chord, Chord::Ctrl(_)).then_some(Msg::Typed(Keystroke(key))),
        _ => Some(Msg::Missed(chord)),
    }
}
