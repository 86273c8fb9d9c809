//! Failures in words: what happened, and what to do next.

use std::fmt;

use super::{Error, ErrorKind, OauthCode, Unreachable, Unverified};
use crate::base::{Exit, Problem};

impl fmt::Display for Error {
    /// One sentence without a full stop: what happened, and the bank's own words if it said any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match (&self.description, self.status) {
            (Some(said), _) => write!(f, " (“{}”)", said.as_str().trim_end_matches('.')),
            (None, Some(status)) => write!(f, " (status {status})"),
            (None, None) => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable(Unreachable::Dns) => "the bank's name has no address",
            Self::Unreachable(Unreachable::Refused) => "the connection was refused",
            Self::Unreachable(Unreachable::TimedOut) => "no connection to the bank in time",
            Self::Unreachable(Unreachable::Other) => "no connection to the bank",
            Self::Tls => "no trusted connection to the bank",
            Self::TimedOut => "the bank did not answer in time",
            Self::BrokenAnswer => "the bank's answer was cut off",
            Self::TooLarge { limit } => {
                return write!(f, "the bank's answer has more than {limit} bytes");
            }
            Self::Redirected => "the bank sent us to another address",
            Self::NotJson { html: true } => "a web page came instead of the bank's answer",
            Self::NotJson { html: false } => "the bank's answer is not JSON",
            Self::UnexpectedShape(missing) => {
                return write!(f, "the bank's answer lacks {missing}");
            }
            Self::Misaddressed(what) => {
                return write!(f, "the bank's answer is about another {what}");
            }
            Self::Unverified(Unverified::Missing) => "the bank's answer is not signed",
            Self::Unverified(Unverified::Several) => "the bank's answer has several signatures",
            Self::Unverified(Unverified::Wrong) => "the bank's answer has a wrong signature",
            Self::CredentialsRefused => "the bank refuses the key or token",
            Self::SessionDead => "the session is over",
            Self::InstallationRefused => "the bank does not know this installation",
            Self::Forbidden => "the bank does not allow that",
            Self::SignatureRefused => "the bank found the request's signature wrong",
            Self::SignatureMissing => "the bank wants this request signed",
            Self::RateLimited { .. } => "too many requests",
            Self::LimitReached { .. } => "the bank's limit on such requests is used up",
            Self::WindowsUnkept(why) => {
                return write!(f, "the bank's limits cannot be kept to ({why})");
            }
            Self::NotFound => "the bank has no such thing",
            Self::NotOffered => "the bank does not offer that here",
            Self::DeviceExists => "the key is already registered for this installation",
            Self::BadRequest => "the bank did not accept the request",
            Self::Maintenance => "the bank is being worked on",
            Self::ServerError { html: true } => "the bank's gateway failed",
            Self::ServerError { html: false } => "the bank failed",
            Self::Oauth(code) => return code.fmt(f),
            Self::Key(what) => what,
        })
    }
}

impl fmt::Display for OauthCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidGrant => "the code is wrong, used or too old",
            Self::InvalidClient => "the bank does not accept our OAuth client or its secret",
            Self::InvalidRequest => "the bank could not read the exchange of the code",
            Self::UnauthorizedClient => "our OAuth client may not exchange codes",
            Self::UnsupportedGrantType => "the bank does not exchange codes",
            Self::Other(code) => return write!(f, "the bank refused the code ({code})"),
        })
    }
}

impl Error {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> String {
        match &self.kind {
            ErrorKind::RateLimited {
                max,
                seconds,
                retry_after,
            } => match (retry_after, max, seconds) {
                (Some(wait), ..) => format!("Try again in {} s.", wait.as_secs()),
                (None, Some(max), Some(seconds)) => {
                    format!(
                        "The bank takes {max} such requests in {seconds} s. Wait, then try again."
                    )
                }
                _ => "Wait a minute, then try again.".into(),
            },
            ErrorKind::LimitReached { until } => format!("Try again after {until:.0}."),
            other => other.hint().into(),
        }
    }

