//! The bunq inside the program, while the demo runs.

use crate::base::{Exit, Problem};
use crate::simulator::{Options, Simulator};

/// A simulator that ends with the demo.
#[derive(Debug)]
pub struct Demo(Simulator);

impl Demo {
    /// Starts it on a free port of this machine.
    ///
    /// # Errors
    /// When there is none.
    pub async fn start() -> Result<Self, Problem> {
        Simulator::start(Options::default())
            .await
            .map(Self)
            .map_err(|error| {
                Problem::new("The demo's bank could not be started", Exit::Failed)
                    .because(error.to_string())
                    .next("It needs a free port on 127.0.0.1.")
            })
    }

    /// Its root address.
    #[must_use]
    pub fn root(&self) -> String {
        self.0.root()
    }

    /// Approves an authorize address as the phone would; gives back where the browser goes.
    ///
    /// # Errors
    /// When the bank refuses it.
    pub fn approve(&self, authorize_url: &str) -> Result<String, Problem> {
        self.0.approve(authorize_url).map_err(|refusal| {
            Problem::new("The demo's bank refused", Exit::Refused).because(refusal.to_string())
        })
    }
}
