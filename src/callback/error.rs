//! Why the listener cannot start, and what is wrong with a pasted address.

use crate::base::{Exit, Problem, Remedy};

/// Why the redirect cannot be caught.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// Somebody else listens there, on IPv4 or IPv6, and would get the code.
    #[error("port {port} is taken{}", by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default())]
    PortTaken {
        /// The port.
        port: u16,
        /// By whom, where this machine tells.
        by: Option<String>,
    },
    /// The callback URL is no address of this machine.
    #[error("the callback URL is neither http://localhost:PORT/… nor https")]
    NotLoopback,
    /// The operating system refused for another reason.
    #[error("port {port} cannot be opened: {reason}")]
    Other {
        /// The port.
        port: u16,
        /// What the operating system said.
        reason: String,
    },
}

impl From<BindError> for Problem {
    fn from(error: BindError) -> Self {
        let next = match &error {
            BindError::PortTaken { .. } => {
                "End that program and try again, or take another port, which replaces the registered \
                 callback URL: e on Connect, or `bunq-tui setup --callback-url \
                 http://localhost:PORT/callback`."
            }
            BindError::NotLoopback => {
                "Set --callback-url to http://localhost:PORT/callback. A redirect to elsewhere can \
                 only be pasted."
            }
            BindError::Other { .. } => {
                "Take another port (ports below 1024 need special rights), which replaces the \
                 registered callback URL: e on Connect, or `bunq-tui setup --callback-url \
                 http://localhost:PORT/callback`."
            }
        };
        let problem = Self::new("The redirect cannot be caught", Exit::Failed)
            .because(error.to_string())
            .next(next);
        match error {
            BindError::NotLoopback => problem,
            _ => problem.remedied_by(Remedy::OtherPort),
        }
    }
}

/// What is wrong with a pasted address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasteError {
    /// Nothing, or nothing like an address.
    #[error("that is not an address")]
    NotAnAddress,
    /// An address, but not the one that the browser ends on.
    #[error("that is another address than the one the browser ends on")]
    OtherAddress {
        /// How the right one begins.
        expected: String,
    },
    /// It has no `state`.
    #[error("the address has no `state`")]
    NoState,
    /// Its `state` is not this login's.
    #[error("the address is of another login")]
    WrongState,
    /// This login got its answer already.
    #[error("the answer of this login was used already")]
    AlreadyUsed,
    /// It has neither a code nor an error.
    #[error("the address has no `code`")]
    NoCode,
    /// A parameter twice, a code beside an error, or a code that is none.
    #[error("the address is not as the bank writes it")]
    Malformed,
}

impl From<PasteError> for Problem {
    fn from(error: PasteError) -> Self {
        let next = match &error {
            PasteError::NotAnAddress | PasteError::NoState | PasteError::NoCode => {
                "Copy the whole address from the browser's address bar, from http to its end."
                    .to_owned()
            }
            PasteError::OtherAddress { expected } => {
                format!(
                    "Wait until the browser ends on a page that begins with {expected} and copy that."
                )
            }
            PasteError::WrongState => {
                "It is from an older login: authorize again with the address shown now.".to_owned()
            }
            PasteError::AlreadyUsed => "Nothing more to do; to connect again, press n.".to_owned(),
            PasteError::Malformed => "Authorize again, and copy the address unchanged.".to_owned(),
        };
        Self::new("The address was not taken", Exit::Failed)
            .because(error.to_string())
            .next(next)
    }
}
