//! The OAuth flow after the redirect: exchange, the user's session, the stored user.
//!
//! A code is spent once. It is kept before it is used, and its access token before anything else is
//! done with that, so that whatever breaks off is finished by the next run.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize, Serializer};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::diagnose::Dead;
use super::locks::{Guard, Task};
use super::refresh::ids;
use super::sessions::{Failed, new_session};
use super::{Connected, Workspace};
use crate::base::{Exit, Problem, Secret};
use crate::bunq::{CodeGrant, Error, ErrorKind, User};
use crate::callback::State;
use crate::store::{NewUser, OauthClientRow, Store, StoreError, Tx};

/// Where an access token waits for its user to be stored.
const UNFINISHED: &str = "unfinished-grant";
/// When a code was spent without an access token to show for it.
const PERHAPS: &str = "perhaps-granted";
/// The exchange that is under way, with its code.
const UNDER_WAY: &str = "exchange-under-way";
/// What of a grant may wait in the notes to be finished.
pub(super) const NOTES: [&str; 2] = [UNFINISHED, UNDER_WAY];
/// How long a code may live; the bank does not say (RFC 6749 section 4.1.2 recommends this much).
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// An exchange, kept before it is made: where the answer is lost, the code is tried once more.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Exchange {
    #[serde(serialize_with = "exposed")]
    // It wipes itself.
    #[zeroize(skip)]
    code: Secret,
    redirect_uri: String,
    state: String,
    #[zeroize(skip)]
    began_at: Timestamp,
}

/// For the store, which is encrypted; what is written becomes a secret at once.
fn exposed<S: Serializer>(code: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.expose())
}

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
    /// When the bank refuses the code or the session, or the store cannot be written. What was
    /// reached is kept, and [`Workspace::finish_grant`] goes on from there.
    pub async fn exchange(self) -> Result<Connected, Problem> {
        let _single = self.single;
        let exchange = Exchange {
            code: self.code,
            redirect_uri: self.redirect_uri,
            state: self.state.as_str().to_owned(),
            began_at: self.workspace.settings.clock.now(),
        };
        let noted = serde_json::to_string(&exchange).map(Secret::new);
        let noted = noted.map_err(|_| {
            Problem::new("The code could not be kept", Exit::Failed).next("Connect again.")
        })?;
        self.workspace.store.set_note(UNDER_WAY, noted.expose())?;
        let swap = self.workspace.swap(&exchange, &self.oauth_client, false);
        let swapped = swap.await;
        // A kept code keeps it; where it stays, it is still noted.
        let _ = self.workspace.take_lan_url_back().await;
        let access_token = swapped.map_err(Swap::problem)?;
        let kept = self.workspace.keep_grant(access_token).await;
        kept.map_err(to_be_finished)
    }
}

impl Workspace {
    /// Goes on where an exchange broke off; none when there is nothing to go on with, or its user
    /// has taken the grant back, or the code was spent and its token lost. The second callback URL
    /// of that login is taken back; [`Workspace::lan_url_left`] tells where it could not be.
    ///
    /// # Errors
    /// When the bank cannot be asked, or the store cannot be read or written.
    pub async fn finish_grant(&self) -> Result<Option<Connected>, Problem> {
        if !self.grant_is_unfinished()? {
            return Ok(None);
        }
        let _single = self.locks.take(Task::Connect).await?;
        let finished = self.finish().await;
        let _ = self.take_lan_url_back().await;
        finished
    }

    async fn finish(&self) -> Result<Option<Connected>, Problem> {
        // Whoever held the lock may have finished it.
        let access_token = match self.store.note(UNFINISHED)?.map(Secret::new) {
            Some(access_token) => access_token,
            None => match self.swap_again().await? {
                Some(access_token) => access_token,
                None => return Ok(None),
            },
        };
        match self.keep_grant(access_token).await {
            Ok(connected) => Ok(Some(connected)),
            Err(Failed::Here(problem)) => Err(problem),
            Err(Failed::Call(error)) => self.token_refused(error).await.map(|()| None),
        }
    }

    /// Lets an access token go that will never open a session: it must not stand in the way of
    /// the next user. What may pass, and our address, is waited for.
    async fn token_refused(&self, error: Error) -> Result<(), Problem> {
        let dead = match error.kind() {
            ErrorKind::CredentialsRefused => self.refused_token().await.map_err(kept_for_later)?,
            ErrorKind::InstallationRefused => Dead::Certainly,
            _ if passes(&error) => return Err(kept_for_later(error.into())),
            _ => Dead::Perhaps,
        };
        let now = self.settings.clock.now();
        self.store.write(|tx| -> Result<(), StoreError> {
            tx.forget_note(UNFINISHED)?;
            match dead {
                Dead::Certainly => Ok(()),
                Dead::Perhaps => note_perhaps(tx, now),
            }
        })?;
        Ok(())
    }

    /// Whether a grant waits to be finished.
    pub(super) fn grant_is_unfinished(&self) -> Result<bool, Problem> {
        Ok(self.store.note(UNFINISHED)?.is_some() || self.store.note(UNDER_WAY)?.is_some())
    }

    /// Whether a code waits for another try, for which the bank compares its callback URL again.
    pub(super) fn code_is_kept(&self) -> Result<bool, Problem> {
        Ok(self.store.note(UNDER_WAY)?.is_some())
    }

