//! What is made of every bad answer.

use std::time::Duration;

use crate::bank::*;
use crate::wire::every_call;
use bunq_tui::base::{Clock, Endpoints, Events, Exit, Method, RequestEvent, Secret};
use bunq_tui::bunq::{Client, ErrorKind, TimeLimits, Unreachable};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::Url;

#[tokio::test]
async fn each_documented_error_has_its_kind() {
    let rate = ErrorKind::RateLimited {
        max: Some(3),
        seconds: Some(3),
        retry_after: None,
    };
    let table = [
        (
            "error.400.credentials",
            400,
            ErrorKind::CredentialsRefused,
            Exit::Refused,
        ),
        (
            "error.400.signature",
            400,
            ErrorKind::SignatureRefused,
            Exit::Failed,
        ),
        (
            "error.400.device-exists",
            400,
            ErrorKind::DeviceExists,
            Exit::Failed,
        ),
        (
            "error.400.session-exists",
            400,
            ErrorKind::BadRequest,
            Exit::Failed,
        ),
        ("error.400.paging", 400, ErrorKind::BadRequest, Exit::Failed),
        (
            "error.401.session",
            401,
            ErrorKind::SessionDead,
            Exit::Refused,
        ),
        (
            "error.403.session",
            403,
            ErrorKind::SessionDead,
            Exit::Refused,
        ),
        ("error.404.account", 404, ErrorKind::NotFound, Exit::Failed),
        ("error.404.item", 404, ErrorKind::NotFound, Exit::Failed),
        ("error.404.route", 404, ErrorKind::NotOffered, Exit::Failed),
        ("error.429", 429, rate, Exit::TryLater),
        ("error.466", 466, ErrorKind::SignatureMissing, Exit::Failed),
        ("error.491", 491, ErrorKind::Maintenance, Exit::TryLater),
    ];
    for (name, status, kind, exit) in table {
        let body = fixture(&format!("{name}.json"));
        for says in [
            Says::unsigned(status, body.clone()),
            Says::signed(status, body.clone()),
            // A failed check on an error hides nothing.
            Says::unsigned(status, body).with("X-Bunq-Server-Signature", "AAAA"),
        ] {
            let bank = Bank::saying(says.with("X-Bunq-Client-Response-Id", "r-1")).await;
            let error = session().read_user(&bank.client).await.unwrap_err();
            assert_eq!((error.kind(), error.exit()), (&kind, exit), "{name}");
            assert_eq!(error.status(), Some(status));
            assert_eq!(error.response_id().unwrap().as_str(), "r-1");
            assert!(error.description().is_some());
            assert_eq!(error.is_session_dead(), kind == ErrorKind::SessionDead);
        }
    }
}

#[tokio::test]
async fn the_same_sentence_to_an_installation_is_not_about_a_session() {
    for (name, status) in [("error.401.session", 401), ("error.403.session", 403)] {
        let body = fixture(&format!("{name}.json"));
        let bank = Bank::saying(Says::unsigned(status, body)).await;
        let secret = Secret::new("k");
        let error = device()
            .open_session(&bank.client, &secret)
            .await
            .unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::InstallationRefused);
    }
}

#[tokio::test]
async fn answers_that_are_no_answers() {
    let html = "<!DOCTYPE html><title>502 Bad Gateway</title>";
    let cases = [
        (
            Says::unsigned(502, html),
            ErrorKind::ServerError { html: true },
        ),
        (
            Says::unsigned(500, "{}"),
            ErrorKind::ServerError { html: false },
        ),
        (Says::unsigned(503, html), ErrorKind::Maintenance),
        (Says::unsigned(403, html), ErrorKind::NotJson { html: true }),
        (Says::unsigned(404, html), ErrorKind::NotJson { html: true }),
        (
            Says::unsigned(400, "oops"),
            ErrorKind::NotJson { html: false },
        ),
        (Says::signed(200, html), ErrorKind::NotJson { html: true }),
        (
            Says::signed(200, b"\xff\xfe".to_vec()),
            ErrorKind::NotJson { html: false },
        ),
        (
            Says::signed(200, "{\"Response\":"),
            ErrorKind::NotJson { html: false },
        ),
        (
            Says::signed(200, "{}"),
            ErrorKind::UnexpectedShape("a `Response`"),
        ),
        (
            Says::signed(200, "{\"Response\":[]}"),
            ErrorKind::UnexpectedShape("one user"),
        ),
        (
            Says::signed(200, "{\"Response\":[7]}"),
            ErrorKind::UnexpectedShape("an element in a wrapper"),
        ),
        (Says::unsigned(399, ""), ErrorKind::BadRequest),
        (
            Says::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec()),
            ErrorKind::BrokenAnswer,
        ),
        (Says::Bytes(Vec::new()), ErrorKind::BrokenAnswer),
    ];
    for (says, kind) in cases {
        let bank = Bank::saying(says.clone()).await;
        let error = session().read_user(&bank.client).await.unwrap_err();
        assert_eq!(*error.kind(), kind, "{says:?}");
    }
}

