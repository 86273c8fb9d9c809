//! One session per user, reused until the bank says no.

use std::future::Future;

use super::diagnose::{self, Past};
use super::locks::Task;
use super::{SessionState, Workspace};
use crate::base::{Exit, Problem, Secret, UserNumber};
use crate::bunq::{Client, Device, Error, Installation, KeyPair, ServerKey, Session};
use crate::store::{NewSession, SessionRow};

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
        let session = self.session(user).await?;
        let dead = session.token.clone();
        match call(self.client.clone(), session).await {
            Err(error) if error.is_session_dead() => {
                let session = self.renew(user, Some(&dead)).await?;
                call(self.client.clone(), session).await
            }
            other => other,
        }
        .map_err(|error| diagnose::call(error, Past::Worked(user)))
    }

    /// Tells a session that could not be opened, and marks a grant that the bank refuses.
    fn refused(&self, error: Error, user: UserNumber, secret: &Secret) -> Problem {
        if error.is_credentials_refused() && !user.is_provider() {
            let now = self.settings.clock.now();
            if let Err(error) = self.store.mark_revoked(user, secret, now) {
                return error.into();
            }
        }
        diagnose::call(error, Past::Worked(user))
    }

    /// A user's session: the stored one while its time lasts, else a new one.
    pub(super) async fn session(&self, user: UserNumber) -> Result<Session, Problem> {
        match self.stored_session(user)? {
            Some(session) => Ok(session),
            None => self.renew(user, None).await,
        }
    }

    /// Opens a new session, unless somebody else has just done so: then it is theirs.
    async fn renew(&self, user: UserNumber, dead: Option<&Secret>) -> Result<Session, Problem> {
        let _single = self.locks.take(Task::Session(user)).await?;
        if let Some(session) = self.stored_session(user)?
            && dead != Some(&session.token)
        {
            return Ok(session);
        }
        let secret = self.secret(user)?;
        let opened = self
            .device()?
            .open_session(&self.client, &secret)
            .await
            .map_err(|error| self.refused(error, user, &secret))?;
        self.store
            .save_session(&session_row(user, &opened.session))?;
        Ok(opened.session)
    }

    /// What opens a session for this user.
    fn secret(&self, user: UserNumber) -> Result<Secret, Problem> {
        if user.is_provider() {
            return match self.store.provider()? {
                Some(provider) => Ok(provider.secret),
                None => Err(not_set_up()),
            };
        }
        let row = self.store.user(user)?.ok_or_else(|| unknown_user(user))?;
        Ok(row.access_token)
    }

    pub(super) fn stored_session(&self, user: UserNumber) -> Result<Option<Session>, Problem> {
        let now = self.settings.clock.now();
        match self.store.session(user)? {
            Some(row) if now < row.expires_at => Ok(Some(Session {
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

    /// How a user's session stands, without asking the bank.
    pub(super) fn session_state(&self, row: Option<&SessionRow>) -> SessionState {
        match row {
            None => SessionState::None,
            Some(row) if self.settings.clock.now() < row.expires_at => {
                SessionState::Until(row.expires_at)
            }
            Some(_) => SessionState::Expired,
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