    /// Tries the code of an exchange that broke off: either it works, or it is refused and what it
    /// granted is lost.
    async fn swap_again(&self) -> Result<Option<Secret>, Problem> {
        let Some(noted) = self.store.note(UNDER_WAY)?.map(Secret::new) else {
            return Ok(None);
        };
        let Ok(exchange) = serde_json::from_str::<Exchange>(noted.expose()) else {
            // Another version's: nothing can be done with it, and it must not be tried for ever.
            self.store.forget_note(UNDER_WAY)?;
            return Ok(None);
        };
        let age = self.settings.clock.now().duration_since(exchange.began_at);
        let Some(oauth_client) = self.store.oauth_client()?.filter(|_| age.abs() < CODE_LIFE)
        else {
            self.give_up(&exchange, true)?;
            return Ok(None);
        };
        match self.swap(&exchange, &oauth_client, true).await {
            Err(Swap::Refused(_)) => Ok(None),
            Err(Swap::Kept(problem)) => Err(problem),
            Ok(access_token) => Ok(Some(access_token)),
        }
    }

    /// Swaps a code, once more where the answer got lost, and keeps the access token. `tried` says
    /// that the code may be spent already.
    async fn swap(
        &self,
        exchange: &Exchange,
        oauth_client: &OauthClientRow,
        mut tried: bool,
    ) -> Result<Secret, Swap> {
        // What the code is spent for must find its place.
        if let Some(path) = self.locks.store() {
            Store::check_room(path).map_err(|error| Swap::Kept(no_room(error)))?;
        }
        let grant = CodeGrant {
            client_id: &oauth_client.client_id,
            client_secret: &oauth_client.secret,
            redirect_uri: &exchange.redirect_uri,
            code: &exchange.code,
            state: &exchange.state,
        };
        let mut swapped = self.client.exchange(grant).await;
        if swapped.as_ref().is_err_and(Error::is_outcome_unknown) {
            tried = true;
            swapped = self.client.exchange(grant).await;
        }
        let error = match swapped {
            Ok(access_token) => {
                self.store.write(|tx| -> Result<(), StoreError> {
                    tx.forget_note(UNDER_WAY)?;
                    tx.set_note(UNFINISHED, access_token.expose())
                })?;
                return Ok(access_token);
            }
            Err(error) => error,
        };
        if passes(&error) || error.is_outcome_unknown() {
            return Err(Swap::Kept(kept_for_later(error.into())));
        }
        self.give_up(exchange, tried)?;
        let problem = if tried { lost(error) } else { error.into() };
        Err(Swap::Refused(problem))
    }

    /// Forgets the code; where it may have been spent, that is noted.
    fn give_up(&self, exchange: &Exchange, spent: bool) -> Result<(), Problem> {
        self.store.write(|tx| -> Result<(), StoreError> {
            tx.forget_note(UNDER_WAY)?;
            if spent {
                note_perhaps(tx, exchange.began_at)?;
            }
            Ok(())
        })?;
        Ok(())
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

    async fn keep_grant(&self, access_token: Secret) -> Result<Connected, Failed> {
        let device = self.device()?;
        let opened = device.open_session(&self.client, &access_token).await;
        let opened = opened.map_err(Failed::Call)?;
        let User::ApiKey { id, granted_by, .. } = &opened.owner else {
            return Err(Failed::Call(Error::another("kind of user")));
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
            tx.forget_note(PERHAPS)?;
            tx.save_grant(&user, &session, &ids(&accounts))
        })?;
        Ok(Connected {
            number: saved.number,
            name: granted_by.name.clone(),
            kind: granted_by.kind,
            again: saved.again,
        })
    }
}

/// What became of a code that was not swapped.
enum Swap {
    /// The bank refuses it for good.
    Refused(Problem),
    /// It, or what it was swapped for, is kept.
    Kept(Problem),
}

impl Swap {
    fn problem(self) -> Problem {
        match self {
            Self::Refused(problem) | Self::Kept(problem) => problem,
        }
    }
}

impl From<Problem> for Swap {
    fn from(problem: Problem) -> Self {
        Self::Kept(problem)
    }
}

impl From<StoreError> for Swap {
    fn from(error: StoreError) -> Self {
        Self::Kept(error.into())
    }
}

/// Whether another try may end otherwise, or nothing was sent at all.
fn passes(error: &Error) -> bool {
    matches!(error.exit(), Exit::Unavailable | Exit::TryLater)
        || matches!(
            error.kind(),
            ErrorKind::WindowsUnkept(_) | ErrorKind::Unverified(_)
        )
}

/// Notes that a user may have a grant that nobody here has.
pub(super) fn note_perhaps(tx: &Tx<'_>, at: Timestamp) -> Result<(), StoreError> {
    tx.set_note(PERHAPS, &at.to_string())
}

/// The code is spent, but nothing is lost.
fn to_be_finished(failed: Failed) -> Problem {
    match failed {
        Failed::Call(error) if error.exit() == Exit::Refused => error.into(),
        Failed::Call(error) => kept_for_later(error.into()),
        Failed::Here(problem) => kept_for_later(problem),
    }
}

fn kept_for_later(problem: Problem) -> Problem {
    problem.next("The user has approved, and what came of it is kept: connect again to finish.")
}

fn no_room(error: StoreError) -> Problem {
    Problem::from(error).next(
        "Make room on the disk and connect again soon: the user has approved, and the code is kept.",
    )
}

/// The answer with the access token never came, and the code is spent.
fn lost(error: Error) -> Problem {
    Problem::new("The access token got lost", error.exit())
        .because("the answer to its first use got lost on the way, and a code works once")
        .next(
            "Connect again. In the bunq app the user may find a connection too many, which can be \
             removed there.",
        )
}
