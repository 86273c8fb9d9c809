//! From the global flags to a profile and its open store.

use std::path::PathBuf;

use super::arguments::UnlockWith;
use super::said::Settled;
use super::{output, refuse_demo, unlock};
use crate::base::{Environment, Exit, Problem, printable};
use crate::config::{self, Config, LastUsed, LimitTable};
use crate::tui;
use crate::workspace::{Limits, Lock, Profile, Settings, Workspace};

/// Where this run works.
pub(super) struct Places {
    /// What is in force.
    config: Config,
    /// Whether a flag or a variable names the profile, and not only the file.
    named: bool,
    /// Where the config file is, or would be.
    file: Option<PathBuf>,
    pub(super) log: Option<PathBuf>,
    pub(super) settings: Settings,
}

impl Places {
    pub(super) fn new(settled: Settled) -> Result<Self, Problem> {
        let Settled {
            config,
            named,
            file,
            ..
        } = settled;
        let data_dir = match &config.data_dir {
            Some(directory) => directory.clone(),
            None => config::default_data_dir()?,
        };
        let mut settings = Settings::new(data_dir);
        if !unlock::can_type() {
            settings.keyring_patience = unlock::ALONE;
        }
        let check = config::check_callback_url;
        let callback_url = config.callback_url.clone().map(check).transpose()?;
        let check = config::check_address_service;
        let address_service = config.address_service.clone().map(check).transpose()?;
        let settings = Settings {
            callback_url,
            limits: config.limits.map(limits),
            my_address: config.my_address,
            address_service,
            ..settings
        };
        Ok(Self {
            log: config.log.clone(),
            config,
            named,
            file,
            settings,
        })
    }

    /// Whether to talk instead of drawing screens.
    pub(super) fn plain(&self) -> bool {
        self.config.plain.unwrap_or(false)
    }

    /// Prints where things are.
    pub(super) fn print(&self) -> Result<(), Problem> {
        let shown = |path: Option<&PathBuf>| {
            path.map_or_else(
                || "none".into(),
                |path| printable(&path.display().to_string()),
            )
        };
        output::print(&format!(
            "config  {}\ndata    {}\nlog     {}\n",
            shown(self.file.as_ref()),
            shown(Some(&self.settings.data_dir)),
            shown(self.log.as_ref())
        ))
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
        let config = self.config;
        // A variable that is no text says nothing.
        let variable = |name: &str| std::env::var(name).ok();
        tui::Options {
            start,
            settings: self.settings,
            key_file: config.key_file,
            lock_after: config.lock_after.unwrap_or_default().0,
            locale: config.locale.unwrap_or_default().locale(variable),
            refresh: config.refresh.unwrap_or_default().0,
            theme: config
                .theme
                .and_then(|theme| theme.0.parse().ok())
                .unwrap_or_default(),
            mouse: config.mouse.unwrap_or(true),
            keys: config.keys,
        }
    }

    /// The profile that was asked for, else the last used one, if any.
    pub(super) fn chosen(&self) -> Result<Option<Profile>, Problem> {
        let (environment, name) = match (&self.config.environment, &self.config.profile) {
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
        if !self.named {
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
        let file = self.key_file();
        if lock == Lock::Absent {
            let key = unlock::first_key(asked, file).await?;
            return unlock::open(profile, key, &self.settings).await;
        }
        let asked = asked.map(UnlockWith::slot);
        unlock::open_existing(profile, &lock, asked, file, &self.settings).await
    }

    /// The key file that was named.
    pub(super) fn key_file(&self) -> Option<&PathBuf> {
        self.config.key_file.as_ref()
    }
}

fn limits(table: LimitTable) -> Limits {
    match table {
        LimitTable::Off => Limits::Off,
        LimitTable::Classic => Limits::Classic,
        LimitTable::Current => Limits::Current,
    }
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
