//! Removing what is stored on this machine, also where nobody can unlock it any more.

use std::path::PathBuf;
use std::{fs, io};

use super::locks::{self, Locks, Task};
use super::{Profile, Settings};
use crate::base::{Exit, Problem};
use crate::store::Store;

impl Profile {
    /// Removes the profile's store, the keys to it and its copies, for good. What is at the bank
    /// stays there. What was removed is told.
    ///
    /// # Errors
    /// When another process has the store open, sets up or connects, or a file cannot be removed.
    pub async fn wipe(&self, settings: &Settings) -> Result<Vec<PathBuf>, Problem> {
        let path = self.store_path(settings);
        if !Store::exists(&path) {
            return Ok(Vec::new());
        }
        let locks = Locks::new(Some(path.clone()), settings.clock.clone());
        let _setup = locks.take(Task::Setup).await?;
        let _connect = locks.take(Task::Connect).await?;
        if let Some(process) = Store::open_in(&path) {
            return Err(
                Problem::new("Another bunq-tui is in the way", Exit::TryLater)
                    .because(format!(
                        "process {process} has the profile {} open",
                        self.name
                    ))
                    .next("Leave it there or end it, then try again."),
            );
        }
        let store = path.clone();
        // The keyring may keep it waiting.
        let mut removed = tokio::task::spawn_blocking(move || Store::remove(&store))
            .await
            .map_err(|_| Problem::new("Removing broke off", Exit::Failed))??;
        for lock in locks::files_of(&path) {
            fs::remove_file(&lock).map_err(|error| not_removed(&lock, &error))?;
            removed.push(lock);
        }
        Ok(removed)
    }
}

fn not_removed(path: &std::path::Path, error: &io::Error) -> Problem {
    Problem::new(
        format!("{} could not be removed", path.display()),
        Exit::Failed,
    )
    .because(error.to_string())
    .next("Remove it by hand.")
}
