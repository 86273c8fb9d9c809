//! What opens a new store, and what else opens one whose keyring fails.

use rstest::rstest;

use super::fixtures::{draw, generation, model, only, press, profile, send, text, type_text};
use super::locked::keyring_and_passphrase;
use crate::base::{Environment, Exit, Problem};
use crate::tui::app::{Effect, Model, Msg};
use crate::tui::keymap::Action;
use crate::tui::overlay::Overlay;
use crate::tui::screen::setup;
use crate::workspace::{Lock, SlotKind, StoreKey};

fn no_keyring() -> Problem {
    Problem::new("The keyring cannot be used here", Exit::NotReady)
        .because("no program answers as the Secret Service")
        .next("Start one.")
}

/// The chosen profile's store was looked at, after a key that sets up where one was pressed.
fn inspected(lock: Lock, set_up: bool) -> (Model, Vec<Effect>) {
    let mut model = model(&profile(Environment::Sandbox));
    let generation = generation(&send(&mut model, Msg::Started)).unwrap();
    if set_up {
        press(&mut model, Action::SetUp);
    }
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Inspected {
            generation,
            result: Ok(lock),
        }),
    );
    (model, effects)
}

/// There is no store, and it is asked what shall open it; the keyring is being looked for.
pub(super) fn looking() -> (Model, u64) {
    let (model, effects) = inspected(Lock::Absent, true);
    let [Effect::ProbeKeyring { generation }] = effects[..] else {
        panic!("{effects:?}");
    };
    (model, generation)
}

/// The keyring was tried.
pub(super) fn probed(works: bool) -> Model {
    let (mut model, generation) = looking();
    let result = if works { Ok(()) } else { Err(no_keyring()) };
    let msg = Msg::KeyringProbed { generation, result };
    assert_eq!(send(&mut model, msg), []);
    model
}

/// The keyring is being waited for at the start.
pub(super) fn opening() -> Model {
    inspected(keyring_and_passphrase(), false).0
}

/// It failed, and there is a passphrase.
pub(super) fn failed() -> Model {
    let (mut model, effects) = inspected(keyring_and_passphrase(), false);
    fail(&mut model, &effects);
    model
}

fn fail(model: &mut Model, effects: &[Effect]) {
    let generation = generation(effects).unwrap();
    send(
        model,
        Msg::Setup(setup::Msg::Opened {
            generation,
            result: Err(no_keyring()),
        }),
    );
}

/// A new passphrase is being typed.
pub(super) fn typing(typed: &str) -> Model {
    let mut model = probed(false);
    assert_eq!(press(&mut model, Action::Submit), []);
    type_text(&mut model, typed);
    model
}

#[test]
fn the_keyring_comes_first_and_is_chosen_where_it_works() {
    let (mut model, generation) = looking();
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("Looking for the keyring…"), "{shown}");
    assert_eq!(press(&mut model, Action::Submit), []);
    assert!(matches!(model.overlay, Some(Overlay::Locking(_))));
    for late in [generation - 1, generation + 1] {
        send(
            &mut model,
            Msg::KeyringProbed {
                generation: late,
                result: Err(no_keyring()),
            },
        );
    }
    assert!(text(&draw(&model, 80, 24)).contains("▸ the keyring"));
    let mut model = probed(true);
    let effects = press(&mut model, Action::Submit);
    assert!(
        matches!(
            &effects[..],
            [Effect::OpenStore {
                key: StoreKey::Keyring,
                ..
            }]
        ),
        "{effects:?}"
    );
    assert!(model.overlay.is_none());
}

#[test]
fn where_the_keyring_does_not_work_its_reason_stands_there() {
    let mut model = probed(false);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("▸ a passphrase"), "{shown}");
    press(&mut model, Action::Up);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("▸ the keyring"), "{shown}");
    assert!(shown.contains("o program answers"), "{shown}");
    assert_eq!(press(&mut model, Action::Submit), []);
    assert!(matches!(model.overlay, Some(Overlay::Locking(_))));
}

