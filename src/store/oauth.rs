//! The OAuth client: the bank allows one for each of its users.

use rusqlite::params;

use super::row::{get, id, id_column, opt_id, opt_id_column, secret};
use super::{Store, StoreError, Tx};
use crate::base::{CallbackUrlId, OauthClientId, Secret};

/// Our OAuth client and the callback URL that is registered with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OauthClientRow {
    /// Its number at the bank.
    pub id: OauthClientId,
    /// The `client_id` of RFC 6749, section 2.2.
    pub client_id: String,
    /// The `client_secret` of RFC 6749, section 2.3.1.
    pub secret: Secret,
    /// The registered callback URL's number.
    pub callback_url_id: Option<CallbackUrlId>,
    /// The registered callback URL, as it was sent.
    pub callback_url: Option<String>,
}

impl Store {
    /// The OAuth client.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn oauth_client(&self) -> Result<Option<OauthClientRow>, StoreError> {
        self.read(|tx| tx.oauth_client())
    }

    /// Keeps the OAuth client in the place of the one before.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_oauth_client(&self, row: &OauthClientRow) -> Result<(), StoreError> {
        self.write(|tx| tx.save_oauth_client(row))
    }
}

impl Tx<'_> {
    /// As [`Store::oauth_client`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn oauth_client(&self) -> Result<Option<OauthClientRow>, StoreError> {
        self.0
            .prepare_cached("SELECT * FROM oauth_client")?
            .query_and_then([], |row| {
                Ok(OauthClientRow {
                    id: OauthClientId(id(row, "id")?),
                    client_id: get(row, "client_id")?,
                    secret: secret(row, "secret")?,
                    callback_url_id: opt_id(row, "callback_url_id")?.map(CallbackUrlId),
                    callback_url: get(row, "callback_url")?,
                })
            })?
            .next()
            .transpose()
    }

    /// As [`Store::save_oauth_client`].
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_oauth_client(&self, row: &OauthClientRow) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT OR REPLACE INTO oauth_client VALUES (1, ?, ?, ?, ?, ?)",
            params![
                id_column(row.id.0)?,
                row.client_id,
                row.secret.expose(),
                opt_id_column(row.callback_url_id.map(|id| id.0))?,
                row.callback_url,
            ],
        )?;
        Ok(())
    }
}
