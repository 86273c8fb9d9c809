//! A bunq on this machine: real HTTP on loopback, real signatures both ways, its own state.
//!
//! The contract is bunq's API guide where it says something, and what third parties observed
//! where it does not. It shares no type with the client, so that the two cannot agree on the same
//! mistake. Everything is kept in memory behind one lock; nothing runs in the background.
//!
//! * `server` reads requests and writes answers, `dispatch` checks them in order, `routes` is the
//!   table of calls, `wire` writes JSON;
//! * `authorize`, `pages` and `token` are the OAuth side, `/auth` and `/v1/token`;
//! * `state` is the bank's memory, `world` its inhabitants, `history` their payments of the past.

mod answer;
mod authorize;
mod clock;
mod dispatch;
mod failure;
mod fault;
mod history;
mod iban;
mod json;
mod limits;
mod pages;
mod paging;
mod query;
mod routes;
mod seeded;
mod server;
mod signing;
mod state;
mod token;
mod wire;
mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use authorize::Refusal;
pub use clock::SimulatorClock;
pub use fault::{Fault, FaultKind};
pub use limits::Limits;

use query::Query;
use state::{Owner, State};

/// How a simulator starts.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens; port 0 takes a free one. Default: `127.0.0.1:0`.
    pub listen: SocketAddr,
    /// The authorize page answers at once with the redirect, for the first inhabitant, every
    /// account ticked.
    pub auto_approve: bool,
    /// The same seed gives the same people, ids, tokens and keys, for the same calls.
    pub seed: u64,
    /// Which rate limits hold.
    pub limits: Limits,
    /// Inhabitants beyond the eight who are always there.
    pub users: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            auto_approve: false,
            seed: 0,
            limits: Limits::Off,
            users: 0,
        }
    }
}

/// A call that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `GET`, `POST`, …
    pub method: String,
    /// The whole path, without the query.
    pub path: String,
    /// The status that was meant, whatever a fault made of the connection.
    pub status: u16,
}

/// How many there are of the things that a client should make once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Installations.
    pub installations: usize,
    /// Registered devices.
    pub devices: usize,
    /// Sessions that were not ended (expired ones included).
    pub sessions: usize,
    /// Active OAuth clients.
    pub oauth_clients: usize,
    /// Callback URLs of active clients.
    pub callback_urls: usize,
    /// Credentials of payment service providers.
    pub credentials: usize,
    /// Grants that were not revoked.
    pub grants: usize,
}

/// What the handle and the server share.
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    clock: SimulatorClock,
    seed: u64,
    limits: Limits,
    auto_approve: bool,
}

/// A running simulator; clones are handles on the same one. It stops with `stop`, or when the
/// last handle is dropped.
#[derive(Clone, Debug)]
pub struct Simulator {
    shared: Arc<Shared>,
    address: SocketAddr,
    running: Arc<Running>,
}

/// Stops the server when it is dropped, because the receiver sees its sender go.
#[derive(Debug)]
struct Running {
    stop: watch::Sender<bool>,
    server: Mutex<Option<JoinHandle<()>>>,
}

impl Simulator {
    /// Builds the world and starts to listen; needs a tokio runtime. Takes a few milliseconds:
    /// keys and payments are made at their first use.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            state: Mutex::new(world::build(options.seed, options.users)),
            clock: SimulatorClock::new(),
            seed: options.seed,
            limits: options.limits,
            auto_approve: options.auto_approve,
        });
        let (stop, stopped) = watch::channel(false);
        let server = tokio::spawn(server::serve(listener, Arc::clone(&shared), stopped));
        let server = Mutex::new(Some(server));
        Ok(Self {
            shared,
            address,
            running: Arc::new(Running { stop, server }),
        })
    }

    /// `http://127.0.0.1:PORT`, without a slash at its end.
    #[must_use]
    pub fn root(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The three addresses as one line of JSON.
    #[must_use]
    pub fn describe(&self) -> String {
        let root = self.root();
        format!(
            "{{\"api\":\"{root}/v1\",\"authorize\":\"{root}/auth\",\"token\":\"{root}/v1/token\"}}"
        )
    }

    /// The clock by which codes and sessions expire.
    #[must_use]
    pub fn clock(&self) -> SimulatorClock {
        self.shared.clock.clone()
    }

    /// Approves as the phone would: the next inhabitant (the person with four accounts first),
    /// every account ticked. Answers the address that the browser is sent to.
    ///
    /// # Errors
    /// The address is not known, or nobody lives here.
    pub fn approve(&self, authorize_url: &str) -> Result<String, Refusal> {
        let now = self.shared.clock.now();
        let bank = &mut *self.state();
        let asked = self.asked(bank, authorize_url)?;
        let user = authorize::next_inhabitant(bank)?;
        let accounts = authorize::accounts_of(bank, user);
        Ok(asked.allow(bank, user, accounts, now))
    }

    /// Denies as the phone would. Answers the address that the browser is sent to.
    ///
    /// # Errors
    /// The address is not known.
    pub fn deny(&self, authorize_url: &str) -> Result<String, Refusal> {
        let bank = self.state();
        Ok(self.asked(&bank, authorize_url)?.deny())
    }

    fn asked(&self, bank: &State, authorize_url: &str) -> Result<authorize::Asked, Refusal> {
        let query = authorize_url
            .strip_prefix(&self.root())
            .and_then(|rest| rest.strip_prefix("/auth?"))
            .ok_or(Refusal::OtherAddress)?;
        authorize::Asked::of(bank, &Query::parse(query))
    }

    /// The calls so far, oldest first; only the last ten thousand are kept.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.iter().cloned().collect()
    }

    /// How many there are of everything.
    #[must_use]
    pub fn census(&self) -> Census {
        self.state().census()
    }

    /// Adds a fault; of several that are due for a call, the first added wins.
    pub fn set_fault(&self, fault: Fault) {
        self.state().faults.add(fault);
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// Every user takes back every grant: their access tokens and sessions are dead.
    pub fn revoke_grants(&self) {
        let bank = &mut *self.state();
        for grant in bank.grants.values_mut() {
            grant.revoked = true;
            if let Some(secret) = bank.secrets.get_mut(&grant.token) {
                secret.dead = true;
            }
        }
        for session in bank.sessions.values_mut() {
            session.ended |= matches!(session.owner, Owner::Grant(_));
        }
    }

    /// Every session ends now.
    pub fn expire_sessions(&self) {
        for session in self.state().sessions.values_mut() {
            session.ended = true;
        }
    }

    /// Stops listening and closes every connection, whoever else has a handle.
    pub async fn stop(self) {
        // The server may be gone already.
        let _ = self.running.stop.send(true);
        let server = self
            .running
            .server
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(server) = server {
            let _ = server.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
