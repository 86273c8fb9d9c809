//! What whoever watches the bank keeps: faults, wording and calls. The bank may forget everything;
//! this stays.

use std::collections::{BTreeMap, VecDeque};

use super::Call;
use super::fault::Faults;
use super::wording::Wording;

/// No more calls than this are remembered; the oldest go first.
const CALLS_KEPT: usize = 10_000;

/// The faults that are set, and the calls that came.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub(super) faults: Faults,
    pub(super) wording: Wording,
    calls: VecDeque<Call>,
    /// Calls answered with each status, forgotten ones included.
    answered: BTreeMap<u16, u64>,
    /// Calls that the bank's limits refused.
    pub(super) refused_for_limits: u64,
}

impl Journal {
    /// Remembers a call.
    pub(super) fn record(&mut self, call: Call) {
        let answered = self.answered.entry(call.status).or_default();
        *answered = answered.saturating_add(1);
        if self.calls.len() >= CALLS_KEPT {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    /// The calls that are still remembered, oldest first.
    pub(super) fn calls(&self) -> &VecDeque<Call> {
        &self.calls
    }

    /// How many calls were answered with this status.
    pub(super) fn answered(&self, status: u16) -> u64 {
        self.answered.get(&status).copied().unwrap_or(0)
    }

    /// How many calls came.
    pub(super) fn total(&self) -> u64 {
        self.answered.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn calls_are_forgotten_but_not_their_number() {
        let mut journal = Journal::default();
        for nth in 0..10_100 {
            journal.record(Call {
                method: "GET".to_owned(),
                path: format!("/v1/{nth}"),
                status: if nth % 2 == 0 { 200 } else { 429 },
                at: Timestamp::UNIX_EPOCH,
            });
        }
        assert_eq!(journal.calls().len(), CALLS_KEPT);
        assert_eq!(journal.calls()[0].path, "/v1/100");
        assert_eq!((journal.total(), journal.answered(429)), (10_100, 5050));
    }
}
