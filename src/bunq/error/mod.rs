//! Every way a call can fail.

mod answer;
mod words;

use std::time::Duration;

use jiff::Timestamp;

use crate::base::{BankText, RequestOutcome, Verification};

pub(super) use answer::{from_api, from_token_service};

/// A call that failed. None of its texts holds an address or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    status: Option<u16>,
    description: Option<BankText>,
    response_id: Option<BankText>,
}

/// Why the bank could not be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unreachable {
    /// Its name has no address.
    Dns,
    /// Nothing listens there.
    Refused,
    /// Nobody answered the attempt to connect.
    TimedOut,
    /// Any other failure to connect.
    Other,
}

/// Why an answer could not be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unverified {
    /// It carries no signature.
    Missing,
    /// It carries more than one.
    Several,
    /// The signature is not the bank's, or not over this body.
    Wrong,
}

/// Why a code was not exchanged (RFC 6749 section 5.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OauthCode {
    /// Wrong, used, too old, or issued for another redirect address.
    InvalidGrant,
    /// The client is unknown, or its secret is wrong.
    InvalidClient,
    /// A parameter is missing or repeated.
    InvalidRequest,
    /// This client may not do that.
    UnauthorizedClient,
    /// The bank knows no such grant.
    UnsupportedGrantType,
    /// Anything else.
    Other(BankText),
}

/// What kind of failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// No connection.
    Unreachable(Unreachable),
    /// No trusted connection: the certificate, the protocol version, or no CA files here.
    Tls,
    /// Connected, but no whole answer in time.
    TimedOut,
    /// The answer was cut off.
    BrokenAnswer,
    /// The answer is larger than we read.
    TooLarge {
        /// The most bytes that are read.
        limit: usize,
    },
    /// Sent elsewhere (3xx); we do not follow.
    Redirected,
    /// Not JSON.
    NotJson {
        /// It is a web page: something between us and the bank answered.
        html: bool,
    },
    /// JSON, but without this.
    UnexpectedShape(&'static str),
    /// An answer of the bank about another one of these: to another request, old or foreign.
    Misaddressed(&'static str),
    /// Not provably from the bank; nothing of it was used.
    Unverified(Unverified),
    /// Wrong key, revoked grant or address not permitted: the bank has one sentence for all three.
    CredentialsRefused,
    /// The session is over, or its token is unknown.
    SessionDead,
    /// The bank does not know the installation's token.
    InstallationRefused,
    /// The bank knows us, but we may not do that.
    Forbidden,
    /// The bank found our signature wrong.
    SignatureRefused,
    /// The bank wants a signature where we sent none (466).
    SignatureMissing,
    /// Too fast (429).
    RateLimited {
        /// How many calls …
        max: Option<u64>,
        /// … in how many seconds.
        seconds: Option<u64>,
        /// How long the bank asks us to wait; it hardly ever says.
        retry_after: Option<Duration>,
    },
    /// We keep to the bank's limit, and the next free place is too far away to wait for.
    LimitReached {
        /// When it is.
        until: Timestamp,
    },
    /// What was called when could not be kept, so nothing was called.
    WindowsUnkept(String),
    /// There is no such thing, or not for us.
    NotFound,
    /// There is no such call, or no longer.
    NotOffered,
    /// The secret is already bound to this installation.
    DeviceExists,
    /// The bank did not accept the request.
    BadRequest,
    /// The bank is being worked on (491, 503).
    Maintenance,
    /// The bank failed (any other 5xx).
    ServerError {
        /// A web page came with it: a gateway answered, not the bank itself.
        html: bool,
    },
    /// The code was not exchanged.
    Oauth(OauthCode),
    /// A key or certificate on our side, and what is wrong with it.
    Key(&'static str),
}

impl Error {
    pub(super) fn new(kind: ErrorKind) -> Self {
        Self {
            kind,
            status: None,
            description: None,
            response_id: None,
        }
    }

    /// The answer lacks this.
    pub(super) fn shape(missing: &'static str) -> Self {
        Self::new(ErrorKind::UnexpectedShape(missing))
    }

    /// A key of ours is at fault.
    pub(super) fn key(what: &'static str) -> Self {
        Self::new(ErrorKind::Key(what))
    }

    /// The answer is about another one of these.
    #[must_use]
    pub fn another(what: &'static str) -> Self {
        Self::new(ErrorKind::Misaddressed(what))
    }

    pub(super) fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    pub(super) fn answered(
        mut self,
        status: u16,
        description: Option<BankText>,
        response_id: Option<BankText>,
    ) -> Self {
        self.status = Some(status);
        self.description = description;
        self.response_id = response_id;
        self
    }

    /// As it is told of its request.
    pub(super) fn as_outcome(&self) -> RequestOutcome {
        RequestOutcome {
            status: self.status,
            verification: Verification::NotExpected,
            failure: self.kind.wire_failure(),
        }
    }

    /// What kind of failure.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The status, when an answer came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The bank's own sentence. Errors may be unsigned: good for diagnosis, not for decisions that
    /// matter.
    #[must_use]
    pub fn description(&self) -> Option<&BankText> {
        self.description.as_ref()
    }

    /// The bank's number for this answer; its support asks for it.
    #[must_use]
    pub fn response_id(&self) -> Option<&BankText> {
        self.response_id.as_ref()
    }

    /// Whether a new session would help.
    #[must_use]
    pub fn is_session_dead(&self) -> bool {
        self.kind == ErrorKind::SessionDead
    }

    /// Whether the bank refused the secret itself.
    #[must_use]
    pub fn is_credentials_refused(&self) -> bool {
        self.kind == ErrorKind::CredentialsRefused
    }

    /// Whether it is unknown if the bank carried the request out. Look before doing it again.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::TimedOut
                | ErrorKind::BrokenAnswer
                | ErrorKind::TooLarge { .. }
                | ErrorKind::NotJson { .. }
                | ErrorKind::UnexpectedShape(_)
                | ErrorKind::Misaddressed(_)
                | ErrorKind::Unverified(_)
                | ErrorKind::ServerError { .. }
        )
    }
}

impl ErrorKind {
    /// For a body that is not JSON.
    pub(super) fn not_json(body: &[u8]) -> Self {
        Self::NotJson {
            html: answer::is_html(body),
        }
    }

    /// One word for a request that brought no usable answer; none when the status tells it all.
    pub(super) fn wire_failure(&self) -> Option<&'static str> {
        Some(match self {
            Self::Unreachable(Unreachable::Dns) => "no address",
            Self::Unreachable(Unreachable::Refused) => "refused",
            Self::Unreachable(Unreachable::TimedOut) | Self::TimedOut => "timeout",
            Self::Unreachable(Unreachable::Other) => "unreachable",
            Self::Tls => "tls",
            Self::BrokenAnswer => "cut off",
            Self::TooLarge { .. } => "too large",
            Self::Unverified(_) => "unverified",
            Self::LimitReached { .. } => "limit",
            Self::WindowsUnkept(_) => "not sent",
            _ => return None,
        })
    }
}
