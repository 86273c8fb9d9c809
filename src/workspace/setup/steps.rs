//! What each step does at the bank, and what it leaves in the store.

use std::net::IpAddr;

use super::choice::{ChoiceKey, bare_provider};
use super::{Keep, Run, Step};
use crate::base::{Problem, UserKind, UserNumber};
use crate::bunq::{
    Client, Device, Error, ErrorKind, Installation, KeyPair, OauthClient, OauthClientStatus,
    OpenedSession, Session,
};
use crate::store::{DeviceRow, InstallationRow, OauthClientRow, ProviderRow, StoreError, Tx};
use crate::workspace::address::REGISTERED_ADDRESS;
use crate::workspace::certificate::blocking;
use crate::workspace::diagnose;
use crate::workspace::sessions::{not_set_up, session_row};

/// How our device is called at the bank.
const DEVICE: &str = "bunq-tui";

impl Run<'_> {
    pub(super) async fn perform(&self, step: Step) -> Result<Keep, Problem> {
        match step {
            Step::KeyPair => self.key_pair().await,
            Step::Installation => self.installation().await,
            Step::Provider => self.provider().await,
            Step::Device => self.device().await,
            Step::Session => self.session().await,
            Step::OauthClient => self.oauth_client().await,
            Step::CallbackUrl => self.callback_url().await,
        }
    }

    async fn key_pair(&self) -> Result<Keep, Problem> {
        let private_key_pem = blocking(KeyPair::generate).await?.to_pem()?;
        Ok(Box::new(move |tx| {
            tx.save_installation(&InstallationRow {
                id: None,
                private_key_pem,
                token: None,
                server_public_key: None,
            })
        }))
    }

    async fn installation(&self) -> Result<Keep, Problem> {
        let row = self
            .workspace
            .store
            .installation()?
            .ok_or_else(not_set_up)?;
        let key = KeyPair::from_pem(&row.private_key_pem)?;
        let made = self.workspace.client.install(key).await?;
        Ok(Box::new(move |tx| {
            tx.save_installation(&InstallationRow {
                id: Some(made.id),
                private_key_pem: row.private_key_pem,
                token: Some(made.token),
                server_public_key: Some(made.server_key.pem().to_owned()),
            })
        }))
    }

    async fn provider(&self) -> Result<Keep, Problem> {
        let client = &self.workspace.client;
        let row = match self.workspace.choice_key()?.ok_or_else(not_set_up)? {
            ChoiceKey::NewPerson => ProviderRow {
                kind: UserKind::Person,
                ..bare_provider(client.new_sandbox_person().await?)
            },
            ChoiceKey::NewCompany => ProviderRow {
                kind: UserKind::Company,
                ..bare_provider(client.new_sandbox_company().await?)
            },
            choice @ (ChoiceKey::NewPsd2Provider(_) | ChoiceKey::OwnCertificate) => {
                self.psd2_provider(choice).await?
            }
            // Kept when it was chosen.
            ChoiceKey::ApiKey => return Ok(Box::new(|_| Ok(()))),
        };
        Ok(Box::new(move |tx| tx.save_provider(&row)))
    }

    /// The certificate is kept before the credential is made with it: a run that dies in between
    /// leaves at most a credential that nobody uses, and the next one takes the same certificate.
    async fn psd2_provider(&self, choice: ChoiceKey) -> Result<ProviderRow, Problem> {
        let certificate = self.workspace.certificate_for(choice).await?;
        let credential = self
            .workspace
            .installation()?
            .create_credential(&self.workspace.client, &certificate)
            .await?;
        Ok(ProviderRow {
            kind: UserKind::PaymentServiceProvider,
            credential_id: Some(credential.id),
            ..bare_provider(credential.token)
        })
    }

    async fn device(&self) -> Result<Keep, Problem> {
        let client = &self.workspace.client;
        let provider = self.stored_provider()?;
        let installation = self.workspace.installation()?;
        // Asked first: the address that the bank sees now is the one it binds.
        let address = self.workspace.our_address().await.ok().flatten();
        // The call may have arrived: a session that opens proves that it did.
        if self.was_cut_short(Step::Device)
            && let Some(keep) = device_by_session(client, &installation, &provider, address).await
        {
            return Ok(keep);
        }
        let registered = installation
            .register_device(client, &provider.secret, DEVICE, &[])
            .await;
        let id = match registered {
            Ok(device) => device.id,
            Err(error) if *error.kind() == ErrorKind::DeviceExists => None,
            Err(error) if error.is_outcome_unknown() => {
                let keep = device_by_session(client, &installation, &provider, address).await;
                return keep.ok_or_else(|| self.never_worked(error));
            }
            Err(error) => return Err(self.never_worked(error)),
        };
        Ok(Box::new(move |tx| {
            tx.save_device(&DeviceRow { id })?;
            note_address(tx, address)
        }))
    }

    async fn session(&self) -> Result<Keep, Problem> {
        let provider = self.stored_provider()?;
        // A device step that was cut short has opened it already.
        if provider.user_id.is_some()
            && self
                .workspace
                .store
                .session(UserNumber::PROVIDER)?
                .is_some()
        {
            return Ok(Box::new(|_| Ok(())));
        }
        let opened = self
            .workspace
            .device()?
            .open_session(&self.workspace.client, &provider.secret)
            .await
            .map_err(|error| self.never_worked(error))?;
        Ok(Box::new(move |tx| {
            tx.save_provider(&with_owner(provider, &opened))?;
            tx.save_session(&session_row(UserNumber::PROVIDER, &opened.session))
        }))
    }

    fn never_worked(&self, error: Error) -> Problem {
        match self.workspace.choice_key() {
            Ok(choice) => diagnose::never_worked(error, choice == Some(ChoiceKey::ApiKey)),
            Err(problem) => problem,
        }
    }

    async fn oauth_client(&self) -> Result<Keep, Problem> {
        let found = self
            .workspace
            .in_session(UserNumber::PROVIDER, |client, session| async move {
                find_or_create(&client, &session).await
            })
            .await?;
        let known = self.workspace.store.oauth_client()?;
        let same = known.filter(|row| row.id == found.id);
        let (callback_url_id, callback_url) = match same {
            Some(row) => (row.callback_url_id, row.callback_url),
            None => (None, None),
        };
        Ok(Box::new(move |tx| {
            tx.save_oauth_client(&OauthClientRow {
                id: found.id,
                client_id: found.client_id,
                secret: found.secret,
                callback_url_id,
                callback_url,
            })
        }))
    }

    async fn callback_url(&self) -> Result<Keep, Problem> {
        let row = self
            .workspace
            .store
            .oauth_client()?
            .ok_or_else(not_set_up)?;
        let url = self.workspace.wanted_callback_url(&row).await?;
        self.workspace.use_callback_url(&url).await?;
        // Kept as each part of it was done.
        Ok(Box::new(|_| Ok(())))
    }

    fn stored_provider(&self) -> Result<ProviderRow, Problem> {
        self.workspace.store.provider()?.ok_or_else(not_set_up)
    }
}

