//! Tables, JSON and CSV: one place for the command line and the screens.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::csv_cell::{Cell, csv};
use super::{Accounts, SessionState, UserProfile, UserSummary};
use crate::base::{Exit, Money, Problem, text_width};

mod file;
mod payments;
mod requests;
mod rows;

pub use super::doctor::{checks_json, checks_table};
pub use file::{Written, write_file};
pub use payments::{payments_csv, payments_json, payments_table};
pub use requests::{RequestLine, requests_csv, requests_json};
pub use rows::{Format, OwnedAccount, Rows};

/// The users as an array of rows.
///
/// # Errors
/// Never for what this program makes; the encoder can fail by its type.
pub fn users_json(users: &[UserSummary]) -> Result<String, Problem> {
    let rows: Vec<Value> = users
        .iter()
        .map(|user| {
            json!({
                "number": user.number,
                "name": user.name,
                "kind": user.kind,
                "accounts": user.accounts,
                "totals": user.totals.iter().collect::<Vec<Money>>(),
                "connected_at": user.connected_at,
                "session_expires_at": match user.session {
                    SessionState::Until(time) => Some(time),
                    SessionState::None | SessionState::Expired => None,
                },
                "revoked_at": user.revoked_at,
                "as_of": user.as_of,
            })
        })
        .collect();
    to_json(&rows)
}

/// The accounts as an array of rows; each says when it was read.
///
/// # Errors
/// As [`users_json`].
pub fn accounts_json(accounts: &Accounts) -> Result<String, Problem> {
    let rows: Vec<Value> = accounts
        .rows
        .iter()
        .map(|account| {
            json!({
                "id": account.id,
                "description": account.description,
                "iban": account.iban,
                "kind": account.kind,
                "balance": account.balance,
                "status": account.status,
                "as_of": accounts.as_of,
            })
        })
        .collect();
    to_json(&rows)
}

/// A profile as one object.
///
/// # Errors
/// As [`users_json`].
pub fn profile_json(profile: &UserProfile) -> Result<String, Problem> {
    let details: serde_json::Map<String, Value> = profile
        .fields
        .iter()
        .map(|field| {
            (
                field.label.to_lowercase().replace([' ', '-'], "_"),
                Value::from(field.value.as_str()),
            )
        })
        .collect();
    to_json(&json!({
        "number": profile.number,
        "name": profile.name,
        "kind": profile.kind,
        "details": details,
        "as_of": profile.as_of,
    }))
}

pub(super) fn to_json(value: &impl serde::Serialize) -> Result<String, Problem> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| {
            Problem::new("The JSON could not be made", Exit::Failed).because(error.to_string())
        })
}

const USER_COLUMNS: [&str; 7] = [
    "number",
    "name",
    "kind",
    "accounts",
    "totals",
    "connected",
    "as_of",
];
const ACCOUNT_COLUMNS: [&str; 8] = [
    "id",
    "description",
    "iban",
    "kind",
    "balance",
    "currency",
    "status",
    "as_of",
];

/// The users as CSV (RFC 4180), totals of several currencies separated by semicolons. An
/// apostrophe stands before text that a spreadsheet would take for a formula; JSON has none.
///
/// # Errors
/// As [`users_json`].
pub fn users_csv(users: &[UserSummary]) -> Result<String, Problem> {
    let rows = users
        .iter()
        .map(|user| user_cells(user, |time| time.to_string()).map(Cell::text));
    csv(&USER_COLUMNS, rows)
}

/// The accounts as CSV (RFC 4180). An apostrophe stands before text that a spreadsheet would take
/// for a formula; JSON has none.
///
/// # Errors
/// As [`users_json`].
pub fn accounts_csv(accounts: &Accounts) -> Result<String, Problem> {
    let rows = accounts.rows.iter().map(|account| {
        let balance = account.balance;
        [
            Cell::text(account.id),
            Cell::text(&account.description),
            Cell::optional(account.iban.as_ref()),
            Cell::text(&account.kind),
            Cell::amount(balance.map(|money| money.value)),
            Cell::optional(balance.map(|money| money.currency)),
            Cell::text(&account.status),
            Cell::text(accounts.as_of),
        ]
    });
    csv(&ACCOUNT_COLUMNS, rows)
}

