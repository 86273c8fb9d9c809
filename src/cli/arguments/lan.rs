//! `--lan`: which address a phone comes back to.

use std::net::IpAddr;
use std::str::FromStr;

/// Which address of this machine a phone is to come back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum LanAddress {
    /// The likeliest.
    Any,
    /// This one.
    This(IpAddr),
}

impl FromStr for LanAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "any" => Ok(Self::Any),
            _ => text
                .parse()
                .map(Self::This)
                .map_err(|_| "an address of this machine, as 192.168.1.20, or none".into()),
        }
    }
}
