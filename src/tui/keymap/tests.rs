//! The table, and what a person may and may not make of it.

use std::collections::{BTreeMap, HashSet};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rstest::rstest;

use super::Chord::{Alt, Char, Code, Ctrl};
use super::*;

fn overrides(bound: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    bound
        .iter()
        .map(|(name, keys)| {
            let keys = keys.iter().map(|key| (*key).to_owned()).collect();
            ((*name).to_owned(), keys)
        })
        .collect()
}

fn bound(bound: &[(&str, &[&str])]) -> Keymap {
    Keymap::new(&overrides(bound)).unwrap()
}

/// What is wrong with them, a line each.
fn wrong(bound: &[(&str, &[&str])]) -> Vec<String> {
    let problems = Keymap::new(&overrides(bound)).expect_err("something is wrong with them");
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn the_defaults_mean_one_thing_each_and_can_be_written_back() {
    let keymap = Keymap::default();
    let mut problems = Vec::new();
    problem::find(keymap.rows(), &mut problems);
    assert_eq!(problems, []);
    let all: BTreeMap<_, _> = keymap
        .listing()
        .filter(|(name, ..)| name != "everywhere.interrupt")
        .map(|(name, keys, _)| (name, keys))
        .collect();
    let again = Keymap::new(&all).unwrap();
    assert!(keymap.listing().eq(again.listing()));
}

#[test]
fn names_are_unique_and_stay() {
    let names: Vec<String> = TABLE.iter().map(Binding::name).collect();
    let unique: HashSet<&String> = names.iter().collect();
    assert_eq!(unique.len(), names.len());
    // A config somewhere has them: a name that changes here breaks it.
    insta::assert_snapshot!("names", names.join("\n"));
}

#[test]
fn every_default_key_is_read_back_as_it_is_written() {
    for row in TABLE {
        for chord in row.keys.iter() {
            assert_eq!(Chord::parse(&chord.word()), Ok(*chord), "{}", row.name());
        }
    }
}

#[rstest]
#[case("a", Char('a'))]
#[case("A", Char('A'))]
#[case("é", Char('é'))]
#[case("-", Char('-'))]
#[case("F", Char('F'))]
#[case("space", Char(' '))]
#[case("Ctrl-x", Ctrl('x'))]
#[case("ctrl-X", Ctrl('x'))]
#[case("CTRL+X", Ctrl('x'))]
#[case("Alt-x", Alt('x'))]
#[case("alt-X", Alt('X'))]
#[case("Alt--", Alt('-'))]
#[case("ENTER", Code(KeyCode::Enter))]
#[case("esc", Code(KeyCode::Esc))]
#[case("Tab", Code(KeyCode::Tab))]
#[case("shift-tab", Code(KeyCode::BackTab))]
#[case("pageup", Code(KeyCode::PageUp))]
#[case("PgDn", Code(KeyCode::PageDown))]
#[case("Home", Code(KeyCode::Home))]
#[case("delete", Code(KeyCode::Delete))]
#[case("f1", Code(KeyCode::F(1)))]
#[case("F12", Code(KeyCode::F(12)))]
fn keys_are_written_in_words(#[case] text: &str, #[case] chord: Chord) {
    assert_eq!(Chord::parse(text), Ok(chord));
    assert_eq!(Chord::parse(&chord.word()), Ok(chord));
}

#[rstest]
#[case("", "no key is called so")]
#[case("hyper", "no key is called so")]
#[case("\u{7}", "no character")]
#[case("Ctrl-i", "Tab")]
#[case("Ctrl-M", "Enter")]
#[case("ctrl-[", "Esc")]
#[case("Ctrl-1", "one letter")]
#[case("Ctrl-xx", "one letter")]
#[case("Ctrl-", "one letter")]
#[case("Alt-Enter", "one character")]
#[case("Alt-[", "begin other keys")]
#[case("Shift-a", "a capital is written")]
#[case("F0", "F1 to F12")]
#[case("F13", "F1 to F12")]
fn what_no_key_can_be_says_why(#[case] text: &str, #[case] why: &str) {
    let said = Chord::parse(text).unwrap_err();
    assert!(said.contains(why), "{said}");
}

#[test]
fn another_key_acts_and_the_old_one_does_not() {
    let keymap = bound(&[("users.refresh", &["F5", "Ctrl-r"])]);
    let users = [Context::Users, Context::Everywhere];
    for chord in [Code(KeyCode::F(5)), Ctrl('r')] {
        let row = keymap.find(&users, chord).unwrap();
        assert_eq!(row.action, Action::Refresh);
    }
    assert!(keymap.find(&users, Char('R')).is_none());
    let doctor = keymap.find(&[Context::Doctor], Char('R'));
    assert!(doctor.is_some(), "it was bound on Users only");
    assert_eq!(keymap.key(Context::Users, Action::Refresh), "F5");
    assert_eq!(
        keymap.spell("{users.refresh} or {doctor.refresh}."),
        "F5 or R."
    );
}

#[test]
fn what_is_bound_to_no_key_is_done_by_the_palette() {
    let keymap = bound(&[("users.refresh", &[])]);
    assert!(keymap.find(&[Context::Users], Char('R')).is_none());
    assert_eq!(keymap.key(Context::Users, Action::Refresh), ":refresh");
    let keymap = bound(&[("users.refresh", &[]), ("everywhere.palette", &[])]);
    assert_eq!(
        keymap.key(Context::Users, Action::Refresh),
        "(refresh, without a key)"
    );
}

#[test]
fn two_keys_may_be_exchanged() {
    let keymap = bound(&[
        ("connect.open-browser", &["c"]),
        ("connect.copy-address", &["o"]),
    ]);
    let row = keymap.find(&[Context::Connect], Char('c')).unwrap();
    assert_eq!(row.action, Action::OpenBrowser);
}

#[test]
fn help_and_leave_may_move() {
    let keymap = bound(&[
        ("everywhere.help", &["F1"]),
        ("everywhere.leave", &["Ctrl-q"]),
    ]);
    assert_eq!(keymap.key(Context::Everywhere, Action::Help), "F1");
}

#[rstest]
#[case("users.refesh", Some("users.refresh"))]
#[case("user.refresh", Some("users.refresh"))]
#[case("Users.Refresh", Some("users.refresh"))]
#[case("refresh", Some("users.refresh"))]
#[case("setup.setup", Some("setup.set-up"))]
#[case("everywhere.go-user", Some("everywhere.go-users"))]
#[case("bananas", None)]
fn a_name_that_is_none_tells_the_nearest(#[case] name: &str, #[case] nearest: Option<&str>) {
    let problems = Keymap::new(&overrides(&[(name, &["F5"])])).unwrap_err();
    let [KeymapProblem::UnknownName { nearest: found, .. }] = problems.as_slice() else {
        panic!("{problems:?}");
    };
    assert_eq!(found.as_deref(), nearest);
}

#[test]
fn every_mistake_is_told_and_all_at_once() {
    let told = wrong(&[
        ("connect.cancel", &["Ctrl-["]),
        ("connect.retry", &["o"]),
        ("entry.submit", &["x"]),
        ("everywhere.help", &[]),
        ("everywhere.interrupt", &["F9"]),
        ("everywhere.leave", &["Ctrl-c"]),
        ("log.enter", &["n"]),
        ("stored.down", &["L"]),
        ("users.refesh", &["F5"]),
    ]);
    insta::assert_snapshot!("mistakes", told.join("\n"));
}

#[rstest]
#[case("help.help")]
#[case("confirm.no")]
#[case("profiles.back")]
#[case("stored.stored")]
#[case("entry.back")]
#[case("entry.submit")]
#[case("palette.back")]
#[case("everywhere.leave")]
fn nobody_is_left_without_a_way_out(#[case] name: &str) {
    let problems = Keymap::new(&overrides(&[(name, &[])])).unwrap_err();
    let needed = KeymapProblem::Needed { name: name.into() };
    assert_eq!(problems, [needed]);
}

#[test]
fn a_key_of_everywhere_may_not_take_one_of_a_screen() {
    let told = wrong(&[("everywhere.connect", &["R"])]);
    assert_eq!(
        told,
        [
            "`R` is bound to `users.refresh` and to `everywhere.connect`, which acts there too",
            "`R` is bound to `payments.refresh` and to `everywhere.connect`, which acts there too",
            "`R` is bound to `doctor.refresh` and to `everywhere.connect`, which acts there too",
        ]
    );
    // Over a list of profiles nobody connects.
    let keymap = Keymap::new(&overrides(&[("profiles.back", &["n"])]));
    assert!(keymap.is_ok());
}

#[test]
fn the_same_key_twice_is_no_conflict_with_itself() {
    let keymap = bound(&[("users.refresh", &["F5", "f5"])]);
    let row = keymap.find(&[Context::Users], Code(KeyCode::F(5))).unwrap();
    assert_eq!(row.keys.len(), 1);
}

#[test]
fn capitals_however_the_terminal_sends_them() {
    let shifted = KeyEvent::new(KeyCode::Char('r'), KeyModifiers::SHIFT);
    let capital = KeyEvent::new(KeyCode::Char('R'), KeyModifiers::NONE);
    assert_eq!(Chord::of(shifted), Some(Char('R')));
    assert_eq!(Chord::of(capital), Some(Char('R')));
}

#[test]
fn alt_is_a_key_of_its_own() {
    let alt = KeyEvent::new(KeyCode::Char('x'), KeyModifiers::ALT);
    assert_eq!(Chord::of(alt), Some(Alt('x')));
    let both = KeyModifiers::ALT | KeyModifiers::CONTROL;
    assert_eq!(Chord::of(KeyEvent::new(KeyCode::Char('x'), both)), None);
    assert_eq!(
        Chord::of(KeyEvent::new(KeyCode::Enter, KeyModifiers::ALT)),
        None
    );
}
