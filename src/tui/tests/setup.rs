//! What update makes of the messages on Setup.

use rstest::rstest;

use super::fixtures::{
    EPOCH, connected, draw, failed_connect, failed_setup, generation, listed, model, open, opened,
    press, problem, profile, provider, read, running, send, some_accounts, some_users, text,
    type_text,
};
use crate::base::{Environment, Secret, UserNumber};
use crate::tui::Start;
use crate::tui::app::{Effect, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::overlay::Overlay;
use crate::tui::screen::users::Focus;
use crate::tui::screen::{connect, setup};
use crate::workspace::{Lock, ProviderChoice, Psd2Roles, Stage, StoreKey};

#[test]
fn one_key_sets_up_and_goes_on_to_the_accounts() {
    let mut model = model(&Start::First);
    assert!(send(&mut model, Msg::Started).is_empty());
    let effects = press(&mut model, Action::SetUp);
    let [Effect::OpenDemo { generation }] = effects[..] else {
        panic!("{effects:?}");
    };
    let fresh = opened(Environment::Demo, Stage::Fresh, Vec::new());
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Opened {
            generation,
            result: Ok(Box::new(fresh)),
        }),
    );
    let [
        Effect::RunSetup {
            generation,
            choice: Some(ProviderChoice::NewPsd2Provider(Psd2Roles::Both)),
        },
    ] = effects[..]
    else {
        panic!("{effects:?}");
    };
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Finished {
            generation,
            result: Ok(provider()),
        }),
    );
    let [Effect::BeginConnect { generation }] = effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(model.screen, Screen::Connect);
    send(
        &mut model,
        Msg::Connect(connect::Msg::Redirected {
            generation,
            result: Ok(()),
        }),
    );
    assert!(model.connect.is_exchanging());
    let effects = send(
        &mut model,
        Msg::Connect(connect::Msg::Exchanged {
            epoch: EPOCH,
            generation,
            result: Ok(connected(1)),
        }),
    );
    assert_eq!(model.screen, Screen::Users);
    assert_eq!(model.users.focus, Focus::Accounts);
    let user = UserNumber(1);
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::ReadAccounts { user: of, .. } if *of == user))
    );
}

#[test]
fn the_demo_opens_by_itself_and_runs_only_when_asked() {
    let (mut model, effects) = open(
        &Start::Demo,
        opened(Environment::Demo, Stage::Fresh, Vec::new()),
    );
    assert!(effects.is_empty());
    assert!(matches!(
        press(&mut model, Action::SetUp)[..],
        [Effect::RunSetup { .. }]
    ));
    // Pressed while it is still opening, the key is not lost.
    let mut model = super::fixtures::model(&Start::Demo);
    let generation = generation(&send(&mut model, Msg::Started)).unwrap();
    assert!(press(&mut model, Action::SetUp).is_empty());
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Opened {
            generation,
            result: Ok(Box::new(opened(
                Environment::Demo,
                Stage::Fresh,
                Vec::new(),
            ))),
        }),
    );
    assert!(matches!(effects[..], [Effect::RunSetup { .. }]));
}

#[rstest]
#[case(Stage::Ready, true, Screen::Users)]
#[case(Stage::Ready, false, Screen::Connect)]
#[case(Stage::Unfinished, false, Screen::Setup)]
#[case(Stage::Fresh, false, Screen::Setup)]
fn a_profile_opens_where_it_stands(
    #[case] stage: Stage,
    #[case] users: bool,
    #[case] screen: Screen,
) {
    let users = if users { some_users() } else { Vec::new() };
    let (model, effects) = open(
        &profile(Environment::Sandbox),
        opened(Environment::Sandbox, stage, users),
    );
    assert_eq!(model.screen, screen);
    let resumes = effects
        .iter()
        .any(|effect| matches!(effect, Effect::RunSetup { choice: None, .. }));
    assert_eq!(resumes, stage == Stage::Unfinished);
    let kept = effects
        .iter()
        .any(|effect| matches!(effect, Effect::KeepLastUsed(last) if last.profile == "sandbox"));
    assert!(kept, "{effects:?}");
}

#[rstest]
#[case(Lock::Absent, true, "file")]
#[case(Lock::Locked { keyring: false, passphrase: true, key_file: true }, true, "file")]
#[case(Lock::Locked { keyring: false, passphrase: true, key_file: false }, true, "ask")]
#[case(Lock::Locked { keyring: false, passphrase: true, key_file: true }, false, "ask")]
#[case(Lock::Locked { keyring: false, passphrase: false, key_file: true }, false, "fail")]
#[case(Lock::Absent, false, "choose")]
fn how_a_store_is_opened(#[case] lock: Lock, #[case] file: bool, #[case] how: &str) {
    let mut model = model(&profile(Environment::Sandbox));
    model.facts.key_file = file.then(|| "key".into());
    let generation = generation(&send(&mut model, Msg::Started)).unwrap();
    press(&mut model, Action::SetUp);
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Inspected {
            generation,
            result: Ok(lock),
        }),
    );
    let opens = matches!(
        &effects[..],
        [Effect::OpenStore {
            key: StoreKey::File(_),
            ..
        }]
    );
    assert_eq!(opens, how == "file", "{effects:?}");
    assert_eq!(
        matches!(model.overlay, Some(Overlay::Entry(_))),
        how == "ask"
    );
    let chooses = matches!(model.overlay, Some(Overlay::Locking(_)));
    assert_eq!(chooses, how == "choose");
    let failed = matches!(model.setup.phase, setup::Phase::Failed(_));
    assert_eq!(failed, how == "fail");
}

