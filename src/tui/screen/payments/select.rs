//! What is selected on Payments, for whatever acts on a row, and what the mouse does there.

use ratatui::layout::Position;

use super::view::{layout, table as as_table};
use super::{Focus, columns};
use crate::base::AccountId;
use crate::tui::app::{Effect, Model};
use crate::tui::keymap::Action;
use crate::tui::widget::table::Spot;
use crate::workspace::{PaymentColumn, PaymentLine, PaymentSummary, Payments, RawOf, payment_way};

/// The account and how many of its payments are listed.
pub(in crate::tui) fn table(model: &Model) -> Option<(AccountId, usize)> {
    let of = model.payments.of.as_ref()?;
    Some((of.account, model.payments.rows.len()))
}

/// Those that are listed, in their order.
pub(in crate::tui) fn listed(model: &Model) -> Option<Payments> {
    of_rows(model, model.payments.rows.iter())
}

/// The selected one, as a list of one.
pub(in crate::tui) fn selected_line(model: &Model) -> Option<Payments> {
    let row = seen(model)?;
    of_rows(model, std::iter::once(row))
}

/// The selected one, where it is seen: charts stand in the place of the table.
fn seen(model: &Model) -> Option<&PaymentLine> {
    let state = &model.payments;
    state.selected().filter(|_| state.charts.is_none())
}

fn of_rows<'a>(model: &Model, rows: impl Iterator<Item = &'a PaymentLine>) -> Option<Payments> {
    let extent = model.payments.extent.as_ref()?;
    Some(Payments {
        as_of: extent.as_of,
        complete: extent.complete,
        rows: rows.map(summary).collect(),
    })
}

fn summary(row: &PaymentLine) -> PaymentSummary {
    PaymentSummary {
        id: row.id,
        created: row.created,
        amount: row.amount,
        balance_after: row.balance_after,
        counterparty: row.counterparty.clone(),
        counterparty_iban: row.counterparty_iban.clone(),
        description: row.description.clone(),
        kind: payment_way(&row.kind),
        details: Vec::new(),
    }
}

/// Whose body the selected payment was made of, and how that is called.
pub(in crate::tui) fn raw(model: &Model) -> Option<(RawOf, String)> {
    let of = model.payments.of.as_ref()?;
    let row = seen(model)?;
    let title = format!("payment {}, {}", row.id, row.counterparty);
    Some((RawOf::Payment(of.user, of.account, row.id), title))
}

/// A click there; none where nothing is.
pub(in crate::tui) fn click(model: &mut Model, at: Position, doubled: bool) -> Option<Vec<Effect>> {
    let layout = layout(model);
    if layout.detail.is_some_and(|area| area.contains(at)) {
        model.payments.focus = Focus::Detail;
        return Some(Vec::new());
    }
    if model.payments.charts.is_some() {
        return None;
    }
    match as_table(model).spot(layout.inner, at) {
        Spot::Heading(column) => {
            let by = columns::sorted_by(column)?;
            if let Some(reason) = super::refusal(model, Action::Sort) {
                model.say(reason);
                return None;
            }
            if model.payments.by == by {
                return Some(super::act(model, Action::TurnRound));
            }
            model.payments.turned = false;
            model.payments.by = by;
            Some(super::update::sorted(model))
        }
        Spot::Row(row) => {
            let again = doubled && model.payments.cursor.at == row;
            model.payments.focus = Focus::Table;
            model.payments.cursor.at = row;
            let effects = super::update::moved(model);
            if again {
                return Some(super::act(model, Action::Enter));
            }
            Some(effects)
        }
        Spot::Blank => None,
    }
}

/// The wheel there.
pub(in crate::tui) fn scroll(model: &mut Model, down: bool, at: Position) -> Vec<Effect> {
    let key = if down { Action::Down } else { Action::Up };
    let beside = layout(model).detail.is_some_and(|area| area.contains(at));
    let before = model.payments.focus;
    model.payments.focus = if beside { Focus::Detail } else { Focus::Table };
    let mut effects = Vec::new();
    for _ in 0..3 {
        effects.extend(super::act(model, key));
    }
    model.payments.focus = before;
    effects
}

/// The column that the table is sorted by.
pub(super) fn sort(model: &Model) -> crate::tui::listing::Sort {
    let state = &model.payments;
    let (column, greatest_first) = match state.by {
        PaymentColumn::Date => (0, true),
        PaymentColumn::Counterparty => (1, false),
        PaymentColumn::Amount => (3, true),
    };
    crate::tui::listing::Sort {
        column,
        descending: greatest_first != state.turned,
    }
}
