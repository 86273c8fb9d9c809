//! The bank's limits: how many calls of a kind it takes in how much time.
//!
//! Before a call its place in the window is written down, then waited for; a process that dies in
//! between has used a place up, and none is used twice. The windows go in and out as values: who
//! keeps them decides whether a restart or another process knows of them.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::error::{Error, ErrorKind};
use crate::base::{Method, WaitReason, random_bytes};

/// Which table of limits to keep to (bunq API: the older and the newer page on rate limits).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limits {
    /// None, until the bank says that we are too fast.
    Off,
    /// For each address and endpoint GET 3, POST 5, PUT 2 in 3 s; one session in 30 s.
    Classic,
    /// For each token: payments 1000 in 1 s, other data 70 in 30 s, sessions 3 in 60 s, the rest
    /// of the setup 10 a day. Part of it is inferred: the page is not known whole.
    Current,
}

/// So many calls in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    /// Calls …
    pub calls: u32,
    /// … in this many seconds.
    pub seconds: u32,
}

/// The calls of one kind that count now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// When they were, or will be, made: oldest first.
    pub taken: Vec<Timestamp>,
    /// No call before this; the bank said so.
    pub not_before: Option<Timestamp>,
    /// What the bank said that its limit is, and when.
    pub learned: Option<(Rate, Timestamp)>,
}

/// Keeps the windows by name (`GET user/{}/monetary-account`). Methods are short and may block.
pub trait WindowKeeper: Send + Sync {
    /// Reads a window without changing it.
    ///
    /// # Errors
    /// Why it cannot be read, in words for the person.
    fn read(&self, name: &str) -> Result<Window, String>;

    /// Lets `change` work on a window and keeps the result, all at once: no other process comes
    /// between.
    ///
    /// # Errors
    /// Why it cannot be kept, in words for the person.
    fn change(&self, name: &str, change: &mut dyn FnMut(&mut Window)) -> Result<(), String>;
}

/// Keeps the windows of this process alone.
#[derive(Debug, Default)]
pub struct InMemory(Mutex<HashMap<String, Window>>);

impl WindowKeeper for InMemory {
    fn read(&self, name: &str) -> Result<Window, String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(all.get(name).cloned().unwrap_or_default())
    }

    fn change(&self, name: &str, change: &mut dyn FnMut(&mut Window)) -> Result<(), String> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(all.entry(name.to_owned()).or_default());
        Ok(())
    }
}

/// The longest that a call waits for its place; beyond it the person is told to come back.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);
/// Calls arrive at the bank at other distances than they leave here.
const MARGIN: SignedDuration = SignedDuration::from_millis(200);
/// For how long the bank's word on a limit counts.
const LEARNED_FOR: SignedDuration = SignedDuration::from_hours(24);
/// How long to stay away when the bank says "too fast" and nothing more.
const UNKNOWN_PAUSE: Duration = Duration::from_secs(30);
/// The longest window that an answer without a signature is believed.
const LONGEST_LEARNED: u64 = 300;

/// Where a call goes, as far as limits are concerned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Endpoint<'a> {
    pub(super) method: Method,
    /// The path below the API's root.
    pub(super) path: &'a str,
    /// Whose token it carries; none before there is one.
    pub(super) owner: Option<u64>,
}

impl Endpoint<'_> {
    /// The endpoint with `{}` for every id.
    pub(super) fn shape(&self) -> String {
        let pieces = self.path.trim_matches('/').split('/').map(|piece| {
            let is_id = !piece.is_empty() && piece.bytes().all(|b| b.is_ascii_digit());
            if is_id { "{}" } else { piece }
        });
        pieces.collect::<Vec<_>>().join("/")
    }

    /// What its window is called in a table: the older limits count by address, the newer ones by
    /// token.
    fn window(&self, limits: Limits) -> String {
        let name = format!("{} {}", self.method, self.shape());
        match (limits, self.owner) {
            (Limits::Current, Some(owner)) => format!("{name} of {owner}"),
            _ => name,
        }
    }
}

