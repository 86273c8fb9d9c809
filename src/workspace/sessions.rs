//! One session per user, reused until the bank says no.

use std::future::Future;

use jiff::{SignedDuration, Timestamp};

use super::locks::Task;
use super::{SessionState, Workspace};
use crate::base::{Exit, Problem, Secret, UserNumber};
use crate::bunq::{
    Client, Device, Error, Installation, KeyPair, OpenedSession, ServerKey, Session, User,
};
use crate::store::{NewSession, SessionRow, StoreError};

/// Why there is no answer: the bank's own failure, which is still to be understood, or ours.
#[derive(Clone, Debug)]
pub(super) enum Failed {
    Call(Error),
    Here(Problem),
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self::Here(problem)
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Here(error.into())
    }
}

impl Workspace {
    /// Calls the bank in a user's session. A session that the bank no longer knows is renewed
    /// once, and the call made once more.
    pub(super) async fn in_session<T, F>(
        &self,
        user: UserNumber,
        call: impl Fn(Client, Session) -> F,
    ) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, Error>>,
    {
        match self.call(user, call).await {
            Ok(answer) => {
                self.served.note(user, self.settings.clock.now());
                Ok(answer)
            }
            Err(Failed::Here(problem)) => Err(problem),
            Err(Failed::Call(error)) => Err(self.diagnose(error, user).await),
        }
    }