#[tokio::test]
async fn json_deeper_than_any_answer_is_refused_without_harm() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let body = format!(r#"{{"Response":[{{"UserPerson":{{"id":1,"x":{deep}}}}}]}}"#);
    let bank = Bank::saying(Says::signed(200, body)).await;
    let error = session().read_user(&bank.client).await.unwrap_err();
    assert!(matches!(
        error.kind(),
        ErrorKind::UnexpectedShape(_) | ErrorKind::NotJson { .. }
    ));
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let other = Bank::saying(Says::unsigned(200, "{}")).await;
    for status in [301, 302, 303, 307, 308] {
        let there = other.endpoints.api.join("user").unwrap();
        let says = Says::unsigned(status, "").with("Location", there.as_str());
        let bank = Bank::saying(says).await;
        for (call, result) in every_call(&bank.client).await {
            assert_eq!(*result.expect_err(call).kind(), ErrorKind::Redirected);
        }
    }
    assert_eq!(other.asked().len(), 0);
}

#[tokio::test]
async fn large_answers_are_left_unread() {
    let limits = TimeLimits {
        body: 1000,
        ..TimeLimits::default()
    };
    let announced = Says::signed(200, vec![b' '; 1001]);
    let mut chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..4 {
        chunked.extend_from_slice(b"12c\r\n");
        chunked.extend_from_slice(&[b' '; 300]);
        chunked.extend_from_slice(b"\r\n");
    }
    for says in [announced, Says::Bytes(chunked)] {
        let bank = Bank::saying(says).await;
        let client = bank.client.clone().with_time_limits(limits);
        let error = session().read_user(&client).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::TooLarge { limit: 1000 });
    }
}

#[tokio::test]
async fn silence_ends_in_time() {
    let limits = TimeLimits {
        total: Duration::from_millis(30),
        ..TimeLimits::default()
    };
    let bank = Bank::saying(Says::Nothing).await;
    let client = bank.client.clone().with_time_limits(limits);
    let error = session().read_user(&client).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::TimedOut);
    assert!(error.is_outcome_unknown());
}

#[tokio::test]
async fn nobody_there() {
    let mut endpoints = {
        let bank = Bank::saying(Says::Nothing).await;
        bank.endpoints.clone()
    };
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    endpoints.api.set_port(Some(port)).unwrap();
    let client = Client::new(endpoints, Clock::system(), Events::default()).unwrap();
    let error = session().read_user(&client).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unreachable(Unreachable::Refused));
    assert_eq!(error.exit(), Exit::Unavailable);
}

#[tokio::test]
async fn no_tls_is_told_apart() {
    // It speaks at once, and not TLS.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
        // Until the client leaves.
        while stream.read(&mut [0; 512]).await.is_ok_and(|read| read > 0) {}
    });
    let root = Url::parse(&format!("https://{address}")).unwrap();
    let endpoints = Endpoints::local(&root).unwrap();
    let client = Client::new(endpoints, Clock::system(), Events::default()).unwrap();
    let error = client.new_sandbox_person().await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Tls);
}

#[tokio::test]
async fn plain_http_never_leaves_this_machine() {
    let bank = Bank::saying(Says::Nothing).await;
    for service in 0..3 {
        let mut endpoints = bank.endpoints.clone();
        let url = match service {
            0 => &mut endpoints.api,
            1 => &mut endpoints.authorize,
            _ => &mut endpoints.token,
        };
        *url = Url::parse("http://192.0.2.1/v1/").unwrap();
        assert!(Client::new(endpoints, Clock::system(), Events::default()).is_err());
    }
}

#[tokio::test]
async fn a_dropped_request_is_told_too() {
    let bank = Bank::saying(Says::Nothing).await;
    let mut events = bank.events.listen();
    let client = bank.client.clone();
    let task = tokio::spawn(async move { session().read_user(&client).await });
    let RequestEvent::Began {
        id, method, path, ..
    } = events.recv().await.unwrap()
    else {
        panic!("no beginning")
    };
    assert_eq!((method, path.as_str()), (Method::Get, "/v1/user"));
    task.abort();
    let (same, outcome) = loop {
        match events.recv().await.unwrap() {
            // It may just have left.
            RequestEvent::Sent { .. } => {}
            RequestEvent::Ended { id, outcome, .. } => break (id, outcome),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((same, outcome.failure), (id, Some("cancelled")));
}

#[tokio::test]
async fn rate_limits_tell_what_they_know() {
    let sentence = r#"{"Error":[{"error_description":"Too many requests. You can do a maximum of 1 calls per 30 seconds to this endpoint."}]}"#;
    let says = Says::unsigned(429, sentence).with("Retry-After", "7");
    let bank = Bank::saying(says).await;
    let error = session().read_user(&bank.client).await.unwrap_err();
    let expected = ErrorKind::RateLimited {
        max: Some(1),
        seconds: Some(30),
        retry_after: Some(Duration::from_secs(7)),
    };
    assert_eq!(*error.kind(), expected);
    let bank = Bank::saying(Says::unsigned(429, "slow down")).await;
    let error = session().read_user(&bank.client).await.unwrap_err();
    assert!(matches!(
        error.kind(),
        ErrorKind::RateLimited { max: None, .. }
    ));
}
