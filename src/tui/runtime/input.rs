//! From what the terminal reports to what it means.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::Position;

use crate::base::Secret;
use crate::tui::app::{Keystroke, Model, Msg};
use crate::tui::keymap::{Action, Chord, Context};
use crate::tui::mouse::{Gesture, Pointed};

/// How the terminal's answer begins, after `ESC ]`.
const ANSWER: &str = "11;rgb";
/// Most characters that follow: `a:` and four numbers of four digits.
const LONGEST: usize = 24;

/// The terminal's answer of what its background is, where it came too late to be read: it comes
/// among the keys then, as Alt-] and characters until BEL (Ctrl-G) or `ESC \` (Alt-\).
#[derive(Debug, Default)]
pub(super) struct LateAnswer {
    owed: bool,
    /// How many characters of it came; none before its beginning.
    came: Option<usize>,
}

impl LateAnswer {
    /// Whether one is to be expected.
    pub(super) fn new(owed: bool) -> Self {
        Self { owed, came: None }
    }

    /// Whether the event is a piece of the answer, and no person's key.
    pub(super) fn takes(&mut self, event: &Event) -> bool {
        let Event::Key(key) = event else {
            return false;
        };
        if !self.owed || key.kind == KeyEventKind::Release {
            return false;
        }
        let alt = key.modifiers == KeyModifiers::ALT;
        let control = key.modifiers == KeyModifiers::CONTROL;
        let KeyCode::Char(character) = key.code else {
            self.came = None;
            return false;
        };
        let taken = match (self.came, character) {
            (None, ']') if alt => Some(0),
            (Some(_), '\\') if alt => None,
            (Some(_), 'g') if control => None,
            (Some(place), _) if !alt && !control && follows(place, character) => Some(place + 1),
            _ => {
                self.came = None;
                return false;
            }
        };
        // It comes once.
        self.owed = taken.is_some();
        self.came = taken;
        true
    }
}

fn follows(place: usize, character: char) -> bool {
    match ANSWER.chars().nth(place) {
        Some(wanted) => character == wanted,
        None => {
            place < ANSWER.len() + LONGEST
                && (character.is_ascii_hexdigit() || matches!(character, 'a' | ':' | '/'))
        }
    }
}

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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn key(code: char, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(code), modifiers))
    }

    /// As crossterm reports the bytes of an answer.
    fn answer(middle: &str, end: Event) -> Vec<Event> {
        let mut events = vec![key(']', KeyModifiers::ALT)];
        events.extend(middle.chars().map(|character| {
            let shift = character.is_ascii_uppercase();
            let modifiers = if shift {
                KeyModifiers::SHIFT
            } else {
                KeyModifiers::NONE
            };
            key(character, modifiers)
        }));
        events.push(end);
        events
    }

    #[rstest]
    #[case("11;rgb:ffff/FFFF/dddd", key('\\', KeyModifiers::ALT))]
    #[case("11;rgba:0000/0000/0000/ffff", key('g', KeyModifiers::CONTROL))]
    fn a_late_answer_is_no_keys_and_comes_once(#[case] middle: &str, #[case] end: Event) {
        let mut late = LateAnswer::new(true);
        let resized = Event::Resize(80, 24);
        assert!(!late.takes(&key('5', KeyModifiers::NONE)), "a person's");
        for (place, event) in answer(middle, end.clone()).iter().enumerate() {
            assert!(late.takes(event), "{event:?}");
            // Whatever else comes in between is not of it.
            assert!(!late.takes(&resized), "{place}");
        }
        for event in answer(middle, end) {
            assert!(!late.takes(&event), "{event:?}");
        }
    }

    #[test]
    fn what_is_not_owed_is_not_taken() {
        let mut late = LateAnswer::new(false);
        for event in answer("11;rgb:0/0/0", key('g', KeyModifiers::CONTROL)) {
            assert!(!late.takes(&event), "{event:?}");
        }
    }

    #[test]
    fn keys_that_only_begin_like_one_are_a_persons() {
        let mut late = LateAnswer::new(true);
        assert!(late.takes(&key(']', KeyModifiers::ALT)));
        for other in ['q', '1', '5'] {
            assert!(!late.takes(&key(other, KeyModifiers::NONE)), "{other}");
        }
        // One without an end takes no more than an answer has.
        assert!(late.takes(&key(']', KeyModifiers::ALT)));
        for character in ANSWER.chars() {
            assert!(late.takes(&key(character, KeyModifiers::NONE)));
        }
        let taken = (0..100).filter(|_| late.takes(&key('5', KeyModifiers::NONE)));
        assert_eq!(taken.count(), LONGEST);
    }
}