    async fn call<T, F>(
        &self,
        user: UserNumber,
        call: impl Fn(Client, Session) -> F,
    ) -> Result<T, Failed>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let began = self.settings.clock.now();
        let Some(session) = self.stored_session(user)? else {
            let session = self.renew(user, None, began).await?;
            // It was opened just now: another one would not do better.
            return call(self.client.clone(), session)
                .await
                .map_err(Failed::Call);
        };
        let dead = session.token.clone();
        match call(self.client.clone(), session).await {
            Err(error) if may_be_dead(&error) => {
                let session = self.renew(user, Some(&dead), began).await?;
                call(self.client.clone(), session)
                    .await
                    .map_err(Failed::Call)
            }
            answered => answered.map_err(Failed::Call),
        }
    }

    /// Opens a new session for a call that began then, unless somebody else has opened one since,
    /// or was refused: then that holds for us too.
    pub(super) async fn renew(
        &self,
        user: UserNumber,
        dead: Option<&Secret>,
        began: Timestamp,
    ) -> Result<Session, Failed> {
        let _single = self.locks.take(Task::Session(user)).await?;
        if let Some(session) = self.stored_session(user)?
            && dead != Some(&session.token)
        {
            return Ok(session);
        }
        let secret = self.secret(user)?;
        // Whoever held the lock before us may have been refused for good.
        if let Some(refusal) = self.refusal_since(user, &secret, began)? {
            return Err(Failed::Here(refusal));
        }
        let opened = match self.device()?.open_session(&self.client, &secret).await {
            Ok(opened) => opened,
            // Understood while the lock is held: who comes next need not ask.
            Err(error) if error.is_credentials_refused() => {
                let problem = self.refused_session(error, user, secret).await;
                return Err(Failed::Here(problem));
            }
            Err(error) => return Err(Failed::Call(error)),
        };
        self.check_owner(user, &opened)?;
        let session = opened.session;
        self.store.save_session(&session_row(user, &session))?;
        Ok(session)
    }

    /// The signature covers the body alone: another user's session has one too. Who granted never
    /// changes; where it is not known, the id that stands for the grant tells.
    fn check_owner(&self, user: UserNumber, opened: &OpenedSession) -> Result<(), Failed> {
        let theirs = match &opened.owner {
            User::ApiKey { granted_by, .. } => granted_by.id,
            User::Direct(_) => None,
        };
        let own = match user.is_provider() {
            true => self.store.provider()?.map(|row| (row.user_id, None)),
            false => {
                let row = self.store.user(user)?;
                row.map(|row| (Some(row.api_key_id), row.granting_user_id))
            }
        };
        let another = match own {
            Some((_, Some(ours))) if theirs.is_some() => theirs != Some(ours),
            Some((Some(ours), _)) => opened.session.user_id != ours,
            _ => false,
        };
        if another {
            return Err(Failed::Call(Error::another("user")));
        }
        Ok(())
    }

    /// What opens a session for this user.
    pub(super) fn secret(&self, user: UserNumber) -> Result<Secret, Problem> {
        if user.is_provider() {
            return match self.store.provider()? {
                Some(provider) => Ok(provider.secret),
                None => Err(not_set_up()),
            };
        }
        let row = self.store.user(user)?.ok_or_else(|| unknown_user(user))?;
        Ok(row.access_token)
    }

    /// A user's session while its time lasts.
    pub(super) fn stored_session(&self, user: UserNumber) -> Result<Option<Session>, Problem> {
        match self.store.session(user)? {
            Some(row) if !self.is_over(&row) => Ok(Some(Session {
                id: row.id,
                token: row.token,
                user_id: row.user_id,
                opened_at: row.opened_at,
                expires_at: row.expires_at,
                clock_offset: row.clock_offset,
                device: self.device()?,
            })),
            _ => Ok(None),
        }
    }

    /// Whether a session's time is over. Both its times are of our clock as it was then; where
    /// that was put right or wrong since, the bank's clock tells by how much.
    fn is_over(&self, row: &SessionRow) -> bool {
        let offset = self.client.bank_clock_offset();
        let moved = offset.map_or(SignedDuration::ZERO, |offset| offset - row.clock_offset);
        let now = self.settings.clock.now();
        now.checked_add(moved).unwrap_or(now) >= row.expires_at
    }

    /// How a user's session stands, without asking the bank.
    pub(super) fn session_state(&self, row: Option<&SessionRow>) -> SessionState {
        match row {
            None => SessionState::None,
            Some(row) if self.is_over(row) => SessionState::Expired,
            Some(row) => SessionState::Until(row.expires_at),
        }
    }

    /// The stored API context up to its device.
    pub(super) fn device(&self) -> Result<Device, Problem> {
        let device = self.store.device()?.ok_or_else(not_set_up)?;
        Ok(Device {
            id: device.id,
            installation: self.installation()?,
        })
    }

    /// The stored installation.
    pub(super) fn installation(&self) -> Result<Installation, Problem> {
        let row = self.store.installation()?.ok_or_else(not_set_up)?;
        match (row.id, row.token, row.server_public_key) {
            (Some(id), Some(token), Some(server_key)) => Ok(Installation {
                id,
                token,
                key: KeyPair::from_pem(&row.private_key_pem)?,
                server_key: ServerKey::from_pem(&server_key)?,
            }),
            _ => Err(not_set_up()),
        }
    }
}

/// Whether a new session may help. The bank says it in three ways, and one of them also means other
/// things.
pub(super) fn may_be_dead(error: &Error) -> bool {
    error.is_session_dead() || error.is_credentials_refused()
}

/// As the store keeps a session whose owner is not known yet.
pub(super) fn new_session(session: &Session) -> NewSession {
    NewSession {
        id: session.id,
        token: session.token.clone(),
        user_id: session.user_id,
        opened_at: session.opened_at,
        expires_at: session.expires_at,
        clock_offset: session.clock_offset,
    }
}

/// As the store keeps a session.
pub(super) fn session_row(owner: UserNumber, session: &Session) -> SessionRow {
    new_session(session).of(owner)
}

/// What every call before the setup ends with.
pub(super) fn not_set_up() -> Problem {
    Problem::new("This profile is not set up", Exit::NotReady)
        .because("its one-time setup has not run, or not to its end")
        .next("Run the setup: s on the Setup screen, or `bunq-tui setup`.")
}

/// What a number that nobody has ends with.
pub(super) fn unknown_user(user: UserNumber) -> Problem {
    Problem::new(format!("There is no user {user}"), Exit::Usage)
        .because("no connected user has that number")
        .next("`bunq-tui users` lists them.")
}
