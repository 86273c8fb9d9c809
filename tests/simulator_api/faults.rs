//! Faults and rate limits.

use std::time::Duration;

use bunq_tui::simulator::{Fault, FaultKind, Limits, Options};
use serde_json::Value;

use crate::support::Bank;

fn fault(endpoint: &str, kind: FaultKind) -> Fault {
    Fault {
        endpoint: endpoint.to_owned(),
        nth: Some(1),
        kind,
    }
}

#[tokio::test]
async fn classic_limits_refuse_and_recover() {
    let options = Options {
        limits: Limits::Classic,
        ..Options::default()
    };
    let bank = Bank::open(options).await;
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    bank.simulator.clock().stand(now);
    let key = bank.sandbox_key("person").await;
    let (session, _) = bank.session(&key).await;
    for _ in 0..3 {
        assert_eq!(bank.get("user", &session).await.status, 200);
    }
    let token = "X-Bunq-Client-Authentication";
    let refused = bank
        .send(bank.request("GET", "/v1/user").header(token, &session))
        .await;
    let text = "Too many requests. You can do a maximum of 3 calls per 3 second to this endpoint.";
    assert_eq!(refused.error(), (429, text.to_owned()));
    assert!(refused.header("x-bunq-server-signature").is_none());
    let soon = bank.send(
        bank.request("POST", "/v1/session-server")
            .header(token, &bank.installation),
    );
    assert!(soon.await.error().1.contains("1 calls per 30 second"));
    bank.simulator.clock().advance(Duration::from_secs(3));
    assert_eq!(bank.get("user", &session).await.status, 200);
}

#[tokio::test]
async fn current_limits_count_for_each_token() {
    let options = Options {
        limits: Limits::Current,
        ..Options::default()
    };
    let bank = Bank::open(options).await;
    bank.simulator
        .clock()
        .stand("2026-03-01T12:00:00Z".parse().unwrap());
    let key = bank.sandbox_key("person").await;
    let (session, _) = bank.session(&key).await;
    let (other, _) = bank.session_only(&key).await;
    for _ in 0..70 {
        assert_eq!(bank.get("user", &session).await.status, 200);
    }
    let get = |token: &str, path: &str| {
        let request = bank.request("GET", path);
        bank.send(request.header("X-Bunq-Client-Authentication", token))
    };
    let says = |calls: u32, seconds: u32| {
        let text = format!(
            "Too many requests. You can do a maximum of {calls} calls per {seconds} second to this endpoint."
        );
        (429, text)
    };
    assert_eq!(get(&session, "/v1/user").await.error(), says(70, 30));
    assert_eq!(get(&other, "/v1/user").await.status, 200, "another token");
    for _ in 0..70 {
        let devices = get(&bank.installation, "/v1/device-server").await;
        assert_eq!(devices.status, 200);
    }
    let devices = get(&bank.installation, "/v1/device-server").await;
    assert_eq!(
        devices.error(),
        says(70, 30),
        "only making one is of the setup"
    );
    let make = || bank.send(bank.request("POST", "/v1/sandbox-user-person"));
    while make().await.status == 200 {}
    assert_eq!(make().await.error(), says(10, 86_400));
    bank.simulator.clock().advance(Duration::from_secs(30));
    assert_eq!(get(&session, "/v1/user").await.status, 200);
    assert_eq!(bank.simulator.refused_for_limits(), 4);
}

#[tokio::test]
async fn faults_do_what_they_say() {
    let bank = Bank::open(Options::default()).await;
    let key = bank.sandbox_key("person").await;
    let (session, _) = bank.session(&key).await;
    let get = || {
        let request = bank.request("GET", "/v1/user");
        request.header("X-Bunq-Client-Authentication", &session)
    };
    let set = |kind| bank.simulator.set_fault(fault("GET user", kind));
    for kind in [
        FaultKind::WrongSignature,
        FaultKind::MissingSignature,
        FaultKind::OtherBodySignature,
    ] {
        set(kind);
        assert!(!bank.is_signed(&bank.send(get()).await));
        assert!(bank.is_signed(&bank.send(get()).await), "only the first");
    }
    set(FaultKind::Html502);
    let page = bank.send(get()).await;
    assert!(page.status == 502 && page.bytes.starts_with(b"<html>"));
    set(FaultKind::Status(491, "{}".to_owned()));
    assert_eq!(bank.send(get()).await.status, 491);
    set(FaultKind::InvalidJson);
    let broken = bank.send(get()).await;
    assert!(serde_json::from_slice::<Value>(&broken.bytes).is_err() && bank.is_signed(&broken));
    set(FaultKind::Truncate);
    let cut = get().send().await.unwrap();
    assert!(cut.bytes().await.is_err());
    set(FaultKind::Drop);
    assert!(get().send().await.is_err());
    set(FaultKind::Delay(Duration::from_millis(1)));
    assert_eq!(bank.send(get()).await.status, 200);

    let census = bank.simulator.census();
    bank.simulator.set_fault(fault(
        "POST sandbox-user",
        FaultKind::Status(503, String::new()),
    ));
    assert_eq!(
        bank.send(bank.request("POST", "/v1/sandbox-user-person"))
            .await
            .status,
        503
    );
    assert_eq!(bank.simulator.census(), census);
    let calls = bank.simulator.calls();
    assert_eq!(
        calls
            .iter()
            .filter(|call| call.path == "/v1/installation")
            .count(),
        1
    );
    assert_eq!(calls.last().map(|call| call.status), Some(503));
}
