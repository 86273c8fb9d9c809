//! What we know about a failure, told as a [`Problem`].
//!
//! The bank has one sentence for a wrong key, a revoked grant and a changed address. What tells
//! them apart: whether it ever worked, whether others are served from here right now, and whether
//! our address is still the one of the setup, where that is known.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::Workspace;
use super::address::Address;
use super::setup::ChoiceKey;
use crate::base::{Exit, Problem, Remedy, Secret, UserNumber};
use crate::bunq::{Error, ErrorKind};

/// For how long it counts that somebody was served.
const RECENTLY: SignedDuration = SignedDuration::from_secs(5);

/// How many others are asked at the most.
const MOST_ASKED: usize = 3;

/// Who was served last, and when.
#[derive(Clone, Debug, Default)]
pub(super) struct Served(Arc<Mutex<Option<(UserNumber, Timestamp)>>>);

impl Served {
    pub(super) fn note(&self, user: UserNumber, at: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((user, at));
    }

    /// Whether somebody else was served just now.
    fn another_than(&self, user: Option<UserNumber>, now: Timestamp) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|(other, at)| {
            Some(other) != user && now.duration_since(at).abs() < RECENTLY
        })
    }
}

/// Whose secrets were refused a session just now, and when.
#[derive(Clone, Debug, Default)]
pub(super) struct Refusals(Arc<Mutex<HashMap<UserNumber, Refusal>>>);

#[derive(Clone, Debug)]
struct Refusal {
    secret: Secret,
    at: Timestamp,
    problem: Problem,
}

impl Refusals {
    fn note(&self, user: UserNumber, refusal: Refusal) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Only those who wait for the same lock right now will ask.
        all.retain(|_, old| refusal.at.duration_since(old.at).abs() < RECENTLY);
        all.insert(user, refusal);
    }

    fn since(&self, user: UserNumber, secret: &Secret, since: Timestamp) -> Option<Problem> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&user)
            .filter(|refusal| refusal.secret == *secret && refusal.at >= since)
            .map(|refusal| refusal.problem.clone())
    }
}

/// How others fare who call from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Others {
    Served,
    RefusedToo,
    Unknown,
}

/// What a refusal means, most likely.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cause {
    /// The key was deleted, or the grant taken back.
    Secret(&'static str),
    /// Our address is another one than the bank permits.
    Address(String),
    /// One of them.
    Either,
}

/// Whether a refused access token is good for nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dead {
    Certainly,
    Perhaps,
}

impl Workspace {
    /// Tells a call that failed in a user's session, or on the way to one.
    pub(super) async fn diagnose(&self, error: Error, user: UserNumber) -> Problem {
        self.understand(error, user, None).await
    }

    /// The same. `secret` is what no session was opened with: where it is a grant that is gone, it
    /// is marked.
    async fn understand(&self, error: Error, user: UserNumber, secret: Option<&Secret>) -> Problem {
        match error.kind() {
            ErrorKind::InstallationRefused => forgotten(&error),
            // A session that was opened for this very call.
            ErrorKind::SessionDead => Problem::from(error)
                .because("the bank refuses it in a session that it has just opened")
                .next(
                    "It may not be allowed to this kind of user: a PSD2 provider may do only what \
                     its certificate's roles say.",
                ),
            ErrorKind::CredentialsRefused => match self.cause(Some(user)).await {
                Ok(cause) => {
                    let told = self.refused(user, secret, &cause);
                    told.unwrap_or_else(|problem| problem)
                }
                Err(problem) => problem,
            },
            _ => error.into(),
        }
    }

    /// Tells why no session was opened with this secret, and keeps it for those who wait to ask the
    /// same.
    pub(super) async fn refused_session(
        &self,
        error: Error,
        user: UserNumber,
        secret: Secret,
    ) -> Problem {
        let problem = self.understand(error, user, Some(&secret)).await;
        let refusal = Refusal {
            secret,
            at: self.settings.clock.now(),
            problem: problem.clone(),
        };
        self.refusals.note(user, refusal);
        problem
    }

