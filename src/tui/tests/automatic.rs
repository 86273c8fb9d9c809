//! The refresh by itself, and the question before all users are read.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::fixtures::{
    at, draw, generation, listed, now, only, open, opened, press, problem, profile, read,
    some_accounts, text, user,
};
use super::payments;
use crate::base::{Environment, UserNumber};
use crate::tui::app::{Effect, Model, Msg, Screen, update};
use crate::tui::keymap::Action;
use crate::tui::overlay::{Entry, Overlay};
use crate::tui::screen::{setup, users};
use crate::workspace::{Limits, PaymentEnd, SlotKind, Stage};

/// Users that were read at [`now`], with a refresh every five minutes.
fn watching() -> Model {
    let (mut model, reading) = listed();
    model.facts.refresh = Some(Duration::from_secs(300));
    read(&mut model, reading, Ok(some_accounts()));
    assert_eq!(model.users.chosen, Some(UserNumber(1)));
    model
}

fn later(seconds: i64) -> Timestamp {
    now()
        .checked_add(SignedDuration::from_secs(seconds))
        .unwrap()
}

fn due(model: &mut Model, seconds: i64) -> Vec<Effect> {
    update(model, Msg::Users(users::Msg::Due), later(seconds))
}

#[test]
fn the_user_that_is_shown_is_read_again_when_its_time_has_come() {
    let mut model = watching();
    assert_eq!(users::due(&model), Some(later(300)));
    assert_eq!(due(&mut model, 299), []);
    let effects = due(&mut model, 300);
    let [Effect::ReadAccounts { generation, user }] = effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(user, UserNumber(1));
    assert_eq!(users::due(&model), None, "while it is read");
    // A failure is shown, and the next try comes at the next interval.
    read(&mut model, generation, Err(problem()));
    assert_eq!(users::due(&model), Some(later(600)));
    assert!(text(&draw(&model, 120, 40)).contains("stale"));
}

#[test]
fn without_the_option_there_is_no_timer() {
    let mut model = watching();
    model.facts.refresh = None;
    assert_eq!(users::due(&model), None);
    assert_eq!(due(&mut model, 10_000), []);
}

#[test]
fn whoever_runs_through_the_rows_asks_for_nothing() {
    let mut model = watching();
    // The second one's figures are a day old.
    let mut old = some_accounts();
    old.as_of = at("2026-11-23T14:02:00Z");
    update(&mut model, Msg::Acted(Action::Down), later(0));
    let recalled = users::Msg::AccountsRecalled {
        epoch: model.data.epoch,
        user: UserNumber(2),
        result: Ok(Some(old)),
    };
    update(&mut model, Msg::Users(recalled), later(0));
    assert_eq!(users::due(&model), Some(later(10)));
    assert_eq!(due(&mut model, 9), []);
    // Back and forth begins the rest anew.
    update(&mut model, Msg::Acted(Action::Up), later(9));
    update(&mut model, Msg::Acted(Action::Down), later(9));
    assert_eq!(users::due(&model), Some(later(19)));
    let effects = due(&mut model, 19);
    let two = UserNumber(2);
    assert!(matches!(effects[..], [Effect::ReadAccounts { user, .. }] if user == two));
}

#[rstest]
#[case::another_screen(|model: &mut Model| { press(model, Action::Go(Screen::Log)); })]
#[case::typing(|model: &mut Model| model.overlay = Some(Overlay::Entry(Entry::port())))]
#[case::setting_up(|model: &mut Model| model.setup.phase = setup::Phase::Running)]
#[case::all_users(|model: &mut Model| { press(model, Action::Refresh); })]
#[case::revoked(|model: &mut Model| model.data.users.get_mut(0).unwrap().revoked_at = Some(now()))]
#[case::locked(|model: &mut Model| {
    model.setup.opened_with = Some((only(SlotKind::KeyFile), SlotKind::KeyFile));
    press(model, Action::Lock);
    assert!(model.locked.is_some());
})]
fn nothing_is_read_by_itself_while(#[case] what: fn(&mut Model)) {
    let mut model = watching();
    what(&mut model);
    assert_eq!(users::due(&model), None);
    assert_eq!(due(&mut model, 10_000), []);
}

#[test]
fn it_goes_on_where_somebody_typed_meanwhile() {
    let mut model = watching();
    model.overlay = Some(Overlay::Entry(Entry::port()));
    assert_eq!(due(&mut model, 400), []);
    model.overlay = None;
    assert_eq!(users::due(&model), Some(later(300)));
    assert!(matches!(
        due(&mut model, 401)[..],
        [Effect::ReadAccounts { .. }]
    ));
}

