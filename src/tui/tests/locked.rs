//! The lock: what it clears, what holds it up, and the way back.

use std::time::Duration;

use rstest::rstest;

use super::fixtures::{
    draw, full, generation, inviting, listed, model, named, only, open, opened, press, problem,
    profile, read, running, send, some_accounts, some_users, text, type_text,
};
use super::requests::logged;
use crate::base::{Environment, Secret, UserNumber};
use crate::tui::Start;
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::{Action, Binding, TABLE};
use crate::tui::overlay::Overlay;
use crate::tui::screen::locked::locks_when_idle;
use crate::tui::screen::{connect, setup, users};
use crate::workspace::{Lock, SlotKind, Stage, StoreKey};

/// Users with accounts, in a store that was opened with this and has these.
fn opened_with(kind: SlotKind, lock: Lock) -> Model {
    let mut model = full();
    model.facts.key_file = (kind == SlotKind::KeyFile).then(|| "key".into());
    model.setup.opened_with = Some((lock, kind));
    model
}

/// The same, locked.
pub(super) fn locked(kind: SlotKind, lock: Lock) -> Model {
    let mut model = opened_with(kind, lock);
    assert!(matches!(
        press(&mut model, Action::Lock)[..],
        [Effect::Lock { .. }]
    ));
    model
}

/// Locked by itself, with a passphrase to fall back to.
pub(super) fn by_itself() -> Model {
    let mut model = opened_with(SlotKind::Keyring, keyring_and_passphrase());
    assert!(matches!(
        send(&mut model, Msg::Idled)[..],
        [Effect::Lock { .. }]
    ));
    model
}

pub(super) fn keyring_and_passphrase() -> Lock {
    Lock::Locked {
        keyring: true,
        passphrase: true,
        key_file: false,
    }
}

/// Locked, and the keyring is being waited for.
pub(super) fn waiting() -> Model {
    let mut model = by_itself();
    unlock(&mut model, keyring_and_passphrase());
    model
}

/// Locked, and the keyring said no.
pub(super) fn denied() -> Model {
    let mut model = by_itself();
    let (generation, _) = unlock(&mut model, keyring_and_passphrase());
    send(
        &mut model,
        Msg::Setup(setup::Msg::Opened {
            generation,
            result: Err(problem()),
        }),
    );
    model
}

/// A login waits, and L was pressed.
pub(super) fn asked() -> Model {
    let (mut model, _) = inviting(Environment::Sandbox);
    assert_eq!(press(&mut model, Action::Lock), []);
    model
}

/// Enter, and the look at the lock; gives back what opens it.
fn unlock(model: &mut Model, lock: Lock) -> (u64, StoreKey) {
    let effects = press(model, Action::Unlock);
    let inspecting = generation(&effects).unwrap();
    let effects = send(
        model,
        Msg::Setup(setup::Msg::Inspected {
            generation: inspecting,
            result: Ok(lock),
        }),
    );
    match &effects[..] {
        [
            Effect::OpenStore {
                generation,
                profile,
                key,
            },
        ] => {
            assert_eq!(*profile, named(Environment::Sandbox));
            (*generation, key.clone())
        }
        _ => panic!("{effects:?}"),
    }
}

fn open_again(model: &mut Model, generation: u64) -> Vec<Effect> {
    let opened = opened(Environment::Sandbox, Stage::Ready, some_users());
    send(
        model,
        Msg::Setup(setup::Msg::Opened {
            generation,
            result: Ok(Box::new(opened)),
        }),
    )
}

#[test]
fn nothing_of_the_accounts_stays_in_the_model_or_on_the_screen() {
    let mut model = full();
    model.log = logged().log;
    model.say("Wouter de Vries is connected as user 1.");
    let before = format!("{model:?}");
    let told = |model: &Model| {
        let shown = text(&draw(model, 120, 40));
        format!("{model:?}{shown}")
    };
    let account = &some_accounts().rows[0];
    let canaries = [
        account.description.as_str().to_owned(),
        some_users()[1].name.as_str().to_owned(),
        "test+0b3c8f24@bunq.com".into(),
        "/v1/installation".into(),
        "is connected as".into(),
    ];
    for canary in &canaries {
        assert!(before.contains(canary.as_str()), "{canary}: {before}");
    }
    press(&mut model, Action::Lock);
    for canary in &canaries {
        let after = told(&model);
        assert!(!after.contains(canary.as_str()), "{canary}: {after}");
    }
    assert!(told(&model).contains("The profile of sandbox"));
}

