//! What tests may see and do: counts, grants, the day that the bank forgets, sessions that die.

use std::collections::BTreeSet;
use std::time::Duration;

use bunq_tui::simulator::{ExpiredForm, Fault, FaultKind, Limits, Options, SessionTimeouts};
use serde_json::json;

use crate::raw::{End, exchange};
use crate::support::{Bank, CALLBACK, CREDENTIALS, Reply, client_pem};

fn set(bank: &Bank, endpoint: &str, kind: FaultKind) {
    bank.simulator.set_fault(Fault {
        endpoint: endpoint.to_owned(),
        nth: Some(1),
        kind,
    });
}

async fn try_session(bank: &Bank, secret: &str) -> Reply {
    let body = json!({ "secret": secret }).to_string();
    bank.call("POST", "session-server", &bank.installation, &body)
        .await
}

#[tokio::test]
async fn calls_and_refusals_are_counted() {
    let limits = Limits::Classic;
    let bank = Bank::open(Options {
        limits,
        ..Options::default()
    })
    .await;
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    bank.simulator.clock().stand(now);
    let key = bank.sandbox_key("person").await;
    let (session, _) = bank.session(&key).await;
    let get = || {
        let request = bank.request("GET", "/v1/user");
        bank.send(request.header("X-Bunq-Client-Authentication", &session))
    };
    for status in [200, 200, 200, 429, 429] {
        assert_eq!(get().await.status, status);
    }
    set(&bank, "GET user", "429".parse().unwrap());
    assert_eq!(get().await.status, 429);
    assert_eq!(
        bank.simulator.refused_for_limits(),
        2,
        "a fault is no limit"
    );
    assert_eq!(bank.simulator.answered(429), 3);
    let total = bank.simulator.calls_total();
    assert_eq!(total, bank.simulator.calls().len() as u64);
    assert!(
        bank.simulator.calls()[1..]
            .iter()
            .all(|call| call.at == now)
    );
    let seen = bank.simulator.faults();
    assert_eq!((seen.len(), seen[0].1), (1, 1));
}

#[tokio::test]
async fn grants_are_made_by_the_thousand() {
    let bank = Bank::open(Options::default()).await;
    let client = bank.oauth_client().await;
    let tokens = bank.simulator.grant(&client.0, 1000);
    assert_eq!(tokens.iter().collect::<BTreeSet<_>>().len(), 1000);
    assert_eq!(bank.simulator.census().grants, 1000);
    assert!(bank.simulator.grant("nobody", 5).is_empty());
    let mut seen = BTreeSet::new();
    for (token, count) in [(&tokens[0], 1), (&tokens[1], 2), (&tokens[999], 2)] {
        let (session, ak) = bank.session_only(token).await;
        let path = format!("user/{ak}/monetary-account");
        let list = bank.get(&path, &session).await.json();
        let list = list["Response"].as_array().unwrap();
        assert_eq!(list.len(), count);
        for account in list {
            let id = &account["MonetaryAccountBank"]["id"];
            assert!(seen.insert(id.to_string()), "accounts are of one user only");
            assert_eq!(
                bank.get(&format!("{path}/{id}"), &session).await.status,
                200
            );
        }
    }
    let first = bank.grant(&client).await;
    let (session, _) = bank.session_only(&first).await;
    let user = bank.get("user", &session).await.json();
    let name = &user["Response"][0]["UserApiKey"]["granted_by_user"]["UserPerson"]["display_name"];
    assert_eq!(name, "Sanne Vermeer", "it is still the first's turn");
}

#[tokio::test]
async fn a_bank_that_forgot_us_knows_nothing_and_has_another_key() {
    let mut bank = Bank::open(Options::default()).await;
    let key = bank.sandbox_key("person").await;
    let (session, user) = bank.session(&key).await;
    let old = (bank.installation.clone(), bank.server.clone());
    let calls = bank.simulator.calls_total();
    bank.simulator.restart_empty();
    assert_eq!(
        bank.simulator.census(),
        bunq_tui::simulator::Census::default()
    );
    assert_eq!(
        bank.simulator.calls_total(),
        calls,
        "the watcher's count stays"
    );
    let request = |method, path| {
        let request = bank.request(method, path);
        request.header("X-Bunq-Client-Authentication", &session)
    };
    let unknown = bank.send(request("GET", "/v1/user")).await;
    assert_eq!(
        unknown.error(),
        (401, "Insufficient authentication.".to_owned())
    );
    assert!(!bank.is_signed(&unknown), "by another key");
    let body = json!({"client_public_key": client_pem()}).to_string();
    let reply = bank.request("POST", "/v1/installation").body(body);
    let reply = bank.send(reply).await.json();
    bank.adopt(&reply);
    assert_ne!((bank.installation.clone(), bank.server.clone()), old);
    assert_eq!(
        try_session(&bank, &key).await.error(),
        (400, CREDENTIALS.to_owned())
    );
    let key = bank.sandbox_key("person").await;
    let (_, new) = bank.session(&key).await;
    assert!(new > user + 1_000_000, "no id comes twice");
}

