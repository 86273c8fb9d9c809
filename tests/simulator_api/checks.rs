//! Order of checks, shapes of replies, sessions, strange bodies.

use std::time::Duration;

use bunq_tui::simulator::Options;
use serde_json::{Value, json};

use crate::support::{Bank, CREDENTIALS};

#[tokio::test]
async fn checks_come_in_their_order() {
    let bank = Bank::open(Options::default()).await;
    let key = bank.sandbox_key("person").await;
    let (session, user) = bank.session(&key).await;
    let error = |status: u16, text: &str| (status, text.to_owned());
    let no_token = |method, path: &'static str| bank.send(bank.request(method, path));
    assert_eq!(
        no_token("GET", "/v1/nothing").await.error(),
        error(404, "Route not found.")
    );
    assert_eq!(no_token("PATCH", "/v1/user").await.error().0, 405);
    let nobody = error(401, "Insufficient authentication.");
    assert_eq!(no_token("GET", "/v1/user").await.error(), nobody);
    assert_eq!(bank.get("user", "0").await.error(), nobody);
    let wrong_kind = error(403, "Insufficient authorisation.");
    assert_eq!(
        bank.get("user", &bank.installation).await.error(),
        wrong_kind
    );
    assert_eq!(
        bank.call("POST", "device-server", &session, "{}")
            .await
            .error(),
        wrong_kind
    );
    let other = bank
        .get(&format!("user/{}/monetary-account", user + 1), &session)
        .await;
    assert_eq!(
        other.error(),
        error(404, "The item you requested could not be found.")
    );
    let one = bank
        .get(&format!("user/{user}/monetary-account/1"), &session)
        .await;
    assert_eq!(
        one.error(),
        error(404, "Monetary account for id \"1\" not found.")
    );

    let path = "/v1/session-server";
    let unsigned = || {
        bank.request("POST", path)
            .header("X-Bunq-Client-Authentication", &bank.installation)
    };
    let reply = bank.send(unsigned().body("{")).await;
    assert_eq!(reply.status, 466, "the signature comes before the body");
    assert!(reply.json()["Error"][0]["error_additional_parameter"].is_array());
    assert!(bank.is_signed(&reply));
    let reply = bank
        .send(
            unsigned()
                .header("X-Bunq-Client-Signature", "QUJD")
                .body("{}"),
        )
        .await;
    assert_eq!(
        reply.error(),
        error(400, "The request signature is invalid.")
    );
    let malformed = bank
        .call("POST", "session-server", &bank.installation, "{")
        .await;
    assert_eq!(malformed.status, 400);
    let wrong = bank
        .call(
            "POST",
            "session-server",
            &bank.installation,
            "{\"secret\":\"x\"}",
        )
        .await;
    assert_eq!(wrong.error(), error(400, CREDENTIALS));

    bank.simulator.expire_sessions();
    let expired = bank.send(
        bank.request("GET", "/v1/user")
            .header("X-Bunq-Client-Authentication", &session)
            .header("X-Bunq-Language", "nl_NL"),
    );
    let expired = expired.await;
    assert_eq!(expired.error(), error(401, "Insufficient authorisation."));
    let dutch = &expired.json()["Error"][0]["error_description_translated"];
    assert_eq!(dutch, "Onvoldoende autorisatie.");
}

