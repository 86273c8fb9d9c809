//! The key file of a test's store.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Writes one, for its owner only.
pub(crate) fn write(path: &Path) {
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .unwrap();
    file.write_all("0123456789abcdef".repeat(4).as_bytes())
        .unwrap();
}
