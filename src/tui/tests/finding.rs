//! Filters, sorts and the table of all accounts, as keys lead there.

use std::sync::Arc;

use ratatui::style::Modifier;
use rstest::rstest;

use super::fixtures::{
    draw, full, generation, listed, open, opened, press, problem, profile, read, send,
    some_accounts, text, type_text,
};
use super::people::{money, user};
use super::requests::logged;
use crate::base::{AccountId, AccountKind, Environment, Iban, UserNumber};
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::lists::List;
use crate::tui::screen::users::{self, AllAccounts, Collector, Focus};
use crate::workspace::{Accounts, Stage, StoredAccount};

/// A filter that is being typed.
pub(super) fn typed() -> Model {
    let (mut model, generation) = listed();
    read(&mut model, generation, Ok(some_accounts()));
    look_for(&mut model, "oed bak");
    model
}

/// A filter that is kept, and a sort.
pub(super) fn kept() -> Model {
    let mut model = full();
    look_for(&mut model, "4017");
    press(&mut model, Action::Submit);
    for _ in 0..4 {
        press(&mut model, Action::Sort);
    }
    press(&mut model, Action::TurnRound);
    model
}

/// A filter that nothing fits.
pub(super) fn nothing_fits() -> Model {
    let (mut model, generation) = listed();
    read(&mut model, generation, Ok(some_accounts()));
    look_for(&mut model, "nobody at all");
    model
}

/// All accounts of all users.
pub(super) fn all_open() -> Model {
    let (mut model, generation) = listed();
    read(&mut model, generation, Ok(some_accounts()));
    open_all(&mut model, some_of_all());
    model
}

/// Requests that failed.
pub(super) fn log_filtered() -> Model {
    let mut model = logged();
    look_for(&mut model, "user !200");
    press(&mut model, Action::Submit);
    press(&mut model, Action::Sort);
    model
}

fn look_for(model: &mut Model, filter: &str) {
    press(model, Action::Filter);
    type_text(model, filter);
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

/// Does what the effects ask for, as the runtime would.
fn arrange(model: &mut Model, effects: Vec<Effect>) {
    for effect in effects {
        if let Effect::Arrange {
            generation,
            list,
            job,
        } = effect
        {
            let arranged = job.run(|| true).unwrap();
            send(
                model,
                Msg::Arranged {
                    generation,
                    list,
                    arranged,
                },
            );
        }
    }
}

fn type_and_arrange(model: &mut Model, filter: &str) {
    for character in filter.chars() {
        let key = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char(character));
        let effects = send(model, Msg::Typed(crate::tui::app::Keystroke(key)));
        arrange(model, effects);
    }
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
    send(
        &mut model,
        Msg::Users(users::Msg::AccountsRecalled {
            epoch: model.data.epoch,
            user,
            result: Ok(Some(accounts)),
        }),
    );
    assert_eq!(model.users.accounts.selected(), Some(3));
    assert_eq!(model.users.focus, Focus::Accounts);
}

#[test]
fn a_late_arrangement_never_replaces_a_newer_one() {
    let rows = (1..=5_000).map(|number| user(number, "Somebody")).collect();
    let (mut model, _) = open(
        &profile(Environment::Sandbox),
        opened(Environment::Sandbox, Stage::Ready, rows),
    );
    press(&mut model, Action::Filter);
    let key = |character: char| {
        let key = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char(character));
        Msg::Typed(crate::tui::app::Keystroke(key))
    };
    send(&mut model, key('^'));
    let first = send(&mut model, key('4'));
    let second = send(&mut model, key('2'));
    arrange(&mut model, second);
    let shown = |model: &Model| model.users.users.shown(5_000);
    assert_eq!(shown(&model), 111, "42, 420 to 429 and 4200 to 4299");
    arrange(&mut model, first);
    assert_eq!(shown(&model), 111);
    // Nor does one of a filter that was taken away.
    let third = send(&mut model, key('1'));
    press(&mut model, Action::Back);
    arrange(&mut model, third);
    assert_eq!(shown(&model), 5_000);
}

