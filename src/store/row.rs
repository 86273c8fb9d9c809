//! From columns to types and back.

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::FromSql;

use super::StoreError;
use crate::base::{BankText, Money, Secret};

pub(super) fn get<T: FromSql>(row: &Row<'_>, column: &str) -> Result<T, StoreError> {
    Ok(row.get(column)?)
}

pub(super) fn id(row: &Row<'_>, column: &str) -> Result<u64, StoreError> {
    u64::try_from(get::<i64>(row, column)?).map_err(|_| StoreError::Value("an id"))
}

pub(super) fn opt_id(row: &Row<'_>, column: &str) -> Result<Option<u64>, StoreError> {
    get::<Option<i64>>(row, column)?
        .map(|id| u64::try_from(id).map_err(|_| StoreError::Value("an id")))
        .transpose()
}

/// SQLite's integers are signed; the bank's ids are far below that.
pub(super) fn id_column(id: u64) -> Result<i64, StoreError> {
    i64::try_from(id).map_err(|_| StoreError::Value("an id"))
}

pub(super) fn opt_id_column(id: Option<u64>) -> Result<Option<i64>, StoreError> {
    id.map(id_column).transpose()
}

pub(super) fn secret(row: &Row<'_>, column: &str) -> Result<Secret, StoreError> {
    get::<String>(row, column).map(Secret::new)
}

pub(super) fn opt_secret(row: &Row<'_>, column: &str) -> Result<Option<Secret>, StoreError> {
    Ok(get::<Option<String>>(row, column)?.map(Secret::new))
}

pub(super) fn text(row: &Row<'_>, column: &str) -> Result<BankText, StoreError> {
    get::<String>(row, column).map(|text| BankText::new(&text))
}

pub(super) fn opt_text(row: &Row<'_>, column: &str) -> Result<Option<BankText>, StoreError> {
    Ok(get::<Option<String>>(row, column)?.map(|text| BankText::new(&text)))
}

/// Times are UTC, as RFC 3339 writes them.
pub(super) fn time(row: &Row<'_>, column: &str) -> Result<Timestamp, StoreError> {
    parse_time(&get::<String>(row, column)?)
}

pub(super) fn opt_time(row: &Row<'_>, column: &str) -> Result<Option<Timestamp>, StoreError> {
    get::<Option<String>>(row, column)?
        .map(|text| parse_time(&text))
        .transpose()
}

fn parse_time(text: &str) -> Result<Timestamp, StoreError> {
    text.parse().map_err(|_| StoreError::Value("a time"))
}

pub(super) fn opt_money(
    row: &Row<'_>,
    value: &str,
    currency: &str,
) -> Result<Option<Money>, StoreError> {
    let value = get::<Option<String>>(row, value)?;
    let currency = get::<Option<String>>(row, currency)?;
    value
        .zip(currency)
        .map(|(value, currency)| {
            Money::parse(&value, &currency).map_err(|_| StoreError::Value("an amount"))
        })
        .transpose()
}
