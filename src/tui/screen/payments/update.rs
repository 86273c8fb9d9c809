//! How Payments changes.

use super::{Charts, Focus, Of, State, Wanted, reading};
use crate::base::{Problem, UserNumber};
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::keymap::Action;
use crate::tui::overlay::{Confirm, Overlay, PaymentForm, PaymentSearch};
use crate::tui::screen::users;
use crate::workspace::{PaymentColumn, PaymentEnd};

/// More requests than so many are not begun unasked.
const UNASKED: u64 = 5;

/// The payments of an account: as stored, then the newest.
pub(in crate::tui) fn open(model: &mut Model, of: Of) -> Vec<Effect> {
    model.screen = Screen::Payments;
    let revoked = users::is_revoked(model, of.user);
    model.payments = State {
        of: Some(of),
        ..State::default()
    };
    let mut effects = reading::list(model, false);
    if !revoked {
        effects.extend(reading::read(model, PaymentEnd::Newest));
    }
    effects
}

/// The screen was gone to: where an account is selected on the screen that was left, its payments.
pub(in crate::tui) fn show(model: &mut Model, from: Screen) -> Vec<Effect> {
    // The one that is marked counts, also while the users have the focus; where the user that is
    // marked shares none, another's are not shown in its place.
    let of_another = |of: &super::Of| users::number(model).is_some_and(|user| user != of.user);
    let selected = users::marked_account(model).filter(|_| from == Screen::Users);
    if from == Screen::Users
        && selected.is_none()
        && model.payments.of.as_ref().is_some_and(of_another)
    {
        model.payments = State::default();
    }
    match selected {
        Some(of) if model.payments.of.as_ref() != Some(&of) => open(model, of),
        _ => Vec::new(),
    }
}

/// What went wrong with what this screen shows.
pub(in crate::tui) fn problems(model: &Model) -> impl Iterator<Item = &Problem> {
    let charts = model.payments.charts.as_ref();
    let charts = charts.and_then(|charts| charts.problem.as_ref());
    model.payments.problem.iter().chain(charts)
}

/// Everything was set up anew: no old failure counts any more.
pub(in crate::tui) fn mend(model: &mut Model) {
    model.payments.problem = None;
}

/// A user was forgotten, and its payments with it.
pub(in crate::tui) fn forget(model: &mut Model, user: UserNumber) {
    let shown = model.payments.of.as_ref();
    if shown.is_some_and(|of| of.user == user) {
        model.payments = State::default();
    }
}

/// Something else is looked for.
pub(in crate::tui) fn look_for(model: &mut Model, wanted: Wanted) -> Vec<Effect> {
    if model.payments.wanted == wanted {
        return Vec::new();
    }
    model.payments.wanted = wanted;
    reading::list(model, false)
}

/// What a key does on Payments.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Enter => return reading::recall(model),
        Action::Back => return back(model),
        Action::FocusNext | Action::FocusPrevious => match model.payments.focus {
            Focus::Table => return reading::recall(model),
            Focus::Detail => model.payments.focus = Focus::Table,
        },
        Action::Refresh => {
            model.payments.problem = None;
            model.payments.before = None;
            return reading::read(model, PaymentEnd::Newest);
        }
        Action::Search => {
            let search = PaymentSearch::new(&model.payments.wanted);
            model.payments.focus = Focus::Table;
            model.overlay = Some(Overlay::PaymentSearch(search));
        }
        Action::FilterForm => {
            let form = PaymentForm::new(&model.payments.wanted, &model.facts.forms);
            model.overlay = Some(Overlay::PaymentForm(form));
        }
        Action::Sort => {
            let state = &mut model.payments;
            state.turned = false;
            state.by = match state.by {
                PaymentColumn::Date => PaymentColumn::Amount,
                PaymentColumn::Amount => PaymentColumn::Counterparty,
                PaymentColumn::Counterparty => PaymentColumn::Date,
            };
            return sorted(model);
        }
        Action::TurnRound => {
            model.payments.turned = !model.payments.turned;
            return sorted(model);
        }
        Action::Charts => return toggle_charts(model),
        Action::ReadAll => return ask_to_read_all(model),
        action => return move_cursor(model, action),
    }
    Vec::new()
}

fn back(model: &mut Model) -> Vec<Effect> {
    let state = &mut model.payments;
    if state.whole {
        state.whole = false;
        model.say("Stopped; what came is stored.");
    } else if state.focus == Focus::Detail {
        state.focus = Focus::Table;
    } else if state.charts.is_some() {
        state.charts = None;
    } else if state.wanted.is_all() {
        model.screen = Screen::Users;
        return users::show(model);
    } else {
        return look_for(model, Wanted::default());
    }
    Vec::new()
}

/// It is sorted otherwise now.
pub(super) fn sorted(model: &mut Model) -> Vec<Effect> {
    model.say(format!("Sorted {}.", super::columns::order(model)));
    reading::list(model, false)
}

