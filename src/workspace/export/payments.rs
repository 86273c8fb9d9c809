//! Payments as JSON, CSV and a table.

use serde_json::{Value, json};

use super::super::Payments;
use super::super::csv_cell::{Cell, csv};
use super::{minute, table, to_json};
use crate::base::{Problem, text_width};

/// Most cells of a text in the table; JSON and CSV have all of it.
const WIDEST: usize = 40;

/// The payments as an array of rows; each says when the newest were read.
///
/// # Errors
/// As [`super::users_json`].
pub fn payments_json(payments: &Payments) -> Result<String, Problem> {
    let rows: Vec<Value> = payments
        .rows
        .iter()
        .map(|payment| {
            json!({
                "id": payment.id,
                "created": payment.created,
                "amount": payment.amount,
                "balance_after": payment.balance_after,
                "counterparty": payment.counterparty,
                "counterparty_iban": payment.counterparty_iban,
                "description": payment.description,
                "kind": payment.kind,
                "as_of": payments.as_of,
            })
        })
        .collect();
    to_json(&rows)
}

/// The payments as CSV (RFC 4180).
///
/// # Errors
/// As [`super::users_json`].
pub fn payments_csv(payments: &Payments) -> Result<String, Problem> {
    let header = [
        "id",
        "created",
        "amount",
        "currency",
        "balance_after",
        "counterparty",
        "counterparty_iban",
        "description",
        "kind",
        "as_of",
    ];
    let rows = payments.rows.iter().map(|payment| {
        [
            Cell::text(payment.id),
            Cell::text(payment.created),
            Cell::amount(Some(payment.amount.value)),
            Cell::text(payment.amount.currency),
            Cell::amount(payment.balance_after.map(|money| money.value)),
            Cell::text(&payment.counterparty),
            Cell::optional(payment.counterparty_iban.as_ref()),
            Cell::text(&payment.description),
            Cell::text(&payment.kind),
            Cell::text(payments.as_of),
        ]
    });
    csv(&header, rows)
}

/// The payments as an aligned table, with the time the newest were read under it.
#[must_use]
pub fn payments_table(payments: &Payments) -> String {
    let read = format!("Read {}\n", minute(payments.as_of));
    if payments.rows.is_empty() {
        return format!("No such payments. {read}");
    }
    let cells: Vec<[String; 7]> = payments
        .rows
        .iter()
        .map(|payment| {
            [
                payment.id.to_string(),
                minute(payment.created),
                payment.amount.to_string(),
                cut(payment.counterparty.as_str()),
                cut(payment.description.as_str()),
                payment.kind.to_string(),
                payment
                    .balance_after
                    .map_or_else(|| "—".into(), |money| money.to_string()),
            ]
        })
        .collect();
    let header = [
        "id",
        "created",
        "amount",
        "counterparty",
        "description",
        "kind",
        "balance after",
    ];
    table(&header, &[0, 2, 6], &cells) + &read
}

fn cut(text: &str) -> String {
    if text_width(text) <= WIDEST {
        return text.to_owned();
    }
    let mut kept = String::new();
    for character in text.chars() {
        kept.push(character);
        if text_width(&kept) >= WIDEST {
            kept.pop();
            break;
        }
    }
    kept.trim_end().to_owned() + "…"
}
