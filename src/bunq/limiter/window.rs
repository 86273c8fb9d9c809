//! The tables of limits, and the calls that count in a window of one.

use jiff::{SignedDuration, Timestamp};

use crate::base::Method;

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

/// The longest that a call waits for its place; beyond it the person is told to come back.
pub(super) const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);
/// Calls arrive at the bank at other distances than they leave here.
const MARGIN: SignedDuration = SignedDuration::from_millis(200);
/// For how long the bank's word on a limit counts.
const LEARNED_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Where a call goes, as far as limits are concerned.
#[derive(Clone, Copy, Debug)]
pub(in crate::bunq) struct Endpoint<'a> {
    pub(in crate::bunq) method: Method,
    /// The path below the API's root.
    pub(in crate::bunq) path: &'a str,
    /// Whose token it carries; none before there is one.
    pub(in crate::bunq) owner: Option<u64>,
}

impl Endpoint<'_> {
    /// The endpoint with `{}` for every id.
    pub(in crate::bunq) fn shape(&self) -> String {
        let pieces = self.path.trim_matches('/').split('/').map(|piece| {
            let is_id = !piece.is_empty() && piece.bytes().all(|b| b.is_ascii_digit());
            if is_id { "{}" } else { piece }
        });
        pieces.collect::<Vec<_>>().join("/")
    }

    /// What its window is called in a table: the older limits count by address, the newer ones by
    /// token.
    pub(super) fn window(&self, limits: Limits) -> String {
        let name = format!("{} {}", self.method, self.shape());
        match (limits, self.owner) {
            (Limits::Current, Some(owner)) => format!("{name} of {owner}"),
            _ => name,
        }
    }
}

impl Limits {
    pub(super) fn rate(self, endpoint: Endpoint<'_>) -> Option<Rate> {
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
                "installation"
                | "device-server"
                | "payment-service-provider-credential"
                | "sandbox-user-person"
                | "sandbox-user-company"
                    if endpoint.method == Method::Post =>
                {
                    rate(10, 86_400)
                }
                shape if shape.contains("/payment") => rate(1000, 1),
                _ => rate(70, 30),
            },
        }
    }
}

/// How much of a window is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The rate that holds, the one with the least room where there are several; none where only
    /// the bank's "too fast" holds.
    pub rate: Option<Rate>,
    /// How many calls count now, those that wait for their place included.
    pub used: u32,
    /// When one more may be made; none when it may be now.
    pub free_at: Option<Timestamp>,
}

impl Rate {
    fn span(self) -> SignedDuration {
        SignedDuration::from_secs(i64::from(self.seconds)) + MARGIN
    }
}

/// Whether a time is no further ahead than anyone waits. One that is comes of a clock that was
/// wrong then, or was put back since.
pub(super) fn is_near(at: Timestamp, now: Timestamp) -> bool {
    at.duration_since(now) <= LONGEST_WAIT
}

/// The rate of a table for the window of this name.
fn table_rate(name: &str, limits: Limits) -> Option<Rate> {
    let name = name.split(" of ").next().unwrap_or(name);
    let (method, path) = name.split_once(' ')?;
    let methods = [Method::Get, Method::Post, Method::Put, Method::Delete];
    let method = methods.into_iter().find(|one| one.to_string() == method)?;
    limits.rate(Endpoint {
        method,
        path,
        owner: None,
    })
}

impl Window {
    /// What holds: the table's rate, and what the bank said.
    pub(super) fn rates(&self, table: Option<Rate>, now: Timestamp) -> Vec<Rate> {
        let learned = self
            .learned
            .filter(|(_, at)| now.duration_since(*at).abs() < LEARNED_FOR)
            .map(|(rate, _)| rate);
        learned.into_iter().chain(table).collect()
    }

    /// Whether anything in it still holds somebody up.
    pub(super) fn counts(&self, now: Timestamp) -> bool {
        self.not_before
            .is_some_and(|at| at > now && is_near(at, now))
            || !self.rates(None, now).is_empty()
    }

    /// The first time at which one more call may be made.
    pub(super) fn free_at(&self, rates: &[Rate], now: Timestamp) -> Timestamp {
        let asked = self.not_before.filter(|at| is_near(*at, now));
        let free = rates.iter().filter_map(|rate| {
            let counted = self.taken.iter().filter(|at| is_near(**at, now));
            let calls = usize::try_from(rate.calls.max(1)).unwrap_or(usize::MAX);
            // The call that must have left the window before there is room.
            let blocking = counted.rev().nth(calls - 1)?;
            blocking.checked_add(rate.span()).ok()
        });
        free.chain(asked).fold(now, Timestamp::max)
    }

    /// How much of it is used up, where anything holds it: `name` is what it is kept under.
    #[must_use]
    pub fn usage(&self, name: &str, limits: Limits, now: Timestamp) -> Option<Usage> {
        let rates = self.rates(table_rate(name, limits), now);
        let free_at = Some(self.free_at(&rates, now)).filter(|at| *at > now);
        let used = |rate: Rate| {
            let counts = |taken: &&Timestamp| {
                is_near(**taken, now) && taken.duration_since(now) > -rate.span()
            };
            u32::try_from(self.taken.iter().filter(counts).count()).unwrap_or(u32::MAX)
        };
        let tightest = rates
            .into_iter()
            .map(|rate| (rate.calls.saturating_sub(used(rate)), rate))
            .min_by_key(|(room, _)| *room);
        match (tightest, free_at) {
            (None, None) => None,
            (tightest, free_at) => Some(Usage {
                rate: tightest.map(|(_, rate)| rate),
                used: tightest.map_or(0, |(_, rate)| used(rate)),
                free_at,
            }),
        }
    }

