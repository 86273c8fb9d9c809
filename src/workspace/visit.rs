//! Visiting a redirect address on this machine as a browser would: the demo's phone has
//! approved, and its page goes back to us.

use std::time::Duration;

use reqwest::StatusCode;
use url::Url;

use super::{TimeLimits, Workspace};
use crate::base::{Exit, Problem};
use crate::bunq::http_client;

const PATIENCE: Duration = Duration::from_secs(10);

impl Workspace {
    /// Visits the address.
    ///
    /// # Errors
    /// When it is not on this machine, or nobody answers there.
    pub async fn visit(&self, address: &str) -> Result<(), Problem> {
        let failed = |why: String| {
            Problem::new("The way back could not be followed", Exit::Failed)
                .because(why)
                .next("Press n for a fresh code.")
        };
        let url = Url::parse(address).map_err(|error| failed(error.to_string()))?;
        if url.scheme() != "http" || url.host_str() != Some("localhost") {
            return Err(failed("the address is not on this machine".into()));
        }
        let browser = http_client(true, &TimeLimits::default())?;
        // Like a browser it follows the listener's redirect, but to nowhere else.
        let done = url
            .join("/done")
            .map_err(|error| failed(error.to_string()))?;
        for (address, expected) in [(url, StatusCode::SEE_OTHER), (done, StatusCode::OK)] {
            let asked = browser.get(address).timeout(PATIENCE).send().await;
            let answer = asked.map_err(|error| failed(error.without_url().to_string()))?;
            if answer.status() != expected {
                return Err(failed(format!("the listener answered {}", answer.status())));
            }
        }
        Ok(())
    }
}
