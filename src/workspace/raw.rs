//! The bank's own words: the stored body of a user, an account or a payment, as a tree.

use super::Workspace;
use super::sessions::unknown_user;
use crate::base::{AccountId, Body, JsonTree, PaymentId, Problem, UserNumber};
use crate::bunq::json_tree;

/// Whose body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawOf {
    /// Our own profile.
    Provider,
    /// A user's profile.
    User(UserNumber),
    /// An account.
    Account(UserNumber, AccountId),
    /// A payment, as one account sees it.
    Payment(UserNumber, AccountId, PaymentId),
}

impl Workspace {
    /// What the bank said of something when it was last read, its secrets masked; none when it is
    /// not stored. A long body takes its time: call it off the loop.
    ///
    /// # Errors
    /// When there is no such user, or the store cannot be read.
    pub fn raw(&self, of: RawOf) -> Result<Option<JsonTree>, Problem> {
        let raw = match of {
            RawOf::Provider => self.store.provider()?.and_then(|row| row.profile_raw),
            RawOf::User(user) if user.is_provider() => {
                self.store.provider()?.and_then(|row| row.profile_raw)
            }
            RawOf::User(user) => {
                let row = self.store.user(user)?.ok_or_else(|| unknown_user(user))?;
                row.profile_raw
            }
            RawOf::Account(user, account) => self.store.account_raw(user, account)?,
            RawOf::Payment(user, account, payment) => {
                self.store.payment_raw(user, account, payment)?
            }
        };
        Ok(raw.as_deref().map(json_tree))
    }
}

/// A body of the Log as a tree; none where it is no JSON.
#[must_use]
pub fn body_tree(body: &Body) -> Option<JsonTree> {
    match body {
        Body::Json { text, .. } => Some(json_tree(text.expose())),
        Body::None | Body::Other { .. } => None,
    }
}
