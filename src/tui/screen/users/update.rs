//! How Users changes.

use super::rows::{account_id, user_id};
use super::{About, Focus, State, all, automatic, everyone};
use crate::base::{AccountId, Problem, UserNumber};
use crate::tui::app::{Effect, Model};
use crate::tui::keymap::Action;
use crate::tui::lists::List;
use crate::tui::overlay::{Confirm, Overlay};
use crate::tui::screen::payments;
use crate::workspace::{AccountSummary, UserSummary};

impl State {
    /// The user under the cursor.
    pub(super) fn user<'a>(&self, users: &'a [UserSummary]) -> Option<&'a UserSummary> {
        users.get(self.users.selected()?)
    }
}

/// The chosen user's number.
pub(in crate::tui) fn number(model: &Model) -> Option<UserNumber> {
    model.users.user(&model.data.users).map(|user| user.number)
}

/// The chosen user's accounts.
pub(super) fn accounts(model: &Model) -> &[AccountSummary] {
    number(model)
        .and_then(|number| model.data.accounts.get(&number))
        .and_then(|remote| remote.value())
        .map_or(&[], |accounts| accounts.rows.as_slice())
}

/// The account under the cursor.
pub(in crate::tui) fn account(model: &Model) -> Option<&AccountSummary> {
    accounts(model).get(model.users.accounts.selected()?)
}

/// Selects an account, at once or when its user is chosen.
pub(super) fn want_account(model: &mut Model, user: UserNumber, account: AccountId) {
    if model.users.chosen == Some(user) {
        model.users.accounts.clear_filter();
        model.users.accounts.want(account_id(account));
    } else {
        model.users.goal = Some((user, account));
    }
}

/// The table that the keys act on.
pub(in crate::tui) fn focused_list(model: &Model) -> Option<List> {
    match (&model.users.all, model.users.focus) {
        _ if model.data.users.is_empty() => None,
        (Some(_), _) => Some(List::AllAccounts),
        (None, Focus::Users) => Some(List::Users),
        (None, Focus::Accounts) => Some(List::Accounts),
        (None, Focus::Detail) => None,
    }
}

/// The selected account, where one is selected and not a user.
pub(in crate::tui) fn selected_account(model: &Model) -> Option<payments::Of> {
    if model.users.all.is_some() {
        let owned = all::selected_owned(model)?;
        return Some(payments::Of {
            user: owned.user,
            account: owned.account.id,
            name: owned.account.description,
        });
    }
    if model.users.about != About::Account {
        return None;
    }
    marked_account(model)
}

/// The account that is marked, whichever pane has the focus.
pub(in crate::tui) fn marked_account(model: &Model) -> Option<payments::Of> {
    if model.users.all.is_some() {
        return selected_account(model);
    }
    let user = number(model)?;
    let account = account(model)?;
    Some(payments::Of {
        user,
        account: account.id,
        name: account.description.clone(),
    })
}

/// Whether a user's grant is known to be gone.
pub(in crate::tui) fn is_revoked(model: &Model, user: UserNumber) -> bool {
    let place = model.data.place_of(user);
    let row = place.and_then(|place| model.data.users.get(place));
    row.is_some_and(|row| row.revoked_at.is_some())
}

/// The users are there: the chosen one's accounts as stored, then fresh.
pub(in crate::tui) fn enter(model: &mut Model) -> Vec<Effect> {
    model.users.chosen = number(model);
    let Some(user) = number(model) else {
        return Vec::new();
    };
    let mut effects = vec![Effect::RecallAccounts { user }];
    effects.extend(read_accounts(model, user));
    effects
}

/// The screen was gone to: what is stored is enough.
pub(in crate::tui) fn show(model: &mut Model) -> Vec<Effect> {
    recall(model)
}

/// A new user is there: its accounts are read and have the focus.
pub(in crate::tui) fn welcome(model: &mut Model, user: UserNumber) -> Vec<Effect> {
    model.users.all = None;
    model.users.users.clear_filter();
    model.users.users.want(user_id(user));
    model.users.focus = Focus::Accounts;
    model.users.about = About::Account;
    let mut effects = list(model);
    effects.push(Effect::RecallAccounts { user });
    effects.extend(read_accounts(model, user));
    effects
}

/// The list is to be read from the store.
pub(super) fn list(model: &mut Model) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.users.listing = generation;
    vec![Effect::ListUsers { generation }]
}

