//! Bringing all users up to date.

use std::time::Duration;

use super::fixtures::{
    EPOCH, draw, full, generation, listed, named, open, opened, press, problem, profile, read,
    send, some_accounts, some_users, text, user,
};
use crate::base::{BankText, Environment, UserNumber};
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::screen::users::{self, Focus};
use crate::tui::screen::{connect, setup};
use crate::workspace::{Accounts, RefreshProgress, Refreshed, Stage, UserSummary};

/// A refresh of all users began.
fn refreshing() -> (Model, u64) {
    let (mut model, reading) = listed();
    read(&mut model, reading, Ok(some_accounts()));
    let effects = press(&mut model, Action::Refresh);
    let [Effect::RefreshAll { generation }] = effects[..] else {
        panic!("{effects:?}");
    };
    (model, generation)
}

fn progress(fresh: usize, failed: usize, user: UserSummary) -> RefreshProgress {
    RefreshProgress {
        total: 10_000,
        fresh,
        failed,
        user: Some(user),
        problem: None,
        elapsed: Duration::from_secs(60),
        to_go: Some(Duration::from_secs(6_060)),
    }
}

fn tell(model: &mut Model, generation: u64, progress: RefreshProgress) -> Vec<Effect> {
    let progress = Box::new(progress);
    send(
        model,
        Msg::Users(users::Msg::Refreshing {
            generation,
            progress,
        }),
    )
}

/// In the middle of it, one user failed.
pub(super) fn halfway() -> Model {
    let (mut model, generation) = refreshing();
    let failed = RefreshProgress {
        problem: Some(problem()),
        ..progress(97, 1, some_users().remove(2))
    };
    tell(&mut model, generation, failed);
    let mut fresh = user(2, "Bakkerij De Gouden Korst");
    fresh.accounts = Some(7);
    tell(&mut model, generation, progress(98, 1, fresh));
    model
}

/// It ended, and not all went well.
pub(super) fn ended() -> Model {
    let mut model = halfway();
    let generation = model.users.everyone.running().unwrap();
    send(
        &mut model,
        Msg::Users(users::Msg::AllRefreshed {
            generation,
            result: Ok(Refreshed {
                fresh: 2,
                failures: 1,
                failed: vec![(UserNumber(3), problem())],
                revoked: 1,
            }),
        }),
    );
    model
}

