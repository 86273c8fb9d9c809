//! The data key, and what wraps it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::StoreError;
use super::error::KeyFileFault;
use crate::base::{FileFault, Secret, Whose, random_bytes, read_file};

/// Most bytes of a key file: 64 characters, and room for white space.
const LONGEST_KEY_FILE: u64 = 128;

/// What a person or a service unlocks a store with.
#[derive(Clone, Debug)]
pub enum Key {
    /// A file with 64 hexadecimal characters, readable by its owner only.
    File(PathBuf),
    /// A passphrase.
    Passphrase(Secret),
    /// What the keyring of the operating system holds for the store.
    Keyring {
        /// How long it is waited for: it may ask a person.
        patience: Duration,
    },
}

/// The kinds of slots, each of which holds the data key wrapped in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotKind {
    /// Wrapped under the bytes of a key file.
    KeyFile,
    /// Wrapped under Argon2id of a passphrase.
    Passphrase,
    /// Wrapped under a random key in the keyring of the operating system.
    Keyring,
}

impl Key {
    /// The kind of slot that it opens.
    #[must_use]
    pub fn kind(&self) -> SlotKind {
        match self {
            Self::File(_) => SlotKind::KeyFile,
            Self::Passphrase(_) => SlotKind::Passphrase,
            Self::Keyring { .. } => SlotKind::Keyring,
        }
    }
}

impl SlotKind {
    /// The word in the sidecar and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::KeyFile => "key-file",
            Self::Passphrase => "passphrase",
            Self::Keyring => "keyring",
        }
    }
}

impl fmt::Display for SlotKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyFile => "key file",
            Self::Passphrase => "passphrase",
            Self::Keyring => "keyring",
        })
    }
}

/// 32 bytes that are wiped when they are dropped.
pub(super) type KeyBytes = Zeroizing<[u8; 32]>;

/// The costs of Argon2id, kept beside what it wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
}

impl Cost {
    /// RFC 9106, section 4, the second recommended choice; its fourth parameter, the salt's 16
    /// bytes, is in the slot.
    pub(super) const NEW: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 4,
    };

    /// No more than a gibibyte is spent on the word of a file.
    fn is_bearable(self) -> bool {
        self.memory_kib <= 1024 * 1024 && self.passes <= 32 && self.lanes <= 64
    }
}

/// The key that a passphrase stands for; `None` when the costs make no sense.
pub(super) fn from_passphrase(
    passphrase: &Secret,
    salt: &[u8; 16],
    cost: Cost,
) -> Result<Option<KeyBytes>, StoreError> {
    if passphrase.is_empty() {
        return Err(StoreError::EmptyPassphrase);
    }
    if !cost.is_bearable() {
        return Ok(None);
    }
    let mut key = KeyBytes::default();
    let derived =
        Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(key.len())).and_then(|params| {
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
                passphrase.expose().as_bytes(),
                salt,
                key.as_mut(),
            )
        });
    Ok(derived.ok().map(|()| key))
}

/// The key that a key file stands for.
pub(super) fn from_key_file(path: &Path) -> Result<KeyBytes, StoreError> {
    let bytes = read_key_file(path).map_err(|fault| StoreError::KeyFile {
        path: path.into(),
        fault,
    })?;
    let mut hash = Sha256::new();
    hash.update(b"bunq-tui key file, format 1\0");
    hash.update(bytes.as_slice());
    Ok(Zeroizing::new(hash.finalize().into()))
}

fn read_key_file(path: &Path) -> Result<KeyBytes, KeyFileFault> {
    use KeyFileFault as F;
    let text =
        read_file(path, Whose::OwnerOnly, LONGEST_KEY_FILE).map_err(|fault| match fault {
            FileFault::Unreadable(_) => F::Unreadable,
            FileFault::NotOrdinary => F::NotRegular,
            FileFault::Owner => F::Owner,
            FileFault::Mode => F::Mode,
            FileFault::TooLong => F::Content,
        })?;
    let mut bytes = KeyBytes::default();
    hex::decode_to_slice(text.trim_ascii(), bytes.as_mut()).map_err(|_| F::Content)?;
    Ok(bytes)
}

/// A data key wrapped under another key (XChaCha20-Poly1305).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrapped {
    pub(super) nonce: [u8; 24],
    pub(super) sealed: Vec<u8>,
}

/// Where a wrapped key belongs: what is bound to it so that it fits nowhere else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// What it is wrapped under.
    pub(super) under: &'a str,
    pub(super) store: &'a str,
}

impl Place<'_> {
    fn bound(&self) -> Vec<u8> {
        // The number is that of this way of wrapping.
        format!("bunq-tui\01\0{}\0{}", self.under, self.store).into_bytes()
    }
}

pub(super) fn wrap(
    data_key: &KeyBytes,
    under: &KeyBytes,
    place: Place<'_>,
) -> Result<Wrapped, StoreError> {
    let nonce = random_bytes::<24>().map_err(StoreError::Random)?;
    let sealed = cipher(under)
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: data_key.as_slice(),
                aad: &place.bound(),
            },
        )
        .map_err(|_| StoreError::Value("the key could not be wrapped"))?;
    Ok(Wrapped { nonce, sealed })
}

/// `None` when the key is not the one that it was wrapped under.
pub(super) fn unwrap(wrapped: &Wrapped, under: &KeyBytes, place: Place<'_>) -> Option<KeyBytes> {
    let opened = cipher(under).decrypt(
        &XNonce::from(wrapped.nonce),
        Payload {
            msg: wrapped.sealed.as_slice(),
            aad: &place.bound(),
        },
    );
    let opened = Zeroizing::new(opened.ok()?);
    let mut key = KeyBytes::default();
    if opened.len() != key.len() {
        return None;
    }
    key.copy_from_slice(&opened);
    Some(key)
}

fn cipher(under: &KeyBytes) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(**under).into())
}

/// A random one: a data key, or one to wrap it under.
pub(super) fn new_key() -> Result<KeyBytes, StoreError> {
    random_bytes()
        .map(Zeroizing::new)
        .map_err(StoreError::Random)
}
