//! When nobody was there for so long that what is open is locked. One timer is armed, and only
//! while there is something to lock; it looks now and then at the clock on the wall.

use std::time::Duration;

use crossterm::event::Event;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::tui::app::Model;
use crate::tui::screen::locked::locks_when_idle;

/// How long after the machine woke what is open is locked at the latest: timers sleep with it.
const LOOK: Duration = Duration::from_secs(30);

/// How long a person may be away, and since when nobody was there.
pub(super) struct Idle {
    after: Option<Duration>,
    since: Instant,
    /// The same by the clock on the wall, which goes on while the machine sleeps.
    on_the_wall: Timestamp,
}

impl Idle {
    /// A person is there now.
    pub(super) fn new(after: Option<Duration>, now: Timestamp) -> Self {
        Self {
            after,
            since: Instant::now(),
            on_the_wall: now,
        }
    }

    /// A person is there now, or what they waited for has only just ended.
    pub(super) fn begin(&mut self, now: Timestamp) {
        *self = Self::new(self.after, now);
    }

    /// When what is open is to be locked; none where nothing is, or something is waited for.
    pub(super) fn ends(&self, model: &Model) -> Option<Instant> {
        let after = self.after.filter(|_| locks_when_idle(model))?;
        self.since.checked_add(after)
    }

    /// Whether that time has come.
    pub(super) fn is_over(&self, model: &Model, now: Timestamp) -> bool {
        let away = now.duration_since(self.on_the_wall);
        let long =
            |after: Duration| SignedDuration::try_from(after).is_ok_and(|after| away >= after);
        self.ends(model)
            .is_some_and(|end| Instant::now() >= end || self.after.is_some_and(long))
    }
}

/// Whether an event comes from a person.
pub(super) fn is_a_person(event: &Event) -> bool {
    matches!(event, Event::Key(_) | Event::Paste(_) | Event::Mouse(_))
}

/// Sleeps until then, or until the clock on the wall is to be looked at; for ever without a time.
pub(super) async fn until(end: Option<Instant>) {
    match end {
        Some(end) => {
            let look = Instant::now() + LOOK;
            tokio::time::sleep_until(end.min(look)).await;
        }
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_clock_on_the_wall_is_looked_at_every_30_seconds() {
        for (end, wanted) in [(900, 30), (31, 30), (7, 7), (0, 0)] {
            let began = Instant::now();
            until(Some(began + Duration::from_secs(end))).await;
            assert_eq!(began.elapsed().as_secs(), wanted, "{end}");
        }
    }
}
