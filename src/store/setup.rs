//! The state of the one-time setup: a step is written as begun before its call to the bank, and
//! as done, together with its result, after it.

use jiff::Timestamp;
use rusqlite::params;

use super::row::{get, opt_time, time};
use super::{Store, StoreError, Tx};

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepState {
    /// Its call may have reached the bank; its result is not here.
    Begun,
    /// Its result is in the store.
    Done,
}

/// A step of the setup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRow {
    /// Its name, chosen by who runs it.
    pub name: String,
    /// How far it is.
    pub state: StepState,
    /// When it was last begun.
    pub began_at: Timestamp,
    /// When its result was kept.
    pub ended_at: Option<Timestamp>,
}

impl Store {
    /// Writes that the step begins; again, when it did before.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn begin_step(&self, name: &str, at: Timestamp) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.0.execute(
                "INSERT INTO setup_step (name, began_at) VALUES (?, ?)
                 ON CONFLICT (name) DO UPDATE
                 SET began_at = excluded.began_at, ended_at = NULL",
                params![name, at.to_string()],
            )?;
            Ok(())
        })
    }

    /// Writes the step's result, by `keep`, and that it is done: both or neither.
    ///
    /// # Errors
    /// Those of `keep`, and when the step was never begun.
    pub fn finish_step<T, E: From<StoreError>>(
        &self,
        name: &str,
        at: Timestamp,
        keep: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.write(|tx| {
            let kept = keep(tx)?;
            tx.end_step(name, at)?;
            Ok(kept)
        })
    }

    /// The steps, in the order in which they were first begun.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn steps(&self) -> Result<Vec<StepRow>, StoreError> {
        self.read(|tx| tx.steps())
    }
}

impl Tx<'_> {
    /// Forgets all that the setup made: provider, installation, device, OAuth client, the
    /// provider's session and the steps. Connected users stay, the certificate too.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn forget_setup(&self) -> Result<(), StoreError> {
        self.0.execute_batch(
            "DELETE FROM setup_step;
             DELETE FROM provider;
             DELETE FROM installation;
             DELETE FROM device;
             DELETE FROM oauth_client;
             DELETE FROM session WHERE owner = 0;",
        )?;
        Ok(())
    }

    /// Takes steps back: they are to be done anew.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn forget_steps(&self, names: &[&str]) -> Result<(), StoreError> {
        for name in names {
            self.0
                .execute("DELETE FROM setup_step WHERE name = ?", [name])?;
        }
        Ok(())
    }

    /// As [`Store::steps`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn steps(&self) -> Result<Vec<StepRow>, StoreError> {
        self.0
            .prepare_cached("SELECT * FROM setup_step ORDER BY place")?
            .query_and_then([], |row| {
                let ended_at = opt_time(row, "ended_at")?;
                Ok(StepRow {
                    name: get(row, "name")?,
                    state: match ended_at {
                        Some(_) => StepState::Done,
                        None => StepState::Begun,
                    },
                    began_at: time(row, "began_at")?,
                    ended_at,
                })
            })?
            .collect()
    }

    fn end_step(&self, name: &str, at: Timestamp) -> Result<(), StoreError> {
        let ended = self.0.execute(
            "UPDATE setup_step SET ended_at = ? WHERE name = ?",
            params![at.to_string(), name],
        )?;
        if ended == 0 {
            return Err(StoreError::UnknownStep(name.into()));
        }
        Ok(())
    }
}
