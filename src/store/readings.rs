//! Who is to be brought up to date: a line for each user, without the figures themselves.

use jiff::Timestamp;

use super::row::{get, opt_time};
use super::{Store, StoreError};
use crate::base::UserNumber;

/// How a user's figures, session and grant stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadingRow {
    /// Whose; 0 is ourselves.
    pub user: UserNumber,
    /// When its accounts were read; none when they never were.
    pub as_of: Option<Timestamp>,
    /// Until when its session is good, as far as is known; none when there is none.
    pub session_until: Option<Timestamp>,
    /// When it connected; none for ourselves.
    pub connected_at: Option<Timestamp>,
    /// When the bank first said that its grant is gone.
    pub revoked_at: Option<Timestamp>,
}

impl Store {
    /// All users and, once its first session was opened, the provider: those whose accounts were
    /// read longest ago first, and before them those that never were.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn readings(&self) -> Result<Vec<ReadingRow>, StoreError> {
        let mut rows = self.read(|tx| {
            tx.0.prepare_cached(
                "SELECT u.number, r.as_of, s.expires_at, u.connected_at, u.revoked_at
                 FROM (SELECT number, connected_at, revoked_at FROM user
                       UNION ALL
                       SELECT 0, NULL, NULL FROM provider WHERE user_id IS NOT NULL) u
                 LEFT JOIN account_reading r ON r.user = u.number
                 LEFT JOIN session s ON s.owner = u.number",
            )?
            .query_and_then([], |row| {
                Ok(ReadingRow {
                    user: UserNumber(get(row, "number")?),
                    as_of: opt_time(row, "as_of")?,
                    session_until: opt_time(row, "expires_at")?,
                    connected_at: opt_time(row, "connected_at")?,
                    revoked_at: opt_time(row, "revoked_at")?,
                })
            })?
            .collect::<Result<Vec<_>, StoreError>>()
        })?;
        // Not by the database: as texts, times with and without a fraction sort wrongly.
        rows.sort_unstable_by_key(|row| (row.as_of, row.user));
        Ok(rows)
    }
}
