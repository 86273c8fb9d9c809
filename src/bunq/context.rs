//! Installation, device, session: each holds what the next one needs.

use serde::Serialize;

use super::caller::Caller;
use super::client::Client;
use super::error::Error;
use super::model::User;
use super::provider::Certificate;
use super::session::Session;
use super::signing::{KeyPair, ServerKey};
use crate::base::{CredentialId, DeviceId, InstallationId, Secret, SessionId};

/// Our key pair made known to the bank, and the bank's key to us. It does not expire.
#[derive(Clone, Debug)]
pub struct Installation {
    /// The bank's number for it.
    pub id: InstallationId,
    /// What authenticates the calls of this type.
    pub token: Secret,
    /// Our key pair.
    pub key: KeyPair,
    /// The key that every later answer is checked with. Trusted on first use, over TLS.
    pub server_key: ServerKey,
}

/// A PSD2 credential: what an API key is to other users.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The bank's number for it.
    pub id: CredentialId,
    /// The secret to register a device and open sessions with.
    pub token: Secret,
}

/// A secret bound to an installation and an address.
#[derive(Clone, Debug)]
pub struct Device {
    /// The bank's number; none when it was registered by a run that died before it could note it.
    pub id: Option<DeviceId>,
    /// What it is bound to.
    pub installation: Installation,
}

/// A new session, and the user that the bank named as its owner.
#[derive(Clone, Debug)]
pub struct OpenedSession {
    /// The session.
    pub session: Session,
    /// Its user; under OAuth with both who asked and who granted.
    pub owner: User,
}

#[derive(Serialize)]
struct NewInstallation {
    client_public_key: String,
}

#[derive(Serialize)]
struct NewCredential<'a> {
    client_payment_service_provider_certificate: &'a str,
    client_payment_service_provider_certificate_chain: &'a str,
    client_public_key_signature: String,
}

#[derive(Serialize)]
struct NewDevice<'a> {
    description: &'a str,
    secret: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    permitted_ips: &'a [&'a str],
}

#[derive(Serialize)]
struct NewSession<'a> {
    secret: &'a str,
}

impl Client {
    /// Makes our public key known (bunq API: `POST /installation`). The answer carries the key that
    /// checks all others, so this one cannot be checked.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn install(&self, key: KeyPair) -> Result<Installation, Error> {
        let body = NewInstallation {
            client_public_key: key.public_pem()?,
        };
        let reply = self
            .post(Caller::Nobody, "installation", Some(&body))
            .await?;
        let envelope = reply.envelope()?;
        let server_key = envelope.only("ServerPublicKey")?;
        Ok(Installation {
            id: InstallationId(envelope.id()?),
            token: envelope.only("Token")?.need_secret("token")?,
            key,
            server_key: ServerKey::from_pem(server_key.need_plain("server_public_key")?)?,
        })
    }

    /// A new person in the sandbox; the secret is its API key (bunq API: `POST
    /// /sandbox-user-person`).
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn new_sandbox_person(&self) -> Result<Secret, Error> {
        self.new_sandbox_user("sandbox-user-person").await
    }

    /// A new company in the sandbox; the secret is its API key (bunq API: `POST
    /// /sandbox-user-company`).
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn new_sandbox_company(&self) -> Result<Secret, Error> {
        self.new_sandbox_user("sandbox-user-company").await
    }

    async fn new_sandbox_user(&self, path: &str) -> Result<Secret, Error> {
        let reply = self.post(Caller::Nobody, path, None::<&()>).await?;
        reply.envelope()?.only("ApiKey")?.need_secret("api_key")
    }
}

impl Installation {
    /// Registers us as a PSD2 provider (bunq API: `POST /payment-service-provider-credential`). The
    /// certificate's key vouches for the installation's: it signs its public key and token.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn create_credential(
        &self,
        client: &Client,
        certificate: &Certificate,
    ) -> Result<Credential, Error> {
        // The bank trims the PEM before it adds the line feed, so ours must end without one.
        let vouched = format!(
            "{}\n{}",
            self.key.public_pem()?.trim_end(),
            self.token.expose()
        );
        let certificate_key = KeyPair::from_pem(&certificate.key_pem)?;
        let body = NewCredential {
            client_payment_service_provider_certificate: &certificate.certificate_pem,
            client_payment_service_provider_certificate_chain: &certificate.chain_pem,
            client_public_key_signature: certificate_key.sign(vouched.as_bytes())?,
        };
        let path = "payment-service-provider-credential";
        let reply = client
            .post(Caller::Installation(self), path, Some(&body))
            .await?;
        let envelope = reply.envelope()?;
        let credential = envelope.only("CredentialPasswordIp")?;
        Ok(Credential {
            id: CredentialId(credential.need_number("id")?),
            token: credential.need_secret("token_value")?,
        })
    }

    /// Binds a secret to this installation and to addresses (bunq API: `POST /device-server`).
    /// Without a list of addresses it is the one that we call from.
    ///
    /// # Errors
    /// Any of [`Error`]; [`super::ErrorKind::DeviceExists`] when it was done before.
    pub async fn register_device(
        &self,
        client: &Client,
        secret: &Secret,
        description: &str,
        permitted_ips: &[&str],
    ) -> Result<Device, Error> {
        let body = NewDevice {
            description,
            secret: secret.expose(),
            permitted_ips,
        };
        let reply = client
            .post(Caller::Installation(self), "device-server", Some(&body))
            .await?;
        Ok(Device {
            id: Some(DeviceId(reply.envelope()?.id()?)),
            installation: self.clone(),
        })
    }
}

impl Device {
    /// Opens a session with an API key, a credential's token or an OAuth access token (bunq API:
    /// `POST /session-server`). The bank's tightest limit is on this call.
    ///
    /// # Errors
    /// Any of [`Error`]; [`super::ErrorKind::CredentialsRefused`] when the secret is wrong or
    /// revoked, or our address is not permitted.
    pub async fn open_session(
        &self,
        client: &Client,
        secret: &Secret,
    ) -> Result<OpenedSession, Error> {
        let body = NewSession {
            secret: secret.expose(),
        };
        // Taken before the call, so that the session never seems to live longer than it does. Our
        // own clock, not the bank's `Date`: the same clock decides later whether it is over.
        let opened_at = client.clock().now();
        let caller = Caller::Installation(&self.installation);
        let reply = client.post(caller, "session-server", Some(&body)).await?;
        let envelope = reply.envelope()?;
        let owner = envelope.user()?;
        let session = Session {
            id: SessionId(envelope.id()?),
            token: envelope.only("Token")?.need_secret("token")?,
            user_id: owner
                .url_id()
                .ok_or_else(|| Error::shape("the id of the session's user"))?,
            opened_at,
            expires_at: opened_at
                .checked_add(owner.session_timeout())
                .unwrap_or(opened_at),
            clock_offset: client.bank_clock_offset().unwrap_or_default(),
            device: self.clone(),
        };
        Ok(OpenedSession { session, owner })
    }
}