#[test]
fn a_key_file_is_told_in_words() {
    let mut model = probed(true);
    press(&mut model, Action::Down);
    press(&mut model, Action::Down);
    for size in [(40, 12), (80, 24)] {
        let shown = text(&draw(&model, size.0, size.1));
        for words in ["(umask 077; openssl rand -hex 32 >", "--key-file FILE"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
    }
    assert_eq!(press(&mut model, Action::Submit), []);
    assert!(matches!(model.overlay, Some(Overlay::Locking(_))));
}

#[test]
fn the_strength_is_told_as_it_is_typed_and_only_hints() {
    for size in [(40, 12), (80, 24)] {
        let shown = |model: &Model| text(&draw(model, size.0, size.1));
        assert!(!shown(&typing("")).contains('□'));
        let weak = shown(&typing("password"));
        assert!(weak.contains("□□□□"), "{weak}");
        let strong = shown(&typing("plank otter seventeen violet harbour"));
        assert!(strong.contains("■■■■"), "{strong}");
        for shown in [weak, strong] {
            assert!(shown.contains("> ••••••••"), "{shown}");
            assert!(shown.contains("guesses"), "{shown}");
        }
    }
    let mut model = typing("password");
    assert_eq!(press(&mut model, Action::Submit), []);
    assert!(text(&draw(&model, 80, 24)).contains("The same passphrase again"));
}

#[rstest]
#[case(only(SlotKind::Keyring), false)]
#[case(keyring_and_passphrase(), true)]
#[case(Lock::Locked { keyring: true, passphrase: true, key_file: true }, true)]
fn a_store_opens_by_its_keyring_and_nothing_else_unasked(
    #[case] lock: Lock,
    #[case] passphrase: bool,
) {
    let (mut model, effects) = inspected(lock.clone(), false);
    assert!(
        matches!(
            &effects[..],
            [Effect::OpenStore {
                key: StoreKey::Keyring,
                ..
            }]
        ),
        "{effects:?}"
    );
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("Waiting for the keyring"), "{shown}");
    fail(&mut model, &effects);
    assert!(model.overlay.is_none());
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("o program answers"), "{shown}");
    assert_eq!(shown.contains("p  types its passphrase"), passphrase);
    let file = lock.has(SlotKind::KeyFile);
    assert_eq!(shown.contains("--key-file"), file, "{shown}");
    press(&mut model, Action::TypePassphrase);
    assert_eq!(model.is_typing(), passphrase);
    // The keyring is tried again only when asked.
    model.overlay = None;
    let effects = press(&mut model, Action::Retry);
    assert!(matches!(effects[..], [Effect::InspectStore { .. }]));
}

#[test]
fn the_wait_at_the_start_can_be_left_and_begun_again() {
    let mut model = opening();
    let effects = press(&mut model, Action::Cancel);
    assert!(matches!(effects[..], [Effect::StopOpening { .. }]));
    let shown = text(&draw(&model, 80, 24));
    for words in [
        "This profile is locked",
        "s  opens it with the keyring",
        "p  types",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(matches!(
        press(&mut model, Action::SetUp)[..],
        [Effect::InspectStore { .. }]
    ));
    // Of another profile nothing is known.
    let mut model = opening();
    press(&mut model, Action::Cancel);
    press(&mut model, Action::Next);
    assert!(!text(&draw(&model, 80, 24)).contains("locked"));
}

#[test]
fn a_store_that_could_not_be_made_is_asked_for_again() {
    let mut model = probed(true);
    let effects = press(&mut model, Action::Submit);
    fail(&mut model, &effects);
    assert!(text(&draw(&model, 80, 24)).contains("o program answers"));
    let generation = generation(&press(&mut model, Action::Retry)).unwrap();
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Inspected {
            generation,
            result: Ok(Lock::Absent),
        }),
    );
    assert!(matches!(effects[..], [Effect::ProbeKeyring { .. }]));
}