impl Limits {
    fn rate(self, endpoint: Endpoint<'_>) -> Option<Rate> {
        let rate = |calls, seconds| Some(Rate { calls, seconds });
        let shape = endpoint.shape();
        match self {
            Self::Off => None,
            Self::Classic => match (endpoint.method, shape.as_str()) {
                (Method::Post, "session-server") => rate(1, 30),
                (Method::Get, _) => rate(3, 3),
                (Method::Post, _) => rate(5, 3),
                (Method::Put, _) => rate(2, 3),
                (Method::Delete, _) => None,
            },
            Self::Current => match shape.as_str() {
                "session-server" => rate(3, 60),
                shape if !shape.starts_with("user") => rate(10, 86_400),
                shape if shape.contains("/payment") => rate(1000, 1),
                _ => rate(70, 30),
            },
        }
    }
}

impl Rate {
    fn span(self) -> SignedDuration {
        SignedDuration::from_secs(i64::from(self.seconds)) + MARGIN
    }

    /// Whichever lets fewer through.
    fn stricter(self, other: Self) -> Self {
        let ours = u64::from(self.calls) * u64::from(other.seconds);
        let theirs = u64::from(other.calls) * u64::from(self.seconds);
        if theirs < ours { other } else { self }
    }
}

impl Window {
    fn rate(&self, table: Option<Rate>, now: Timestamp) -> Option<Rate> {
        let learned = self
            .learned
            .filter(|(_, at)| now.duration_since(*at).abs() < LEARNED_FOR)
            .map(|(rate, _)| rate);
        match (table, learned) {
            (Some(table), Some(learned)) => Some(table.stricter(learned)),
            (table, learned) => table.or(learned),
        }
    }

    /// The first time at which one more call may be made.
    fn free_at(&self, rate: Option<Rate>, now: Timestamp) -> Timestamp {
        // Further away than anyone waits: the clock was wrong then, or was put back since.
        let sane = |at: &Timestamp| at.duration_since(now) <= LONGEST_WAIT;
        let asked = self.not_before.filter(sane).unwrap_or(now).max(now);
        let Some(rate) = rate else { return asked };
        let counted = self.taken.iter().filter(|at| sane(at));
        let calls = usize::try_from(rate.calls.max(1)).unwrap_or(usize::MAX);
        // The call that must have left the window before there is room.
        let blocking = counted.rev().nth(calls - 1);
        let free = blocking.and_then(|at| at.checked_add(rate.span()).ok());
        free.unwrap_or(now).max(asked)
    }

    /// Writes a call down, and forgets those that no longer count.
    fn take(&mut self, at: Timestamp, rate: Rate, now: Timestamp) {
        self.taken.retain(|taken| {
            let ahead = taken.duration_since(now);
            ahead <= LONGEST_WAIT && ahead > -rate.span()
        });
        self.taken.push(at);
        self.taken.sort_unstable();
    }
}

/// Keeps calls within the limits of a table, and of what the bank says.
#[derive(Clone)]
pub(super) struct Limiter {
    limits: Limits,
    keeper: Arc<dyn WindowKeeper>,
}

/// A call's place in its window. Dropped before it is used, it is given back.
pub(super) struct Place<'a> {
    limiter: &'a Limiter,
    window: String,
    at: Timestamp,
    /// Whether it was written down at all.
    kept: bool,
    used: bool,
    /// Why it is not now, if it is not.
    pub(super) why: WaitReason,
}

impl Place<'_> {
    /// When it is.
    pub(super) fn at(&self) -> Timestamp {
        self.at
    }

    /// The call goes out.
    pub(super) fn used(mut self) {
        self.used = true;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.used || !self.kept {
            return;
        }
        let at = self.at;
        // A place that could not be given back passes by itself.
        let _ = self.limiter.keeper.change(&self.window, &mut |window| {
            if let Some(index) = window.taken.iter().rposition(|taken| *taken == at) {
                window.taken.remove(index);
            }
        });
    }
}

impl Limiter {
    pub(super) fn new(limits: Limits, keeper: Arc<dyn WindowKeeper>) -> Self {
        Self { limits, keeper }
    }

