//! What flags, variables and the config file say, and which of them says what.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::arguments::Global;
use crate::base::{Exit, Problem};
use crate::config::{self, Config, KeyFlaw, SETTINGS};
use crate::tui::{Keymap, KeymapProblem};

/// The variable beside `--limits`.
const LIMITS_VARIABLE: &str = "BUNQ_TUI_LIMITS";

/// Who says an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Nobody.
    Default,
    /// The config file.
    File,
    /// An environment variable.
    Variable,
    /// The command line.
    Flag,
}

impl Source {
    /// In a word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Variable => "variable",
            Self::Flag => "flag",
        }
    }
}

/// What flags and variables say, and where the file is.
pub(super) struct Said {
    config: Config,
    sources: BTreeMap<&'static str, Source>,
    file: Option<PathBuf>,
}

/// What is in force.
pub(super) struct Settled {
    /// All of it.
    pub(super) config: Config,
    /// Whether a flag or a variable names environment or profile.
    pub(super) named: bool,
    /// Where the file is, or would be.
    pub(super) file: Option<PathBuf>,
    /// Who says what.
    sources: BTreeMap<&'static str, Source>,
}

impl Settled {
    /// Who says this option.
    pub(super) fn source(&self, name: &str) -> Source {
        self.sources.get(name).copied().unwrap_or(Source::Default)
    }
}

impl Said {
    /// Takes what clap read, and from where.
    pub(super) fn new(global: Global, matches: &ArgMatches) -> Result<Self, Problem> {
        let screens = global.screens;
        let flag = global.limits;
        let config = Config {
            environment: global.environment,
            profile: global.profile,
            data_dir: global.data_dir,
            key_file: global.key_file,
            callback_url: global.callback_url,
            limits: match flag {
                Some(table) => Some(table),
                None => limits()?,
            },
            my_address: global.my_address,
            address_service: global.address_service,
            lock_after: screens.lock_after,
            log: global.log,
            theme: screens.theme,
            locale: screens.locale,
            refresh: screens.refresh_every,
            mouse: screens.mouse,
            plain: screens.plain,
            keys: BTreeMap::new(),
        };
        let mut sources = BTreeMap::new();
        for setting in SETTINGS {
            if setting.told(&config).is_none() {
                continue;
            }
            let id = setting.flag().replace('-', "_");
            let by_flag = match setting.name {
                "limits" => flag.is_some(),
                _ => matches.value_source(&id) == Some(ValueSource::CommandLine),
            };
            let source = if by_flag {
                Source::Flag
            } else {
                Source::Variable
            };
            sources.insert(setting.name, source);
        }
        Ok(Self {
            config,
            sources,
            file: global.config,
        })
    }

    /// The config file, and whether it may be missing: one that was named may not.
    pub(super) fn file(&self) -> Option<(PathBuf, bool)> {
        match &self.file {
            Some(file) => Some((file.clone(), false)),
            None => config::default_file().map(|file| (file, true)),
        }
    }

    /// Reads the file below what flags and variables say.
    ///
    /// # Errors
    /// All that is wrong with the file.
    pub(super) fn settle(self) -> Result<Settled, Problem> {
        let (path, file) = match self.file() {
            Some((path, may_be_missing)) => {
                let file = config::read(&path, may_be_missing, judge_keys)?;
                (Some(path), file.unwrap_or_default())
            }
            None => (None, Config::default()),
        };
        let named = self.config.environment.is_some() || self.config.profile.is_some();
        let config = self.config.over(file);
        let mut sources = self.sources;
        for setting in SETTINGS {
            if setting.told(&config).is_some() {
                sources.entry(setting.name).or_insert(Source::File);
            }
        }
        Ok(Settled {
            config,
            named,
            file: path,
            sources,
        })
    }
}

/// What is wrong with the keys of a file.
pub(super) fn judge_keys(keys: &BTreeMap<String, Vec<String>>) -> Vec<KeyFlaw> {
    let flaw = |problem: &KeymapProblem| KeyFlaw {
        names: problem.names().into_iter().map(Into::into).collect(),
        text: problem.to_string(),
    };
    let problems = Keymap::new(keys).err().unwrap_or_default();
    problems.iter().map(flaw).collect()
}

/// What the variable says. Not read by clap: it would reach the simulator's own `--limits`.
fn limits() -> Result<Option<config::LimitTable>, Problem> {
    match std::env::var(LIMITS_VARIABLE) {
        Ok(text) if !text.is_empty() => text.parse().map(Some).map_err(|_: String| {
            Problem::new(
                format!("{LIMITS_VARIABLE} names no table of limits"),
                Exit::Usage,
            )
            .next("Set it to off, classic or current, or leave it out.")
        }),
        _ => Ok(None),
    }
}