    /// How a command ends with it.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self.kind {
            ErrorKind::Unreachable(_)
            | ErrorKind::Tls
            | ErrorKind::TimedOut
            | ErrorKind::BrokenAnswer
            | ErrorKind::Redirected
            | ErrorKind::NotJson { html: true }
            | ErrorKind::ServerError { .. } => Exit::Unavailable,
            ErrorKind::RateLimited { .. }
            | ErrorKind::LimitReached { .. }
            | ErrorKind::Maintenance => Exit::TryLater,
            ErrorKind::CredentialsRefused
            | ErrorKind::SessionDead
            | ErrorKind::InstallationRefused
            | ErrorKind::Forbidden
            | ErrorKind::Oauth(_) => Exit::Refused,
            _ => Exit::Failed,
        }
    }
}

impl ErrorKind {
    /// What to do about a request that got no answer, or none that could be used.
    fn hint_without_answer(&self) -> &'static str {
        match self {
            Self::Unreachable(Unreachable::Dns) => {
                "Check that this machine is online and resolves names, then try again."
            }
            Self::Unreachable(Unreachable::Refused) => {
                "Check that the bank, or the simulator, runs at this address, then try again."
            }
            Self::Unreachable(_) | Self::TimedOut | Self::BrokenAnswer => {
                "Check the network (a firewall or proxy may stand between), then try again."
            }
            Self::Tls => {
                "Check the clock of this machine, that its CA certificates are installed \
                 (package ca-certificates), and that no proxy opens the connection."
            }
            Self::Redirected | Self::NotJson { html: true } => {
                "Something between this machine and the bank answers: check the network, a proxy or \
                 a sign-in page, then try again."
            }
            Self::Misaddressed(_) => {
                "Nothing of it was used. Try again; if it stays, somebody may be repeating old \
                 answers of the bank: do not go on from this network."
            }
            Self::Unverified(_) => {
                "Nothing of it was used. Try again; if it stays, something changes what the bank \
                 sends, or the stored key is another bank's: set up anew from a network you trust."
            }
            _ => {
                "Try again; if it stays, bunq changed its API: look for a newer version, or report it."
            }
        }
    }

    /// What to do about an answer of the bank, and about ourselves.
    fn hint(&self) -> &'static str {
        match self {
            Self::Unreachable(_)
            | Self::Tls
            | Self::TimedOut
            | Self::BrokenAnswer
            | Self::TooLarge { .. }
            | Self::Redirected
            | Self::NotJson { .. }
            | Self::UnexpectedShape(_)
            | Self::Misaddressed(_)
            | Self::Unverified(_) => self.hint_without_answer(),
            Self::CredentialsRefused => {
                "The key is wrong, the grant was revoked, or this machine's address changed: check \
                 them in this order, then set up or connect again."
            }
            Self::SessionDead => "Try again: a new session is opened.",
            Self::InstallationRefused => {
                "The bank no longer knows this installation (a sandbox is emptied now and then): set \
                 up anew, a on the screens or `bunq-tui setup --anew`."
            }
            Self::Forbidden => {
                "Use a user or provider with that right: a PSD2 provider may do only what its \
                 certificate's roles say."
            }
            Self::SignatureRefused | Self::SignatureMissing => {
                "Set up again if the key was changed; otherwise this is a fault of this program: \
                 report it."
            }
            Self::RateLimited { .. } | Self::LimitReached { .. } => "Wait, then try again.",
            Self::WindowsUnkept(_) => "Check the disk and the data directory, then try again.",
            Self::NotFound => "Refresh what is shown; it may be gone, or not shared with us.",
            Self::NotOffered => {
                "This version asks for what bunq does not offer any more: look for a newer version, \
                 or report it."
            }
            Self::BadRequest => "Read what the bank says; if it makes no sense, report it.",
            Self::DeviceExists => "Go on: a session can be opened with it.",
            Self::Maintenance => "Try again later.",
            Self::ServerError { .. } => "Try again in a minute.",
            Self::Oauth(OauthCode::InvalidGrant) => {
                "Connect again: a code works once, for a short time, at one address."
            }
            Self::Oauth(_) => "Set up again, then connect.",
            Self::Key(_) => "Check the key or certificate, or make a new one.",
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let mut what = error.kind.to_string();
        if let Some(first) = what.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let why = match (&error.description, error.status) {
            (Some(said), _) => format!("the bank says “{}”", said.as_str().trim_end_matches('.')),
            (None, Some(status)) => format!("the status was {status}"),
            (None, None) => String::new(),
        };
        Self::new(what, error.exit())
            .because(why)
            .next(error.hint())
    }
}
