//! How many calls the simulator takes in how many seconds.

use std::collections::{HashMap, VecDeque};
use std::str::FromStr;

use jiff::Timestamp;

use super::failure::Failure;

/// Which table of limits holds (bunq API: the older and the newer page on rate limits).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limits {
    /// None.
    #[default]
    Off,
    /// GET 3, POST 5, PUT 2 in 3 seconds for each endpoint; `session-server` 1 in 30 seconds.
    Classic,
    /// Payments 1000 a second, other data 70 in 30 seconds, sessions 3 in 60 seconds, the rest of
    /// the setup 10 a day.
    Current,
}

impl FromStr for Limits {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            "classic" => Ok(Self::Classic),
            "current" => Ok(Self::Current),
            _ => Err(format!(
                "\"{text}\" is not a table of limits: use off, classic or current"
            )),
        }
    }
}

/// How calls are named that a limit is for, and one of them.
type Sample = (&'static str, &'static str, &'static str);

const CLASSIC: &[Sample] = &[
    ("GET", "every endpoint", "user"),
    ("POST", "every endpoint", "user"),
    ("PUT", "every endpoint", "user"),
    ("POST", "session-server", "session-server"),
];
const CURRENT: &[Sample] = &[
    (
        "every method,",
        "payments",
        "user/{}/monetary-account/{}/payment",
    ),
    ("every method,", "other data", "user"),
    ("every method,", "session-server", "session-server"),
    ("POST", "the rest of the setup", "installation"),
];

impl Limits {
    /// As the command line names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Classic => "classic",
            Self::Current => "current",
        }
    }

    /// Method, endpoints, calls and seconds of each limit.
    pub(super) fn table(self) -> Vec<(&'static str, &'static str, u32, u32)> {
        let samples = match self {
            Self::Off => &[],
            Self::Classic => CLASSIC,
            Self::Current => CURRENT,
        };
        let limits = samples.iter().filter_map(|(method, endpoints, sample)| {
            let (calls, seconds) = self.window(method, sample)?;
            Some((*method, *endpoints, calls, seconds))
        });
        limits.collect()
    }

    /// Calls and seconds for this endpoint.
    fn window(self, method: &str, endpoint: &str) -> Option<(u32, u32)> {
        match self {
            Self::Off => None,
            Self::Classic => match (method, endpoint) {
                ("POST", "session-server") => Some((1, 30)),
                ("GET", _) => Some((3, 3)),
                ("POST", _) => Some((5, 3)),
                ("PUT", _) => Some((2, 3)),
                _ => None,
            },
            Self::Current => match endpoint {
                "session-server" => Some((3, 60)),
                "installation"
                | "device-server"
                | "payment-service-provider-credential"
                | "sandbox-user-person"
                | "sandbox-user-company"
                    if method == "POST" =>
                {
                    Some((10, 86_400))
                }
                _ if endpoint.contains("/payment") => Some((1000, 1)),
                _ => Some((70, 30)),
            },
        }
    }
}

/// When the calls of each endpoint were taken, for the windows that slide over them.
#[derive(Debug, Default)]
pub(super) struct Windows(HashMap<(String, &'static str, &'static str), VecDeque<Timestamp>>);

impl Windows {
    /// Counts this call, or refuses it. `who` is the caller's address (classic) or token (current).
    pub(super) fn take(
        &mut self,
        limits: Limits,
        who: &str,
        method: &'static str,
        endpoint: &'static str,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let Some((calls, seconds)) = limits.window(method, endpoint) else {
            return Ok(());
        };
        let taken = self
            .0
            .entry((who.to_owned(), method, endpoint))
            .or_default();
        let window = 0..i64::from(seconds);
        // Calls of a time that is still to come are from before the clock was set back.
        taken.retain(|at| window.contains(&now.duration_since(*at).as_secs()));
        if taken.len() >= usize::try_from(calls).unwrap_or(usize::MAX) {
            return Err(Failure::TooMany { calls, seconds });
        }
        taken.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn windows_slide() {
        let mut windows = Windows::default();
        let start = Timestamp::UNIX_EPOCH;
        let mut get = |seconds| {
            let now = start + SignedDuration::from_secs(seconds);
            windows.take(Limits::Classic, "a", "GET", "user", now)
        };
        assert!(get(0).is_ok() && get(1).is_ok() && get(2).is_ok());
        assert_eq!(
            get(2).unwrap_err(),
            Failure::TooMany {
                calls: 3,
                seconds: 3
            }
        );
        assert!(get(3).is_ok(), "the first has left the window");
        assert!(get(3).is_err());
        assert!(get(-86_400).is_ok(), "the clock was set back");
    }
}
