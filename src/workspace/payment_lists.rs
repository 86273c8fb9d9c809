//! Payments as a table lists them, and how far they are stored.

use jiff::Timestamp;

use super::payments::{PAGE, summary};
use super::{PaymentSummary, Workspace, details};
use crate::base::{AccountId, BankText, PaymentId, Problem, UserNumber};
use crate::bunq::Account;
use crate::store::{PaymentLines, Stretch};

pub use crate::store::{PaymentColumn, PaymentLine, PaymentQuery};

/// A list of an account's stored payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentList {
    /// When the bank was last asked for the newest.
    pub as_of: Timestamp,
    /// Whether all of the account's payments are stored, so that no older one is missing.
    pub complete: bool,
    /// When the oldest that is stored was made.
    pub since: Option<Timestamp>,
    /// The oldest that is stored.
    pub oldest: Option<PaymentId>,
    /// How many are stored.
    pub stored: u64,
    /// How many requests those that are not stored may take, as the account's age and what is
    /// stored have it; none where that cannot be told.
    pub requests_left: Option<u64>,
    /// Those that were looked for.
    pub rows: Vec<PaymentLine>,
}

/// The bank's word for a payment's way, in ours.
#[must_use]
pub fn payment_way(wire: &BankText) -> BankText {
    details::payment_kind(wire.as_str())
}

impl Workspace {
    /// Lists the stored payments of an account; none when they were never read.
    ///
    /// # Errors
    /// When there is no such user, or the store cannot be read.
    pub fn list_payments(
        &self,
        user: UserNumber,
        account: AccountId,
        query: &PaymentQuery,
    ) -> Result<Option<PaymentList>, Problem> {
        self.check_has_accounts(user)?;
        let Some(lines) = self.store.payment_lines(user, account, query)? else {
            return Ok(None);
        };
        let PaymentLines {
            stretch,
            stored,
            rows,
        } = lines;
        let requests_left = match stretch.complete {
            true => Some(0),
            false => requests_left(self.opened(user, account)?, &stretch, stored),
        };
        Ok(Some(PaymentList {
            as_of: stretch.as_of,
            complete: stretch.complete,
            since: stretch.since,
            oldest: stretch.ends.map(|(_, oldest)| oldest),
            stored,
            requests_left,
            rows,
        }))
    }

    /// One stored payment with all that the bank says of it; none when it is not stored.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn stored_payment(
        &self,
        user: UserNumber,
        account: AccountId,
        payment: PaymentId,
    ) -> Result<Option<PaymentSummary>, Problem> {
        Ok(self.store.payment(user, account, payment)?.map(summary))
    }

    /// When the account was opened, as far as the bank has told.
    fn opened(&self, user: UserNumber, account: AccountId) -> Result<Option<Timestamp>, Problem> {
        let stored = self.store.accounts(user)?;
        let mut rows = stored.into_iter().flat_map(|stored| stored.rows);
        Ok(rows
            .find(|row| row.id == account)
            .and_then(|row| Account::from_json(&row.raw).ok()?.created))
    }
}

/// How many pages there are before what is stored, if the account was used before as it is in
/// what is stored.
fn requests_left(opened: Option<Timestamp>, stretch: &Stretch, stored: u64) -> Option<u64> {
    let (opened, since) = (opened?, stretch.since?);
    let seconds = |from: Timestamp, to: Timestamp| {
        u64::try_from(to.as_second() - from.as_second()).unwrap_or(0)
    };
    let known = seconds(since, stretch.as_of).max(1);
    let before = u128::from(stored) * u128::from(seconds(opened, since)) / u128::from(known);
    u64::try_from(before.div_ceil(u128::from(PAGE)).max(1)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_requests_left_are_told_from_the_age_of_the_account() {
        let stretch = Stretch {
            as_of: at("2026-11-24T00:00:00Z"),
            complete: false,
            ends: None,
            since: Some(at("2026-11-14T00:00:00Z")),
        };
        // 200 in ten days, and a hundred days before them.
        let opened = Some(at("2026-08-06T00:00:00Z"));
        assert_eq!(requests_left(opened, &stretch, 200), Some(10));
        // Opened later than its first payment, as the bank has it: there is one page at least.
        let later = Some(at("2026-11-20T00:00:00Z"));
        assert_eq!(requests_left(later, &stretch, 200), Some(1));
        assert_eq!(requests_left(None, &stretch, 200), None);
    }
}
