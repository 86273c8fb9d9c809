//! Users: a table of users over the chosen user's accounts, with a detail pane.

mod answers;
mod columns;
mod detail;
mod everyone;
mod shares;
mod update;
mod view;

use crate::base::{Problem, UserNumber};
use crate::tui::data::{Epoch, Generation};
use crate::tui::widget::list::Cursor;
use crate::workspace::{Accounts, RefreshProgress, Refreshed, UserProfile, UserSummary};

pub(in crate::tui) use answers::update;
pub(in crate::tui) use detail::{fields, labelled};
pub(in crate::tui) use everyone::stop_refresh;
pub(in crate::tui) use update::{
    act, enter, forget, is_revoked, problems, refusal, selected_account, settle, show, start_over,
    welcome,
};
pub(in crate::tui) use view::view;

/// Which pane has the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::tui) enum Focus {
    /// The users.
    #[default]
    Users,
    /// The chosen user's accounts.
    Accounts,
    /// The details.
    Detail,
}

/// What the details are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::tui) enum About {
    /// The chosen user.
    #[default]
    User,
    /// The chosen account.
    Account,
}

/// What the screen holds.
#[derive(Clone, Debug, Default)]
pub(in crate::tui) struct State {
    pub(in crate::tui) focus: Focus,
    pub(in crate::tui) about: About,
    /// The chosen user; the cursor follows it when rows move.
    pub(in crate::tui) chosen: Option<UserNumber>,
    pub(in crate::tui) users: Cursor,
    pub(super) accounts: Cursor,
    /// The first line of the details that is seen.
    pub(super) scroll: u16,
    /// Whether the accounts are shown by their share in the total.
    pub(in crate::tui) shares: bool,
    /// The newest list that was asked for.
    pub(in crate::tui) listing: Generation,
    /// The read that began by itself, because nothing was stored.
    pub(super) unasked: Option<Generation>,
    /// Why the last list could not be read.
    pub(super) problem: Option<Problem>,
    /// Bringing all users up to date.
    pub(in crate::tui) everyone: everyone::Everyone,
}

/// Something that happened on Users.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) enum Msg {
    /// The users were listed.
    Listed {
        generation: Generation,
        result: Result<Vec<UserSummary>, Problem>,
    },
    /// A user's accounts as last read were looked up.
    AccountsRecalled {
        epoch: Epoch,
        user: UserNumber,
        result: Result<Option<Accounts>, Problem>,
    },
    /// The bank told a user's accounts.
    AccountsRead {
        generation: Generation,
        user: UserNumber,
        result: Result<Accounts, Problem>,
    },
    /// A user's profile as last read was looked up.
    ProfileRecalled {
        epoch: Epoch,
        user: UserNumber,
        result: Result<Option<UserProfile>, Problem>,
    },
    /// The bank told a user's profile.
    ProfileRead {
        generation: Generation,
        user: UserNumber,
        result: Result<UserProfile, Problem>,
    },
    /// A user was forgotten.
    Forgotten {
        epoch: Epoch,
        user: UserNumber,
        result: Result<(), Problem>,
    },
    /// One more user was brought up to date, or could not be.
    Refreshing {
        generation: Generation,
        progress: Box<RefreshProgress>,
    },
    /// All users were dealt with, or something that concerns all stopped it.
    AllRefreshed {
        generation: Generation,
        result: Result<Refreshed, Problem>,
    },
}