#[test]
fn answers_that_come_after_the_lock_are_dropped() {
    let (mut model, reading) = listed();
    press(&mut model, Action::Lock);
    let before = format!("{:?}", model.data);
    read(&mut model, reading, Ok(some_accounts()));
    for generation in 1..20 {
        send(
            &mut model,
            Msg::Users(users::Msg::Listed {
                generation,
                result: Ok(some_users()),
            }),
        );
        send(
            &mut model,
            Msg::Users(users::Msg::AccountsRecalled {
                epoch: generation,
                user: UserNumber(1),
                result: Ok(Some(some_accounts())),
            }),
        );
    }
    assert_eq!(before, format!("{:?}", model.data));
}

#[rstest]
#[case(SlotKind::KeyFile, StoreKey::File("key".into()))]
#[case(SlotKind::Keyring, StoreKey::Keyring)]
fn one_key_opens_it_as_before_and_leads_back(
    #[case] kind: SlotKind,
    #[case] key: StoreKey,
    #[values(Screen::Users, Screen::Log, Screen::Doctor, Screen::Setup)] screen: Screen,
) {
    // All that it has is no reason to take another.
    let lock = Lock::Locked {
        keyring: true,
        passphrase: true,
        key_file: true,
    };
    let mut model = opened_with(kind, lock.clone());
    press(&mut model, Action::Go(screen));
    press(&mut model, Action::Lock);
    assert!(model.overlay.is_none());
    let (generation, with) = unlock(&mut model, lock);
    assert_eq!(with, key);
    let effects = open_again(&mut model, generation);
    assert!(model.locked.is_none());
    assert_eq!(model.screen, screen);
    assert_eq!(model.data.users, some_users());
    let connects = |effect: &Effect| matches!(effect, Effect::BeginConnect { .. });
    assert!(!effects.iter().any(connects), "{effects:?}");
    // What opened it again opens it the next time too.
    press(&mut model, Action::Lock);
    assert_eq!(model.locked.unwrap().with, kind);
}

#[test]
fn a_passphrase_is_asked_for_at_once_and_again_when_it_is_wrong() {
    let mut model = locked(SlotKind::Passphrase, only(SlotKind::Passphrase));
    assert!(model.is_typing());
    type_text(&mut model, "canary-1234");
    let effects = press(&mut model, Action::Submit);
    let [
        Effect::OpenStore {
            generation, key, ..
        },
    ] = &effects[..]
    else {
        panic!("{effects:?}");
    };
    assert_eq!(*key, StoreKey::Passphrase(Secret::new("canary-1234")));
    send(
        &mut model,
        Msg::Setup(setup::Msg::Opened {
            generation: *generation,
            result: Err(problem()),
        }),
    );
    assert!(model.is_typing());
    assert!(text(&draw(&model, 80, 24)).contains(&problem().what));
    press(&mut model, Action::Back);
    assert!(model.locked.is_some() && model.overlay.is_none());
    press(&mut model, Action::Unlock);
    type_text(&mut model, "the right one");
    let generation = super::fixtures::generation(&press(&mut model, Action::Submit)).unwrap();
    open_again(&mut model, generation);
    assert_eq!(model.screen, Screen::Users);
    assert!(model.locked.is_none() && model.overlay.is_none());
}

#[test]
fn the_keyring_is_never_left_for_the_passphrase_unasked() {
    let mut model = denied();
    assert!(model.overlay.is_none());
    let shown = text(&draw(&model, 80, 24));
    for words in [
        "✗ The bank cannot be reached",
        "Enter  tries again",
        "p  types its passphrase instead",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    press(&mut model, Action::TypePassphrase);
    assert!(model.is_typing());
    type_text(&mut model, "the passphrase");
    let generation = generation(&press(&mut model, Action::Submit)).unwrap();
    open_again(&mut model, generation);
    assert!(model.locked.is_none());
}

#[test]
fn waiting_for_the_keyring_can_be_left() {
    let mut model = waiting();
    assert!(model.wants_ticks());
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("Waiting for the keyring"), "{shown}");
    let late = model.setup.generation;
    let effects = press(&mut model, Action::Cancel);
    assert!(matches!(effects[..], [Effect::StopOpening { .. }]));
    assert!(!model.wants_ticks());
    assert_eq!(open_again(&mut model, late), []);
    assert!(model.locked.is_some());
}

