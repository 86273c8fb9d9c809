//! How a simulator starts.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::limits::Limits;

/// How a simulator starts.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens; port 0 takes a free one. Default: `127.0.0.1:0`.
    pub listen: SocketAddr,
    /// The authorize page answers at once with the redirect, for the first inhabitant, every
    /// account ticked.
    pub auto_approve: bool,
    /// Callback URLs by `http` are refused, as a bank may do.
    pub https_callbacks: bool,
    /// The same seed gives the same people, ids, tokens and keys, for the same calls.
    pub seed: u64,
    /// Which rate limits hold.
    pub limits: Limits,
    /// Inhabitants beyond the eight who are always there.
    pub users: usize,
    /// How long sessions last.
    pub timeouts: SessionTimeouts,
    /// How a dead session is answered.
    pub expired_form: ExpiredForm,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            auto_approve: false,
            https_callbacks: false,
            seed: 0,
            limits: Limits::Off,
            users: 0,
            timeouts: SessionTimeouts::default(),
            expired_form: ExpiredForm::default(),
        }
    }
}

/// How long sessions last. Users are told whole seconds as their `session_timeout`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimeouts {
    /// Persons' and companies', and their grants'. Default: a week.
    pub user: Duration,
    /// Payment service providers', and their grants'. Default: 90 days.
    pub provider: Duration,
    /// The first session of a provider's credential, which bunq's guide says in one place to last
    /// an hour. The provider's `session_timeout` does not tell it. Default: as the others.
    pub first_provider: Option<Duration>,
}

impl Default for SessionTimeouts {
    fn default() -> Self {
        Self {
            user: Duration::from_secs(604_800),
            provider: Duration::from_secs(7_776_000),
            first_provider: None,
        }
    }
}

/// How a call with a dead session is answered; both were seen at bunq.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpiredForm {
    /// 401, `Insufficient authorisation.` (seen in 2023).
    #[default]
    Unauthorised401,
    /// 403, `Insufficient authentication.` (seen in 2020).
    Forbidden403,
}
