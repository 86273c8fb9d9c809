//! Our key pair and the bank's key: RSA, PKCS#1 v1.5 with SHA-256, over the body alone (bunq API:
//! signing, since 28 April 2020).

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
use rsa::pkcs8::{
    DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, LineEnding,
};
use rsa::signature::{Keypair as _, SignatureEncoding as _, Signer as _, Verifier as _};
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, PrivateKey, PublicKey};
use sha2::Sha256;

use super::error::Error;
use crate::base::Secret;

/// The size that bunq asks for; shorter keys are refused on both sides.
const BITS: usize = 2048;

/// Our RSA key pair. Clones share it; its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct KeyPair(Arc<SigningKey<Sha256>>);

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyPair(…)")
    }
}

impl KeyPair {
    /// Makes a new pair of 2048 bits. It computes for a tenth of a second or more: call it where
    /// blocking is allowed.
    ///
    /// # Errors
    /// When the operating system gives no random numbers.
    pub fn generate() -> Result<Self, Error> {
        let key = PrivateKey::new(&mut getrandom::SysRng, BITS)
            .map_err(|_| Error::key("no key pair could be made"))?;
        Ok(Self(Arc::new(SigningKey::new(key))))
    }

    /// Reads an unencrypted private key, PKCS#8 or PKCS#1, as PEM.
    ///
    /// # Errors
    /// When it is no RSA private key of 2048 bits or more.
    pub fn from_pem(pem: &Secret) -> Result<Self, Error> {
        let pem = pem.expose().trim();
        let key = PrivateKey::from_pkcs8_pem(pem)
            .or_else(|_| PrivateKey::from_pkcs1_pem(pem))
            .map_err(|_| Error::key("the private key is no unencrypted RSA key in PEM form"))?;
        if key.n().bit_width_vartime() as usize >= BITS {
            Ok(Self(Arc::new(SigningKey::new(key))))
        } else {
            Err(Error::key("the private key has fewer than 2048 bits"))
        }
    }

    /// The private key as PKCS#8 PEM.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn to_pem(&self) -> Result<Secret, Error> {
        let key: &PrivateKey = self.0.as_ref().as_ref();
        let pem = key.to_pkcs8_pem(LineEnding::LF);
        pem.map(|pem| Secret::new(pem.as_str()))
            .map_err(|_| Error::key("the private key could not be written"))
    }

    /// The public key as SubjectPublicKeyInfo PEM, with a line feed at its end.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn public_pem(&self) -> Result<String, Error> {
        let public: PublicKey = self.0.verifying_key().into();
        public
            .to_public_key_pem(LineEnding::LF)
            .map_err(|_| Error::key("the public key could not be written"))
    }

    /// Signs these bytes: base64 on one line.
    ///
    /// # Errors
    /// When the computation fails its own check.
    pub fn sign(&self, bytes: &[u8]) -> Result<String, Error> {
        let signature: Signature = self
            .0
            .try_sign(bytes)
            .map_err(|_| Error::key("the request could not be signed"))?;
        Ok(STANDARD.encode(signature.to_bytes()))
    }

    /// For the certificate, which signs itself.
    pub(super) fn signing_key(&self) -> &SigningKey<Sha256> {
        &self.0
    }
}

/// The bank's public key, as the installation delivered it.
#[derive(Clone)]
pub struct ServerKey {
    pem: String,
    key: VerifyingKey<Sha256>,
    /// How long a signature is, in bytes.
    size: usize,
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerKey")
            .field("bits", &(self.size * 8))
            .finish_non_exhaustive()
    }
}

impl ServerKey {
    /// Reads a SubjectPublicKeyInfo PEM.
    ///
    /// # Errors
    /// When it is no RSA key of 2048 bits or more with the exponent 65537.
    pub fn from_pem(pem: &str) -> Result<Self, Error> {
        let key = PublicKey::from_public_key_pem(pem.trim())
            .map_err(|_| Error::key("the bank's public key is no RSA key in PEM form"))?;
        if (key.n().bit_width_vartime() as usize) < BITS || *key.e() != BoxedUint::from(65_537_u64)
        {
            return Err(Error::key("the bank's public key is too weak"));
        }
        Ok(Self {
            pem: pem.to_owned(),
            size: key.size(),
            key: VerifyingKey::new(key),
        })
    }

