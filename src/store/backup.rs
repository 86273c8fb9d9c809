//! A copy of the store before its tables change, so that a change that went wrong takes nothing
//! with it. It is encrypted under the same key, and the same sidecar opens it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{StoreError, files};

/// How many copies are kept: those of the latest versions.
const KEPT: usize = 2;
const SUFFIX: &str = ".backup-v";

/// Copies the whole store of this version, on the disk before the answer. The caller holds the
/// lock of the directory.
pub(super) fn make(connection: &Connection, store: &Path, version: u32) -> Result<(), StoreError> {
    let copy = files::beside(store, &format!("{SUFFIX}{version}"));
    let new = files::beside(&copy, ".new");
    files::remove_if_there(&new)?;
    // Made here for its mode: SQLite would make it readable for others.
    drop(files::create_new(&new)?);
    let name = new.to_str().ok_or_else(|| {
        StoreError::io(&new)(std::io::Error::other("the path is not valid Unicode"))
    })?;
    connection.execute("VACUUM INTO ?1", [name])?;
    File::open(&new)
        .and_then(|file| file.sync_all())
        .map_err(StoreError::io(&new))?;
    files::rename(&new, &copy)?;
    let mut copies = all(store)?;
    copies.truncate(copies.len().saturating_sub(KEPT));
    copies
        .iter()
        .try_for_each(|(_, old)| files::remove_if_there(old))
}

/// The copies beside the store, the oldest version first.
pub(super) fn all(store: &Path) -> Result<Vec<(u32, PathBuf)>, StoreError> {
    ending(store, "")
}

/// What is there of copies that were cut off.
pub(super) fn unfinished(store: &Path) -> Result<Vec<(u32, PathBuf)>, StoreError> {
    ending(store, ".new")
}

fn ending(store: &Path, end: &str) -> Result<Vec<(u32, PathBuf)>, StoreError> {
    let directory = files::directory_of(store);
    let prefix = files::beside(store, SUFFIX);
    let prefix = prefix.file_name().unwrap_or_default().as_encoded_bytes();
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).map_err(StoreError::io(directory))? {
        let entry = entry.map_err(StoreError::io(directory))?;
        let name = entry.file_name();
        let version = name
            .as_encoded_bytes()
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_suffix(end.as_bytes()))
            .and_then(|version| std::str::from_utf8(version).ok()?.parse().ok());
        if let Some(version) = version {
            found.push((version, entry.path()));
        }
    }
    found.sort_unstable();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_two_are_kept() {
        let directory = tempfile::tempdir().unwrap();
        let store = directory.path().join("a.db");
        for stranger in ["a.db", "a.db.backup-vx", "b.db.backup-v1", "a.db.slots"] {
            fs::write(directory.path().join(stranger), "").unwrap();
        }
        let connection = Connection::open_in_memory().unwrap();
        for version in [1, 2, 9, 10, 10] {
            make(&connection, &store, version).unwrap();
        }
        let kept = all(&store).unwrap();
        let versions: Vec<u32> = kept.iter().map(|(version, _)| *version).collect();
        assert_eq!(versions, [9, 10]);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 6);
    }
}
