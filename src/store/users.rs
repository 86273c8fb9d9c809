//! Connected users. Their numbers count up from 1 and are never given twice.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::row::{get, id, id_column, opt_id, opt_id_column, opt_time, secret, text, time};
use super::{NewSession, Store, StoreError, Tx};
use crate::base::{AccountId, BankText, Secret, UserId, UserKind, UserNumber};

/// A bunq user who connected to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// Its local number.
    pub number: UserNumber,
    /// What sort of user.
    pub kind: UserKind,
    /// Its name at the bank.
    pub name: BankText,
    /// The user who gave the grant; older answers of the bank do not name it.
    pub granting_user_id: Option<UserId>,
    /// The `UserApiKey` that stands for the grant.
    pub api_key_id: UserId,
    /// The access token, with which sessions are opened.
    pub access_token: Secret,
    /// When the grant was given, or given again.
    pub connected_at: Timestamp,
    /// When the bank first said that the grant is gone.
    pub revoked_at: Option<Timestamp>,
    /// The bank's own body of the profile.
    pub profile_raw: Option<String>,
    /// When that was read.
    pub profile_as_of: Option<Timestamp>,
}

/// A user as it just connected: a [`UserRow`] without a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// What sort of user.
    pub kind: UserKind,
    /// Its name at the bank.
    pub name: BankText,
    /// The user who gave the grant, where the bank named it.
    pub granting_user_id: Option<UserId>,
    /// The `UserApiKey` that stands for the grant.
    pub api_key_id: UserId,
    /// The access token.
    pub access_token: Secret,
    /// When the grant was given.
    pub connected_at: Timestamp,
    /// The bank's own body of the profile, when it was read already.
    pub profile_raw: Option<String>,
    /// When that was read.
    pub profile_as_of: Option<Timestamp>,
}

/// What became of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SavedGrant {
    /// The user's number.
    pub number: UserNumber,
    /// Whether the user was known already and keeps its number.
    pub again: bool,
}

impl Store {
    /// All users, by number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn users(&self) -> Result<Vec<UserRow>, StoreError> {
        self.read(|tx| tx.users())
    }

    /// One user.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn user(&self, number: UserNumber) -> Result<Option<UserRow>, StoreError> {
        self.read(|tx| tx.user(number))
    }

    /// Keeps a grant with its session and the accounts it opens, in one transaction. The user is
    /// recognised by the granting user's id, else by an account that both grants hold, else it
    /// is a new one. Who is recognised keeps the number, and the new token and session replace
    /// the old ones.
    ///
    /// Two grants whose granting users are both known and differ are never taken for one: a
    /// joint account is in the grants of two persons.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_grant(
        &self,
        user: &NewUser,
        session: &NewSession,
        accounts: &[AccountId],
    ) -> Result<SavedGrant, StoreError> {
        self.write(|tx| tx.save_grant(user, session, accounts))
    }

    /// Marks that the bank refuses this access token, and drops its session. The user's last
    /// figures stay. The first mark counts; a session that opens takes it away. A token that was
    /// replaced meanwhile marks nothing.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn mark_revoked(
        &self,
        number: UserNumber,
        access_token: &Secret,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let marked = tx.0.execute(
                "UPDATE user SET revoked_at = coalesce(revoked_at, ?)
                 WHERE number = ? AND access_token = ?",
                params![at.to_string(), number.0, access_token.expose()],
            )?;
            if marked > 0 {
                tx.delete_session(number)?;
            }
            Ok(())
        })
    }

    /// Forgets a user with its session and accounts.
    ///
    /// # Errors
    /// When there is no such user, or the store cannot be written.
    pub fn forget_user(&self, number: UserNumber) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.delete_session(number)?;
            for readings in ["account_reading", "payment_reading"] {
                tx.0.execute(
                    &format!("DELETE FROM {readings} WHERE user = ?1 AND ?1 > 0"),
                    [number.0],
                )?;
            }
            let deleted =
                tx.0.execute("DELETE FROM user WHERE number = ?", [number.0])?;
            found(deleted, number)
        })
    }

    /// Keeps a profile as it was just read.
    ///
    /// # Errors
    /// When there is no such user, or the store cannot be written.
    pub fn save_profile(
        &self,
        number: UserNumber,
        raw: &str,
        name: &BankText,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let saved = tx.0.execute(
                "UPDATE user SET profile_raw = ?, name = ?, profile_as_of = ? WHERE number = ?",
                params![raw, name.as_str(), at.to_string(), number.0],
            )?;
            found(saved, number)
        })
    }
}