/// A time as people read it: here, to the minute.
fn minute(time: Timestamp) -> String {
    TimeZone::system()
        .to_datetime(time)
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

/// Cells for the clipboard, separated by tabs. As in CSV an apostrophe stands before text that a
/// spreadsheet would take for a formula; a number is none.
#[must_use]
pub fn tabbed(cells: &[String]) -> String {
    let cells = cells.iter().map(|cell| {
        let is_number = cell.parse::<rust_decimal::Decimal>().is_ok();
        if is_number {
            cell.clone()
        } else {
            Cell::text(cell).into_text()
        }
    });
    cells.collect::<Vec<_>>().join("\t")
}

fn user_cells(user: &UserSummary, write: fn(Timestamp) -> String) -> [String; 7] {
    let time = |time: Option<Timestamp>| time.map_or_else(String::new, write);
    let totals: Vec<String> = user.totals.iter().map(|money| money.to_string()).collect();
    [
        user.number.to_string(),
        user.name.to_string(),
        user.kind.to_string(),
        user.accounts
            .map_or_else(String::new, |count| count.to_string()),
        totals.join("; "),
        time(user.connected_at),
        time(user.as_of),
    ]
}

/// The users as an aligned table.
#[must_use]
pub fn users_table(users: &[UserSummary]) -> String {
    if users.is_empty() {
        return "No users yet. `bunq-tui connect` connects one.\n".into();
    }
    let cells: Vec<_> = users
        .iter()
        .map(|user| {
            user_cells(user, minute).map(|cell| if cell.is_empty() { "—".into() } else { cell })
        })
        .collect();
    table(&USER_COLUMNS, &[0, 3, 4], &cells)
}

/// The accounts as an aligned table, with the time they were read under it.
#[must_use]
pub fn accounts_table(accounts: &Accounts) -> String {
    if accounts.rows.is_empty() {
        return format!("No accounts are shared. Read {}\n", minute(accounts.as_of));
    }
    let cells: Vec<[String; 6]> = accounts
        .rows
        .iter()
        .map(|account| {
            [
                account.id.to_string(),
                account.description.to_string(),
                account
                    .iban
                    .as_ref()
                    .map_or_else(|| "—".into(), |iban| iban.grouped()),
                account.kind.to_string(),
                account
                    .balance
                    .map_or_else(|| "—".into(), |money| money.to_string()),
                account.status.to_string(),
            ]
        })
        .collect();
    let header = ["id", "description", "iban", "kind", "balance", "status"];
    let table = table(&header, &[0, 4], &cells);
    format!("{table}Read {}\n", minute(accounts.as_of))
}

/// A profile as lines of label and value.
#[must_use]
pub fn profile_table(profile: &UserProfile) -> String {
    let mut lines = vec![
        format!("{:<18} {}", "Name", profile.name),
        format!("{:<18} {}", "Kind", profile.kind),
    ];
    for field in &profile.fields {
        lines.push(format!("{:<18} {}", field.label, field.value));
    }
    lines.push(format!("{:<18} {}", "Read", minute(profile.as_of)));
    lines.join("\n") + "\n"
}

fn table<const N: usize>(header: &[&str; N], right: &[usize], rows: &[[String; N]]) -> String {
    let mut widths = header.map(text_width);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(text_width(cell));
        }
    }
    let line = |cells: [&str; N]| {
        let mut line = String::new();
        for (place, (cell, width)) in cells.into_iter().zip(widths).enumerate() {
            let space = " ".repeat(width.saturating_sub(text_width(cell)));
            if right.contains(&place) {
                line.extend([space.as_str(), cell]);
            } else {
                line.extend([cell, space.as_str()]);
            }
            line.push_str("  ");
        }
        line.trim_end().to_owned() + "\n"
    };
    let mut text = line(*header);
    for row in rows {
        text.push_str(&line(row.each_ref().map(String::as_str)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{AccountId, AccountKind, BankText, Iban};
    use crate::workspace::AccountSummary;

    fn account(description: &str, value: &str) -> AccountSummary {
        AccountSummary {
            id: AccountId(7),
            description: BankText::new(description),
            iban: Iban::new("NL14BUNQ2025404017"),
            kind: AccountKind::Bank,
            balance: Money::parse(value, "EUR").ok(),
            status: BankText::new("ACTIVE"),
            details: Vec::new(),
        }
    }

    fn accounts(rows: Vec<AccountSummary>) -> Accounts {
        Accounts {
            as_of: Timestamp::UNIX_EPOCH,
            rows,
        }
    }

    #[test]
    fn what_people_wrote_is_no_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "＝1", "a=1"] {
            let csv = accounts_csv(&accounts(vec![account(text, "-5.00")])).unwrap();
            let mut reader = csv::Reader::from_reader(csv.as_bytes());
            let row = reader.records().next().unwrap().unwrap();
            let formula = row[1].trim_start().starts_with(['=', '+', '-', '@', '＝']);
            assert!(!formula, "{text} gave {:?}", &row[1]);
            assert_eq!(&row[4], "-5.00");
        }
    }

    #[test]
    fn cells_by_tabs_hold_no_formula_and_keep_their_numbers() {
        let cells = ["=1+1", "-5.00", "a;=2", ""].map(str::to_owned);
        assert_eq!(tabbed(&cells), "'=1+1\t-5.00\ta;'=2\t");
    }

    #[test]
    fn columns_line_up_with_wide_characters() {
        let table = accounts_table(&accounts(vec![
            account("李小龍", "4118.00"),
            account("Main", "954.00"),
        ]));
        let ends: Vec<_> = table
            .lines()
            .skip(1)
            .take(2)
            .map(|line| line.find(" EUR").map(|at| text_width(&line[..at])))
            .collect();
        assert_eq!(ends[0], ends[1], "{table}");
    }

    #[test]
    fn money_is_two_texts_in_json() {
        let json = accounts_json(&accounts(vec![account("Main", "4118.00")])).unwrap();
        let value: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            value[0]["balance"],
            json!({"value": "4118.00", "currency": "EUR"})
        );
        assert_eq!(value[0]["as_of"], "1970-01-01T00:00:00Z");
    }
}
