//! Making and opening a store: the order that makes it safe to be killed anywhere, and the
//! settings of every connection.
//!
//! A new store is built under another name, complete and closed. Then its sidecar is put in
//! place, then the store itself is renamed. A crash before the sidecar leaves only files that
//! the next start throws away; one after it leaves a store that the next start puts in place.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use zeroize::Zeroizing;

use super::slots::{self, Sidecar};
use super::vault::{self, Key, KeyBytes};
use super::{SlotKind, StoreError, files, rekey, schema};

const BUSY: Duration = Duration::from_secs(5);
/// What SQLite puts beside a database.
pub(super) const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

pub(super) fn exists(path: &Path) -> bool {
    [path.to_owned(), slots::path_of(path)]
        .iter()
        .any(|file| file.symlink_metadata().is_ok())
}

pub(super) fn create(path: &Path, key: &Key) -> Result<Connection, StoreError> {
    let mut sidecar = Sidecar::new(path)?;
    let data_key = vault::new_key()?;
    sidecar.add(&data_key, key)?;
    let made = put_in_place(path, &mut sidecar, &data_key);
    if made.is_err() {
        sidecar.discard();
    }
    made
}

fn put_in_place(
    path: &Path,
    sidecar: &mut Sidecar,
    data_key: &KeyBytes,
) -> Result<Connection, StoreError> {
    let directory = files::directory_of(path);
    files::make_directory(directory)?;
    let _lock = files::lock_directory(directory)?;
    settle(path)?;
    match (files::check_file(path)?, has_sidecar(path)?) {
        (false, false) => {}
        (false, true) => return Err(StoreError::NoDatabase(path.into())),
        (true, _) => return Err(StoreError::Exists(path.into())),
    }
    let new = build(path, data_key, sidecar.store())?;
    sidecar.save()?;
    files::rename(&new, path)?;
    connect(path, data_key, sidecar.store())
}

pub(super) fn open(path: &Path, key: &Key) -> Result<Connection, StoreError> {
    let sidecar = read_sidecar(path)?;
    check_files(path)?;
    if sidecar.is_between_keys() {
        rekey::settle(path, key)?;
        return open(path, key);
    }
    let data_key = sidecar.unlock(key)?.current;
    match connect(path, &data_key, sidecar.store()) {
        // Another process may have given it a new data key just now.
        Err(StoreError::Damaged) if read_sidecar(path)?.bytes()? != sidecar.bytes()? => {
            open(path, key)
        }
        opened => opened,
    }
}

pub(super) fn kinds(path: &Path) -> Result<Vec<SlotKind>, StoreError> {
    Ok(read_sidecar(path)?.kinds())
}

pub(super) fn try_key(path: &Path, key: &Key) -> Result<(), StoreError> {
    read_sidecar(path)?.unlock(key).map(drop)
}

/// Changes the slots under the lock; `change` is given the data key.
pub(super) fn change_slots(
    path: &Path,
    key: &Key,
    change: impl FnOnce(&mut Sidecar, &KeyBytes) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let (_lock, mut sidecar) = locked(path)?;
    let data_key = rekey::settled(path, &mut sidecar, key)?;
    let changed = change(&mut sidecar, &data_key).and_then(|()| sidecar.save());
    if changed.is_err() {
        sidecar.discard();
    }
    changed
}

/// The sidecar, and the lock under which it may be changed.
pub(super) fn locked(path: &Path) -> Result<(File, Sidecar), StoreError> {
    let directory = files::directory_of(path);
    files::check_directory(directory)?;
    let lock = files::lock_directory(directory)?;
    Ok((lock, Sidecar::read(path)?))
}

/// Which SQLCipher it is, or that it is none.
pub(super) fn cipher(connection: &Connection) -> Result<String, StoreError> {
    connection
        .query_row("PRAGMA cipher_version", [], |row| row.get(0))
        .ok()
        .filter(|version: &String| !version.is_empty())
        .ok_or(StoreError::NotEncrypted)
}

/// Nothing is written, so nothing is locked.
pub(super) fn in_memory() -> Result<Connection, StoreError> {
    let mut connection = Connection::open_in_memory()?;
    configure(&connection)?;
    schema::migrate(&mut connection, Path::new(":memory:"))?;
    Ok(connection)
}

