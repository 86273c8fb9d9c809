//! What is fuzzed of this wing: the list of keys beside a store, which others may have written.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::slots::{Sidecar, path_of};
use super::vault::Key;
use crate::base::Secret;

/// Reads bytes as such a list, as they are and with the checksum put right. One that is read is
/// written as the same bytes, and costs that nobody can bear are refused before they are paid.
pub fn slots(data: &[u8]) {
    read(data);
    if let Some(right) = checked(data) {
        read(&right);
    }
}

fn read(bytes: &[u8]) {
    let name = format!("bunq-tui-fuzz-{}", std::process::id());
    let directory = std::env::temp_dir().join(name);
    let store = directory.join("store.db");
    let path = path_of(&store);
    let sidecar = fs::DirBuilder::new()
        .mode(0o700)
        .create(&directory)
        .and_then(|()| fs::write(&path, bytes))
        .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o600)))
        .ok()
        .and_then(|()| Sidecar::read(&store).ok());
    let _ = fs::remove_dir_all(&directory);
    let Some(sidecar) = sidecar else { return };
    assert_eq!(sidecar.bytes().ok().as_deref(), Some(bytes));
    let own = |entry: &String| entry.starts_with(sidecar.store());
    assert!(sidecar.entries().iter().all(own));
    let _ = (sidecar.kinds(), sidecar.is_between_keys());
    if is_unbearable(bytes) {
        let tried = Key::Passphrase(Secret::new("a passphrase"));
        assert!(sidecar.unlock(&tried).is_err());
    }
}

/// Whether the first passphrase slot asks for more than a gibibyte or 32 passes.
fn is_unbearable(bytes: &[u8]) -> bool {
    let file: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let slots = file.get("slots").and_then(Value::as_array);
    let first = slots
        .into_iter()
        .flatten()
        .find(|slot| slot.get("kind").and_then(Value::as_str) == Some("passphrase"));
    let cost = |name| {
        first
            .and_then(|slot| slot.get(name)?.as_u64())
            .unwrap_or_default()
    };
    cost("memory_kib") > 1024 * 1024 || cost("passes") > 32
}

/// The same list as its writer would write it, with a checksum that fits.
fn checked(data: &[u8]) -> Option<Vec<u8>> {
    let mut file: Value = serde_json::from_slice(data).ok()?;
    *file.get_mut("check")? = Value::from("");
    let body = serde_json::to_vec(&file).ok()?;
    *file.get_mut("check")? = Value::from(hex::encode(Sha256::digest(&body)));
    let mut bytes = serde_json::to_vec_pretty(&file).ok()?;
    bytes.push(b'\n');
    Some(bytes)
}
