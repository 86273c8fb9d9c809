//! Visiting a redirect address on this machine as a browser would: the demo's phone has
//! approved, and its page goes back to us.

use std::time::Duration;

use url::Url;

use super::Workspace;
use crate::base::{Exit, Problem};

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
        let browser = reqwest::Client::builder()
            .tls_certs_only([])
            .no_proxy()
            .referer(false)
            .timeout(PATIENCE)
            .build()
            .map_err(|error| failed(error.without_url().to_string()))?;
        let answer = browser
            .get(url)
            .send()
            .await
            .map_err(|error| failed(error.without_url().to_string()))?;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(failed(format!("the listener answered {}", answer.status())))
    }
}
