//! What the program does, without a screen: both the TUI and the command line call this.

mod address;
mod certificate;
mod connect;
mod csv_cell;
mod details;
mod diagnose;
mod doctor;
mod estimate;
mod everyone;
pub mod export;
mod grant;
mod kept;
mod lan;
mod limits;
mod locks;
mod payment_lists;
mod payments;
mod profile;
mod raw;
mod refresh;
mod rows;
mod sessions;
mod setup;
mod statistics;
mod strength;
mod vault;
mod visit;
mod wipe;

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::base::{Checkpoints, Clock, Endpoints, Environment, Events, Exit, Problem, Secret};
use crate::bunq::Client;
use crate::store::{Store, StoreError};

pub use crate::bunq::{Limits, TimeLimits};
pub use crate::callback::browser_answered;
pub use crate::store::SlotKind;
pub use certificate::read_certificate;
pub use connect::{Connecting, Paster};
#[cfg(any(test, fuzzing))]
pub(crate) use csv_cell::check as check_csv;
pub use details::GOAL_REACHED;
pub use doctor::{Check, Verdict, examine_locked};
pub use estimate::{RefreshWork, refresh_work};
pub use grant::Granted;
pub use kept::{CONTENTS, Kept, NOT_KEPT_OUT, Section, readers};
pub use limits::{Budget, limits_in_force};
pub use payment_lists::{PaymentColumn, PaymentLine, PaymentList, PaymentQuery, payment_way};
pub use payments::{Back, PaymentEnd, PaymentFilter, PaymentSummary, Payments};
pub use raw::{RawOf, body_tree};
pub use refresh::{Read, StoredAccount};
pub use rows::{
    AccountSummary, Accounts, CertificatePem, Connected, Field, Invitation, Lock, Profile,
    Provider, ProviderChoice, Psd2Roles, RefreshProgress, Refreshed, SessionState, Stage, Step,
    StepChange, StepState, UserProfile, UserSummary,
};
pub use statistics::{BalancePoint, Month, PaymentStatistics};
pub use strength::{Strength, passphrase_strength};
pub use vault::{Vault, VaultFile, is_locked, probe_keyring};
pub use wipe::Wipe;

use diagnose::{Refusals, Served};
use locks::Locks;

/// Fewest characters of a passphrase.
pub const SHORTEST_PASSPHRASE: usize = 8;

/// How long Connect waits for the redirect, unless told otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(300);

/// How long a person has for the keyring's own question.
const KEYRING_PATIENCE: Duration = Duration::from_secs(60);

/// Where a store notes which bank it is for.
const ENVIRONMENT_NOTE: &str = "environment";

/// What opens a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreKey {
    /// A key file.
    File(PathBuf),
    /// A passphrase.
    Passphrase(Secret),
    /// What the keyring of the operating system holds for the store; it is waited for as long as
    /// [`Settings::keyring_patience`] says.
    Keyring,
}

/// What a workspace is opened with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where stores are kept.
    pub data_dir: PathBuf,
    /// Where the browser comes back to, if it was asked for; port 0 takes any free one.
    pub callback_url: Option<Url>,
    /// How long Connect waits for the redirect.
    pub connect_timeout: Duration,
    /// The one clock.
    pub clock: Clock,
    /// Where requests are told.
    pub events: Events,
    /// The table of the bank's limits to keep to; none is the environment's own: classic at the
    /// bank, off on this machine.
    pub limits: Option<Limits>,
    /// How long requests may take.
    pub time_limits: TimeLimits,
    /// Our address as the bank sees it, if the person told it.
    pub my_address: Option<IpAddr>,
    /// A service that answers with our address as text, if the person switched it on.
    pub address_service: Option<Url>,
    /// This machine's address for phones, instead of one that is looked up.
    pub lan_address: Option<IpAddr>,
    /// How long the keyring of the operating system is waited for. It may ask a person for its
    /// password in a window of its own, so be short where nobody is there.
    pub keyring_patience: Duration,
    /// For tests of crash safety.
    pub checkpoints: Checkpoints,
}

impl Settings {
    /// The defaults, with stores in this directory.
    #[must_use]
    pub fn new(data_dir: PathBuf) -> Self {
        Self {
            data_dir,
            callback_url: None,
            connect_timeout: CONNECT_TIMEOUT,
            clock: Clock::system(),
            events: Events::default(),
            limits: None,
            time_limits: TimeLimits::default(),
            my_address: None,
            address_service: None,
            lan_address: None,
            keyring_patience: KEYRING_PATIENCE,
            checkpoints: Checkpoints::default(),
        }
    }
}