fn read_sidecar(path: &Path) -> Result<Sidecar, StoreError> {
    let directory = files::directory_of(path);
    if !exists(path) {
        return Err(StoreError::Missing(path.into()));
    }
    files::check_directory(directory)?;
    if !files::check_file(path)? {
        let _lock = files::lock_directory(directory)?;
        settle(path)?;
    }
    match (files::check_file(path)?, has_sidecar(path)?) {
        (true, true) => Sidecar::read(path),
        (true, false) => Err(StoreError::NoSidecar(slots::path_of(path))),
        (false, true) => Err(StoreError::NoDatabase(path.into())),
        (false, false) => Err(StoreError::Missing(path.into())),
    }
}

fn has_sidecar(path: &Path) -> Result<bool, StoreError> {
    files::check_file(&slots::path_of(path))
}

fn new_path(path: &Path) -> PathBuf {
    files::beside(path, ".new")
}

/// Ends a creation that was cut off after its sidecar was in place. The caller holds the lock.
fn settle(path: &Path) -> Result<(), StoreError> {
    let new = new_path(path);
    let cut_off = has_sidecar(path)? && !files::check_file(path)? && files::check_file(&new)?;
    if cut_off {
        files::rename(&new, path)?;
    }
    Ok(())
}

/// A complete store under its first name, closed and on the disk.
fn build(path: &Path, data_key: &KeyBytes, id: &str) -> Result<PathBuf, StoreError> {
    let new = new_path(path);
    files::remove_if_there(&new)?;
    for companion in COMPANIONS {
        files::remove_if_there(&files::beside(&new, companion))?;
    }
    drop(files::create_new(&new)?);
    let mut connection = unlock(&new, data_key)?;
    configure(&connection)?;
    schema::migrate(&mut connection, &new)?;
    schema::set_store_id(&connection, id)?;
    connection.close().map_err(|(_, error)| error)?;
    File::open(&new)
        .and_then(|file| file.sync_all())
        .map_err(StoreError::io(&new))?;
    Ok(new)
}

fn check_files(path: &Path) -> Result<(), StoreError> {
    for companion in COMPANIONS {
        files::check_file(&files::beside(path, companion))?;
    }
    Ok(())
}

fn connect(path: &Path, data_key: &KeyBytes, id: &str) -> Result<Connection, StoreError> {
    let mut connection = unlock(path, data_key)?;
    connection.busy_timeout(BUSY)?;
    // A file that was emptied is not filled anew.
    if schema::version(&connection)? == 0 {
        return Err(StoreError::Foreign);
    }
    configure(&connection)?;
    schema::migrate(&mut connection, path)?;
    if schema::store_id(&connection)? != id {
        return Err(StoreError::Foreign);
    }
    Ok(connection)
}

/// Whether the store opens under this key. Its tables stay as they are: whoever asks may hold the
/// lock that bringing them up to date takes.
pub(super) fn reads(path: &Path, data_key: &KeyBytes, id: &str) -> Result<(), StoreError> {
    let connection = unlock(path, data_key)?;
    connection.busy_timeout(BUSY)?;
    if schema::store_id(&connection)? == id {
        Ok(())
    } else {
        Err(StoreError::Foreign)
    }
}

/// SQLCipher makes itself ready at its first use, and refuses a key now and then when two threads
/// come first at the same moment.
static KEYING: Mutex<()> = Mutex::new(());

/// Opens the file and gives SQLCipher its key.
pub(super) fn unlock(path: &Path, data_key: &KeyBytes) -> Result<Connection, StoreError> {
    let _one = KEYING.lock().unwrap_or_else(PoisonError::into_inner);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // Without this it writes about a wrong key to standard error, over the screen.
    connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
    give_key(&connection, "key", data_key).map_err(|_| StoreError::Damaged)?;
    // Plain SQLite takes the key without a word and then writes plain text.
    cipher(&connection)?;
    Ok(connection)
}

/// Gives SQLCipher a key, raw. The library's error would quote the statement, and the key in it:
/// only its code comes out.
pub(super) fn give_key(
    connection: &Connection,
    pragma: &str,
    data_key: &KeyBytes,
) -> Result<(), Option<ErrorCode>> {
    let hex = Zeroizing::new(hex::encode(data_key.as_slice()));
    // Never longer than it was made: growing would leave a copy that is not wiped.
    let pieces = ["PRAGMA ", pragma, " = \"x'", hex.as_str(), "'\""];
    let length = pieces.iter().map(|piece| piece.len()).sum();
    let mut statement = Zeroizing::new(String::with_capacity(length));
    for piece in pieces {
        statement.push_str(piece);
    }
    connection
        .execute_batch(&statement)
        .map_err(|error| error.sqlite_error_code())
}

fn configure(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA mmap_size = 0;",
    )?;
    Ok(())
}
