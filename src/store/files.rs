//! Modes, owners and atomic writes. What is ours is 0700 or 0600 and never a link.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::StoreError;

const OTHERS: u32 = 0o077;
const DIRECTORY: u32 = 0o700;
const FILE: u32 = 0o600;

pub(super) fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// `<path><suffix>`, beside it.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

pub(super) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Makes the directory if need be, then checks it.
pub(super) fn make_directory(path: &Path) -> Result<(), StoreError> {
    DirBuilder::new()
        .recursive(true)
        .mode(DIRECTORY)
        .create(path)
        .map_err(StoreError::io(path))?;
    check_directory(path)
}

/// The directory must be our own; a mode that lets others in is repaired. The last part of the
/// path may be a link: what counts is where it leads.
pub(super) fn check_directory(path: &Path) -> Result<(), StoreError> {
    let meta = fs::metadata(path).map_err(StoreError::io(path))?;
    if !meta.is_dir() {
        return Err(StoreError::NotOrdinary(path.into()));
    }
    if meta.uid() != own_uid() {
        return Err(StoreError::Owner(path.into()));
    }
    if meta.mode() & OTHERS != 0 {
        fs::set_permissions(path, Permissions::from_mode(DIRECTORY))
            .map_err(StoreError::io(path))?;
    }
    Ok(())
}

/// Whether the file is there. It must be a regular file of our own; its mode is repaired.
pub(super) fn check_file(path: &Path) -> Result<bool, StoreError> {
    let meta = match fs::symlink_metadata(path) {
        Ok(meta) => meta,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(StoreError::io(path)(error)),
    };
    if !meta.is_file() {
        return Err(StoreError::NotOrdinary(path.into()));
    }
    if meta.uid() != own_uid() {
        return Err(StoreError::Owner(path.into()));
    }
    if meta.mode() & OTHERS != 0 {
        fs::set_permissions(path, Permissions::from_mode(FILE)).map_err(StoreError::io(path))?;
    }
    Ok(true)
}

/// Makes an empty file that was not there before.
pub(super) fn create_new(path: &Path) -> Result<File, StoreError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE)
        .open(path)
        .map_err(StoreError::io(path))
}

/// Writes a new file and waits until it is on the disk.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = create_new(path)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(StoreError::io(path))
}

/// Puts `bytes` in the place of the file, all or nothing. The caller holds the lock.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let new = beside(path, ".new");
    remove_if_there(&new)?;
    write_new(&new, bytes)?;
    rename(&new, path)
}

/// Renames within a directory and waits until the directory is on the disk.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(StoreError::io(to))?;
    sync_directory(directory_of(to))
}

/// Waits until the directory is on the disk.
pub(super) fn sync_directory(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|handle| handle.sync_all())
        .map_err(StoreError::io(path))
}

pub(super) fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::io(path)(error)),
        _ => Ok(()),
    }
}

/// Reads a whole file of at most `most` bytes; `None` when it is longer.
pub(super) fn read_short(path: &Path, most: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(StoreError::io(path))?;
    let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= most);
    Ok(fits.then_some(bytes))
}

/// Waits for the kernel's lock on the directory: one process at a time makes a store or changes
/// its slots. It ends with the handle, also when the process is killed.
pub(super) fn lock_directory(path: &Path) -> Result<File, StoreError> {
    let handle = File::open(path).map_err(StoreError::io(path))?;
    handle.lock().map_err(StoreError::io(path))?;
    Ok(handle)
}

/// Least room on the disk before something begins whose result must not be lost.
const ROOM: u64 = 256 * 1024;

/// Whether there is room left where the file is. Where that cannot be told there is.
pub(super) fn has_room(path: &Path) -> bool {
    rustix::fs::statvfs(directory_of(path)).map_or(true, |disk| {
        disk.f_bavail.saturating_mul(disk.f_frsize) >= ROOM
    })
}
