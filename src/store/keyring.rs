//! The keyring of the operating system: Secret Service, Keychain or Credential Manager.
//!
//! What it is asked for may hang or ask a person, so every operation runs on a thread of its own
//! and is waited for only so long. Nothing is believed because it could be constructed: what is
//! kept is read back.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

use super::vault::KeyBytes;
use super::{KeyringFault, StoreError};
use crate::base::random_bytes;

/// The service that all our entries are of.
const SERVICE: &str = "bunq-tui";
/// How long a probe waits for each operation.
const PROBE: Duration = Duration::from_secs(3);
/// How long an entry that is needed no more is worth.
const FORGET: Duration = Duration::from_secs(5);

type Result<T> = std::result::Result<T, KeyringFault>;

/// Writes a random entry, reads it back and deletes it.
///
/// # Errors
/// What keeps the keyring from being used, after at most three seconds for each operation.
pub(crate) fn probe() -> std::result::Result<(), StoreError> {
    let name = random_bytes::<8>().map_err(StoreError::Random)?;
    let name = format!("probe-{}", hex::encode(name));
    let key = Zeroizing::new(random_bytes::<32>().map_err(StoreError::Random)?);
    let (tell, told) = mpsc::channel();
    spawn(move || {
        let done = try_out(&name, &key, || drop(tell.send(Ok(()))));
        let _ = tell.send(done);
    })?;
    for _ in 0..=STAGES {
        wait(&told, PROBE)?;
    }
    Ok(())
}

/// How often [`try_out`] says that it is a step further.
const STAGES: usize = 3;

/// Nobody may be waiting any more when the entry is written at last: it is deleted all the same.
fn try_out(name: &str, key: &KeyBytes, further: impl Fn()) -> Result<()> {
    let entry = entry(name, "bunq-tui: a test, deleted at once")?;
    further();
    write(&entry, key)?;
    further();
    let read = read(&entry).and_then(|found| same(&found, key));
    further();
    entry.delete_credential().map_err(fault)?;
    read
}

/// The key that is kept under this name.
pub(super) fn recall(name: &str, patience: Duration) -> Result<KeyBytes> {
    let name = name.to_owned();
    within(patience, move || read(&entry(&name, "")?))
}

/// Keeps a key under this name, and reads it back.
pub(super) fn keep(name: &str, label: &str, key: &KeyBytes, patience: Duration) -> Result<()> {
    let (name, label, key) = (name.to_owned(), label.to_owned(), key.clone());
    within(patience, move || {
        let entry = entry(&name, &label)?;
        write(&entry, &key)?;
        read(&entry).and_then(|found| same(&found, &key))
    })
}

/// Deletes what is kept under this name, if anything is.
pub(super) fn forget(name: &str) -> Result<()> {
    let name = name.to_owned();
    within(FORGET, move || {
        match entry(&name, "")?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(fault(error)),
        }
    })
}

fn within<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let (tell, told) = mpsc::channel();
    spawn(move || {
        let _ = tell.send(work());
    })?;
    wait(&told, patience)
}

fn spawn(work: impl FnOnce() + Send + 'static) -> Result<()> {
    thread::Builder::new()
        .name("keyring".into())
        .spawn(work)
        .map(drop)
        .map_err(|error| KeyringFault::Failed(error.to_string()))
}

fn wait<T>(told: &Receiver<Result<T>>, patience: Duration) -> Result<T> {
    match told.recv_timeout(patience) {
        Ok(done) => done,
        Err(RecvTimeoutError::Timeout) => Err(KeyringFault::Silent(patience.as_secs())),
        Err(RecvTimeoutError::Disconnected) => {
            Err(KeyringFault::Failed("the call broke off".into()))
        }
    }
}

/// As hexadecimal text, since not every keyring keeps bytes.
fn write(entry: &Entry, key: &KeyBytes) -> Result<()> {
    let text = Zeroizing::new(hex::encode(key.as_slice()));
    entry.set_secret(text.as_bytes()).map_err(fault)
}

fn read(entry: &Entry) -> Result<KeyBytes> {
    let text = Zeroizing::new(entry.get_secret().map_err(fault)?);
    let mut key = KeyBytes::default();
    hex::decode_to_slice(text.as_slice(), key.as_mut()).map_err(|_| KeyringFault::Changed)?;
    Ok(key)
}

fn same(found: &KeyBytes, kept: &KeyBytes) -> Result<()> {
    if found == kept {
        Ok(())
    } else {
        Err(KeyringFault::Changed)
    }
}

/// The label is what a keyring manager shows; only the Secret Service has one of its own.
fn entry(name: &str, label: &str) -> Result<Entry> {
    let modifiers = HashMap::from([("label", label)]);
    let modifiers = (LABELS && !label.is_empty()).then_some(&modifiers);
    store()?.build(SERVICE, name, modifiers).map_err(fault)
}

#[cfg(any(target_os = "linux", target_os = "freebsd"))]
const LABELS: bool = true;
#[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
const LABELS: bool = false;

#[cfg(any(target_os = "linux", target_os = "freebsd"))]
fn store() -> Result<Arc<CredentialStore>> {
    let store = zbus_secret_service_keyring_store::Store::new().map_err(unreachable)?;
    Ok(store)
}

#[cfg(target_os = "macos")]
fn store() -> Result<Arc<CredentialStore>> {
    let store = apple_native_keyring_store::keychain::Store::new().map_err(fault)?;
    Ok(store)
}

#[cfg(windows)]
fn store() -> Result<Arc<CredentialStore>> {
    let store = windows_native_keyring_store::Store::new().map_err(fault)?;
    Ok(store)
}

#[cfg(not(any(
    target_os = "linux",
    target_os = "freebsd",
    target_os = "macos",
    windows
)))]
fn store() -> Result<Arc<CredentialStore>> {
    Err(KeyringFault::NoService)
}

/// Why the first word with the Secret Service failed.
#[cfg(any(target_os = "linux", target_os = "freebsd"))]
fn unreachable(error: Error) -> KeyringFault {
    let text = error.to_string();
    if text.contains("ServiceUnknown") || text.contains("not provided by any .service files") {
        KeyringFault::NoService
    } else if text.contains("AccessDenied") {
        KeyringFault::Forbidden
    } else {
        KeyringFault::NoBus
    }
}

/// The cause. Of the Secret Service's own errors only the words come this far; the tests hold
/// them against a real one. What may carry a secret is dropped.
fn fault(error: Error) -> KeyringFault {
    match error {
        Error::NoEntry => KeyringFault::Lost,
        Error::BadEncoding(_) | Error::BadDataFormat(..) => KeyringFault::Changed,
        Error::Ambiguous(_) => KeyringFault::Failed("it has several entries of this name".into()),
        error => {
            let text = error.to_string();
            let says = |words: &str| text.contains(words);
            if says("prompt dismissed") {
                KeyringFault::Denied
            } else if says("AccessDenied") {
                KeyringFault::Forbidden
            } else if says("locked") || says("IsLocked") {
                KeyringFault::Locked
            } else if says("result not returned") {
                KeyringFault::NoKeyring
            } else if says("ServiceUnknown") || says("NoReply") || says("connection closed") {
                KeyringFault::NoService
            } else {
                KeyringFault::Failed(text.chars().filter(|c| !c.is_control()).take(200).collect())
            }
        }
    }
}