/// What went wrong with what this screen shows.
pub(in crate::tui) fn problems(model: &Model) -> impl Iterator<Item = &Problem> {
    let chosen = number(model);
    let accounts = chosen.and_then(|number| model.data.accounts.get(&number)?.problem());
    let profile = chosen.and_then(|number| model.data.profiles.get(&number)?.problem());
    model
        .users
        .problem
        .iter()
        .chain(model.users.everyone.problem())
        .chain(accounts)
        .chain(profile)
}

/// Everything was set up anew: no old failure counts any more, and the rows changed.
pub(in crate::tui) fn start_over(model: &mut Model) -> Vec<Effect> {
    for remote in model.data.accounts.values_mut() {
        remote.mend();
    }
    for remote in model.data.profiles.values_mut() {
        remote.mend();
    }
    payments::mend(model);
    model.users.everyone.dismiss();
    list(model)
}

pub(super) fn read_accounts(model: &mut Model, user: UserNumber) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.data.accounts.entry(user).or_default().ask(generation);
    automatic::note_asked(model, automatic::Shown::Accounts(user));
    vec![Effect::ReadAccounts { generation, user }]
}

fn read_profile(model: &mut Model, user: UserNumber) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.data.profiles.entry(user).or_default().ask(generation);
    vec![Effect::ReadProfile { generation, user }]
}

/// The chosen user's stored accounts, unless they are known as they are stored.
pub(super) fn recall(model: &mut Model) -> Vec<Effect> {
    let Some(row) = model.users.user(&model.data.users) else {
        return Vec::new();
    };
    let (user, stored) = (row.number, row.as_of);
    let remote = model.data.accounts.entry(user).or_default();
    let known = remote.value().map(|accounts| accounts.as_of);
    if remote.is_loading() || known.is_some_and(|known| Some(known) >= stored) {
        return Vec::new();
    }
    vec![Effect::RecallAccounts { user }]
}

/// The store has nothing of a user: the bank is asked, once, if the selection rests there. Only
/// one such question is out at a time, so that running through the rows asks for no more.
pub(super) fn read_unread(model: &mut Model, user: UserNumber) -> Vec<Effect> {
    let chosen = model.users.user(&model.data.users);
    let rests = chosen.is_some_and(|row| row.number == user && row.revoked_at.is_none());
    let untried = model.data.accounts.get(&user).is_some_and(|remote| {
        remote.value().is_none() && remote.problem().is_none() && !remote.is_loading()
    });
    if !rests || !untried || model.users.unasked.is_some() {
        return Vec::new();
    }
    let effects = read_accounts(model, user);
    model.users.unasked = model
        .data
        .accounts
        .get(&user)
        .and_then(|remote| remote.asked());
    effects
}

/// What a key does on Users.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.users.all.is_some() {
        return all::act(model, action);
    }
    match action {
        Action::AllAccounts => return all::open(model),
        Action::Enter => return deeper(model),
        Action::Back if model.users.everyone.is_running() => return everyone::stop(model),
        Action::Back => back(model),
        Action::FocusNext => turn(model, true),
        Action::FocusPrevious => turn(model, false),
        Action::Refresh => return refresh(model),
        Action::Forget => ask_to_forget(model),
        Action::Charts => super::shares::toggle(model),
        action => move_cursor(model, action),
    }
    Vec::new()
}

fn move_cursor(model: &mut Model, action: Action) {
    let layout = super::view::layout(model);
    match model.users.focus {
        Focus::Users => {
            let count = model.data.users.len();
            model.users.users.act(action, count, layout.users_page);
        }
        Focus::Accounts => {
            let count = accounts(model).len();
            model
                .users
                .accounts
                .act(action, count, layout.accounts_page);
            model.users.about = About::Account;
            model.users.scroll = 0;
        }
        Focus::Detail => {
            let scroll = &mut model.users.scroll;
            *scroll = match action {
                Action::Up => scroll.saturating_sub(1),
                Action::Down => scroll.saturating_add(1),
                Action::PageUp => scroll.saturating_sub(10),
                Action::PageDown => scroll.saturating_add(10),
                Action::First => 0,
                Action::Last => u16::MAX,
                _ => *scroll,
            };
        }
    }
}

