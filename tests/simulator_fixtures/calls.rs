//! The calls that the fixtures document.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bunq_tui::simulator::{Limits, Options};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::Judge;
use crate::support::{Bank, CALLBACK, client_key, client_pem};

/// A bank with an OAuth client of a payment service provider.
pub(crate) struct Connected {
    bank: Bank,
    client: (String, String),
}

/// The first thing of a reply, without its wrapper.
fn first(body: &Value) -> &Value {
    let wrapped = body["Response"][0].as_object().unwrap();
    wrapped.values().next().unwrap()
}

async fn open_session(judge: &mut Judge, bank: &Bank, secret: &str, name: &str) -> (String, u64) {
    let body = json!({ "secret": secret }).to_string();
    let token = &bank.installation;
    let reply = bank.call("POST", "session-server", token, &body).await;
    judge.compare(&format!("session-server.{name}"), &reply);
    let reply = reply.json();
    let user = reply["Response"][2].as_object().unwrap().values().next();
    let token = reply["Response"][1]["Token"]["token"].as_str().unwrap();
    let user = user.unwrap()["id"].as_u64().unwrap();
    judge.compare(&format!("user.{name}"), &bank.get("user", token).await);
    (token.to_owned(), user)
}

/// From the certificate to the callback URL.
pub(crate) async fn provider(judge: &mut Judge) -> Connected {
    let bank = Bank::open(Options::default()).await;
    let reply = bank.credential().await;
    judge.compare("payment-service-provider-credential", &reply);
    let secret = first(&reply.json())["token_value"]
        .as_str()
        .unwrap()
        .to_owned();

    let body = json!({"description": "test", "secret": secret, "permitted_ips": ["*"]});
    let body = body.to_string();
    let device = bank
        .call("POST", "device-server", &bank.installation, &body)
        .await;
    judge.compare("device-server", &device);
    let devices = bank.get("device-server", &bank.installation).await;
    judge.compare("device-server.list", &devices);
    let (session, user) =
        open_session(judge, &bank, &secret, "user-payment-service-provider").await;

    let clients = format!("user/{user}/oauth-client");
    judge.compare(
        "oauth-client.list.empty",
        &bank.get(&clients, &session).await,
    );
    let created = bank.call("POST", &clients, &session, "{}").await;
    judge.compare("oauth-client.create", &created);
    let client = format!("{clients}/{}", created.id());
    let urls = format!("{client}/callback-url");
    for url in [CALLBACK, "http://localhost:8000/other"] {
        let body = json!({ "url": url }).to_string();
        let added = bank.call("POST", &urls, &session, &body).await;
        judge.compare("callback-url.create", &added);
        judge.compare("callback-url.list", &bank.get(&urls, &session).await);
        if url != CALLBACK {
            let url = format!("{urls}/{}", added.id());
            let deleted = bank.call("DELETE", &url, &session, "").await;
            judge.compare("callback-url.delete", &deleted);
        }
    }
    judge.compare("oauth-client.list", &bank.get(&clients, &session).await);
    let client = bank.get(&client, &session).await;
    judge.compare("oauth-client", &client);
    let client = client.json();
    let text = |field: &str| first(&client)[field].as_str().unwrap().to_owned();
    Connected {
        client: (text("client_id"), text("secret")),
        bank,
    }
}

