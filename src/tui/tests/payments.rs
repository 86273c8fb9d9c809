//! Payments: what update makes of keys and answers, and every state as it is drawn.

use jiff::SignedDuration;
use jiff::civil::date;
use rstest::rstest;

use super::fixtures::{
    at, draw, full, generation, listed, model, now, only, press, problem, send, text, type_text,
};
use super::people::money;
use crate::base::{AccountId, BankText, Environment, Iban, PaymentId, UserNumber};
use crate::tui::Start;
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::screen::payments::{self, Focus, Of};
use crate::tui::screen::{setup, users};
use crate::workspace::{
    BalancePoint, Field, Month, PaymentColumn, PaymentEnd, PaymentFilter, PaymentLine, PaymentList,
    PaymentQuery, PaymentStatistics, PaymentSummary, SlotKind, Stage,
};

const OTHERS: [(&str, &str, &str); 5] = [
    ("Supermarkt Vers", "Boodschappen voor het weekend", ""),
    ("寿司 Midori", "寿司 Midori Amsterdam, NL", ""),
    ("Fatima El Amrani", "Dinner", "NL02ABNA0123456789"),
    ("Studio Noordzee B.V.", "Salary", "NL91ABNA0417164300"),
    ("Kapper Knip & Co", "Kapper Knip & Co Amsterdam", ""),
];

/// The payments `from` to `to`, the newest first.
pub(super) fn lines(from: u64, to: u64) -> Vec<PaymentLine> {
    let line = |id: u64| {
        let place = usize::try_from(id).unwrap();
        let (who, said, iban) = OTHERS[place % OTHERS.len()];
        let amount = match who {
            "Studio Noordzee B.V." => "2620.00".to_owned(),
            _ => format!("-{}.{:02}", id % 70, id % 100),
        };
        let hours = i64::try_from(7 * (10_000 - id)).unwrap();
        PaymentLine {
            id: PaymentId(id),
            created: now() - SignedDuration::from_hours(hours),
            amount: money(&amount, "EUR"),
            balance_after: Some(money(&format!("{}.25", id % 5_000), "EUR")),
            counterparty: who.into(),
            counterparty_iban: Iban::new(iban),
            description: said.into(),
            kind: "MASTERCARD".into(),
        }
    };
    (from..=to).rev().map(line).collect()
}

pub(super) fn list(rows: Vec<PaymentLine>, stored: u64, complete: bool) -> PaymentList {
    PaymentList {
        as_of: now(),
        complete,
        since: rows.last().map(|row| row.created),
        oldest: rows.last().map(|row| row.id),
        stored,
        requests_left: (!complete).then_some(12),
        rows,
    }
}

/// Some list, of any length.
pub(super) fn some_list(seed: u64) -> PaymentList {
    let rows = seed * 13 % 90;
    let found = list(lines(10_001 - rows, 10_000), rows, seed.is_multiple_of(3));
    PaymentList {
        requests_left: Some(seed),
        ..found
    }
}

/// The first account was opened; gives back the list and the read that are awaited.
fn opened() -> (Model, u64, u64) {
    let mut model = full();
    press(&mut model, Action::Enter);
    let effects = press(&mut model, Action::Enter);
    let [
        Effect::ListPayments {
            generation: listing,
            ..
        },
        Effect::ReadPayments {
            generation: reading,
            end: PaymentEnd::Newest,
            account: AccountId(11),
            ..
        },
    ] = effects[..]
    else {
        panic!("{effects:?}");
    };
    assert_eq!(model.screen, Screen::Payments);
    (model, listing, reading)
}

fn tell(model: &mut Model, generation: u64, list: PaymentList) -> Vec<Effect> {
    let result = Ok(Some(list));
    send(
        model,
        Msg::Payments(payments::Msg::Listed { generation, result }),
    )
}

fn done(model: &mut Model, generation: u64) -> Vec<Effect> {
    let result = Ok(());
    send(
        model,
        Msg::Payments(payments::Msg::Read { generation, result }),
    )
}

fn failed(model: &mut Model, generation: u64) -> Vec<Effect> {
    let result = Err(problem());
    send(
        model,
        Msg::Payments(payments::Msg::Read { generation, result }),
    )
}

/// With such a list, and the newest read.
pub(super) fn with(found: &PaymentList) -> Model {
    let (mut model, listing, reading) = opened();
    tell(&mut model, listing, found.clone());
    let effects = done(&mut model, reading);
    tell(&mut model, generation(&effects).unwrap(), found.clone());
    model
}

