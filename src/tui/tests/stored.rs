//! The page that says what is stored.

use rstest::rstest;

use super::fixtures::{draw, full, generation, model, named, press, problem, send, text};
use crate::base::Environment;
use crate::tui::Start;
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::workspace::{Kept, SlotKind, VaultFile};

pub(super) fn kept(slots: &[SlotKind]) -> Kept {
    let file = |name: &str, bytes| VaultFile {
        path: format!("/home/you/.local/share/bunq-tui/{name}").into(),
        mode: 0o600,
        bytes,
    };
    Kept {
        store: Some("/home/you/.local/share/bunq-tui/sandbox.db".into()),
        slots: slots.to_vec(),
        files: if slots.is_empty() {
            Vec::new()
        } else {
            vec![
                file("sandbox.db", 122_880),
                file("sandbox.db-wal", 4_152),
                file("sandbox.db.slots", 612),
            ]
        },
    }
}

fn opened(mut model: Model, kept: Kept) -> Model {
    let effects = press(&mut model, Action::Stored);
    let msg = Msg::StoredLooked {
        generation: generation(&effects).unwrap(),
        result: Ok(kept),
    };
    assert_eq!(send(&mut model, msg), []);
    model
}

/// The page of a store that opens with this or a passphrase.
pub(super) fn shown(kind: SlotKind) -> Model {
    let mut model = full();
    press(&mut model, Action::Go(Screen::Setup));
    opened(model, kept(&[kind, SlotKind::Passphrase]))
}

/// The same at its end, on the least terminal.
pub(super) fn at_the_end() -> Model {
    let mut model = shown(SlotKind::KeyFile);
    model.size = (40, 12);
    press(&mut model, Action::Last);
    model
}

pub(super) fn nothing() -> Model {
    let mut model = model(&Start::First);
    press(&mut model, Action::Next);
    opened(model, kept(&[]))
}

#[rstest]
#[case(40, 12)]
#[case(80, 24)]
#[case(120, 40)]
fn all_of_it_can_be_read_by_scrolling(#[case] width: u16, #[case] height: u16) {
    let mut model = shown(SlotKind::Keyring);
    model.size = (width, height);
    let mut seen = String::new();
    let mut last = String::new();
    loop {
        let now = text(&draw(&model, width, height));
        seen.push_str(&now);
        if now == last {
            break;
        }
        last = now;
        press(&mut model, Action::Down);
    }
    let words = [
        "sandbox.db.slots",
        "0600",
        "your unlocked",
        "passphrase",
        "root",
        "state.toml",
    ];
    for word in words {
        assert!(seen.contains(word), "{word}: {seen}");
    }
    // One key up is seen at once, also from the end.
    press(&mut model, Action::Last);
    let end = text(&draw(&model, width, height));
    press(&mut model, Action::Up);
    assert_eq!(end == text(&draw(&model, width, height)), height == 40);
    press(&mut model, Action::Stored);
    assert!(model.overlay.is_none());
}

#[test]
fn it_is_about_what_is_chosen_on_setup_and_what_is_open_elsewhere() {
    let mut model = full();
    press(&mut model, Action::Go(Screen::Setup));
    press(&mut model, Action::Next);
    for (screen, environment) in [
        (Screen::Setup, Environment::Production),
        (Screen::Doctor, Environment::Sandbox),
    ] {
        press(&mut model, Action::Go(screen));
        let effects = press(&mut model, Action::Stored);
        let [Effect::LookAtStored { profile, .. }] = &effects[..] else {
            panic!("{effects:?}");
        };
        assert_eq!(*profile, named(environment));
        press(&mut model, Action::Stored);
    }
}

#[test]
fn late_looks_are_dropped_and_failures_told() {
    let mut model = full();
    let asked = generation(&press(&mut model, Action::Stored)).unwrap();
    let looked = |generation, result| Msg::StoredLooked { generation, result };
    send(
        &mut model,
        looked(asked - 1, Ok(kept(&[SlotKind::KeyFile]))),
    );
    assert!(text(&draw(&model, 80, 24)).contains("Looking at what is stored"));
    send(&mut model, looked(asked, Err(problem())));
    assert!(text(&draw(&model, 80, 24)).contains(&problem().what));
}