/// Payments that were read at [`now`], with a refresh every five minutes.
fn watching_payments() -> Model {
    let (mut model, listing, reading) = payments::opened();
    model.facts.refresh = Some(Duration::from_secs(300));
    payments::tell(&mut model, listing, payments::list(Vec::new(), 0, true));
    let effects = payments::done(&mut model, reading);
    let listing = generation(&effects).unwrap();
    payments::tell(
        &mut model,
        listing,
        payments::list(payments::lines(9_901, 10_000), 100, true),
    );
    model
}

#[test]
fn the_payments_that_are_shown_are_read_again_the_newest_alone() {
    let mut model = watching_payments();
    assert_eq!(users::due(&model), Some(later(300)));
    assert_eq!(due(&mut model, 299), []);
    let effects = due(&mut model, 300);
    let [
        Effect::ReadPayments {
            generation,
            end: PaymentEnd::Newest,
            ..
        },
    ] = effects[..]
    else {
        panic!("{effects:?}");
    };
    assert_eq!(users::due(&model), None, "while they are read");
    // A failure leaves the stored ones, and the next try comes at the next interval.
    let effects = payments::failed(&mut model, generation);
    let listing = self::generation(&effects).unwrap();
    let stored = payments::list(payments::lines(9_901, 10_000), 100, true);
    payments::tell(&mut model, listing, stored);
    assert_eq!(users::due(&model), Some(later(600)));
}

#[rstest]
#[case::another_screen(|model: &mut Model| { press(model, Action::Go(Screen::Log)); })]
#[case::no_option(|model: &mut Model| model.facts.refresh = None)]
#[case::typing(|model: &mut Model| { press(model, Action::Search); })]
#[case::revoked(|model: &mut Model| model.data.users.get_mut(0).unwrap().revoked_at = Some(now()))]
fn no_payments_are_read_by_themselves_while(#[case] what: fn(&mut Model)) {
    let mut model = watching_payments();
    what(&mut model);
    assert_eq!(users::due(&model), None);
    assert_eq!(due(&mut model, 10_000), []);
}

#[test]
fn no_account_on_payments_is_no_timer() {
    let mut model = watching();
    model.payments.of = None;
    model.screen = Screen::Payments;
    assert_eq!(users::due(&model), None);
}

/// So many users, read long ago.
fn many(count: u32) -> Model {
    let rows = (1..=count).map(|number| user(number, "Somebody")).collect();
    let (mut model, effects) = open(
        &profile(Environment::Sandbox),
        opened(Environment::Sandbox, Stage::Ready, rows),
    );
    let reading = generation(&effects).unwrap();
    read(&mut model, reading, Ok(some_accounts()));
    model
}

/// Whether to read them all is asked.
pub(super) fn asked() -> Model {
    let mut model = many(51);
    press(&mut model, Action::Refresh);
    model
}

#[test]
fn above_fifty_users_it_is_asked_first_and_no_is_marked() {
    let mut model = many(50);
    assert!(matches!(
        press(&mut model, Action::Refresh)[..],
        [Effect::RefreshAll { .. }]
    ));

    let mut model = many(51);
    model.data.users.get_mut(0).unwrap().session = crate::workspace::SessionState::Expired;
    assert_eq!(press(&mut model, Action::Refresh), []);
    let shown = text(&draw(&model, 80, 24));
    // Of 51 reads at three in 3.2 s: the table of the bank.
    assert!(
        shown.contains("Read 51 users from the bank, about 54 s?"),
        "{shown}"
    );
    assert!(shown.contains("▸ No"), "{shown}");
    assert_eq!(press(&mut model, Action::Submit), []);
    assert!(model.overlay.is_none() && !model.users.everyone.is_running());

    press(&mut model, Action::Refresh);
    assert!(matches!(
        press(&mut model, Action::Yes)[..],
        [Effect::RefreshAll { .. }]
    ));
    assert!(model.users.everyone.is_running());
}

#[test]
fn without_limits_no_time_is_promised() {
    let mut model = many(51);
    model.facts.limits = Some(Limits::Off);
    press(&mut model, Action::Refresh);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("Read 51 users from the bank?"), "{shown}");
}

#[test]
fn what_began_meanwhile_is_not_begun_twice() {
    let mut model = many(51);
    press(&mut model, Action::Refresh);
    model.setup.phase = setup::Phase::Running;
    assert_eq!(press(&mut model, Action::Yes), []);
    assert!(!model.users.everyone.is_running());
    assert_eq!(model.status.unwrap().text, "The setup is under way.");
}