#[test]
fn a_new_passphrase_is_typed_twice_and_never_shown() {
    let mut model = model(&profile(Environment::Sandbox));
    let generation = generation(&send(&mut model, Msg::Started)).unwrap();
    press(&mut model, Action::SetUp);
    send(
        &mut model,
        Msg::Setup(setup::Msg::Inspected {
            generation,
            result: Ok(Lock::Absent),
        }),
    );
    press(&mut model, Action::Down);
    press(&mut model, Action::Submit);
    type_text(&mut model, "canary-1234");
    let shown = text(&draw(&model, 80, 24));
    assert!(
        !shown.contains("canary") && shown.contains("•••••••••••"),
        "{shown}"
    );
    assert!(!format!("{model:?}").contains("canary"));
    assert!(press(&mut model, Action::Submit).is_empty());
    type_text(&mut model, "something else");
    assert!(press(&mut model, Action::Submit).is_empty());
    assert!(text(&draw(&model, 80, 24)).contains("differ"));
    for _ in 0..2 {
        type_text(&mut model, "canary-1234");
        let effects = press(&mut model, Action::Submit);
        if let [
            Effect::OpenStore {
                key: StoreKey::Passphrase(typed),
                ..
            },
        ] = &effects[..]
        {
            assert_eq!(*typed, Secret::new("canary-1234"));
            assert!(!format!("{effects:?}").contains("canary"));
            return;
        }
    }
    panic!("the store was not opened");
}

#[test]
fn a_wrong_passphrase_is_asked_for_again() {
    let mut model = model(&profile(Environment::Sandbox));
    let first = generation(&send(&mut model, Msg::Started)).unwrap();
    send(
        &mut model,
        Msg::Setup(setup::Msg::Inspected {
            generation: first,
            result: Ok(Lock::Locked {
                keyring: false,
                passphrase: true,
                key_file: false,
            }),
        }),
    );
    type_text(&mut model, "wrong");
    let second = generation(&press(&mut model, Action::Submit)).unwrap();
    send(
        &mut model,
        Msg::Setup(setup::Msg::Opened {
            generation: second,
            result: Err(problem()),
        }),
    );
    assert!(model.is_typing());
    assert!(text(&draw(&model, 80, 24)).contains(&problem().what));
}

#[test]
fn a_failed_step_is_tried_again_from_there() {
    let mut model = failed_setup();
    let effects = press(&mut model, Action::Retry);
    assert!(matches!(
        effects[..],
        [Effect::RunSetup {
            choice: Some(ProviderChoice::NewPsd2Provider(Psd2Roles::Both)),
            ..
        }]
    ));
    assert!(text(&draw(&model, 80, 24)).contains("✓ Key pair"));
}

#[test]
fn late_answers_change_nothing() {
    let (model, current) = running();
    for generation in [0, current - 1, current + 1] {
        let mut model = model.clone();
        let effects = send(
            &mut model,
            Msg::Setup(setup::Msg::Finished {
                generation,
                result: Ok(provider()),
            }),
        );
        assert!(effects.is_empty());
        assert_eq!(model.setup.phase, setup::Phase::Running);
    }
    let (mut model, generation) = listed();
    press(&mut model, Action::FocusNext);
    press(&mut model, Action::Refresh);
    read(&mut model, generation + 7, Ok(some_accounts()));
    assert!(text(&draw(&model, 120, 40)).contains("Reading the accounts"));
}

#[test]
fn trying_again_runs_no_other_profile_than_the_one_shown() {
    let mut model = model(&Start::First);
    let opening = generation(&press(&mut model, Action::SetUp)).unwrap();
    let fresh = opened(Environment::Demo, Stage::Fresh, Vec::new());
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Opened {
            generation: opening,
            result: Ok(Box::new(fresh)),
        }),
    );
    send(
        &mut model,
        Msg::Setup(setup::Msg::Finished {
            generation: generation(&effects).unwrap(),
            result: Err(problem()),
        }),
    );
    press(&mut model, Action::Next);
    assert_eq!(model.setup.environment(), Environment::Sandbox);
    let opening = generation(&press(&mut model, Action::SetUp)).unwrap();
    send(
        &mut model,
        Msg::Setup(setup::Msg::Inspected {
            generation: opening,
            result: Err(problem()),
        }),
    );
    let effects = press(&mut model, Action::Retry);
    assert!(
        matches!(&effects[..], [Effect::InspectStore { profile, .. }]
            if profile.environment == Environment::Sandbox),
        "{effects:?}"
    );
}

#[test]
fn a_further_setup_that_fails_leaves_what_was_ready() {
    let mut model = failed_connect();
    press(&mut model, Action::Go(Screen::Setup));
    let effects = press(&mut model, Action::SetUp);
    let [
        Effect::RunSetup {
            generation,
            choice: None,
        },
    ] = effects[..]
    else {
        panic!("{effects:?}");
    };
    assert!(press(&mut model, Action::Connect).is_empty(), "it runs");
    send(
        &mut model,
        Msg::Setup(setup::Msg::Finished {
            generation,
            result: Err(problem()),
        }),
    );
    assert!(model.data.is_ready());
    assert!(matches!(
        press(&mut model.clone(), Action::Retry)[..],
        [Effect::RunSetup { choice: None, .. }]
    ));
    assert!(matches!(
        press(&mut model, Action::Connect)[..],
        [Effect::BeginConnect { .. }]
    ));
}
