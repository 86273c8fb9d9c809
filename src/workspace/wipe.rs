//! Removing what is stored on this machine, also where nobody can unlock it any more.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::locks::{self, Guard, Locks, Task};
use super::{Profile, Settings};
use crate::base::{Exit, Problem};
use crate::store::{Store, StoreError};

/// A profile that can be removed now: while this lives, no other process sets it up or connects.
pub struct Wipe {
    store: PathBuf,
    _setup: Guard,
    _connect: Guard,
}

impl Profile {
    /// Makes sure that the profile can be removed; none when nothing is there of it.
    ///
    /// # Errors
    /// When another process has the store open, sets up or connects.
    pub async fn wipe(&self, settings: &Settings) -> Result<Option<Wipe>, Problem> {
        let store = self.store_path(settings);
        if traces(&store)?.is_empty() {
            return Ok(None);
        }
        let locks = Locks::new(Some(store.clone()), settings.clock.clone());
        let wipe = Wipe {
            store,
            _setup: locks.take(Task::Setup).await?,
            _connect: locks.take(Task::Connect).await?,
        };
        self.nobody_has_it_open(settings, "Another bunq-tui is in the way")?;
        Ok(Some(wipe))
    }
}

impl Wipe {
    /// Removes the store, the keys to it and its copies, for good. What is at the bank stays
    /// there. What was removed is added to `removed`, also when this fails; the answer is a
    /// sentence about what the keyring still holds, if it does.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub async fn run(self, removed: &mut Vec<PathBuf>) -> Result<Option<String>, Problem> {
        let store = self.store.clone();
        // The keyring may keep it waiting.
        let (files, done) = tokio::task::spawn_blocking(move || {
            let mut files = Vec::new();
            let done = Store::remove(&store, &mut files);
            (files, done)
        })
        .await
        .map_err(|_| Problem::new("Removing broke off", Exit::Failed))?;
        removed.extend(files);
        let left = done?;
        for lock in locks::files_of(&self.store) {
            fs::remove_file(&lock).map_err(|error| not_removed(&lock, &error))?;
            removed.push(lock);
        }
        Ok(left.map(|fault| {
            let name = self.store.file_name().unwrap_or_default().display();
            format!(
                "The entry of {name} in the keyring could not be deleted ({fault}). It opens \
                 nothing any more; delete it in your keyring manager."
            )
        }))
    }
}

/// Whatever is there of a store, its locks included.
pub(super) fn traces(store: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut traces = Store::traces(store)?;
    traces.extend(locks::files_of(store));
    Ok(traces)
}

fn not_removed(path: &Path, error: &io::Error) -> Problem {
    Problem::new(
        format!("{} could not be removed", path.display()),
        Exit::Failed,
    )
    .because(error.to_string())
    .next("Remove it by hand.")
}
