//! The sidecar: a file beside the store that holds its data key, wrapped once for each slot.
//!
//! It is JSON. A file that is not, byte for byte, what this version would write is refused, and
//! a checksum tells a damaged file from a wrong passphrase. While the store is given a new data
//! key the sidecar holds both, each wrapped under the other too, so that whoever opens one slot
//! can read the store whichever of the two it is under.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::slot::{Rekey, Sealed, Slot};
use super::vault::{self, Cost, Key, KeyBytes, Place, SlotKind};
use super::{StoreError, files, keyring};
use crate::base::random_bytes;

/// The latest number of the file; each file has the lowest that can hold what is in it.
/// 2: slots in the keyring, and a change of the data key that is under way.
const FORMAT: u32 = 2;
const LONGEST: u64 = 64 * 1024;
/// What the two keys of a change are wrapped under, beside the kinds of slots.
const PREVIOUS: &str = "previous-key";
const NEXT: &str = "next-key";

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    store: String,
    slots: Vec<Slot>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rekey: Option<Rekey>,
    check: String,
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
    rekey: Option<Rekey>,
    /// The keyring's entries that the file on the disk names.
    on_disk: Vec<String>,
}

/// What the store may be under.
pub(super) struct DataKeys {
    pub(super) current: KeyBytes,
    /// The one that was to follow it, when a change of the data key was cut off.
    pub(super) next: Option<KeyBytes>,
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
            rekey: None,
            on_disk: Vec::new(),
        })
    }

    /// Reads it. Owner and mode were checked.
    pub(super) fn read(store_path: &Path) -> Result<Self, StoreError> {
        Self::read_at(path_of(store_path))
    }

    fn read_at(path: PathBuf) -> Result<Self, StoreError> {
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
        let mut sidecar = Self {
            path: path.clone(),
            store: file.store,
            slots: file.slots,
            rekey: file.rekey,
            on_disk: Vec::new(),
        };
        sidecar.on_disk = sidecar.entries();
        // Entries are deleted by these names: those of another store are not for this one to name.
        let ours = |entry: &String| sidecar.names().contains(entry);
        if sidecar.bytes()? != bytes || !sidecar.on_disk.iter().all(ours) {
            return Err(damaged());
        }
        Ok(sidecar)
    }

    /// The file as it is written.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, StoreError> {
        let mut file = File {
            format: self.format(),
            store: self.store.clone(),
            slots: self.slots.clone(),
            rekey: self.rekey.clone(),
            check: String::new(),
        };
        let unwritable = |_| StoreError::Value("the sidecar");
        let body = serde_json::to_vec(&file).map_err(unwritable)?;
        file.check = hex::encode(Sha256::digest(&body));
        let mut bytes = serde_json::to_vec_pretty(&file).map_err(unwritable)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    fn format(&self) -> u32 {
        let plain = self.rekey.is_none() && self.entries().is_empty();
        if plain { 1 } else { FORMAT }
    }

    /// The store's own id, which is also inside the database.
    pub(super) fn store(&self) -> &str {
        &self.store
    }

    /// What could unlock it.
    pub(super) fn kinds(&self) -> Vec<SlotKind> {
        self.slots.iter().map(Slot::kind).collect()
    }

    /// Whether a change of the data key has begun and not ended.
    pub(super) fn is_between_keys(&self) -> bool {
        self.rekey.is_some()
    }

    /// The data key, and the other one while it is being changed.
    pub(super) fn unlock(&self, key: &Key) -> Result<DataKeys, StoreError> {
        let current = self.unlock_one_of(&self.slots, key);
        let Some(rekey) = &self.rekey else {
            return current.map(|current| DataKeys {
                current,
                next: None,
            });
        };
        let (current, next) = match current {
            Ok(current) => {
                let next = self.open(&rekey.next, &current, NEXT)?;
                (current, next)
            }
            // A key that was itself changed opens only the slots that were to come.
            Err(first) if first.is_locked() => {
                let next = self.unlock_one_of(&rekey.slots, key).map_err(|_| first)?;
                (self.open(&rekey.previous, &next, PREVIOUS)?, next)
            }
            Err(error) => return Err(error),
        };
        Ok(DataKeys {
            current,
            next: Some(next),
        })
    }

    fn unlock_one_of(&self, slots: &[Slot], key: &Key) -> Result<KeyBytes, StoreError> {
        let kind = key.kind();
        let slot = slots
            .iter()
            .find(|slot| slot.kind() == kind)
            .ok_or(StoreError::NoSuchSlot(kind))?;
        let damaged = || StoreError::DamagedSidecar(self.path.clone());
        let under = match (slot, key) {
            (Slot::KeyFile { .. }, Key::File(path)) => vault::from_key_file(path)?,
            (Slot::Passphrase { .. }, Key::Passphrase(passphrase)) => {
                let (salt, cost) = slot.derivation().ok_or_else(damaged)?;
                vault::from_passphrase(passphrase, &salt, cost)?.ok_or_else(damaged)?
            }
            (Slot::Keyring { entry, .. }, Key::Keyring { patience }) => {
                keyring::recall(entry, *patience)?
            }
            _ => return Err(StoreError::NoSuchSlot(kind)),
        };
        let wrapped = slot.wrapped().ok_or_else(damaged)?;
        vault::unwrap(&wrapped, &under, self.place(kind.word())).ok_or(StoreError::WrongKey(kind))
    }

    fn open(&self, sealed: &Sealed, under: &KeyBytes, name: &str) -> Result<KeyBytes, StoreError> {
        sealed
            .wrapped()
            .and_then(|wrapped| vault::unwrap(&wrapped, under, self.place(name)))
            .ok_or_else(|| StoreError::DamagedSidecar(self.path.clone()))
    }

    /// Wraps the data key for one more key; a slot of that kind is replaced.
    pub(super) fn add(&mut self, data_key: &KeyBytes, key: &Key) -> Result<(), StoreError> {
        let slot = self.seal(data_key, key)?;
        self.slots.retain(|old| old.kind() != slot.kind());
        self.slots.push(slot);
        Ok(())
    }

    fn seal(&self, data_key: &KeyBytes, key: &Key) -> Result<Slot, StoreError> {
        let place = self.place(key.kind().word());
        Ok(match key {
            Key::File(path) => {
                let under = vault::from_key_file(path)?;
                Slot::KeyFile(vault::wrap(data_key, &under, place)?.into())
            }
            Key::Passphrase(passphrase) => {
                let salt = random_bytes::<16>().map_err(StoreError::Random)?;
                let cost = Cost::NEW;
                let under = vault::from_passphrase(passphrase, &salt, cost)?
                    .ok_or(StoreError::Value("the passphrase's costs"))?;
                Slot::Passphrase {
                    memory_kib: cost.memory_kib,
                    passes: cost.passes,
                    lanes: cost.lanes,
                    salt: hex::encode(salt),
                    sealed: vault::wrap(data_key, &under, place)?.into(),
                }
            }
            Key::Keyring { patience } => {
                let under = vault::new_key()?;
                let sealed = vault::wrap(data_key, &under, place)?.into();
                let entry = self.free_entry();
                let kept = keyring::keep(&entry, &self.label(), &under, *patience);
                if let Err(fault) = kept {
                    let _ = keyring::forget(&entry);
                    return Err(fault.into());
                }
                Slot::Keyring { entry, sealed }
            }
        })
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

    /// Begins a change of the data key: every slot once more, for the new one. There must be a
    /// key for each.
    pub(super) fn begin_rekey(
        &mut self,
        current: &KeyBytes,
        next: &KeyBytes,
        keys: &[Key],
    ) -> Result<(), StoreError> {
        let mut rekey = Rekey {
            slots: Vec::new(),
            previous: vault::wrap(current, next, self.place(PREVIOUS))?.into(),
            next: vault::wrap(next, current, self.place(NEXT))?.into(),
        };
        for kind in self.kinds() {
            let key = keys.iter().find(|key| key.kind() == kind);
            let key = key.ok_or(StoreError::KeyNotGiven(kind))?;
            rekey.slots.push(self.seal(next, key)?);
        }
        self.rekey = Some(rekey);
        Ok(())
    }

    /// Ends it: the new key has come, or the old one stays.
    pub(super) fn end_rekey(&mut self, is_next: bool) {
        if let Some(rekey) = self.rekey.take().filter(|_| is_next) {
            self.slots = rekey.slots;
        }
    }

    /// Puts it in the place of the one on the disk; the keyring's entries that it no longer names
    /// are deleted. The caller holds the lock.
    pub(super) fn save(&mut self) -> Result<(), StoreError> {
        files::replace(&self.path, &self.bytes()?)?;
        let entries = self.entries();
        for stale in std::mem::replace(&mut self.on_disk, entries) {
            if !self.on_disk.contains(&stale) {
                // An entry that stays opens nothing any more, and the next one takes its place.
                let _ = keyring::forget(&stale);
            }
        }
        Ok(())
    }

    /// Deletes the keyring's entries that were made for a sidecar that was not saved.
    pub(super) fn discard(&self) {
        for entry in self.unsaved() {
            let _ = keyring::forget(&entry);
        }
    }

    /// The entries that the file does not name. It is asked anew: saving may fail after the new
    /// file came in its place. Where it does not tell, nothing is given up.
    fn unsaved(&self) -> Vec<String> {
        let named = match Self::read_at(self.path.clone()) {
            Ok(there) => there.on_disk,
            Err(_) if self.path.symlink_metadata().is_ok() => return Vec::new(),
            Err(_) => Vec::new(),
        };
        let mut entries = self.entries();
        entries.retain(|entry| !named.contains(entry));
        entries
    }

    /// The keyring's entries that it names.
    pub(super) fn entries(&self) -> Vec<String> {
        let coming = self.rekey.iter().flat_map(|rekey| &rekey.slots);
        let all = self.slots.iter().chain(coming);
        all.filter_map(Slot::entry).map(str::to_owned).collect()
    }

    /// A store has one entry, and a second name for the time in which it is replaced.
    pub(super) fn names(&self) -> [String; 2] {
        [self.store.clone(), format!("{}-b", self.store)]
    }

    fn free_entry(&self) -> String {
        let [first, second] = self.names();
        if self.on_disk.contains(&first) {
            second
        } else {
            first
        }
    }

    /// What a person reads in the keyring manager.
    fn label(&self) -> String {
        let name = self.path.file_stem().unwrap_or_default();
        format!("bunq-tui: key of the store {}", name.display())
    }

    fn place<'a>(&'a self, under: &'a str) -> Place<'a> {
        Place {
            under,
            store: &self.store,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_that_the_file_names_is_not_given_up() {
        let directory = tempfile::tempdir().unwrap();
        let mut sidecar = Sidecar::new(&directory.path().join("a.db")).unwrap();
        let key = vault::new_key().unwrap();
        let sealed = vault::wrap(&key, &key, sidecar.place("keyring")).unwrap();
        let entry = sidecar.free_entry();
        sidecar.slots.push(Slot::Keyring {
            entry: entry.clone(),
            sealed: sealed.into(),
        });
        assert_eq!(sidecar.unsaved(), [entry.as_str()]);
        // As when the file came in its place, and waiting for the directory failed.
        std::fs::write(&sidecar.path, sidecar.bytes().unwrap()).unwrap();
        assert_eq!(sidecar.unsaved(), Vec::<String>::new());
        std::fs::write(&sidecar.path, "damaged").unwrap();
        assert_eq!(sidecar.unsaved(), Vec::<String>::new());
    }
}
