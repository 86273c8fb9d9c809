//! The one row about ourselves.

use rusqlite::params;

use super::row::{get, opt_id, opt_id_column, opt_secret, opt_text, secret};
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
    /// The certificate that the credential was made with, PEM.
    pub certificate_pem: Option<String>,
    /// Its private key, PKCS#8 PEM.
    pub certificate_key_pem: Option<Secret>,
    /// Its e-mail address, in the sandbox the login of the bunq app.
    pub email: Option<BankText>,
    /// Its telephone number.
    pub phone: Option<BankText>,
    /// The bank's own body of its profile.
    pub profile_raw: Option<String>,
}

impl Store {
    /// The provider, once it is known.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn provider(&self) -> Result<Option<ProviderRow>, StoreError> {
        self.read(|tx| tx.provider())
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
                    certificate_pem: get(row, "certificate_pem")?,
                    certificate_key_pem: opt_secret(row, "certificate_key_pem")?,
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
            "INSERT OR REPLACE INTO provider VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                row.kind.key(),
                opt_id_column(row.user_id.map(|id| id.0))?,
                row.name.as_ref().map(BankText::as_str),
                row.secret.expose(),
                opt_id_column(row.credential_id.map(|id| id.0))?,
                row.certificate_pem,
                row.certificate_key_pem.as_ref().map(Secret::expose),
                row.email.as_ref().map(BankText::as_str),
                row.phone.as_ref().map(BankText::as_str),
                row.profile_raw,
            ],
        )?;
        Ok(())
    }
}
