//! Bringing all users up to date, within the bank's limits.
//!
//! In two lanes at once: users whose session is still good are only read, several together, and
//! the client's limiter paces them; the others need a new session first, of which the bank takes
//! one in 30 s. Whoever turns out to have no good session changes lanes, so that nobody who could
//! be read waits for a session that is not theirs.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::sessions::{may_be_dead, not_set_up};
use super::{RefreshProgress, Refreshed, UserSummary, Workspace};
use crate::base::{Clock, Exit, Problem, Remedy, UserNumber};
use crate::bunq::Limits;

/// How many users are read at once: enough to hide the way to the bank and back.
const AT_ONCE: usize = 4;
/// How many problems are kept; beyond that they are only counted.
const MOST_PROBLEMS: usize = 100;
/// After so many failures without a success between them it is asked whether anybody can be read.
const IN_A_ROW: usize = 3;

impl Workspace {
    /// Brings the accounts of all users up to date, those that were read longest ago first. What
    /// came stays when this is dropped in the middle.
    ///
    /// # Errors
    /// A problem that concerns all users: the bank cannot be reached, has forgotten us, or our
    /// address has changed. What goes wrong with one user alone is in the result.
    pub async fn refresh_all(
        &self,
        progress: mpsc::Sender<RefreshProgress>,
    ) -> Result<Refreshed, Problem> {
        let mut run = self.begin_refresh(progress)?;
        run.tell(None, None).await;
        let mut under_way = FuturesUnordered::new();
        loop {
            while let Some((kind, turn)) = run.next() {
                under_way.push(self.refresh_one(kind, turn));
            }
            let Some((kind, turn, outcome)) = under_way.next().await else {
                return run.result();
            };
            if let Some(problem) = run.ended(kind, turn, outcome) {
                let user = self.user_summary(turn.user).ok();
                run.tell(user, problem).await;
            }
        }
    }

    fn begin_refresh(
        &self,
        progress: mpsc::Sender<RefreshProgress>,
    ) -> Result<RefreshRun, Problem> {
        self.store.provider()?.ok_or_else(not_set_up)?;
        let ourselves = self.ourselves()?.is_some();
        let now = self.settings.clock.now();
        let mut run = RefreshRun {
            progress,
            clock: self.settings.clock.clone(),
            began: now,
            total: 0,
            read_only: Lane::of_width(AT_ONCE),
            session_first: Lane::of_width(self.sessions_at_once()),
            refreshed: Refreshed::default(),
        };
        for (place, row) in self.store.readings()?.into_iter().enumerate() {
            if row.user.is_provider() && !ourselves {
                continue;
            }
            if row.revoked_at.is_some() {
                run.refreshed.revoked += 1;
                continue;
            }
            run.total += 1;
            let open = row.session_until.is_some_and(|until| now < until);
            let kind = if open {
                LaneKind::ReadOnly
            } else {
                LaneKind::SessionFirst
            };
            let user = row.user;
            run.lane(kind).waiting.insert(Turn { place, user });
        }
        Ok(run)
    }

    /// How many sessions are opened at once: with a table of limits in force each waits for the
    /// one before it anyway.
    fn sessions_at_once(&self) -> usize {
        match self.limits() {
            Limits::Off => AT_ONCE,
            Limits::Classic | Limits::Current => 1,
        }
    }

    async fn refresh_one(&self, kind: LaneKind, turn: Turn) -> (LaneKind, Turn, Outcome) {
        let read = match kind {
            LaneKind::ReadOnly => self.read_if_open(turn.user).await,
            LaneKind::SessionFirst => self.read_accounts(turn.user).await.map(|_| true),
        };
        let outcome = match read {
            Ok(true) => Outcome::Fresh,
            Ok(false) => Outcome::SessionOver,
            Err(problem) => Outcome::Failed(problem),
        };
        (kind, turn, outcome)
    }

    /// Reads a user's accounts in its stored session; false when there is none that is good.
    async fn read_if_open(&self, user: UserNumber) -> Result<bool, Problem> {
        let Some(session) = self.stored_session(user)? else {
            return Ok(false);
        };
        match session.accounts(&self.client).await {
            Ok(answer) => {
                self.served.note(user, self.settings.clock.now());
                self.keep_accounts(user, &answer.value).map(|_| true)
            }
            Err(error) if may_be_dead(&error) => {
                // So that the other lane does not ask in it once more.
                self.store.drop_session(user, &session.token)?;
                Ok(false)
            }
            Err(error) => Err(self.diagnose(error, user).await),
        }
    }
}

/// How the reading of one user ended.
enum Outcome {
    Fresh,
    SessionOver,
    Failed(Problem),
}

/// Which of the two lanes.
#[derive(Clone, Copy)]
enum LaneKind {
    ReadOnly,
    SessionFirst,
}

/// A user and its place in the line, oldest figures first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    place: usize,
    user: UserNumber,
}

struct RefreshRun {
    progress: mpsc::Sender<RefreshProgress>,
    clock: Clock,
    began: Timestamp,
    total: usize,
    read_only: Lane,
    session_first: Lane,
    refreshed: Refreshed,
}

impl RefreshRun {
    fn lane(&mut self, kind: LaneKind) -> &mut Lane {
        match kind {
            LaneKind::ReadOnly => &mut self.read_only,
            LaneKind::SessionFirst => &mut self.session_first,
        }
    }