pub(super) fn some() -> Model {
    with(&list(lines(9_771, 10_000), 230, false))
}

fn typed(model: &mut Model, text: &str) {
    press(model, Action::Search);
    type_text(model, text);
}

fn found() -> Model {
    let mut model = some();
    press(&mut model, Action::Search);
    let effects = type_one(&mut model, 's');
    let rows: Vec<_> = lines(9_771, 10_000)
        .into_iter()
        .filter(|row| row.description == "Salary".into())
        .collect();
    let listing = generation(&effects).unwrap();
    tell(&mut model, listing, list(rows, 230, false));
    model
}

fn type_one(model: &mut Model, character: char) -> Vec<Effect> {
    let key = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char(character));
    send(model, Msg::Typed(crate::tui::app::Keystroke(key)))
}

fn in_full() -> Model {
    let mut model = some();
    press(&mut model, Action::Down);
    let effects = press(&mut model, Action::Enter);
    let [
        Effect::RecallPayment {
            generation,
            payment,
            ..
        },
    ] = effects[..]
    else {
        panic!("{effects:?}");
    };
    let row = lines(payment.0, payment.0).remove(0);
    let summary = PaymentSummary {
        id: row.id,
        created: row.created,
        amount: row.amount,
        balance_after: row.balance_after,
        counterparty: row.counterparty,
        counterparty_iban: row.counterparty_iban,
        description: row.description,
        kind: "card".into(),
        details: vec![Field {
            label: "Place",
            value: "52.3676, 4.9041".into(),
        }],
    };
    let result = Ok(Some(Box::new(summary)));
    send(
        &mut model,
        Msg::Payments(payments::Msg::Recalled { generation, result }),
    );
    model
}

pub(super) fn statistics() -> PaymentStatistics {
    let point = |at_: &str, balance: &str| BalancePoint {
        at: at(at_),
        balance: money(balance, "EUR"),
    };
    let month = |month: i8, came: &str, went: &str| Month {
        first: date(2026, month, 1),
        came: money(came, "EUR"),
        went: money(went, "EUR"),
        payments: 31,
    };
    PaymentStatistics {
        complete: false,
        since: Some(at("2026-09-18T10:00:00Z")),
        balances: vec![
            point("2026-09-18T10:00:00Z", "1200.00"),
            point("2026-09-25T06:00:00Z", "3820.00"),
            point("2026-10-20T06:00:00Z", "912.34"),
            point("2026-10-25T06:00:00Z", "3532.34"),
            point("2026-11-24T09:00:00Z", "4118.00"),
        ],
        lowest: Some(point("2026-10-24T18:00:00Z", "-12.05")),
        highest: Some(point("2026-11-24T09:00:00Z", "4118.00")),
        months: vec![
            month(11, "2620.00", "-2034.34"),
            month(10, "2620.00", "-2907.66"),
            month(9, "0.00", "-0.01"),
        ],
    }
}

pub(super) fn charted() -> Model {
    let mut model = some();
    let effects = press(&mut model, Action::Charts);
    let [Effect::ReckonPayments { generation, .. }] = effects[..] else {
        panic!("{effects:?}");
    };
    let result = Ok(Some(Box::new(statistics())));
    send(
        &mut model,
        Msg::Payments(payments::Msg::Reckoned { generation, result }),
    );
    model
}