    /// A refusal of this user's secret that was found since, by whomever.
    pub(super) fn refusal_since(
        &self,
        user: UserNumber,
        secret: &Secret,
        since: Timestamp,
    ) -> Result<Option<Problem>, Problem> {
        if let Some(problem) = self.refusals.since(user, secret, since) {
            return Ok(Some(problem));
        }
        let row = self.store.user(user)?;
        let found = row
            .and_then(|row| row.revoked_at)
            .is_some_and(|at| at >= since);
        Ok(found.then(|| grant_gone(user, "it was refused a moment ago")))
    }

    /// What it means that an access token without a user yet is refused: it is dead, or it is not
    /// known whether it is, or (as an error) it is our address.
    pub(super) async fn refused_token(&self) -> Result<Dead, Problem> {
        match self.cause(None).await? {
            Cause::Address(how) => Err(address_changed(&how)),
            Cause::Secret(_) => Ok(Dead::Certainly),
            Cause::Either => Ok(Dead::Perhaps),
        }
    }

    async fn cause(&self, user: Option<UserNumber>) -> Result<Cause, Problem> {
        Ok(match self.address().await? {
            Address::Changed { then, now } => {
                Cause::Address(format!("it was {then} at the setup, and is {now} now"))
            }
            Address::Same => Cause::Secret("this machine's address is the one of the setup"),
            Address::Unknown => match self.others(user).await? {
                Others::Served => Cause::Secret("the bank serves others from this address"),
                Others::RefusedToo => {
                    Cause::Address("others whom it served before are refused too".into())
                }
                Others::Unknown => Cause::Either,
            },
        })
    }

    /// Whether somebody else is served from here. Asked in a session that is open already: a new
    /// one may be far away.
    async fn others(&self, user: Option<UserNumber>) -> Result<Others, Problem> {
        let now = self.settings.clock.now();
        // A token that nobody has yet is let go on what comes of this: then it is asked anew.
        if user.is_some() && self.served.another_than(user, now) {
            return Ok(Others::Served);
        }
        for other in self.someone_else(user)? {
            let Some(session) = self.stored_session(other)? else {
                continue;
            };
            match session.read_user(&self.client).await {
                Ok(_) => {
                    self.served.note(other, now);
                    return Ok(Others::Served);
                }
                Err(error) if error.is_credentials_refused() => return Ok(Others::RefusedToo),
                Err(_) => {}
            }
        }
        Ok(Others::Unknown)
    }

    /// Who has a session and could be asked: ourselves first, then who opened one last.
    fn someone_else(&self, user: Option<UserNumber>) -> Result<Vec<UserNumber>, Problem> {
        let mut sessions = self.store.sessions()?;
        sessions.retain(|row| Some(row.owner) != user);
        sessions.sort_by_key(|row| (row.owner.is_provider(), row.opened_at));
        let latest = sessions.iter().rev().take(MOST_ASKED);
        Ok(latest.map(|row| row.owner).collect())
    }

    fn refused(
        &self,
        user: UserNumber,
        secret: Option<&Secret>,
        cause: &Cause,
    ) -> Result<Problem, Problem> {
        if let Cause::Address(how) = cause {
            return Ok(address_changed(how));
        }
        if user.is_provider() {
            let own = matches!(
                self.choice_key()?,
                Some(ChoiceKey::ApiKey | ChoiceKey::OwnCertificate)
            );
            return Ok(credentials_gone(cause, own));
        }
        let marked = self.store.user(user)?.and_then(|row| row.revoked_at);
        if marked.is_some() && marked == self.set_up_anew_at()? {
            return Ok(of_earlier_setup(user));
        }
        let Cause::Secret(how) = cause else {
            return Ok(grant_or_address(user));
        };
        // That very token: it may have been replaced while others were asked.
        if let Some(secret) = secret {
            let now = self.settings.clock.now();
            self.store.mark_revoked(user, secret, now)?;
        }
        Ok(grant_gone(user, how))
    }
}

