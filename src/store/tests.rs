//! What only the inside can show: versions, settings, foreign databases.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use jiff::Timestamp;

use super::*;
use crate::base::{AccountId, Money, PaymentId, UserNumber};

fn new_store() -> (tempfile::TempDir, std::path::PathBuf, Key) {
    let directory = tempfile::tempdir().unwrap();
    let key = directory.path().join("key");
    fs::write(&key, "0f".repeat(32)).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    let path = directory.path().join("store.db");
    (directory, path, Key::File(key))
}

fn pragma(store: &Store, name: &str) -> String {
    let connection = store.connection.lock().unwrap();
    connection
        .pragma_query_value(None, name, |row| {
            let value: rusqlite::types::Value = row.get(0)?;
            Ok(match value {
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => format!("{other:?}"),
            })
        })
        .unwrap()
}

#[test]
fn a_later_schema_is_refused() {
    let (_directory, path, key) = new_store();
    let store = Store::create(&path, &key).unwrap();
    {
        let connection = store.connection.lock().unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
    }
    drop(store);
    let error = Store::open(&path, &key).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 99, .. }));
    let problem = crate::base::Problem::from(error);
    assert!(problem.why.contains("later version"), "{problem}");
}

#[test]
fn a_database_of_another_program_is_refused() {
    let (_directory, path, key) = new_store();
    let store = Store::create(&path, &key).unwrap();
    for (name, value) in [("application_id", 1), ("user_version", 0)] {
        let connection = store.connection.lock().unwrap();
        connection.pragma_update(None, name, value).unwrap();
        drop(connection);
        assert!(matches!(
            Store::open(&path, &key).unwrap_err(),
            StoreError::Foreign
        ));
    }
}

#[test]
fn every_connection_has_its_settings() {
    let (_directory, path, key) = new_store();
    drop(Store::create(&path, &key).unwrap());
    let store = Store::open(&path, &key).unwrap();
    for (name, value) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("secure_delete", "1"),
        ("temp_store", "2"),
        ("trusted_schema", "0"),
        ("cell_size_check", "1"),
        ("busy_timeout", "5000"),
        ("application_id", "1651863153"),
        ("user_version", "4"),
    ] {
        assert_eq!(pragma(&store, name), value, "{name}");
    }
}

#[test]
fn a_held_write_lock_makes_the_other_wait_and_then_say_so() {
    let (_directory, path, key) = new_store();
    let one = Store::create(&path, &key).unwrap();
    let two = Store::open(&path, &key).unwrap();
    {
        let connection = two.connection.lock().unwrap();
        connection
            .busy_timeout(std::time::Duration::from_millis(1))
            .unwrap();
    }
    let inner = one.write::<_, StoreError>(|tx| {
        tx.save_device(&DeviceRow { id: None })?;
        // Readers are not held up.
        assert_eq!(two.device()?, None);
        Ok(two.save_device(&DeviceRow { id: None }))
    });
    assert!(matches!(inner.unwrap(), Err(StoreError::Busy)));
    two.save_device(&DeviceRow { id: None }).unwrap();
}

/// A store as version 1 of the tables left it.
fn of_version_1(path: &std::path::Path, key: &Key) {
    drop(Store::create(path, key).unwrap());
    let sidecar = slots::Sidecar::read(path).unwrap();
    let data_key = sidecar.unlock(key).unwrap();
    for name in ["", "-wal", "-shm"] {
        files::remove_if_there(&files::beside(path, name)).unwrap();
    }
    drop(files::create_new(path).unwrap());
    let mut connection = open::unlock(path, &data_key.current).unwrap();
    schema::migrate_to(&mut connection, path, 1).unwrap();
    schema::set_store_id(&connection, sidecar.store()).unwrap();
    connection
        .execute_batch(
            "INSERT INTO provider (one, kind, secret, certificate_pem, certificate_key_pem)
             VALUES (1, 'payment-service-provider', 'canary-of-version-1', 'certificate', 'its key');
             INSERT INTO session VALUES (0, 7, 'token', 8, '2026-11-01T00:00:00Z',
             '2026-12-01T00:00:00Z');",
        )
        .unwrap();
}

