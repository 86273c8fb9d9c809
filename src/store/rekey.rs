//! A new data key, in an order that may be cut off anywhere.
//!
//! Nobody else may have the store open: its WAL is folded in and SQLite's exclusive lock held
//! before anything is changed. Then the sidecar is written with both keys, all pages are
//! encrypted anew in one transaction, and the sidecar is written with the new key only. Whoever
//! opens a store whose sidecar has both looks under which of them it is, and ends the change.

use std::path::Path;

use rusqlite::{Connection, ErrorCode};

use super::slots::Sidecar;
use super::vault::{self, Key, KeyBytes};
use super::{StoreError, backup, files, open};
use crate::base::Checkpoints;

pub(super) fn rekey(
    path: &Path,
    existing: &Key,
    keys: &[Key],
    checkpoints: &Checkpoints,
) -> Result<(), StoreError> {
    let (_lock, mut sidecar) = open::locked(path)?;
    let current = settled(path, &mut sidecar, existing)?;
    let connection = alone(path, &current, sidecar.store())?;
    let next = vault::new_key()?;
    checkpoints.pass(|| "before rekey".into());
    let begun = sidecar
        .begin_rekey(&current, &next, keys)
        .and_then(|()| sidecar.save());
    if begun.is_err() {
        sidecar.discard();
        return begun;
    }
    checkpoints.pass(|| "rekey begun".into());
    let done = encrypt_anew(connection, &next);
    checkpoints.pass(|| "rekey done".into());
    let under = which(path, &sidecar, [&current, &next])?;
    end(path, &mut sidecar, under == &next)?;
    checkpoints.pass(|| "rekey ended".into());
    done
}

/// Ends the change: the new key has come, or the old one stays.
fn end(path: &Path, sidecar: &mut Sidecar, is_next: bool) -> Result<(), StoreError> {
    if is_next {
        // Whoever asks for a new key does not want the old one to open a copy. Before the sidecar
        // forgets that there was a change, so that whoever ends it does this too.
        for (_, copy) in [backup::all(path)?, backup::unfinished(path)?].concat() {
            files::remove_if_there(&copy)?;
        }
    }
    sidecar.end_rekey(is_next);
    sidecar.save()
}

/// Ends a change of the data key that was cut off.
pub(super) fn settle(path: &Path, key: &Key) -> Result<(), StoreError> {
    let (_lock, mut sidecar) = open::locked(path)?;
    settled(path, &mut sidecar, key).map(drop)
}

/// The data key of a store whose sidecar has no other one, after ending a change that was cut
/// off. The caller holds the lock.
pub(super) fn settled(
    path: &Path,
    sidecar: &mut Sidecar,
    key: &Key,
) -> Result<KeyBytes, StoreError> {
    let keys = sidecar.unlock(key)?;
    let Some(next) = keys.next else {
        return Ok(keys.current);
    };
    let is_next = which(path, sidecar, [&keys.current, &next])? == &next;
    end(path, sidecar, is_next)?;
    Ok(if is_next { next } else { keys.current })
}

/// Which of the two the store is under. The old one is tried first: with it a transaction that
/// was cut off is rolled back.
fn which<'a>(
    path: &Path,
    sidecar: &Sidecar,
    keys: [&'a KeyBytes; 2],
) -> Result<&'a KeyBytes, StoreError> {
    for key in keys {
        match open::reads(path, key, sidecar.store()) {
            Ok(()) => return Ok(key),
            Err(StoreError::Damaged) => {}
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::Damaged)
}

/// A connection beside which there is no other, with the WAL folded in. Its journal keeps pages
/// under the key that they had.
fn alone(path: &Path, key: &KeyBytes, id: &str) -> Result<Connection, StoreError> {
    open::reads(path, key, id)?;
    let connection = open::unlock(path, key)?;
    connection.execute_batch(
        "PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA journal_mode = DELETE;
         PRAGMA synchronous = EXTRA;
         PRAGMA fullfsync = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0;
         BEGIN EXCLUSIVE; COMMIT;",
    )?;
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    if mode == "delete" {
        Ok(connection)
    } else {
        Err(StoreError::Busy)
    }
}

fn encrypt_anew(connection: Connection, next: &KeyBytes) -> Result<(), StoreError> {
    open::give_key(&connection, "rekey", next).map_err(|code| match code {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
        Some(ErrorCode::DiskFull) => StoreError::Full,
        _ => StoreError::Damaged,
    })?;
    connection.close().map_err(|(_, error)| error.into())
}