/// Enter: on a user its profile, on an account its detail.
fn deeper(model: &mut Model) -> Vec<Effect> {
    model.users.scroll = 0;
    match model.users.focus {
        Focus::Users => {
            let Some(user) = number(model) else {
                return Vec::new();
            };
            model.users.focus = Focus::Detail;
            model.users.about = About::User;
            let known = model.data.profiles.get(&user);
            if known.is_some_and(|remote| remote.value().is_some() || remote.is_loading()) {
                return Vec::new();
            }
            let mut effects = vec![Effect::RecallProfile { user }];
            effects.extend(read_profile(model, user));
            effects
        }
        Focus::Accounts => {
            model.users.focus = Focus::Detail;
            model.users.about = About::Account;
            Vec::new()
        }
        Focus::Detail => match selected_account(model) {
            Some(of) => payments::open(model, of),
            None => Vec::new(),
        },
    }
}

fn back(model: &mut Model) {
    if model.users.focus == Focus::Users {
        model.users.everyone.dismiss();
    }
    model.users.focus = match (model.users.focus, model.users.about) {
        (Focus::Detail, About::Account) => Focus::Accounts,
        _ => Focus::Users,
    };
    if model.users.focus == Focus::Users {
        model.users.about = About::User;
    }
}

fn turn(model: &mut Model, forward: bool) {
    let state = &mut model.users;
    state.focus = match (state.focus, forward) {
        (Focus::Users, true) | (Focus::Detail, false) => Focus::Accounts,
        (Focus::Accounts, true) | (Focus::Users, false) => Focus::Detail,
        (Focus::Detail, true) | (Focus::Accounts, false) => Focus::Users,
    };
    match state.focus {
        Focus::Users => state.about = About::User,
        Focus::Accounts => state.about = About::Account,
        Focus::Detail => {}
    }
    state.scroll = 0;
}

fn refresh(model: &mut Model) -> Vec<Effect> {
    if everyone::is_meant(model) {
        return everyone::ask_or_begin(model);
    }
    let Some(user) = number(model) else {
        return Vec::new();
    };
    match (model.users.focus, model.users.about) {
        (Focus::Detail, About::User) => read_profile(model, user),
        _ => read_accounts(model, user),
    }
}

fn ask_to_forget(model: &mut Model) {
    if let Some(user) = model.users.user(&model.data.users) {
        model.overlay = Some(Overlay::Confirm(Confirm::forget(user.number, &user.name)));
    }
}

/// The person said yes.
pub(in crate::tui) fn forget(user: UserNumber) -> Vec<Effect> {
    vec![Effect::Forget { user }]
}

/// Why a key does nothing on Users.
pub(in crate::tui) fn refusal(model: &Model, action: Action) -> Option<String> {
    let user = model.users.user(&model.data.users);
    let reason = match action {
        _ if user.is_none() && model.setup.is_locked() => crate::tui::screen::LOCKED,
        _ if model.data.users.is_empty() => crate::tui::screen::no_users(model),
        action if model.users.all.is_some() => {
            return all::refusal(model, action).map(|words| model.spell(words));
        }
        Action::Enter | Action::Forget if user.is_none() => {
            "No user fits the filter: {users.back} shows all of them."
        }
        Action::Forget if user.is_some_and(|user| user.number.is_provider()) => {
            "Number 0 is yourself; only connected users can be forgotten."
        }
        Action::Enter if model.users.focus == Focus::Detail && model.users.about == About::User => {
            "This is as deep as it goes."
        }
        Action::Enter if model.users.focus != Focus::Users && accounts(model).is_empty() => {
            "There is no account to show. {users.refresh} reads them from the bank."
        }
        Action::Enter if model.users.focus != Focus::Users && account(model).is_none() => {
            "No account fits the filter: {users.back} shows all of them."
        }
        Action::Back if model.users.everyone.is_running() => return None,
        Action::Back
            if model.users.focus == Focus::Users && !model.users.everyone.tells_of_failure() =>
        {
            "This is the outermost list."
        }
        Action::Refresh if everyone::is_meant(model) => {
            return everyone::refusal(model);
        }
        Action::Refresh if is_reading(model) => "It is being read already.",
        _ => return None,
    };
    Some(model.spell(reason))
}

fn is_reading(model: &Model) -> bool {
    let Some(user) = number(model) else {
        return false;
    };
    match (model.users.focus, model.users.about) {
        (Focus::Detail, About::User) => model
            .data
            .profiles
            .get(&user)
            .is_some_and(|one| one.is_loading()),
        _ => model
            .data
            .accounts
            .get(&user)
            .is_some_and(|one| one.is_loading()),
    }
}