/// Every state of the screen, by name.
pub(super) fn states() -> Vec<(&'static str, Model)> {
    let mut none = listed().0;
    press(&mut none, Action::Go(Screen::Payments));
    let (mut loading, listing, reading) = opened();
    let result = Ok(None);
    send(
        &mut loading,
        Msg::Payments(payments::Msg::Listed {
            generation: listing,
            result,
        }),
    );
    let mut broken = loading.clone();
    let effects = failed(&mut broken, reading);
    let (generation_, result) = (generation(&effects).unwrap(), Ok(None));
    send(
        &mut broken,
        Msg::Payments(payments::Msg::Listed {
            generation: generation_,
            result,
        }),
    );
    let mut stale = some();
    let effects = press(&mut stale, Action::Refresh);
    let effects = failed(&mut stale, generation(&effects).unwrap());
    let kept = list(lines(9_771, 10_000), 230, false);
    tell(&mut stale, generation(&effects).unwrap(), kept);
    let mut form = some();
    press(&mut form, Action::FilterForm);
    type_text(&mut form, "kapper");
    for _ in 0..2 {
        press(&mut form, Action::FocusNext);
    }
    type_text(&mut form, "12,x");
    press(&mut form, Action::Submit);
    let mut asks = some();
    press(&mut asks, Action::ReadAll);
    let mut shares = full();
    press(&mut shares, Action::Charts);
    let mut complete = with(&list(lines(9_998, 10_000), 3, true));
    press(&mut complete, Action::Last);
    vec![
        ("payments_none", none),
        ("payments_loading", loading),
        ("payments_failed", broken),
        ("payments_stale", stale),
        ("payments_full", some()),
        ("payments_complete", complete),
        ("payments_empty", with(&list(Vec::new(), 0, true))),
        ("payments_found", found()),
        ("payments_detail", in_full()),
        ("payments_form", form),
        ("payments_asks", asks),
        ("payments_charts", charted()),
        ("users_shares", shares),
    ]
}

#[test]
fn every_state_on_a_large_screen() {
    for (name, model) in states() {
        let buffer = draw(&model, 200, 60);
        insta::assert_snapshot!(format!("{name}_200x60"), text(&buffer));
    }
}

/// Where the selection is, and whether older ones are asked for.
#[rstest]
#[case::far_from_the_end(230, false, 0, false)]
#[case::near_the_end(230, false, 190, true)]
#[case::a_short_list(20, false, 0, true)]
#[case::all_there(230, true, 229, false)]
fn older_pages_come_near_the_end(
    #[case] rows: u64,
    #[case] complete: bool,
    #[case] down: usize,
    #[case] asks: bool,
) {
    let (mut model, listing, reading) = opened();
    let found = list(lines(10_001 - rows, 10_000), rows, complete);
    tell(&mut model, listing, found.clone());
    let effects = done(&mut model, reading);
    let mut last = tell(&mut model, generation(&effects).unwrap(), found);
    for _ in 0..down {
        let effects = press(&mut model, Action::Down);
        last.extend(effects);
    }
    let older = |effect: &Effect| {
        matches!(
            effect,
            Effect::ReadPayments {
                end: PaymentEnd::Oldest,
                ..
            }
        )
    };
    assert_eq!(
        last.iter().filter(|one| older(one)).count(),
        usize::from(asks)
    );
}

#[rstest]
#[case::what_is_looked_for(Action::Search)]
#[case::another_order(Action::Sort)]
fn the_last_row_is_not_the_oldest_payment(#[case] action: Action) {
    let mut model = some();
    let mut effects = press(&mut model, action);
    if action == Action::Search {
        effects = type_one(&mut model, 'x');
        press(&mut model, Action::Submit);
    }
    let listing = generation(&effects).unwrap();
    let effects = tell(&mut model, listing, list(lines(9_990, 10_000), 230, false));
    assert_eq!(effects, []);
    assert_eq!(press(&mut model, Action::Last), []);
}

#[test]
fn a_page_goes_below_what_is_there_and_the_selection_stays() {
    let mut model = some();
    let effects = press(&mut model, Action::Last);
    let at_ = model.payments.cursor.at;
    let effects = done(&mut model, generation(&effects).unwrap());
    let [
        Effect::ListPayments {
            generation,
            ref query,
            ..
        },
    ] = effects[..]
    else {
        panic!("{effects:?}");
    };
    assert_eq!(query.older_than, Some(PaymentId(9_771)));
    let effects = tell(
        &mut model,
        generation,
        list(lines(9_571, 9_770), 430, false),
    );
    assert_eq!(model.payments.rows.len(), 430);
    assert_eq!(model.payments.cursor.at, at_);
    assert!(
        model
            .payments
            .rows
            .windows(2)
            .all(|pair| pair[0].id > pair[1].id)
    );
    assert_eq!(effects, [], "the end is far again");
}

#[test]
fn where_no_older_ones_come_the_bank_is_not_asked_for_ever() {
    let mut model = some();
    let effects = press(&mut model, Action::Last);
    let effects = done(&mut model, generation(&effects).unwrap());
    let nothing = PaymentList {
        oldest: Some(PaymentId(9_771)),
        ..list(Vec::new(), 230, false)
    };
    let listing = generation(&effects).unwrap();
    assert_eq!(tell(&mut model, listing, nothing), []);
    assert_eq!(press(&mut model, Action::Up), []);
}