    /// Who is next, where a lane has room.
    fn next(&mut self) -> Option<(LaneKind, Turn)> {
        [LaneKind::ReadOnly, LaneKind::SessionFirst]
            .into_iter()
            .find_map(|kind| Some((kind, self.lane(kind).next()?)))
    }

    /// Notes how a user's turn ended. None when it has only changed lanes; else the problem, if
    /// there was one.
    fn ended(&mut self, kind: LaneKind, turn: Turn, outcome: Outcome) -> Option<Option<Problem>> {
        let now = self.clock.now();
        let lane = self.lane(kind);
        lane.under_way -= 1;
        match outcome {
            Outcome::SessionOver => {
                self.session_first.waiting.insert(turn);
                None
            }
            Outcome::Fresh => {
                lane.dealt_with(now);
                lane.works();
                self.refreshed.fresh += 1;
                Some(None)
            }
            Outcome::Failed(problem) => {
                lane.dealt_with(now);
                if problem.remedy == Some(Remedy::SetUpAnew) {
                    self.read_only.closed = Some(problem.clone());
                    self.session_first.closed = Some(problem.clone());
                } else if perhaps_everyone(&problem) {
                    lane.fails(&problem);
                }
                self.refreshed.failures += 1;
                if self.refreshed.failed.len() < MOST_PROBLEMS {
                    self.refreshed.failed.push((turn.user, problem.clone()));
                }
                Some(Some(problem))
            }
        }
    }

    async fn tell(&self, user: Option<UserSummary>, problem: Option<Problem>) {
        let now = self.clock.now();
        let told = RefreshProgress {
            total: self.total,
            fresh: self.refreshed.fresh,
            failed: self.refreshed.failures,
            user,
            problem,
            elapsed: Duration::try_from(now.duration_since(self.began)).unwrap_or_default(),
            // The lanes run side by side.
            to_go: self
                .read_only
                .to_go()
                .zip(self.session_first.to_go())
                .map(|(one, other)| one.max(other)),
        };
        // Nobody has to listen.
        let _ = self.progress.send(told).await;
    }

    fn result(self) -> Result<Refreshed, Problem> {
        let closed = self.session_first.closed.or(self.read_only.closed);
        match closed {
            Some(problem) => Err(problem),
            // Too few were left to tell it from a failure of those alone.
            None if self.refreshed.fresh == 0 => {
                let outside =
                    |problem: &&Problem| matches!(problem.exit, Exit::Unavailable | Exit::TryLater);
                let mut failed = self.refreshed.failed.iter().map(|(_, problem)| problem);
                match failed.next().filter(outside) {
                    Some(first) if failed.all(|problem| outside(&problem)) => Err(first.clone()),
                    _ => Ok(self.refreshed),
                }
            }
            None => Ok(self.refreshed),
        }
    }
}

/// Users who are dealt with in the same way.
struct Lane {
    waiting: BTreeSet<Turn>,
    /// How many at once.
    width: usize,
    under_way: usize,
    done: u32,
    first_done: Option<Timestamp>,
    last_done: Option<Timestamp>,
    /// Failures that may concern everyone, since the last success.
    in_a_row: usize,
    /// Whether the one under way is to show if anybody can be read.
    trying: bool,
    /// Why nobody else is asked about.
    closed: Option<Problem>,
}

impl Lane {
    fn of_width(width: usize) -> Self {
        Self {
            waiting: BTreeSet::new(),
            width,
            under_way: 0,
            done: 0,
            first_done: None,
            last_done: None,
            in_a_row: 0,
            trying: false,
            closed: None,
        }
    }

    fn next(&mut self) -> Option<Turn> {
        let suspicious = self.in_a_row >= IN_A_ROW;
        let width = if suspicious { 1 } else { self.width };
        if self.closed.is_some() || self.under_way >= width {
            return None;
        }
        // Users who can never be read have the oldest figures and come first, every time. So it
        // is the one read last who shows whether the bank answers at all.
        let turn = if suspicious {
            self.trying = true;
            self.waiting.pop_last()
        } else {
            self.waiting.pop_first()
        }?;
        self.under_way += 1;
        Some(turn)
    }

    fn dealt_with(&mut self, now: Timestamp) {
        self.done = self.done.saturating_add(1);
        self.first_done.get_or_insert(now);
        self.last_done = Some(now);
    }

    fn works(&mut self) {
        self.in_a_row = 0;
        self.trying = false;
    }

    fn fails(&mut self, problem: &Problem) {
        if self.trying {
            self.closed = Some(problem.clone());
        }
        self.in_a_row += 1;
    }

    /// How long it will still take at the speed so far; none before two are done.
    fn to_go(&self) -> Option<Duration> {
        let waiting = match self.closed {
            Some(_) => 0,
            None => self.waiting.len(),
        };
        let left = u32::try_from(waiting + self.under_way).ok()?;
        if left == 0 {
            return Some(Duration::ZERO);
        }
        let spent = self.last_done?.duration_since(self.first_done?);
        let each = Duration::try_from(spent)
            .ok()?
            .checked_div(self.done.checked_sub(1)?)?;
        each.checked_mul(left)
    }
}

/// Whether a failure may be that of every other user too. A grant that is gone is one user's.
fn perhaps_everyone(problem: &Problem) -> bool {
    problem.remedy != Some(Remedy::ConnectAgain) && problem.exit != Exit::Usage
}
