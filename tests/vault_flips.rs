//! A store that was tampered with or damaged is never served as good: every byte of it flipped,
//! pages moved, files cut off and mixed up.
//!
//! Every page has its own authentication code, and that is looked at whenever it is read. So all
//! pages are flipped at once, at the same place in each, and SQLCipher's own check must name every
//! one; what the program itself does is tried for every byte of the first page, which holds the
//! salt and the header, and for a part of the others.

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
use std::path::PathBuf;
use std::time::Instant;

use bunq_tui::base::{BankText, Secret, UserId, UserKind};
use bunq_tui::store::{Key, ProviderRow, Store, StoreError};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const PAGE: usize = 4096;

struct Place {
    directory: TempDir,
    key: Key,
}

impl Place {
    /// A small store with something in it.
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("key");
        key_file::write(&file);
        let place = Self {
            key: Key::File(file),
            directory,
        };
        let store = Store::create(&place.store(), &place.key).unwrap();
        store.save_provider(&provider("first")).unwrap();
        drop(store);
        place
    }

    fn store(&self) -> PathBuf {
        self.directory.path().join("a.db")
    }

    fn sidecar(&self) -> PathBuf {
        self.directory.path().join("a.db.slots")
    }

    fn wal(&self) -> PathBuf {
        self.directory.path().join("a.db-wal")
    }

    /// The whole of what a run would do with it: open it, check it, read it.
    fn read(&self) -> Result<String, StoreError> {
        let store = Store::open(&self.store(), &self.key)?;
        store.quick_check()?;
        let secret = store.provider()?.map(|row| row.secret);
        Ok(secret.map_or_else(String::new, |it| it.expose().to_owned()))
    }

    /// Puts these bytes in the place of the store, with nothing beside it.
    fn put(&self, bytes: &[u8]) {
        for suffix in ["-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(self.directory.path().join(format!("a.db{suffix}")));
        }
        fs::write(self.store(), bytes).unwrap();
    }

    fn refused(&self, bytes: &[u8], what: &str) {
        self.put(bytes);
        assert!(self.read().is_err(), "{what} was taken for good");
    }
}

fn provider(secret: &str) -> ProviderRow {
    ProviderRow {
        kind: UserKind::PaymentServiceProvider,
        user_id: Some(UserId(5001)),
        name: Some(BankText::new("name")),
        secret: Secret::new(secret),
        credential_id: None,
        email: None,
        phone: None,
        profile_raw: None,
    }
}

#[test]
fn every_byte_of_the_first_page_is_looked_at_by_the_program() {
    let began = Instant::now();
    let place = Place::new();
    let good = fs::read(place.store()).unwrap();
    assert_eq!(place.read().unwrap(), "first");
    for index in 0..PAGE {
        let mut bytes = good.clone();
        bytes[index] ^= 1 << (index % 8);
        place.refused(&bytes, &format!("byte {index}"));
    }
    place.put(&good);
    assert_eq!(place.read().unwrap(), "first");
    println!("{PAGE} flips of the first page: {:?}", began.elapsed());
}

#[test]
fn so_are_those_of_the_other_pages() {
    let began = Instant::now();
    let place = Place::new();
    let good = fs::read(place.store()).unwrap();
    let mut tried = 0;
    for page in 1..good.len() / PAGE {
        // Another place in each, so that together they are everywhere.
        for index in (page % 61..PAGE).step_by(61) {
            let mut bytes = good.clone();
            bytes[page * PAGE + index] ^= 1 << (index % 8);
            place.refused(&bytes, &format!("byte {index} of page {page}"));
            tried += 1;
        }
    }
    println!("{tried} flips of the other pages: {:?}", began.elapsed());
}

#[test]
fn pages_do_not_change_places() {
    let place = Place::new();
    let other = Place::new();
    let good = fs::read(place.store()).unwrap();
    let foreign = fs::read(other.store()).unwrap();
    let pages = good.len() / PAGE;
    assert!(pages > 10, "{pages}");
    let page = |of: usize| of * PAGE..(of + 1) * PAGE;
    for one in 0..pages {
        let mut mixed = good.clone();
        mixed[page(one)].copy_from_slice(&foreign[page(one)]);
        place.refused(&mixed, &format!("page {one} of another store"));
        for two in one + 1..pages {
            let mut swapped = good.clone();
            swapped[page(one)].copy_from_slice(&good[page(two)]);
            swapped[page(two)].copy_from_slice(&good[page(one)]);
            place.refused(&swapped, &format!("pages {one} and {two} swapped"));
            let mut doubled = good.clone();
            doubled[page(two)].copy_from_slice(&good[page(one)]);
            place.refused(&doubled, &format!("page {one} in the place of {two}"));
        }
    }
    place.refused(&foreign, "the whole of another store");
    // Each with the other's sidecar.
    place.put(&good);
    fs::copy(other.sidecar(), place.sidecar()).unwrap();
    assert!(place.read().is_err());
}

