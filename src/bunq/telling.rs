//! What is told of a request while it is made.

use std::time::Instant;

use jiff::Timestamp;

use crate::base::{
    Events, Method, RequestEvent, RequestId, RequestOutcome, Verification, WaitReason,
};

/// Tells that a request began, and always that it ended: also when its task is dropped.
pub(super) struct Telling<'a> {
    events: &'a Events,
    id: RequestId,
    started: Instant,
    outcome: RequestOutcome,
}

impl<'a> Telling<'a> {
    pub(super) fn begin(events: &'a Events, method: Method, path: &str, at: Timestamp) -> Self {
        let id = events.next_id();
        events.tell(RequestEvent::Began {
            id,
            method,
            path: path.to_owned(),
            at,
        });
        Self {
            events,
            id,
            started: Instant::now(),
            outcome: RequestOutcome {
                status: None,
                verification: Verification::NotExpected,
                failure: Some("cancelled"),
            },
        }
    }

    /// Which request it is.
    pub(super) fn id(&self) -> RequestId {
        self.id
    }

    pub(super) fn waits(&self, until: Timestamp, why: WaitReason) {
        self.events.tell(RequestEvent::Waits {
            id: self.id,
            until,
            why,
        });
    }

    /// It goes out now: whatever came before was waiting.
    pub(super) fn sent(&mut self, at: Timestamp) {
        self.events.tell(RequestEvent::Sent { id: self.id, at });
        self.started = Instant::now();
    }

    pub(super) fn end(mut self, outcome: RequestOutcome) {
        self.outcome = outcome;
    }
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        self.events.tell(RequestEvent::Ended {
            id: self.id,
            outcome: self.outcome.clone(),
            took: self.started.elapsed(),
        });
    }
}
