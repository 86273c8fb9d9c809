//! One slot, as it stands in the sidecar.

use serde::{Deserialize, Serialize};

use super::SlotKind;
use super::vault::{Cost, Wrapped};

/// One way to unlock. A new kind is a new variant and a new format number.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Slot {
    KeyFile(Sealed),
    Passphrase {
        memory_kib: u32,
        passes: u32,
        lanes: u32,
        salt: String,
        #[serde(flatten)]
        sealed: Sealed,
    },
    Keyring {
        /// The name of the keyring's entry.
        entry: String,
        #[serde(flatten)]
        sealed: Sealed,
    },
}

/// A wrapped key.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Sealed {
    nonce: String,
    key: String,
}

/// A change of the data key that is under way.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rekey {
    /// The slots of the new key.
    pub(super) slots: Vec<Slot>,
    /// The old key, wrapped under the new one.
    pub(super) previous: Sealed,
    /// The new key, wrapped under the old one.
    pub(super) next: Sealed,
}

impl Slot {
    pub(super) fn kind(&self) -> SlotKind {
        match self {
            Self::KeyFile(_) => SlotKind::KeyFile,
            Self::Passphrase { .. } => SlotKind::Passphrase,
            Self::Keyring { .. } => SlotKind::Keyring,
        }
    }

    pub(super) fn wrapped(&self) -> Option<Wrapped> {
        let (Self::KeyFile(sealed)
        | Self::Passphrase { sealed, .. }
        | Self::Keyring { sealed, .. }) = self;
        sealed.wrapped()
    }

    /// What a passphrase's slot was derived with.
    pub(super) fn derivation(&self) -> Option<([u8; 16], Cost)> {
        let Self::Passphrase {
            memory_kib,
            passes,
            lanes,
            salt,
            ..
        } = self
        else {
            return None;
        };
        let cost = Cost {
            memory_kib: *memory_kib,
            passes: *passes,
            lanes: *lanes,
        };
        Some((unhex(salt)?, cost))
    }

    /// The keyring's entry, if it is one of the keyring.
    pub(super) fn entry(&self) -> Option<&str> {
        match self {
            Self::Keyring { entry, .. } => Some(entry),
            _ => None,
        }
    }
}

impl Sealed {
    pub(super) fn wrapped(&self) -> Option<Wrapped> {
        Some(Wrapped {
            nonce: unhex(&self.nonce)?,
            sealed: hex::decode(&self.key).ok()?,
        })
    }
}

impl From<Wrapped> for Sealed {
    fn from(wrapped: Wrapped) -> Self {
        Self {
            nonce: hex::encode(wrapped.nonce),
            key: hex::encode(wrapped.sealed),
        }
    }
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}
