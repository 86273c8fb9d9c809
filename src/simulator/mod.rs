//! A bunq on this machine: real HTTP on loopback, real signatures both ways, its own state.
//!
//! The contract is bunq's API guide where it says something, and what third parties observed
//! where it does not. It shares no type with the client, so that the two cannot agree on the same
//! mistake. Everything is kept in memory behind one lock; nothing runs in the background.
//!
//! * `server` reads requests and writes answers, `dispatch` checks them in order, `routes` is the
//!   table of calls, `wire` writes JSON;
//! * `authorize`, `pages` and `token` are the OAuth side, `/auth` and `/v1/token`;
//! * `fault` is the bank's bad days, `replay` one of them, `handles` what tests do, `wording` what
//!   they let the bank say;
//! * `journal` keeps what was called, `admin` shows it at `/admin`;
//! * `state` is the bank's memory, `world` its inhabitants, `history` their payments of the past.

mod admin;
mod answer;
mod authorize;
mod clock;
mod dispatch;
mod failure;
mod fault;
mod handles;
mod history;
mod html;
mod iban;
mod journal;
mod json;
mod lent;
mod limits;
mod options;
mod pages;
mod paging;
mod query;
mod replay;
mod routes;
mod seeded;
mod server;
mod signing;
mod state;
mod token;
mod wire;
mod wording;
mod world;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use authorize::Refusal;
pub use clock::SimulatorClock;
pub use fault::{Fault, FaultKind, FaultName, RetryAfter, WrongFault};
pub use limits::Limits;
pub use options::{ExpiredForm, Options, SessionTimeouts};
pub use wording::Worded;

use query::Query;
use state::{Founding, State};

/// A call that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `GET`, `POST`, …
    pub method: String,
    /// The whole path, without the query.
    pub path: String,
    /// The status that was meant, whatever a fault made of the connection; 0 where nothing was
    /// done and nothing was to be sent.
    pub status: u16,
    /// When it was answered, by the simulator's clock.
    pub at: jiff::Timestamp,
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
    limits: Limits,
    auto_approve: bool,
    https_callbacks: bool,
    expired_form: ExpiredForm,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
            state: Mutex::new(world::build(Founding::first(
                options.seed,
                options.users,
                options.timeouts,
            ))),
            clock: SimulatorClock::new(),
            limits: options.limits,
            auto_approve: options.auto_approve,
            https_callbacks: options.https_callbacks,
            expired_form: options.expired_form,
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

    /// `http://127.0.0.1:PORT`, without a slash at its end. One that listens on every address is
    /// named by loopback.
    #[must_use]
    pub fn root(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(match address.ip() {
                IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        format!("http://{address}")
    }

    /// The page that shows what was called.
    #[must_use]
    pub fn admin(&self) -> String {
        format!("{}/admin", self.root())
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
        let url = url::Url::parse(authorize_url).map_err(|_| Refusal::OtherAddress)?;
        let port = url.port_or_known_default();
        if url.path() != "/auth" || port != Some(self.address.port()) {
            return Err(Refusal::OtherAddress);
        }
        let query = url.query().unwrap_or_default();
        authorize::Asked::of(bank, &Query::parse(query))
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
        self.shared.state()
    }
}
