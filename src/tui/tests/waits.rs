//! What waits for the bank's limits is told on every screen, for as long as it waits.

use jiff::SignedDuration;
use rstest::rstest;

use super::fixtures::{draw, full, inviting, now, press, running, text};
use super::requests::{ONE_SESSION, begins, ends, held, logged, waits};
use crate::base::{Environment, Method, WaitReason};
use crate::tui::app::{Model, Msg, Screen, update};
use crate::tui::keymap::Action;

fn seconds_later(model: &mut Model, seconds: i64) {
    let then = now() + SignedDuration::from_secs(seconds);
    update(model, Msg::Ticked, then);
}

#[rstest]
fn every_screen_says_what_waits_why_and_how_long(
    #[values((40, 12), (80, 24), (120, 40))] size: (u16, u16),
) {
    for screen in Screen::ALL {
        let mut model = held(full());
        press(&mut model, Action::Go(screen));
        // A status line takes nothing away from it.
        press(&mut model, Action::Back);
        let shown = text(&draw(&model, size.0, size.1));
        let line = shown.lines().nth(1).unwrap();
        assert!(
            line.contains("waits 12 s") && line.contains("1 more"),
            "{screen:?}: {line}"
        );
        let whole = "waits 12 s: POST session-server (bunq takes 1 in 30 s), 1 more";
        assert!(size.0 < 80 || line.contains(whole), "{line}");
    }
}

#[test]
fn a_wait_counts_down_is_over_and_then_nothing_ticks() {
    let mut model = held(full());
    assert!(model.wants_ticks());
    seconds_later(&mut model, 11);
    assert!(text(&draw(&model, 80, 24)).contains("waits 1 s: POST session-server"));
    seconds_later(&mut model, 12);
    assert!(text(&draw(&model, 80, 24)).contains("waits 5 s: GET user/42/monetary-account"));
    assert!(model.wants_ticks());
    seconds_later(&mut model, 17);
    assert!(!model.wants_ticks());
    model.screen = Screen::Log;
    let shown = text(&draw(&model, 80, 24));
    assert!(!shown.contains("waits"), "{shown}");
    // Both are on their way now.
    let sent = shown.lines().filter(|line| line.ends_with('…')).count();
    assert_eq!(sent, 2, "{shown}");
}

#[test]
fn a_request_that_ended_waits_no_more() {
    let mut model = held(full());
    ends(&mut model, 101);
    ends(&mut model, 102);
    assert!(!model.is_held() && !model.wants_ticks());
    // A wait that is told late, of a request that is over, is none.
    waits(&mut model, 101, 60, WaitReason::Retry);
    assert!(!model.is_held());
}

#[test]
fn the_log_says_it_in_the_row() {
    let shown = text(&draw(&held(logged()), 120, 40));
    let row = shown
        .lines()
        .find(|line| line.contains("/v1/session-server"))
        .unwrap();
    assert!(
        row.contains("waits 12 s") && row.contains("1 in 30 s"),
        "{row}"
    );
}

#[test]
fn what_cannot_be_seen_does_not_tick() {
    let mut model = held(full());
    model.size = (39, 12);
    assert!(!model.wants_ticks());
    let (mut model, _) = inviting(Environment::Sandbox);
    assert!(model.wants_ticks());
    press(&mut model, Action::ShowAddress);
    assert!(!model.wants_ticks(), "the address alone counts nothing");
    let (mut model, _) = running();
    begins(&mut model, 7, Method::Get, "/v1/user");
    waits(&mut model, 7, 3, ONE_SESSION);
    press(&mut model, Action::Go(Screen::Users));
    assert!(model.wants_ticks());
}
