//! An open session, and what can be asked in it.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::caller::Caller;
use super::client::Client;
use super::context::Device;
use super::error::Error;
use super::model::{Account, CallbackUrl, DeviceServer, Element, OauthClient, User};
use super::pages::{Answer, Pages};
use crate::base::{AccountId, CallbackUrlId, OauthClientId, Secret, SessionId, UserId};

/// An open session. Its fields are public so that a stored one can be put together again.
#[derive(Clone, Debug)]
pub struct Session {
    /// The bank's number for it.
    pub id: SessionId,
    /// What authenticates its calls.
    pub token: Secret,
    /// The user that goes into addresses: under OAuth the `UserApiKey`, not who granted it.
    pub user_id: UserId,
    /// When it was opened, by our clock.
    pub opened_at: Timestamp,
    /// When it ends if nothing extends it. A guess: the bank may end it sooner.
    pub expires_at: Timestamp,
    /// How far the bank's clock was ahead of ours then.
    pub clock_offset: SignedDuration,
    /// What it was opened with.
    pub device: Device,
}

#[derive(Serialize)]
struct NewOauthClient {}

#[derive(Serialize)]
struct NewCallbackUrl<'a> {
    url: &'a str,
}

impl Session {
    /// The session's user (bunq API: `GET /user`).
    ///
    /// # Errors
    /// Any of [`Error`]; also when the answer is about another user.
    pub async fn read_user(&self, client: &Client) -> Result<Answer<User>, Error> {
        let reply = client.get(self.caller(), client.url("user")?).await?;
        let envelope = reply.envelope()?;
        let user = envelope.user()?;
        // An answer to the call for a session names the user too, and holds a token.
        if envelope.elements().len() != 1 {
            return Err(Error::another("request"));
        }
        // The signature covers the body alone: an old answer to another request has one too.
        if user.url_id() != Some(self.user_id) {
            return Err(Error::another("user"));
        }
        Ok(Answer {
            value: user,
            raw: vec![reply.body],
        })
    }

    /// All accounts that this session may see, of whatever kind (bunq API: `GET
    /// /user/{id}/monetary-account`, 200 a page).
    ///
    /// # Errors
    /// Any of [`Error`]; also when a page belongs to another user than the first.
    pub async fn accounts(&self, client: &Client) -> Result<Answer<Vec<Account>>, Error> {
        let path = self.under_user("monetary-account");
        let mut owners: Vec<UserId> = Vec::new();
        let check = |page: &[Account]| {
            if owners.is_empty() {
                owners.extend(Account::owners(page).map(|(owner, _)| owner));
                return Ok(());
            }
            Account::check_owner(page, &owners)
        };
        self.list(client, &path, Account::read, check).await
    }

    /// One account.
    ///
    /// # Errors
    /// Any of [`Error`]; also when the answer is about another account.
    pub async fn account(&self, client: &Client, id: AccountId) -> Result<Answer<Account>, Error> {
        let url = client.url(&self.under_user(&format!("monetary-account/{id}")))?;
        let reply = client.get(self.caller(), url).await?;
        let account = Account::read(reply.envelope()?.single()?)?;
        if account.id != id {
            return Err(Error::another("account"));
        }
        Ok(Answer {
            value: account,
            raw: vec![reply.body],
        })
    }

    /// The user's OAuth clients: none or one, as far as is known.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn oauth_clients(&self, client: &Client) -> Result<Vec<OauthClient>, Error> {
        let path = self.under_user("oauth-client");
        let answer = self.list(client, &path, OauthClient::read, any).await?;
        Ok(answer.value)
    }

    /// One OAuth client, its secret included.
    ///
    /// # Errors
    /// Any of [`Error`]; also when the answer is about another client.
    pub async fn oauth_client(
        &self,
        client: &Client,
        id: OauthClientId,
    ) -> Result<OauthClient, Error> {
        let url = client.url(&self.under_user(&format!("oauth-client/{id}")))?;
        let reply = client.get(self.caller(), url).await?;
        let found = OauthClient::read(reply.envelope()?.single()?)?;
        if found.id == id {
            Ok(found)
        } else {
            Err(Error::another("OAuth client"))
        }
    }

    /// Makes the user's OAuth client. List first: bunq keeps one for each user.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn create_oauth_client(&self, client: &Client) -> Result<OauthClientId, Error> {
        let path = self.under_user("oauth-client");
        let reply = client
            .post(self.caller(), &path, Some(&NewOauthClient {}))
            .await?;
        reply.envelope()?.id().map(OauthClientId)
    }

    /// The addresses that a user may be sent back to.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn callback_urls(
        &self,
        client: &Client,
        id: OauthClientId,
    ) -> Result<Vec<CallbackUrl>, Error> {
        let path = self.under_user(&format!("oauth-client/{id}/callback-url"));
        let answer = self.list(client, &path, CallbackUrl::read, any).await?;
        Ok(answer.value)
    }

    /// Registers one more address; it must later be used to the character.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn add_callback_url(
        &self,
        client: &Client,
        id: OauthClientId,
        url: &str,
    ) -> Result<CallbackUrlId, Error> {
        let path = self.under_user(&format!("oauth-client/{id}/callback-url"));
        let body = NewCallbackUrl { url };
        let reply = client.post(self.caller(), &path, Some(&body)).await?;
        reply.envelope()?.id().map(CallbackUrlId)
    }

    /// Takes a registered address away.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn delete_callback_url(
        &self,
        client: &Client,
        id: OauthClientId,
        url: CallbackUrlId,
    ) -> Result<(), Error> {
        let path = self.under_user(&format!("oauth-client/{id}/callback-url/{url}"));
        client.delete(self.caller(), &path).await.map(drop)
    }

    /// The devices that the user's secrets are bound to.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn devices(&self, client: &Client) -> Result<Vec<DeviceServer>, Error> {
        let answer = self
            .list(client, "device-server", DeviceServer::read, any)
            .await?;
        Ok(answer.value)
    }

    /// Ends the session (bunq API: `DELETE /session/{id}`; the bank ends the caller's own one
    /// whatever the number, and its own clients send 0).
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn close(&self, client: &Client) -> Result<(), Error> {
        client.delete(self.caller(), "session/0").await.map(drop)
    }

    pub(super) fn caller(&self) -> Caller<'_> {
        Caller::Session(self)
    }

    pub(super) fn under_user(&self, path: &str) -> String {
        format!("user/{}/{path}", self.user_id)
    }

    async fn list<T>(
        &self,
        client: &Client,
        path: &str,
        read: impl Fn(&Element<'_>) -> Result<T, Error>,
        mut check: impl FnMut(&[T]) -> Result<(), Error>,
    ) -> Result<Answer<Vec<T>>, Error> {
        let mut answer = Answer {
            value: Vec::new(),
            raw: Vec::new(),
        };
        let mut pages = Pages::of(client, path)?;
        while let Some(url) = pages.next_url() {
            let reply = client.get(self.caller(), url).await?;
            let envelope = reply.envelope()?;
            let page: Result<Vec<T>, Error> = envelope.elements().iter().map(&read).collect();
            let page = page?;
            check(&page)?;
            answer.value.extend(page);
            pages.turn(envelope.older_url())?;
            answer.raw.push(reply.body);
        }
        Ok(answer)
    }
}

/// For pages that do not say whose they are.
fn any<T>(_page: &[T]) -> Result<(), Error> {
    Ok(())
}