#[test]
fn it_shows_how_far_it_is() {
    let shown = text(&draw(&halfway(), 80, 24));
    for words in [
        "99 of 10000",
        "1 failed",
        "99 a minute",
        "1 h 41 min to go",
        "Esc stops",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(shown.contains("! 李小龍的帳戶"), "{shown}");
    let narrow = text(&draw(&halfway(), 40, 12));
    assert!(narrow.contains("Esc stops  1 failed"), "{narrow}");
    assert!(narrow.contains("99 of 10000"), "{narrow}");
    assert!(!halfway().wants_ticks(), "it moves by what is told");
}

#[test]
fn each_progress_changes_one_row_and_the_chosen_one_is_recalled() {
    let (mut model, generation) = refreshing();
    let mut bakery = some_users().remove(1);
    bakery.accounts = Some(9);
    assert_eq!(
        tell(&mut model, generation, progress(1, 0, bakery.clone())),
        []
    );
    let rows = [some_users(), vec![]].concat();
    assert_eq!(model.data.users[1], bakery);
    assert_eq!(model.data.users[2..], rows[2..]);
    // Only the chosen user's accounts are on the screen, and only newer ones are looked up.
    let mut zoe = some_users().remove(0);
    assert_eq!(
        tell(&mut model, generation, progress(2, 0, zoe.clone())),
        []
    );
    let later = super::fixtures::at("2026-11-24T14:05:00Z");
    zoe.as_of = Some(later);
    let recall = Effect::RecallAccounts {
        user: UserNumber(1),
    };
    assert_eq!(tell(&mut model, generation, progress(2, 0, zoe)), [recall]);
    let mut fresh = some_accounts();
    fresh.rows.truncate(1);
    send(
        &mut model,
        Msg::Users(users::Msg::AccountsRecalled {
            epoch: EPOCH,
            user: UserNumber(1),
            result: Ok(Some(Accounts {
                as_of: later,
                ..fresh.clone()
            })),
        }),
    );
    let known = model.data.accounts[&UserNumber(1)].value().unwrap();
    assert_eq!(known.rows, fresh.rows);
}

#[test]
fn a_user_that_was_refreshed_unseen_is_recalled_when_it_is_chosen() {
    let (mut model, generation) = refreshing();
    press(&mut model, Action::Down);
    let mut zoe = some_users().remove(0);
    zoe.as_of = Some(super::fixtures::at("2026-11-24T14:05:00Z"));
    assert_eq!(tell(&mut model, generation, progress(1, 0, zoe)), []);
    assert_eq!(
        press(&mut model, Action::Up),
        [Effect::RecallAccounts {
            user: UserNumber(1)
        }]
    );
}

#[test]
fn a_user_that_was_forgotten_meanwhile_does_not_come_back() {
    let (mut model, generation) = refreshing();
    send(
        &mut model,
        Msg::Users(users::Msg::Forgotten {
            epoch: EPOCH,
            user: UserNumber(2),
            result: Ok(()),
        }),
    );
    let failed = RefreshProgress {
        problem: Some(problem()),
        ..progress(0, 1, some_users().remove(1))
    };
    assert_eq!(tell(&mut model, generation, failed), []);
    assert_eq!(model.data.users.len(), 3);
    assert!(model.data.place_of(UserNumber(2)).is_none());
    assert!(!model.data.accounts.contains_key(&UserNumber(2)));
}

#[test]
fn esc_stops_it_first_and_keeps_what_came() {
    let mut model = halfway();
    let generation = model.users.everyone.running().unwrap();
    press(&mut model, Action::FocusNext);
    let effects = press(&mut model, Action::Back);
    assert!(
        matches!(effects[..], [Effect::StopRefresh, Effect::ListUsers { .. }]),
        "{effects:?}"
    );
    assert_eq!(model.users.focus, Focus::Accounts, "only that");
    let words = model.status.clone().unwrap().text;
    assert!(words.contains("98 of 10000"), "{words}");
    assert_eq!(model.data.users[1].accounts, Some(7));
    // What was on its way when it stopped.
    let before = model.data.users.clone();
    tell(&mut model, generation, progress(99, 1, user(1, "Late")));
    assert_eq!(model.data.users, before);
    send(
        &mut model,
        Msg::Users(users::Msg::AllRefreshed {
            generation,
            result: Err(problem()),
        }),
    );
    assert_eq!(model.status.clone().unwrap().text, words);
    press(&mut model, Action::Back);
    assert_eq!(model.users.focus, Focus::Users, "then back as before");
}

#[test]
fn a_second_one_says_so_and_a_pane_of_one_user_means_that_user() {
    let mut model = halfway();
    assert_eq!(press(&mut model, Action::Refresh), []);
    let words = model.status.clone().unwrap().text;
    assert!(words.contains("99 of 10000"), "{words}");
    press(&mut model, Action::FocusNext);
    assert!(matches!(
        press(&mut model, Action::Refresh)[..],
        [Effect::ReadAccounts { .. }]
    ));
}

#[test]
fn with_one_user_the_table_means_that_user() {
    let (mut model, effects) = open(
        &profile(Environment::Sandbox),
        opened(Environment::Sandbox, Stage::Ready, vec![user(1, "Zoë")]),
    );
    read(
        &mut model,
        generation(&effects).unwrap(),
        Ok(some_accounts()),
    );
    assert!(matches!(
        press(&mut model, Action::Refresh)[..],
        [Effect::ReadAccounts { .. }]
    ));
}

#[test]
fn the_end_is_told_and_its_failures_stay_in_sight() {
    let mut model = ended();
    let status = model.status.clone().unwrap();
    assert!(status.bad);
    for words in ["2 users are up to date", "1 could not be read", "1 revoked"] {
        assert!(status.text.contains(words), "{}", status.text);
    }
    let shown = text(&draw(&model, 120, 40));
    assert!(
        shown.contains("user 3: The bank cannot be reached"),
        "{shown}"
    );
    assert!(shown.contains("! 李小龍的帳戶"), "{shown}");
    press(&mut model, Action::Back);
    let shown = text(&draw(&model, 120, 40));
    assert!(!shown.contains("user 3:"), "it was read: {shown}");
    assert!(shown.contains("! 李小龍的帳戶"), "the mark stays: {shown}");
}

#[test]
fn what_concerns_all_ends_it_early() {
    let (mut model, generation) = refreshing();
    send(
        &mut model,
        Msg::Users(users::Msg::AllRefreshed {
            generation,
            result: Err(problem()),
        }),
    );
    assert!(!model.users.everyone.is_running());
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("✗ The bank cannot be reached"), "{shown}");
    assert!(shown.contains("ended early: 0 of 4"), "{shown}");
}