/// One profile, open. Clones share it.
#[derive(Clone)]
pub struct Workspace {
    profile: Profile,
    store: Store,
    client: Client,
    settings: Settings,
    locks: Arc<Locks>,
    served: Served,
    refusals: Refusals,
}

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace")
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

impl Workspace {
    /// Over the simulator at this root address, in memory only.
    ///
    /// # Errors
    /// When the address is not on this machine, or SQLite fails.
    pub fn demo(root: &str, mut settings: Settings) -> Result<Self, Problem> {
        let endpoints = Url::parse(root)
            .ok()
            .and_then(|root| Endpoints::local(&root))
            .ok_or_else(|| Problem::new("The demo's bank is not on this machine", Exit::Failed))?;
        if settings.callback_url.is_none() {
            settings.callback_url = Some(any_port(&default_callback_url()?)?);
        }
        let profile = Profile::new(Environment::Demo, None)?;
        Self::assemble(profile, Store::in_memory()?, endpoints, None, settings)
    }

    /// Opens a profile's store, or makes it when there is none. Slow with a passphrase, and may
    /// wait for a person with the keyring: call it off the loop.
    ///
    /// # Errors
    /// When the key does not fit, the files are not ours alone, or the store is for another bank.
    pub fn open(profile: Profile, key: &StoreKey, settings: Settings) -> Result<Self, Problem> {
        let endpoints = profile.environment.endpoints().ok_or_else(|| {
            Problem::new("The demo keeps nothing", Exit::Usage)
                .because("it lives in memory")
                .next("Run `bunq-tui demo`.")
        })?;
        let path = profile.store_path(&settings);
        let key = key.to_store(&settings);
        let made = match Store::exists(&path) {
            true => Err(StoreError::Exists(path.clone())),
            false => Store::create(&path, &key),
        };
        let store = match made {
            // Also where another process was a moment faster.
            Err(StoreError::Exists(_)) => Store::open(&path, &key)?,
            made => made?,
        };
        check_environment(&store, &profile.environment)?;
        Self::assemble(profile, store, endpoints, Some(path), settings)
    }

    fn assemble(
        profile: Profile,
        store: Store,
        endpoints: Endpoints,
        path: Option<PathBuf>,
        settings: Settings,
    ) -> Result<Self, Problem> {
        let store = store.with_checkpoints(settings.checkpoints.clone());
        let table = limits::limits_in_force(settings.limits, &profile.environment);
        let client = Client::new(endpoints, settings.clock.clone(), settings.events.clone())?
            .with_time_limits(settings.time_limits)
            .with_limits(table, Arc::new(limits::InStore(store.clone())))
            .with_checkpoints(settings.checkpoints.clone());
        let locks = Arc::new(Locks::new(path, settings.clock.clone()));
        Ok(Self {
            profile,
            store,
            client,
            settings,
            locks,
            served: Served::default(),
            refusals: Refusals::default(),
        })
    }

    /// Checks the store's structure and the authentication code of its pages. It reads the whole
    /// file: call it off the loop, after the first frame.
    ///
    /// # Errors
    /// When something is wrong with it.
    pub fn check(&self) -> Result<(), Problem> {
        Ok(self.store.quick_check()?)
    }

    /// The bank that it speaks to.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.profile.environment
    }

    /// The profile that is open.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }
}

/// A store made for one bank is never used with another.
fn check_environment(store: &Store, environment: &Environment) -> Result<(), Problem> {
    let name = environment.name();
    match store.note(ENVIRONMENT_NOTE)? {
        None => Ok(store.set_note(ENVIRONMENT_NOTE, &name)?),
        Some(noted) if noted == name => Ok(()),
        Some(noted) => Err(
            Problem::new("This store is for another bank", Exit::NotReady)
                .because(format!("it was made for {noted}, and {name} was asked for"))
                .next("Name another --profile, or the environment it was made for."),
        ),
    }
}

/// Where the browser comes back to, unless told otherwise.
fn default_callback_url() -> Result<Url, Problem> {
    Url::parse(crate::base::CALLBACK_URL)
        .map_err(|_| Problem::new("The default callback URL cannot be read", Exit::Failed))
}

/// The same by https; none where it is not by http.
fn secured(url: &Url) -> Option<Url> {
    let mut secured = url.clone();
    // The port must stay as it is, also where it is the one that http has by default.
    let port = url.port_or_known_default();
    let done = url.scheme() == "http"
        && secured.set_scheme("https").is_ok()
        && secured.set_port(port).is_ok();
    done.then_some(secured)
}

fn any_port(url: &Url) -> Result<Url, Problem> {
    let mut url = url.clone();
    url.set_port(Some(0))
        .map_err(|()| Problem::new("The callback URL takes no port", Exit::Failed))?;
    Ok(url)
}
