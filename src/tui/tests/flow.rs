//! What update makes of messages, as tables.

use rstest::rstest;

use super::fixtures::{
    ADDRESS, at, connected, draw, failed_connect, failed_setup, full, generation, inviting, listed,
    model, open, opened, press, problem, profile, provider, read, running, send, some_accounts,
    some_users, text,
};
use crate::base::{Environment, Secret, UserNumber};
use crate::tui::Start;
use crate::tui::app::{Effect, Keystroke, Model, Msg, Screen, Unlock, update};
use crate::tui::keymap::{Action, Chord};
use crate::tui::overlay::Overlay;
use crate::tui::screen::users::{About, Focus};
use crate::tui::screen::{connect, setup, users};
use crate::workspace::{Accounts, Lock, ProviderChoice, Stage};

fn type_text(model: &mut Model, typed: &str) {
    for character in typed.chars() {
        let key = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char(character));
        send(model, Msg::Typed(Keystroke(key)));
    }
}

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
            choice: Some(ProviderChoice::NewPsd2Provider),
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
#[case(Lock::Locked { passphrase: true, key_file: true }, true, "file")]
#[case(Lock::Locked { passphrase: true, key_file: false }, true, "ask")]
#[case(Lock::Locked { passphrase: true, key_file: true }, false, "ask")]
#[case(Lock::Locked { passphrase: false, key_file: true }, false, "fail")]
#[case(Lock::Absent, false, "ask")]
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
            key: Unlock::File(_),
            ..
        }]
    );
    assert_eq!(opens, how == "file", "{effects:?}");
    assert_eq!(
        matches!(model.overlay, Some(Overlay::Entry(_))),
        how == "ask"
    );
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
                key: Unlock::Passphrase(typed),
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
            choice: Some(ProviderChoice::NewPsd2Provider),
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
    press(&mut model, Action::Refresh);
    read(&mut model, generation + 7, Ok(some_accounts()));
    assert!(text(&draw(&model, 120, 40)).contains("Reading the accounts"));
}

#[test]
fn cancelling_drops_the_flow_and_its_answers() {
    let (mut model, generation) = inviting(Environment::Sandbox);
    let effects = press(&mut model, Action::Cancel);
    assert_eq!(effects, [Effect::CancelConnect]);
    send(
        &mut model,
        Msg::Connect(connect::Msg::Redirected {
            generation,
            result: Err(problem()),
        }),
    );
    assert!(!model.connect.is_active());
    assert!(matches!(
        press(&mut model, Action::Connect)[..],
        [Effect::BeginConnect { .. }]
    ));
}

#[rstest]
#[case(Action::Leave)]
#[case(Action::Interrupt)]
fn leaving_waits_for_an_exchange(#[case] action: Action) {
    let (mut model, generation) = inviting(Environment::Sandbox);
    assert_eq!(press(&mut model.clone(), action), [Effect::Leave]);
    send(
        &mut model,
        Msg::Connect(connect::Msg::Redirected {
            generation,
            result: Ok(()),
        }),
    );
    assert!(press(&mut model, action).is_empty());
    assert!(model.status.is_some());
    assert_eq!(
        press(&mut model.clone(), Action::Interrupt),
        [Effect::Leave]
    );
    let effects = send(
        &mut model,
        Msg::Connect(connect::Msg::Exchanged {
            generation,
            result: Ok(connected(1)),
        }),
    );
    assert_eq!(effects, [Effect::Leave]);
}

#[test]
fn only_the_demo_approves() {
    let (mut model, _) = inviting(Environment::Demo);
    let effects = press(&mut model, Action::Approve);
    assert!(
        matches!(&effects[..], [Effect::Approve { authorize_url, .. }] if authorize_url.expose() == ADDRESS)
    );
    assert!(
        press(&mut model, Action::Approve).is_empty(),
        "once is enough"
    );
    let (mut model, _) = inviting(Environment::Production);
    assert!(press(&mut model, Action::Approve).is_empty());
    assert!(model.status.unwrap().text.contains("Only the demo"));
}

#[test]
fn a_paste_on_connect_is_the_address_and_elsewhere_nothing() {
    let (mut model, _) = inviting(Environment::Sandbox);
    let pasted = Secret::new(" http://localhost:8000/callback?code=abc&state=x\u{1b}[31m\n");
    let effects = send(&mut model, Msg::Pasted(pasted.clone()));
    assert!(
        matches!(&effects[..], [Effect::SubmitAddress { address, .. }]
            if address.expose() == "http://localhost:8000/callback?code=abc&state=x[31m"),
        "{effects:?}"
    );
    assert!(!format!("{effects:?}").contains("abc"));
    press(&mut model, Action::Go(Screen::Users));
    assert!(send(&mut model, Msg::Pasted(pasted)).is_empty());
}

