//! When a failed request is made again: a read that failed on the way, and anything that the bank
//! refused for being too fast. Whether another write arrived is not known: it is looked up by who
//! made it, never just repeated.

use std::time::Duration;

use super::error::{Error, ErrorKind, Unreachable};
use super::limiter::jitter;
use crate::base::Method;

/// How often a read is tried.
const READS: u32 = 3;
/// How often anything is tried that the bank refuses for being too fast: others may use up the
/// same limit.
const REFUSALS: u32 = 10;

/// What comes after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The failure is told.
    GiveUp,
    /// Another try, after a pause of our own.
    Retry(Duration),
    /// Another try, when the limiter lets it through.
    WhenAllowed,
}

/// The tries of one request so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tries {
    failed: u32,
    refused: u32,
}

impl Tries {
    /// Counts a failure. `left` is what remains of the time for the whole request.
    pub(super) fn next(
        &mut self,
        method: Method,
        error: &Error,
        base: Duration,
        left: Duration,
    ) -> Next {
        if error.kind().pause().is_some() {
            self.refused += 1;
            return if self.refused < REFUSALS {
                Next::WhenAllowed
            } else {
                Next::GiveUp
            };
        }
        self.failed += 1;
        let pause = base.saturating_mul(1 << self.failed.min(8).saturating_sub(1));
        let pause = pause + jitter(pause);
        if method == Method::Get && self.failed < READS && passes(error.kind()) && pause < left {
            Next::Retry(pause)
        } else {
            Next::GiveUp
        }
    }
}

/// Whether it may be over by the next try.
fn passes(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Unreachable(Unreachable::TimedOut | Unreachable::Other)
            | ErrorKind::TimedOut
            | ErrorKind::BrokenAnswer
            | ErrorKind::ServerError { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Duration = Duration::from_millis(400);
    const LEFT: Duration = Duration::from_secs(30);

    fn tries(method: Method, kind: &ErrorKind, left: Duration) -> usize {
        let mut tries = Tries::default();
        let error = Error::new(kind.clone());
        1 + std::iter::repeat_with(|| tries.next(method, &error, BASE, left))
            .take_while(|next| *next != Next::GiveUp)
            .count()
    }

    #[test]
    fn reads_are_tried_three_times_and_writes_once() {
        let broken = ErrorKind::BrokenAnswer;
        assert_eq!(tries(Method::Get, &broken, LEFT), 3);
        assert_eq!(tries(Method::Get, &broken, BASE), 1, "no time is left");
        for method in [Method::Post, Method::Put, Method::Delete] {
            assert_eq!(tries(method, &broken, LEFT), 1);
        }
        assert_eq!(tries(Method::Get, &ErrorKind::NotFound, LEFT), 1);
    }

    #[test]
    fn whatever_was_refused_for_being_too_fast_is_tried_again() {
        let refused = ErrorKind::RateLimited {
            max: Some(5),
            seconds: Some(3),
            retry_after: None,
        };
        for method in [Method::Get, Method::Post] {
            assert_eq!(tries(method, &refused, LEFT), 10);
        }
        let tomorrow = ErrorKind::RateLimited {
            max: Some(10),
            seconds: Some(86_400),
            retry_after: None,
        };
        assert_eq!(tries(Method::Get, &tomorrow, LEFT), 1);
    }
}
