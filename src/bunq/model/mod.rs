//! What the bank's JSON says. It is read leniently: sets are open, a field of another form counts
//! as absent, more fields are fine. Only what nothing can go on without is an error.

mod account;
mod envelope;
mod fields;
mod oauth;
mod payment;
mod pointer;
mod time;
mod user;

/// A set of words that the bank may add to.
macro_rules! open_words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $wire:literal, $label:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$word_doc])* $word,)*
            /// A word that this program does not know yet.
            Other(crate::base::BankText),
        }

        impl $name {
            /// From the bank's word, known or not.
            #[must_use]
            pub fn from_wire(word: &str) -> Self {
                match word {
                    $($wire => Self::$word,)*
                    other => Self::Other(crate::base::BankText::new(other)),
                }
            }

            /// The bank's word.
            #[must_use]
            pub fn wire(&self) -> &str {
                match self {
                    $(Self::$word => $wire,)*
                    Self::Other(word) => word.as_str(),
                }
            }

            /// The word on the screen.
            #[must_use]
            pub fn label(&self) -> &str {
                match self {
                    $(Self::$word => $label,)*
                    Self::Other(word) => word.as_str(),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.label())
            }
        }
    };
}
use open_words;

pub use account::{Account, AccountStatus, Budget, CoOwner, ElsewhereAccount};
pub(super) use envelope::{Element, Envelope};
pub(super) use fields::{Fields, Parsed};
pub use oauth::{CallbackUrl, DeviceServer, DeviceStatus, OauthClient, OauthClientStatus};
pub use payment::{Payment, PaymentKind};
pub use pointer::{Pointer, PointerKind};
#[cfg(any(test, fuzzing))]
pub(super) use time::parse as time;
pub use user::{Profile, User};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All that is ever read out of an answer.
    fn read_everything(body: &[u8]) {
        let Ok(envelope) = Envelope::parse(body) else {
            return;
        };
        let _ = (envelope.id(), envelope.user(), envelope.older_url());
        for element in envelope.elements() {
            let _ = Account::read(element);
            let _ = Payment::read(element);
            let _ = OauthClient::read(element);
            let _ = CallbackUrl::read(element);
            let _ = DeviceServer::read(element);
        }
    }

    const BODIES: [&str; 5] = [
        include_str!("../../../tests/fixtures/payment.list.json"),
        include_str!("../../../tests/fixtures/monetary-account.list.last-page.json"),
        include_str!("../../../tests/fixtures/session-server.user-api-key.json"),
        include_str!("../../../tests/fixtures/oauth-client.list.json"),
        include_str!("../../../tests/fixtures/user.user-person.json"),
    ];

    proptest! {
        #[test]
        fn no_bytes_do_harm(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            read_everything(&body);
        }

        #[test]
        fn no_damage_does_harm(
            which in 0..BODIES.len(),
            place in any::<prop::sample::Index>(),
            instead in prop::sample::select(vec!["", "null", "[]", "{}", "-1", "\"", "\\ud800", "1e999", ","]),
            cut in 0..40_usize,
        ) {
            let body = BODIES[which];
            let at = place.index(body.len());
            let (before, after) = body.as_bytes().split_at(at);
            let after = after.get(cut..).unwrap_or_default();
            read_everything(&[before, instead.as_bytes(), after].concat());
        }
    }
}