#[test]
fn after_a_failure_only_the_person_asks_again() {
    let mut model = some();
    let effects = press(&mut model, Action::Last);
    let effects = failed(&mut model, generation(&effects).unwrap());
    let listing = generation(&effects).unwrap();
    let kept = list(lines(9_771, 10_000), 230, false);
    assert_eq!(tell(&mut model, listing, kept), []);
    assert_eq!(press(&mut model, Action::Up), []);
    assert!(text(&draw(&model, 120, 40)).contains("The bank cannot be reached"));
    assert!(matches!(
        press(&mut model, Action::Refresh)[..],
        [Effect::ReadPayments {
            end: PaymentEnd::Newest,
            ..
        }]
    ));
}

#[test]
fn late_answers_change_nothing() {
    let (mut model, listing, reading) = opened();
    let of = Of {
        user: UserNumber(1),
        account: AccountId(12),
        name: "Household".into(),
    };
    payments::open(&mut model, of);
    let before = format!("{:?}", model.payments);
    assert_eq!(tell(&mut model, listing, list(lines(1, 9), 9, true)), []);
    assert_eq!(failed(&mut model, reading), []);
    let result = Ok(None);
    let recalled = payments::Msg::Recalled {
        generation: 1,
        result,
    };
    send(&mut model, Msg::Payments(recalled));
    let reckoned = payments::Msg::Reckoned {
        generation: 1,
        result: Ok(Some(Box::new(statistics()))),
    };
    send(&mut model, Msg::Payments(reckoned));
    assert_eq!(format!("{:?}", model.payments), before);
}

#[test]
fn typing_waits_for_nothing_and_one_look_is_out_at_a_time() {
    let mut model = some();
    press(&mut model, Action::Search);
    let first = type_one(&mut model, 's');
    assert!(matches!(first[..], [Effect::ListPayments { .. }]));
    assert_eq!(type_one(&mut model, 'u'), []);
    assert_eq!(type_one(&mut model, 's'), []);
    // What was found for the first letter is out of date.
    let listing = generation(&first).unwrap();
    let effects = tell(&mut model, listing, list(lines(1, 3), 230, false));
    assert_eq!(model.payments.rows.len(), 230);
    let [Effect::ListPayments { ref query, .. }] = effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(query.filter.text.as_deref(), Some("sus"));
    tell(
        &mut model,
        generation(&effects).unwrap(),
        list(lines(1, 3), 230, false),
    );
    assert_eq!(model.payments.rows.len(), 3);
    let shown = text(&draw(&model, 120, 40));
    assert!(
        shown.contains("3 found among 230 stored; older ones are at the bank: G reads them all.")
    );
}

#[test]
fn the_selection_stays_on_its_payment_through_search_sort_and_refresh() {
    let mut model = some();
    for _ in 0..17 {
        press(&mut model, Action::Down);
    }
    let chosen = model.payments.chosen.unwrap();
    typed(&mut model, "x");
    press(&mut model, Action::Back);
    let mut rows = lines(9_771, 10_000);
    rows.reverse();
    let listing = waiting(&mut model);
    tell(&mut model, listing, list(rows, 230, false));
    let place = model.payments.cursor.at;
    assert_eq!(model.payments.rows[place].id, chosen);
    assert!(text(&draw(&model, 120, 40)).contains('▸'));
}

/// The look that is out was overtaken; its answer gives way to the next.
fn waiting(model: &mut Model) -> u64 {
    let last = model.data.next_generation() - 1;
    let effects = tell(model, last, list(Vec::new(), 0, true));
    generation(&effects).unwrap_or(last)
}

#[test]
fn a_search_that_is_given_up_brings_back_what_was_there() {
    let mut model = some();
    typed(&mut model, "sushi");
    press(&mut model, Action::Submit);
    assert_eq!(model.payments.wanted.text, "sushi");
    typed(&mut model, " rolls");
    assert_eq!(model.payments.wanted.text, "sushi rolls");
    press(&mut model, Action::Back);
    assert_eq!(model.payments.wanted.text, "sushi");
    press(&mut model, Action::Back);
    assert!(model.payments.wanted.is_all(), "Esc on the table shows all");
}

