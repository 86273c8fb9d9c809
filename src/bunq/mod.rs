//! The bank's API as a library would offer it: no terminal, no database, no globals.
//!
//! What a call needs is in its type: an [`Installation`] registers a [`Device`], a device opens a
//! [`Session`], a session reads. Every request goes through [`Client`], and there is no other way
//! out.

mod bank_clock;
mod caller;
mod client;
mod context;
mod error;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod judge;
mod limiter;
mod masked;
mod model;
mod oauth;
mod pages;
mod payments;
mod provider;
mod retry;
mod session;
mod shown;
mod signing;
mod telling;
mod transport;

pub use client::Client;
pub use context::{Credential, Device, Installation, OpenedSession};
pub use error::{Error, ErrorKind, OauthCode, Unreachable, Unverified};
pub use limiter::{InMemory, Limits, Rate, Usage, Window, WindowKeeper};
pub use masked::json_tree;
pub use model::{
    Account, AccountStatus, Budget, CallbackUrl, CoOwner, DeviceServer, DeviceStatus,
    ElsewhereAccount, OauthClient, OauthClientStatus, Payment, PaymentKind, Pointer, PointerKind,
    Profile, User,
};
pub use oauth::{CodeGrant, authorize_url};
pub use pages::Answer;
pub use payments::{PaymentPage, PaymentsFrom};
pub use provider::{Certificate, Role};
pub use session::Session;
pub use signing::{KeyPair, ServerKey};
pub use transport::{TimeLimits, http_client};
