//! PSD2: the certificate that makes us a payment service provider.

use std::str::FromStr as _;
use std::time::Duration;

use jiff::Timestamp;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder};
use x509_cert::der::{DecodePem as _, EncodePem as _};
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{EncodePublicKey as _, SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use x509_cert::time::Validity;
use x509_cert::{TbsCertificate, der};

use rsa::pkcs1v15::Signature;
use rsa::pkcs8::LineEnding;
use rsa::signature::Keypair as _;

use super::error::Error;
use super::signing::KeyPair;
use crate::base::{BankText, Secret, random_bytes};

/// The longest common name (X.520, `ub-common-name`).
const LONGEST_NAME: usize = 64;
const ONE_YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What a provider may do under PSD2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Account information: reads accounts, balances and payments.
    AccountInformation,
    /// Payment initiation: prepares payments.
    PaymentInitiation,
}

impl Role {
    /// The marker that bunq's sandbox looks for in the certificate's common name.
    #[must_use]
    pub fn marker(self) -> &'static str {
        match self {
            Self::AccountInformation => "AISP",
            Self::PaymentInitiation => "PISP",
        }
    }
}

/// A certificate with its key: a real QSEAL one for production, any self-signed one for the
/// sandbox.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The certificate as PEM.
    pub certificate_pem: String,
    /// Its chain as PEM texts, one after the other; itself when it is self-signed.
    pub chain_pem: String,
    /// Its private key as PEM.
    pub key_pem: Secret,
    /// The roles that its common name tells of. A real one tells them elsewhere, so none here does
    /// not mean none at the bank.
    pub roles: Vec<Role>,
}

impl Certificate {
    /// Makes a self-signed one, good for the sandbox for a year. The roles' markers are added to
    /// the common name where they are missing. It makes a key pair: call it where blocking is
    /// allowed.
    ///
    /// # Errors
    /// When the name does not fit, or the operating system gives no random numbers.
    pub fn generate(common_name: &str, roles: &[Role]) -> Result<Self, Error> {
        let name = full_name(common_name, roles)?;
        let subject = Name::from_str(&format!("CN={name},C=NL"))
            .map_err(|_| Error::key("the certificate's name cannot be written"))?;
        let key = KeyPair::generate()?;
        let certificate_pem = self_signed(&key, subject)
            .ok_or_else(|| Error::key("the certificate could not be made"))?;
        Ok(Self {
            chain_pem: certificate_pem.clone(),
            certificate_pem,
            key_pem: key.to_pem()?,
            roles: roles.to_vec(),
        })
    }

    /// Puts one together from PEM texts.
    ///
    /// # Errors
    /// When one of them cannot be read, or the key is not the certificate's.
    pub fn from_pem(certificate: &str, chain: &str, key: Secret) -> Result<Self, Error> {
        let read = x509_cert::Certificate::from_pem(certificate.trim())
            .map_err(|_| Error::key("the certificate is no X.509 certificate in PEM form"))?;
        let tbs = read.tbs_certificate();
        let certified = der::Encode::to_der(tbs.subject_public_key_info()).ok();
        let ours = KeyPair::from_pem(&key)?
            .signing_key()
            .verifying_key()
            .to_public_key_der()
            .ok();
        if certified.as_deref() != ours.as_ref().map(der::Document::as_bytes) {
            return Err(Error::key("the private key is not the certificate's"));
        }
        let subject = tbs.subject().to_string();
        let roles = [Role::AccountInformation, Role::PaymentInitiation]
            .into_iter()
            .filter(|role| subject.contains(role.marker()))
            .collect();
        Ok(Self {
            certificate_pem: certificate.to_owned(),
            chain_pem: chain.to_owned(),
            key_pem: key,
            roles,
        })
    }

    /// Whom it names (RFC 4514), cleaned.
    #[must_use]
    pub fn subject(&self) -> Option<BankText> {
        let read = x509_cert::Certificate::from_pem(self.certificate_pem.trim()).ok()?;
        Some(BankText::new(&read.tbs_certificate().subject().to_string()))
    }

