//! Words that name a key name the key that is bound.

use super::fixtures::{draw, full, model, press, text};
use super::keys::bound;
use super::payments::{charted, some};
use super::states::states;
use crate::tui::Start;
use crate::tui::app::{Model, Screen, refusal};
use crate::tui::keymap::Action;

/// A name in braces that was not spelled.
fn unspelled(words: &str) -> Option<&str> {
    words.split('{').skip(1).find_map(|piece| {
        let (name, _) = piece.split_once('}')?;
        let is_name = |c: char| c.is_ascii_lowercase() || c == '-' || c == '.';
        (name.contains('.') && name.chars().all(is_name)).then_some(name)
    })
}

#[test]
fn no_name_in_braces_is_left_on_a_screen_or_in_a_refusal() {
    let mut all = states();
    for (name, mut locked) in states() {
        if name == "setup_unlock" {
            press(&mut locked, Action::Go(Screen::Payments));
            all.push(("payments_locked", locked));
        }
    }
    assert_eq!(all.last().map(|(name, _)| *name), Some("payments_locked"));
    for (name, model) in all {
        assert_eq!(unspelled(&text(&draw(&model, 200, 60))), None, "{name}");
        for row in model.facts.keymap.rows() {
            let words = refusal(&model, row.action).unwrap_or_default();
            assert_eq!(unspelled(&words), None, "{name}: {:?}", row.action);
        }
    }
}

/// What is told after a key, the keys bound otherwise.
fn told(model: Model, keys: &[(&str, &[&str])], action: Action) -> String {
    let mut model = bound(model, keys);
    press(&mut model, action);
    model.status.map(|status| status.text).unwrap_or_default()
}

#[test]
fn a_key_that_was_bound_otherwise_is_named_as_it_is() {
    let keys: &[(&str, &[&str])] = &[
        ("payments.charts", &["F9"]),
        ("payments.refresh", &["F5"]),
        ("payments.read-all", &["F6"]),
        ("everywhere.hide", &["F8"]),
        ("everywhere.mouse", &["F7"]),
        ("everywhere.go-users", &["F3"]),
    ];
    for (model, action, words) in [
        (charted(), Action::Enter, "F9 shows the payments again."),
        (full(), Action::Hide, "F8 shows them again."),
        (full(), Action::Mouse, "F7 turns it on."),
    ] {
        let told = told(model, keys, action);
        assert!(told.ends_with(words), "{told}");
    }
    let shown = |model: Model| text(&draw(&bound(model, keys), 120, 40));
    assert!(shown(charted()).contains("F6 reads them all"));
    let mut none = model(&Start::First);
    press(&mut none, Action::Go(Screen::Payments));
    assert!(!shown(none).contains("3 shows"));
    let mut failed = some();
    failed.payments.rows.clear();
    assert!(!shown(failed).contains("R  tries"));
}
