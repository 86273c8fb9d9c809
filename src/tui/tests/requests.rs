//! Requests as the Log screen shows them.

use std::time::Duration;

use jiff::SignedDuration;

use super::fixtures::{full, now, send};
use crate::base::{Method, RequestEvent, RequestId, RequestOutcome, Verification, WaitReason};
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

/// A request that began.
pub(super) fn begins(model: &mut Model, id: u64, method: Method, path: &str) {
    send(
        model,
        Msg::Log(RequestEvent::Began {
            id: RequestId(id),
            method,
            path: path.into(),
            at: now(),
        }),
    );
}

/// A request that waits for so many seconds from now on.
pub(super) fn waits(model: &mut Model, id: u64, seconds: i64, why: WaitReason) {
    let until = model.now + SignedDuration::from_secs(seconds);
    let id = RequestId(id);
    send(model, Msg::Log(RequestEvent::Waits { id, until, why }));
}

/// A request that ended well.
pub(super) fn ends(model: &mut Model, id: u64) {
    send(
        model,
        Msg::Log(RequestEvent::Ended {
            id: RequestId(id),
            outcome: RequestOutcome {
                status: Some(200),
                verification: Verification::Verified,
                failure: None,
            },
            took: Duration::from_millis(20),
        }),
    );
}

/// The bank's limit on sessions.
pub(super) const ONE_SESSION: WaitReason = WaitReason::Limit {
    calls: 1,
    seconds: 30,
};

/// Two requests wait, the session for 12 s.
pub(super) fn held(mut model: Model) -> Model {
    begins(&mut model, 101, Method::Post, "/v1/session-server");
    begins(&mut model, 102, Method::Get, "/v1/user/42/monetary-account");
    waits(&mut model, 101, 12, ONE_SESSION);
    waits(&mut model, 102, 17, WaitReason::Refused);
    model
}
