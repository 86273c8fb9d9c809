//! The bank's limits: how many calls of a kind it takes in how much time.
//!
//! Before a call its place in the window is written down, then waited for; a process that dies in
//! between has used a place up, and none is used twice. The windows go in and out as values: who
//! keeps them decides whether a restart or another process knows of them.

mod window;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::error::{Error, ErrorKind};
use crate::base::{WaitReason, random_bytes};

pub(super) use window::Endpoint;
use window::LONGEST_WAIT;
pub use window::{Limits, Rate, Usage, Window};

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

/// How long to stay away when the bank says "too fast" and nothing more.
const UNKNOWN_PAUSE: Duration = Duration::from_secs(30);
/// The least that it is stayed away, whatever the bank says.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
/// The longest window that an answer without a signature is believed.
const LONGEST_LEARNED: u64 = 300;

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
        if table.is_none() && !self.keeper.read(&window).map_err(unkept)?.counts(now) {
            return Ok(place);
        }
        let mut too_far = None;
        self.keeper
            .change(&window, &mut |window| {
                let rates = window.rates(table, now);
                let at = window.free_at(&rates, now);
                if at.duration_since(now) > LONGEST_WAIT {
                    too_far = Some(at);
                    return;
                }
                let binds = |rate: &&Rate| window.free_at(&[**rate], now) == at;
                if let Some(rate) = rates.iter().find(binds)
                    && window.not_before.is_none_or(|asked| asked < at)
                {
                    place.why = WaitReason::Limit {
                        calls: rate.calls,
                        seconds: rate.seconds,
                    };
                }
                place.at = at;
                place.kept = !rates.is_empty();
                window.take(at, &rates, now);
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
        let rates = window.rates(self.limits.rate(endpoint), now);
        Ok(Some(window.free_at(&rates, now)).filter(|at| *at > now))
    }

    /// Until when nobody calls because the bank said "too fast" meanwhile.
    ///
    /// # Errors
    /// When the windows cannot be read.
    pub(super) fn blocked_until(
        &self,
        endpoint: Endpoint<'_>,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Error> {
        let window = self.keeper.read(&endpoint.window(self.limits));
        let asked = window.map_err(unkept)?.not_before;
        Ok(asked.filter(|at| *at > now && window::is_near(*at, now)))
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
        let pause = SignedDuration::try_from(pause + jitter(pause)).unwrap_or(LONGEST_WAIT);
        let until = now.checked_add(pause.min(LONGEST_WAIT)).unwrap_or(now);
        let rate = max.zip(seconds).and_then(|(calls, seconds)| {
            Some(Rate {
                calls: u32::try_from(calls.max(1)).ok()?,
                seconds: u32::try_from(seconds).ok()?,
            })
        });
        self.keeper
            .change(&endpoint.window(self.limits), &mut |window| {
                // Several may be refused at once, and one of them for longer.
                let before = window
                    .not_before
                    .filter(|before| window::is_near(*before, now));
                window.not_before = Some(before.map_or(until, |before| before.max(until)));
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
        let pause = retry_after.max(said).unwrap_or(UNKNOWN_PAUSE);
        let pause = pause.max(SHORTEST_PAUSE);
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
    of / 10 * random / 255 + Duration::from_millis(u64::from(random) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Method;

    const SESSION: Endpoint<'static> = Endpoint {
        method: Method::Post,
        path: "session-server",
        owner: None,
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn seconds(limiter: &Limiter, now: i64) -> i64 {
        let place = limiter.place(SESSION, at(now)).unwrap();
        let seconds = place.at().as_second() - at(0).as_second();
        place.used();
        seconds
    }

    fn refused(calls: u64, seconds: u64) -> ErrorKind {
        ErrorKind::RateLimited {
            max: Some(calls),
            seconds: Some(seconds),
            retry_after: None,
        }
    }

    #[test]
    fn a_place_that_is_not_used_is_given_back() {
        let limiter = Limiter::new(Limits::Classic, Arc::new(InMemory::default()));
        assert_eq!(seconds(&limiter, 0), 0);
        drop(limiter.place(SESSION, at(0)).unwrap());
        assert_eq!(seconds(&limiter, 0), 30);
        assert_eq!(
            limiter
                .free_at(SESSION, at(31))
                .unwrap()
                .unwrap()
                .as_second(),
            at(60).as_second()
        );
    }

    #[test]
    fn nobody_waits_for_longer_than_a_quarter_of_an_hour() {
        let limiter = Limiter::new(Limits::Classic, Arc::new(InMemory::default()));
        let given = (0..100)
            .take_while(|_| {
                let place = limiter.place(SESSION, at(0));
                place.map(Place::used).is_ok()
            })
            .count();
        assert_eq!(given, 30);
        assert_eq!(seconds(&limiter, 1000), 1000, "later it goes on");
    }

    #[test]
    fn too_fast_is_taken_to_heart_where_no_table_holds() {
        let limiter = Limiter::new(Limits::Off, Arc::new(InMemory::default()));
        assert_eq!([seconds(&limiter, 0), seconds(&limiter, 0)], [0, 0]);
        limiter.learn(SESSION, &refused(2, 10), at(0)).unwrap();
        let first = seconds(&limiter, 0);
        assert!((10..12).contains(&first), "the pause, and a little more");
        assert_eq!(seconds(&limiter, 40), 40);
        assert_eq!(seconds(&limiter, 40), 40);
        assert_eq!(seconds(&limiter, 40), 50, "2 in 10 s from now on");
    }

    #[test]
    fn the_longest_pause_of_several_counts() {
        let limiter = Limiter::new(Limits::Off, Arc::new(InMemory::default()));
        let asked = |seconds| ErrorKind::RateLimited {
            max: None,
            seconds: None,
            retry_after: Some(Duration::from_secs(seconds)),
        };
        limiter.learn(SESSION, &asked(900), at(0)).unwrap();
        assert_eq!(
            seconds(&limiter, 0),
            900,
            "not a moment longer than we wait"
        );
        limiter.learn(SESSION, &asked(0), at(1)).unwrap();
        assert_eq!(seconds(&limiter, 1), 900);
        assert_eq!(asked(0).pause(), Some(Duration::from_secs(1)));
    }

    #[test]
    fn a_limit_of_a_day_is_not_waited_for() {
        let limiter = Limiter::new(Limits::Off, Arc::new(InMemory::default()));
        let tomorrow = refused(10, 86_400);
        assert_eq!(tomorrow.pause(), None);
        limiter.learn(SESSION, &tomorrow, at(0)).unwrap();
        assert_eq!(seconds(&limiter, 0), 0, "an unsigned answer binds nobody");
    }
}