#[test]
fn another_port_after_a_taken_one() {
    let mut model = failed_connect();
    press(&mut model, Action::ChangePort);
    type_text(&mut model, "80");
    assert!(press(&mut model, Action::Submit).is_empty());
    type_text(&mut model, "80");
    let effects = press(&mut model, Action::Submit);
    let [
        Effect::ChangePort {
            generation,
            port: 8080,
        },
    ] = effects[..]
    else {
        panic!("{effects:?}");
    };
    let effects = send(
        &mut model,
        Msg::Connect(connect::Msg::PortChanged {
            generation,
            result: Ok(()),
        }),
    );
    assert!(matches!(effects[..], [Effect::BeginConnect { .. }]));
}

#[test]
fn the_page_is_asked_after_a_minute_and_ticks_only_then() {
    let (mut model, _) = inviting(Environment::Sandbox);
    assert!(model.wants_ticks());
    update(&mut model, Msg::Ticked, at("2026-11-24T14:02:59Z"));
    assert!(!text(&draw(&model, 80, 40)).contains("What does the page say"));
    update(&mut model, Msg::Ticked, at("2026-11-24T14:03:00Z"));
    assert!(text(&draw(&model, 80, 40)).contains("What does the page say"));
    press(&mut model, Action::Go(Screen::Log));
    assert!(!model.wants_ticks(), "nothing counts on the log");
    assert!(!full().wants_ticks());
}

#[test]
fn over_ssh_the_way_back_is_told() {
    let (mut model, _) = inviting(Environment::Sandbox);
    model.facts.over_ssh = true;
    assert!(text(&draw(&model, 120, 40)).contains("ssh -L 8000:localhost:8000"));
    assert!(press(&mut model, Action::OpenBrowser).is_empty());
}

#[test]
fn a_failed_refresh_leaves_the_figures_marked() {
    let mut model = full();
    let effects = press(&mut model, Action::Refresh);
    let generation = generation(&effects).unwrap();
    read(&mut model, generation, Err(problem()));
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("4118.00"), "{shown}");
    assert!(
        shown.contains("stale") && shown.contains("The bank cannot be reached"),
        "{shown}"
    );
}

#[test]
fn the_selection_stays_on_its_row_through_a_refresh() {
    let (mut model, generation) = listed();
    press(&mut model, Action::Down);
    press(&mut model, Action::Down);
    read(&mut model, generation, Ok(some_accounts()));
    let mut rows = some_users();
    rows.remove(0);
    let listing = model.users.listing;
    send(
        &mut model,
        Msg::Users(users::Msg::Listed {
            generation: listing,
            result: Ok(rows),
        }),
    );
    assert_eq!(model.users.chosen, Some(UserNumber(3)));
    assert_eq!(model.users.users.at, 1);
}

#[test]
fn moving_recalls_and_entering_reads_the_profile() {
    let (mut model, _) = listed();
    let effects = press(&mut model, Action::Down);
    assert_eq!(
        effects,
        [Effect::RecallAccounts {
            user: UserNumber(2)
        }]
    );
    let effects = press(&mut model, Action::Enter);
    assert!(matches!(
        effects[..],
        [Effect::RecallProfile { .. }, Effect::ReadProfile { .. }]
    ));
    assert_eq!(
        (model.users.focus, model.users.about),
        (Focus::Detail, About::User)
    );
    press(&mut model, Action::Back);
    assert_eq!(model.users.focus, Focus::Users);
}

#[test]
fn forgetting_asks_and_defaults_to_no() {
    let mut model = full();
    press(&mut model, Action::Forget);
    assert!(press(&mut model, Action::Submit).is_empty());
    press(&mut model, Action::Forget);
    press(&mut model, Action::Toggle);
    let effects = press(&mut model, Action::Submit);
    assert_eq!(
        effects,
        [Effect::Forget {
            user: UserNumber(1)
        }]
    );
    send(
        &mut model,
        Msg::Users(users::Msg::Forgotten {
            user: UserNumber(1),
            result: Ok(()),
        }),
    );
    assert!(
        model
            .data
            .users
            .iter()
            .all(|user| user.number != UserNumber(1))
    );
}

#[test]
fn a_key_says_where_it_acts() {
    let mut model = model(&Start::First);
    send(&mut model, Msg::Missed(Chord::Char('x')));
    let words = model.status.clone().unwrap().text;
    assert!(words.contains("Users") && words.contains('3'), "{words}");
    send(&mut model, Msg::Missed(Chord::Char('4')));
    assert!(model.status.unwrap().text.contains("does nothing here"));
}

#[test]
fn stored_figures_show_before_fresh_ones() {
    let (mut model, generation) = listed();
    let old = Accounts {
        as_of: at("2026-11-23T09:15:00Z"),
        ..some_accounts()
    };
    send(
        &mut model,
        Msg::Users(users::Msg::AccountsRecalled {
            user: UserNumber(1),
            result: Ok(Some(old.clone())),
        }),
    );
    assert!(text(&draw(&model, 120, 40)).contains("2026-11-23 09:15, reading…"));
    read(&mut model, generation, Ok(some_accounts()));
    // A store that answers late does not bring the old figures back.
    send(
        &mut model,
        Msg::Users(users::Msg::AccountsRecalled {
            user: UserNumber(1),
            result: Ok(Some(old)),
        }),
    );
    assert!(text(&draw(&model, 120, 40)).contains("read 14:02"));
}
