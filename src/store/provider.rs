//! The one row about ourselves.

use rusqlite::params;

use super::row::{get, opt_id, opt_id_column, opt_text, secret};
use super::{Store, StoreError, Tx};
use crate::base::{BankText, CredentialId, Secret, UserId, UserKind};

/// The bunq user that we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRow {
    /// What sort of user.
    pub kind: UserKind,
    /// Its id; known once a session was opened.
    pub user_id: Option<UserId>,
    /// Its name at the bank.
    pub name: Option<BankText>,
    /// The API key, or the token of the PSD2 credential.
    pub secret: Secret,
    /// The PSD2 credential.
    pub credential_id: Option<CredentialId>,
    /// Its e-mail address, in the sandbox the login of the bunq app.
    pub email: Option<BankText>,
    /// Its telephone number.
    pub phone: Option<BankText>,
    /// The bank's own body of its profile.
    pub profile_raw: Option<String>,
}

/// The certificate that makes us a PSD2 provider. It stays when the setup is forgotten, so that a
/// new credential can be made with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateRow {
    /// The certificate, PEM.
    pub certificate_pem: String,
    /// Its chain, PEM.
    pub chain_pem: String,
    /// Its private key, PKCS#8 PEM.
    pub key_pem: Secret,
}

impl Store {
    /// The certificate, once there is one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn certificate(&self) -> Result<Option<CertificateRow>, StoreError> {
        self.read(|tx| {
            tx.0.prepare_cached("SELECT * FROM certificate")?
                .query_and_then([], |row| {
                    Ok(CertificateRow {
                        certificate_pem: get(row, "certificate_pem")?,
                        chain_pem: get(row, "chain_pem")?,
                        key_pem: secret(row, "key_pem")?,
                    })
                })?
                .next()
                .transpose()
        })
    }

    /// Keeps the certificate in the place of the one before.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_certificate(&self, row: &CertificateRow) -> Result<(), StoreError> {
        self.write(|tx| tx.save_certificate(row))
    }

    /// The provider, once it is known.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn provider(&self) -> Result<Option<ProviderRow>, StoreError> {
        self.read(|tx| tx.provider())
    }

    /// Keeps the bank's own body of the provider's profile, where there is a provider.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_provider_profile(&self, raw: &str) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.0.execute("UPDATE provider SET profile_raw = ?", [raw])?;
            Ok(())
        })
    }

    /// Keeps the provider in the place of the one before.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_provider(&self, row: &ProviderRow) -> Result<(), StoreError> {
        self.write(|tx| tx.save_provider(row))
    }
}

impl Tx<'_> {
    /// As [`Store::save_certificate`].
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_certificate(&self, row: &CertificateRow) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT OR REPLACE INTO certificate VALUES (1, ?, ?, ?)",
            params![row.certificate_pem, row.chain_pem, row.key_pem.expose()],
        )?;
        Ok(())
    }

    /// As [`Store::provider`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn provider(&self) -> Result<Option<ProviderRow>, StoreError> {
        self.0
            .prepare_cached("SELECT * FROM provider")?
            .query_and_then([], |row| {
                Ok(ProviderRow {
                    kind: UserKind::from_key(&get::<String>(row, "kind")?),
                    user_id: opt_id(row, "user_id")?.map(UserId),
                    name: opt_text(row, "name")?,
                    secret: secret(row, "secret")?,
                    credential_id: opt_id(row, "credential_id")?.map(CredentialId),
                    email: opt_text(row, "email")?,
                    phone: opt_text(row, "phone")?,
                    profile_raw: get(row, "profile_raw")?,
                })
            })?
            .next()
            .transpose()
    }

    /// As [`Store::save_provider`].
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_provider(&self, row: &ProviderRow) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT OR REPLACE INTO provider VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                row.kind.key(),
                opt_id_column(row.user_id.map(|id| id.0))?,
                row.name.as_ref().map(BankText::as_str),
                row.secret.expose(),
                opt_id_column(row.credential_id.map(|id| id.0))?,
                row.email.as_ref().map(BankText::as_str),
                row.phone.as_ref().map(BankText::as_str),
                row.profile_raw,
            ],
        )?;
        Ok(())
    }
}
