//! Settings: default < file < environment variable < flag; and the two small files beside the
//! stores.
//!
//! One table ([`SETTINGS`]) describes every option: the file is read by it, and the sample file,
//! the checks and the lists of options are made from it.

mod file;
mod layer;
mod memory;
mod nearest;
mod sample;
mod settings;
mod values;

use std::path::PathBuf;

use etcetera::BaseStrategy;
use url::Url;

use crate::base::{CALLBACK_URL, Exit, Problem, is_loopback};

pub use file::{Flaw, FlawedFile, KeyFlaw, KeyJudge, parse, read};
pub use layer::Config;
pub use memory::{LastUsed, ScreenMemory, forget};
pub use sample::{markdown, sample};
pub use settings::{SETTINGS, Setting};
pub use values::{LimitTable, LocaleChoice, LockAfter, Refresh, THEMES, Theme};

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

/// `$XDG_CONFIG_HOME/bunq-tui/config.toml`, on every Unix; none where the home directory cannot be
/// found.
#[must_use]
pub fn default_file() -> Option<PathBuf> {
    let xdg = etcetera::base_strategy::Xdg::new().ok()?;
    Some(xdg.config_dir().join("bunq-tui").join("config.toml"))
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

#[cfg(test)]
mod tests {
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
}
