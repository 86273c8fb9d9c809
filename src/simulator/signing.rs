//! Signatures both ways: RSA PKCS#1 v1.5 over SHA-256 of the exact body bytes, in base64.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::{DecodePublicKey, EncodePublicKey, LineEnding};
use rsa::{PrivateKey, PublicKey};
use sha2::Sha256;

use super::seeded::Seeded;

/// bunq's keys have this many bits.
const KEY_BITS: usize = 2048;

/// The server's key pair.
#[derive(Debug)]
pub(super) struct ServerKey {
    key: PrivateKey,
    /// The public half as it is delivered in the installation's reply.
    pub(super) public_pem: String,
}

impl ServerKey {
    /// The key of this seed. Making one takes some 40 ms, so it is made at its first use and kept
    /// for every simulator of this process that has the same seed. `None` would mean that the
    /// seeded stream yields no key.
    pub(super) fn of_seed(seed: u64) -> Option<Arc<Self>> {
        static MADE: OnceLock<Mutex<BTreeMap<u64, Arc<ServerKey>>>> = OnceLock::new();
        let mut made = MADE
            .get_or_init(Mutex::default)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = made.get(&seed) {
            return Some(Arc::clone(key));
        }
        let key = Arc::new(Self::make(seed)?);
        made.insert(seed, Arc::clone(&key));
        Some(key)
    }

    fn make(seed: u64) -> Option<Self> {
        let key = PrivateKey::new(&mut Seeded::new(seed, "server key"), KEY_BITS).ok()?;
        let public_pem = key.as_public_key().to_public_key_pem(LineEnding::LF).ok()?;
        Some(Self { key, public_pem })
    }

    /// The text of `X-Bunq-Server-Signature`.
    pub(super) fn sign(&self, body: &[u8]) -> Option<String> {
        let signature = self.key.pkcs1v15_sign::<Sha256>(body).ok()?;
        Some(STANDARD.encode(signature))
    }
}

/// A public key from its PEM text, if it is an RSA key of at least 2048 bits.
pub(super) fn public_key(pem: &str) -> Option<PublicKey> {
    use rsa::traits::PublicKeyParts;
    let key = PublicKey::from_public_key_pem(pem.trim()).ok()?;
    (key.size() * 8 >= KEY_BITS).then_some(key)
}

/// Whether this is the key's signature of these bytes.
pub(super) fn verifies(key: &PublicKey, bytes: &[u8], signature: &str) -> bool {
    STANDARD
        .decode(signature.trim())
        .is_ok_and(|signature| key.pkcs1v15_verify::<Sha256>(bytes, &signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_fits_its_bytes_only() {
        let server = ServerKey::of_seed(1).unwrap();
        let key = public_key(&server.public_pem).unwrap();
        let signature = server.sign(b"body").unwrap();
        assert_eq!(signature.len(), 344);
        assert!(verifies(&key, b"body", &signature));
        assert!(!verifies(&key, b"bodi", &signature));
        assert!(!verifies(&key, b"body", "not base64!"));
        assert!(public_key("nonsense").is_none());
    }
}
