//! When nobody was there for so long that what is open is locked. Nothing ticks for it: one timer
//! is armed, and only while there is something to lock.

use std::time::Duration;

use crossterm::event::Event;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::tui::app::Model;
use crate::tui::screen::locked::locks_when_idle;

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

/// Sleeps until then; for ever without a time.
pub(super) async fn until(end: Option<Instant>) {
    match end {
        Some(end) => tokio::time::sleep_until(end).await,
        None => std::future::pending().await,
    }
}