#[rstest]
#[case(&["", "", "12.x"], "An amount is a number")]
#[case(&["", "", "1e5"], "An amount is a number")]
#[case(&["", "", "20", "10"], "less than the amount above")]
#[case(&["", "", "", "", "2026-02-30"], "A day is year, month and day")]
#[case(&["", "", "", "", "-009999-01-01"], "A day is year, month and day")]
#[case(&["", "", "", "", "9999-12-31"], "A day is year, month and day")]
#[case(&["", "", "", "", "2026-02-03", "2026-02-01"], "before the day above")]
fn the_form_says_what_is_wrong_in_its_place(#[case] fields: &[&str], #[case] words: &str) {
    let mut model = some();
    press(&mut model, Action::FilterForm);
    fill(&mut model, fields);
    assert_eq!(press(&mut model, Action::Submit), []);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains(words), "{shown}");
    assert!(model.payments.wanted.is_all());
    press(&mut model, Action::ClearAll);
    press(&mut model, Action::Submit);
    assert!(model.overlay.is_none());
}

fn fill(model: &mut Model, fields: &[&str]) {
    for (place, field) in fields.iter().enumerate() {
        if place > 0 {
            press(model, Action::FocusNext);
        }
        type_text(model, field);
    }
}

#[test]
fn the_form_is_what_the_store_looks_for() {
    let mut model = some();
    press(&mut model, Action::FilterForm);
    fill(
        &mut model,
        &["koffie", "kade", "2,50", "-10", "2026-01-01", "2026-01-31"],
    );
    let effects = press(&mut model, Action::Submit);
    let [Effect::ListPayments { ref query, .. }] = effects[..] else {
        panic!("{effects:?}");
    };
    let expected = PaymentFilter {
        text: Some("koffie".into()),
        counterparty: Some("kade".into()),
        least: Some("2.50".parse().unwrap()),
        most: Some("10".parse().unwrap()),
        since: Some(at("2026-01-01T00:00:00Z")),
        until: Some(at("2026-02-01T00:00:00Z")),
        count: None,
    };
    assert_eq!(
        **query,
        PaymentQuery {
            filter: expected,
            by: PaymentColumn::Date,
            turned: false,
            older_than: None
        }
    );
    let shown = text(&draw(&model, 200, 60));
    let words =
        "Payments of Main: \"koffie\", \"kade\", 2.50 to 10, since 2026-01-01, until 2026-01-31";
    assert!(shown.contains(words), "{shown}");
}

#[test]
fn the_whole_history_is_asked_about_when_it_takes_many_requests() {
    let mut model = some();
    assert_eq!(press(&mut model, Action::ReadAll), []);
    assert!(text(&draw(&model, 80, 24)).contains("in about 12 requests?"));
    assert_eq!(press(&mut model, Action::Submit), [], "No is marked");
    press(&mut model, Action::ReadAll);
    let effects = press(&mut model, Action::Yes);
    let mut reading = generation(&effects).unwrap();
    // Page after page, wherever the selection is.
    for page in 1..=2_u64 {
        let effects = done(&mut model, reading);
        let (first, last) = (9_771 - 200 * page, 9_770 - 200 * (page - 1));
        let listing = generation(&effects).unwrap();
        let found = list(lines(first, last), 230 + 200 * page, false);
        let effects = tell(&mut model, listing, found);
        assert!(matches!(
            effects[..],
            [Effect::ReadPayments {
                end: PaymentEnd::Oldest,
                ..
            }]
        ));
        reading = generation(&effects).unwrap();
    }
    assert_eq!(model.payments.rows.len(), 630);
    press(&mut model, Action::Back);
    let effects = done(&mut model, reading);
    let listing = generation(&effects).unwrap();
    let found = list(lines(9_171, 9_370), 830, false);
    assert_eq!(tell(&mut model, listing, found), [], "it was stopped");
}

#[test]
fn few_requests_are_made_at_once_and_the_end_is_told() {
    let few = PaymentList {
        requests_left: Some(1),
        ..list(lines(9_771, 10_000), 230, false)
    };
    let mut model = with(&few);
    let effects = press(&mut model, Action::ReadAll);
    let effects = done(&mut model, generation(&effects).unwrap());
    let listing = generation(&effects).unwrap();
    let effects = tell(&mut model, listing, list(lines(9_761, 9_770), 240, true));
    assert_eq!(effects, []);
    assert!(
        model
            .status
            .unwrap()
            .text
            .contains("All 240 payments are stored")
    );
}

