//! The one table of options.

use std::fmt::Display;
use std::path::PathBuf;

use url::Url;

use super::layer::Config;
use super::{check_address_service, check_callback_url};
use crate::base::Problem;

/// As what an option stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text in quotes.
    Text,
    /// A number, or a word in quotes.
    Number,
    /// `true` or `false`.
    Truth,
}

impl Kind {
    /// What it is called in a complaint.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Text => "text in quotes",
            Self::Number => "a number, or text in quotes",
            Self::Truth => "true or false, without quotes",
        }
    }
}

/// An option.
#[derive(Debug)]
pub struct Setting {
    /// Its name in the file.
    pub name: &'static str,
    /// What it is, as one or more sentences.
    pub doc: &'static str,
    /// What it may be.
    pub allowed: &'static str,
    /// What holds where nobody says it, in words.
    pub default: &'static str,
    /// A value as the file writes it: the default, where that can be written.
    pub(super) example: &'static str,
    pub(super) kind: Kind,
    /// Takes the option's text.
    pub(super) take: fn(&mut Config, &str) -> Result<(), String>,
    /// The text of what was said.
    told: fn(&Config) -> Option<String>,
}

impl Setting {
    /// Its name on the command line, after `--`.
    #[must_use]
    pub fn flag(&self) -> &'static str {
        match self.name {
            // `users --refresh` is another thing.
            "refresh" => "refresh-every",
            name => name,
        }
    }

    /// The variable that says it.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("BUNQ_TUI_{}", self.name.replace('-', "_").to_uppercase())
    }

    /// What a source says of it, if anything.
    #[must_use]
    pub fn told(&self, config: &Config) -> Option<String> {
        (self.told)(config)
    }
}

/// All options, in the order in which they are shown.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "environment",
        doc: "The bank to begin with. It counts together with profile: one of them on the command \
              line or in a variable replaces both.",
        allowed: "demo, sandbox, production, or a simulator's http://127.0.0.1:PORT",
        default: "the last used",
        example: "\"sandbox\"",
        kind: Kind::Text,
        take: |config, text| put(&mut config.environment, text.parse()),
        told: |config| told(config.environment.as_ref()),
    },
    Setting {
        name: "profile",
        doc: "The name of a store of its own beside others of the same environment.",
        allowed: "letters, digits, -, _ and ., beginning with a letter or digit",
        default: "the last used",
        example: "\"sandbox\"",
        kind: Kind::Text,
        take: |config, text| put(&mut config.profile, name(text)),
        told: |config| config.profile.clone(),
    },
    Setting {
        name: "data-dir",
        doc: "Where stores are kept.",
        allowed: "a path that begins with / or ~/",
        default: "$XDG_DATA_HOME/bunq-tui",
        example: "\"~/.local/share/bunq-tui\"",
        kind: Kind::Text,
        take: |config, text| put(&mut config.data_dir, path(text)),
        told: |config| shown(config.data_dir.as_ref()),
    },
    Setting {
        name: "key-file",
        doc: "A file of 64 hex characters, readable by its owner only, that unlocks the store.",
        allowed: "a path that begins with / or ~/",
        default: "none",
        example: "\"~/.config/bunq-tui/key\"",
        kind: Kind::Text,
        take: |config, text| put(&mut config.key_file, path(text)),
        told: |config| shown(config.key_file.as_ref()),
    },
    Setting {
        name: "callback-url",
        doc: "Where the browser comes back to after a login.",
        allowed: "http://localhost:PORT/PATH, or https",
        default: "http://localhost:8000/callback",
        example: "\"http://localhost:8000/callback\"",
        kind: Kind::Text,
        take: |config, text| put(&mut config.callback_url, url(text, check_callback_url)),
        told: |config| told(config.callback_url.as_ref()),
    },
    Setting {
        name: "limits",
        doc: "The table of the bank's limits to keep to.",
        allowed: "off, classic or current",
        default: "classic at bunq, off on this machine",
        example: "\"classic\"",
        kind: Kind::Text,
        take: |config, text| put(&mut config.limits, text.parse()),
        told: |config| told(config.limits),
    },
    Setting {
        name: "my-address",
        doc: "This machine's address as the bank sees it now: tells a changed address from a \
              revoked grant, so it must follow the machine.",
        allowed: "an IP address",
        default: "none",
        example: "\"203.0.113.7\"",
        kind: Kind::Text,
        take: |config, text| {
            put(
                &mut config.my_address,
                text.parse().map_err(|_| "it is no IP address"),
            )
        },
        told: |config| told(config.my_address),
    },
    Setting {
        name: "address-service",
        doc: "A service that is asked for this machine's address, where it matters; it answers \
              with the address as text. Without it nobody but the bank is asked.",
        allowed: "an https:// address",
        default: "none",
        example: "\"https://address.example/\"",
        kind: Kind::Text,
        take: |config, text| {
            put(
                &mut config.address_service,
                url(text, check_address_service),
            )
        },
        told: |config| told(config.address_service.as_ref()),
    },
    Setting {
        name: "lock-after",
        doc: "After how many minutes without a key, a paste or the mouse the screens lock.",
        allowed: "a number of minutes, at most a day, or \"off\"",
        default: "15",
        example: "15",
        kind: Kind::Number,
        take: |config, text| put(&mut config.lock_after, text.parse()),
        told: |config| told(config.lock_after),
    },
    Setting {
        name: "log",
        doc: "A file to which a line is appended for each request: method, path, status, time.",
        allowed: "a path that begins with / or ~/",
        default: "none",
        example: "\"~/bunq-tui.log\"",
        kind: Kind::Text,
        take: |config, text| put(&mut config.log, path(text)),
        told: |config| shown(config.log.as_ref()),
    },
    Setting {
        name: "theme",
        doc: "The colours of the screens; auto asks the terminal whether it is dark or light.",
        allowed: "auto, dark, light, high-contrast, terminal or mono",
        default: "auto",
        example: "\"auto\"",
        kind: Kind::Text,
        take: |config, text| put(&mut config.theme, text.parse()),
        told: |config| told(config.theme.as_ref()),
    },
    Setting {
        name: "locale",
        doc: "In whose form the screens write amounts, dates and times: system follows LC_ALL, \
              LC_MONETARY, LC_NUMERIC, LC_TIME and LANG. JSON, CSV and what the commands print \
              are always in ISO form.",
        allowed: "system, iso or the name of a locale, such as nl_NL",
        default: "system",
        example: "\"system\"",
        kind: Kind::Text,
        take: |config, text| put(&mut config.locale, text.parse()),
        told: |config| told(config.locale.as_ref()),
    },
    Setting {
        name: "refresh",
        doc: "How often what is shown, a user's accounts or an account's newest payments, is read \
              again by itself (--refresh-every).",
        allowed: "a time such as 5m, 90s or 1h (at least 60s, at most a day), or off",
        default: "off",
        example: "\"off\"",
        kind: Kind::Text,
        take: |config, text| put(&mut config.refresh, text.parse()),
        told: |config| told(config.refresh),
    },
    Setting {
        name: "mouse",
        doc: "Whether clicks and the wheel act; false leaves the mouse to the terminal.",
        allowed: "true or false",
        default: "true",
        example: "true",
        kind: Kind::Truth,
        take: |config, text| put(&mut config.mouse, truth(text)),
        told: |config| told(config.mouse),
    },
    Setting {
        name: "plain",
        doc: "A conversation in plain lines in place of the screens, for screen readers and for \
              terminals that cannot place text. It does not lock by itself.",
        allowed: "true or false",
        default: "false",
        example: "false",
        kind: Kind::Truth,
        take: |config, text| put(&mut config.plain, truth(text)),
        told: |config| told(config.plain),
    },
];