    /// Writes down the next free place for a call.
    ///
    /// # Errors
    /// When it is further away than anyone waits, or cannot be written.
    pub(super) fn place(&self, endpoint: Endpoint<'_>, now: Timestamp) -> Result<Place<'_>, Error> {
        let window = endpoint.window(self.limits);
        let table = self.limits.rate(endpoint);
        let mut place = Place {
            limiter: self,
            window: window.clone(),
            at: now,
            kept: false,
            used: false,
            why: WaitReason::Refused,
        };
        // Without a limit nothing has to be counted, and nothing is written for it.
        if table.is_none() && self.keeper.read(&window).map_err(unkept)? == Window::default() {
            return Ok(place);
        }
        let mut too_far = None;
        self.keeper
            .change(&window, &mut |window| {
                let rate = window.rate(table, now);
                let at = window.free_at(rate, now);
                if at.duration_since(now) > LONGEST_WAIT {
                    too_far = Some(at);
                    return;
                }
                if let Some(rate) = rate
                    && window.not_before.is_none_or(|asked| asked < at)
                {
                    place.why = WaitReason::Limit {
                        calls: rate.calls,
                        seconds: rate.seconds,
                    };
                }
                place.at = at;
                if let Some(rate) = rate {
                    place.kept = true;
                    window.take(at, rate, now);
                }
            })
            .map_err(unkept)?;
        match too_far {
            Some(until) => Err(Error::new(ErrorKind::LimitReached { until })),
            None => Ok(place),
        }
    }

    /// When the next call could be made, if not now.
    ///
    /// # Errors
    /// When the windows cannot be read.
    pub(super) fn free_at(
        &self,
        endpoint: Endpoint<'_>,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Error> {
        let window = self.keeper.read(&endpoint.window(self.limits));
        let window = window.map_err(unkept)?;
        let rate = window.rate(self.limits.rate(endpoint), now);
        Ok(Some(window.free_at(rate, now)).filter(|at| *at > now))
    }

    /// The bank said "too fast": nobody calls before its time is over, and what it says of its
    /// limit counts for a day.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub(super) fn learn(
        &self,
        endpoint: Endpoint<'_>,
        kind: &ErrorKind,
        now: Timestamp,
    ) -> Result<(), Error> {
        let &ErrorKind::RateLimited { max, seconds, .. } = kind else {
            return Ok(());
        };
        let seconds = seconds.filter(|seconds| (1..=LONGEST_LEARNED).contains(seconds));
        let Some(pause) = kind.pause() else {
            return Ok(());
        };
        let until = now
            .checked_add(SignedDuration::try_from(pause + jitter(pause)).unwrap_or_default())
            .unwrap_or(now);
        let rate = max.zip(seconds).and_then(|(calls, seconds)| {
            Some(Rate {
                calls: u32::try_from(calls.max(1)).ok()?,
                seconds: u32::try_from(seconds).ok()?,
            })
        });
        self.keeper
            .change(&endpoint.window(self.limits), &mut |window| {
                window.not_before = Some(until);
                if let Some(rate) = rate {
                    window.learned = Some((rate, now));
                }
            })
            .map_err(unkept)
    }
}

impl ErrorKind {
    /// How long to stay away after a "too fast"; none for other failures, and when it is longer
    /// than anyone waits.
    pub(super) fn pause(&self) -> Option<Duration> {
        let &Self::RateLimited {
            seconds,
            retry_after,
            ..
        } = self
        else {
            return None;
        };
        let said = seconds.map(Duration::from_secs);
        let pause = retry_after.or(said).unwrap_or(UNKNOWN_PAUSE);
        let longest = LONGEST_WAIT.unsigned_abs();
        (pause <= longest).then_some(pause)
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Limiter").field(&self.limits).finish()
    }
}

fn unkept(why: String) -> Error {
    Error::new(ErrorKind::WindowsUnkept(why))
}

/// Up to a tenth of it more, and never nothing, so that those who were refused together do not
/// come back together.
pub(super) fn jitter(of: Duration) -> Duration {
    let random = random_bytes::<1>().map_or(128, |[byte]| u32::from(byte));
    of / 10 * random / 255 + Duration::from_millis(u64::from(random))
}