/// The bank does not know our installation, although it was made.
fn forgotten(error: &Error) -> Problem {
    let said = error.description().map_or_else(String::new, |said| {
        format!("; it says “{}”", said.as_str().trim_end_matches('.'))
    });
    Problem::new("The bank has forgotten us", Exit::Refused)
        .because(format!(
            "it does not know the installation of our setup: a sandbox is emptied now and then, and \
             a simulator forgets when it ends{said}"
        ))
        .next(
            "Set up anew: a on the screens, or `bunq-tui setup --anew`. Users and their last figures \
             stay as history.",
        )
        .remedied_by(Remedy::SetUpAnew)
}

fn address_changed(how: &str) -> Problem {
    Problem::new(
        "The bank no longer accepts this machine's address",
        Exit::Refused,
    )
    .because(format!("most likely it has changed: {how}"))
    .next(
        "From the old address it works again. Otherwise permit the new one for the API key in the \
             bunq app, or set up anew from here: `bunq-tui setup --anew`.",
    )
}

fn grant_gone(user: UserNumber, how: &str) -> Problem {
    Problem::new(
        format!("The bank no longer accepts the grant of user {user}"),
        Exit::Refused,
    )
    .because(format!(
        "most likely its owner took the connection back in the bunq app: {how}"
    ))
    .next("Connect the user again; it keeps its number, and its last figures stay.")
    .remedied_by(Remedy::ConnectAgain)
}

fn of_earlier_setup(user: UserNumber) -> Problem {
    Problem::new(
        format!("The grant of user {user} is of an earlier setup"),
        Exit::Refused,
    )
    .because("this profile was set up anew since, and the bank does not know the grant any more")
    .next("Connect the user again; its last figures stay.")
    .remedied_by(Remedy::ConnectAgain)
}

fn grant_or_address(user: UserNumber) -> Problem {
    Problem::new(
        format!("The bank refuses the grant of user {user}, or this machine's address"),
        Exit::Refused,
    )
    .because(
        "it worked before: most likely its owner took the connection back in the bunq app, or our \
         address has changed; nobody else could be asked, and only --my-address or \
         --address-service tells the address",
    )
    .next(
        "Connect the user again; it keeps its number. Where that is refused too it is the address: go \
         on from the old one, or set up anew from here.",
    )
}

fn credentials_gone(cause: &Cause, own: bool) -> Problem {
    let why = match cause {
        Cause::Secret(how) => {
            format!("most likely the key or credential was deleted or has expired: {how}")
        }
        _ => "they worked before: most likely this machine's address has changed since the setup \
              (--my-address tells), or they were deleted in the bunq app"
            .into(),
    };
    let problem = Problem::new(
        "The bank no longer accepts our own credentials",
        Exit::Refused,
    )
    .because(why);
    if own {
        return problem.next(
            "Make a new key or certificate, then set up anew with it: `bunq-tui setup --anew \
             --api-key-file FILE`, or --certificate FILE. Users and their last figures stay as \
             history.",
        );
    }
    problem
        .next(
            "Set up anew, as another provider of the sandbox: a on the screens, or `bunq-tui setup \
             --anew`. Users and their last figures stay as history.",
        )
        .remedied_by(Remedy::SetUpAnew)
}

/// Tells a refused call of the setup, where nothing has worked yet. `own` says that the person
/// brought the key; else the bank had just given it to us.
pub(super) fn never_worked(error: Error, own: bool) -> Problem {
    match error.kind() {
        ErrorKind::InstallationRefused => forgotten(&error),
        ErrorKind::CredentialsRefused if own => {
            Problem::new("The bank does not accept the API key", Exit::Refused)
                .because(
                    "bunq says \"Incorrect API key or IP address\", and it never worked here: most \
                     likely the key was mistyped, is of the other environment (sandbox keys begin \
                     with sandbox_), was deleted, or is allowed from another address only",
                )
                .next("Check the key in the bunq app, then try again with it.")
        }
        ErrorKind::CredentialsRefused => Problem::new(
            "The bank does not accept the provider that it has made for us",
            Exit::Refused,
        )
        .because(
            "its key is good for some hours only until it is used, and for the address that it was \
             first used from",
        )
        .next("Set up anew, with another one: a on the screens, or `bunq-tui setup --anew`.")
        .remedied_by(Remedy::SetUpAnew),
        _ => error.into(),
    }
}