impl Tx<'_> {
    /// Marks every grant as gone, and drops all sessions of users. Their last figures stay.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn mark_all_revoked(&self, at: Timestamp) -> Result<(), StoreError> {
        self.0.execute(
            "UPDATE user SET revoked_at = coalesce(revoked_at, ?)",
            [at.to_string()],
        )?;
        self.0.execute("DELETE FROM session WHERE owner > 0", [])?;
        Ok(())
    }

    /// As [`Store::users`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn users(&self) -> Result<Vec<UserRow>, StoreError> {
        self.0
            .prepare_cached("SELECT * FROM user ORDER BY number")?
            .query_and_then([], from_row)?
            .collect()
    }

    /// As [`Store::user`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn user(&self, number: UserNumber) -> Result<Option<UserRow>, StoreError> {
        self.0
            .prepare_cached("SELECT * FROM user WHERE number = ?")?
            .query_and_then([number.0], from_row)?
            .next()
            .transpose()
    }

    /// As [`Store::save_grant`].
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_grant(
        &self,
        user: &NewUser,
        session: &NewSession,
        accounts: &[AccountId],
    ) -> Result<SavedGrant, StoreError> {
        let known = match self.by_granting_user(user)? {
            None => self.by_accounts(user, accounts)?,
            known => known,
        };
        let number = match known {
            Some(number) => self.renew(number, user)?,
            None => self.insert(user)?,
        };
        self.save_session(&session.clone().of(number))?;
        self.0
            .execute("DELETE FROM granted_account WHERE user = ?", [number.0])?;
        let mut insert = self
            .0
            .prepare_cached("INSERT OR IGNORE INTO granted_account VALUES (?, ?)")?;
        for account in accounts {
            insert.execute(params![number.0, id_column(account.0)?])?;
        }
        Ok(SavedGrant {
            number,
            again: known.is_some(),
        })
    }

    /// What comes back from the bank late must not bring a forgotten user back.
    pub(super) fn check_user(&self, number: UserNumber) -> Result<(), StoreError> {
        if number.is_provider() || self.user(number)?.is_some() {
            return Ok(());
        }
        Err(StoreError::UnknownUser(number))
    }

    fn by_granting_user(&self, user: &NewUser) -> Result<Option<UserNumber>, StoreError> {
        let Some(granting) = user.granting_user_id else {
            return Ok(None);
        };
        self.0
            .prepare_cached("SELECT number FROM user WHERE granting_user_id = ?")?
            .query_and_then([id_column(granting.0)?], |row| {
                get(row, "number").map(UserNumber)
            })?
            .next()
            .transpose()
    }

    /// The user with whom this grant shares most accounts; nobody when two share as many.
    fn by_accounts(
        &self,
        user: &NewUser,
        accounts: &[AccountId],
    ) -> Result<Option<UserNumber>, StoreError> {
        let mut holders = self.0.prepare_cached(
            "SELECT number FROM user
             WHERE (granting_user_id IS NULL OR ?2)
               AND (number IN (SELECT user FROM granted_account WHERE account = ?1)
                    OR number IN (SELECT user FROM account WHERE id = ?1))",
        )?;
        let unnamed = user.granting_user_id.is_none();
        let mut shared = std::collections::BTreeMap::<u32, usize>::new();
        for account in accounts {
            let found = holders.query_and_then(params![id_column(account.0)?, unnamed], |row| {
                get::<u32>(row, "number")
            })?;
            for number in found {
                *shared.entry(number?).or_default() += 1;
            }
        }
        let most = shared.values().copied().max().unwrap_or_default();
        let mut best = shared.into_iter().filter(|(_, count)| *count == most);
        Ok(match (best.next(), best.next()) {
            (Some((number, _)), None) => Some(UserNumber(number)),
            _ => None,
        })
    }

    fn insert(&self, user: &NewUser) -> Result<UserNumber, StoreError> {
        self.0.execute(
            "INSERT INTO user (kind, name, granting_user_id, api_key_id, access_token,
                               connected_at, profile_raw, profile_as_of)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                user.kind.key(),
                user.name.as_str(),
                opt_id_column(user.granting_user_id.map(|id| id.0))?,
                id_column(user.api_key_id.0)?,
                user.access_token.expose(),
                user.connected_at.to_string(),
                user.profile_raw,
                user.profile_as_of.map(|at| at.to_string()),
            ],
        )?;
        u32::try_from(self.0.last_insert_rowid())
            .map(UserNumber)
            .map_err(|_| StoreError::Value("a user's number"))
    }

    fn renew(&self, number: UserNumber, user: &NewUser) -> Result<UserNumber, StoreError> {
        self.0.execute(
            "UPDATE user SET kind = ?, name = ?,
                 granting_user_id = coalesce(?, granting_user_id),
                 api_key_id = ?, access_token = ?, connected_at = ?, revoked_at = NULL,
                 profile_raw = coalesce(?, profile_raw),
                 profile_as_of = coalesce(?, profile_as_of)
             WHERE number = ?",
            params![
                user.kind.key(),
                user.name.as_str(),
                opt_id_column(user.granting_user_id.map(|id| id.0))?,
                id_column(user.api_key_id.0)?,
                user.access_token.expose(),
                user.connected_at.to_string(),
                user.profile_raw,
                user.profile_as_of.map(|at| at.to_string()),
                number.0,
            ],
        )?;
        Ok(number)
    }
}

fn found(changed: usize, number: UserNumber) -> Result<(), StoreError> {
    if changed == 0 {
        return Err(StoreError::UnknownUser(number));
    }
    Ok(())
}

fn from_row(row: &Row<'_>) -> Result<UserRow, StoreError> {
    Ok(UserRow {
        number: UserNumber(get(row, "number")?),
        kind: UserKind::from_key(&get::<String>(row, "kind")?),
        name: text(row, "name")?,
        granting_user_id: opt_id(row, "granting_user_id")?.map(UserId),
        api_key_id: UserId(id(row, "api_key_id")?),
        access_token: secret(row, "access_token")?,
        connected_at: time(row, "connected_at")?,
        revoked_at: opt_time(row, "revoked_at")?,
        profile_raw: get(row, "profile_raw")?,
        profile_as_of: opt_time(row, "profile_as_of")?,
    })
}