#[test]
fn enter_shows_a_payment_in_full_and_escape_leads_back_to_the_users() {
    let mut model = in_full();
    assert_eq!(model.payments.focus, Focus::Detail);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("52.3676, 4.9041"), "{shown}");
    assert!(
        !shown.contains("Counterparty    Desc"),
        "it is alone: {shown}"
    );
    press(&mut model, Action::Back);
    assert_eq!(model.payments.focus, Focus::Table);
    press(&mut model, Action::Down);
    assert!(!text(&draw(&model, 120, 40)).contains("52.3676"));
    press(&mut model, Action::Back);
    assert_eq!(model.screen, Screen::Users);
    assert_eq!(press(&mut model, Action::Go(Screen::Payments)), []);
    assert_eq!(model.payments.rows.len(), 230, "as they were left");
}

#[test]
fn four_opens_the_account_that_is_selected_on_users() {
    let mut model = full();
    press(&mut model, Action::Down);
    let effects = press(&mut model, Action::Go(Screen::Payments));
    assert!(matches!(
        effects[..],
        [
            Effect::ListPayments {
                account: AccountId(12),
                ..
            },
            Effect::ReadPayments { .. }
        ]
    ));
    // From elsewhere the same one stays.
    press(&mut model, Action::Go(Screen::Log));
    assert_eq!(press(&mut model, Action::Go(Screen::Payments)), []);
}

#[test]
fn without_an_account_it_says_what_to_do() {
    for mut model in [listed().0, model(&Start::First)] {
        press(&mut model, Action::Go(Screen::Payments));
        assert_eq!(press(&mut model, Action::Search), []);
        let words = model.status.unwrap().text;
        assert!(words.contains("Tab to an account") || words.contains("n connects one"));
    }
}

#[test]
fn a_user_that_is_forgotten_takes_its_payments_along() {
    let mut model = some();
    send(
        &mut model,
        Msg::Users(users::Msg::Forgotten {
            epoch: super::fixtures::EPOCH,
            user: UserNumber(1),
            result: Ok(()),
        }),
    );
    assert!(model.payments.of.is_none() && model.payments.rows.is_empty());
}

#[test]
fn the_lock_takes_the_payments_along() {
    let mut model = some();
    press(&mut model, Action::FilterForm);
    press(&mut model, Action::Lock);
    assert!(model.locked.is_some());
    let kept = format!("{model:?}");
    assert!(!kept.contains("Midori") && !kept.contains("PaymentForm"));
    // Back, it is the users that are shown: which account it was is forgotten too.
    model.facts.key_file = Some("key".into());
    let effects = press(&mut model, Action::Unlock);
    let inspected = setup::Msg::Inspected {
        generation: generation(&effects).unwrap(),
        result: Ok(only(SlotKind::KeyFile)),
    };
    let effects = send(&mut model, Msg::Setup(inspected));
    let users = super::people::some_users();
    let opened = super::fixtures::opened(Environment::Sandbox, Stage::Ready, users);
    let opened = setup::Msg::Opened {
        generation: generation(&effects).unwrap(),
        result: Ok(Box::new(opened)),
    };
    send(&mut model, Msg::Setup(opened));
    assert!(model.locked.is_none());
    assert_eq!(model.screen, Screen::Users);
}

#[test]
fn charts_say_every_figure_in_words() {
    let model = charted();
    for (width, height) in [(40, 12), (80, 24), (200, 60)] {
        let shown = text(&draw(&model, width, height));
        for figure in ["2620.00", "-2034.34", "4118.00"] {
            assert!(shown.contains(figure), "{figure} at {width}: {shown}");
        }
    }
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("lowest -12.05 EUR on 2026-10-24"), "{shown}");
    assert!(shown.contains("Right from 2026-"), "{shown}");
}

#[test]
fn hostile_words_of_payments_do_not_steer() {
    let mut rows = lines(9_771, 10_000);
    let text_ = "\u{1b}]52;c;eA==\u{7}\u{202e}\u{9b}2J";
    rows[0].counterparty = BankText::new(text_);
    rows[0].description = BankText::new(text_);
    rows[0].kind = BankText::new(text_);
    let mut model = with(&list(rows, 230, true));
    press(&mut model, Action::Enter);
    for (width, height) in [(40, 12), (120, 40)] {
        // `draw` looks at every cell.
        draw(&model, width, height);
    }
}
