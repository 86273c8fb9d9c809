//! The users and a user's accounts as rows that can be found and sorted.

use std::sync::Arc;

use super::columns;
use crate::base::{AccountId, UserNumber};
use crate::tui::data::Users;
use crate::tui::forms::Forms;
use crate::tui::listing::{Index, Key, RowId, Rows};
use crate::workspace::{AccountSummary, SessionState};

/// A user as a row.
pub(in crate::tui) fn user_id(user: UserNumber) -> RowId {
    user.0.into()
}

/// An account as a row.
pub(in crate::tui) fn account_id(account: AccountId) -> RowId {
    account.0.into()
}

/// The users.
pub(super) struct UserRows<'a> {
    pub(super) users: &'a Users,
    pub(super) forms: &'a Forms,
}

impl Rows for UserRows<'_> {
    fn len(&self) -> usize {
        self.users.len()
    }

    fn version(&self) -> u64 {
        self.users.version()
    }

    fn id(&self, place: usize) -> Option<RowId> {
        self.users.get(place).map(|user| user_id(user.number))
    }

    fn find(&self, id: RowId) -> Option<usize> {
        self.users
            .binary_search_by_key(&id, |user| user_id(user.number))
            .ok()
    }

    fn index(&self) -> Arc<Index> {
        let mut index = Index::default();
        for user in self.users.iter() {
            let number = user.number.to_string();
            let totals = user.totals.iter().map(|total| total.to_string());
            let totals: Vec<_> = totals.collect();
            let since = columns::since(self.forms, user);
            let state = columns::revoked(user).unwrap_or_default();
            index.push([
                number.as_str(),
                user.name.as_str(),
                user.kind.label(),
                &totals.join(" "),
                &since,
                state,
            ]);
        }
        Arc::new(index.finish())
    }

    fn key(&self, place: usize, column: usize) -> Key {
        let Some(user) = self.users.get(place) else {
            return Key::Missing;
        };
        match column {
            0 => Key::number(user.number.0),
            1 => Key::text(user.name.as_str()),
            2 => Key::text(user.kind.label()),
            3 => user.accounts.map_or(Key::Missing, Key::number),
            4 => Key::money(user.totals.iter().next().as_ref()),
            5 => Key::time(user.connected_at),
            6 => match user.session {
                _ if user.revoked_at.is_some() => Key::Missing,
                SessionState::None => Key::Number(0),
                SessionState::Expired => Key::Number(1),
                SessionState::Until(until) => Key::time(Some(until)),
            },
            _ => Key::time(user.as_of),
        }
    }
}

/// The accounts of one user.
pub(super) struct AccountRows<'a> {
    pub(super) rows: &'a [AccountSummary],
    /// Whether they are shown by their share: with columns of their own.
    pub(super) shares: bool,
    pub(super) version: u64,
}

impl Rows for AccountRows<'_> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn id(&self, place: usize) -> Option<RowId> {
        self.rows.get(place).map(|account| account_id(account.id))
    }

    fn index(&self) -> Arc<Index> {
        let mut index = Index::default();
        for account in self.rows {
            let balance = account.balance.map(|money| money.to_string());
            index.push([
                account.description.as_str(),
                account.iban.as_ref().map_or("", |iban| iban.as_str()),
                account.kind.label(),
                balance.as_deref().unwrap_or_default(),
                account.status.as_str(),
            ]);
        }
        Arc::new(index.finish())
    }

    fn key(&self, place: usize, column: usize) -> Key {
        let Some(account) = self.rows.get(place) else {
            return Key::Missing;
        };
        match column {
            0 => Key::text(account.description.as_str()),
            // A share is a balance in the total of its currency.
            _ if self.shares => Key::money(account.balance.as_ref()),
            1 => account
                .iban
                .as_ref()
                .map_or(Key::Missing, |iban| Key::text(iban.as_str())),
            2 => Key::text(account.kind.label()),
            3 => Key::money(account.balance.as_ref()),
            _ => Key::text(account.status.as_str()),
        }
    }
}
