//! From a key to what it does: the key map as it is, and as a person makes it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyEventState, KeyModifiers};
use proptest::prelude::*;
use rstest::rstest;

use super::fixtures::{draw, full, inviting, model, press, send, starting, text};
use super::states::states;
use crate::base::Environment;
use crate::tui::Start;
use crate::tui::app::{Effect, Model, Msg, Screen, refusal};
use crate::tui::keymap::{Action, Chord, Context, Keymap, TABLE};
use crate::tui::overlay::Overlay;
use crate::tui::runtime::translate;

/// The same with other keys.
pub(super) fn bound(mut model: Model, bound: &[(&str, &[&str])]) -> Model {
    let overrides = bound.iter().map(|(name, keys)| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        ((*name).to_owned(), keys)
    });
    model.facts.keymap = Keymap::new(&overrides.collect()).unwrap();
    model
}

/// A key is pressed.
pub(super) fn hit(model: &mut Model, code: KeyCode) -> Vec<Effect> {
    hit_with(model, code, KeyModifiers::NONE)
}

/// A key is pressed together with others.
pub(super) fn hit_with(model: &mut Model, code: KeyCode, with: KeyModifiers) -> Vec<Effect> {
    let event = Event::Key(KeyEvent::new(code, with));
    translate(model, event).map_or_else(Vec::new, |msg| send(model, msg))
}

/// What a terminal sends for a chord.
fn event(chord: Chord) -> Event {
    Event::Key(match chord {
        Chord::Char(character) => KeyEvent::from(KeyCode::Char(character)),
        Chord::Ctrl(letter) => KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL),
        Chord::Alt(character) => KeyEvent::new(KeyCode::Char(character), KeyModifiers::ALT),
        Chord::Code(code) => KeyEvent::from(code),
    })
}

#[test]
fn every_key_of_the_table_is_heard_on_its_screen() {
    let mut model = full();
    for screen in Screen::ALL {
        model.screen = screen;
        for context in [screen.context(), Context::Everywhere] {
            for row in model.facts.keymap.of_context(context) {
                for chord in row.keys.iter() {
                    let heard = translate(&model, event(*chord));
                    assert_eq!(heard, Some(Msg::Acted(row.action)), "{}", row.name());
                }
            }
        }
    }
}

#[test]
fn a_key_that_repeats_is_pressed_and_one_that_is_let_go_is_not() {
    let model = full();
    let key = |kind| {
        Event::Key(KeyEvent {
            code: KeyCode::Down,
            modifiers: KeyModifiers::NONE,
            kind,
            state: KeyEventState::NONE,
        })
    };
    let down = Some(Msg::Acted(Action::Down));
    assert_eq!(translate(&model, key(KeyEventKind::Press)), down);
    assert_eq!(translate(&model, key(KeyEventKind::Repeat)), down);
    assert_eq!(translate(&model, key(KeyEventKind::Release)), None);
}

/// A text field of each kind: one over Connect, and the palette's.
fn fields() -> [Model; 2] {
    let mut entry = inviting(Environment::Sandbox).0;
    press(&mut entry, Action::PasteAddress);
    [entry, super::palette::opened(full())]
}

