//! One session for each user, the provider's under number 0.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Row, params};

use super::row::{get, id, id_column, secret, time};
use super::{Store, StoreError, Tx};
use crate::base::{Secret, SessionId, UserId, UserNumber};

/// An open session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose it is.
    pub owner: UserNumber,
    /// Its id.
    pub id: SessionId,
    /// Its token.
    pub token: Secret,
    /// The bunq user that it speaks for; under a grant the `UserApiKey`.
    pub user_id: UserId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When the bank will have closed it, as far as is known.
    pub expires_at: Timestamp,
    /// How far the bank's clock was ahead of ours when it was opened.
    pub clock_offset: SignedDuration,
}

/// A session of a user that has no number yet: a [`SessionRow`] without its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Its token.
    pub token: Secret,
    /// The `UserApiKey` that it speaks for.
    pub user_id: UserId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When the bank will have closed it, as far as is known.
    pub expires_at: Timestamp,
    /// How far the bank's clock was ahead of ours when it was opened.
    pub clock_offset: SignedDuration,
}

impl NewSession {
    /// With its owner.
    #[must_use]
    pub fn of(self, owner: UserNumber) -> SessionRow {
        SessionRow {
            owner,
            id: self.id,
            token: self.token,
            user_id: self.user_id,
            opened_at: self.opened_at,
            expires_at: self.expires_at,
            clock_offset: self.clock_offset,
        }
    }
}

impl Store {
    /// The session of one user.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn session(&self, owner: UserNumber) -> Result<Option<SessionRow>, StoreError> {
        self.read(|tx| tx.session(owner))
    }

    /// All sessions, the provider's first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sessions(&self) -> Result<Vec<SessionRow>, StoreError> {
        self.read(|tx| tx.sessions())
    }

    /// Keeps a session in the place of its owner's one before. That it opened takes the mark of a
    /// revoked grant away.
    ///
    /// # Errors
    /// When its owner was forgotten meanwhile, or the store cannot be written.
    pub fn save_session(&self, row: &SessionRow) -> Result<(), StoreError> {
        self.write(|tx| tx.save_session(row))
    }

    /// Forgets a session that has ended, unless another is in its place already.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn drop_session(&self, owner: UserNumber, token: &Secret) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.0.execute(
                "DELETE FROM session WHERE owner = ? AND token = ?",
                params![owner.0, token.expose()],
            )?;
            Ok(())
        })
    }

    /// Forgets the session of one user, if there is one.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn delete_session(&self, owner: UserNumber) -> Result<(), StoreError> {
        self.write(|tx| tx.delete_session(owner))
    }
}

impl Tx<'_> {
    /// As [`Store::session`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn session(&self, owner: UserNumber) -> Result<Option<SessionRow>, StoreError> {
        self.0
            .prepare_cached("SELECT * FROM session WHERE owner = ?")?
            .query_and_then([owner.0], from_row)?
            .next()
            .transpose()
    }

    /// As [`Store::sessions`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sessions(&self) -> Result<Vec<SessionRow>, StoreError> {
        self.0
            .prepare_cached("SELECT * FROM session ORDER BY owner")?
            .query_and_then([], from_row)?
            .collect()
    }

    /// As [`Store::save_session`].
    ///
    /// # Errors
    /// When its owner was forgotten meanwhile, or the store cannot be written.
    pub fn save_session(&self, row: &SessionRow) -> Result<(), StoreError> {
        self.check_user(row.owner)?;
        self.0.execute(
            "UPDATE user SET revoked_at = NULL WHERE number = ?",
            [row.owner.0],
        )?;
        self.0.execute(
            "INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?, ?, ?)",
            params![
                row.owner.0,
                id_column(row.id.0)?,
                row.token.expose(),
                id_column(row.user_id.0)?,
                row.opened_at.to_string(),
                row.expires_at.to_string(),
                row.clock_offset.as_secs(),
            ],
        )?;
        Ok(())
    }

    /// As [`Store::delete_session`].
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn delete_session(&self, owner: UserNumber) -> Result<(), StoreError> {
        self.0
            .execute("DELETE FROM session WHERE owner = ?", [owner.0])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        owner: UserNumber(get(row, "owner")?),
        id: SessionId(id(row, "id")?),
        token: secret(row, "token")?,
        user_id: UserId(id(row, "user_id")?),
        opened_at: time(row, "opened_at")?,
        expires_at: time(row, "expires_at")?,
        clock_offset: SignedDuration::from_secs(get(row, "clock_offset")?),
    })
}
