//! Making, unlocking and losing a store: files, modes, keys, damage.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use bunq_tui::base::{BankText, Exit, Problem, Secret, UserId, UserKind};
use bunq_tui::store::{Key, KeyFileFault, ProviderRow, SlotKind, Store, StoreError};
use tempfile::TempDir;

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const OTHER_KEY: &str = "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

struct Place {
    directory: TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn store(&self) -> PathBuf {
        self.directory.path().join("profiles/sandbox.db")
    }

    fn slots(&self) -> PathBuf {
        self.directory.path().join("profiles/sandbox.db.slots")
    }

    fn new_store(&self) -> PathBuf {
        self.directory.path().join("profiles/sandbox.db.new")
    }

    fn key_file(&self, name: &str, text: &str) -> Key {
        let path = self.directory.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        Key::File(path)
    }

    fn key(&self) -> Key {
        self.key_file("key", &format!("{KEY}\n"))
    }
}

fn provider(secret: &str) -> ProviderRow {
    ProviderRow {
        kind: UserKind::PaymentServiceProvider,
        user_id: Some(UserId(5001)),
        name: Some(BankText::new("canary-name")),
        secret: Secret::new(secret),
        credential_id: None,
        email: Some(BankText::new("canary@example.com")),
        phone: None,
        profile_raw: Some("{\"canary\":1}".into()),
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

#[test]
fn a_store_comes_back_with_the_same_key_only() {
    let place = Place::new();
    let key = place.key();
    assert!(!Store::exists(&place.store()));
    let store = Store::create(&place.store(), &key).unwrap();
    store.save_provider(&provider("api-key")).unwrap();
    drop(store);
    assert!(Store::exists(&place.store()));
    assert_eq!(Store::slots(&place.store()).unwrap(), [SlotKind::KeyFile]);

    let store = Store::open(&place.store(), &key).unwrap();
    assert_eq!(store.provider().unwrap(), Some(provider("api-key")));
    store.quick_check().unwrap();

    let wrong = place.key_file("wrong", OTHER_KEY);
    let error = Store::open(&place.store(), &wrong).unwrap_err();
    assert!(matches!(error, StoreError::WrongKey(SlotKind::KeyFile)));
    let problem = Problem::from(error);
    assert_eq!(problem.exit, Exit::NotReady);
    assert!(problem.next.contains("--key-file"));
    assert!(matches!(
        Store::create(&place.store(), &key).unwrap_err(),
        StoreError::Exists(_)
    ));
}

#[test]
fn a_passphrase_and_a_key_file_open_the_same_store() {
    let place = Place::new();
    let key = place.key();
    let passphrase = Key::Passphrase(Secret::new("correct horse"));
    drop(Store::create(&place.store(), &passphrase).unwrap());
    assert!(matches!(
        Store::open(&place.store(), &key).unwrap_err(),
        StoreError::NoSuchSlot(SlotKind::KeyFile)
    ));
    assert!(matches!(
        Store::open(
            &place.store(),
            &Key::Passphrase(Secret::new("Correct horse"))
        )
        .unwrap_err(),
        StoreError::WrongKey(SlotKind::Passphrase)
    ));
    assert!(matches!(
        Store::open(&place.store(), &Key::Passphrase(Secret::new(""))).unwrap_err(),
        StoreError::EmptyPassphrase
    ));

    Store::add_slot(&place.store(), &passphrase, &key).unwrap();
    assert_eq!(
        Store::slots(&place.store()).unwrap(),
        [SlotKind::Passphrase, SlotKind::KeyFile]
    );
    let store = Store::open(&place.store(), &key).unwrap();
    store.save_provider(&provider("one")).unwrap();
    let other = Store::open(&place.store(), &passphrase).unwrap();
    assert_eq!(other.provider().unwrap(), Some(provider("one")));

    Store::remove_slot(&place.store(), &key, SlotKind::Passphrase).unwrap();
    assert!(matches!(
        Store::open(&place.store(), &passphrase).unwrap_err(),
        StoreError::NoSuchSlot(SlotKind::Passphrase)
    ));
    assert!(matches!(
        Store::remove_slot(&place.store(), &key, SlotKind::KeyFile).unwrap_err(),
        StoreError::LastSlot
    ));
    Store::open(&place.store(), &key).unwrap();
}

#[test]
fn nothing_that_was_stored_can_be_read_in_the_files() {
    let place = Place::new();
    let store = Store::create(&place.store(), &place.key()).unwrap();
    for round in 0..50 {
        store
            .save_provider(&provider(&format!("canary-secret-{round}")))
            .unwrap();
    }
    let mut seen = Vec::new();
    for entry in fs::read_dir(place.store().parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        seen.push(path.file_name().unwrap().to_string_lossy().into_owned());
        for plain in [
            &b"canary"[..],
            b"SQLite format",
            b"CREATE TABLE",
            b"provider",
        ] {
            assert!(
                !bytes.windows(plain.len()).any(|window| window == plain),
                "{} holds {:?}",
                path.display(),
                String::from_utf8_lossy(plain)
            );
        }
        assert!(!String::from_utf8_lossy(&bytes).contains(KEY));
    }
    seen.sort();
    assert_eq!(
        seen,
        [
            "sandbox.db",
            "sandbox.db-shm",
            "sandbox.db-wal",
            "sandbox.db.slots"
        ]
    );
}

#[test]
fn files_are_for_their_owner_only_whatever_the_umask() {
    let place = Place::new();
    let before = rustix::process::umask(rustix::fs::Mode::empty());
    let store = Store::create(&place.store(), &place.key());
    rustix::process::umask(before);
    let store = store.unwrap();
    store.save_provider(&provider("x")).unwrap();
    let directory = place.store().parent().unwrap().to_owned();
    assert_eq!(mode(&directory), 0o700);
    for entry in fs::read_dir(&directory).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn modes_are_repaired_and_links_refused() {
    let place = Place::new();
    let key = place.key();
    drop(Store::create(&place.store(), &key).unwrap());
    for path in [place.store(), place.slots()] {
        fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
    }
    let directory = place.store().parent().unwrap().to_owned();
    fs::set_permissions(&directory, Permissions::from_mode(0o777)).unwrap();
    drop(Store::open(&place.store(), &key).unwrap());
    assert_eq!(mode(&place.store()), 0o600);
    assert_eq!(mode(&place.slots()), 0o600);
    assert_eq!(mode(&directory), 0o700);

    for path in [place.store(), place.slots()] {
        let real = place.directory.path().join("real");
        fs::rename(&path, &real).unwrap();
        symlink(&real, &path).unwrap();
        assert!(matches!(
            Store::open(&place.store(), &key).unwrap_err(),
            StoreError::NotOrdinary(_)
        ));
        fs::rename(&real, &path).unwrap();
    }
    drop(Store::open(&place.store(), &key).unwrap());
}

#[test]
fn every_flipped_byte_of_the_sidecar_is_noticed() {
    let place = Place::new();
    let key = place.key();
    drop(Store::create(&place.store(), &key).unwrap());
    let whole = fs::read(place.slots()).unwrap();
    for place_of_flip in 0..whole.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut bytes = whole.clone();
            bytes[place_of_flip] ^= flip;
            fs::write(place.slots(), &bytes).unwrap();
            let error = Store::open(&place.store(), &key).unwrap_err();
            assert!(
                matches!(
                    error,
                    StoreError::DamagedSidecar(_) | StoreError::Newer { .. }
                ),
                "byte {place_of_flip} ^ {flip}: {error:?}"
            );
        }
    }
    for bytes in [
        &b""[..],
        &whole[..whole.len() - 1],
        &[whole.clone(), whole.clone()].concat(),
    ] {
        fs::write(place.slots(), bytes).unwrap();
        assert!(matches!(
            Store::open(&place.store(), &key).unwrap_err(),
            StoreError::DamagedSidecar(_)
        ));
    }
    fs::write(place.slots(), &whole).unwrap();
    Store::open(&place.store(), &key).unwrap();
}

#[test]
fn a_missing_half_has_its_own_words() {
    let place = Place::new();
    let key = place.key();
    assert!(matches!(
        Store::open(&place.store(), &key).unwrap_err(),
        StoreError::Missing(_)
    ));
    drop(Store::create(&place.store(), &key).unwrap());
    let kept = fs::read(place.slots()).unwrap();
    fs::remove_file(place.slots()).unwrap();
    let error = Store::open(&place.store(), &key).unwrap_err();
    assert!(matches!(error, StoreError::NoSidecar(_)));
    assert!(Problem::from(error).why.contains("sandbox.db.slots"));

    fs::write(place.slots(), kept).unwrap();
    fs::remove_file(place.store()).unwrap();
    assert!(Store::exists(&place.store()));
    assert!(matches!(
        Store::open(&place.store(), &key).unwrap_err(),
        StoreError::NoDatabase(_)
    ));
    // The key of a store that may come back is not overwritten.
    assert!(matches!(
        Store::create(&place.store(), &key).unwrap_err(),
        StoreError::NoDatabase(_)
    ));
}

#[test]
fn a_creation_that_was_cut_off_is_ended_or_begun_again() {
    let place = Place::new();
    let key = place.key();
    // Cut off before the sidecar: leftovers, no store.
    fs::create_dir(place.store().parent().unwrap()).unwrap();
    fs::write(place.new_store(), b"half a database").unwrap();
    fs::write(format!("{}-wal", place.new_store().display()), b"half").unwrap();
    fs::write(format!("{}.new", place.slots().display()), b"{\"for").unwrap();
    assert!(!Store::exists(&place.store()));
    drop(Store::create(&place.store(), &key).unwrap());
    assert!(!place.new_store().exists());

    // Cut off between sidecar and store.
    fs::rename(place.store(), place.new_store()).unwrap();
    assert!(Store::exists(&place.store()));
    drop(Store::open(&place.store(), &key).unwrap());
    assert!(!place.new_store().exists());
}

#[test]
fn another_stores_sidecar_or_a_damaged_page_is_refused() {
    let one = Place::new();
    let two = Place::new();
    let key = one.key();
    drop(Store::create(&one.store(), &key).unwrap());
    drop(Store::create(&two.store(), &key).unwrap());
    let own = fs::read(one.slots()).unwrap();
    fs::copy(two.slots(), one.slots()).unwrap();
    assert!(matches!(
        Store::open(&one.store(), &key).unwrap_err(),
        StoreError::Damaged
    ));
    fs::write(one.slots(), own).unwrap();
    let mut bytes = fs::read(one.store()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(one.store(), bytes).unwrap();
    let opened = Store::open(&one.store(), &key).and_then(|store| store.quick_check());
    assert!(matches!(opened.unwrap_err(), StoreError::Damaged));
    fs::write(one.store(), b"").unwrap();
    assert!(Store::open(&one.store(), &key).is_err());
}

#[test]
fn a_key_file_must_be_private_and_well_formed() {
    let place = Place::new();
    let fault = |key: &Key| match Store::create(&place.store(), key).unwrap_err() {
        StoreError::KeyFile { fault, .. } => fault,
        other => panic!("{other:?}"),
    };
    for text in [
        "",
        "00",
        &KEY[1..],
        &format!("{KEY}0"),
        &KEY.replace('f', "g"),
    ] {
        let key = place.key_file("bad", text);
        assert_eq!(fault(&key), KeyFileFault::Content, "{text}");
    }
    let open = place.key_file("open", KEY);
    let Key::File(path) = &open else { panic!() };
    fs::set_permissions(path, Permissions::from_mode(0o640)).unwrap();
    assert_eq!(fault(&open), KeyFileFault::Mode);
    let missing = Key::File(place.directory.path().join("nowhere"));
    assert_eq!(fault(&missing), KeyFileFault::Unreadable);
    let directory = Key::File(place.directory.path().to_owned());
    assert_eq!(fault(&directory), KeyFileFault::NotRegular);
    let error = Store::create(&place.store(), &open).unwrap_err();
    let problem = Problem::from(error);
    assert_eq!(problem.exit, Exit::NotReady);
    assert!(problem.next.starts_with("Run: chmod 600 "));
    assert!(!Store::exists(&place.store()));
}

#[test]
fn many_can_make_the_same_store_but_one_does() {
    let place = Place::new();
    let key = place.key();
    let path = place.store();
    let made = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| Store::create(&path, &key).is_ok()))
            .collect();
        threads
            .into_iter()
            .filter_map(|thread| thread.join().unwrap().then_some(()))
            .count()
    });
    assert_eq!(made, 1);
    Store::open(&path, &key).unwrap();
}
