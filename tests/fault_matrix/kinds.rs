//! The faults, in sizes for a test.

use std::time::Duration;

use bunq_tui::simulator::{FaultKind, RetryAfter};
use bunq_tui::workspace::TimeLimits;

use crate::bank::{BODY, HUNDREDTHS, PATIENT};
use crate::columns::Column;

/// A fault as the table names it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) kind: FaultKind,
}

/// Every kind that the simulator has, some in more than one form, redirects to this address. What
/// takes a grant or a key away comes last.
pub(crate) fn rows(elsewhere: &str, column: &Column) -> Vec<Row> {
    let exchange = column.shape == "POST token";
    let mut rows: Vec<Row> = FaultKind::all()
        .into_iter()
        .flat_map(|kind| forms(kind, elsewhere, exchange))
        .map(|(form, kind)| Row {
            name: format!("{}{form}", kind.name()),
            kind,
        })
        .collect();
    rows.sort_by_key(|row| row.kind == FaultKind::RevokedToken);
    rows
}

fn forms(kind: FaultKind, elsewhere: &str, exchange: bool) -> Vec<(String, FaultKind)> {
    let form = |name: &str, kind| (name.to_owned(), kind);
    match kind {
        FaultKind::Delay(_) => vec![form("", FaultKind::Delay(Duration::from_secs(60)))],
        FaultKind::Drip { .. } => vec![form(" fast", drip(1024, 1)), form(" slow", drip(1, 40))],
        FaultKind::Oversize { .. } => [true, false]
            .map(|announced| {
                let bytes = 2 * BODY as u64;
                let name = if announced { " announced" } else { "" };
                form(name, FaultKind::Oversize { bytes, announced })
            })
            .into(),
        FaultKind::TooMany { .. } => vec![
            form("", too_many(3, 3, None)),
            form(
                " after seconds",
                too_many(3, 3, Some(RetryAfter::Seconds(2))),
            ),
            form(" after a date", too_many(3, 3, Some(RetryAfter::Date(2)))),
            form(" for a day", too_many(10, 86_400, None)),
        ],
        FaultKind::Redirect { .. } => [301, 302, 303, 307, 308]
            .map(|status| {
                let location = elsewhere.to_owned();
                let name = format!(" {status}");
                (name, FaultKind::Redirect { status, location })
            })
            .into(),
        FaultKind::TokenError(_) if exchange => [
            "invalid_client",
            "invalid_grant",
            "invalid_request",
            "unauthorized_client",
            "unsupported_grant_type",
            "something_else",
        ]
        .map(|error| (format!(" {error}"), FaultKind::TokenError(error.into())))
        .into(),
        other => vec![form("", other)],
    }
}

fn drip(piece: usize, pause: u64) -> FaultKind {
    let pause = Duration::from_millis(pause);
    FaultKind::Drip { piece, pause }
}

fn too_many(calls: u32, seconds: u32, retry_after: Option<RetryAfter>) -> FaultKind {
    FaultKind::TooMany {
        calls,
        seconds,
        retry_after,
    }
}

impl Row {
    /// Whether it is about time, so that the client's patience is what ends the call. The others
    /// end by themselves, however slow this machine is.
    pub(crate) fn waits(&self) -> bool {
        match self.kind {
            FaultKind::Delay(_) | FaultKind::Stall => true,
            FaultKind::Drip { piece, .. } => piece == 1,
            _ => false,
        }
    }

    pub(crate) fn limits(&self) -> TimeLimits {
        if self.waits() { HUNDREDTHS } else { PATIENT }
    }
}
