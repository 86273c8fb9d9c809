//! SQLite: unlocking, schema, one file a table.
//!
//! A store is one file, encrypted as a whole by SQLCipher under one random data key. The sidecar
//! `<store>.slots` holds that key, wrapped once for each way to unlock it. Any number of
//! processes share a store: every write is one short transaction.

mod accounts;
mod backup;
mod context;
mod error;
mod files;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod keyring;
mod limits;
mod notes;
mod oauth;
mod open;
mod payment_lists;
mod payments;
mod provider;
mod readings;
mod rekey;
mod remove;
mod row;
mod schema;
mod sessions;
mod setup;
mod slot;
mod slots;
#[cfg(test)]
mod tests;
mod users;
mod vault;

use std::fmt;
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::base::Checkpoints;

pub use accounts::{AccountLine, AccountRow, AccountSummary, StoredAccounts};
pub use context::{DeviceRow, InstallationRow};
pub use error::{KeyFileFault, KeyringFault, STAYS_LOCKED, StoreError};
pub(crate) use keyring::probe as probe_keyring;
pub use limits::LimitRow;
pub use oauth::OauthClientRow;
pub use payment_lists::{PaymentColumn, PaymentFigure, PaymentLine, PaymentLines, PaymentQuery};
pub use payments::{PaymentFilter, PaymentRow, StoredPayments, Stretch};
pub use provider::{CertificateRow, ProviderRow};
pub use readings::ReadingRow;
pub use sessions::{NewSession, SessionRow};
pub use setup::{StepRow, StepState};
pub use users::{NewUser, SavedGrant, UserRow};
pub use vault::{Key, SlotKind};

/// An open store. Clones share its one connection; its methods are short and block.
#[derive(Clone)]
pub struct Store {
    connection: Arc<Mutex<Connection>>,
    checkpoints: Checkpoints,
}

/// A transaction: what is written through it lands together or not at all.
pub struct Tx<'a>(&'a Transaction<'a>);

