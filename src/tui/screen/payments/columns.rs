//! The columns of the table, and what stands in them.

use crate::tui::app::Model;
use crate::tui::widget::table::Column;
use crate::workspace::{PaymentColumn, PaymentLine, payment_way};

/// Cells of an amount, however little room there is.
const AMOUNT: usize = 13;

/// Of the payments.
pub(super) const COLUMNS: [Column; 7] = [
    Column::new("Date", 10, 0),
    Column::new("Counterparty", 9, 0).up_to(28),
    Column::new("Description", 16, 2).up_to(60),
    Column::new("Amount", AMOUNT, 0).up_to(18).right(),
    Column::new("Balance after", AMOUNT, 3).up_to(18).right(),
    Column::new("Kind", 12, 4),
    Column::new("IBAN", 22, 5),
];

/// What a click on a heading sorts by.
pub(super) fn sorted_by(column: usize) -> Option<PaymentColumn> {
    match column {
        0 => Some(PaymentColumn::Date),
        1 => Some(PaymentColumn::Counterparty),
        3 => Some(PaymentColumn::Amount),
        _ => None,
    }
}

/// In which order they stand, in words.
pub(super) fn order(model: &Model) -> &'static str {
    match (model.payments.by, model.payments.turned) {
        (PaymentColumn::Date, false) => "by date, the newest first",
        (PaymentColumn::Date, true) => "by date, the oldest first",
        (PaymentColumn::Amount, false) => "by amount, the most that came first",
        (PaymentColumn::Amount, true) => "by amount, the most that went first",
        (PaymentColumn::Counterparty, false) => "by counterparty",
        (PaymentColumn::Counterparty, true) => "by counterparty, backwards",
    }
}

/// A payment's row.
pub(super) fn payment(model: &Model, row: &PaymentLine) -> Vec<String> {
    let forms = &model.facts.forms;
    let decimals = model.payments.decimals;
    vec![
        forms.date(row.created),
        row.counterparty.to_string(),
        row.description.to_string(),
        forms.aligned(&row.amount, decimals),
        row.balance_after
            .as_ref()
            .map_or_else(|| "—".into(), |balance| forms.aligned(balance, decimals)),
        payment_way(&row.kind).to_string(),
        row.counterparty_iban
            .as_ref()
            .map_or_else(|| "—".into(), |iban| forms.iban(iban)),
    ]
}
