//! This machine's address as the bank sees it: known only where the person told it.

use std::net::IpAddr;

use super::Workspace;
use crate::base::Problem;

/// Where the address of the setup is noted.
const NOTE: &str = "registered-address";

/// How our address compares with the one that the device was registered from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    Same,
    Changed { then: IpAddr, now: IpAddr },
    Unknown,
}

impl Workspace {
    /// Compares our address with the registered one.
    pub(super) async fn address(&self) -> Result<Address, Problem> {
        let then = self.store.note(NOTE)?.and_then(|then| then.parse().ok());
        Ok(match (then, self.settings.my_address) {
            (Some(then), Some(now)) if then == now => Address::Same,
            (Some(then), Some(now)) => Address::Changed { then, now },
            _ => Address::Unknown,
        })
    }
}
