//! Taking a store away, with everything of it that is beside it.

use std::fs::File;
use std::path::{Path, PathBuf};

use rustix::process::{Flock, FlockOffsetType, FlockType, fcntl_getlk};

use super::{KeyringFault, StoreError, backup, files, keyring, open, slots};

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
/// far this comes. What was removed is told in `removed`, also when the rest could not be.
pub(super) fn remove(
    store: &Path,
    removed: &mut Vec<PathBuf>,
) -> Result<Option<KeyringFault>, StoreError> {
    let directory = files::directory_of(store);
    let _lock = files::lock_directory(directory)?;
    // A damaged sidecar does not tell; what the keyring then keeps opens nothing any more.
    let names = slots::Sidecar::read(store)
        .ok()
        .filter(|sidecar| !sidecar.entries().is_empty())
        .map(|sidecar| sidecar.names());
    let done = remove_files(store, removed);
    let is_locked_for_good = slots::path_of(store).symlink_metadata().is_err();
    let mut left = None;
    for name in names.iter().flatten().filter(|_| is_locked_for_good) {
        left = keyring::forget(name).err().or(left);
    }
    done.map(|()| left)
}

fn remove_files(store: &Path, removed: &mut Vec<PathBuf>) -> Result<(), StoreError> {
    for path in traces(store)? {
        files::remove_if_there(&path)?;
        removed.push(path);
    }
    files::sync_directory(files::directory_of(store))
}

/// What is there of a store, whole or not. The sidecar comes first.
pub(super) fn traces(store: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let sidecar = slots::path_of(store);
    let mut databases = vec![store.to_owned()];
    let copies = [backup::all(store)?, backup::unfinished(store)?].concat();
    databases.extend(copies.into_iter().map(|(_, copy)| copy));
    let mut all = vec![files::beside(&sidecar, ".new"), sidecar];
    all.retain(|path| path.symlink_metadata().is_ok());
    for database in databases {
        for name in [files::beside(&database, ".new"), database] {
            let companions = open::COMPANIONS.map(|companion| files::beside(&name, companion));
            for path in companions.into_iter().chain([name]) {
                if !all.contains(&path) && path.symlink_metadata().is_ok() {
                    all.push(path);
                }
            }
        }
    }
    Ok(all)
}
