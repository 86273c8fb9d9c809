//! Which table is in focus, and its rows: the one place where an export takes them.

use crate::base::{AccountId, UserNumber};
use crate::tui::app::{Model, Screen};
use crate::tui::listing::Listing;
use crate::tui::lists::{self, List};
use crate::tui::screen::{log, payments, users};
use crate::workspace::Accounts;
use crate::workspace::export::Rows;

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The users.
    Users,
    /// The accounts of a user.
    Accounts(UserNumber),
    /// The accounts of all users.
    AllAccounts,
    /// The payments of an account that are listed.
    Payments(AccountId),
    /// The requests of the Log.
    Requests,
}

impl Kind {
    /// In a sentence.
    pub(super) fn noun(self) -> String {
        match self {
            Self::Users => "users".into(),
            Self::Accounts(user) => format!("accounts of user {user}"),
            Self::AllAccounts => "accounts of all users".into(),
            Self::Payments(account) => format!("listed payments of account {account}"),
            Self::Requests => "the log".into(),
        }
    }

    /// In a file's name.
    pub(super) fn stem(self) -> String {
        match self {
            Self::Users => "users".into(),
            Self::Accounts(user) => format!("accounts-{user}"),
            Self::AllAccounts => "all-accounts".into(),
            Self::Payments(account) => format!("payments-{account}"),
            Self::Requests => "log".into(),
        }
    }
}

/// A table to take rows from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    pub(super) kind: Kind,
    pub(super) count: usize,
    /// How many rows a filter shows; none where none is on.
    pub(super) shown: Option<usize>,
}

/// The table in focus on a screen, or why there is none to take.
pub(super) fn in_focus(model: &Model, screen: Screen) -> Result<Source, &'static str> {
    let (kind, count) = match screen {
        Screen::Users if model.users.all.is_some() => (
            Kind::AllAccounts,
            users::all_count(model).unwrap_or_default(),
        ),
        Screen::Payments => payments::table(model)
            .ok_or("No account is chosen here.")
            .map(|(account, count)| (Kind::Payments(account), count))?,
        Screen::Users => match users::table(model) {
            None => (Kind::Users, model.data.users.len()),
            Some((user, accounts)) => (Kind::Accounts(user), accounts.rows.len()),
        },
        Screen::Log => (Kind::Requests, log::count(model)),
        Screen::Setup | Screen::Connect | Screen::Doctor => {
            return Err("There is no table here.");
        }
    };
    if count == 0 {
        return Err("The table is empty.");
    }
    Ok(Source {
        kind,
        count,
        shown: shown(model, kind, count),
    })
}

/// The same table as it is now; none where another stands in its place.
pub(super) fn source(model: &Model, kind: Kind) -> Option<Source> {
    let count = match kind {
        _ if is_elsewhere(model, kind) => return None,
        Kind::Users => model.data.users.len(),
        Kind::Accounts(user) => model.data.accounts.get(&user)?.value()?.rows.len(),
        Kind::AllAccounts => users::all_count(model)?,
        Kind::Payments(_) => payments::table(model)?.1,
        Kind::Requests => log::count(model),
    };
    Some(Source {
        kind,
        count,
        shown: shown(model, kind, count),
    })
}

/// Whether the table on the screen is of another user or account by now.
fn is_elsewhere(model: &Model, kind: Kind) -> bool {
    match kind {
        Kind::Accounts(user) => model.users.chosen != Some(user),
        Kind::Payments(account) => payments::table(model).is_none_or(|(shown, _)| shown != account),
        Kind::Users | Kind::AllAccounts | Kind::Requests => false,
    }
}

/// Which rows are taken where no filter is on, in words.
pub(super) fn all_words(model: &Model, kind: Kind, count: usize) -> String {
    match kind {
        Kind::Payments(_) if !model.payments.wanted.is_all() => format!("the {count} found"),
        Kind::Payments(_) => format!("all {count} that are stored"),
        _ => format!("all {count}"),
    }
}

/// The rows of a table as they are now: all, or those that a filter shows. None where what was
/// chosen stands there no more.
pub(super) fn rows(model: &Model, kind: Kind, only_shown: bool) -> Option<Rows> {
    if is_elsewhere(model, kind) && (only_shown || matches!(kind, Kind::Payments(_))) {
        return None;
    }
    let all = |count: usize| places(model, kind, count, only_shown);
    match kind {
        Kind::Users => {
            let users = &model.data.users;
            Some(Rows::Users(picked(users, all(users.len()))))
        }
        Kind::Accounts(user) => {
            let accounts = model.data.accounts.get(&user)?.value()?;
            Some(Rows::Accounts(Accounts {
                as_of: accounts.as_of,
                rows: picked(&accounts.rows, all(accounts.rows.len())),
            }))
        }
        Kind::AllAccounts => {
            let count = users::all_count(model)?;
            let places = all(count).into_iter();
            Some(Rows::OwnedAccounts(users::owned_at(model, places)))
        }
        Kind::Payments(_) => payments::listed(model).map(Rows::Payments),
        Kind::Requests => {
            let lines = log::all_lines(model);
            let places = all(lines.len());
            Some(Rows::Requests(picked(&lines, places)))
        }
    }
}

/// What stands behind the table, where it is filtered here and not where it is stored.
fn list(kind: Kind) -> Option<List> {
    match kind {
        Kind::Users => Some(List::Users),
        Kind::Accounts(_) => Some(List::Accounts),
        Kind::AllAccounts => Some(List::AllAccounts),
        Kind::Payments(_) => None,
        Kind::Requests => Some(List::Log),
    }
}

/// How many rows a filter shows; none where none is on.
fn shown(model: &Model, kind: Kind, count: usize) -> Option<usize> {
    let listing = lists::listing(model, list(kind)?)?;
    listing.is_filtered().then(|| listing.shown(count))
}

/// Places of the rows to take, in the order of the table. Where its filter leaves rows out that
/// are wanted, they come as they are stored.
fn places(model: &Model, kind: Kind, count: usize, only_shown: bool) -> Vec<usize> {
    let here = !is_elsewhere(model, kind);
    let list = list(kind).filter(|_| here);
    let listing = list.and_then(|list| lists::listing(model, list));
    // While many rows are sorted anew, the order is still that of the rows before.
    let fits =
        |listing: &&Listing| only_shown || !listing.is_filtered() && listing.shown(count) == count;
    match listing.filter(fits) {
        Some(listing) => (0..listing.shown(count))
            .filter_map(|at| listing.place(at))
            .collect(),
        None => (0..count).collect(),
    }
}

fn picked<T: Clone>(rows: &[T], places: Vec<usize>) -> Vec<T> {
    places
        .into_iter()
        .filter_map(|place| rows.get(place).cloned())
        .collect()
}
