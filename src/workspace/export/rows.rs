//! Any table into a file.

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::csv_cell::{Cell, csv};
use super::file::{Written, write_file};
use super::requests::{RequestLine, requests_csv, requests_json};
use super::{accounts_csv, accounts_json, payments_csv, payments_json, to_json};
use super::{users_csv, users_json};
use crate::base::{BankText, Problem, UserNumber};
use crate::workspace::{AccountSummary, Accounts, Payments, UserSummary};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For spreadsheets.
    Csv,
    /// For programs; requests as one object a line.
    Json,
}

/// An account and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedAccount {
    /// Its user's local number.
    pub user: UserNumber,
    /// Its user's name.
    pub name: BankText,
    /// When it was read.
    pub as_of: Timestamp,
    /// The account.
    pub account: AccountSummary,
}

/// The rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Users.
    Users(Vec<UserSummary>),
    /// The accounts of one user.
    Accounts(Accounts),
    /// Accounts of several users.
    OwnedAccounts(Vec<OwnedAccount>),
    /// The payments of an account.
    Payments(Payments),
    /// Requests.
    Requests(Vec<RequestLine>),
}

impl Rows {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Users(rows) => rows.len(),
            Self::Accounts(accounts) => accounts.rows.len(),
            Self::OwnedAccounts(rows) => rows.len(),
            Self::Payments(payments) => payments.rows.len(),
            Self::Requests(rows) => rows.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The whole text of the file.
    ///
    /// # Errors
    /// As [`users_json`].
    pub fn text(&self, format: Format) -> Result<String, Problem> {
        match (self, format) {
            (Self::Users(rows), Format::Csv) => users_csv(rows),
            (Self::Users(rows), Format::Json) => users_json(rows),
            (Self::Accounts(rows), Format::Csv) => accounts_csv(rows),
            (Self::Accounts(rows), Format::Json) => accounts_json(rows),
            (Self::OwnedAccounts(rows), Format::Csv) => owned_csv(rows),
            (Self::OwnedAccounts(rows), Format::Json) => owned_json(rows),
            (Self::Payments(rows), Format::Csv) => payments_csv(rows),
            (Self::Payments(rows), Format::Json) => payments_json(rows),
            (Self::Requests(rows), Format::Csv) => requests_csv(rows),
            (Self::Requests(rows), Format::Json) => Ok(requests_json(rows)),
        }
    }

    /// Writes them into a file that only its owner can read; see [`write_file`].
    ///
    /// # Errors
    /// When it cannot be written; what was begun is removed.
    pub fn write(&self, format: Format, path: &Path, replace: bool) -> Result<Written, Problem> {
        write_file(path, &self.text(format)?, replace)
    }
}

fn owned_json(rows: &[OwnedAccount]) -> Result<String, Problem> {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let account = &row.account;
            json!({
                "user": row.user,
                "user_name": row.name,
                "id": account.id,
                "description": account.description,
                "iban": account.iban,
                "kind": account.kind,
                "balance": account.balance,
                "status": account.status,
                "as_of": row.as_of,
            })
        })
        .collect();
    to_json(&rows)
}

fn owned_csv(rows: &[OwnedAccount]) -> Result<String, Problem> {
    let header = [
        "user",
        "user_name",
        "id",
        "description",
        "iban",
        "kind",
        "balance",
        "currency",
        "status",
        "as_of",
    ];
    let rows = rows.iter().map(|row| {
        let account = &row.account;
        [
            Cell::text(row.user),
            Cell::text(&row.name),
            Cell::text(account.id),
            Cell::text(&account.description),
            Cell::optional(account.iban.as_ref()),
            Cell::text(&account.kind),
            Cell::amount(account.balance.map(|money| money.value)),
            Cell::optional(account.balance.map(|money| money.currency)),
            Cell::text(&account.status),
            Cell::text(row.as_of),
        ]
    });
    csv(&header, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Method, Verification, WaitReason};

    fn request() -> RequestLine {
        let at: Timestamp = "2026-11-24T14:02:00Z".parse().unwrap_or_default();
        RequestLine {
            queued: at,
            sent: Some(at + jiff::SignedDuration::from_millis(12_345)),
            method: Method::Get,
            path: "/v1/user/42/monetary-account".into(),
            status: Some(200),
            failure: None,
            took: Some(std::time::Duration::from_millis(20)),
            verification: Some(Verification::Verified),
            waited_for: Some(WaitReason::Limit {
                calls: 3,
                seconds: 3,
            }),
        }
    }

    #[test]
    fn requests_are_one_object_a_line_and_tell_what_they_waited_for() {
        let rows = Rows::Requests(vec![request(), request()]);
        let text = rows.text(Format::Json).unwrap();
        assert_eq!(text.lines().count(), 2);
        let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(first["waited_ms"], 12_345);
        assert_eq!(first["waited_for"], "bunq takes 3 in 3 s");
        assert_eq!(first["signature"], "verified");
        let csv = rows.text(Format::Csv).unwrap();
        assert_eq!(csv.lines().count(), 3);
        assert!(csv.contains("/v1/user/42/monetary-account,200,,20,verified,12345"));
    }
}