    /// Writes a call down where it counts, and forgets those that no longer do.
    pub(super) fn take(&mut self, at: Timestamp, rates: &[Rate], now: Timestamp) {
        let Some(longest) = rates.iter().map(|rate| rate.span()).max() else {
            return;
        };
        self.taken
            .retain(|taken| is_near(*taken, now) && taken.duration_since(now) > -longest);
        self.taken.push(at);
        self.taken.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLASSIC_GET: Rate = Rate {
        calls: 3,
        seconds: 3,
    };

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + milliseconds).unwrap()
    }

    fn take(window: &mut Window, now: i64) -> i64 {
        let free = window.free_at(&[CLASSIC_GET], at(now));
        window.take(free, &[CLASSIC_GET], at(now));
        free.as_millisecond() - at(0).as_millisecond()
    }

    #[test]
    fn places_are_given_one_after_the_other() {
        let mut window = Window::default();
        let places: Vec<_> = (0..7).map(|_| take(&mut window, 0)).collect();
        assert_eq!(places, [0, 0, 0, 3200, 3200, 3200, 6400]);
        assert_eq!(take(&mut window, 9700), 9700, "all have left but one");
    }

    #[test]
    fn a_place_that_was_given_back_makes_no_room_too_early() {
        let mut window = Window::default();
        for now in [0, 1000, 2000] {
            take(&mut window, now);
        }
        assert_eq!(take(&mut window, 2000), 3200);
        window.taken.pop();
        assert_eq!(take(&mut window, 2100), 3200, "the first still counts");
    }

    #[test]
    fn a_clock_that_was_put_back_holds_nobody_up() {
        let mut window = Window::default();
        let day = 24 * 60 * 60 * 1000;
        for _ in 0..3 {
            take(&mut window, day);
        }
        window.not_before = Some(at(day));
        assert_eq!(take(&mut window, 0), 0);
        assert_eq!(window.taken, [at(0)], "what was of that day is forgotten");
    }

    #[test]
    fn what_the_bank_said_counts_for_a_day_beside_the_table() {
        let slow = Rate {
            calls: 1,
            seconds: 10,
        };
        let mut window = Window {
            learned: Some((slow, at(0))),
            ..Window::default()
        };
        assert_eq!(window.rates(Some(CLASSIC_GET), at(0)), [slow, CLASSIC_GET]);
        assert_eq!(
            window.rates(Some(CLASSIC_GET), at(90_000_000)),
            [CLASSIC_GET]
        );
        window.take(at(0), &[slow, CLASSIC_GET], at(0));
        assert_eq!(window.free_at(&[slow, CLASSIC_GET], at(100)), at(10_200));
        assert_eq!(window.free_at(&[CLASSIC_GET], at(100)), at(100));
        assert!(window.counts(at(0)) && !window.counts(at(90_000_000)));
    }

    #[test]
    fn a_window_tells_how_much_of_it_is_used() {
        let name = "GET user/{}/monetary-account";
        let mut window = Window::default();
        let used = |window: &Window, now| {
            let usage = window.usage(name, Limits::Classic, at(now)).unwrap();
            assert_eq!(usage.rate, Some(CLASSIC_GET));
            (usage.used, usage.free_at)
        };
        assert_eq!(used(&window, 0), (0, None));
        for _ in 0..2 {
            take(&mut window, 0);
        }
        assert_eq!(used(&window, 10), (2, None));
        take(&mut window, 1000);
        assert_eq!(used(&window, 1000), (3, Some(at(3200))));
        assert_eq!(used(&window, 3200), (1, None), "two have left it");
        assert_eq!(used(&window, 9000), (0, None));
        assert_eq!(window.usage(name, Limits::Off, at(0)), None);
        // Told by the bank where no table holds.
        window.not_before = Some(at(20_000));
        let told = window
            .usage("GET user of 12", Limits::Off, at(9000))
            .unwrap();
        assert_eq!((told.rate, told.free_at), (None, Some(at(20_000))));
    }

    #[test]
    fn each_endpoint_has_its_window() {
        let endpoint = |method, path, owner| Endpoint {
            method,
            path,
            owner,
        };
        let accounts = endpoint(Method::Get, "user/12/monetary-account", Some(12));
        assert_eq!(
            accounts.window(Limits::Classic),
            "GET user/{}/monetary-account"
        );
        assert_eq!(
            accounts.window(Limits::Current),
            "GET user/{}/monetary-account of 12"
        );
        let rate =
            |limits: Limits, endpoint| limits.rate(endpoint).map(|rate| (rate.calls, rate.seconds));
        let session = endpoint(Method::Post, "session-server", None);
        assert_eq!(rate(Limits::Classic, session), Some((1, 30)));
        assert_eq!(rate(Limits::Current, session), Some((3, 60)));
        assert_eq!(rate(Limits::Classic, accounts), Some((3, 3)));
        assert_eq!(rate(Limits::Current, accounts), Some((70, 30)));
        assert_eq!(rate(Limits::Off, accounts), None);
        let close = endpoint(Method::Delete, "session/0", Some(1));
        assert_eq!(rate(Limits::Classic, close), None);
        assert_eq!(close.window(Limits::Classic), "DELETE session/{}");
    }
}
