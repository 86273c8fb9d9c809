//! The two small files beside the stores.
//!
//! `state.toml` holds the last used profile and nothing else; `screen.toml` what the screens
//! remember. Neither holds anything secret.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::base::{Exit, Problem};

/// The profile used last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastUsed {
    /// Its environment, by name or address.
    pub environment: String,
    /// Its name.
    pub profile: String,
}

impl LastUsed {
    const FILE: &str = "state.toml";

    /// What was kept; none on a first start, or when the file cannot be read.
    #[must_use]
    pub fn load(data_dir: &Path) -> Option<Self> {
        load(&data_dir.join(Self::FILE))
    }

    /// Keeps it.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn save(&self, data_dir: &Path) -> Result<(), Problem> {
        save(&data_dir.join(Self::FILE), self)
    }
}

/// What the screens remember.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScreenMemory {
    /// The form of the QR code that was chosen with `v`.
    pub qr_form: Option<String>,
    /// Whether amounts and account numbers were hidden with `$`.
    pub hidden: bool,
    /// The theme that was chosen with `T`, where it is not the one that fits the terminal.
    pub theme: Option<String>,
}

impl ScreenMemory {
    const FILE: &str = "screen.toml";

    /// What was kept; nothing when the file is not there or cannot be read.
    #[must_use]
    pub fn load(data_dir: &Path) -> Self {
        load(&data_dir.join(Self::FILE)).unwrap_or_default()
    }

    /// Keeps it.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn save(&self, data_dir: &Path) -> Result<(), Problem> {
        save(&data_dir.join(Self::FILE), self)
    }
}

/// Removes both small files, and what a save that broke off left of them. What was removed is
/// told.
///
/// # Errors
/// When one cannot be removed.
pub fn forget(data_dir: &Path) -> Result<Vec<PathBuf>, Problem> {
    let ours = |path: &PathBuf| {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or("");
        [LastUsed::FILE, ScreenMemory::FILE].iter().any(|file| {
            let stem = file.trim_end_matches("toml");
            name == *file || (name.starts_with(stem) && name.ends_with(".new"))
        })
    };
    let entries = fs::read_dir(data_dir).into_iter().flatten().flatten();
    let mut removed = Vec::new();
    for path in entries.map(|entry| entry.path()).filter(ours) {
        fs::remove_file(&path).map_err(|error| {
            Problem::new(
                format!("{} could not be removed", path.display()),
                Exit::Failed,
            )
            .because(error.to_string())
            .next("Remove it by hand.")
        })?;
        removed.push(path);
    }
    Ok(removed)
}

fn load<T: for<'a> Deserialize<'a>>(path: &Path) -> Option<T> {
    toml::from_str(&fs::read_to_string(path).ok()?).ok()
}

/// Two saves at once each have a file of their own until the rename.
static SAVES: AtomicU64 = AtomicU64::new(0);

/// Writes a small file whole or not at all, for its owner only.
fn save(path: &Path, value: &impl Serialize) -> Result<(), Problem> {
    let write = || -> std::io::Result<()> {
        let text = toml::to_string(value).map_err(std::io::Error::other)?;
        if let Some(directory) = path.parent() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(directory)?;
        }
        let turn = SAVES.fetch_add(1, Ordering::Relaxed);
        let fresh = path.with_extension(format!("{}-{turn}.new", std::process::id()));
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, path)
    };
    write().map_err(|error| {
        Problem::new(
            format!("{} could not be written", path.display()),
            Exit::Failed,
        )
        .because(error.to_string())
        .next("Check the directory, or name another with --data-dir.")
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_last_used_profile_comes_back() {
        let directory = tempfile::tempdir().unwrap();
        let inside = directory.path().join("new");
        assert_eq!(LastUsed::load(&inside), None);
        let last = LastUsed {
            environment: "sandbox".into(),
            profile: "sandbox".into(),
        };
        last.save(&inside).unwrap();
        assert_eq!(LastUsed::load(&inside), Some(last));
        let mode = fs::metadata(inside.join("state.toml"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