/// Everyone's grant, in the order in which the inhabitants approve, and the accounts behind it.
pub(crate) async fn grants(judge: &mut Judge, Connected { bank, client }: &Connected) {
    let with_state = bank.authorize_url(&client.0, CALLBACK);
    let without_state = with_state.replace("&state=abc", "");
    for (nth, user) in [
        "user-api-key",
        "user-api-key.company",
        "user-api-key",
        "user-api-key",
        "user-api-key.without-ids",
        "user-api-key",
        "user-api-key",
    ]
    .into_iter()
    .enumerate()
    {
        let (url, token) = match nth {
            0 => (&without_state, "token.without-state"),
            _ => (&with_state, "token"),
        };
        let redirect = bank.simulator.approve(url).unwrap();
        let reply = bank.exchange(client, &redirect, CALLBACK).await;
        judge.compare(token, &reply);
        assert_eq!(reply.json().get("state").is_some(), nth > 0);
        let again = bank.exchange(client, &redirect, CALLBACK).await;
        judge.compare("token.invalid-grant", &again);
        let access = reply.json()["access_token"].as_str().unwrap().to_owned();
        let (session, id) = open_session(judge, bank, &access, user).await;
        let read = bank.get("user", &session).await.json();
        let granted = &first(&read)["granted_by_user"]["UserPerson"];
        let hides_id = user == "user-api-key.without-ids";
        assert_eq!(granted.get("id").is_none() && granted.is_object(), hides_id);

        let path = format!("user/{id}/monetary-account");
        match nth {
            0 => {
                let account = first(&bank.get(&path, &session).await.json())["id"].clone();
                let payments = format!("{path}/{account}/payment?count=200");
                judge.compare("payment.list", &bank.get(&payments, &session).await);
            }
            1 => pages(judge, bank, &path, &session).await,
            2 => kinds(judge, bank, &path, &session).await,
            6 => {
                let none = bank.get(&path, &session).await;
                judge.compare("monetary-account.list.empty", &none);
                assert_eq!(none.json()["Response"], json!([]));
            }
            _ => {}
        }
    }
}

/// Two pages of the company's accounts. Which links are null is a part of the shape here.
async fn pages(judge: &mut Judge, bank: &Bank, path: &str, session: &str) {
    let page = bank.get(&format!("{path}?count=200"), session).await;
    judge.compare("monetary-account.list.first-page", &page);
    let links = page.json()["Pagination"].clone();
    assert!(links["future_url"].is_string() && links["newer_url"].is_null());
    let older = links["older_url"].as_str().unwrap().strip_prefix("/v1/");
    let page = bank.get(older.unwrap(), session).await;
    judge.compare("monetary-account.list.last-page", &page);
    let links = page.json()["Pagination"].clone();
    assert!(links["future_url"].is_null() && links["older_url"].is_null());
    assert!(links["newer_url"].is_string());
}

/// One account of each kind, by itself.
async fn kinds(judge: &mut Judge, bank: &Bank, path: &str, session: &str) {
    let list = bank.get(path, session).await.json();
    for account in list["Response"].as_array().unwrap() {
        let (wrapper, account) = account.as_object().unwrap().iter().next().unwrap();
        let one = bank
            .get(&format!("{path}/{}", account["id"]), session)
            .await;
        let fixtures: &[&str] = match wrapper.as_str() {
            "MonetaryAccountBank" => &["bank", "bank.null-balance"],
            "MonetaryAccountJoint" => &["joint", "joint.pending"],
            "MonetaryAccountSavings" => &["savings"],
            "MonetaryAccountExternal" if account["alias"] == json!([]) => {
                &["external.without-iban"]
            }
            "MonetaryAccountExternal" => &["external"],
            other => panic!("which fixture judges {other}?"),
        };
        for name in fixtures {
            judge.compare(&format!("monetary-account.{name}"), &one);
        }
    }
}

/// An installation, and a person and a company with a key of their own.
pub(crate) async fn customers(judge: &mut Judge) {
    let bank = Bank::open(Options::default()).await;
    let body = json!({"client_public_key": client_pem()}).to_string();
    let request = bank.request("POST", "/v1/installation").body(body);
    judge.compare("installation", &bank.send(request).await);
    for kind in ["person", "company"] {
        let path = format!("/v1/sandbox-user-{kind}");
        let reply = bank.send(bank.request("POST", &path)).await;
        judge.compare(&format!("sandbox-user-{kind}"), &reply);
        let key = first(&reply.json())["api_key"].as_str().unwrap().to_owned();
        bank.session(&key).await;
        let (session, _) = open_session(judge, &bank, &key, &format!("user-{kind}")).await;
        let ended = bank.call("DELETE", "session/0", &session, "").await;
        judge.compare("session.delete", &ended);
        judge.compare("error.401.session", &bank.get("user", &session).await);
    }
}