#[tokio::test]
async fn replies_look_like_bunqs() {
    let bank = Bank::open(Options::default()).await;
    let key = bank.sandbox_key("company").await;
    let (session, user) = bank.session(&key).await;
    let reply = bank.send(
        bank.request("GET", &format!("/v1/user/{user}"))
            .header("X-Bunq-Client-Authentication", &session)
            .header("X-Bunq-Client-Request-Id", "mine"),
    );
    let reply = reply.await;
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("x-bunq-client-request-id"), Some("mine"));
    let id = reply.header("x-bunq-client-response-id").unwrap();
    assert_eq!(uuid::Uuid::parse_str(id).unwrap().get_version_num(), 4);
    let text = String::from_utf8(reply.bytes).unwrap();
    assert!(text.is_ascii() && !text.contains(": ") && !text.contains('\n'));
    let accounts = bank
        .get(&format!("user/{user}/monetary-account"), &session)
        .await;
    let text = String::from_utf8(accounts.bytes.clone()).unwrap();
    assert!(
        text.contains(r#""balance":{"currency":"EUR","value":"0.00"}"#),
        "{text}"
    );
    assert!(text.contains(r#"\/v1\/user\/"#), "slashes are escaped");
    let devices = bank.get("device-server", &bank.installation).await.json();
    assert_eq!(devices["Response"][0]["DeviceServer"]["status"], "ACTIVE");
    let again = json!({"description": "test", "secret": key}).to_string();
    let again = bank
        .call("POST", "device-server", &bank.installation, &again)
        .await
        .error();
    assert!(again.0 == 400 && again.1.contains("device already exists"));
    let foreign = json!({"description": "x", "secret": key, "permitted_ips": ["192.0.2.1"]});
    let other = Bank::open(Options::default()).await;
    let key = other.sandbox_key("person").await;
    let mut foreign = foreign;
    foreign["secret"] = json!(key);
    let foreign = foreign.to_string();
    let reply = other.call("POST", "device-server", &other.installation, &foreign);
    assert_eq!(reply.await.error(), (400, CREDENTIALS.to_owned()));
}

#[tokio::test]
async fn sessions_expire_by_the_clock() {
    let bank = Bank::open(Options::default()).await;
    let key = bank.sandbox_key("person").await;
    let (session, _) = bank.session(&key).await;
    bank.simulator.clock().advance(Duration::from_secs(604_790));
    assert_eq!(bank.get("user", &session).await.status, 200);
    bank.simulator.clock().advance(Duration::from_secs(20));
    assert_eq!(bank.get("user", &session).await.status, 401);
    let (session, _) = bank.session_only(&key).await;
    let gone = bank.call("DELETE", "session/0", &session, "").await;
    assert_eq!(gone.json(), json!({"Response": []}));
    assert_eq!(bank.get("user", &session).await.status, 401);
}

#[tokio::test]
async fn strange_bodies_are_refused_and_nothing_breaks() {
    let bank = Bank::open(Options::default()).await;
    let key = bank.sandbox_key("person").await;
    let (session, user) = bank.session(&key).await;
    let account = bank
        .get(&format!("user/{user}/monetary-account"), &session)
        .await
        .json();
    let account = &account["Response"][0]["MonetaryAccountBank"]["id"];
    let amount = |value: &str| {
        json!({"amount": {"value": value, "currency": "EUR"}, "description": "x",
        "counterparty_alias": {"type": "IBAN", "value": "NL91ABNA0417164300", "name": "x"}})
    };
    let mut bodies = vec![
        "{".to_owned(),
        "[1]".to_owned(),
        "null".to_owned(),
        "\u{0}".to_owned(),
        "[".repeat(100_000),
        "{}".to_owned(),
    ];
    for value in [
        "-1",
        "0",
        "1e3",
        "NaN",
        "1.234",
        "",
        "99999999999999999999999999999999999",
    ] {
        bodies.push(amount(value).to_string());
    }
    for body in &bodies {
        let path = format!("user/{user}/monetary-account/{account}/payment");
        let reply = bank.call("POST", &path, &session, body).await;
        assert_eq!(reply.status, 400, "{}", body.get(..80).unwrap_or(body));
        let url = format!("{}/v1/installation", bank.simulator.root());
        let reply = bank.send(bank.http.post(url).body(body.clone())).await;
        assert_eq!(reply.status, 400);
    }
    let large = bank
        .request("POST", "/v1/installation")
        .body(vec![b' '; 2 << 20]);
    // The refusal may overtake the rest of the body.
    if let Ok(reply) = large.send().await {
        assert_eq!(reply.status(), 413);
    }
    assert_eq!(bank.get("user", &session).await.status, 200);
}

#[tokio::test]
async fn the_same_seed_answers_the_same_and_stopping_frees_the_port() {
    let one = Bank::open(Options::default()).await;
    let two = Bank::open(Options::default()).await;
    assert_eq!(one.installation, two.installation);
    assert_eq!(one.oauth_client().await, two.oauth_client().await);
    let other = Options {
        seed: 1,
        ..Options::default()
    };
    assert_ne!(Bank::open(other).await.installation, two.installation);
    let address = one.simulator.root().replace("http://", "");
    let described: Value = serde_json::from_str(&one.simulator.describe()).unwrap();
    assert_eq!(described["api"], format!("http://{address}/v1"));
    one.simulator.stop().await;
    assert!(tokio::net::TcpListener::bind(&address).await.is_ok());
}
