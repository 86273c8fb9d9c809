//! Users, profiles and accounts: what is stored, and what the bank says now.

use std::collections::HashMap;

use bytes::Bytes;
use jiff::Timestamp;

use super::details;
use super::sessions::{not_set_up, unknown_user};
use super::{AccountSummary, Accounts, Stage, UserProfile, UserSummary, Workspace};
use crate::base::{
    AccountId, AccountKind, BankText, Exit, Iban, Money, Problem, Totals, UserKind, UserNumber,
};
use crate::bunq::Account;
use crate::store::{self, AccountRow, ProviderRow, SessionRow, UserRow};

/// What the bank said, read and as it came.
#[derive(Clone, Debug)]
pub struct Read<T> {
    /// Our reading.
    pub value: T,
    /// The bank's bodies, one for each page, byte for byte.
    pub raw: Vec<Bytes>,
}

/// One of the accounts of all users, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccount<'a> {
    /// Whose.
    pub user: UserNumber,
    /// Its owner's name.
    pub owner: &'a BankText,
    /// The bank's number.
    pub id: AccountId,
    /// What its owner calls it.
    pub description: BankText,
    /// Its IBAN, where it has one.
    pub iban: Option<Iban>,
    /// What it is.
    pub kind: AccountKind,
    /// Its balance, where the bank tells.
    pub balance: Option<Money>,
    /// ACTIVE, BLOCKED, …
    pub status: BankText,
}

