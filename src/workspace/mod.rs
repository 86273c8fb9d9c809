//! What the program does, without a screen: both the TUI and the command line call this.

#![allow(clippy::todo, unused_variables)]

mod rows;

use std::path::PathBuf;

use tokio::sync::{mpsc, watch};
use url::Url;

use crate::base::{Clock, Environment, Events, Problem, Secret, UserNumber};

pub use rows::{
    AccountSummary, Accounts, Connected, Field, Invitation, Lock, Profile, Provider,
    ProviderChoice, SessionState, Stage, Step, StepChange, StepState, UserProfile, UserSummary,
};

/// What opens a store.
#[derive(Clone, Debug)]
pub enum StoreKey {
    /// A key file.
    File(PathBuf),
    /// A passphrase.
    Passphrase(Secret),
}

/// What a workspace is opened with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where stores are kept.
    pub data_dir: PathBuf,
    /// Where the browser comes back to.
    pub callback_url: Url,
    /// How long Connect waits for the redirect.
    pub connect_timeout: std::time::Duration,
    /// The one clock.
    pub clock: Clock,
    /// Where requests are told.
    pub events: Events,
}

/// One profile, open. Clones share it.
#[derive(Clone)]
pub struct Workspace(());

/// The OAuth flow while it waits: the listener is up until this is dropped.
pub struct Connecting(());

/// Hands a pasted address to a flow that waits.
#[derive(Clone)]
pub struct Paster(());

/// The redirect came and was right; what is left is the exchange.
pub struct Granted(());

/// What the bank's own bodies and our reading of them say.
pub struct Read<T> {
    /// Our reading.
    pub value: T,
    /// The bank's bodies, one for each page, byte for byte.
    pub raw: Vec<bytes::Bytes>,
}

impl Profile {
    /// How its store is locked, if there is one.
    pub fn lock(&self, settings: &Settings) -> Result<Lock, Problem> {
        todo!()
    }
}

impl Workspace {
    /// Over a simulator in this process, in memory only.
    pub fn demo(root: &str, settings: Settings) -> Result<Self, Problem> {
        todo!()
    }
    /// Opens a profile's store, or makes it when there is none. Slow with a passphrase: call it off the loop.
    pub fn open(profile: Profile, key: &StoreKey, settings: Settings) -> Result<Self, Problem> {
        todo!()
    }
    /// The bank that it speaks to.
    pub fn environment(&self) -> &Environment {
        todo!()
    }
    /// How far its setup is.
    pub fn stage(&self) -> Result<Stage, Problem> {
        todo!()
    }
    /// The steps as an earlier run left them.
    pub fn steps(&self) -> Result<Vec<StepChange>, Problem> {
        todo!()
    }
    /// Who we are, once set up.
    pub fn provider(&self) -> Result<Option<Provider>, Problem> {
        todo!()
    }
    /// Runs the setup, or what is left of it. `None`: go on with what an earlier run chose.
    pub async fn setup(
        &self,
        choice: Option<ProviderChoice>,
        progress: mpsc::Sender<StepChange>,
    ) -> Result<Provider, Problem> {
        todo!()
    }
    /// Checks the registered callback URL, binds the listener and makes the invitation.
    pub async fn connect(&self) -> Result<Connecting, Problem> {
        todo!()
    }
    /// Takes another port for the callback URL and replaces our registered one.
    pub async fn change_port(&self, port: u16) -> Result<(), Problem> {
        todo!()
    }
    /// Visits a redirect address on this machine as a browser would.
    pub async fn visit(&self, address: &str) -> Result<(), Problem> {
        todo!()
    }
    /// The users, ourselves first where we have accounts.
    pub fn users(&self) -> Result<Vec<UserSummary>, Problem> {
        todo!()
    }
    /// A user's accounts as last read; none when they never were.
    pub fn stored_accounts(&self, user: UserNumber) -> Result<Option<Accounts>, Problem> {
        todo!()
    }
    /// Asks the bank for a user's accounts and keeps them.
    pub async fn read_accounts(&self, user: UserNumber) -> Result<Read<Accounts>, Problem> {
        todo!()
    }
    /// A user's profile as last read; none when it never was.
    pub fn stored_profile(&self, user: UserNumber) -> Result<Option<UserProfile>, Problem> {
        todo!()
    }
    /// Asks the bank for a user's profile and keeps it.
    pub async fn read_profile(&self, user: UserNumber) -> Result<Read<UserProfile>, Problem> {
        todo!()
    }
    /// Forgets a user's grant, its session and its figures.
    pub async fn forget(&self, user: UserNumber) -> Result<(), Problem> {
        todo!()
    }
}

impl Connecting {
    /// What to show.
    pub fn invitation(&self) -> &Invitation {
        todo!()
    }
    /// Counts the wrong requests to the listener.
    pub fn strays(&self) -> watch::Receiver<u64> {
        todo!()
    }
    /// A handle for pasted addresses.
    pub fn paster(&self) -> Paster {
        todo!()
    }
    /// Waits for the redirect, or for a pasted address, or for the end of the time.
    pub async fn redirected(self) -> Result<Granted, Problem> {
        todo!()
    }
}

impl Paster {
    /// Takes the address of the page where the browser ended.
    pub fn paste(&self, text: &str) -> Result<(), Problem> {
        todo!()
    }
}

impl Granted {
    /// Swaps the code, opens the user's session and stores both. Not to be cut short: the code is
    /// spent once.
    pub async fn exchange(self) -> Result<Connected, Problem> {
        todo!()
    }
}
