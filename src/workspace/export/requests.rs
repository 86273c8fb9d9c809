//! Requests as CSV and JSON lines: which were made and how they went, never what was in them.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::csv_cell::{Cell, csv};
use crate::base::{Method, Problem, Verification, WaitReason};

/// One request of the Log, without its query, headers and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLine {
    /// When it was to be sent.
    pub queued: Timestamp,
    /// When it left; none while it waits.
    pub sent: Option<Timestamp>,
    /// How.
    pub method: Method,
    /// What.
    pub path: String,
    /// The status, when an answer came.
    pub status: Option<u16>,
    /// One word for a failure without an answer.
    pub failure: Option<&'static str>,
    /// How long it took on the wire.
    pub took: Option<Duration>,
    /// The check of the signature; none while it is not over.
    pub verification: Option<Verification>,
    /// Why it waited before it was sent; none when it did not.
    pub waited_for: Option<WaitReason>,
}

impl RequestLine {
    /// How long it waited, in milliseconds, where it waited and was sent.
    fn waited(&self) -> Option<i64> {
        let waited = self.sent?.duration_since(self.queued).as_millis().max(0);
        let waited = i64::try_from(waited).ok()?;
        self.waited_for.map(|_| waited)
    }

    fn took(&self) -> Option<u64> {
        self.took
            .and_then(|took| u64::try_from(took.as_millis()).ok())
    }

    fn verified(&self) -> Option<&'static str> {
        self.verification.map(|verification| match verification {
            Verification::Verified => "verified",
            Verification::NotExpected => "not expected",
            Verification::Failed => "wrong",
        })
    }

    fn why(&self) -> Option<String> {
        self.waited_for.map(|why| why.to_string())
    }
}

/// The requests as JSON, one object a line.
#[must_use]
pub fn requests_json(requests: &[RequestLine]) -> String {
    let line = |request: &RequestLine| -> Value {
        json!({
            "queued": request.queued,
            "sent": request.sent,
            "method": request.method.to_string(),
            "path": request.path,
            "status": request.status,
            "failure": request.failure,
            "took_ms": request.took(),
            "signature": request.verified(),
            "waited_ms": request.waited(),
            "waited_for": request.why(),
        })
    };
    requests
        .iter()
        .map(|request| line(request).to_string() + "\n")
        .collect()
}

/// The requests as CSV (RFC 4180).
///
/// # Errors
/// As [`super::users_json`].
pub fn requests_csv(requests: &[RequestLine]) -> Result<String, Problem> {
    let header = [
        "queued",
        "sent",
        "method",
        "path",
        "status",
        "failure",
        "took_ms",
        "signature",
        "waited_ms",
        "waited_for",
    ];
    let rows = requests.iter().map(|request| {
        [
            Cell::text(request.queued),
            Cell::optional(request.sent),
            Cell::text(request.method),
            Cell::text(&request.path),
            Cell::optional(request.status),
            Cell::optional(request.failure),
            Cell::optional(request.took()),
            Cell::optional(request.verified()),
            Cell::optional(request.waited()),
            Cell::optional(request.why()),
        ]
    });
    csv(&header, rows)
}