/// The bank allows one OAuth client a user: an active one that is there is ours to use.
async fn find_or_create(client: &Client, session: &Session) -> Result<OauthClient, Error> {
    if let Some(active) = active(session.oauth_clients(client).await?) {
        return Ok(active);
    }
    match session.create_oauth_client(client).await {
        Ok(id) => session.oauth_client(client, id).await,
        // It may be there all the same.
        Err(error) if error.is_outcome_unknown() => {
            let listed = session.oauth_clients(client).await?;
            active(listed).ok_or(error)
        }
        Err(error) => Err(error),
    }
}

fn active(listed: Vec<OauthClient>) -> Option<OauthClient> {
    listed
        .into_iter()
        .find(|known| known.status == OauthClientStatus::Active)
}

/// Keeps the address that the device was registered from, where it is known.
fn note_address(tx: &Tx<'_>, address: Option<IpAddr>) -> Result<(), StoreError> {
    match address {
        Some(address) => tx.set_note(REGISTERED_ADDRESS, &address.to_string()),
        None => tx.forget_note(REGISTERED_ADDRESS),
    }
}

/// What a device step leaves whose call arrived although its answer did not: a session opens.
async fn device_by_session(
    client: &Client,
    installation: &Installation,
    provider: &ProviderRow,
    address: Option<IpAddr>,
) -> Option<Keep> {
    let device = Device {
        id: None,
        installation: installation.clone(),
    };
    let opened = device.open_session(client, &provider.secret).await.ok()?;
    let provider = provider.clone();
    Some(Box::new(move |tx| {
        tx.save_device(&DeviceRow { id: None })?;
        note_address(tx, address)?;
        tx.save_provider(&with_owner(provider, &opened))?;
        tx.save_session(&session_row(UserNumber::PROVIDER, &opened.session))
    }))
}

/// The provider as its first session shows it.
fn with_owner(provider: ProviderRow, opened: &OpenedSession) -> ProviderRow {
    let profile = opened.owner.profile();
    ProviderRow {
        kind: profile.kind,
        user_id: Some(opened.session.user_id),
        name: Some(profile.name.clone()),
        email: profile.emails.first().cloned(),
        phone: profile.phones.first().cloned(),
        ..provider
    }
}
