//! Users of the bank.

use std::time::Duration;

/// A user: a person, a company, or a payment service provider.
#[derive(Clone, Debug)]
pub(in super::super) struct User {
    pub(in super::super) id: u64,
    pub(in super::super) kind: UserKind,
    /// The name that others see.
    pub(in super::super) name: String,
    pub(in super::super) email: String,
    pub(in super::super) phone: String,
    pub(in super::super) public_uuid: String,
    /// As bunq writes it.
    pub(in super::super) created: String,
    /// `en_US` or `nl_NL`.
    pub(in super::super) language: &'static str,
    /// How long a session lasts.
    pub(in super::super) session_timeout: Duration,
    /// Whether the id is left out where others see this user, as bunq once did for everyone.
    pub(in super::super) hides_id: bool,
}

/// What kind of user, and what only this kind has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum UserKind {
    /// A person.
    Person {
        /// Given name.
        first: String,
        /// Family name with its particles.
        last: String,
    },
    /// A business.
    Company,
    /// A payment service provider.
    Provider {
        /// The certificate's subject.
        distinguished_name: String,
        /// The certificate, by which the user is known again.
        certificate: Vec<u8>,
        /// May read accounts and payments.
        aisp: bool,
        /// May pay.
        pisp: bool,
    },
}

impl User {
    /// Seconds that a session lasts, as the user is told.
    pub(in super::super) fn session_timeout(&self) -> u64 {
        self.session_timeout.as_secs()
    }

    /// Whether it has accounts at all.
    pub(in super::super) fn is_customer(&self) -> bool {
        !matches!(self.kind, UserKind::Provider { .. })
    }

    /// The wrapper's name in JSON.
    pub(in super::super) fn wrapper(&self) -> &'static str {
        match self.kind {
            UserKind::Person { .. } => "UserPerson",
            UserKind::Company => "UserCompany",
            UserKind::Provider { .. } => "UserPaymentServiceProvider",
        }
    }
}