#[test]
fn what_keys_mean_elsewhere_they_do_not_mean_here() {
    let model = by_itself();
    // Which theme is drawn with tells nothing of what is locked.
    let others = |binding: &&Binding| binding.action != Action::NextTheme;
    for binding in TABLE.iter().filter(others) {
        let mut model = model.clone();
        let effects = press(&mut model, binding.action);
        assert!(model.locked.is_some(), "{binding:?}");
        let harmless = |effect: &Effect| {
            matches!(
                effect,
                Effect::Leave
                    | Effect::Suspend
                    | Effect::InspectStore { .. }
                    | Effect::CaptureMouse(_)
            )
        };
        assert!(effects.iter().all(harmless), "{binding:?}: {effects:?}");
    }
}

#[rstest]
#[case("demo", "nothing to lock")]
#[case("first", "Nothing is open")]
#[case("setup", "The setup is under way")]
#[case("exchange", "The last user is being stored")]
#[case("locked", "It is locked already")]
fn what_is_not_locked_and_why(#[case] state: &str, #[case] words: &str) {
    let mut model = match state {
        "demo" => {
            open(
                &Start::Demo,
                opened(Environment::Demo, Stage::Ready, some_users()),
            )
            .0
        }
        "first" => model(&Start::First),
        "setup" => {
            let (mut model, _) = open(
                &profile(Environment::Sandbox),
                opened(Environment::Sandbox, Stage::Unfinished, Vec::new()),
            );
            model.size = (80, 24);
            model
        }
        "exchange" => super::connect::exchanging(),
        _ => by_itself(),
    };
    assert!(!locks_when_idle(&model));
    assert_eq!(send(&mut model, Msg::Idled), []);
    assert_eq!(press(&mut model, Action::Lock), []);
    let said = model.status.clone().unwrap().text;
    assert!(said.contains(words), "{said}");
    // The built-in bank's setup is the demo's.
    assert!(!locks_when_idle(&running().0));
}

#[test]
fn a_login_that_waits_is_ended_only_when_asked() {
    let mut model = asked();
    assert!(!locks_when_idle(&model));
    assert!(model.locked.is_none());
    assert!(matches!(model.overlay, Some(Overlay::Confirm(_))));
    // No is the default.
    let mut no = model.clone();
    assert_eq!(press(&mut no, Action::Submit), []);
    assert!(no.locked.is_none() && no.connect.is_waiting());
    let effects = press(&mut model, Action::Yes);
    assert!(matches!(effects[..], [Effect::Lock { .. }]));
    assert!(model.locked.is_some() && !model.connect.is_active());
}

#[test]
fn a_login_that_ended_meanwhile_is_not_cut_off() {
    let (mut model, generation) = inviting(Environment::Sandbox);
    press(&mut model, Action::Lock);
    send(
        &mut model,
        Msg::Connect(connect::Msg::Redirected {
            generation,
            result: Ok(()),
        }),
    );
    assert_eq!(press(&mut model, Action::Yes), []);
    assert!(model.locked.is_none() && model.connect.is_exchanging());
}

#[rstest]
#[case(Action::Help)]
#[case(Action::Forget)]
#[case(Action::Profiles)]
fn whatever_lies_over_the_screen_goes(#[case] over: Action) {
    let mut model = full();
    press(&mut model, over);
    assert!(model.overlay.is_some());
    assert!(matches!(
        press(&mut model, Action::Lock)[..],
        [Effect::Lock { .. }]
    ));
    assert!(model.overlay.is_none());
}

#[test]
fn the_idle_time_is_told() {
    let mut model = full();
    model.facts.lock_after = Some(Duration::from_secs(15 * 60));
    send(&mut model, Msg::Idled);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("for 15 min"), "{shown}");
    assert!(!shown.contains("3 Users"), "{shown}");
}

#[test]
fn a_store_that_is_gone_is_not_waited_for() {
    let mut model = by_itself();
    let generation = generation(&press(&mut model, Action::Unlock)).unwrap();
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Inspected {
            generation,
            result: Ok(Lock::Absent),
        }),
    );
    assert_eq!(effects, []);
    assert!(model.locked.is_none() && model.overlay.is_none());
    assert_eq!(model.screen, Screen::Setup);
}
