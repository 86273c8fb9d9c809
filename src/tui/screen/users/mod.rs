//! Users: a table of users over the chosen user's accounts, with a detail pane.

mod all;
mod answers;
mod automatic;
mod columns;
mod detail;
mod everyone;
mod rows;
mod select;
mod settle;
mod shares;
mod update;
mod view;

use std::sync::Arc;

use crate::base::{AccountId, Problem, UserNumber};
use crate::tui::data::{Epoch, Generation};
use crate::tui::listing::Listing;
use crate::workspace::{Accounts, RefreshProgress, Refreshed, UserProfile, UserSummary};

pub(in crate::tui) use all::{AllAccounts, Collector};
pub(in crate::tui) use all::{open_count as all_count, owned_at, selected_owned};
pub(in crate::tui) use answers::update;
pub(in crate::tui) use automatic::{Shown, due, note_asked};
pub(in crate::tui) use detail::{fields, labelled};
pub(in crate::tui) use everyone::{begin as refresh_everyone, stop_refresh};
pub(in crate::tui) use select::{Selected, raw, selected, table};
pub(in crate::tui) use settle::{hit, scroll, settle, take_focus};
pub(in crate::tui) use update::{
    act, enter, focused_list, forget, is_revoked, marked_account, number, problems, refusal, show,
    start_over, welcome,
};
pub(in crate::tui) use view::{placed, view};

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
    /// The user whose accounts and details are shown.
    pub(in crate::tui) chosen: Option<UserNumber>,
    pub(in crate::tui) users: Listing,
    pub(in crate::tui) accounts: Listing,
    /// The account to select once its user is chosen.
    pub(super) goal: Option<(UserNumber, AccountId)>,
    /// How many decimals the shown accounts have, and of which reading that is.
    pub(in crate::tui) decimals: (Option<(UserNumber, u64)>, usize),
    /// The accounts of all users, while they are shown.
    pub(in crate::tui) all: Option<all::All>,
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
    /// What the automatic refresh goes by.
    pub(super) watched: automatic::Watched,
}

/// Something that happened on Users.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) enum Msg {
    /// The user that is shown is to be read again by itself.
    Due,
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
    /// The accounts of all users as last read were looked up.
    AllAccountsRecalled {
        generation: Generation,
        result: Result<Arc<AllAccounts>, Problem>,
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