    /// As it was read.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Whether the bank signed these very bytes. The base64 must be strict, padding included.
    #[must_use]
    pub fn verify(&self, body: &[u8], signature: &str) -> bool {
        STANDARD
            .decode(signature)
            .ok()
            .filter(|bytes| bytes.len() == self.size)
            .and_then(|bytes| Signature::try_from(bytes.as_slice()).ok())
            .is_some_and(|signature| self.key.verify(body, &signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};

    use super::*;
    use crate::base::random_bytes;

    const TEST_KEY: &str = include_str!("../../tests/fixtures/test-key.pem");
    const SHORT_KEY: &str = include_str!("../../tests/fixtures/test-short-key.pem");

    fn key() -> KeyPair {
        KeyPair::from_pem(&Secret::new(TEST_KEY)).unwrap()
    }

    /// Another library's signature by the same key.
    fn other(bytes: &[u8]) -> String {
        let lines = TEST_KEY.lines().filter(|line| !line.starts_with("--"));
        let der = STANDARD.decode(lines.collect::<String>()).unwrap();
        let key = RsaKeyPair::from_pkcs8(&der).unwrap();
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            bytes,
            &mut signature,
        )
        .unwrap();
        STANDARD.encode(signature)
    }

    #[test]
    fn signs_as_another_library_does() {
        let (key, public) = (key(), key().public_pem().unwrap());
        let server = ServerKey::from_pem(&public).unwrap();
        for length in 0..200_usize {
            let body = random_bytes::<256>().unwrap();
            let body = &body[..length];
            let signature = key.sign(body).unwrap();
            assert_eq!(signature, other(body));
            assert_eq!(signature.len(), 344);
            assert!(server.verify(body, &signature));
            assert!(!server.verify(&[body, b" "].concat(), &signature));
        }
    }

    #[test]
    fn any_changed_bit_is_noticed() {
        let server = ServerKey::from_pem(&key().public_pem().unwrap()).unwrap();
        let body = br#"{"Response":[{"Id":{"id":1}}]}"#;
        let signature = key().sign(body).unwrap();
        for bit in 0..body.len() * 8 {
            let mut other = body.to_vec();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!server.verify(&other, &signature));
        }
        let bytes = STANDARD.decode(&signature).unwrap();
        for bit in (0..bytes.len() * 8).step_by(7) {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!server.verify(body, &STANDARD.encode(other)));
        }
        for form in [
            signature.trim_end_matches('=').to_owned(),
            format!("{signature}\n"),
            format!(" {signature}"),
            signature.replace('/', "_").replace('+', "-"),
            STANDARD.encode([&bytes[..], &[0]].concat()),
            STANDARD.encode(&bytes[1..]),
            String::new(),
        ] {
            assert!(!server.verify(body, &form), "{form}");
        }
    }

    #[test]
    fn keys_go_to_text_and_back() {
        let key = key();
        assert_eq!(key.to_pem().unwrap().expose(), TEST_KEY);
        let public = key.public_pem().unwrap();
        assert!(public.starts_with("-----BEGIN PUBLIC KEY-----\n"));
        assert!(public.ends_with("-----END PUBLIC KEY-----\n"));
        assert_eq!(ServerKey::from_pem(&public).unwrap().pem(), public);
        assert!(ServerKey::from_pem(public.trim_end()).is_ok());
        assert!(!format!("{key:?}").contains(&TEST_KEY[40..60]));
    }

    #[test]
    fn weak_and_broken_keys_are_refused() {
        assert!(KeyPair::from_pem(&Secret::new(SHORT_KEY)).is_err());
        assert!(KeyPair::from_pem(&Secret::new("")).is_err());
        assert!(KeyPair::from_pem(&Secret::new(&TEST_KEY[..900])).is_err());
        let short = PrivateKey::from_pkcs8_pem(SHORT_KEY).unwrap();
        let short = PublicKey::from(&short).to_public_key_pem(LineEnding::LF);
        assert!(ServerKey::from_pem(&short.unwrap()).is_err());
        assert!(ServerKey::from_pem(TEST_KEY).is_err());
    }
}