/// A payment as version 3 of the tables kept it is listed after the change, by the new index, and
/// stands in the copy too.
#[test]
fn payments_of_version_3_are_listed_by_the_new_index() {
    let (directory, path, key) = new_store();
    drop(Store::create(&path, &key).unwrap());
    let sidecar = slots::Sidecar::read(&path).unwrap();
    let data_key = sidecar.unlock(&key).unwrap();
    for name in ["", "-wal", "-shm"] {
        files::remove_if_there(&files::beside(&path, name)).unwrap();
    }
    drop(files::create_new(&path).unwrap());
    let mut connection = open::unlock(&path, &data_key.current).unwrap();
    schema::migrate_to(&mut connection, &path, 3).unwrap();
    schema::set_store_id(&connection, sidecar.store()).unwrap();
    let store = Store {
        connection: Arc::new(Mutex::new(connection)),
        checkpoints: Checkpoints::default(),
    };
    let of = (UserNumber::PROVIDER, AccountId(7));
    let money = |value: &str| Money::parse(value, "EUR").unwrap();
    let rows: Vec<_> = (1..=3)
        .map(|id| PaymentRow {
            id: PaymentId(id),
            created: Timestamp::new(1_795_000_000, 0).unwrap(),
            amount: money(&format!("-{id}.10")),
            balance_after: Some(money("5.00")),
            counterparty: "Koffiebar De Kade".into(),
            counterparty_iban: None,
            description: "koffie".into(),
            kind: "BUNQ".into(),
            raw: format!("{{\"id\":{id}}}"),
        })
        .collect();
    store
        .save_payments(of.0, of.1, &rows, true, Timestamp::UNIX_EPOCH)
        .unwrap();
    drop(store);

    let store = Store::open(&path, &key).unwrap();
    assert_eq!(store.version().unwrap(), 4);
    let query = PaymentQuery::default();
    let lines = store.payment_lines(of.0, of.1, &query).unwrap().unwrap();
    let amounts: Vec<_> = lines.rows.iter().map(|row| row.amount).collect();
    assert_eq!(amounts, [money("-3.10"), money("-2.10"), money("-1.10")]);
    let index: String = store
        .connection
        .lock()
        .unwrap()
        .query_row(
            "SELECT name FROM sqlite_schema WHERE name = 'payment_listed'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(index, "payment_listed");
    drop(store);
    let copy = directory.path().join("store.db.backup-v3");
    fs::rename(&copy, &path).unwrap();
    let connection = open::unlock(&path, &data_key.current).unwrap();
    assert_eq!(schema::version(&connection).unwrap(), 3);
    let count: i64 = connection
        .query_row("SELECT count(*) FROM payment", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 3);
}

#[test]
fn an_older_store_is_copied_before_its_tables_change() {
    let (directory, path, key) = new_store();
    of_version_1(&path, &key);
    let store = Store::open(&path, &key).unwrap();
    assert_eq!(store.version().unwrap(), 4);
    assert_eq!(
        store.provider().unwrap().unwrap().kind,
        crate::base::UserKind::PaymentServiceProvider
    );
    let certificate = store.certificate().unwrap().unwrap();
    assert_eq!(certificate.key_pem.expose(), "its key");
    drop(store);

    let copy = directory.path().join("store.db.backup-v1");
    let bytes = fs::read(&copy).unwrap();
    assert!(!bytes.windows(6).any(|part| part == b"canary"));
    assert!(!bytes.starts_with(b"SQLite format 3"));
    assert_eq!(
        fs::metadata(&copy).unwrap().permissions().mode() & 0o777,
        0o600
    );
    // Put back, it opens with the same key, as it was, and can be brought up to date again.
    fs::rename(&copy, &path).unwrap();
    let data_key = slots::Sidecar::read(&path).unwrap().unlock(&key).unwrap();
    let connection = open::unlock(&path, &data_key.current).unwrap();
    let secret: String = connection
        .query_row("SELECT secret FROM provider", [], |row| row.get(0))
        .unwrap();
    assert_eq!(secret, "canary-of-version-1");
    drop(connection);
    assert_eq!(Store::open(&path, &key).unwrap().version().unwrap(), 4);
}

#[test]
fn many_may_bring_it_up_to_date_at_once() {
    let (_directory, path, key) = new_store();
    of_version_1(&path, &key);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(Store::open(&path, &key).unwrap().version().unwrap(), 4));
        }
    });
    assert_eq!(backup::all(&path).unwrap().len(), 1);
}

