//! What the bank's JSON says. It is read leniently: sets are open, a field of another form counts
//! as absent, more fields are fine. Only what nothing can go on without is an error.

mod account;
mod envelope;
mod fields;
mod oauth;
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

pub use account::{Account, AccountStatus};
pub(super) use envelope::{Element, Envelope};
pub(super) use fields::Fields;
pub use oauth::{CallbackUrl, DeviceServer, DeviceStatus, OauthClient, OauthClientStatus};
pub use pointer::{Pointer, PointerKind};
pub use user::{Profile, User};
