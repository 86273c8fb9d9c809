//! The bunq inside the program, while the demo runs.

use crate::base::{Exit, Problem};

/// A simulator that ends with the demo.
pub(super) struct Demo {}

impl Demo {
    /// Starts it on a free port of this machine.
    pub(super) async fn start() -> Result<Self, Problem> {
        Err(Problem::new("The demo's bank could not be started", Exit::Failed))
    }

    /// Its root address.
    pub(super) fn root(&self) -> String {
        String::new()
    }

    /// Approves an authorize address as the phone would; gives back where the browser goes.
    pub(super) fn approve(&self, _authorize_url: &str) -> Result<String, Problem> {
        Err(Problem::new("The demo's bank refused", Exit::Refused))
    }
}
