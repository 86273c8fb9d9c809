//! From the global flags to a profile and its open store.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum as _;

use super::arguments::{Global, LimitTable, UnlockWith};
use super::{output, refuse_demo, unlock};
use crate::base::{Environment, Exit, Problem};
use crate::config::{self, LastUsed};
use crate::tui;
use crate::workspace::{Limits, Lock, Profile, Settings, Workspace};

/// The environment variable beside --limits.
const LIMITS_VARIABLE: &str = "BUNQ_TUI_LIMITS";

/// Where this run works.
pub(super) struct Places {
    environment: Option<Environment>,
    profile: Option<String>,
    key_file: Option<PathBuf>,
    lock_after: Option<Duration>,
    theme: tui::ThemeChoice,
    pub(super) log: Option<PathBuf>,
    pub(super) settings: Settings,
}

impl Places {
    pub(super) fn new(global: Global) -> Result<Self, Problem> {
        let data_dir = match global.data_dir {
            Some(directory) => directory,
            None => config::default_data_dir()?,
        };
        let callback_url = match global.callback_url {
            Some(url) => Some(config::check_callback_url(url)?),
            None => None,
        };
        let mut settings = Settings::new(data_dir);
        if !unlock::can_type() {
            settings.keyring_patience = unlock::ALONE;
        }
        Ok(Self {
            environment: global.environment,
            profile: global.profile,
            key_file: global.key_file,
            lock_after: global.lock_after.0,
            theme: global.theme,
            log: global.log,
            settings: Settings {
                callback_url,
                limits: limits(global.limits)?,
                my_address: global.my_address,
                address_service: global
                    .address_service
                    .map(config::check_address_service)
                    .transpose()?,
                ..settings
            },
        })
    }

    /// What the screens start with.
    pub(super) fn screens(self) -> Result<tui::Options, Problem> {
        let start = match self.chosen()? {
            Some(profile) if profile.environment == Environment::Demo => tui::Start::Demo,
            Some(profile) => tui::Start::Profile(profile),
            None => tui::Start::First,
        };
        Ok(self.start(start))
    }

    /// The screens over the built-in bank.
    pub(super) fn demo(self) -> tui::Options {
        self.start(tui::Start::Demo)
    }

    fn start(self, start: tui::Start) -> tui::Options {
        tui::Options {
            start,
            settings: self.settings,
            key_file: self.key_file,
            lock_after: self.lock_after,
            theme: self.theme,
        }
    }

    /// The profile that was asked for, else the last used one, if any.
    fn chosen(&self) -> Result<Option<Profile>, Problem> {
        let (environment, name) = match (&self.environment, &self.profile) {
            (Some(environment), name) => (environment.clone(), name.clone()),
            (None, asked) => {
                let last = LastUsed::load(&self.settings.data_dir);
                match (asked, last) {
                    (None, None) => return Ok(None),
                    (None, Some(last)) => (parse(&last.environment)?, Some(last.profile)),
                    (Some(name), _) => {
                        return Profile::find(name, &self.settings).map(Some);
                    }
                }
            }
        };
        Profile::new(environment, name).map(Some)
    }

    /// The profile that was named by a flag or the environment, if one was.
    pub(super) fn named(&self) -> Result<Option<Profile>, Problem> {
        if self.environment.is_none() && self.profile.is_none() {
            return Ok(None);
        }
        self.profile().map(Some)
    }

    /// The profile of a command that needs a store.
    pub(super) fn profile(&self) -> Result<Profile, Problem> {
        let profile = self.chosen()?.ok_or_else(|| {
            Problem::new("No environment was chosen", Exit::NotReady)
                .because("nothing was used before, and none was named")
                .next(
                    "Add --environment sandbox, --environment production or --environment \
                     http://127.0.0.1:PORT (a running `bunq-tui simulator`). \
                     `bunq-tui demo` needs none.",
                )
        })?;
        refuse_demo(&profile.environment)?;
        Ok(profile)
    }

    /// Opens the store of a command that reads.
    pub(super) async fn open(&self) -> Result<Workspace, Problem> {
        let profile = self.profile()?;
        if profile.lock(&self.settings)? == Lock::Absent {
            return Err(not_set_up(&profile));
        }
        self.remember(&profile);
        self.open_or_create(profile, None).await
    }

    /// Notes the profile as the last used one. The command itself can do without.
    pub(super) fn remember(&self, profile: &Profile) {
        let last = LastUsed {
            environment: profile.environment.name(),
            profile: profile.name.clone(),
        };
        if LastUsed::load(&self.settings.data_dir).as_ref() != Some(&last)
            && let Err(problem) = last.save(&self.settings.data_dir)
        {
            output::message(&problem.to_string());
        }
    }

    /// Opens the profile's store, or makes it; `asked` is what the person wants it to be opened
    /// with.
    pub(super) async fn open_or_create(
        &self,
        profile: Profile,
        asked: Option<UnlockWith>,
    ) -> Result<Workspace, Problem> {
        let lock = profile.lock(&self.settings)?;
        let file = self.key_file.as_ref();
        if lock == Lock::Absent {
            let key = unlock::first_key(asked, file).await?;
            return unlock::open(profile, key, &self.settings).await;
        }
        let asked = asked.map(UnlockWith::slot);
        unlock::open_existing(profile, &lock, asked, file, &self.settings).await
    }

    /// The key file that was named.
    pub(super) fn key_file(&self) -> Option<&PathBuf> {
        self.key_file.as_ref()
    }
}

/// The flag, else the environment variable.
fn limits(flag: Option<LimitTable>) -> Result<Option<Limits>, Problem> {
    let table = match flag {
        Some(table) => table,
        None => match std::env::var(LIMITS_VARIABLE) {
            Ok(text) if !text.is_empty() => LimitTable::from_str(&text, false).map_err(|_| {
                Problem::new(
                    format!("{LIMITS_VARIABLE} names no table of limits"),
                    Exit::Usage,
                )
                .next("Set it to off, classic or current, or leave it out.")
            })?,
            _ => return Ok(None),
        },
    };
    Ok(Some(match table {
        LimitTable::Off => Limits::Off,
        LimitTable::Classic => Limits::Classic,
        LimitTable::Current => Limits::Current,
    }))
}

fn parse(environment: &str) -> Result<Environment, Problem> {
    environment
        .parse()
        .map_err(|error: crate::base::EnvironmentError| {
            Problem::new("The last used environment cannot be read", Exit::NotReady)
                .because(error.to_string())
                .next("Name one with --environment.")
        })
}

/// A command needs a store, and there is none.
pub(super) fn not_set_up(profile: &Profile) -> Problem {
    Problem::new(
        format!("The profile {} is not set up", profile.name),
        Exit::NotReady,
    )
    .because("it has no store yet")
    .next(format!(
        "Run `bunq-tui --environment {} setup` first.",
        profile.environment
    ))
}
