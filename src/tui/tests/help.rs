//! Help for where one is.

use crossterm::event::{Event, KeyCode};
use rstest::rstest;

use super::fixtures::{draw, full, generation, model, press, send, text, type_text};
use super::keys::{bound, hit};
use super::stored::kept;
use crate::tui::Start;
use crate::tui::app::{Model, Msg, Screen};
use crate::tui::keymap::{Action, Context};
use crate::tui::overlay::Overlay;
use crate::workspace::SlotKind;

/// Help over the page that says what is stored.
pub(super) fn over_stored() -> Model {
    let mut model = super::stored::shown(SlotKind::Keyring);
    hit(&mut model, KeyCode::Char('?'));
    model
}

/// Everything that the help says, read from its first line to its last on so small a terminal.
fn read_through(model: &mut Model, width: u16, height: u16) -> String {
    model.size = (width, height);
    press(model, Action::First);
    let mut seen = String::new();
    for _ in 0..200 {
        let shown = text(&draw(model, width, height));
        seen.push_str(&shown);
        seen.push('\n');
        press(model, Action::Down);
        if text(&draw(model, width, height)) == shown {
            return seen;
        }
    }
    panic!("it never ends");
}

#[rstest]
#[case(40, 12)]
#[case(60, 16)]
#[case(80, 24)]
#[case(120, 40)]
fn all_of_it_can_be_read_at_every_size(#[case] width: u16, #[case] height: u16) {
    for screen in Screen::ALL {
        let mut model = model(&Start::First);
        model.screen = screen;
        hit(&mut model, KeyCode::Char('?'));
        let seen = read_through(&mut model, width, height);
        let keymap = model.facts.keymap.clone();
        for context in [screen.context(), Context::Everywhere] {
            for row in keymap.of_context(context) {
                // What comes after may stand on the next line.
                let words: Vec<&str> = row.label.split(' ').take(2).collect();
                let words = words.join(" ");
                assert!(seen.contains(&words), "{} at {width}", row.name());
                assert!(seen.contains(&row.key().unwrap()), "{}", row.name());
            }
        }
        let purpose = keymap.spell(screen.context().purpose());
        let first: Vec<&str> = purpose.split(' ').take(3).collect();
        assert!(seen.contains(&first.join(" ")), "{purpose}");
    }
}

#[test]
fn its_pages_and_its_ends_are_one_key_away() {
    let mut model = full();
    model.size = (40, 12);
    hit(&mut model, KeyCode::Char('?'));
    let scroll = |model: &Model| match &model.overlay {
        Some(Overlay::Help { scroll, .. }) => *scroll,
        other => panic!("{other:?}"),
    };
    hit(&mut model, KeyCode::PageDown);
    assert_eq!(scroll(&model), 8, "a page of the least terminal");
    hit(&mut model, KeyCode::End);
    let last = scroll(&model);
    hit(&mut model, KeyCode::PageDown);
    assert_eq!(scroll(&model), last);
    hit(&mut model, KeyCode::PageUp);
    assert_eq!(scroll(&model), last - 8);
    hit(&mut model, KeyCode::Home);
    assert_eq!(scroll(&model), 0);
    hit(&mut model, KeyCode::Char('q'));
    assert!(model.overlay.is_none());
}

#[test]
fn over_something_it_is_help_for_that_and_goes_back_to_it() {
    let mut model = over_stored();
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("What is kept on this machine"), "{shown}");
    assert!(!shown.contains("set up anew"), "that acts elsewhere");
    hit(&mut model, KeyCode::Char('?'));
    assert!(matches!(model.overlay, Some(Overlay::Stored(_))));
    hit(&mut model, KeyCode::Char('?'));
    hit(&mut model, KeyCode::Esc);
    assert!(matches!(model.overlay, Some(Overlay::Stored(_))));
}

#[test]
fn a_question_waits_below_it_with_its_answer_as_it_was() {
    let mut model = full();
    press(&mut model, Action::Forget);
    hit(&mut model, KeyCode::Tab);
    let before = model.overlay.clone();
    hit(&mut model, KeyCode::Char('?'));
    assert!(matches!(model.overlay, Some(Overlay::Help { .. })));
    hit(&mut model, KeyCode::Esc);
    assert_eq!(model.overlay, before);
}

#[test]
fn an_answer_reaches_what_it_lies_over() {
    let mut model = full();
    let looking = generation(&press(&mut model, Action::Stored)).unwrap();
    hit(&mut model, KeyCode::Char('?'));
    hit(&mut model, KeyCode::Down);
    let help = model.overlay.clone();
    let looked = Msg::StoredLooked {
        generation: looking,
        result: Ok(kept(&[SlotKind::Keyring])),
    };
    send(&mut model, looked);
    assert_ne!(model.overlay, help, "what is below has changed");
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("Help"), "it stays in sight: {shown}");
    hit(&mut model, KeyCode::Esc);
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("sandbox.db"), "{shown}");
}

#[test]
fn in_a_text_field_a_question_mark_is_typed() {
    let mut model = super::fixtures::inviting(crate::base::Environment::Sandbox).0;
    press(&mut model, Action::PasteAddress);
    hit(&mut model, KeyCode::Char('?'));
    assert!(matches!(model.overlay, Some(Overlay::Entry(_))));
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("> ?"), "{shown}");
}

#[test]
fn a_key_that_types_nothing_helps_in_a_text_field_and_nothing_typed_is_lost() {
    let mut model = bound(full(), &[("everywhere.help", &["F1"])]);
    press(&mut model, Action::Palette);
    type_text(&mut model, "forg");
    hit(&mut model, KeyCode::F(1));
    let shown = text(&draw(&model, 80, 40));
    assert!(shown.contains("'abc"), "how to filter: {shown}");
    hit(&mut model, KeyCode::Esc);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("> forg"), "{shown}");
}

#[test]
fn what_is_bound_to_no_key_stands_there_without_one() {
    let mut model = bound(full(), &[("users.forget", &[])]);
    hit(&mut model, KeyCode::Char('?'));
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("—           forget user"), "{shown}");
}

#[test]
fn a_paste_over_it_goes_nowhere() {
    let mut model = over_stored();
    let event = Event::Paste("q".into());
    let msg = crate::tui::runtime::translate(&model, event).unwrap();
    send(&mut model, msg);
    assert!(matches!(model.overlay, Some(Overlay::Help { .. })));
}
