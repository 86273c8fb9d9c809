//! How much there is to do, before it is done.

use std::time::Duration;

use jiff::Timestamp;

use super::{SessionState, UserSummary};
use crate::bunq::Limits;

/// How often the bank opens a session and lets accounts be read, by its tables, a margin included;
/// nothing where no table says so.
fn paces(limits: Limits) -> (Duration, Duration) {
    let (session, read) = match limits {
        Limits::Off => (0, 0),
        Limits::Classic => (30_200, 1_067),
        // Reads count for each user alone.
        Limits::Current => (20_067, 0),
    };
    (Duration::from_millis(session), Duration::from_millis(read))
}

/// What bringing all users up to date takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshWork {
    /// How many users are read.
    pub users: usize,
    /// How many of them need a new session first.
    pub sessions: usize,
    /// About how long it takes; none where no limit sets the pace.
    pub takes: Option<Duration>,
}

/// What bringing these users up to date takes within these limits.
#[must_use]
pub fn refresh_work(users: &[UserSummary], limits: Limits, now: Timestamp) -> RefreshWork {
    let mut work = RefreshWork {
        users: 0,
        sessions: 0,
        takes: None,
    };
    for user in users.iter().filter(|user| user.revoked_at.is_none()) {
        work.users += 1;
        let open = matches!(user.session, SessionState::Until(until) if now < until);
        work.sessions += usize::from(!open);
    }
    let (session, read) = paces(limits);
    let times = |pace: Duration, count: usize| {
        pace.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
    };
    // Sessions are opened beside the reads.
    let takes = times(session, work.sessions).max(times(read, work.users));
    work.takes = Some(takes).filter(|takes| !takes.is_zero());
    work
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Totals, UserKind, UserNumber};

    fn user(number: u32, session: SessionState) -> UserSummary {
        UserSummary {
            number: UserNumber(number),
            name: "Somebody".into(),
            kind: UserKind::Person,
            accounts: None,
            totals: Totals::default(),
            connected_at: None,
            session,
            revoked_at: None,
            of_earlier_setup: false,
            as_of: None,
        }
    }

    #[test]
    fn sessions_and_reads_run_side_by_side_and_the_slower_counts() {
        let now: Timestamp = "2026-11-24T14:00:00Z".parse().unwrap();
        let until = "2026-11-25T14:00:00Z".parse().unwrap();
        let mut users: Vec<_> = (1..=90)
            .map(|n| user(n, SessionState::Until(until)))
            .collect();
        let all_open = refresh_work(&users, Limits::Classic, now);
        assert_eq!((all_open.users, all_open.sessions), (90, 0));
        assert_eq!(all_open.takes.unwrap().as_secs(), 96);
        assert_eq!(refresh_work(&users, Limits::Off, now).takes, None);
        assert_eq!(refresh_work(&users, Limits::Current, now).takes, None);

        users.extend((91..=100).map(|n| user(n, SessionState::Expired)));
        users.push(user(101, SessionState::Until(now)));
        let mut gone = user(102, SessionState::None);
        gone.revoked_at = Some(now);
        users.push(gone);
        let some_over = refresh_work(&users, Limits::Classic, now);
        assert_eq!((some_over.users, some_over.sessions), (101, 11));
        assert_eq!(some_over.takes.unwrap().as_secs(), 332);
        let current = refresh_work(&users, Limits::Current, now);
        assert_eq!(current.takes.unwrap().as_secs(), 220);
    }
}
