//! One at a time: setup, connect and the renewal of a session, within this process and between
//! processes that share a store.
//!
//! The lock between processes is the kernel's, on a file beside the store: it goes when its
//! holder does, however that ends.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::base::{Clock, Exit, Problem, UserNumber};

/// How often a taken lock is tried again.
const PAUSE: Duration = Duration::from_millis(100);

/// What only one may do at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Task {
    Setup,
    Connect,
    Session(UserNumber),
}

impl Task {
    fn file_suffix(self) -> String {
        match self {
            Self::Setup => "setup.lock".into(),
            Self::Connect => "connect.lock".into(),
            Self::Session(user) => format!("session-{user}.lock"),
        }
    }

    /// How many times: a session is renewed as soon as the bank's limit lets it, which may be a
    /// quarter of an hour where many are due, while a setup or a login waits for a person, so
    /// whoever comes second is told at once.
    fn tries(self) -> u32 {
        match self {
            Self::Setup | Self::Connect => 10,
            Self::Session(_) => 10_000,
        }
    }

    fn doing(self) -> String {
        match self {
            Self::Setup => "setting this profile up".into(),
            Self::Connect => "connecting a user".into(),
            Self::Session(user) => format!("renewing the session of user {user}"),
        }
    }
}

/// The locks of one store.
pub(super) struct Locks {
    /// None for a store in memory, which nobody shares.
    store: Option<PathBuf>,
    clock: Clock,
    here: Mutex<HashMap<Task, Arc<AsyncMutex<()>>>>,
}

/// Holds a lock until it is dropped.
pub(super) struct Guard {
    _here: OwnedMutexGuard<()>,
    _between: Option<File>,
}

impl Locks {
    pub(super) fn new(store: Option<PathBuf>, clock: Clock) -> Self {
        Self {
            store,
            clock,
            here: Mutex::default(),
        }
    }

    /// The store that they are beside; none for one in memory.
    pub(super) fn store(&self) -> Option<&Path> {
        self.store.as_deref()
    }

    /// Waits for the lock.
    ///
    /// # Errors
    /// When another process holds it: for a second while it sets up or connects, for a quarter
    /// of an hour while it renews a session. The problem says which process.
    pub(super) async fn take(&self, task: Task) -> Result<Guard, Problem> {
        let here = self.here(task).lock_owned().await;
        let between = match &self.store {
            Some(store) => Some(self.between(&lock_path(store, task), task).await?),
            None => None,
        };
        Ok(Guard {
            _here: here,
            _between: between,
        })
    }

    /// Takes the lock without waiting; none where somebody holds it.
    ///
    /// # Errors
    /// When the lock file cannot be used.
    pub(super) fn try_take(&self, task: Task) -> Result<Option<Guard>, Problem> {
        let Ok(here) = self.here(task).try_lock_owned() else {
            return Ok(None);
        };
        let between = match &self.store {
            None => None,
            Some(store) => {
                let path = lock_path(store, task);
                let mut file = opened(&path)?;
                if !try_lock(&mut file, &path)? {
                    return Ok(None);
                }
                Some(file)
            }
        };
        Ok(Some(Guard {
            _here: here,
            _between: between,
        }))
    }

    fn here(&self, task: Task) -> Arc<AsyncMutex<()>> {
        let mut all = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(task).or_default())
    }

    async fn between(&self, path: &Path, task: Task) -> Result<File, Problem> {
        let mut file = opened(path)?;
        for _ in 0..task.tries() {
            if try_lock(&mut file, path)? {
                return Ok(file);
            }
            self.clock.sleep(PAUSE).await;
        }
        let mut holder = String::new();
        let _ = file.read_to_string(&mut holder);
        Err(
            Problem::new("Another bunq-tui is in the way", Exit::TryLater)
                .because(format!("process {holder} is {} right now", task.doing()))
                .next("Wait for it or end it, then try again."),
        )
    }
}

fn opened(path: &Path) -> Result<File, Problem> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(|error| broken(path, &error))
}

/// Whether it is ours now.
fn try_lock(file: &mut File, path: &Path) -> Result<bool, Problem> {
    match file.try_lock() {
        Ok(()) => {
            // Only a help to the one who waits; the lock itself holds without it.
            let _ = file.set_len(0);
            let _ = write!(file, "{}", std::process::id());
            Ok(true)
        }
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(broken(path, &error)),
    }
}

fn broken(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(
        format!("The lock {} cannot be used", path.display()),
        Exit::Failed,
    )
    .because(error.to_string())
    .next("Check the data directory.")
}

/// The lock files that are there of a store.
pub(super) fn files_of(store: &Path) -> Vec<PathBuf> {
    let name = store.file_name().unwrap_or_default().as_encoded_bytes();
    let is_ours = |path: &PathBuf| {
        let file = path.file_name().unwrap_or_default().as_encoded_bytes();
        let rest = file.strip_prefix(name).and_then(|r| r.strip_prefix(b"."));
        rest.is_some_and(|rest| match rest.strip_prefix(b"session-") {
            Some(user) => user
                .strip_suffix(b".lock")
                .is_some_and(|user| user.iter().all(u8::is_ascii_digit)),
            None => [Task::Setup, Task::Connect]
                .iter()
                .any(|task| task.file_suffix().as_bytes() == rest),
        })
    };
    let entries = store
        .parent()
        .and_then(|directory| fs::read_dir(directory).ok());
    let paths = entries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    paths.filter(is_ours).collect()
}

fn lock_path(store: &Path, task: Task) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".");
    name.push(task.file_suffix());
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::base::ManualClock;

    fn locks(directory: &Path) -> Locks {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH).clock();
        Locks::new(Some(directory.join("store.db")), clock)
    }

    #[tokio::test]
    async fn the_second_is_told_who_holds_it() {
        let directory = tempfile::tempdir().unwrap();
        let (first, second) = (locks(directory.path()), locks(directory.path()));
        let guard = first.take(Task::Setup).await.unwrap();
        let problem = second.take(Task::Setup).await.err().unwrap();
        assert!(
            problem.why.contains(&std::process::id().to_string()),
            "{problem}"
        );
        second.take(Task::Connect).await.unwrap();
        drop(guard);
        second.take(Task::Setup).await.unwrap();
    }
}