    /// Until when it is valid.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        let read = x509_cert::Certificate::from_pem(self.certificate_pem.trim()).ok()?;
        let seconds = read.tbs_certificate().validity().not_after;
        let seconds = i64::try_from(seconds.to_unix_duration().as_secs()).ok()?;
        Timestamp::from_second(seconds).ok()
    }
}

fn full_name(common_name: &str, roles: &[Role]) -> Result<String, Error> {
    let mut name = common_name.trim().to_owned();
    for role in roles {
        if !name.contains(role.marker()) {
            name.push(' ');
            name.push_str(role.marker());
        }
    }
    // No character that RFC 4514 gives a meaning to.
    let plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.'));
    if roles.is_empty() {
        Err(Error::key("a certificate needs a role"))
    } else if name.len() <= LONGEST_NAME && plain {
        Ok(name)
    } else {
        Err(Error::key(
            "the certificate's name has more than 64 characters or unusual ones",
        ))
    }
}

/// No extensions: the sandbox reads nothing but the subject.
struct SelfSigned(Name);

impl BuilderProfile for SelfSigned {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.0.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(Vec::new())
    }
}

fn self_signed(key: &KeyPair, subject: Name) -> Option<String> {
    let signer = key.signing_key();
    let builder = CertificateBuilder::new(
        SelfSigned(subject),
        SerialNumber::new(&random_bytes::<16>().ok()?).ok()?,
        Validity::from_now(ONE_YEAR).ok()?,
        SubjectPublicKeyInfo::from_key(&signer.verifying_key()).ok()?,
    );
    let certificate = builder.ok()?.build::<_, Signature>(signer).ok()?;
    certificate.to_pem(LineEnding::LF).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHER_KEY: &str = include_str!("../../tests/fixtures/test-key.pem");

    /// The one test that makes keys: a generated pair is inside the generated certificate.
    #[test]
    fn a_certificate_that_reads_itself() {
        let both = [Role::AccountInformation, Role::PaymentInitiation];
        let made = Certificate::generate("bunq-tui", &both).unwrap();
        let read =
            Certificate::from_pem(&made.certificate_pem, &made.chain_pem, made.key_pem.clone())
                .unwrap();
        assert_eq!(read.roles, both);
        assert_eq!(made.chain_pem, made.certificate_pem);
        let parsed = x509_cert::Certificate::from_pem(&made.certificate_pem).unwrap();
        let tbs = parsed.tbs_certificate();
        assert_eq!(tbs.subject().to_string(), "CN=bunq-tui AISP PISP,C=NL");
        assert_eq!(tbs.issuer(), tbs.subject());
        let validity = tbs.validity();
        let lasts = validity.not_after.to_unix_duration() - validity.not_before.to_unix_duration();
        assert_eq!(lasts, ONE_YEAR);
        let ends = i64::try_from(validity.not_after.to_unix_duration().as_secs()).unwrap();
        assert_eq!(read.expires_at().unwrap().as_second(), ends);
        assert_eq!(
            read.subject().unwrap().as_str(),
            "CN=bunq-tui AISP PISP,C=NL"
        );
        let stranger = Secret::new(OTHER_KEY);
        assert!(Certificate::from_pem(&made.certificate_pem, "", stranger).is_err());
        assert!(Certificate::from_pem("", "", made.key_pem).is_err());
    }

    #[test]
    fn names_that_do_not_fit() {
        let role = [Role::AccountInformation];
        assert_eq!(full_name("my AISP", &role).unwrap(), "my AISP");
        assert_eq!(full_name("mine", &role).unwrap(), "mine AISP");
        assert!(full_name(&"x".repeat(59), &role).is_ok());
        for bad in ["a,O=b", "a+b", "a\"b", "a\\b", "a\nb", "é", &"x".repeat(60)] {
            assert!(full_name(bad, &role).is_err(), "{bad:?}");
        }
        assert!(full_name("mine", &[]).is_err());
    }
}
