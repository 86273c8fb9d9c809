//! The bank's limits: which calls count now, for every process that shares the store.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::row::{get, opt_time};
use super::{Store, StoreError, Tx};

/// The calls of one kind that count now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitRow {
    /// When they were, or will be, made.
    pub taken: Vec<Timestamp>,
    /// No call before this.
    pub not_before: Option<Timestamp>,
    /// What the bank said: so many calls, in so many seconds, and when it said so.
    pub learned: Option<(u32, u32, Timestamp)>,
}

#[derive(Serialize, Deserialize)]
struct Learned {
    calls: u32,
    seconds: u32,
    at: Timestamp,
}

impl Store {
    /// A window, as it was kept; an empty one when it never was.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn limit(&self, name: &str) -> Result<LimitRow, StoreError> {
        self.read(|tx| tx.limit(name))
    }

    /// All windows, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn limit_rows(&self) -> Result<Vec<(String, LimitRow)>, StoreError> {
        self.read(|tx| {
            tx.0.prepare_cached("SELECT * FROM limit_window ORDER BY name")?
                .query_and_then([], |row| Ok((get(row, "name")?, from_row(row)?)))?
                .collect()
        })
    }

    /// Lets `change` work on a window and keeps the result, in one transaction.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn change_limit(
        &self,
        name: &str,
        change: impl FnOnce(&mut LimitRow),
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut row = tx.limit(name)?;
            change(&mut row);
            tx.save_limit(name, &row)
        })
    }
}

impl Tx<'_> {
    fn limit(&self, name: &str) -> Result<LimitRow, StoreError> {
        let found = self
            .0
            .prepare_cached("SELECT * FROM limit_window WHERE name = ?")?
            .query_row([name], |row| Ok(from_row(row)))
            .optional()?;
        found.transpose().map(Option::unwrap_or_default)
    }

    fn save_limit(&self, name: &str, row: &LimitRow) -> Result<(), StoreError> {
        let learned = row
            .learned
            .map(|(calls, seconds, at)| Learned { calls, seconds, at });
        self.0
            .prepare_cached("INSERT OR REPLACE INTO limit_window VALUES (?, ?, ?, ?)")?
            .execute(params![
                name,
                json(&row.taken)?,
                row.not_before.map(|at| at.to_string()),
                learned.as_ref().map(json).transpose()?,
            ])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<LimitRow, StoreError> {
    let learned: Option<String> = get(row, "learned")?;
    let learned: Option<Learned> = learned.as_deref().map(parse).transpose()?;
    Ok(LimitRow {
        taken: parse(&get::<String>(row, "taken")?)?,
        not_before: opt_time(row, "not_before")?,
        learned: learned.map(|said| (said.calls, said.seconds, said.at)),
    })
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Value("a limit's window"))
}

fn parse<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Value("a limit's window"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_comes_back_as_it_was_kept() {
        let store = Store::in_memory().unwrap();
        assert_eq!(store.limit("GET user").unwrap(), LimitRow::default());
        let at: Timestamp = "2026-03-01T12:00:00.25Z".parse().unwrap();
        let wanted = LimitRow {
            taken: vec![at, at],
            not_before: Some(at),
            learned: Some((5, 3, at)),
        };
        store
            .change_limit("GET user", |row| row.clone_from(&wanted))
            .unwrap();
        assert_eq!(store.limit("GET user").unwrap(), wanted);
        let rows = store.limit_rows().unwrap();
        assert_eq!(rows, [("GET user".to_owned(), wanted)]);
        assert_eq!(store.limit("POST user").unwrap(), LimitRow::default());
    }
}
