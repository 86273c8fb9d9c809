//! Settings and the two small files beside the stores.
//!
//! `state.toml` holds the last used profile and nothing else; `screen.toml` what the screens
//! remember. Neither holds anything secret.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::base::{CALLBACK_URL, Exit, Problem, is_loopback};

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

/// Refuses a callback URL that our listener could never hear.
///
/// # Errors
/// When it is neither `http://localhost:PORT/…` nor `https://localhost:PORT/…`, the only forms that
/// are registered (RFC 8252 section 7.3; bunq compares it character by character).
pub fn check_callback_url(url: Url) -> Result<Url, Problem> {
    let ours = matches!(url.scheme(), "http" | "https")
        && url.host_str() == Some("localhost")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if ours {
        return Ok(url);
    }
    Err(
        Problem::new("This callback URL cannot be used", Exit::Usage)
            .because("the redirect must come to this machine: http://localhost:PORT/PATH, or https")
            .next(format!(
                "Give another --callback-url, or none for {CALLBACK_URL}."
            )),
    )
}

/// Refuses a service for our address whose answer others could change on its way.
///
/// # Errors
/// When it is neither `https://` nor on this machine.
pub fn check_address_service(url: Url) -> Result<Url, Problem> {
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)) {
        return Ok(url);
    }
    Err(
        Problem::new("This address service cannot be used", Exit::Usage)
            .because("its answer is believed, so it must come over https")
            .next("Give an https:// address, or leave --address-service out."),
    )
}

/// `$XDG_DATA_HOME/bunq-tui`, on every Unix.
///
/// # Errors
/// When the home directory cannot be found.
pub fn default_data_dir() -> Result<PathBuf, Problem> {
    etcetera::base_strategy::Xdg::new()
        .map(|xdg| xdg.data_dir().join("bunq-tui"))
        .map_err(|error| {
            Problem::new("The home directory could not be found", Exit::Failed)
                .because(error.to_string())
                .next("Set HOME, or name a directory with --data-dir.")
        })
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
    fn callback_urls_come_to_this_machine() {
        let check = |text: &str| check_callback_url(Url::parse(text).unwrap());
        assert!(check(CALLBACK_URL).is_ok());
        assert!(check("http://localhost:9123/back").is_ok());
        assert!(check("https://localhost:8000/callback").is_ok());
        for bad in [
            "ftp://localhost:8000/callback",
            "http://127.0.0.1:8000/callback",
            "http://example.com/callback",
            "http://me@localhost:8000/callback",
            "http://:x@localhost:8000/callback",
            "http://localhost:8000/callback?a=b",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

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
