//! A bank that has forgotten us: one key sets up anew, wherever it shows.

use rstest::rstest;

use super::fixtures::{
    draw, full, generation, inviting, listed, model, open, opened, press, problem, profile,
    provider, read, send, some_users, starting, step_is, text,
};
use crate::base::{Environment, Exit, Problem, Remedy};
use crate::tui::Start;
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::screen::{connect, setup, users};
use crate::workspace::{Stage, Step, StepState};

pub(super) fn forgotten() -> Problem {
    Problem::new("The bank has forgotten us", Exit::Refused)
        .because("it no longer knows our installation, though it worked before")
        .next("Set up anew; the old figures stay as history.")
        .remedied_by(Remedy::SetUpAnew)
}

/// The bank has forgotten us, as Connect found.
pub(super) fn on_connect() -> Model {
    let (mut model, generation) = starting(Environment::Sandbox);
    send(
        &mut model,
        Msg::Connect(connect::Msg::Invited {
            generation,
            result: Err(forgotten()),
        }),
    );
    model
}

/// As Users found.
pub(super) fn on_users() -> Model {
    let (mut model, generation) = listed();
    read(&mut model, generation, Err(forgotten()));
    model
}

fn on_setup() -> Model {
    let (mut model, effects) = open(
        &profile(Environment::Sandbox),
        opened(Environment::Sandbox, Stage::Unfinished, Vec::new()),
    );
    send(
        &mut model,
        Msg::Setup(setup::Msg::Finished {
            generation: generation(&effects[1..]).unwrap(),
            result: Err(forgotten()),
        }),
    );
    model
}

fn on_everyone() -> Model {
    let (mut model, reading) = listed();
    read(&mut model, reading, Err(problem()));
    let begun = generation(&press(&mut model, Action::Refresh)).unwrap();
    send(
        &mut model,
        Msg::Users(users::Msg::AllRefreshed {
            generation: begun,
            result: Err(forgotten()),
        }),
    );
    model
}

/// The question is asked.
pub(super) fn asked() -> Model {
    let mut model = on_users();
    press(&mut model, Action::SetUpAnew);
    model
}

#[rstest]
#[case(on_connect())]
#[case(on_users())]
#[case(on_setup())]
#[case(on_everyone())]
fn it_is_offered_where_it_shows_and_asks_first(#[case] mut model: Model) {
    for (width, height) in [(80, 24), (120, 40)] {
        let shown = text(&draw(&model, width, height));
        assert!(shown.contains("a  sets up anew"), "{shown}");
        assert!(shown.contains("a set up anew"), "{shown}");
    }
    assert_eq!(press(&mut model, Action::SetUpAnew), []);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("old figures stay as history"), "{shown}");
    // The marked answer is No.
    assert_eq!(press(&mut model.clone(), Action::Submit), []);
    let effects = press(&mut model, Action::Yes);
    assert!(
        matches!(effects.last(), Some(Effect::SetUpAnew { .. })),
        "{effects:?}"
    );
    assert_eq!(model.screen, Screen::Setup);
    assert_eq!(model.setup.phase, setup::Phase::Running);
}

#[test]
fn it_runs_the_checklist_and_goes_on_to_connect() {
    let mut model = asked();
    let generation = generation(&press(&mut model, Action::Yes)).unwrap();
    step_is(
        &mut model,
        generation,
        Step::KeyPair,
        StepState::Done { took: None },
    );
    assert!(text(&draw(&model, 80, 24)).contains("✓ Key pair"));
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Finished {
            generation,
            result: Ok(provider()),
        }),
    );
    // The users are history by now.
    assert!(
        matches!(
            effects[..],
            [Effect::ListUsers { .. }, Effect::BeginConnect { .. }]
        ),
        "{effects:?}"
    );
    assert_eq!(model.data.users, some_users());
    assert!(!press(&mut model, Action::SetUpAnew).iter().any(|_| true));
    assert!(model.status.unwrap().text.contains("The bank knows us"));
}

#[test]
fn what_failed_goes_on_where_it_stands() {
    let mut model = asked();
    let first = generation(&press(&mut model, Action::Yes)).unwrap();
    let fail = |model: &mut Model, generation| {
        send(
            model,
            Msg::Setup(setup::Msg::Finished {
                generation,
                result: Err(problem()),
            }),
        )
    };
    fail(&mut model, first);
    assert!(matches!(
        press(&mut model.clone(), Action::SetUp)[..],
        [Effect::SetUpAnew { .. }]
    ));
    let effects = press(&mut model, Action::Retry);
    let [Effect::SetUpAnew { generation: second }] = effects[..] else {
        panic!("{effects:?}");
    };
    step_is(
        &mut model,
        second,
        Step::KeyPair,
        StepState::Done { took: None },
    );
    // An answer to the first one comes too late.
    fail(&mut model, first);
    assert_eq!(model.setup.phase, setup::Phase::Running);
    fail(&mut model, second);
    assert!(matches!(
        press(&mut model, Action::Retry)[..],
        [Effect::RunSetup { choice: None, .. }]
    ));
}

#[test]
fn it_takes_the_place_of_what_runs() {
    let mut model = on_users();
    press(&mut model, Action::Refresh);
    let (other, _) = inviting(Environment::Sandbox);
    model.connect = other.connect;
    press(&mut model, Action::SetUpAnew);
    let effects = press(&mut model, Action::Yes);
    assert!(
        matches!(
            effects[..],
            [
                Effect::StopRefresh,
                Effect::CancelConnect,
                Effect::SetUpAnew { .. }
            ]
        ),
        "{effects:?}"
    );
}

#[test]
fn without_such_a_problem_or_while_something_runs_it_says_why_not() {
    let first = model(&Start::First);
    for (mut model, why) in [(full(), "knows us"), (first, "Nothing is set up yet")] {
        assert_eq!(press(&mut model, Action::SetUpAnew), []);
        assert!(model.overlay.is_none());
        assert!(model.status.unwrap().text.contains(why));
    }
    let mut model = asked();
    model.setup.phase = setup::Phase::Running;
    assert_eq!(press(&mut model, Action::Yes), [], "it began meanwhile");
    assert!(model.status.unwrap().text.contains("under way"));
}

#[test]
fn a_grant_that_is_gone_is_connected_again_with_n() {
    let (mut model, generation) = listed();
    let gone = Problem::new("The grant of user 1 is gone", Exit::Refused)
        .next("n connects the user again.")
        .remedied_by(Remedy::ConnectAgain);
    read(&mut model, generation, Err(gone));
    assert!(matches!(
        press(&mut model, Action::Connect)[..],
        [Effect::BeginConnect { .. }]
    ));
}