#[test]
fn what_was_found_is_marked_and_counted() {
    let model = typed();
    let buffer = draw(&model, 120, 40);
    let shown = text(&buffer);
    assert!(
        shown.contains("/ oed bak") && shown.contains("1 of 4"),
        "{shown}"
    );
    assert!(!shown.contains("Gone Again"), "{shown}");
    let marked: String = buffer
        .content()
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::UNDERLINED))
        .map(|cell| cell.symbol())
        .collect();
    assert_eq!(marked, "Bakoed");
}

#[test]
fn escape_shows_all_rows_before_it_goes_back() {
    let mut model = kept();
    assert_eq!(model.users.accounts.shown(5), 1);
    press(&mut model, Action::Back);
    assert_eq!(model.users.focus, Focus::Accounts);
    assert_eq!(model.users.accounts.shown(5), 5);
    press(&mut model, Action::Back);
    assert_eq!(model.users.focus, Focus::Users);
}

#[test]
fn the_users_under_a_filter_bring_their_accounts() {
    let (mut model, generation) = listed();
    read(&mut model, generation, Ok(some_accounts()));
    press(&mut model, Action::Filter);
    let mut effects = Vec::new();
    for character in "korst".chars() {
        let key = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char(character));
        effects.extend(send(
            &mut model,
            Msg::Typed(crate::tui::app::Keystroke(key)),
        ));
    }
    let user = UserNumber(2);
    assert_eq!(effects, [Effect::RecallAccounts { user }]);
    assert_eq!(model.users.chosen, Some(user));
    type_text(&mut model, "xyz");
    assert_eq!(model.users.chosen, None);
    press(&mut model, Action::Submit);
    press(&mut model, Action::Enter);
    let said = model.status.clone().unwrap().text;
    assert_eq!(said, "No user fits the filter: Esc shows all of them.");
    press(&mut model, Action::Back);
    assert_eq!(model.users.chosen, Some(user));
}

#[rstest]
#[case(
    Screen::Setup,
    Action::Filter,
    "There is no table here to look through."
)]
#[case(Screen::Users, Action::TurnRound, "s sorts by a column first.")]
fn what_cannot_be_looked_through_says_so(
    #[case] screen: Screen,
    #[case] action: Action,
    #[case] words: &str,
) {
    let mut model = full();
    press(&mut model, Action::Go(screen));
    press(&mut model, action);
    assert_eq!(model.status.unwrap().text, words);
}

#[test]
fn the_sorted_heading_has_an_arrow() {
    let mut model = full();
    press(&mut model, Action::Sort);
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("Account▲"), "{shown}");
    press(&mut model, Action::TurnRound);
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("Account▼"), "{shown}");
    for _ in 0..5 {
        press(&mut model, Action::Sort);
    }
    let shown = text(&draw(&model, 120, 40));
    assert!(!shown.contains(['▲', '▼']), "{shown}");
}

#[test]
fn accounts_keep_their_sort_and_lose_their_filter_with_another_user() {
    let mut model = kept();
    press(&mut model, Action::Submit);
    model.users.focus = Focus::Users;
    press(&mut model, Action::Down);
    assert!(!model.users.accounts.is_filtered());
    assert!(model.users.accounts.sort().is_some());
}

#[test]
fn a_click_or_another_list_does_not_leave_the_table_of_all_by_itself() {
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

#[test]
fn the_log_is_filtered_and_stays_on_its_request() {
    let mut model = logged();
    let first = text(&draw(&model, 120, 40));
    look_for(&mut model, "429");
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("1 of "), "{shown}");
    assert!(
        shown.contains("429") && !shown.contains("installation"),
        "{shown}"
    );
    press(&mut model, Action::Back);
    // It was found there: it stays selected among all of them.
    let shown = text(&draw(&model, 120, 40));
    let here = shown.lines().find(|line| line.starts_with('▸')).unwrap();
    assert!(here.contains("429"), "{shown}");
    assert!(first.contains("installation"));
}

#[test]
fn decimals_are_those_of_the_accounts_that_are_shown() {
    let (mut model, generation) = listed();
    read(&mut model, generation, Ok(some_accounts()));
    assert_eq!(model.users.decimals.1, 3);
    let plain = Accounts {
        rows: some_accounts().rows.into_iter().take(1).collect(),
        ..some_accounts()
    };
    press(&mut model, Action::FocusNext);
    let again = super::fixtures::generation(&press(&mut model, Action::Refresh)).unwrap();
    read(&mut model, again, Ok(plain));
    assert_eq!(model.users.decimals.1, 2);
}
