//! The OAuth flow after the redirect: exchange, the user's session, the stored user.
//!
//! A code is spent once. Its access token is kept before anything else is done with it, so that
//! whatever breaks off then is finished by the next run.

use std::time::Duration;

use jiff::Timestamp;

use super::locks::{Guard, Task};
use super::refresh::ids;
use super::sessions::new_session;
use super::{Connected, Workspace};
use crate::base::{Exit, Problem, Secret};
use crate::bunq::{CodeGrant, Error, ErrorKind, OpenedSession, User};
use crate::callback::State;
use crate::store::{NewUser, OauthClientRow, StoreError};

/// Where an access token waits for its user to be stored.
const UNFINISHED: &str = "unfinished-grant";
/// When a code was spent without an access token to show for it.
const PERHAPS: &str = "perhaps-granted";
/// How often the user's first session is tried again when the bank says "too fast": it allows
/// one in 30 s, and ours may have just been opened.
const SESSION_TRIES: u32 = 3;
/// The longest pause before such a try.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The redirect came and was right; what is left is the exchange.
pub struct Granted {
    pub(super) workspace: Workspace,
    pub(super) oauth_client: OauthClientRow,
    pub(super) redirect_uri: String,
    pub(super) state: State,
    pub(super) code: Secret,
    pub(super) single: Guard,
}

impl Granted {
    /// Swaps the code for an access token, opens the user's session and stores both. Not to be
    /// cut short: the code is spent once.
    ///
    /// # Errors
    /// When the bank refuses the code or the session, or the store cannot be written. Once the
    /// access token is there it is kept, and [`Workspace::finish_grant`] goes on with it.
    pub async fn exchange(self) -> Result<Connected, Problem> {
        let Self {
            workspace,
            oauth_client,
            redirect_uri,
            state,
            code,
            single: _single,
        } = self;
        let access_token = workspace
            .client
            .exchange(CodeGrant {
                client_id: &oauth_client.client_id,
                client_secret: &oauth_client.secret,
                redirect_uri: &redirect_uri,
                code: &code,
                state: state.as_str(),
            })
            .await?;
        workspace
            .store
            .set_note(UNFINISHED, access_token.expose())?;
        workspace
            .keep_grant(access_token)
            .await
            .map_err(to_be_finished)
    }
}

impl Workspace {
    /// Goes on where an exchange broke off after its access token had come; none when there is
    /// nothing to go on with, or its user has taken the grant back.
    ///
    /// # Errors
    /// When the bank cannot be asked, or the store cannot be read or written.
    pub async fn finish_grant(&self) -> Result<Option<Connected>, Problem> {
        if self.store.note(UNFINISHED)?.is_none() {
            return Ok(None);
        }
        let _single = self.locks.take(Task::Connect).await?;
        // Whoever held the lock may have finished it.
        let Some(access_token) = self.store.note(UNFINISHED)?.map(Secret::new) else {
            return Ok(None);
        };
        match self.keep_grant(access_token).await {
            Err(problem) if problem.exit == Exit::Refused => {
                self.store.forget_note(UNFINISHED)?;
                Ok(None)
            }
            kept => kept.map(Some).map_err(to_be_finished),
        }
    }

    /// When a code was spent and its access token lost: the user may have a grant too many, to be
    /// removed in the bunq app. None when that never happened, or somebody has connected since.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn perhaps_granted(&self) -> Result<Option<Timestamp>, Problem> {
        let noted = self.store.note(PERHAPS)?;
        Ok(noted.and_then(|at| at.parse().ok()))
    }

    /// When the bank takes the next session; none when it does now. It allows one in 30 s.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn next_session_at(&self) -> Result<Option<Timestamp>, Problem> {
        Ok(None)
    }

    async fn keep_grant(&self, access_token: Secret) -> Result<Connected, Problem> {
        let opened = self.first_session(&access_token).await?;
        let User::ApiKey { id, granted_by, .. } = &opened.owner else {
            return Err(
                Problem::new("The access token stands for no grant", Exit::Refused)
                    .because("bunq answered with an ordinary user where a UserApiKey was expected")
                    .next("Connect again; if it stays, tell bunq."),
            );
        };
        // Without the granting user's id, the accounts tell whether we know it already; without
        // those it is a new user, which is better than none.
        let accounts = match granted_by.id {
            Some(_) => Vec::new(),
            None => opened
                .session
                .accounts(&self.client)
                .await
                .map_or_else(|_| Vec::new(), |answer| answer.value),
        };
        let user = NewUser {
            kind: granted_by.kind,
            name: granted_by.name.clone(),
            granting_user_id: granted_by.id,
            api_key_id: *id,
            access_token,
            connected_at: self.settings.clock.now(),
            profile_raw: None,
            profile_as_of: None,
        };
        let session = new_session(&opened.session);
        let saved = self.store.write(|tx| -> Result<_, StoreError> {
            tx.forget_note(UNFINISHED)?;
            tx.save_grant(&user, &session, &ids(&accounts))
        })?;
        Ok(Connected {
            number: saved.number,
            name: granted_by.name.clone(),
            kind: granted_by.kind,
            again: saved.again,
        })
    }

    async fn first_session(&self, access_token: &Secret) -> Result<OpenedSession, Problem> {
        let device = self.device()?;
        let mut tries = 0;
        loop {
            tries += 1;
            match device.open_session(&self.client, access_token).await {
                Err(error) if tries < SESSION_TRIES => match pause(&error) {
                    Some(pause) => self.settings.clock.sleep(pause).await,
                    None => return Err(error.into()),
                },
                other => return Ok(other?),
            }
        }
    }
}

/// How long to wait before another try; none when waiting does not help.
fn pause(error: &Error) -> Option<Duration> {
    match error.kind() {
        ErrorKind::RateLimited {
            seconds,
            retry_after,
            ..
        } => {
            let asked = retry_after.unwrap_or(Duration::from_secs(seconds.unwrap_or(30)));
            // The answer is not signed: it must not make us wait for ever.
            Some(asked.min(LONGEST_PAUSE) + Duration::from_secs(1))
        }
        _ => None,
    }
}

/// The code is spent, but nothing is lost.
fn to_be_finished(problem: Problem) -> Problem {
    if problem.exit == Exit::Refused {
        return problem;
    }
    problem.next("The user has approved and the access token is kept: connect again to finish.")
}