#[tokio::test]
async fn a_changed_address_looks_like_a_wrong_key() {
    let bank = Bank::open(Options::default()).await;
    let key = bank.sandbox_key("person").await;
    let (session, _) = bank.session(&key).await;
    bank.simulator.permit_nobody(true);
    let refused = (400, CREDENTIALS.to_owned());
    assert_eq!(bank.get("user", &session).await.error(), refused);
    assert_eq!(try_session(&bank, &key).await.error(), refused);
    bank.simulator.permit_nobody(false);
    assert_eq!(bank.get("user", &session).await.status, 200);
    assert_eq!(try_session(&bank, &key).await.status, 200);
}

#[tokio::test]
async fn sessions_last_as_long_as_they_are_told_to() {
    let timeouts = SessionTimeouts {
        user: Duration::from_secs(90),
        ..SessionTimeouts::default()
    };
    let options = Options {
        timeouts,
        expired_form: ExpiredForm::Forbidden403,
        ..Options::default()
    };
    let bank = Bank::open(options).await;
    let client = bank.oauth_client().await;
    let access = bank.grant(&client).await;
    let (session, _) = bank.session_only(&access).await;
    let clock = bank.simulator.clock();
    clock.stand(clock.now());
    let user = bank.get("user", &session).await.json();
    let user = &user["Response"][0]["UserApiKey"]["requested_by_user"]["UserPerson"];
    assert_eq!(user["session_timeout"], 90);
    clock.advance(Duration::from_secs(89));
    assert_eq!(bank.get("user", &session).await.status, 200);
    clock.advance(Duration::from_secs(1));
    let dead = (403, "Insufficient authentication.".to_owned());
    assert_eq!(bank.get("user", &session).await.error(), dead);
}

#[tokio::test]
async fn only_a_providers_first_session_may_be_shorter() {
    let timeouts = SessionTimeouts {
        first_provider: Some(Duration::from_secs(3600)),
        ..SessionTimeouts::default()
    };
    let bank = Bank::open(Options {
        timeouts,
        ..Options::default()
    })
    .await;
    let clock = bank.simulator.clock();
    clock.stand(clock.now());
    let credential = bank.credential().await.json();
    let credential = &credential["Response"][0]["CredentialPasswordIp"];
    let secret = credential["token_value"].as_str().unwrap();
    let (first, _) = bank.session(secret).await;
    let (second, _) = bank.session_only(secret).await;
    let user = bank.get("user", &first).await.json();
    let user = &user["Response"][0]["UserPaymentServiceProvider"];
    assert_eq!(user["session_timeout"], 7_776_000);
    clock.advance(Duration::from_secs(3599));
    assert_eq!(bank.get("user", &first).await.status, 200);
    clock.advance(Duration::from_secs(1));
    assert_eq!(bank.get("user", &first).await.status, 401);
    clock.advance(Duration::from_secs(7_776_000 - 3601));
    assert_eq!(bank.get("user", &second).await.status, 200);
    clock.advance(Duration::from_secs(1));
    assert_eq!(bank.get("user", &second).await.status, 401);
}

#[tokio::test]
async fn a_bank_that_refuses_everything_reads_nothing() {
    let bank = Bank::open(Options::default()).await;
    let calls = bank.simulator.calls_total();
    bank.simulator.set_fault("*=refuse".parse().unwrap());
    let address = bank.simulator.root().replace("http://", "");
    let head = ["GET /v1/user HTTP/1.1".to_owned()];
    let raw = exchange(&address, &head, "", |_| false).await;
    assert!(raw.head.is_empty() && raw.body.is_empty());
    assert_eq!(raw.end, End::Reset);
    assert_eq!(bank.simulator.calls_total(), calls, "nothing was read");
    assert_eq!(bank.simulator.faults()[0].1, 1);
    // A connection that was there before is closed at its next call.
    let kept = bank.request("POST", "/v1/sandbox-user-person").send().await;
    assert!(kept.is_err());
    bank.simulator.clear_faults();
    bank.sandbox_key("person").await;
}