fn toggle_charts(model: &mut Model) -> Vec<Effect> {
    if model.payments.charts.take().is_some() {
        return Vec::new();
    }
    model.payments.focus = Focus::Table;
    model.payments.charts = Some(Charts::default());
    reading::reckon(model)
}

/// Many requests are not made unasked.
fn ask_to_read_all(model: &mut Model) -> Vec<Effect> {
    let extent = model.payments.extent.as_ref();
    let requests = extent.and_then(|extent| extent.requests_left);
    match requests {
        Some(few) if few <= UNASKED => reading::read_all(model),
        requests => {
            model.overlay = Some(Overlay::Confirm(Confirm::whole_history(requests)));
            Vec::new()
        }
    }
}

fn move_cursor(model: &mut Model, action: Action) -> Vec<Effect> {
    let layout = super::view::layout(model);
    let state = &mut model.payments;
    if state.focus == Focus::Detail {
        if let Some(in_full) = &mut state.in_full {
            let scroll = in_full.scroll;
            in_full.scroll = match action {
                Action::Up => scroll.saturating_sub(1),
                Action::Down => scroll.saturating_add(1),
                Action::PageUp => scroll.saturating_sub(10),
                Action::PageDown => scroll.saturating_add(10),
                Action::First => 0,
                Action::Last => u16::MAX,
                _ => scroll,
            };
        }
        return Vec::new();
    }
    if let Some(charts) = &mut state.charts {
        let count = charts.figures.as_ref().map_or(0, |one| one.months.len());
        let page = layout.page;
        // The months have no selection: the keys move the window.
        let mut top = charts.cursor;
        top.at = top.offset;
        top.act(action, count.saturating_sub(page) + 1, page);
        charts.cursor.offset = top.at;
        charts.cursor.at = top.at;
        return Vec::new();
    }
    state.cursor.act(action, state.rows.len(), layout.page);
    moved(model)
}

/// The cursor is on another row.
pub(super) fn moved(model: &mut Model) -> Vec<Effect> {
    let state = &mut model.payments;
    state.chosen = state.selected().map(|row| row.id);
    reading::read_on(model)
}

/// Why a key does nothing on Payments.
pub(in crate::tui) fn refusal(model: &Model, action: Action) -> Option<String> {
    let state = &model.payments;
    if state.of.is_none() {
        return Some(model.spell(no_account(model)));
    }
    let unread = state.extent.is_none();
    let reason = match action {
        Action::Back => return None,
        Action::Enter | Action::FocusNext | Action::FocusPrevious if state.charts.is_some() => {
            "The charts have no details: {payments.charts} shows the payments again."
        }
        Action::Enter if state.focus == Focus::Detail => "This is as deep as it goes.",
        Action::Enter | Action::FocusNext | Action::FocusPrevious if state.rows.is_empty() => {
            "There is no payment to show."
        }
        Action::Refresh | Action::ReadAll if state.whole => {
            "The whole history is being read; {payments.back} stops."
        }
        Action::Refresh if state.reading.is_some() => "It is being read already.",
        Action::ReadAll if unread => "Nothing is stored yet: {payments.refresh} reads the newest.",
        Action::ReadAll if state.extent.as_ref().is_some_and(|extent| extent.complete) => {
            "All payments of this account are stored already."
        }
        Action::Search | Action::FilterForm | Action::Sort | Action::TurnRound | Action::Charts
            if unread =>
        {
            "Nothing is stored yet: {payments.refresh} reads the newest."
        }
        Action::Search | Action::FilterForm | Action::Sort | Action::TurnRound
            if state.charts.is_some() =>
        {
            "The charts are of all payments: {payments.charts} shows the payments again."
        }
        _ => return None,
    };
    Some(model.spell(reason))
}

/// Why no payment can be shown, to be spelled.
pub(super) fn no_account(model: &Model) -> &'static str {
    if model.setup.is_locked() || model.data.users.is_empty() {
        crate::tui::screen::no_users(model)
    } else {
        "No account is chosen: {everywhere.go-users} shows the users; {users.focus-next} to an \
         account, then {everywhere.go-payments}."
    }
}

/// Keeps the selections in range and in sight.
pub(in crate::tui) fn settle(model: &mut Model) {
    if model.payments.of.is_none() {
        return;
    }
    let layout = super::view::layout(model);
    let state = &mut model.payments;
    state.cursor.settle(state.rows.len(), layout.page);
    if state.chosen.is_none() {
        state.chosen = state.selected().map(|row| row.id);
    }
    if let Some(charts) = &mut state.charts {
        let count = charts.figures.as_ref().map_or(0, |one| one.months.len());
        charts.cursor.offset = charts.cursor.offset.min(count.saturating_sub(layout.page));
    }
    let scrolled = state.in_full.as_ref().is_some_and(|one| one.scroll > 0);
    if scrolled {
        let last = super::view::last_scroll(model);
        if let Some(in_full) = &mut model.payments.in_full {
            in_full.scroll = in_full.scroll.min(last);
        }
    }
}
