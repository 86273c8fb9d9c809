//! The bank's limits: which table holds, and where the windows are kept.

use jiff::Timestamp;

use super::Workspace;
use crate::base::{Environment, Problem};
use crate::bunq::{Limits, Rate, Window, WindowKeeper};
use crate::store::{LimitRow, Store};

/// How much of one of the bank's limits is used up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Which calls it is about: `GET user/{}/monetary-account`.
    pub name: String,
    /// How many count now.
    pub used: u32,
    /// Of how many in how many seconds; none where only the bank's "too fast" holds.
    pub rate: Option<(u32, u32)>,
    /// When one more may be made; none when it may be now.
    pub free_at: Option<Timestamp>,
}

impl Workspace {
    /// How much of each of the bank's limits is used up now, what holds us up first. Limits that
    /// nothing counts against are left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn budgets(&self) -> Result<Vec<Budget>, Problem> {
        let now = self.settings.clock.now();
        let limits = self.limits();
        let mut budgets = Vec::new();
        for (name, row) in self.store.limit_rows()? {
            let Some(usage) = window(row).usage(&name, limits, now) else {
                continue;
            };
            if usage.used > 0 || usage.free_at.is_some() {
                budgets.push(Budget {
                    used: usage.used,
                    rate: usage.rate.map(|rate| (rate.calls, rate.seconds)),
                    free_at: usage.free_at,
                    name,
                });
            }
        }
        budgets.sort_by(|a, b| (b.free_at, &a.name).cmp(&(a.free_at, &b.name)));
        Ok(budgets)
    }

    /// The table of the bank's limits that is kept to.
    #[must_use]
    pub fn limits(&self) -> Limits {
        limits_in_force(self.settings.limits, self.environment())
    }

    /// When the bank takes the next session; none when it does now. It allows one in 30 s.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn next_session_at(&self) -> Result<Option<Timestamp>, Problem> {
        Ok(self.client.next_session_at()?)
    }
}

/// The table that is kept to: the asked one, else the environment's. A bank on this machine has
/// none of its own.
#[must_use]
pub fn limits_in_force(asked: Option<Limits>, environment: &Environment) -> Limits {
    asked.unwrap_or(match environment {
        Environment::Sandbox | Environment::Production => Limits::Classic,
        Environment::Demo | Environment::Local(_) => Limits::Off,
    })
}

/// Keeps the windows in the store, for every process that shares it.
pub(super) struct InStore(pub(super) Store);

impl WindowKeeper for InStore {
    fn read(&self, name: &str) -> Result<Window, String> {
        let row = self.0.limit(name).map_err(|error| error.to_string())?;
        Ok(window(row))
    }

    fn change(&self, name: &str, change: &mut dyn FnMut(&mut Window)) -> Result<(), String> {
        let changed = self.0.change_limit(name, |row| {
            let mut changed = window(std::mem::take(row));
            change(&mut changed);
            *row = LimitRow {
                taken: changed.taken,
                not_before: changed.not_before,
                learned: changed
                    .learned
                    .map(|(rate, at)| (rate.calls, rate.seconds, at)),
            };
        });
        changed.map_err(|error| error.to_string())
    }
}

fn window(row: LimitRow) -> Window {
    Window {
        taken: row.taken,
        not_before: row.not_before,
        learned: row
            .learned
            .map(|(calls, seconds, at)| (Rate { calls, seconds }, at)),
    }
}