#[test]
fn another_profile_ends_it() {
    let (mut model, refresh) = refreshing();
    model.setup.phase = setup::Phase::Choosing;
    press(&mut model, Action::Go(Screen::Setup));
    press(&mut model, Action::Next);
    let opening = generation(&press(&mut model, Action::SetUp)).unwrap();
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Opened {
            generation: opening,
            result: Ok(Box::new(opened(
                Environment::Production,
                Stage::Ready,
                some_users(),
            ))),
        }),
    );
    assert!(effects.contains(&Effect::StopRefresh), "{effects:?}");
    assert_eq!(model.data.profile, Some(named(Environment::Production)));
    let before = model.data.users.clone();
    tell(
        &mut model,
        refresh,
        progress(1, 0, user(1, "Of the last one")),
    );
    assert_eq!(model.data.users, before);
}

#[test]
fn ten_thousand_messages_touch_one_row_each() {
    let rows: Vec<_> = (1..=10_000)
        .map(|number| user(number, "Somebody"))
        .collect();
    let (mut model, effects) = open(
        &profile(Environment::Sandbox),
        opened(Environment::Sandbox, Stage::Ready, rows),
    );
    read(
        &mut model,
        generation(&effects).unwrap(),
        Ok(some_accounts()),
    );
    assert_eq!(press(&mut model, Action::Refresh), []);
    let begun = generation(&press(&mut model, Action::Yes)).unwrap();
    let list = model.data.users.as_ptr();
    for number in 1..=10_000 {
        let fresh = usize::try_from(number).unwrap();
        let row = user(number, "Fresh");
        assert_eq!(tell(&mut model, begun, progress(fresh, 0, row)), []);
    }
    assert_eq!(
        list,
        model.data.users.as_ptr(),
        "the list was not made anew"
    );
    let fresh = BankText::from("Fresh");
    assert!(model.data.users.iter().all(|user| user.name == fresh));
    assert!(model.data.accounts.len() < 3, "nothing is kept for each");
}

#[test]
fn a_lost_token_is_told_until_somebody_connects() {
    let mut model = perhaps();
    let words = "one grant too many in the bunq app";
    for screen in [Screen::Users, Screen::Connect] {
        press(&mut model, Action::Go(screen));
        let shown = text(&draw(&model, 80, 24));
        let whole: Vec<_> = shown.split_whitespace().collect();
        assert!(whole.join(" ").contains(words), "{screen:?}: {shown}");
    }
    let begun = generation(&press(&mut model, Action::Connect)).unwrap();
    send(
        &mut model,
        Msg::Connect(connect::Msg::Exchanged {
            epoch: EPOCH,
            generation: begun,
            result: Ok(super::fixtures::connected(1)),
        }),
    );
    assert_eq!(model.data.perhaps_granted, None);
    assert!(!text(&draw(&full(), 120, 40)).contains(words));
}

/// A profile in which a code was spent and its token lost.
pub(super) fn perhaps() -> Model {
    let mut opened = opened(Environment::Sandbox, Stage::Ready, some_users());
    opened.perhaps_granted = Some(super::fixtures::at("2026-11-24T13:58:00Z"));
    open(&profile(Environment::Sandbox), opened).0
}
