//! The listener on loopback that catches the redirect, and the one check of what it brings.
//!
//! The bank knows no PKCE, so `state` and the client's secret carry the whole login (RFC 9700,
//! section 2.1). Whatever is not the one true redirect is answered without detail, counted, and
//! neither ends nor slows the login.

mod error;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod gate;
mod listener;
mod page;
mod port;
mod request;
mod state;
mod tls;

pub use error::{BindError, PasteError};
pub use gate::{Gate, Redirected};
pub use listener::{Listener, browser_answered};
pub use port::free_port;
pub use state::State;
