//! What Payments asks of the store and of the bank.

use super::{Charts, Focus, InFull, Listing, Of};
use crate::tui::app::{Effect, Model};
use crate::tui::screen::users;
use crate::workspace::{PaymentEnd, PaymentQuery};

/// So near to the last row older ones are asked for.
const NEAR: usize = 50;

/// The list is to be read from the store. One such read is out at a time: where what is wanted
/// changes meanwhile, the next follows it.
pub(super) fn list(model: &mut Model, more: bool) -> Vec<Effect> {
    let Some(Of { user, account, .. }) = model.payments.of.clone() else {
        return Vec::new();
    };
    if let Some(listing) = &mut model.payments.listing {
        listing.again = true;
        return Vec::new();
    }
    let generation = model.data.next_generation();
    let state = &mut model.payments;
    let oldest = state.extent.as_ref().and_then(|extent| extent.oldest);
    // Below what is there, where what comes belongs there.
    let older_than = oldest.filter(|_| more && state.is_natural());
    state.listing = Some(Listing {
        generation,
        more: older_than.is_some(),
        again: false,
    });
    let query = PaymentQuery {
        filter: state.wanted.filter(&model.facts.forms.zone),
        by: state.by,
        turned: state.turned,
        older_than,
    };
    vec![Effect::ListPayments {
        generation,
        user,
        account,
        query: Box::new(query),
    }]
}

/// Asks the bank. One such request is out at a time.
pub(super) fn read(model: &mut Model, end: PaymentEnd) -> Vec<Effect> {
    let Some(Of { user, account, .. }) = model.payments.of.clone() else {
        return Vec::new();
    };
    if model.payments.reading.is_some() {
        return Vec::new();
    }
    let generation = model.data.next_generation();
    let state = &mut model.payments;
    state.reading = Some((generation, end));
    if end == PaymentEnd::Newest {
        users::note_asked(model, users::Shown::Payments(user, account));
    } else {
        state.before = state.extent.as_ref().map(|extent| extent.stored);
    }
    vec![Effect::ReadPayments {
        generation,
        user,
        account,
        end,
    }]
}

/// Asks the bank for what is newer than what is stored.
pub(in crate::tui) fn read_newest(model: &mut Model) -> Vec<Effect> {
    read(model, PaymentEnd::Newest)
}

/// Older ones, where the selection nears the last row or all of them are wanted.
pub(super) fn read_on(model: &mut Model) -> Vec<Effect> {
    let state = &model.payments;
    let Some(extent) = &state.extent else {
        return Vec::new();
    };
    let in_vain = state.before == Some(extent.stored);
    let may = !extent.complete
        && !in_vain
        && state.problem.is_none()
        && state.listing.is_none()
        && state.reading.is_none();
    // Among what is looked for, or in another order, the last row is not the oldest.
    let near = state.charts.is_none()
        && state.is_natural()
        && state.wanted.is_all()
        && state.cursor.at + NEAR >= state.rows.len();
    if may && (state.whole || near) {
        return read(model, PaymentEnd::Oldest);
    }
    if state.whole && (extent.complete || in_vain) && state.listing.is_none() {
        let words = if extent.complete {
            format!(
                "All {} payments are stored, back to the first.",
                extent.stored
            )
        } else {
            "The bank gives no older ones.".into()
        };
        model.payments.whole = false;
        model.say(words);
    }
    Vec::new()
}

/// The whole history, page after page.
pub(in crate::tui) fn read_all(model: &mut Model) -> Vec<Effect> {
    model.payments.whole = true;
    model.payments.problem = None;
    model.payments.before = None;
    model.say(model.spell("Reading the whole history; {payments.back} stops."));
    read_on(model)
}

/// The selected payment in full.
pub(super) fn recall(model: &mut Model) -> Vec<Effect> {
    let state = &model.payments;
    let (Some(of), Some(row)) = (state.of.clone(), state.selected()) else {
        return Vec::new();
    };
    let id = row.id;
    let known = state.recalled().is_some();
    model.payments.focus = Focus::Detail;
    if known {
        return Vec::new();
    }
    let generation = model.data.next_generation();
    model.payments.in_full = Some(InFull {
        id,
        generation,
        payment: None,
        scroll: 0,
    });
    vec![Effect::RecallPayment {
        generation,
        user: of.user,
        account: of.account,
        payment: id,
    }]
}

/// What the payments come to.
pub(super) fn reckon(model: &mut Model) -> Vec<Effect> {
    let Some(of) = model.payments.of.clone() else {
        return Vec::new();
    };
    let generation = model.data.next_generation();
    let charts = model.payments.charts.get_or_insert_with(Charts::default);
    charts.generation = generation;
    vec![Effect::ReckonPayments {
        generation,
        user: of.user,
        account: of.account,
        zone: model.facts.forms.zone.clone(),
    }]
}
