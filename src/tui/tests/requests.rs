//! Requests as the Log screen shows them.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use super::fixtures::{draw, full, now, press, send, text};
use crate::base::{
    Body, Method, RequestEvent, RequestId, RequestOutcome, Secret, Side, Transcript, Verification,
    WaitReason,
};
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;

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
        send(&mut model, Msg::Log(RequestEvent::Sent { id, at: now() }));
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

/// A session that was opened after a wait, in full, as far as it is known.
fn opened(transcript: Option<Transcript>) -> Model {
    let mut model = logged();
    begins(&mut model, 101, Method::Post, "/v1/session-server");
    waits(&mut model, 101, 12, ONE_SESSION);
    press(&mut model, Action::First);
    assert_eq!(
        press(&mut model, Action::Enter),
        [Effect::RecallTranscript(RequestId(101))]
    );
    let id = RequestId(101);
    if let Some(transcript) = transcript {
        let at = now() + SignedDuration::from_millis(12_345);
        send(&mut model, Msg::Log(RequestEvent::Sent { id, at }));
        let ended = Msg::Log(RequestEvent::Ended {
            id,
            outcome: RequestOutcome {
                status: Some(200),
                verification: Verification::Verified,
                failure: None,
            },
            took: Duration::from_millis(20),
        });
        assert_eq!(send(&mut model, ended), [Effect::RecallTranscript(id)]);
        let transcript = Some(Arc::new(transcript));
        send(&mut model, Msg::Recalled { id, transcript });
    }
    model
}

fn side(headers: &[(&str, &str)], text: &str) -> Side {
    Side {
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).into(), Secret::new(*value)))
            .collect(),
        body: Body::Json {
            text: Secret::new(text),
            bytes: text.len(),
            cut: false,
        },
    }
}

/// A request in full.
pub(super) fn in_full() -> Model {
    let asked = side(
        &[
            ("cache-control", "no-cache"),
            ("x-bunq-language", "en_US"),
            ("x-bunq-client-authentication", "••••"),
            ("x-bunq-client-signature", "••••"),
            (
                "x-bunq-client-request-id",
                "5c3f9a0e-1b7d-4c55-9a26-2f1d7f0f9a61",
            ),
        ],
        "{\n  \"secret\": \"••••\"\n}",
    );
    let answered = side(
        &[("content-type", "application/json"), ("server", "••••")],
        "{\n  \"Response\": [\n    {\n      \"Id\": {\n        \"id\": 42\n      }\n    },\n    {\n      \
         \"Token\": {\n        \"id\": 43,\n        \"token\": \"••••\"\n      }\n    },\n    {\n      \
         \"UserPerson\": {\n        \"id\": 44,\n        \"display_name\": \"Zoë with a name so long that \
         it does not fit into one line of a narrow terminal\"\n      }\n    }\n  ]\n}",
    );
    opened(Some(Transcript {
        id: RequestId(101),
        query: None,
        asked,
        answered: Some(answered),
    }))
}

/// A request in full that waits.
pub(super) fn in_full_waiting() -> Model {
    opened(None)
}

#[test]
fn a_request_in_full_is_read_to_its_end() {
    let mut model = in_full();
    let top = text(&draw(&model, 80, 24));
    for words in [
        "Request 101",
        "Queued     14:02:00",
        "Sent       14:02:12 after 12.3 s: bunq takes 1 in 30 s",
        "Answered   200 after 20 ms",
        "x-bunq-client-authentication: ••••",
    ] {
        assert!(top.contains(words), "{words} in\n{top}");
    }
    model.size = (80, 24);
    press(&mut model, Action::Last);
    let end = text(&draw(&model, 80, 24));
    assert!(end.contains("narrow terminal"), "{end}");
    assert!(!end.contains("Queued"), "{end}");
    // New requests come; the one that is read stays.
    for id in 200..205 {
        begins(&mut model, id, Method::Get, "/v1/user");
    }
    assert_eq!(text(&draw(&model, 80, 24)), end);
    press(&mut model, Action::Back);
    let row = text(&draw(&model, 80, 24));
    let row = row.lines().find(|line| line.contains('▸')).unwrap();
    assert!(
        row.contains("session-server") && row.contains("14:02:12"),
        "{row}"
    );
    assert!(row.contains("200 waited"), "{row}");
    let wide = text(&draw(&model, 120, 24));
    assert!(wide.contains("20 ms  12.3 s  verified"), "{wide}");
    // Where it is not kept any more, it says so.
    press(&mut model, Action::Enter);
    assert!(text(&draw(&model, 80, 24)).contains("not kept"));
    model.log.forget();
    assert!(text(&draw(&model, 80, 24)).contains("newest first"));
}

#[test]
fn a_request_that_goes_is_not_read_any_more() {
    let mut model = in_full();
    for id in 200..1_300 {
        begins(&mut model, id, Method::Get, "/v1/user");
    }
    assert!(text(&draw(&model, 80, 24)).contains("newest first"));
}