#[tokio::test]
async fn the_date_is_the_simulators() {
    let bank = Bank::open(Options::default()).await;
    let now = "2031-07-09T08:07:06Z".parse().unwrap();
    bank.simulator.clock().stand(now);
    for path in ["/v1/user", "/auth", "/v1/token", "/nothing"] {
        let reply = bank.send(bank.request("GET", path)).await;
        let date = Some("Wed, 09 Jul 2031 08:07:06 GMT");
        assert_eq!(reply.header("date"), date, "{path}");
    }
}

#[tokio::test]
async fn faults_change_what_the_bank_knows() {
    let bank = Bank::open(Options::default()).await;
    let client = bank.oauth_client().await;
    let access = bank.grant(&client).await;
    let credentials = (400, CREDENTIALS.to_owned());
    for (kind, status) in [
        (FaultKind::DeadSession401, 401),
        (FaultKind::DeadSession403, 403),
    ] {
        let (session, _) = bank.session_only(&access).await;
        let (other, _) = bank.session_only(&access).await;
        set(&bank, "GET user$", kind);
        assert_eq!(bank.get("user", &session).await.status, status);
        bank.simulator.clear_faults();
        assert_eq!(
            bank.get("user", &session).await.status,
            401,
            "it stays dead"
        );
        assert_eq!(bank.get("user", &other).await.status, 200, "only this one");
    }
    let (session, _) = bank.session_only(&access).await;
    let (other, _) = bank.session_only(&access).await;
    set(&bank, "GET user$", FaultKind::RevokedToken);
    assert_eq!(bank.get("user", &session).await.status, 401);
    bank.simulator.clear_faults();
    assert_eq!(
        bank.get("user", &other).await.status,
        401,
        "every session of it"
    );
    assert_eq!(try_session(&bank, &access).await.error(), credentials);
    assert_eq!(bank.simulator.census().grants, 0);

    let url = bank.authorize_url(&client.0, CALLBACK);
    let redirect = bank.simulator.approve(&url).unwrap();
    set(&bank, "token", FaultKind::ExpiredCode);
    for _ in 0..2 {
        let reply = bank.exchange(&client, &redirect, CALLBACK).await;
        assert_eq!(
            (reply.status, &reply.json()["error"]),
            (400, &json!("invalid_grant"))
        );
    }
}

#[tokio::test]
async fn a_replay_is_what_another_user_would_get() {
    let bank = Bank::open(Options::default()).await;
    let client = bank.oauth_client().await;
    let access = bank.grant(&client).await;
    let (session, ak) = bank.session_only(&access).await;
    let path = format!("user/{ak}/monetary-account");
    let own = bank.get(&path, &session).await.json();
    let census = bank.simulator.census();
    set(&bank, "GET user/{}/monetary-account$", FaultKind::Replay);
    let theirs = bank.get(&path, &session).await;
    assert!(theirs.status == 200 && bank.is_signed(&theirs));
    let links = theirs.json()["Pagination"].to_string();
    assert!(!links.contains(&format!("/user/{ak}/")), "{links}");
    let ids = |list: &serde_json::Value| -> BTreeSet<String> {
        let accounts = list["Response"].as_array().unwrap().iter();
        accounts
            .map(|account| account["MonetaryAccountBank"]["id"].to_string())
            .collect()
    };
    assert!(!ids(&theirs.json()).is_empty() && ids(&own).is_disjoint(&ids(&theirs.json())));
    assert_eq!(bank.simulator.census(), census, "nobody was really made");
    assert_eq!(bank.get(&path, &session).await.json(), own);

    let account = ids(&own).into_iter().next().unwrap();
    for (endpoint, path, wrapper) in [
        (
            "GET user/{}/monetary-account/{}$",
            format!("{path}/{account}"),
            "MonetaryAccountBank",
        ),
        (
            "GET user/{}/monetary-account/{}/payment$",
            format!("{path}/{account}/payment"),
            "Payment",
        ),
        ("GET user$", "user".to_owned(), "UserApiKey"),
    ] {
        let own = bank.get(&path, &session).await.json();
        set(&bank, endpoint, FaultKind::Replay);
        let theirs = bank.get(&path, &session).await.json();
        let id = |reply: &serde_json::Value| reply["Response"][0][wrapper]["id"].clone();
        assert!(
            id(&theirs).is_u64() && id(&theirs) != id(&own),
            "{endpoint}: {theirs}"
        );
    }
}
