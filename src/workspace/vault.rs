//! What opens a store, and changing it.

use super::{Settings, StoreKey};
use crate::base::Problem;
use crate::store::{self, Key};

/// Whether the keyring of the operating system can be used here: writes a random entry, reads it
/// back and deletes it. It blocks for a few milliseconds where there is none, and for at most
/// three seconds an operation where one does not answer: call it off the loop.
///
/// # Errors
/// Says what is in the way, and what else a store can be opened with.
pub fn probe_keyring() -> Result<(), Problem> {
    store::probe_keyring().map_err(|error| {
        let mut problem = Problem::from(error);
        problem.what = "The keyring cannot be used here".into();
        problem.next += " Or use a passphrase or a key file instead.";
        problem
    })
}

impl StoreKey {
    pub(super) fn to_store(&self, settings: &Settings) -> Key {
        match self {
            Self::File(file) => Key::File(file.clone()),
            Self::Passphrase(passphrase) => Key::Passphrase(passphrase.clone()),
            Self::Keyring => Key::Keyring {
                patience: settings.keyring_patience,
            },
        }
    }
}
