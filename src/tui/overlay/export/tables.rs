//! Which table is in focus, and its rows: the one place where an export takes them.

use crate::base::UserNumber;
use crate::tui::app::{Model, Screen};
use crate::tui::screen::{log, users};
use crate::workspace::export::Rows;

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The users.
    Users,
    /// The accounts of a user.
    Accounts(UserNumber),
    /// The requests of the Log.
    Requests,
}

impl Kind {
    /// In a sentence.
    pub(super) fn noun(self) -> String {
        match self {
            Self::Users => "users".into(),
            Self::Accounts(user) => format!("accounts of user {user}"),
            Self::Requests => "the log".into(),
        }
    }

    /// In a file's name.
    pub(super) fn stem(self) -> String {
        match self {
            Self::Users => "users".into(),
            Self::Accounts(user) => format!("accounts-{user}"),
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

/// The table in focus, or why there is none to take.
pub(super) fn in_focus(model: &Model) -> Result<Source, &'static str> {
    let (kind, count) = match model.screen {
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
        // Where a table has a filter that is on, what it shows goes here and into `rows`.
        shown: None,
    })
}

/// The rows of a table as they are now: all, or those that a filter shows.
pub(super) fn rows(model: &Model, kind: Kind, _only_shown: bool) -> Option<Rows> {
    match kind {
        Kind::Users => Some(Rows::Users(model.data.users.to_vec())),
        Kind::Accounts(user) => {
            let accounts = model.data.accounts.get(&user)?.value()?;
            Some(Rows::Accounts(accounts.clone()))
        }
        Kind::Requests => Some(Rows::Requests(log::all_lines(model))),
    }
}
