//! This machine's address as the bank sees it: known only where the person told it, or switched a
//! look-up on.

use std::net::IpAddr;
use std::time::Duration;

use url::Url;

use super::{TimeLimits, Workspace};
use crate::base::{Exit, Problem, is_loopback};
use crate::bunq::http_client;

/// Where the address of the setup is noted.
pub(super) const REGISTERED_ADDRESS: &str = "registered-address";
/// How long a look-up may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer that is read: an address has at most 45 characters.
const LONGEST_ANSWER: usize = 256;

/// How our address compares with the one that the device was registered from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    Same,
    Changed { then: IpAddr, now: IpAddr },
    Unknown,
}

impl Workspace {
    /// Compares our address with the registered one. A look-up that fails leaves it unknown.
    pub(super) async fn address(&self) -> Result<Address, Problem> {
        let Some(then) = self.registered_address()? else {
            return Ok(Address::Unknown);
        };
        let now = self.our_address().await.ok().flatten();
        Ok(compare(then, now))
    }

    /// The address that the device was registered from, where it was known then.
    pub(super) fn registered_address(&self) -> Result<Option<IpAddr>, Problem> {
        let noted = self.store.note(REGISTERED_ADDRESS)?;
        Ok(noted.and_then(|then| then.parse().ok()))
    }

    /// Our address now: as told, else as looked up; none where neither was asked for.
    ///
    /// # Errors
    /// When the look-up fails.
    pub(super) async fn our_address(&self) -> Result<Option<IpAddr>, Problem> {
        match (self.settings.my_address, &self.settings.address_service) {
            (Some(told), _) => Ok(Some(told)),
            (None, Some(service)) => look_up(service).await.map(Some),
            (None, None) => Ok(None),
        }
    }
}

pub(super) fn compare(then: IpAddr, now: Option<IpAddr>) -> Address {
    match now {
        Some(now) if now == then => Address::Same,
        // A machine has one of each kind, and the service may see the other.
        Some(now) if now.is_ipv4() == then.is_ipv4() => Address::Changed { then, now },
        _ => Address::Unknown,
    }
}

async fn look_up(service: &Url) -> Result<IpAddr, Problem> {
    let failed = |why: String| {
        Problem::new("The address service gave no address", Exit::Unavailable)
            .because(why)
            .next("Tell the address with --my-address, or name another --address-service.")
    };
    let told = |error: reqwest::Error| failed(error.without_url().to_string());
    let client = http_client(is_loopback(service), &TimeLimits::default())?;
    let asked = client.get(service.clone()).timeout(PATIENCE).send();
    let mut answer = asked.await.map_err(told)?;
    if !answer.status().is_success() {
        return Err(failed(format!("its status was {}", answer.status())));
    }
    let mut text = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(told)? {
        text.extend_from_slice(&piece);
        if text.len() > LONGEST_ANSWER {
            return Err(failed("its answer is longer than an address".into()));
        }
    }
    std::str::from_utf8(&text)
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .ok_or_else(|| failed("its answer is no address".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_two_kinds_cannot_be_compared() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let (then, now) = (ip("192.0.2.1"), ip("192.0.2.2"));
        assert_eq!(compare(then, Some(then)), Address::Same);
        assert_eq!(compare(then, Some(now)), Address::Changed { then, now });
        assert_eq!(compare(then, Some(ip("2001:db8::1"))), Address::Unknown);
        assert_eq!(compare(then, None), Address::Unknown);
    }
}
