//! Profiles: each has its own store.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{fs, io};

use super::{Lock, Profile, Settings, wipe};
use crate::base::{Environment, Exit, Problem};
use crate::store::{SlotKind, Store};

/// How the file names of stores end.
const STORE: &str = ".db";
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
        let mut found = Self::all(settings)?;
        found.retain(|profile| profile.name == name);
        if found.is_empty() {
            found = Self::all_traces(settings)?;
            found.retain(|profile| profile.name == name);
        }
        match (found.pop(), found.is_empty()) {
            (Some(profile), true) => Ok(profile),
            (none_or_more, _) => Err(Problem::new(
                format!("The profile {name} could not be chosen"),
                Exit::Usage,
            )
            .because(if none_or_more.is_some() {
                "more than one environment has one of that name"
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
        Self::listed(settings, |name| Self::of_file(name).into_iter().collect())
    }

    /// The profiles of which anything is there, such as a copy that was left behind.
    ///
    /// # Errors
    /// When the data directory is there and cannot be read.
    pub fn all_traces(settings: &Settings) -> Result<Vec<Self>, Problem> {
        Self::listed(settings, |name| {
            let file = settings.data_dir.join(name);
            let is_of = |profile: &Self| {
                wipe::traces(&profile.store_path(settings))
                    .is_ok_and(|traces| traces.contains(&file))
            };
            let ends = name.match_indices(STORE).map(|(at, end)| at + end.len());
            let stores = ends.filter_map(|end| name.get(..end).and_then(Self::of_file));
            stores.filter(is_of).collect()
        })
    }

    fn listed(
        settings: &Settings,
        of_file: impl Fn(&str) -> Vec<Self>,
    ) -> Result<Vec<Self>, Problem> {
        let unreadable = |error: io::Error| {
            Problem::new("The profiles could not be listed", Exit::Failed)
                .because(format!("{}: {error}", settings.data_dir.display()))
                .next("Check the data directory, or name another with --data-dir.")
        };
        let entries = match fs::read_dir(&settings.data_dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(unreadable)?,
        };
        let mut found = BTreeMap::new();
        for entry in entries {
            let name = entry.map_err(unreadable)?.file_name();
            for profile in name.to_str().map(&of_file).unwrap_or_default() {
                found.insert((profile.environment.name(), profile.name.clone()), profile);
            }
        }
        Ok(found.into_values().collect())
    }

    /// The profile whose store, or whose store's list of keys, has this name.
    fn of_file(name: &str) -> Option<Self> {
        let stem = name.strip_suffix(".slots").unwrap_or(name);
        let stem = stem.strip_suffix(STORE)?;
        let (environment, name) = match stem.split_once('.') {
            Some((environment, name)) => (environment, Some(name.to_owned())),
            None => (stem, None),
        };
        let profile = Self::new(Environment::from_file_stem(environment)?, name).ok()?;
        (profile.file_name() == format!("{stem}{STORE}")).then_some(profile)
    }

    fn file_name(&self) -> String {
        let stem = self.environment.file_stem();
        if self.name == stem {
            format!("{stem}{STORE}")
        } else {
            format!("{stem}.{}{STORE}", self.name)
        }
    }

    /// Where its store is.
    pub(super) fn store_path(&self, settings: &Settings) -> PathBuf {
        settings.data_dir.join(self.file_name())
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
            keyring: slots.contains(&SlotKind::Keyring),
            passphrase: slots.contains(&SlotKind::Passphrase),
            key_file: slots.contains(&SlotKind::KeyFile),
        })
    }
}

impl Lock {
    /// Whether it opens with this.
    #[must_use]
    pub fn has(&self, kind: SlotKind) -> bool {
        self.kinds().contains(&kind)
    }

    /// What it opens with, what needs the least of a person first.
    #[must_use]
    pub fn kinds(&self) -> Vec<SlotKind> {
        let Self::Locked {
            keyring,
            passphrase,
            key_file,
        } = *self
        else {
            return Vec::new();
        };
        let all = [
            (keyring, SlotKind::Keyring),
            (key_file, SlotKind::KeyFile),
            (passphrase, SlotKind::Passphrase),
        ];
        all.into_iter()
            .filter_map(|(is, kind)| is.then_some(kind))
            .collect()
    }

    /// The same lock when this is taken away.
    #[must_use]
    pub fn without(&self, kind: SlotKind) -> Self {
        let keeps = |other| self.has(other) && other != kind;
        match self {
            Self::Absent => Self::Absent,
            Self::Locked { .. } => Self::Locked {
                keyring: keeps(SlotKind::Keyring),
                passphrase: keeps(SlotKind::Passphrase),
                key_file: keeps(SlotKind::KeyFile),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    fn profile(environment: &str, name: Option<&str>) -> Profile {
        Profile::new(environment.parse().unwrap(), name.map(str::to_owned)).unwrap()
    }

    #[test]
    fn all_that_have_a_store_are_found_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let settings = Settings::new(directory.path().to_owned());
        assert_eq!(Profile::all(&settings).unwrap(), []);
        let mut wanted = vec![
            profile("http://127.0.0.1:4000", None),
            profile("http://localhost:4000", Some("two.db")),
            profile("production", Some("my.firm")),
            profile("production", None),
            profile("sandbox", Some("sandbox-2")),
        ];
        for profile in &wanted {
            fs::write(profile.store_path(&settings), "").unwrap();
        }
        // A store of which only the list of keys is left is one to be told about.
        wanted.push(profile("sandbox", Some("torn")));
        fs::write(directory.path().join("sandbox.torn.db.slots"), "").unwrap();
        for stranger in [
            "state.toml",
            "sandbox.db-wal",
            "sandbox.db.new",
            "sandbox.sandbox.db",
            "other.db",
            ".db",
            "sandbox.-x.db",
        ] {
            fs::write(directory.path().join(stranger), "").unwrap();
        }
        assert_eq!(Profile::all(&settings).unwrap(), wanted);
        let found = Profile::find("my.firm", &settings).unwrap();
        assert_eq!(found, wanted[2]);
        assert!(Profile::find("nobody", &settings).is_err());
        // What else is there of a store tells of its profile too.
        fs::write(directory.path().join("sandbox.left.db.backup-v1.new"), "").unwrap();
        fs::write(directory.path().join("sandbox.db.x.db.connect.lock"), "").unwrap();
        let mut all = Profile::all_traces(&settings).unwrap();
        all.retain(|profile| !wanted.contains(profile));
        let mut left = [Some("db.x"), Some("left"), None].map(|name| profile("sandbox", name));
        left.sort_by_key(|profile| profile.name.clone());
        assert_eq!(all, left);
        assert_eq!(Profile::all(&settings).unwrap(), wanted);
        assert_eq!(Profile::find("left", &settings).unwrap(), left[1]);
        let nowhere = Settings::new(directory.path().join("nowhere"));
        assert_eq!(Profile::all(&nowhere).unwrap(), []);
    }

    proptest! {
        #[test]
        fn a_file_name_leads_back_to_its_profile(
            port in 1_u16..,
            host in prop_oneof!["localhost", "127\\.0\\.0\\.[1-9]", "\\[::1\\]"],
            name in proptest::option::of("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,20}"),
        ) {
            for environment in [format!("http://{host}:{port}"), "sandbox".into()] {
                let made = profile(&environment, name.as_deref());
                prop_assert_eq!(Profile::of_file(&made.file_name()), Some(made));
            }
        }
    }
}