#[test]
fn control_c_leaves_from_text_fields_too() {
    for mut model in fields() {
        let effects = hit_with(&mut model, KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(effects, [Effect::Leave]);
    }
}

#[test]
fn control_z_stops_from_text_fields_too() {
    for mut model in fields() {
        let effects = hit_with(&mut model, KeyCode::Char('z'), KeyModifiers::CONTROL);
        assert_eq!(effects, [Effect::Suspend]);
    }
}

#[rstest]
#[case(KeyCode::Char('p'), KeyModifiers::CONTROL)]
#[case(KeyCode::Char('x'), KeyModifiers::ALT)]
#[case(KeyCode::F(7), KeyModifiers::NONE)]
fn what_types_nothing_leaves_a_text_field_as_it_is(
    #[case] code: KeyCode,
    #[case] with: KeyModifiers,
) {
    let [mut model, _] = fields();
    hit(&mut model, KeyCode::Char('y'));
    let before = model.overlay.clone();
    assert_eq!(hit_with(&mut model, code, with), []);
    assert_eq!(model.overlay, before);
}

#[test]
fn letters_that_act_elsewhere_are_typed_in_text_fields() {
    for mut model in fields() {
        for letter in ['q', 'L', ':', '?', 'n', '1'] {
            assert_eq!(hit(&mut model, KeyCode::Char(letter)), []);
        }
        let shown = text(&draw(&model, 80, 24));
        assert!(shown.contains("> qL:?n1"), "{shown}");
    }
}

#[test]
fn a_lock_that_is_bound_to_another_key_acts_over_everything() {
    for mut model in [
        full(),
        super::palette::opened(full()),
        super::help::over_stored(),
    ] {
        model = bound(model, &[("everywhere.lock", &["F9"])]);
        hit(&mut model, KeyCode::F(9));
        assert!(model.locked.is_some());
    }
}

#[test]
fn the_words_on_the_screen_follow_the_keys() {
    let keys: &[(&str, &[&str])] = &[
        ("everywhere.connect", &["F2"]),
        ("everywhere.go-setup", &["F3"]),
        ("setup.set-up", &["F4"]),
        ("connect.cancel", &["F5"]),
        ("everywhere.go-users", &["F6"]),
        ("users.refresh", &["F7"]),
    ];
    let mut idle = bound(starting(Environment::Sandbox).0, keys);
    hit(&mut idle, KeyCode::F(5));
    let shown = text(&draw(&idle, 120, 40));
    assert!(shown.contains("F2 makes a new one"), "the status: {shown}");
    assert!(shown.contains("F2  shows a QR code"), "the screen: {shown}");
    assert!(shown.contains("F2 connect a user"), "the hints: {shown}");
    assert!(shown.contains("F3 Setup"), "the tabs: {shown}");

    let mut first = bound(model(&Start::First), keys);
    hit(&mut first, KeyCode::F(7));
    let shown = text(&draw(&first, 120, 40));
    assert!(
        shown.contains("F7 (refresh) acts on Users: press F6 first."),
        "{shown}"
    );
    hit(&mut first, KeyCode::F(6));
    let shown = text(&draw(&first, 120, 40));
    assert!(
        shown.contains("F3  shows the setup; F4 there runs it"),
        "{shown}"
    );
    hit(&mut first, KeyCode::F(2));
    let shown = text(&draw(&first, 120, 40));
    assert!(
        shown.contains("Set up first: F3 shows the setup, F4 runs it."),
        "{shown}"
    );
}

#[test]
fn the_old_key_says_that_it_does_nothing() {
    let mut model = bound(full(), &[("users.forget", &["F8"])]);
    hit(&mut model, KeyCode::Char('x'));
    assert!(model.overlay.is_none());
    let status = model.status.unwrap().text;
    assert_eq!(status, "x does nothing here. ? lists the keys.");
}

#[test]
fn a_key_with_alt_says_that_it_does_nothing() {
    let mut model = full();
    hit_with(&mut model, KeyCode::Char('x'), KeyModifiers::ALT);
    let status = model.status.unwrap().text;
    assert_eq!(status, "Alt-x does nothing here. ? lists the keys.");
}

#[test]
fn an_action_that_is_bound_to_no_key_is_no_hint() {
    let model = bound(full(), &[("users.refresh", &[])]);
    let shown = text(&draw(&model, 120, 40));
    let hints = shown.lines().last().unwrap();
    assert!(!hints.contains("refresh"), "{hints}");
}

#[test]
fn the_most_important_action_stands_beside_the_help() {
    let narrow = text(&draw(&inviting(Environment::Demo).0, 40, 12));
    let hints = narrow.lines().last().unwrap();
    assert_eq!(hints.trim(), "Enter approve as the phone   ? help");
}

#[test]
fn no_screen_is_too_narrow_for_its_most_important_action() {
    for (name, model) in states() {
        // Where the key of the help is typed it is no hint.
        if model.overlay.is_some() || model.is_typing() {
            continue;
        }
        let contexts = model.contexts();
        let first = model
            .facts
            .keymap
            .rows()
            .iter()
            .filter(|row| row.rank > 0 && contexts.contains(&row.context))
            .filter(|row| row.action != Action::Help && refusal(&model, row.action).is_none())
            .min_by_key(|row| (row.rank, row.context == Context::Everywhere));
        let (key, word) = first.map_or_else(Default::default, |row| {
            let word = row.label.split(' ').next().unwrap();
            (row.key().unwrap(), word)
        });
        for (width, height) in [(40, 12), (60, 16), (80, 24)] {
            let shown = text(&draw(&model, width, height));
            let hints = shown.lines().last().unwrap().trim();
            assert!(
                hints.starts_with(&format!("{key} {word}")),
                "{name}: {hints}"
            );
            assert!(hints.ends_with("? help"), "{name}: {hints}");
        }
    }
}

/// Whether words name a binding where its key should stand.
fn is_unspelled(words: &str) -> bool {
    let names = words.split('{').skip(1).filter_map(|rest| {
        let (name, _) = rest.split_once('}')?;
        Some(name)
    });
    let mut names = names.filter(|name| name.contains('.'));
    names.any(|name| {
        name.chars()
            .all(|c| c.is_ascii_lowercase() || ".-".contains(c))
    })
}

#[test]
fn keys_in_words_are_spelled_wherever_they_are_said() {
    assert!(is_unspelled("so: {users.refresh} reads"));
    for (name, model) in STATES.iter() {
        let shown = text(&draw(model, 120, 40));
        assert!(!is_unspelled(&shown), "{name}: {shown}");
        let pasted = Msg::Pasted(crate::base::Secret::new("x"));
        let acted = TABLE.iter().map(|row| Msg::Acted(row.action));
        let missed = ['R', 'ß'].map(|letter| Msg::Missed(Chord::Char(letter)));
        for msg in acted.chain(missed).chain([pasted]) {
            let mut model = model.clone();
            send(&mut model, msg.clone());
            let said = model.status.map(|status| status.text).unwrap_or_default();
            assert!(!is_unspelled(&said), "{name}, {msg:?}: {said}");
        }
    }
}

#[test]
fn what_lies_over_a_screen_names_its_own_way_out() {
    let mut model = bound(full(), &[("stored.stored", &["F2"])]);
    press(&mut model, Action::Stored);
    hit(&mut model, KeyCode::F(7));
    let status = model.status.clone().unwrap().text;
    assert_eq!(status, "F7 does nothing here. F2 closes this first.");
    hit(&mut model, KeyCode::F(2));
    assert!(model.overlay.is_none());
}

fn any_code() -> impl Strategy<Value = KeyCode> {
    let named = prop::sample::select(vec![
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::Insert,
        KeyCode::Null,
        KeyCode::Menu,
    ]);
    let letters = prop::char::range(' ', '~').prop_map(KeyCode::Char);
    let character = any::<char>().prop_map(KeyCode::Char);
    let function = any::<u8>().prop_map(KeyCode::F);
    prop_oneof![4 => letters, 3 => named, 1 => character, 1 => function]
}

fn any_key() -> impl Strategy<Value = KeyEvent> {
    let with = prop_oneof![6 => Just(0_u8), 2 => 0..8_u8, 1 => any::<u8>()];
    let kind = prop::sample::select(vec![KeyEventKind::Press, KeyEventKind::Repeat]);
    (any_code(), with, kind).prop_map(|(code, with, kind)| KeyEvent {
        code,
        modifiers: KeyModifiers::from_bits_truncate(with),
        kind,
        state: KeyEventState::NONE,
    })
}

pub(super) static STATES: LazyLock<Vec<(&str, Model)>> = LazyLock::new(states);

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_keys_are_survived_in_every_state(
        place in any::<prop::sample::Index>(),
        keys in prop::collection::vec(any_key(), 0..40),
        size in (30..130_u16, 8..45_u16),
    ) {
        let (_, mut model) = STATES[place.index(STATES.len())].clone();
        send(&mut model, Msg::Resized(size.0, size.1));
        for key in keys {
            if let Some(msg) = translate(&model, Event::Key(key))
                && send(&mut model, msg).contains(&Effect::Leave)
            {
                break;
            }
            if let Some(Overlay::Help { under: Some(under), .. }) = &model.overlay {
                let help = matches!(**under, Overlay::Help { .. });
                prop_assert!(!help, "help over help");
            }
        }
        draw(&model, size.0, size.1);
    }

    #[test]
    fn any_overrides_are_taken_or_refused(
        rows in prop::collection::vec((any::<prop::sample::Index>(), prop::collection::vec("[a-zA-Z?:]|Ctrl-[a-z\\[]|Alt-[a-z]|F[0-9]{1,2}|Enter|Esc|\\PC{0,4}", 0..3)), 0..6),
        names in prop::collection::vec("[a-z.-]{0,12}", 0..2),
    ) {
        let defaults = Keymap::default();
        let all = defaults.rows();
        let mut overrides: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (place, keys) in rows {
            overrides.insert(all[place.index(all.len())].name(), keys);
        }
        for name in names {
            overrides.insert(name, Vec::new());
        }
        match Keymap::new(&overrides) {
            Err(problems) => prop_assert!(!problems.is_empty()),
            Ok(keymap) => {
                // Whatever was bound, help and the way out are there.
                for (context, action) in [
                    (Context::Everywhere, Action::Help),
                    (Context::Everywhere, Action::Leave),
                    (Context::Confirm, Action::No),
                ] {
                    let row = keymap.of_context(context).find(|row| row.action == action);
                    prop_assert!(row.is_some_and(|row| !row.keys.is_empty()));
                }
                for row in keymap.rows() {
                    for chord in row.keys.iter() {
                        let found = keymap.find(&[row.context], *chord).map(|found| found.action);
                        prop_assert_eq!(found, Some(row.action));
                    }
                }
            }
        }
    }
}
