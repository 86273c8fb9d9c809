//! The sidecar: a file beside the store that holds its data key, wrapped once for each slot.
//!
//! It is JSON. A file that is not, byte for byte, what this version would write is refused, and
//! a checksum tells a damaged file from a wrong passphrase.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::vault::{self, Cost, Key, KeyBytes, Place, SlotKind, Wrapped};
use super::{StoreError, files};
use crate::base::random_bytes;

const FORMAT: u32 = 1;
const LONGEST: u64 = 64 * 1024;

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    store: String,
    slots: Vec<Slot>,
    check: String,
}

/// One way to unlock. A new kind is a new variant and a new format number.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Slot {
    KeyFile {
        nonce: String,
        key: String,
    },
    Passphrase {
        memory_kib: u32,
        passes: u32,
        lanes: u32,
        salt: String,
        nonce: String,
        key: String,
    },
}

/// What is read of a file of any format.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// A sidecar that was read or made.
pub(super) struct Sidecar {
    path: PathBuf,
    store: String,
    slots: Vec<Slot>,
}

/// Where the sidecar of a store is.
pub(super) fn path_of(store: &Path) -> PathBuf {
    files::beside(store, ".slots")
}

impl Sidecar {
    /// A new one without a slot.
    pub(super) fn new(store_path: &Path) -> Result<Self, StoreError> {
        let id = random_bytes::<16>().map_err(StoreError::Random)?;
        Ok(Self {
            path: path_of(store_path),
            store: uuid::Builder::from_random_bytes(id).into_uuid().to_string(),
            slots: Vec::new(),
        })
    }

    /// Reads it. Owner and mode were checked.
    pub(super) fn read(store_path: &Path) -> Result<Self, StoreError> {
        let path = path_of(store_path);
        let bytes = files::read_short(&path, LONGEST)?;
        let damaged = || StoreError::DamagedSidecar(path.clone());
        let bytes = bytes.ok_or_else(damaged)?;
        let Version { format } = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        if format > FORMAT {
            return Err(StoreError::Newer {
                path,
                found: format,
                known: FORMAT,
            });
        }
        let file: File = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        let sidecar = Self {
            path: path.clone(),
            store: file.store,
            slots: file.slots,
        };
        if format != FORMAT || sidecar.bytes()? != bytes {
            return Err(damaged());
        }
        Ok(sidecar)
    }

    /// The file as it is written.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, StoreError> {
        let mut file = File {
            format: FORMAT,
            store: self.store.clone(),
            slots: self.slots.clone(),
            check: String::new(),
        };
        let unwritable = |_| StoreError::Value("the sidecar");
        let body = serde_json::to_vec(&file).map_err(unwritable)?;
        file.check = hex::encode(Sha256::digest(&body));
        let mut bytes = serde_json::to_vec_pretty(&file).map_err(unwritable)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The store's own id, which is also inside the database.
    pub(super) fn store(&self) -> &str {
        &self.store
    }

    /// What could unlock it.
    pub(super) fn kinds(&self) -> Vec<SlotKind> {
        self.slots.iter().map(Slot::kind).collect()
    }

    /// The data key.
    pub(super) fn unlock(&self, key: &Key) -> Result<KeyBytes, StoreError> {
        let kind = key.kind();
        let slot = self
            .slots
            .iter()
            .find(|slot| slot.kind() == kind)
            .ok_or(StoreError::NoSuchSlot(kind))?;
        let damaged = || StoreError::DamagedSidecar(self.path.clone());
        let under = match (slot, key) {
            (Slot::KeyFile { .. }, Key::File(path)) => vault::from_key_file(path)?,
            (
                Slot::Passphrase {
                    memory_kib,
                    passes,
                    lanes,
                    salt,
                    ..
                },
                Key::Passphrase(passphrase),
            ) => {
                let salt = unhex(salt).ok_or_else(damaged)?;
                let cost = Cost {
                    memory_kib: *memory_kib,
                    passes: *passes,
                    lanes: *lanes,
                };
                vault::from_passphrase(passphrase, &salt, cost)?.ok_or_else(damaged)?
            }
            _ => return Err(StoreError::NoSuchSlot(kind)),
        };
        let wrapped = slot.wrapped().ok_or_else(damaged)?;
        vault::unwrap(&wrapped, &under, self.place(kind)).ok_or(StoreError::WrongKey(kind))
    }

    /// Wraps the data key for one more key; a slot of that kind is replaced.
    pub(super) fn add(&mut self, data_key: &KeyBytes, key: &Key) -> Result<(), StoreError> {
        let slot = match key {
            Key::File(path) => {
                let under = vault::from_key_file(path)?;
                let wrapped = vault::wrap(data_key, &under, self.place(key.kind()))?;
                Slot::KeyFile {
                    nonce: hex::encode(wrapped.nonce),
                    key: hex::encode(wrapped.sealed),
                }
            }
            Key::Passphrase(passphrase) => {
                let salt = random_bytes::<16>().map_err(StoreError::Random)?;
                let cost = Cost::NEW;
                let under = vault::from_passphrase(passphrase, &salt, cost)?
                    .ok_or(StoreError::Value("the passphrase's costs"))?;
                let wrapped = vault::wrap(data_key, &under, self.place(key.kind()))?;
                Slot::Passphrase {
                    memory_kib: cost.memory_kib,
                    passes: cost.passes,
                    lanes: cost.lanes,
                    salt: hex::encode(salt),
                    nonce: hex::encode(wrapped.nonce),
                    key: hex::encode(wrapped.sealed),
                }
            }
        };
        self.slots.retain(|old| old.kind() != slot.kind());
        self.slots.push(slot);
        Ok(())
    }

    /// Takes a way to unlock away, but never the last one.
    pub(super) fn remove(&mut self, kind: SlotKind) -> Result<(), StoreError> {
        if !self.kinds().contains(&kind) {
            return Err(StoreError::NoSuchSlot(kind));
        }
        if self.slots.len() == 1 {
            return Err(StoreError::LastSlot);
        }
        self.slots.retain(|slot| slot.kind() != kind);
        Ok(())
    }

    /// Puts it in the place of the one on the disk. The caller holds the lock.
    pub(super) fn save(&self) -> Result<(), StoreError> {
        files::replace(&self.path, &self.bytes()?)
    }

    fn place(&self, kind: SlotKind) -> Place<'_> {
        Place {
            format: FORMAT,
            kind,
            store: &self.store,
        }
    }
}

impl Slot {
    fn kind(&self) -> SlotKind {
        match self {
            Self::KeyFile { .. } => SlotKind::KeyFile,
            Self::Passphrase { .. } => SlotKind::Passphrase,
        }
    }

    fn wrapped(&self) -> Option<Wrapped> {
        let (Self::KeyFile { nonce, key } | Self::Passphrase { nonce, key, .. }) = self;
        Some(Wrapped {
            nonce: unhex(nonce)?,
            sealed: hex::decode(key).ok()?,
        })
    }
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}