/// Every refusal but the one of the rate limit.
pub(crate) async fn refusals(judge: &mut Judge) {
    let bank = Bank::open(Options::default()).await;
    let key = bank.sandbox_key("person").await;
    let (session, user) = bank.session(&key).await;
    let installation = &bank.installation;
    let with = |token: &str, method: &str, path: &str| {
        let request = bank.request(method, &format!("/v1/{path}"));
        request.header("X-Bunq-Client-Authentication", token)
    };

    let body = r#"{"secret":"nobody's"}"#;
    let reply = bank
        .call("POST", "session-server", installation, body)
        .await;
    judge.compare("error.400.credentials", &reply);
    let body = json!({"description": "test", "secret": key}).to_string();
    let reply = bank
        .call("POST", "device-server", installation, &body)
        .await;
    judge.compare("error.400.device-exists", &reply);
    let signature = client_key().pkcs1v15_sign::<Sha256>(b"other").unwrap();
    let unsigned = || with(installation, "POST", "session-server").body("{}");
    let signed = unsigned().header("X-Bunq-Client-Signature", STANDARD.encode(signature));
    judge.compare("error.400.signature", &bank.send(signed).await);
    judge.compare("error.466", &bank.send(unsigned()).await);

    let accounts = format!("user/{user}/monetary-account");
    let reply = bank
        .get(&format!("{accounts}?older_id=false"), &session)
        .await;
    judge.compare("error.400.paging", &reply);
    let dutch = with(&session, "GET", &format!("{accounts}/1"));
    let reply = bank.send(dutch.header("X-Bunq-Language", "nl_NL")).await;
    judge.compare("error.404.account", &reply);
    let reply = bank.get(&format!("user/{}", user + 1), &session).await;
    judge.compare("error.404.item", &reply);
    judge.compare("error.404.route", &bank.get("nothing", &session).await);
}

/// One call more than the bank takes.
pub(crate) async fn limits(judge: &mut Judge) {
    let limits = Limits::Classic;
    let bank = Bank::open(Options {
        limits,
        ..Options::default()
    })
    .await;
    // Time stands still, or the window might pass.
    bank.simulator
        .clock()
        .stand("2026-03-01T12:00:00Z".parse().unwrap());
    let key = bank.sandbox_key("person").await;
    let (session, _) = bank.session(&key).await;
    for _ in 0..3 {
        assert_eq!(bank.get("user", &session).await.status, 200);
    }
    let request = bank.request("GET", "/v1/user");
    let request = request.header("X-Bunq-Client-Authentication", session);
    judge.compare("error.429", &bank.send(request).await);
}

/// What only a bad day brings.
pub(crate) async fn bad_days(judge: &mut Judge) {
    let bank = Bank::open(Options::default()).await;
    let key = bank.sandbox_key("person").await;
    let (session, _) = bank.session(&key).await;
    for (fault, fixture) in [
        ("GET user:1=dead-session-403", "error.403.session"),
        ("GET user:1=491", "error.491"),
        ("GET user:1=429", "error.429"),
        ("GET user:1=400-credentials", "error.400.credentials"),
        ("GET user:1=400-signature", "error.400.signature"),
        ("GET user:1=466", "error.466"),
        ("GET user:1=404-route", "error.404.route"),
        ("GET user:1=404-item", "error.404.item"),
    ] {
        bank.simulator.clear_faults();
        bank.simulator.set_fault(fault.parse().unwrap());
        let request = bank.request("GET", "/v1/user");
        let request = request.header("X-Bunq-Client-Authentication", &session);
        judge.compare(fixture, &bank.send(request).await);
    }
}