impl Store {
    /// A store that is gone when the last clone is dropped. Nothing is written to a disk.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn in_memory() -> Result<Self, StoreError> {
        open::in_memory().map(Self::on)
    }

    /// Makes a store, its sidecar and, if need be, its directory (0700; the files are 0600).
    ///
    /// # Errors
    /// When one is there already, the key cannot be used, or the files cannot be written.
    pub fn create(path: &Path, key: &Key) -> Result<Self, StoreError> {
        open::create(path, key).map(Self::on)
    }

    /// Opens a store and brings it to this version of the program.
    ///
    /// # Errors
    /// When it is not there, not ours, damaged, of a later version, or the key does not fit.
    pub fn open(path: &Path, key: &Key) -> Result<Self, StoreError> {
        open::open(path, key).map(Self::on)
    }

    /// Whether a store or a part of one is there, so that [`Store::open`] is the way, and says
    /// what is missing.
    #[must_use]
    pub fn exists(path: &Path) -> bool {
        open::exists(path)
    }

    /// Looks whether there is room on the disk for what must not be lost once it is there.
    ///
    /// # Errors
    /// [`StoreError::Full`] when there is not.
    pub fn check_room(path: &Path) -> Result<(), StoreError> {
        files::has_room(path).then_some(()).ok_or(StoreError::Full)
    }

    /// The number of a process that has the store open, if one has; not to be asked by one that
    /// has it open itself.
    #[must_use]
    pub fn open_in(path: &Path) -> Option<i32> {
        remove::open_in(path)
    }

    /// Everything that is there of a store, also what is left of one that was removed in part.
    ///
    /// # Errors
    /// When its directory cannot be read.
    pub fn traces(path: &Path) -> Result<Vec<PathBuf>, StoreError> {
        remove::traces(path)
    }

    /// Removes the store, its sidecar, its copies and what the keyring holds for it, also where
    /// nobody can unlock it any more. What was removed is added to `removed`, also when this
    /// fails. The answer is why the keyring still holds what it held, if it does.
    ///
    /// # Errors
    /// When a file cannot be removed. The sidecar is gone first, so what is left cannot be read.
    pub fn remove(
        path: &Path,
        removed: &mut Vec<PathBuf>,
    ) -> Result<Option<KeyringFault>, StoreError> {
        remove::remove(path, removed)
    }

    /// Tries a key without opening the store.
    ///
    /// # Errors
    /// When it does not unlock the store.
    pub fn try_key(path: &Path, key: &Key) -> Result<(), StoreError> {
        open::try_key(path, key)
    }

    /// What could unlock the store.
    ///
    /// # Errors
    /// When it or its sidecar is missing or damaged.
    pub fn slots(path: &Path) -> Result<Vec<SlotKind>, StoreError> {
        open::kinds(path)
    }

    /// Adds a way to unlock the store, or replaces the one of that kind.
    ///
    /// # Errors
    /// When `existing` does not unlock it, or the new key cannot be used.
    pub fn add_slot(path: &Path, existing: &Key, new: &Key) -> Result<(), StoreError> {
        open::change_slots(path, existing, |sidecar, key| sidecar.add(key, new))
    }

    /// Takes a way to unlock the store away, and what the keyring held for it; never the last one.
    ///
    /// # Errors
    /// When `existing` does not unlock it, or there is no such slot beside another.
    pub fn remove_slot(path: &Path, existing: &Key, kind: SlotKind) -> Result<(), StoreError> {
        open::change_slots(path, existing, |sidecar, _| sidecar.remove(kind))
    }

    /// Gives the store a new data key: every page is encrypted anew, every slot wrapped anew, and
    /// the keyring's key replaced. `keys` has one for each slot; a new passphrase or another key
    /// file takes the old one's place. A run that is cut off anywhere leaves a store that opens
    /// with the old keys or with the new ones. Copies under the old key are removed, since nothing
    /// opens them any more.
    ///
    /// # Errors
    /// When `existing` does not unlock it, the key of a slot is not among `keys`, or another
    /// process has the store open.
    pub fn rekey(
        path: &Path,
        existing: &Key,
        keys: &[Key],
        checkpoints: &Checkpoints,
    ) -> Result<(), StoreError> {
        rekey::rekey(path, existing, keys, checkpoints)
    }

    /// Which SQLCipher reads and writes this store.
    ///
    /// # Errors
    /// [`StoreError::NotEncrypted`] when it is none.
    pub fn cipher(&self) -> Result<String, StoreError> {
        open::cipher(
            &self
                .connection
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// Reads the whole file and checks its structure and the authentication code of its pages.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when something is wrong with it.
    pub fn quick_check(&self) -> Result<(), StoreError> {
        self.read(|tx| {
            let found: String =
                tx.0.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if found == "ok" {
                Ok(())
            } else {
                Err(StoreError::Damaged)
            }
        })
    }

    /// The version of its tables.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn version(&self) -> Result<u32, StoreError> {
        self.read(|tx| {
            Ok(tx
                .0
                .query_row("PRAGMA user_version", [], |row| row.get(0))?)
        })
    }

    /// Runs `work` in one transaction, which only an `Ok` of it commits. It must be short: other
    /// processes wait for it. A method of the store called within would wait for ever; `Tx` has
    /// them all.
    ///
    /// # Errors
    /// Those of `work` and of the commit.
    #[track_caller]
    pub fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let caller = Location::caller();
        let place = |when: &str| {
            let file = Path::new(caller.file()).file_stem().unwrap_or_default();
            format!("{when} write {}:{}", file.display(), caller.line())
        };
        self.checkpoints.pass(|| place("before"));
        let written = self.run(TransactionBehavior::Immediate, work)?;
        self.checkpoints.pass(|| place("after"));
        Ok(written)
    }

    /// The same store, each of whose writes is told before and after.
    #[must_use]
    pub fn with_checkpoints(self, checkpoints: Checkpoints) -> Self {
        Self {
            checkpoints,
            ..self
        }
    }

    /// Runs `work` on one unchanging view of the store.
    fn read<T>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.run(TransactionBehavior::Deferred, work)
    }

    fn run<T, E: From<StoreError>>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // A panic within a transaction rolls it back, so a poisoned connection is a good one.
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let transaction = connection
            .transaction_with_behavior(behavior)
            .map_err(StoreError::from)?;
        let done = work(&Tx(&transaction))?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(done)
    }

    fn on(connection: Connection) -> Self {
        Self {
            connection: Arc::new(Mutex::new(connection)),
            checkpoints: Checkpoints::default(),
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

impl fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tx")
    }
}
