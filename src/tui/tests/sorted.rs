//! The columns that rows are sorted by, and what is exported of them.

use jiff::SignedDuration;

use super::fixtures::{draw, full, press, send, text, type_text};
use super::requests::{begins, ends, logged, waits};
use crate::base::{Method, UserNumber, WaitReason};
use crate::tui::app::{Effect, Model, Msg};
use crate::tui::keymap::Action;
use crate::tui::lists::{List, listing};

fn order(model: &Model, list: List, count: usize) -> Vec<usize> {
    let listing = listing(model, list).unwrap();
    (0..listing.shown(count))
        .map(|at| listing.place(at).unwrap())
        .collect()
}

#[test]
fn users_are_sorted_by_when_they_were_read_under_that_heading() {
    let mut model = full();
    let count = model.data.users.len();
    let mut users = model.data.users.to_vec();
    for (user, minutes) in users.iter_mut().zip([3, 1, 2, 0]) {
        user.as_of = Some(model.now - SignedDuration::from_mins(minutes));
        user.session = crate::workspace::SessionState::None;
        user.revoked_at = None;
    }
    model.data.list(users);
    model.users.users.sort_by(7);
    send(&mut model, Msg::Ticked);
    assert_eq!(order(&model, List::Users, count), [0, 2, 1, 3]);
}

#[test]
fn requests_are_sorted_by_how_long_they_waited_under_that_heading() {
    let mut model = super::fixtures::listed().0;
    let why = WaitReason::Retry;
    for (id, seconds) in [(1, 9), (2, 0), (3, 4)] {
        begins(&mut model, id, Method::Get, "/v1/user");
        if seconds > 0 {
            waits(&mut model, id, seconds, why);
        }
        let at = model.now + SignedDuration::from_secs(seconds);
        let id = crate::base::RequestId(id);
        send(
            &mut model,
            Msg::Log(crate::base::RequestEvent::Sent { id, at }),
        );
        ends(&mut model, id.0);
    }
    model.log.listing.sort_by(5);
    send(&mut model, Msg::Ticked);
    // The newest is the first of them.
    assert_eq!(order(&model, List::Log, 3), [1, 0, 2]);
}

#[test]
fn shares_are_sorted_by_what_their_headings_say() {
    let mut model = full();
    press(&mut model, Action::Charts);
    let balances = |model: &Model| -> Vec<_> {
        let accounts = model.data.accounts[&UserNumber(1)].value().unwrap();
        order(model, List::Accounts, accounts.rows.len())
            .into_iter()
            .map(|place| accounts.rows[place].balance)
            .map(|money| money.map(|money| (money.currency, money.value)))
            .collect()
    };
    let mut headings = Vec::new();
    for _ in 0..3 {
        press(&mut model, Action::Sort);
        headings.push(model.users.accounts.sort().unwrap().column);
        if headings.last() != Some(&0) {
            let mut sorted = balances(&model);
            sorted.sort();
            assert_eq!(balances(&model), sorted, "{headings:?}");
        }
    }
    assert_eq!(headings, [0, 1, 3], "the bar has no heading to sort by");
    press(&mut model, Action::Sort);
    assert_eq!(model.users.accounts.sort(), None);
    // Back to the accounts: a share is the balance there, and an IBAN is nothing here.
    model.users.accounts.sort_by(1);
    press(&mut model, Action::Charts);
    assert_eq!(model.users.accounts.sort().unwrap().column, 3);
    model.users.accounts.sort_by(1);
    press(&mut model, Action::Charts);
    assert_eq!(model.users.accounts.sort(), None);
}

/// What Enter writes.
fn written(model: &mut Model) -> crate::workspace::export::Rows {
    match &press(model, Action::Submit)[..] {
        [Effect::Export { rows, .. }] => crate::workspace::export::Rows::clone(rows),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_sorted_is_exported_as_it_is_sorted() {
    use crate::workspace::export::Rows;
    let mut model = full();
    model.users.accounts.sort_by(0);
    press(&mut model, Action::Export);
    let Rows::Accounts(accounts) = written(&mut model) else {
        panic!("no accounts");
    };
    let names: Vec<_> = accounts
        .rows
        .iter()
        .map(|row| row.description.as_str().to_lowercase())
        .collect();
    assert!(names.is_sorted(), "{names:?}");
    assert_eq!(names.len(), 5);
}

#[test]
fn an_export_never_takes_the_rows_of_another_user() {
    let mut model = full();
    press(&mut model, Action::Filter);
    type_text(&mut model, "e");
    press(&mut model, Action::Submit);
    press(&mut model, Action::Export);
    // Somebody connects meanwhile, and is selected.
    model.users.users.want(2);
    send(&mut model, Msg::Ticked);
    assert_eq!(model.users.chosen, Some(UserNumber(2)));
    assert_eq!(press(&mut model, Action::Submit), []);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("not there any more"), "{shown}");
}

#[test]
fn the_export_says_how_many_rows_there_are_by_now() {
    let mut model = logged();
    press(&mut model, Action::Export);
    let before = crate::tui::screen::log::count(&model);
    begins(&mut model, 99, Method::Get, "/v1/user");
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains(&format!("all {}", before + 1)), "{shown}");
    assert_eq!(written(&mut model).len(), before + 1);
}

#[test]
fn an_export_of_payments_says_which_they_are() {
    let mut model = super::payments::found();
    press(&mut model, Action::Submit);
    press(&mut model, Action::Export);
    let count = model.payments.rows.len();
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains(&format!("the {count} found")), "{shown}");
    assert_eq!(written(&mut model).len(), count);
}
