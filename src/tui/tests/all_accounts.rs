//! The accounts of all users in one table.

use std::sync::Arc;

use super::finding::{look_for, type_and_arrange};
use super::fixtures::{
    draw, generation, listed, open, opened, press, problem, profile, read, send, some_accounts,
    text,
};
use super::people::{money, user};
use crate::base::{AccountId, AccountKind, Environment, Iban, UserNumber};
use crate::tui::app::{Effect, Model, Msg};
use crate::tui::keymap::Action;
use crate::tui::lists::List;
use crate::tui::screen::users::{self, AllAccounts, Collector, Focus};
use crate::workspace::{Stage, StoredAccount};

/// All accounts of all users.
pub(super) fn all_open() -> Model {
    let (mut model, generation) = listed();
    read(&mut model, generation, Ok(some_accounts()));
    open_all(&mut model, some_of_all());
    model
}

fn line(
    user: u32,
    owner: &str,
    id: u64,
    iban: &str,
    balance: &str,
) -> (u32, String, u64, String, String) {
    (user, owner.into(), id, iban.into(), balance.into())
}

fn collected(lines: impl IntoIterator<Item = (u32, String, u64, String, String)>) -> AllAccounts {
    let mut all = Collector::default();
    for (user, owner, id, iban, balance) in lines {
        all.push(&StoredAccount {
            user: UserNumber(user),
            owner: &owner.as_str().into(),
            id: AccountId(id),
            description: "Main".into(),
            iban: Iban::new(&iban),
            kind: AccountKind::Bank,
            balance: Some(money(&balance, "EUR")),
            status: "ACTIVE".into(),
        });
    }
    all.finish()
}

fn some_of_all() -> AllAccounts {
    collected([
        line(1, "Zoë Müller", 11, "NL14BUNQ2025404017", "4118.00"),
        line(1, "Zoë Müller", 12, "NL02ABNA0123456789", "1900.00"),
        line(
            2,
            "Bakkerij De Gouden Korst",
            21,
            "NL91ABNA0417164300",
            "-9.5",
        ),
        line(3, "李小龍的帳戶", 31, "NL39RABO0300065264", "100.00"),
    ])
}

/// What the store answers.
pub(super) fn some() -> Arc<AllAccounts> {
    Arc::new(some_of_all())
}

fn open_all(model: &mut Model, all: AllAccounts) {
    let effects = press(model, Action::AllAccounts);
    assert!(matches!(effects[..], [Effect::RecallAllAccounts { .. }]));
    let generation = generation(&effects).unwrap();
    let result = Ok(Arc::new(all));
    send(
        model,
        Msg::Users(users::Msg::AllAccountsRecalled { generation, result }),
    );
}

#[test]
fn six_digits_find_one_account_among_ten_thousand_users() {
    let rows = (1..=10_000)
        .map(|number| user(number, "Somebody"))
        .collect();
    let (mut model, _) = open(
        &profile(Environment::Sandbox),
        opened(Environment::Sandbox, Stage::Ready, rows),
    );
    let iban = |number: u64| format!("NL14BUNQ{:010}", number * 7_654_321 % 9_999_999_967);
    let lines = (0..30_000_u64).map(|number| {
        let user = u32::try_from(number / 3 + 1).unwrap();
        line(user, "Somebody", number, &iban(number), "10.00")
    });
    open_all(&mut model, collected(lines));
    let wanted = iban(23_456);
    press(&mut model, Action::Filter);
    type_and_arrange(&mut model, &wanted[wanted.len() - 6..]);
    press(&mut model, Action::Submit);
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("1 of 30,000"), "{shown}");
    assert!(
        shown.contains(&Iban::new(&wanted).unwrap().grouped()),
        "{shown}"
    );
    // And Enter leads to it.
    let effects = press(&mut model, Action::Enter);
    let user = UserNumber(23_456 / 3 + 1);
    assert!(
        effects.contains(&Effect::RecallAccounts { user }),
        "{effects:?}"
    );
    assert_eq!(model.users.chosen, Some(user));
    let mut accounts = some_accounts();
    accounts.rows[3].id = AccountId(23_456);
    let epoch = model.data.epoch;
    send(
        &mut model,
        Msg::Users(users::Msg::AccountsRecalled {
            epoch,
            user,
            result: Ok(Some(accounts)),
        }),
    );
    assert_eq!(model.users.accounts.selected(), Some(3));
    assert_eq!(model.users.focus, Focus::Accounts);
}

#[test]
fn escape_shows_all_rows_of_all_before_it_goes_back() {
    let mut model = all_open();
    assert_eq!(crate::tui::lists::focused(&model), Some(List::AllAccounts));
    press(&mut model, Action::Refresh);
    assert!(
        model
            .status
            .as_ref()
            .unwrap()
            .text
            .contains("R there asks the bank")
    );
    look_for(&mut model, "abna 2");
    press(&mut model, Action::Submit);
    press(&mut model, Action::Back);
    assert!(model.users.all.is_some(), "first the filter goes");
    press(&mut model, Action::Back);
    assert!(model.users.all.is_none());
}

#[test]
fn a_store_that_cannot_be_read_says_so() {
    let (mut model, _) = listed();
    let generation = generation(&press(&mut model, Action::AllAccounts)).unwrap();
    let result = Err(problem());
    send(
        &mut model,
        Msg::Users(users::Msg::AllAccountsRecalled { generation, result }),
    );
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("The bank cannot be reached"), "{shown}");
}
