//! Ids as types, so that an account's id cannot be passed where a user's is meant.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

id! {
    /// A bunq user as the bank numbers it: a person, a company, a payment service provider, or
    /// the `UserApiKey` that stands for a grant.
    UserId;
    /// A monetary account.
    AccountId;
    /// A payment, as one account sees it; later ones have higher numbers.
    PaymentId;
    /// An installation: our key pair made known to the bank.
    InstallationId;
    /// A device server: an API key bound to an installation and an address.
    DeviceId;
    /// A session.
    SessionId;
    /// An OAuth client (its number; the `client_id` of RFC 6749 is a text).
    OauthClientId;
    /// A registered callback URL.
    CallbackUrlId;
    /// A PSD2 credential.
    CredentialId;
}

/// The local number of a connected user: 1, 2, … and never reused. 0 is the provider itself.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct UserNumber(pub u32);

impl UserNumber {
    /// The bunq user that we are ourselves, readable without OAuth.
    pub const PROVIDER: Self = Self(0);

    /// Whether this is the provider itself.
    #[must_use]
    pub fn is_provider(self) -> bool {
        self == Self::PROVIDER
    }
}

impl fmt::Display for UserNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
