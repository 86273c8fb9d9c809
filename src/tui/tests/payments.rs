//! Payments in every state: an account, its list, and the answers that led there.

use jiff::SignedDuration;
use jiff::civil::date;

use super::fixtures::{
    at, draw, full, generation, listed, now, press, problem, send, text, type_text,
};
use super::people::money;
use crate::base::{AccountId, Iban, PaymentId};
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::screen::payments;
use crate::workspace::{
    BalancePoint, Field, Month, PaymentEnd, PaymentLine, PaymentList, PaymentStatistics,
    PaymentSummary,
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
pub(super) fn opened() -> (Model, u64, u64) {
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

pub(super) fn tell(model: &mut Model, generation: u64, list: PaymentList) -> Vec<Effect> {
    let result = Ok(Some(list));
    send(
        model,
        Msg::Payments(payments::Msg::Listed { generation, result }),
    )
}

pub(super) fn done(model: &mut Model, generation: u64) -> Vec<Effect> {
    let result = Ok(());
    send(
        model,
        Msg::Payments(payments::Msg::Read { generation, result }),
    )
}

pub(super) fn failed(model: &mut Model, generation: u64) -> Vec<Effect> {
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

pub(super) fn typed(model: &mut Model, text: &str) {
    press(model, Action::Search);
    type_text(model, text);
}

pub(super) fn found() -> Model {
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

pub(super) fn type_one(model: &mut Model, character: char) -> Vec<Effect> {
    let key = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char(character));
    send(model, Msg::Typed(crate::tui::app::Keystroke(key)))
}

pub(super) fn in_full() -> Model {
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

#[test]
fn the_marked_accounts_payments_are_shown_also_from_the_users() {
    let mut model = super::fixtures::full();
    model.users.focus = crate::tui::screen::users::Focus::Users;
    model.users.about = crate::tui::screen::users::About::User;
    press(&mut model, Action::Go(Screen::Payments));
    let of = model.payments.of.clone().unwrap();
    assert_eq!(of.name.as_str(), "Main");
    // The user that is marked now shares no account that is known: another's is not shown.
    press(&mut model, Action::Go(Screen::Users));
    press(&mut model, Action::Down);
    assert_ne!(crate::tui::screen::users::number(&model), Some(of.user));
    press(&mut model, Action::Go(Screen::Payments));
    assert_eq!(model.payments.of, None);
}
