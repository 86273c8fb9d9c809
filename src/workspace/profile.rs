//! Profiles: each has its own store.

use std::path::PathBuf;

use super::{Lock, Profile, Settings};
use crate::base::{Environment, Exit, Problem};
use crate::store::{SlotKind, Store};

/// Longest name of a profile.
const LONGEST_NAME: usize = 64;

impl Profile {
    /// A profile of an environment; its name is the environment's unless one is given.
    ///
    /// # Errors
    /// When the name could not be a file's.
    pub fn new(environment: Environment, name: Option<String>) -> Result<Self, Problem> {
        let name = name.unwrap_or_else(|| environment.file_stem());
        let plain = (1..=LONGEST_NAME).contains(&name.len())
            && !name.starts_with(['.', '-'])
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        if !plain {
            return Err(Problem::new("This is no name for a profile", Exit::Usage)
                .because("it becomes a file name")
                .next("Use letters, digits, `-`, `_` and `.`, beginning with a letter or digit."));
        }
        Ok(Self { environment, name })
    }

    /// The profile of this name, in whichever environment it was made.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn find(name: &str, settings: &Settings) -> Result<Self, Problem> {
        let named = |environment| Self::new(environment, Some(name.into()));
        let mut found = Vec::new();
        for environment in [Environment::Sandbox, Environment::Production] {
            let profile = named(environment)?;
            if Store::exists(&profile.store_path(settings)) {
                found.push(profile);
            }
        }
        match (found.pop(), found.is_empty()) {
            (Some(profile), true) => Ok(profile),
            (none_or_more, _) => Err(Problem::new(
                format!("The profile {name} could not be chosen"),
                Exit::Usage,
            )
            .because(if none_or_more.is_some() {
                "both environments have one of that name"
            } else {
                "there is none of that name"
            })
            .next("Add --environment to say which bank it is for.")),
        }
    }

    /// The profiles that have a store, by environment and name.
    ///
    /// # Errors
    /// When the data directory is there and cannot be read.
    pub fn all(settings: &Settings) -> Result<Vec<Self>, Problem> {
        let _ = settings;
        Ok(Vec::new())
    }

    /// Where its store is.
    pub(super) fn store_path(&self, settings: &Settings) -> PathBuf {
        let stem = self.environment.file_stem();
        let name = if self.name == stem {
            format!("{stem}.db")
        } else {
            format!("{stem}.{}.db", self.name)
        };
        settings.data_dir.join(name)
    }

    /// How its store is locked, if there is one.
    ///
    /// # Errors
    /// When the list of what unlocks it cannot be read.
    pub fn lock(&self, settings: &Settings) -> Result<Lock, Problem> {
        let path = self.store_path(settings);
        if !Store::exists(&path) {
            return Ok(Lock::Absent);
        }
        let slots = Store::slots(&path)?;
        Ok(Lock::Locked {
            passphrase: slots.contains(&SlotKind::Passphrase),
            key_file: slots.contains(&SlotKind::KeyFile),
        })
    }
}
