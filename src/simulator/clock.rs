//! The simulator's own clock, which a test can move.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

#[derive(Clone, Copy, Debug)]
enum Hand {
    /// Real time, this far away from it.
    Running(SignedDuration),
    /// Standing still.
    Standing(Timestamp),
}

/// The time inside the simulator; clones share it. It runs with real time until it is moved.
#[derive(Clone, Debug)]
pub struct SimulatorClock(Arc<Mutex<Hand>>);

impl SimulatorClock {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Hand::Running(SignedDuration::ZERO))))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match *self.hand() {
            Hand::Running(offset) => Timestamp::now()
                .checked_add(offset)
                .unwrap_or(Timestamp::MAX),
            Hand::Standing(at) => at,
        }
    }

    /// Makes it this time now, and lets the clock run on from there.
    pub fn set(&self, to: Timestamp) {
        *self.hand() = Hand::Running(to.duration_since(Timestamp::now()));
    }

    /// Makes it this time now, and stops the clock: only `advance` and `set` move it.
    pub fn stand(&self, at: Timestamp) {
        *self.hand() = Hand::Standing(at);
    }

    /// Moves on, whether the clock runs or stands.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        let mut hand = self.hand();
        *hand = match *hand {
            Hand::Running(offset) => {
                Hand::Running(offset.checked_add(by).unwrap_or(SignedDuration::MAX))
            }
            Hand::Standing(at) => Hand::Standing(at.checked_add(by).unwrap_or(Timestamp::MAX)),
        };
    }

    fn hand(&self) -> std::sync::MutexGuard<'_, Hand> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As bunq writes a time: UTC, a space, six digits of a second.
pub(super) fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S.%6f").to_string()
}

/// As HTTP writes a time (RFC 9110, section 5.6.7).
pub(super) fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_when_told() {
        let clock = SimulatorClock::new();
        let start: Timestamp = "2026-01-05T09:30:00.123456Z".parse().unwrap();
        clock.stand(start);
        assert_eq!(stamp(clock.now()), "2026-01-05 09:30:00.123456");
        assert_eq!(http_date(clock.now()), "Mon, 05 Jan 2026 09:30:00 GMT");
        clock.advance(Duration::from_secs(30));
        assert_eq!(stamp(clock.now()), "2026-01-05 09:30:30.123456");
    }

    #[test]
    fn a_clock_that_was_set_runs_on() {
        let clock = SimulatorClock::new();
        let far: Timestamp = "2031-01-01T00:00:00Z".parse().unwrap();
        clock.set(far);
        assert!(clock.now() >= far);
        clock.advance(Duration::MAX);
        assert!(clock.now() >= far, "no overflow");
    }
}
