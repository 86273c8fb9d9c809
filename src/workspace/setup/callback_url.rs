//! Our callback URL at the bank: registered once, and when it changes the old one is taken back,
//! however often the change is cut short. URLs of others are left alone.

use crate::base::{CallbackUrlId, Exit, OauthClientId, Problem, UserNumber};
use crate::bunq::{CallbackUrl, Error, ErrorKind};
use crate::callback;
use crate::store::{OauthClientRow, StoreError};
use crate::workspace::locks::Task;
use crate::workspace::sessions::not_set_up;
use crate::workspace::{Workspace, default_callback_url, secured};
use url::Url;

/// The URL that a change is on its way to.
pub(super) const WANTED: &str = "callback-url-wanted";
/// The number of ours that is to be taken back.
pub(super) const OLD: &str = "callback-url-to-take-back";

/// What became of a callback URL.
pub(in crate::workspace) enum Registered {
    /// It is there, under this number, where the bank tells it.
    There(Option<CallbackUrlId>),
    /// The bank does not take it, and it is by http: one by https may do.
    HttpRefused(Error),
}

impl Workspace {
    /// The URL that was asked for, else the one that a change was on its way to, else the
    /// registered one, else the default. Port 0 means any free port, kept from then on.
    pub(super) async fn wanted_callback_url(
        &self,
        row: &OauthClientRow,
    ) -> Result<String, Problem> {
        let known = match self.store.note(WANTED)? {
            Some(wanted) => Some(wanted),
            None => row.callback_url.clone(),
        };
        let asked = match (&self.settings.callback_url, known) {
            (None, Some(known)) => return Ok(known),
            (Some(asked), Some(known)) if asked.port() == Some(0) => return Ok(known),
            (Some(asked), _) => asked.clone(),
            (None, None) => default_callback_url()?,
        };
        if asked.port() != Some(0) {
            return Ok(asked.into());
        }
        let mut url = asked;
        let port = callback::free_port().await?;
        url.set_port(Some(port))
            .map_err(|()| Problem::new("The callback URL takes no port", Exit::Failed))?;
        Ok(url.into())
    }

    /// Makes this our callback URL: registers it unless it is there, and takes the one before
    /// back. What is to be done is noted first, so that the next run ends what this one began.
    /// Where the bank takes none by http, the same by https is ours.
    pub(in crate::workspace) async fn use_callback_url(&self, url: &str) -> Result<(), Problem> {
        let row = self.store.oauth_client()?.ok_or_else(not_set_up)?;
        // What a login before left; where it stays, it is still noted. One that waits goes on.
        if let Some(_nobody_connects) = self.locks.try_take(Task::Connect)? {
            let _ = self.take_lan_url_back().await;
        }
        let replaced = row.callback_url.as_deref().is_some_and(|old| old != url);
        self.store.write(|tx| -> Result<(), StoreError> {
            tx.set_note(WANTED, url)?;
            match row.callback_url_id.filter(|_| replaced) {
                Some(old) => tx.set_note(OLD, &old.to_string()),
                None => Ok(()),
            }
        })?;
        let found = match self.register_callback_url(row.id, url).await? {
            Registered::There(found) => found,
            Registered::HttpRefused(error) => {
                let https = Url::parse(url).ok().and_then(|url| secured(&url));
                return match https {
                    Some(https) => {
                        let used = Box::pin(self.use_callback_url(https.as_str())).await;
                        // Neither was taken: the next run tries again what was asked.
                        if used.is_err() && self.store.note(WANTED)?.is_some() {
                            self.store.set_note(WANTED, url)?;
                        }
                        used
                    }
                    None => Err(error.into()),
                };
            }
        };
        // The bank may not tell the number in its list; what we knew still holds.
        let id = found.or(row.callback_url_id.filter(|_| !replaced));
        self.store.write(|tx| -> Result<(), StoreError> {
            tx.save_oauth_client(&OauthClientRow {
                callback_url_id: id,
                callback_url: Some(url.to_owned()),
                ..row.clone()
            })?;
            tx.forget_note(WANTED)
        })?;
        let old = self.store.note(OLD)?.and_then(|old| old.parse().ok());
        if let Some(old) = old.map(CallbackUrlId).filter(|old| Some(*old) != id) {
            self.take_callback_url_back(row.id, old).await?;
        }
        Ok(self.store.forget_note(OLD)?)
    }

    /// Registers a callback URL unless it is there already; its number, where the bank tells it.
    pub(in crate::workspace) async fn register_callback_url(
        &self,
        oauth_client: OauthClientId,
        url: &str,
    ) -> Result<Registered, Problem> {
        self.in_session(UserNumber::PROVIDER, |client, session| async move {
            let listed = || session.callback_urls(&client, oauth_client);
            let ours = |registered: Vec<CallbackUrl>| {
                let found = registered.into_iter().find(|known| known.url == url);
                found.map(|known| known.id)
            };
            if let Some(id) = ours(listed().await?) {
                return Ok(Registered::There(id));
            }
            match session.add_callback_url(&client, oauth_client, url).await {
                // It may be there all the same.
                Err(error) if error.is_outcome_unknown() => {
                    ours(listed().await?).map(Registered::There).ok_or(error)
                }
                Err(error)
                    if *error.kind() == ErrorKind::BadRequest && url.starts_with("http:") =>
                {
                    Ok(Registered::HttpRefused(error))
                }
                added => added.map(|id| Registered::There(Some(id))),
            }
        })
        .await
    }

    /// Takes a callback URL of ours back; one that is gone already is no problem.
    async fn take_callback_url_back(
        &self,
        oauth_client: OauthClientId,
        id: CallbackUrlId,
    ) -> Result<(), Problem> {
        self.in_session(UserNumber::PROVIDER, |client, session| async move {
            match session.delete_callback_url(&client, oauth_client, id).await {
                Err(error) if *error.kind() == ErrorKind::NotFound => Ok(()),
                // It may be gone all the same.
                Err(error) if error.is_outcome_unknown() => {
                    let left = session.callback_urls(&client, oauth_client).await?;
                    let there = left.into_iter().any(|known| known.id == Some(id));
                    if there { Err(error) } else { Ok(()) }
                }
                other => other,
            }
        })
        .await
    }
}
