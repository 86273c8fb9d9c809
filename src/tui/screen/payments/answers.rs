//! What Payments makes of the answers that come.

use super::{Extent, Msg, charts, reading};
use crate::base::Problem;
use crate::tui::app::{Effect, Model};
use crate::tui::data::Generation;
use crate::tui::widget::text::decimals;
use crate::workspace::{PaymentEnd, PaymentList};

/// Takes a message; late ones are dropped.
pub(in crate::tui) fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Listed { generation, result } => on_listed(model, generation, result),
        Msg::Read { generation, result } => on_read(model, generation, result),
        Msg::Recalled { generation, result } => {
            let state = &mut model.payments;
            let awaited = state.in_full.as_mut();
            if let Some(in_full) = awaited.filter(|one| one.generation == generation) {
                match result {
                    Ok(payment) => in_full.payment = payment,
                    Err(problem) => model.complain(problem.what),
                }
            }
            Vec::new()
        }
        Msg::Reckoned { generation, result } => {
            let awaited = model.payments.charts.as_mut();
            if let Some(charts) = awaited.filter(|one| one.generation == generation) {
                match result {
                    Ok(found) => {
                        charts.problem = None;
                        charts.figures = found.map(|one| Box::new(charts::Figures::of(*one)));
                    }
                    Err(problem) => charts.problem = Some(problem),
                }
            }
            Vec::new()
        }
    }
}

fn on_listed(
    model: &mut Model,
    generation: Generation,
    result: Result<Option<PaymentList>, Problem>,
) -> Vec<Effect> {
    let state = &mut model.payments;
    let Some(listing) = state
        .listing
        .take_if(|listing| listing.generation == generation)
    else {
        return Vec::new();
    };
    if listing.again {
        return reading::list(model, false);
    }
    match result {
        Ok(Some(list)) => take(model, list, listing.more),
        Ok(None) => {}
        Err(problem) => {
            state.whole = false;
            state.problem = Some(problem);
        }
    }
    reading::read_on(model)
}

fn take(model: &mut Model, list: PaymentList, more: bool) {
    let state = &mut model.payments;
    let known = if more { state.decimals } else { 0 };
    let amounts = list.rows.iter();
    let amounts = amounts.flat_map(|row| [Some(&row.amount), row.balance_after.as_ref()]);
    state.decimals = known.max(decimals(amounts.flatten()));
    state.extent = Some(Extent {
        as_of: list.as_of,
        complete: list.complete,
        since: list.since,
        oldest: list.oldest,
        stored: list.stored,
        requests_left: list.requests_left,
    });
    if more {
        state.rows.extend(list.rows);
        return;
    }
    state.rows = list.rows;
    let chosen = state.chosen;
    let place = chosen.and_then(|id| state.rows.iter().position(|row| row.id == id));
    // The chosen one is looked at in the same row of the screen, if it is there still.
    let seen = state.cursor.at.saturating_sub(state.cursor.offset);
    state.cursor.at = place.unwrap_or(0);
    state.cursor.offset = state.cursor.at.saturating_sub(seen);
    if place.is_none() {
        state.in_full = None;
        state.focus = super::Focus::Table;
    }
}

fn on_read(model: &mut Model, generation: Generation, result: Result<(), Problem>) -> Vec<Effect> {
    let reading = model
        .payments
        .reading
        .take_if(|(awaited, _)| *awaited == generation);
    let Some((_, end)) = reading else {
        return Vec::new();
    };
    match result {
        Ok(()) => model.payments.problem = None,
        Err(problem) => {
            model.payments.whole = false;
            model.payments.problem = Some(problem);
        }
    }
    // What came before a failure is stored.
    let mut effects = reading::list(model, end == PaymentEnd::Oldest);
    if model.payments.charts.is_some() {
        effects.extend(reading::reckon(model));
    }
    effects
}
