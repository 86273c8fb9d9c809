//! What follows from every change on Users, and what the mouse does to its panes.

use ratatui::layout::Position;

use super::rows::{AccountRows, UserRows, account_id};
use super::update::{number, recall};
use super::{About, Focus, all, automatic};
use crate::tui::app::{Effect, Model};
use crate::tui::lists::{self, List};
use crate::tui::widget::text::decimals;

/// Keeps the selections in range and in sight, and what depends on them in line.
pub(in crate::tui) fn settle(model: &mut Model) -> Vec<Effect> {
    let layout = super::view::layout(model);
    let rows = UserRows {
        users: &model.data.users,
        forms: &model.facts.forms,
    };
    let job = model.users.users.settle(&rows, layout.users_page);
    let mut effects: Vec<_> = lists::ask(model, List::Users, job).into_iter().collect();
    let number = number(model);
    if number != model.users.chosen {
        model.users.chosen = number;
        effects.extend(on_chosen(model));
    }
    effects.extend(settle_accounts(model, layout.accounts_page));
    effects.extend(all::settle(model));
    automatic::settle(model);
    if model.users.scroll > 0 {
        model.users.scroll = model.users.scroll.min(super::view::last_scroll(model));
    }
    effects
}

/// Another user is under the cursor.
fn on_chosen(model: &mut Model) -> Vec<Effect> {
    let state = &mut model.users;
    state.accounts.restart();
    state.scroll = 0;
    if state.focus == Focus::Users {
        state.about = About::User;
    }
    if let Some((user, account)) = state.goal.take()
        && state.chosen == Some(user)
    {
        state.accounts.want(account_id(account));
    }
    recall(model)
}

fn settle_accounts(model: &mut Model, page: usize) -> Option<Effect> {
    let remote = model
        .users
        .chosen
        .and_then(|user| Some((user, model.data.accounts.get(&user)?)));
    let of = remote.map(|(user, remote)| (user, remote.version()));
    let rows = remote
        .and_then(|(_, remote)| remote.value())
        .map_or(&[][..], |accounts| accounts.rows.as_slice());
    if model.users.decimals.0 != of {
        let most = decimals(rows.iter().filter_map(|row| row.balance.as_ref()));
        model.users.decimals = (of, most);
    }
    let version = of.map_or(0, |(user, version)| u64::from(user.0) << 32 | version);
    let shares = model.users.shares;
    let rows = AccountRows {
        rows,
        shares,
        version,
    };
    let job = model.users.accounts.settle(&rows, page);
    lists::ask(model, List::Accounts, job)
}

/// A click on a pane: the keys act on it from now on.
pub(in crate::tui) fn take_focus(model: &mut Model, focus: Focus) {
    let state = &mut model.users;
    if state.focus == focus {
        return;
    }
    state.focus = focus;
    state.scroll = 0;
    match focus {
        Focus::Users => state.about = About::User,
        Focus::Accounts => state.about = About::Account,
        Focus::Detail => {}
    }
}

/// The wheel over the details.
pub(in crate::tui) fn scroll(model: &mut Model, down: bool, lines: u16) {
    let scroll = &mut model.users.scroll;
    *scroll = if down {
        scroll.saturating_add(lines)
    } else {
        scroll.saturating_sub(lines)
    };
}

/// Whether a place is within the details.
pub(in crate::tui) fn hit(model: &Model, position: Position) -> bool {
    let area = super::view::layout(model).detail;
    let shown = model.users.all.is_none() && !model.data.users.is_empty();
    shown && area.is_some_and(|area| area.contains(position))
}
