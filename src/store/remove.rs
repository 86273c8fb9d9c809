//! Taking a store away, with everything of it that is beside it.

use std::fs::File;
use std::path::{Path, PathBuf};

use rustix::process::{Flock, FlockOffsetType, FlockType, fcntl_getlk};

use super::{StoreError, backup, files, keyring, open, slots};

/// Where SQLite locks a database for reading, and for how many bytes (its file format,
/// "The Lock-Byte Page"). In WAL mode every open connection holds some of it.
const SHARED_FIRST: u64 = 0x4000_0002;
const SHARED_SIZE: u64 = 510;

/// The process that has the store open, if one has. Not for a store that this process has open:
/// closing the file here would take the locks of its connection away (POSIX).
pub(super) fn open_in(store: &Path) -> Option<i32> {
    let file = File::options().read(true).write(true).open(store).ok()?;
    let all = Flock {
        start: SHARED_FIRST,
        length: SHARED_SIZE,
        pid: None,
        typ: FlockType::WriteLock,
        offset_type: FlockOffsetType::Set,
    };
    let held = fcntl_getlk(&file, &all).ok()??;
    held.pid.map(|pid| pid.as_raw_nonzero().get())
}

/// Removes the store for good. The sidecar goes first: without it nobody reads the rest, however
/// far this comes. What was removed is told.
pub(super) fn remove(store: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let directory = files::directory_of(store);
    let _lock = files::lock_directory(directory)?;
    // A damaged sidecar does not tell; what the keyring then keeps opens nothing any more.
    let entries = slots::Sidecar::read(store).map_or_else(|_| Vec::new(), |all| all.entries());
    let mut removed = Vec::new();
    for path in paths(store)? {
        if path.symlink_metadata().is_ok() {
            files::remove_if_there(&path)?;
            removed.push(path);
        }
    }
    files::sync_directory(directory)?;
    for entry in entries {
        let _ = keyring::forget(&entry);
    }
    Ok(removed)
}

/// Everything that may be there of a store.
fn paths(store: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let sidecar = slots::path_of(store);
    let mut databases = vec![store.to_owned()];
    for (_, copy) in backup::all(store)? {
        databases.push(copy);
    }
    let mut all = vec![files::beside(&sidecar, ".new"), sidecar];
    for database in databases {
        for name in [files::beside(&database, ".new"), database] {
            all.extend(open::COMPANIONS.map(|companion| files::beside(&name, companion)));
            all.push(name);
        }
    }
    Ok(all)
}
