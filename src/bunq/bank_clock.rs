//! The bank's clock, as its answers tell it. Ours may be a day off.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::HeaderValue;

const UNKNOWN: i64 = i64::MIN;
/// `Date` has whole seconds, and an answer was under way: less than this is no difference.
const NO_DIFFERENCE: i64 = 2;

/// How far the bank's clock is ahead of ours, in seconds.
#[derive(Debug)]
pub(super) struct BankClock(AtomicI64);

impl Default for BankClock {
    fn default() -> Self {
        Self(AtomicI64::new(UNKNOWN))
    }
}

impl BankClock {
    /// An answer came now with this `Date`.
    pub(super) fn hear(&self, date: Option<&HeaderValue>, now: Timestamp) {
        if let Some(date) = date.and_then(http_date) {
            let ahead = date.as_second().saturating_sub(now.as_second());
            let ahead = if ahead.abs() <= NO_DIFFERENCE {
                0
            } else {
                ahead
            };
            self.0.store(ahead, Ordering::Relaxed);
        }
    }

    pub(super) fn offset(&self) -> Option<SignedDuration> {
        let seconds = self.0.load(Ordering::Relaxed);
        (seconds != UNKNOWN).then(|| SignedDuration::from_secs(seconds))
    }
}

/// A time as HTTP writes it (RFC 9110 section 5.6.7).
pub(super) fn http_date(value: &HeaderValue) -> Option<Timestamp> {
    const PARSER: DateTimeParser = DateTimeParser::new();
    PARSER.parse_timestamp(value.to_str().ok()?.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_that_of_the_last_answer() {
        let clock = BankClock::default();
        assert_eq!(clock.offset(), None);
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let hear = |text| clock.hear(Some(&HeaderValue::from_static(text)), now);
        hear("Mon, 02 Mar 2026 12:00:00 GMT");
        assert_eq!(clock.offset(), Some(SignedDuration::from_hours(24)));
        hear("nonsense");
        clock.hear(None, now);
        assert_eq!(clock.offset(), Some(SignedDuration::from_hours(24)));
        hear("Sun, 01 Mar 2026 11:59:59 GMT");
        assert_eq!(clock.offset(), Some(SignedDuration::ZERO));
    }
}
