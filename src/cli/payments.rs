//! `bunq-tui payments`.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::arguments::{AccountsFormat, Payments};
use super::output;
use super::places::Places;
use crate::base::{Exit, Problem};
use crate::workspace::{self, Back, PaymentFilter, export};

/// Prints an account's payments: asked of the bank, or as stored.
pub(super) async fn run(places: &Places, options: Payments) -> Result<(), Problem> {
    let raw = options.format == AccountsFormat::Raw;
    if raw && (options.stored || options.filters()) {
        return Err(
            Problem::new("The raw form is the bank's own pages", Exit::Usage)
                .because("they come whole, from the bank alone")
                .next("Leave --stored and the filters out, or take --format json."),
        );
    }
    let filter = filter(&options)?;
    let workspace = places.open().await?;
    let (user, account) = (options.user, options.account);
    if options.stored {
        let stored = workspace.stored_payments(user, account, &filter)?;
        let stored = stored.ok_or_else(|| {
            Problem::new(
                format!("Nothing is stored of the payments of account {account}"),
                Exit::NotReady,
            )
            .because("they were never read")
            .next(format!(
                "Run `bunq-tui payments {user} {account}` without --stored."
            ))
        })?;
        return print(&stored, &options);
    }
    let read = workspace
        .read_payments(user, account, (back(&options, &filter), raw), &filter)
        .await?;
    if raw {
        return output::print_raw(&read.raw);
    }
    print(&read.value, &options)
}

/// How far back the bank is asked. A filter by words or amount finds among what was read.
fn back(options: &Payments, filter: &PaymentFilter) -> Back {
    match (options.all, filter.since) {
        (true, _) => Back::All,
        (false, Some(since)) => Back::To(since),
        // With an end, the wanted ones begin behind payments that nobody counts.
        (false, None) if filter.until.is_some() => Back::All,
        (false, None) => Back::Count(options.count),
    }
}

fn filter(options: &Payments) -> Result<PaymentFilter, Problem> {
    let until = match options.until {
        Some(day) => Some(day.checked_add(1.day()).map_err(|_| no_day())?),
        None => None,
    };
    let whole = options.all || options.since.is_some();
    Ok(PaymentFilter {
        text: options.search.clone(),
        counterparty: None,
        least: options.least,
        most: options.most,
        since: options.since.map(begins).transpose()?,
        until: until.map(begins).transpose()?,
        count: (!whole).then_some(options.count),
    })
}

/// When a day begins here.
fn begins(day: Date) -> Result<Timestamp, Problem> {
    TimeZone::system()
        .to_timestamp(day.at(0, 0, 0, 0))
        .map_err(|_| no_day())
}

fn no_day() -> Problem {
    Problem::new("This is no day of the calendar", Exit::Usage)
}

fn print(payments: &workspace::Payments, options: &Payments) -> Result<(), Problem> {
    output::print(&match options.format {
        AccountsFormat::Json => export::payments_json(payments)?,
        AccountsFormat::Csv => export::payments_csv(payments)?,
        AccountsFormat::Table | AccountsFormat::Raw => export::payments_table(payments),
    })?;
    if options.filters() && !payments.complete {
        output::message(
            "Looked for among the payments that were read; older ones are at the bank: --all reads them.",
        );
    }
    Ok(())
}
