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
