//! bunq's API context, but for its sessions: installation and device, one of each.

use rusqlite::params;

use super::row::{get, opt_id, opt_id_column, opt_secret, secret};
use super::{Store, StoreError, Tx};
use crate::base::{DeviceId, InstallationId, Secret};

/// Our key pair, and the installation that made it known to the bank. The key pair is kept
/// before the installation exists, so that a second try uses the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallationRow {
    /// The installation; `None` before the bank answered.
    pub id: Option<InstallationId>,
    /// Our private key, PKCS#8 PEM.
    pub private_key_pem: Secret,
    /// The installation's token.
    pub token: Option<Secret>,
    /// The bank's public key, PEM.
    pub server_public_key: Option<String>,
}

/// The device server. A row without an id says that it exists but its id is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    /// Its id.
    pub id: Option<DeviceId>,
}

impl Store {
    /// The key pair and the installation.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn installation(&self) -> Result<Option<InstallationRow>, StoreError> {
        self.read(|tx| tx.installation())
    }

    /// Keeps the key pair and the installation in the place of those before.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_installation(&self, row: &InstallationRow) -> Result<(), StoreError> {
        self.write(|tx| tx.save_installation(row))
    }

    /// The device.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn device(&self) -> Result<Option<DeviceRow>, StoreError> {
        self.read(|tx| tx.device())
    }

    /// Keeps the device in the place of the one before.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_device(&self, row: &DeviceRow) -> Result<(), StoreError> {
        self.write(|tx| tx.save_device(row))
    }
}

impl Tx<'_> {
    /// As [`Store::installation`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn installation(&self) -> Result<Option<InstallationRow>, StoreError> {
        self.0
            .prepare_cached("SELECT * FROM installation")?
            .query_and_then([], |row| {
                Ok(InstallationRow {
                    id: opt_id(row, "id")?.map(InstallationId),
                    private_key_pem: secret(row, "private_key_pem")?,
                    token: opt_secret(row, "token")?,
                    server_public_key: get(row, "server_public_key")?,
                })
            })?
            .next()
            .transpose()
    }

    /// As [`Store::save_installation`].
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_installation(&self, row: &InstallationRow) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT OR REPLACE INTO installation VALUES (1, ?, ?, ?, ?)",
            params![
                opt_id_column(row.id.map(|id| id.0))?,
                row.private_key_pem.expose(),
                row.token.as_ref().map(Secret::expose),
                row.server_public_key,
            ],
        )?;
        Ok(())
    }

    /// As [`Store::device`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn device(&self) -> Result<Option<DeviceRow>, StoreError> {
        self.0
            .prepare_cached("SELECT id FROM device")?
            .query_and_then([], |row| {
                Ok(DeviceRow {
                    id: opt_id(row, "id")?.map(DeviceId),
                })
            })?
            .next()
            .transpose()
    }

    /// As [`Store::save_device`].
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn save_device(&self, row: &DeviceRow) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT OR REPLACE INTO device VALUES (1, ?)",
            [opt_id_column(row.id.map(|id| id.0))?],
        )?;
        Ok(())
    }
}
