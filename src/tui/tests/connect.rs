//! What Connect says of the bank's pace, and what it offers when it fails.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::fixtures::{
    draw, generation, invitation, inviting, now, press, problem, send, starting, text,
};
use super::requests::{ONE_SESSION, begins, ends, waits};
use crate::base::{Environment, Method, Remedy};
use crate::tui::app::{Effect, Model, Msg, update};
use crate::tui::keymap::Action;
use crate::tui::screen::connect;

fn next_session(model: &mut Model, generation: u64, at: Option<Timestamp>) {
    send(
        model,
        Msg::Connect(connect::Msg::NextSession {
            generation,
            result: Ok(at),
        }),
    );
}

/// The code is shown, and the bank takes the next session in 29 s.
pub(super) fn paced() -> Model {
    let (mut model, generation) = inviting(Environment::Sandbox);
    let at = now() + SignedDuration::from_secs(29);
    next_session(&mut model, generation, Some(at));
    model
}

/// The user has approved, and the exchange waits.
pub(super) fn exchanging() -> Model {
    let (mut model, generation) = inviting(Environment::Sandbox);
    send(
        &mut model,
        Msg::Connect(connect::Msg::Redirected {
            generation,
            result: Ok(()),
        }),
    );
    begins(&mut model, 9, Method::Post, "/v1/session-server");
    waits(&mut model, 9, 12, ONE_SESSION);
    model
}

#[test]
fn the_invitation_asks_when_the_next_session_may_be() {
    let (mut model, generation) = starting(Environment::Sandbox);
    let effects = send(
        &mut model,
        Msg::Connect(connect::Msg::Invited {
            generation,
            result: Ok(invitation()),
        }),
    );
    assert_eq!(effects, [Effect::AskNextSession { generation }]);
    assert!(!text(&draw(&model, 120, 40)).contains("next session"));
    // At 80 columns the words are shown in one pane, unbroken by another beside it.
    let shown = text(&draw(&paced(), 80, 60));
    let words: Vec<_> = shown.split_whitespace().collect();
    let words = words.join(" ");
    assert!(
        words.contains("next session at 14:02:29, in 29 s"),
        "{shown}"
    );
}

#[test]
fn what_the_bank_took_back_is_not_shown() {
    let mut model = paced();
    let later = now() + SignedDuration::from_secs(29);
    update(&mut model, Msg::Ticked, later);
    assert!(!text(&draw(&model, 80, 60)).contains("next session"));
    // Of a flow that was cancelled.
    let (mut model, last) = inviting(Environment::Sandbox);
    press(&mut model, Action::Cancel);
    let current = generation(&press(&mut model, Action::Connect)).unwrap();
    send(
        &mut model,
        Msg::Connect(connect::Msg::Invited {
            generation: current,
            result: Ok(invitation()),
        }),
    );
    next_session(&mut model, last, Some(later));
    assert!(!text(&draw(&model, 80, 60)).contains("next session"));
}

#[test]
fn an_exchange_that_waits_says_so_for_as_long() {
    let mut model = exchanging();
    let shown = text(&draw(&model, 80, 24));
    assert!(
        shown.contains("It goes on by itself in 12 s, at 14:02:12: bunq takes 1 in 30 s."),
        "{shown}"
    );
    assert!(model.wants_ticks());
    ends(&mut model, 9);
    assert!(!model.wants_ticks());
    assert!(!text(&draw(&model, 80, 24)).contains("goes on by itself"));
}

#[rstest]
#[case(Some(Remedy::OtherPort), true)]
#[case(Some(Remedy::ConnectAgain), false)]
#[case(None, false)]
fn another_port_is_offered_only_where_it_helps(
    #[case] remedy: Option<Remedy>,
    #[case] offered: bool,
) {
    let (mut model, generation) = starting(Environment::Sandbox);
    let mut failure = problem();
    failure.remedy = remedy;
    send(
        &mut model,
        Msg::Connect(connect::Msg::Invited {
            generation,
            result: Err(failure),
        }),
    );
    let shown = text(&draw(&model, 120, 40));
    assert_eq!(shown.contains("takes another port"), offered, "{shown}");
    assert_eq!(shown.contains("e other port"), offered, "{shown}");
    press(&mut model, Action::ChangePort);
    assert_eq!(model.overlay.is_some(), offered);
    assert_eq!(model.status.is_none(), offered);
}
