//! What opens a store, and changing it.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::{Profile, Settings, SlotKind, StoreKey};
use crate::base::{Exit, Problem};
use crate::store::{self, Key, Store, StoreError};

/// How every database begins that is not encrypted.
const PLAIN: &[u8; 16] = b"SQLite format 3\0";

/// Whether the keyring of the operating system can be used here: writes a random entry, reads it
/// back and deletes it. It blocks for a few milliseconds where there is none, and for at most
/// three seconds an operation where one does not answer: call it off the loop.
///
/// # Errors
/// Says what is in the way, and what else a store can be opened with.
pub fn probe_keyring() -> Result<(), Problem> {
    try_keyring().map_err(|mut problem| {
        problem.next += " Or use a passphrase or a key file instead.";
        problem
    })
}

/// The same for a store that is there.
pub(super) fn try_keyring() -> Result<(), Problem> {
    store::probe_keyring().map_err(|error| {
        let mut problem = Problem::from(error);
        problem.what = "The keyring cannot be used here".into();
        problem
    })
}

/// Whether the key was in the way and nothing else, so that another one may open the store.
#[must_use]
pub fn is_locked(problem: &Problem) -> bool {
    problem.what == store::STAYS_LOCKED
}

impl StoreKey {
    /// The kind of slot that it opens.
    #[must_use]
    pub fn kind(&self) -> SlotKind {
        match self {
            Self::File(_) => SlotKind::KeyFile,
            Self::Passphrase(_) => SlotKind::Passphrase,
            Self::Keyring => SlotKind::Keyring,
        }
    }

    pub(super) fn to_store(&self, settings: &Settings) -> Key {
        match self {
            Self::File(file) => Key::File(file.clone()),
            Self::Passphrase(passphrase) => Key::Passphrase(passphrase.clone()),
            Self::Keyring => Key::Keyring {
                patience: settings.keyring_patience,
            },
        }
    }
}

/// What is stored of a profile, and what opens it.
#[derive(Clone, Debug)]
pub struct Vault {
    /// Where the store is.
    pub path: PathBuf,
    /// What opens it.
    pub slots: Vec<SlotKind>,
    /// Everything of it on the disk.
    pub files: Vec<VaultFile>,
    /// The library that encrypts: SQLCipher and its version.
    pub cipher: String,
    /// Whether the keyring of the operating system answers here.
    pub keyring: Result<(), Problem>,
}

/// One file of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its permission bits.
    pub mode: u32,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Profile {
    /// What is stored and what opens it, without opening it. It tries the keyring: call it off the
    /// loop, and not while this process has the store open.
    ///
    /// # Errors
    /// When there is no store, its sidecar is damaged, or something of it is not encrypted.
    pub fn vault(&self, settings: &Settings) -> Result<Vault, Problem> {
        let path = self.store_path(settings);
        let slots = Store::slots(&path)?;
        let files = files_of(&path).map_err(|error| unlisted(&path, &error))?;
        for file in &files {
            if is_plain(&file.path) {
                return Err(StoreError::NotEncrypted.into());
            }
        }
        Ok(Vault {
            path,
            slots,
            files,
            cipher: Store::in_memory()?.cipher()?,
            keyring: try_keyring(),
        })
    }

    /// Tries a key without opening the store. Slow, and may wait for a person: call it off the
    /// loop.
    ///
    /// # Errors
    /// When it does not unlock the store.
    pub fn try_key(&self, key: &StoreKey, settings: &Settings) -> Result<(), Problem> {
        let path = self.store_path(settings);
        Ok(Store::try_key(&path, &key.to_store(settings))?)
    }

    /// Adds a way to open the store, or replaces the one of that kind. Slow, and may wait for a
    /// person: call it off the loop.
    ///
    /// # Errors
    /// When `existing` does not open it, or the new key cannot be used.
    pub fn add_slot(
        &self,
        existing: &StoreKey,
        new: &StoreKey,
        settings: &Settings,
    ) -> Result<(), Problem> {
        let path = self.store_path(settings);
        let (existing, new) = (existing.to_store(settings), new.to_store(settings));
        Ok(Store::add_slot(&path, &existing, &new)?)
    }

    /// Takes a way to open the store away; never the last one. Slow, like adding one.
    ///
    /// # Errors
    /// When `existing` does not open it, or there is no such slot beside another.
    pub fn remove_slot(
        &self,
        existing: &StoreKey,
        kind: SlotKind,
        settings: &Settings,
    ) -> Result<(), Problem> {
        let path = self.store_path(settings);
        Ok(Store::remove_slot(
            &path,
            &existing.to_store(settings),
            kind,
        )?)
    }

    /// Gives the store a new data key and wraps it anew for every slot; copies under the old one
    /// are removed. `keys` has one for each slot. Slow: call it off the loop.
    ///
    /// # Errors
    /// When `existing` does not open it, a slot's key is not among `keys`, or a process has the
    /// store open.
    pub fn rekey(
        &self,
        existing: &StoreKey,
        keys: &[StoreKey],
        settings: &Settings,
    ) -> Result<(), Problem> {
        let path = self.store_path(settings);
        self.nobody_has_it_open(settings, "The store keeps its data key")?;
        let keys: Vec<Key> = keys.iter().map(|key| key.to_store(settings)).collect();
        Ok(Store::rekey(
            &path,
            &existing.to_store(settings),
            &keys,
            &settings.checkpoints,
        )?)
    }

    /// # Errors
    /// When another process has the store open; `what` says what then does not happen.
    pub(super) fn nobody_has_it_open(
        &self,
        settings: &Settings,
        what: &str,
    ) -> Result<(), Problem> {
        let Some(process) = Store::open_in(&self.store_path(settings)) else {
            return Ok(());
        };
        Err(Problem::new(what, Exit::TryLater)
            .because(format!(
                "process {process} has the profile {} open",
                self.name
            ))
            .next("Leave it there or end it, then try again."))
    }
}

/// The store and all whose names begin with its own.
pub(super) fn files_of(store: &Path) -> std::io::Result<Vec<VaultFile>> {
    let name = store.file_name().unwrap_or_default().as_encoded_bytes();
    let mut files = Vec::new();
    for entry in fs::read_dir(store.parent().unwrap_or(Path::new(".")))? {
        let entry = entry?;
        let other = entry.file_name();
        let rest = other.as_encoded_bytes().strip_prefix(name);
        if rest.is_some_and(|rest| rest.is_empty() || matches!(rest.first(), Some(b'-' | b'.'))) {
            let meta = entry.metadata()?;
            files.push(VaultFile {
                path: entry.path(),
                mode: meta.mode() & 0o7777,
                bytes: meta.len(),
            });
        }
    }
    files.sort_unstable_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

fn is_plain(path: &Path) -> bool {
    let mut start = [0; PLAIN.len()];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut start))
        .is_ok_and(|()| &start == PLAIN)
}

pub(super) fn unlisted(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new("The files of the store could not be listed", Exit::Failed)
        .because(format!("{}: {error}", path.display()))
        .next("Check the data directory, or name another with --data-dir.")
}
