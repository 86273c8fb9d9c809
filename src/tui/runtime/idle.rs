//! When nobody was there for so long that what is open is locked. One timer is armed, and only
//! while there is something to lock; the time that the machine sleeps counts.

use std::time::Duration;

use crossterm::event::Event;

use crate::tui::app::Model;
use crate::tui::screen::locked::locks_when_idle;

/// How long a person may be away, and since when nobody was there.
pub(super) struct Idle {
    after: Option<Duration>,
    since: Duration,
}

impl Idle {
    /// A person is there now.
    pub(super) fn new(after: Option<Duration>) -> Self {
        Self {
            after,
            since: clock::now(),
        }
    }

    /// A person is there now, or what they waited for has only just ended.
    pub(super) fn begin(&mut self) {
        self.since = clock::now();
    }

    /// When what is open is to be locked, on the clock that [`until`] waits by; none where nothing
    /// is, or something is waited for.
    pub(super) fn ends(&self, model: &Model) -> Option<Duration> {
        let after = self.after.filter(|_| locks_when_idle(model))?;
        self.since.checked_add(after)
    }

    /// Whether that time has come.
    pub(super) fn is_over(&self, model: &Model) -> bool {
        self.ends(model).is_some_and(|end| clock::now() >= end)
    }
}

/// Whether an event comes from a person.
pub(super) fn is_a_person(event: &Event) -> bool {
    matches!(event, Event::Key(_) | Event::Paste(_) | Event::Mouse(_))
}

/// Sleeps until then at the latest; for ever without a time.
pub(super) async fn until(end: Option<Duration>) {
    match end {
        Some(end) => clock::sleep(end.saturating_sub(clock::now())).await,
        None => std::future::pending().await,
    }
}

/// The kernel's own timer goes on while the machine sleeps, and wakes nobody before its time.
#[cfg(target_os = "linux")]
mod clock {
    use std::io;
    use std::time::Duration;

    use rustix::time::{
        ClockId, Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec,
        clock_gettime, timerfd_create, timerfd_settime,
    };
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// The time since the machine started.
    pub(super) fn now() -> Duration {
        Duration::try_from(clock_gettime(ClockId::Boottime)).unwrap_or_default()
    }

    pub(super) async fn sleep(time: Duration) {
        if wait(time).await.is_err() {
            // No more files may be open: then the timer that sleeps with the machine has to do.
            tokio::time::sleep(time).await;
        }
    }

    async fn wait(time: Duration) -> io::Result<()> {
        // A time of zero would disarm the timer.
        let time = time.max(Duration::from_nanos(1));
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Boottime, flags)?;
        let once = Itimerspec {
            it_interval: Timespec::default(),
            it_value: Timespec::try_from(time).map_err(io::Error::other)?,
        };
        timerfd_settime(&timer, TimerfdTimerFlags::empty(), &once)?;
        #[expect(
            deprecated,
            reason = "unsound only where a descriptor may close or change meanwhile: this one is owned"
        )]
        let timer = AsyncFd::with_interest(timer, Interest::READABLE)?;
        timer.readable().await.map(drop)
    }
}

/// Elsewhere timers sleep with the machine: the clock on the wall is looked at now and then.
#[cfg(not(target_os = "linux"))]
mod clock {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    /// How long after the machine woke what is open is locked at the latest.
    const LOOK: Duration = Duration::from_secs(30);

    pub(super) fn now() -> Duration {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
    }

    pub(super) async fn sleep(time: Duration) {
        tokio::time::sleep(time.min(LOOK)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_wakes_when_the_time_has_come_and_not_before() {
        for milliseconds in [0, 1, 40] {
            let end = clock::now() + Duration::from_millis(milliseconds);
            until(Some(end)).await;
            assert!(clock::now() >= end, "{milliseconds}");
        }
    }

    #[tokio::test]
    async fn without_a_time_it_waits() {
        let long = tokio::time::timeout(Duration::from_millis(20), until(None)).await;
        assert!(long.is_err());
    }
}