#[test]
fn a_store_that_is_cut_off_is_not_filled_anew() {
    let place = Place::new();
    let good = fs::read(place.store()).unwrap();
    let lengths = (0..good.len())
        .step_by(509)
        .chain([1, 16, PAGE, good.len() - 1]);
    for length in lengths {
        place.refused(
            &good[..length],
            &format!("{length} bytes of {}", good.len()),
        );
        assert!(
            fs::read(place.store()).unwrap().len() <= good.len(),
            "{length}"
        );
    }
}

/// What was true once may come back: that is told in the documents. What never was, may not.
#[test]
fn an_older_wal_brings_back_an_older_state_or_nothing() {
    let place = Place::new();
    let store = Store::open(&place.store(), &place.key).unwrap();
    store.save_provider(&provider("second")).unwrap();
    let wal = fs::read(place.wal()).unwrap();
    assert!(wal.len() > PAGE);
    store.save_provider(&provider("third")).unwrap();
    drop(store);
    let good = fs::read(place.store()).unwrap();
    let states = ["second", "third"];
    place.put(&good);
    fs::write(place.wal(), &wal).unwrap();
    if let Ok(state) = place.read() {
        assert!(states.contains(&state.as_str()), "{state}");
    }
    // A WAL that was tampered with, at every byte of its headers and some of the rest.
    for index in (0..56).chain((56..wal.len()).step_by(97)) {
        let mut bytes = wal.clone();
        bytes[index] ^= 1 << (index % 8);
        place.put(&good);
        fs::write(place.wal(), &bytes).unwrap();
        if let Ok(state) = place.read() {
            assert!(states.contains(&state.as_str()), "byte {index}: {state}");
        }
    }
    // The WAL of another store.
    let other = Place::new();
    let store = Store::open(&other.store(), &other.key).unwrap();
    store.save_provider(&provider("foreign")).unwrap();
    let foreign = fs::read(other.wal()).unwrap();
    drop(store);
    place.put(&good);
    fs::write(place.wal(), &foreign).unwrap();
    match place.read() {
        Ok(state) => assert_eq!(state, "third"),
        Err(error) => assert!(matches!(error, StoreError::Damaged | StoreError::Foreign)),
    }
}

#[test]
fn every_bit_of_the_sidecar_counts() {
    let began = Instant::now();
    let place = Place::new();
    let passphrase = Key::Passphrase(Secret::new("correct horse"));
    Store::add_slot(&place.store(), &place.key, &passphrase).unwrap();
    let good = fs::read(place.sidecar()).unwrap();
    for index in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[index] ^= 1 << bit;
            fs::write(place.sidecar(), &bytes).unwrap();
            let read = Store::slots(&place.store());
            assert!(read.is_err(), "bit {bit} of byte {index}");
            assert!(place.read().is_err(), "bit {bit} of byte {index}");
        }
    }
    for length in 0..good.len() {
        fs::write(place.sidecar(), &good[..length]).unwrap();
        assert!(place.read().is_err(), "{length} bytes");
    }
    fs::write(place.sidecar(), &good).unwrap();
    assert_eq!(place.read().unwrap(), "first");
    println!(
        "{} flips and {} lengths of the sidecar: {:?}",
        good.len() * 8,
        good.len(),
        began.elapsed()
    );
}

/// The checksum is no secret: whoever flips a bit can make it right again.
#[test]
fn a_checksum_that_was_made_right_again_helps_nobody() {
    let place = Place::new();
    let good: serde_json::Value =
        serde_json::from_slice(&fs::read(place.sidecar()).unwrap()).unwrap();
    let mut tried = 0;
    for field in ["nonce", "key"] {
        let text = good["slots"][0][field].as_str().unwrap().to_owned();
        for index in 0..text.len() {
            for other in "0123456789abcdefA".chars() {
                let mut changed = text.clone();
                changed.replace_range(index..=index, &other.to_string());
                if changed.eq_ignore_ascii_case(&text) {
                    continue;
                }
                let mut forged = good.clone();
                forged["slots"][0][field] = changed.into();
                fs::write(place.sidecar(), resealed(forged)).unwrap();
                let error = place.read().unwrap_err();
                assert!(matches!(error, StoreError::WrongKey(_)), "{error}");
                tried += 1;
            }
        }
    }
    let mut forged = good.clone();
    forged["store"] = "00000000-0000-4000-8000-000000000000".into();
    fs::write(place.sidecar(), resealed(forged)).unwrap();
    assert!(matches!(place.read().unwrap_err(), StoreError::WrongKey(_)));
    fs::write(place.sidecar(), resealed(good)).unwrap();
    assert_eq!(
        place.read().unwrap(),
        "first",
        "the test seals as the program does"
    );
    println!("{tried} forged sidecars");
}

fn resealed(mut file: serde_json::Value) -> Vec<u8> {
    file["check"] = "".into();
    let body = serde_json::to_vec(&file).unwrap();
    file["check"] = hex::encode(Sha256::digest(&body)).into();
    let mut bytes = serde_json::to_vec_pretty(&file).unwrap();
    bytes.push(b'\n');
    bytes
}