fn put<T, E: Display>(place: &mut Option<T>, value: Result<T, E>) -> Result<(), String> {
    *place = Some(value.map_err(|error| error.to_string())?);
    Ok(())
}

fn told(value: Option<impl Display>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn shown(path: Option<&PathBuf>) -> Option<String> {
    path.map(|path| path.display().to_string())
}

fn name(text: &str) -> Result<String, &'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if text.is_empty() || text.starts_with(['-', '.']) || !text.chars().all(plain) {
        return Err("it becomes a file name");
    }
    Ok(text.into())
}

/// A path as a shell would take it. A relative one would mean another file in each directory.
fn path(text: &str) -> Result<PathBuf, String> {
    match text.strip_prefix("~/") {
        Some(rest) => etcetera::home_dir()
            .map(|home| home.join(rest))
            .map_err(|error| error.to_string()),
        None if text.starts_with('/') && !text.contains('\0') => Ok(text.into()),
        None => Err("it is no path from the root or the home directory".into()),
    }
}

fn url(text: &str, check: fn(Url) -> Result<Url, Problem>) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("{error}"))?;
    check(url).map_err(|problem| problem.why)
}

fn truth(text: &str) -> Result<bool, &'static str> {
    text.parse().map_err(|_| "it is true or false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_taken_and_told_again() {
        for setting in SETTINGS {
            let mut config = Config::default();
            assert_eq!(setting.told(&config), None);
            let text = setting.example.trim_matches('"');
            (setting.take)(&mut config, text).unwrap();
            let told = setting.told(&config).unwrap();
            assert!(told == text || text.starts_with('~'), "{}", setting.name);
            let said = SETTINGS
                .iter()
                .filter(|other| other.told(&config).is_some());
            assert_eq!(said.count(), 1, "{} takes its own place", setting.name);
        }
    }

    #[test]
    fn no_option_takes_just_anything() {
        for setting in SETTINGS {
            for bad in ["", "\u{1b}[2J", "relative/path", "\0"] {
                let taken = (setting.take)(&mut Config::default(), bad);
                assert!(taken.is_err(), "{} takes {bad:?}", setting.name);
            }
        }
    }
}