impl Workspace {
    /// The users, ourselves first where we have accounts of our own.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn users(&self) -> Result<Vec<UserSummary>, Problem> {
        let sessions: HashMap<_, _> = self
            .store
            .sessions()?
            .into_iter()
            .map(|row| (row.owner, row))
            .collect();
        let summaries: HashMap<_, _> = self
            .store
            .account_summaries()?
            .into_iter()
            .map(|summary| (summary.user, summary))
            .collect();
        let row = |number: UserNumber| {
            self.bare_summary(number, sessions.get(&number), summaries.get(&number))
        };
        let mut users = Vec::new();
        if let Some(provider) = self.ourselves()? {
            users.push(of_provider(provider, row(UserNumber::PROVIDER)));
        }
        let anew_at = self.set_up_anew_at()?;
        for user in self.store.users()? {
            let row = row(user.number);
            users.push(of_user(user, row, anew_at));
        }
        Ok(users)
    }

    /// One row of [`Workspace::users`], without reading the others.
    ///
    /// # Errors
    /// When there is no such user, or the store cannot be read.
    pub fn user_summary(&self, user: UserNumber) -> Result<UserSummary, Problem> {
        let session = self.store.session(user)?;
        let accounts = self.store.account_summary(user)?;
        let row = self.bare_summary(user, session.as_ref(), accounts.as_ref());
        let unknown = || unknown_user(user);
        if user.is_provider() {
            let provider = self.ourselves()?.ok_or_else(unknown)?;
            return Ok(of_provider(provider, row));
        }
        let found = self.store.user(user)?.ok_or_else(unknown)?;
        Ok(of_user(found, row, self.set_up_anew_at()?))
    }

    /// The provider, where it has accounts of its own and they can be asked for.
    pub(super) fn ourselves(&self) -> Result<Option<ProviderRow>, Problem> {
        let provider = self.store.provider()?;
        Ok(provider.filter(|row| row.kind.has_accounts() && row.user_id.is_some()))
    }

    /// A user's row without who it is.
    fn bare_summary(
        &self,
        number: UserNumber,
        session: Option<&SessionRow>,
        accounts: Option<&store::AccountSummary>,
    ) -> UserSummary {
        UserSummary {
            number,
            name: BankText::default(),
            kind: UserKind::Other,
            accounts: accounts.map(|summary| summary.count),
            totals: accounts.map_or_else(Totals::default, |summary| {
                summary.balances.iter().copied().collect()
            }),
            connected_at: None,
            session: self.session_state(session),
            revoked_at: None,
            of_earlier_setup: false,
            as_of: accounts.map(|summary| summary.as_of),
        }
    }

    /// A user's accounts as last read; none when they never were.
    ///
    /// # Errors
    /// When there is no such user, or the store cannot be read.
    pub fn stored_accounts(&self, user: UserNumber) -> Result<Option<Accounts>, Problem> {
        self.check_has_accounts(user)?;
        Ok(self.store.accounts(user)?.map(|stored| Accounts {
            as_of: stored.as_of,
            rows: stored.rows.into_iter().map(stored_summary).collect(),
        }))
    }

    /// The accounts of all users as last read, one after the other: by user, in the bank's order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn all_stored_accounts(
        &self,
        mut each: impl FnMut(StoredAccount<'_>),
    ) -> Result<(), Problem> {
        let ourselves = self.ourselves()?;
        let ourselves = ourselves.and_then(|row| row.name).unwrap_or_default();
        self.store.each_account(|line| {
            each(StoredAccount {
                user: line.user,
                owner: line.owner.as_ref().unwrap_or(&ourselves),
                id: line.id,
                description: line.description,
                iban: line.iban,
                kind: line.kind,
                balance: line.balance,
                status: line.status,
            });
        })?;
        Ok(())
    }

    /// Asks the bank for a user's accounts and keeps them.
    ///
    /// # Errors
    /// When there is no such user, or the call fails. What was stored stays.
    pub async fn read_accounts(&self, user: UserNumber) -> Result<Read<Accounts>, Problem> {
        self.check_has_accounts(user)?;
        let answer = self
            .in_session(user, |client, session| async move {
                session.accounts(&client).await
            })
            .await?;
        let as_of = self.keep_accounts(user, &answer.value)?;
        Ok(Read {
            value: Accounts {
                as_of,
                rows: answer.value.iter().map(summary).collect(),
            },
            raw: answer.raw,
        })
    }

    /// Keeps what was read just now, unless it belongs to somebody else.
    pub(super) fn keep_accounts(
        &self,
        user: UserNumber,
        accounts: &[Account],
    ) -> Result<Timestamp, Problem> {
        let owner = match user.is_provider() {
            true => self.store.provider()?.and_then(|row| row.user_id),
            false => self.store.user(user)?.and_then(|row| row.granting_user_id),
        };
        if let Some(owner) = owner {
            Account::check_owner(accounts, &[owner])?;
        }
        let as_of = self.settings.clock.now();
        let rows: Vec<_> = accounts.iter().map(account_row).collect();
        self.store.replace_accounts(user, &rows, as_of)?;
        Ok(as_of)
    }

    /// A user's profile as last read; none when it never was.
    ///
    /// # Errors
    /// When there is no such user, or the store cannot be read.
    pub fn stored_profile(&self, user: UserNumber) -> Result<Option<UserProfile>, Problem> {
        if user.is_provider() {
            return Ok(None);
        }
        let row = self.store.user(user)?.ok_or_else(|| unknown_user(user))?;
        let (Some(raw), Some(as_of)) = (row.profile_raw, row.profile_as_of) else {
            return Ok(None);
        };
        Ok(details::stored_profile(&raw).map(|profile| UserProfile {
            number: user,
            name: profile.name.clone(),
            kind: profile.kind,
            fields: details::of_profile(&profile),
            as_of,
        }))
    }

    /// Asks the bank for a user's profile and keeps it.
    ///
    /// # Errors
    /// When there is no such user, or the call fails. What was stored stays.
    pub async fn read_profile(&self, user: UserNumber) -> Result<Read<UserProfile>, Problem> {
        self.check_exists(user)?;
        let answer = self
            .in_session(user, |client, session| async move {
                session.read_user(&client).await
            })
            .await?;
        let as_of = self.settings.clock.now();
        let profile = answer.value.profile();
        let raw = answer.raw.first().map(|body| String::from_utf8_lossy(body));
        let raw = raw.unwrap_or_default();
        if user.is_provider() {
            self.store.save_provider_profile(&raw)?;
        } else {
            self.store.save_profile(user, &raw, &profile.name, as_of)?;
        }
        Ok(Read {
            value: UserProfile {
                number: user,
                name: profile.name.clone(),
                kind: profile.kind,
                fields: details::of_profile(profile),
                as_of,
            },
            raw: answer.raw,
        })
    }

    /// Forgets a user's grant, its session and its figures. The session is closed at the bank
    /// too where that can be done; the grant lives on there until its owner removes it.
    ///
    /// # Errors
    /// When there is no such user, or the store cannot be written.
    pub async fn forget(&self, user: UserNumber) -> Result<(), Problem> {
        if user.is_provider() {
            return Err(Problem::new("User 0 is ourselves", Exit::Usage)
                .because("it was not connected, so there is no grant to forget")
                .next("Name a connected user; `bunq-tui users` lists them."));
        }
        self.check_exists(user)?;
        let session = self.stored_session(user)?;
        self.store.forget_user(user)?;
        if let Some(session) = session {
            // Forgotten it is; where this fails, the bank ends the session by itself later.
            let _ = session.close(&self.client).await;
        }
        Ok(())
    }

    fn check_exists(&self, user: UserNumber) -> Result<(), Problem> {
        if user.is_provider() {
            return self.store.provider()?.map(drop).ok_or_else(not_set_up);
        }
        match self.store.user(user)? {
            Some(_) => Ok(()),
            None if self.stage()? != Stage::Ready => Err(not_set_up()),
            None => Err(unknown_user(user)),
        }
    }

    pub(super) fn check_has_accounts(&self, user: UserNumber) -> Result<(), Problem> {
        self.check_exists(user)?;
        let provider = self.store.provider()?;
        if user.is_provider() && provider.is_some_and(|provider| !provider.kind.has_accounts()) {
            return Err(Problem::new("A PSD2 provider has no accounts", Exit::Usage)
                .because("user 0 is ourselves, and we only read what others share")
                .next("Connect a user, then name its number."));
        }
        Ok(())
    }
}

