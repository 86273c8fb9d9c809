//! Requests as the Log screen shows them.

use std::time::Duration;

use super::fixtures::{full, now, send};
use crate::base::{Method, RequestEvent, RequestId, RequestOutcome, Verification};
use crate::tui::app::{Model, Msg, Screen};

/// A log with every kind of request.
pub(super) fn logged() -> Model {
    let mut model = full();
    model.screen = Screen::Log;
    let requests = [
        (
            Method::Post,
            "/v1/installation",
            Some(200),
            Verification::NotExpected,
            None,
        ),
        (
            Method::Post,
            "/v1/device-server",
            Some(200),
            Verification::Verified,
            None,
        ),
        (
            Method::Get,
            "/v1/user/42/monetary-account",
            Some(200),
            Verification::Verified,
            None,
        ),
        (
            Method::Get,
            "/v1/user/42",
            Some(429),
            Verification::NotExpected,
            None,
        ),
        (
            Method::Get,
            "/v1/user/42",
            None,
            Verification::NotExpected,
            Some("timeout"),
        ),
        (
            Method::Get,
            "/v1/user/42",
            Some(200),
            Verification::Failed,
            None,
        ),
    ];
    for (place, (method, path, status, verification, failure)) in requests.into_iter().enumerate() {
        let id = RequestId(place as u64 + 1);
        send(
            &mut model,
            Msg::Log(RequestEvent::Began {
                id,
                method,
                path: path.into(),
                at: now(),
            }),
        );
        send(
            &mut model,
            Msg::Log(RequestEvent::Ended {
                id,
                outcome: RequestOutcome {
                    status,
                    verification,
                    failure,
                },
                took: Duration::from_millis(17 * (place as u64 + 1)),
            }),
        );
    }
    model
}
