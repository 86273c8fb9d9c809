//! What it takes to open a store: `cargo bench --bench unlock`. The keyring is measured where one
//! answers, for instance within `dbus-run-session` beside an unlocked `gnome-keyring-daemon`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs
)]

#[path = "../tests/common/key_file.rs"]
mod key_file;

use std::path::PathBuf;
use std::time::Duration;

use bunq_tui::base::Secret;
use bunq_tui::store::{Key, Store};
use bunq_tui::workspace::probe_keyring;
use divan::Bencher;
use tempfile::TempDir;

fn main() {
    divan::main();
}

fn made(key: &Key) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store.db");
    drop(Store::create(&path, key).unwrap());
    (directory, path)
}

fn passphrase(text: &str) -> Key {
    Key::Passphrase(Secret::new(text))
}

#[divan::bench(sample_count = 50)]
fn by_passphrase(bencher: Bencher<'_, '_>) {
    let key = passphrase("four unrelated words here");
    let (_directory, path) = made(&key);
    bencher.bench_local(|| Store::open(&path, &key).unwrap());
}

#[divan::bench(sample_count = 50)]
fn by_a_wrong_passphrase(bencher: Bencher<'_, '_>) {
    let (_directory, path) = made(&passphrase("four unrelated words here"));
    let wrong = passphrase("four unrelated words hear");
    bencher.bench_local(|| Store::open(&path, &wrong).unwrap_err());
}

#[divan::bench(sample_count = 50)]
fn by_key_file(bencher: Bencher<'_, '_>) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("key");
    key_file::write(&file);
    let key = Key::File(file);
    let (_directory, path) = made(&key);
    bencher.bench_local(|| Store::open(&path, &key).unwrap());
}

#[divan::bench(sample_count = 50)]
fn by_keyring(bencher: Bencher<'_, '_>) {
    if let Err(problem) = probe_keyring() {
        println!("not measured: {problem}");
        return;
    }
    let key = Key::Keyring {
        patience: Duration::from_secs(5),
    };
    let (_directory, path) = made(&key);
    bencher.bench_local(|| Store::open(&path, &key).unwrap());
    Store::remove(&path, &mut Vec::new()).unwrap();
}
