//! What payments to print, on the command line.

use clap::Args;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{AccountsFormat, user_number};
use crate::base::{AccountId, UserNumber};

#[derive(Args, Debug)]
pub(in crate::cli) struct Payments {
    /// The user's number; 0 is the provider itself
    #[arg(value_parser = user_number)]
    pub(in crate::cli) user: UserNumber,
    /// The account's number, as `bunq-tui accounts` shows it
    #[arg(value_parser = account_number)]
    pub(in crate::cli) account: AccountId,
    /// Print what was read before, without asking the bank
    #[arg(long)]
    pub(in crate::cli) stored: bool,
    /// How many, the newest first
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..), conflicts_with_all = ["all", "since"])]
    pub(in crate::cli) count: u32,
    /// All of them, back to the first
    #[arg(long, conflicts_with = "since")]
    pub(in crate::cli) all: bool,
    /// All since this day, such as 2026-01-31
    #[arg(long, value_name = "DATE")]
    pub(in crate::cli) since: Option<Date>,
    /// None after this day
    #[arg(long, value_name = "DATE")]
    pub(in crate::cli) until: Option<Date>,
    /// Only those with this text in the description, the counterparty or its IBAN
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) search: Option<String>,
    /// Only those of at least this amount, its sign aside
    #[arg(long, value_name = "AMOUNT")]
    pub(in crate::cli) least: Option<Decimal>,
    /// Only those of at most this amount, its sign aside
    #[arg(long, value_name = "AMOUNT")]
    pub(in crate::cli) most: Option<Decimal>,
    /// How to print them
    #[arg(long, value_enum, default_value_t = AccountsFormat::Table)]
    pub(in crate::cli) format: AccountsFormat,
}

impl Payments {
    /// Whether only some of what was read is wanted.
    pub(in crate::cli) fn filters(&self) -> bool {
        self.search.is_some()
            || self.least.is_some()
            || self.most.is_some()
            || self.since.is_some()
            || self.until.is_some()
    }
}

fn account_number(text: &str) -> Result<AccountId, String> {
    text.parse()
        .map(AccountId)
        .map_err(|_| "an account is a number, as `bunq-tui accounts` shows it".into())
}