/// As version 0.1.0 wrote it, before there was a second format.
const FIRST_SIDECAR: &str = r#"{
  "format": 1,
  "store": "700f3790-a465-4906-ae9a-3b83af1c16a8",
  "slots": [
    {
      "kind": "key-file",
      "nonce": "86a0c80d103959764890692c9b4edd0b77245df05912e9a7",
      "key": "80dbbaf7b659a775b4745f955cd219d7065a7fe6a87fc1023a6a968cfd40a5cce6ba1cea508d8b46cdb9f4433e3af28d"
    }
  ],
  "check": "37cd55df066add4691cfac8e2d776bf767cfa4277f56f0d2d3b7a3a060e058a5"
}
"#;

#[test]
fn a_sidecar_of_the_first_format_opens_and_stays_as_it_is() {
    let (directory, path, _) = new_store();
    let key = directory.path().join("first-key");
    fs::write(&key, "0123456789abcdef".repeat(4)).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    fs::write(slots::path_of(&path), FIRST_SIDECAR).unwrap();
    let mut sidecar = slots::Sidecar::read(&path).unwrap();
    assert_eq!(sidecar.bytes().unwrap(), FIRST_SIDECAR.as_bytes());
    let data_key = sidecar.unlock(&Key::File(key)).unwrap().current;
    // What the first format can hold is written in it.
    let passphrase = Key::Passphrase(crate::base::Secret::new("correct horse"));
    sidecar.add(&data_key, &passphrase).unwrap();
    sidecar.save().unwrap();
    let written = fs::read_to_string(slots::path_of(&path)).unwrap();
    assert!(written.contains("\"format\": 1"), "{written}");
    let again = slots::Sidecar::read(&path).unwrap();
    assert!(*again.unlock(&passphrase).unwrap().current == *data_key);
}

/// All pages at once, at each of their bytes in turn: SQLCipher must name every one. Its own check
/// reads the file, not what was read before. What the program does with such a store is in
/// `tests/vault_flips.rs`.
#[test]
fn every_byte_of_every_page_is_authenticated() {
    const PAGE: usize = 4096;
    /// The first page begins with the salt, which is read when a store is opened.
    const SALT: usize = 16;
    let began = std::time::Instant::now();
    let (_directory, path, key) = new_store();
    drop(Store::create(&path, &key).unwrap());
    let data_key = slots::Sidecar::read(&path).unwrap().unlock(&key).unwrap();
    let connection = open::unlock(&path, &data_key.current).unwrap();
    let failed = || -> Vec<String> {
        let mut check = connection.prepare("PRAGMA cipher_integrity_check").unwrap();
        let rows = check.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    assert_eq!(failed(), Vec::<String>::new());
    let good = fs::read(&path).unwrap();
    let pages = good.len() / PAGE;
    for index in 0..PAGE {
        let mut bytes = good.clone();
        for page in 0..pages {
            bytes[page * PAGE + index] ^= 1 << ((index + page) % 8);
        }
        fs::write(&path, &bytes).unwrap();
        let named: Vec<_> = (usize::from(index < SALT) + 1..=pages)
            .map(|page| format!("HMAC verification failed for page {page}"))
            .collect();
        assert_eq!(failed(), named, "byte {index}");
    }
    println!("{} flips in {:?}", good.len(), began.elapsed());
}
