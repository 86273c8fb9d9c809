//! A new data key: everything stays readable, the old key opens nothing, and a run that is killed
//! anywhere leaves a store that opens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "common/key_file.rs"]
mod key_file;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bunq_tui::base::{BankText, Checkpoints, Secret, UserId, UserKind};
use bunq_tui::store::{Key, ProviderRow, SlotKind, Store, StoreError};
use tempfile::TempDir;

/// Set for a run of this binary that changes the key of the store there.
const STORE: &str = "BUNQ_TUI_TEST_REKEY";
/// At which checkpoint that run kills itself.
const AT: &str = "BUNQ_TUI_TEST_REKEY_AT";
const CHECKPOINTS: [&str; 4] = ["before rekey", "rekey begun", "rekey done", "rekey ended"];
const OLD: &str = "the old passphrase";
const NEW: &str = "the new passphrase";
/// Bytes of something large in the store, so that the change takes its time.
const LARGE: usize = 2_000_000;
/// How often it is killed at moments spread over its time.
const ROUNDS: u32 = 24;

struct Place {
    directory: TempDir,
}

impl Place {
    /// A store with a key file and a passphrase.
    fn new(large: usize) -> Self {
        let place = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        key_file::write(&place.at("key"));
        let store = Store::create(&place.store(), &place.file()).unwrap();
        store.save_provider(&provider(large)).unwrap();
        drop(store);
        Store::add_slot(&place.store(), &place.file(), &passphrase(OLD)).unwrap();
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn store(&self) -> PathBuf {
        self.at("a.db")
    }

    fn file(&self) -> Key {
        Key::File(self.at("key"))
    }

    /// Everything is there, and the store can be written.
    fn is_whole(&self, key: &Key, large: usize) -> Result<(), StoreError> {
        let store = Store::open(&self.store(), key)?;
        store.quick_check()?;
        let row = store.provider()?.unwrap();
        assert_eq!(row.secret, Secret::new("secret"));
        assert_eq!(row.profile_raw.unwrap().len(), large);
        store.save_provider(&provider(large))
    }

    fn child(&self) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["child_rekeys", "--exact", "--nocapture"])
            .env(STORE, self.directory.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

fn passphrase(text: &str) -> Key {
    Key::Passphrase(Secret::new(text))
}

fn provider(large: usize) -> ProviderRow {
    ProviderRow {
        kind: UserKind::PaymentServiceProvider,
        user_id: Some(UserId(5001)),
        name: Some(BankText::new("name")),
        secret: Secret::new("secret"),
        credential_id: None,
        email: None,
        phone: None,
        profile_raw: Some("x".repeat(large)),
    }
}

/// The change that is killed: the key file stays, the passphrase becomes another.
fn rekey(directory: &Path, checkpoints: &Checkpoints) -> Result<(), StoreError> {
    let file = Key::File(directory.join("key"));
    let keys = [file.clone(), passphrase(NEW)];
    Store::rekey(&directory.join("a.db"), &file, &keys, checkpoints)
}

#[test]
fn child_rekeys() {
    let Some(directory) = std::env::var_os(STORE) else {
        return;
    };
    let at = std::env::var(AT).unwrap_or_default();
    let told = PathBuf::from(&directory);
    let checkpoints = Checkpoints::tell(move |name| {
        if name == at {
            std::process::abort();
        }
        fs::write(told.join(name), "").unwrap();
    });
    rekey(Path::new(&directory), &checkpoints).unwrap();
}

#[test]
fn the_old_key_opens_nothing_any_more() {
    let place = Place::new(10);
    let (old_store, old_slots) = (
        fs::read(place.store()).unwrap(),
        fs::read(place.at("a.db.slots")).unwrap(),
    );
    fs::write(place.at("a.db.backup-v1"), "a copy").unwrap();
    fs::write(place.at("a.db.backup-v2.new"), "one cut off").unwrap();
    rekey(place.directory.path(), &Checkpoints::default()).unwrap();
    place.is_whole(&place.file(), 10).unwrap();
    place.is_whole(&passphrase(NEW), 10).unwrap();
    let error = place.is_whole(&passphrase(OLD), 10).unwrap_err();
    assert!(matches!(error, StoreError::WrongKey(SlotKind::Passphrase)));
    assert!(!place.at("a.db.backup-v1").exists());
    assert!(!place.at("a.db.backup-v2.new").exists());
    // The old sidecar does not open the new store, nor the new sidecar the old one.
    let new_slots = fs::read(place.at("a.db.slots")).unwrap();
    fs::write(place.at("a.db.slots"), &old_slots).unwrap();
    let error = place.is_whole(&place.file(), 10).unwrap_err();
    assert!(matches!(error, StoreError::Damaged), "{error}");
    fs::write(place.at("a.db.slots"), &new_slots).unwrap();
    fs::write(place.store(), &old_store).unwrap();
    let error = place.is_whole(&place.file(), 10).unwrap_err();
    assert!(matches!(error, StoreError::Damaged), "{error}");
    // Nothing of the old store is in the new one: every page is other bytes.
    for names in ["a.db-journal", "a.db-wal", "a.db.slots.new"] {
        assert!(!place.at(names).exists(), "{names}");
    }
}

#[test]
fn every_slot_must_be_given_and_nobody_else_may_be_there() {
    let place = Place::new(10);
    let slots = fs::read(place.at("a.db.slots")).unwrap();
    let file = place.file();
    let change = |keys: &[Key]| Store::rekey(&place.store(), &file, keys, &Checkpoints::default());
    let error = change(&[place.file()]).unwrap_err();
    assert!(matches!(
        error,
        StoreError::KeyNotGiven(SlotKind::Passphrase)
    ));
    // Open, and busy writing.
    let store = Store::open(&place.store(), &place.file()).unwrap();
    let error = change(&[place.file(), passphrase(OLD)]).unwrap_err();
    assert!(matches!(error, StoreError::Busy), "{error}");
    drop(store);
    assert_eq!(fs::read(place.at("a.db.slots")).unwrap(), slots);
    place.is_whole(&passphrase(OLD), 10).unwrap();
}

#[test]
fn it_may_die_at_every_step() {
    for at in CHECKPOINTS {
        for opened_by in ["key file", "old passphrase", "new passphrase"] {
            let place = Place::new(10);
            fs::write(place.at("a.db.backup-v1"), "a copy").unwrap();
            let ended = place.child().env(AT, at).status().unwrap();
            assert!(!ended.success(), "{at} was never passed");
            let key = match opened_by {
                "key file" => place.file(),
                "old passphrase" => passphrase(OLD),
                _ => passphrase(NEW),
            };
            // The new passphrase counts from when the pages are under the new key, whoever ends
            // what was cut off.
            let is_new = matches!(at, "rekey done" | "rekey ended");
            let opens = match opened_by {
                "key file" => true,
                "new passphrase" => is_new,
                _ => !is_new,
            };
            let opened = place.is_whole(&key, 10);
            assert_eq!(opened.is_ok(), opens, "{at}, {opened_by}: {opened:?}");
            place.is_whole(&place.file(), 10).unwrap();
            let counts = [OLD, NEW][usize::from(is_new)];
            place.is_whole(&passphrase(counts), 10).unwrap();
            let kept = place.at("a.db.backup-v1").exists();
            assert_eq!(kept, !is_new, "{at}, {opened_by}: a copy under the old key");
            // And it can be done again.
            let keys = [place.file(), passphrase(NEW)];
            Store::rekey(
                &place.store(),
                &place.file(),
                &keys,
                &Checkpoints::default(),
            )
            .unwrap();
            place.is_whole(&passphrase(NEW), 10).unwrap();
        }
    }
}

#[test]
fn it_may_be_killed_at_any_moment() {
    let first = Place::new(LARGE);
    let copy = || {
        let place = Place {
            directory: tempfile::tempdir().unwrap(),
        };
        for name in ["key", "a.db", "a.db.slots"] {
            fs::copy(first.at(name), place.at(name)).unwrap();
        }
        place
    };
    let wait_for = |path: PathBuf| {
        while !path.exists() {
            std::thread::park_timeout(Duration::from_micros(100));
        }
    };
    let place = copy();
    let mut child = place.child().spawn().unwrap();
    wait_for(place.at("rekey begun"));
    let began = Instant::now();
    wait_for(place.at("rekey ended"));
    let whole = began.elapsed();
    assert!(child.wait().unwrap().success());
    let (mut old, mut new, mut between) = (0, 0, 0);
    for round in 0..ROUNDS {
        let place = copy();
        let mut child = place.child().spawn().unwrap();
        wait_for(place.at("rekey begun"));
        let moment = whole * round / ROUNDS;
        let began = Instant::now();
        while began.elapsed() < moment && child.try_wait().unwrap().is_none() {
            std::thread::park_timeout(Duration::from_micros(100));
        }
        let _ = child.kill();
        child.wait().unwrap();
        let slots = fs::read_to_string(place.at("a.db.slots")).unwrap();
        between += u32::from(slots.contains("rekey"));
        place
            .is_whole(&place.file(), LARGE)
            .unwrap_or_else(|error| panic!("round {round}, {moment:?}: {error}"));
        match Store::open(&place.store(), &passphrase(NEW)) {
            Ok(_) => new += 1,
            Err(_) => old += 1,
        }
    }
    println!(
        "{ROUNDS} kills within {whole:?}: {old} kept the old key, {new} have the new one; \
         {between} fell between the two sidecars"
    );
    assert!(between > 0, "no kill met the change itself");
}