fn of_provider(provider: ProviderRow, row: UserSummary) -> UserSummary {
    UserSummary {
        name: provider.name.unwrap_or_default(),
        kind: provider.kind,
        ..row
    }
}

fn of_user(user: UserRow, row: UserSummary, anew_at: Option<Timestamp>) -> UserSummary {
    UserSummary {
        name: user.name,
        kind: user.kind,
        connected_at: Some(user.connected_at),
        revoked_at: user.revoked_at,
        of_earlier_setup: user.revoked_at.is_some() && user.revoked_at == anew_at,
        ..row
    }
}

fn account_row(account: &Account) -> AccountRow {
    AccountRow {
        id: account.id,
        kind: account.kind.clone(),
        description: account.description.clone(),
        iban: account.iban.clone(),
        balance: account.balance,
        status: BankText::new(account.status.wire()),
        raw: account.raw.clone(),
    }
}

fn summary(account: &Account) -> AccountSummary {
    let row = account_row(account);
    AccountSummary {
        id: row.id,
        description: row.description,
        iban: row.iban,
        kind: row.kind,
        balance: row.balance,
        status: row.status,
        details: details::of_account(account),
    }
}

fn stored_summary(row: AccountRow) -> AccountSummary {
    AccountSummary {
        details: details::stored_account(&row.raw),
        id: row.id,
        description: row.description,
        iban: row.iban,
        kind: row.kind,
        balance: row.balance,
        status: row.status,
    }
}

/// The ids of these accounts.
pub(super) fn ids(accounts: &[Account]) -> Vec<AccountId> {
    accounts.iter().map(|account| account.id).collect()
}
