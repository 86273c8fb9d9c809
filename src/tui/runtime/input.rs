//! From what the terminal reports to what it means.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::base::Secret;
use crate::tui::app::{Keystroke, Model, Msg};
use crate::tui::keymap::{self, Chord};

/// What an event means to the model; none when it means nothing.
pub(in crate::tui) fn translate(model: &Model, event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) => on_key(model, key),
        Event::Paste(text) => Some(Msg::Pasted(Secret::new(text))),
        Event::Resize(columns, rows) => Some(Msg::Resized(columns, rows)),
        _ => None,
    }
}

fn on_key(model: &Model, key: KeyEvent) -> Option<Msg> {
    // Some terminals also report that a key was let go.
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let chord = Chord::of(key)?;
    // In a text field too.
    match chord {
        Chord::Ctrl('c') => return Some(Msg::Acted(keymap::Action::Interrupt)),
        Chord::Ctrl('z') => return Some(Msg::Acted(keymap::Action::Suspend)),
        Chord::Char('L') if !model.is_typing() => {
            return Some(Msg::Acted(keymap::Action::Lock));
        }
        _ => {}
    }
    let found = keymap::find(&model.contexts(), chord);
    if model.is_typing() {
        // Whatever edits the text is never a command.
        let plain = !key.modifiers.contains(KeyModifiers::CONTROL);
        let commands = match key.code {
            KeyCode::Enter
            | KeyCode::Esc
            | KeyCode::Tab
            | KeyCode::BackTab
            | KeyCode::Up
            | KeyCode::Down => plain,
            KeyCode::Char('x') => !plain,
            _ => false,
        };
        return match found {
            Some(binding) if commands => Some(Msg::Acted(binding.action)),
            _ => Some(Msg::Typed(Keystroke(key))),
        };
    }
    Some(found.map_or(Msg::Missed(chord), |binding| Msg::Acted(binding.action)))
}
