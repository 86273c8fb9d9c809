//! What one source says of the options, and one source over another.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use url::Url;

use super::values::{LimitTable, LocaleChoice, LockAfter, Refresh, Theme};
use crate::base::Environment;

/// What one source says, or several together. What is absent was not said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Which bank.
    pub environment: Option<Environment>,
    /// Which of its stores.
    pub profile: Option<String>,
    /// Where stores are kept.
    pub data_dir: Option<PathBuf>,
    /// What opens the store.
    pub key_file: Option<PathBuf>,
    /// Where the browser comes back to.
    pub callback_url: Option<Url>,
    /// The table of limits to keep to.
    pub limits: Option<LimitTable>,
    /// Our address as the bank sees it.
    pub my_address: Option<IpAddr>,
    /// A service that tells it.
    pub address_service: Option<Url>,
    /// When the screens lock.
    pub lock_after: Option<LockAfter>,
    /// Where requests are noted.
    pub log: Option<PathBuf>,
    /// The theme.
    pub theme: Option<Theme>,
    /// In whose form amounts and times are written.
    pub locale: Option<LocaleChoice>,
    /// How often the user that is shown is read again.
    pub refresh: Option<Refresh>,
    /// Whether the mouse acts.
    pub mouse: Option<bool>,
    /// Whether to talk in plain lines instead of drawing screens.
    pub plain: Option<bool>,
    /// Keys by the names of what they do; only a file says them.
    pub keys: BTreeMap<String, Vec<String>>,
}

impl Config {
    /// What this says, and the other where it says nothing. Environment and profile belong
    /// together: one of them said here leaves both of the other out.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        let named = self.environment.is_some() || self.profile.is_some();
        let (environment, profile) = if named {
            (self.environment, self.profile)
        } else {
            (other.environment, other.profile)
        };
        Self {
            environment,
            profile,
            data_dir: self.data_dir.or(other.data_dir),
            key_file: self.key_file.or(other.key_file),
            callback_url: self.callback_url.or(other.callback_url),
            limits: self.limits.or(other.limits),
            my_address: self.my_address.or(other.my_address),
            address_service: self.address_service.or(other.address_service),
            lock_after: self.lock_after.or(other.lock_after),
            log: self.log.or(other.log),
            theme: self.theme.or(other.theme),
            locale: self.locale.or(other.locale),
            refresh: self.refresh.or(other.refresh),
            mouse: self.mouse.or(other.mouse),
            plain: self.plain.or(other.plain),
            keys: if self.keys.is_empty() {
                other.keys
            } else {
                self.keys
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_nearer_holds_and_environment_and_profile_go_together() {
        let far = Config {
            environment: Some(Environment::Production),
            profile: Some("work".into()),
            mouse: Some(false),
            ..Config::default()
        };
        let near = Config {
            mouse: Some(true),
            ..Config::default()
        };
        let both = near.over(far.clone());
        assert_eq!(both.mouse, Some(true));
        assert_eq!(both.profile.as_deref(), Some("work"));
        let near = Config {
            environment: Some(Environment::Sandbox),
            ..Config::default()
        };
        let both = near.over(far.clone());
        assert_eq!(both.environment, Some(Environment::Sandbox));
        assert_eq!(both.profile, None, "another bank's store");
        let near = Config {
            profile: Some("home".into()),
            ..Config::default()
        };
        assert_eq!(near.over(far).environment, None);
    }
}
