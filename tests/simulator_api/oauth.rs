//! From the authorize page to the accounts, and their pages.

use std::time::Duration;

use bunq_tui::simulator::{Options, Refusal};
use serde_json::{Value, json};

use crate::support::{Bank, CALLBACK, CREDENTIALS, Reply, query_of};

#[tokio::test]
async fn oauth_from_the_page_to_the_accounts() {
    let bank = Bank::open(Options::default()).await;
    let client = bank.oauth_client().await;
    let access = bank.grant(&client).await;
    let (session, ak) = bank.session_only(&access).await;
    let user = bank.get("user", &session).await.json();
    let granted_by = &user["Response"][0]["UserApiKey"]["granted_by_user"]["UserPerson"]["id"];
    let list = bank
        .get(&format!("user/{ak}/monetary-account"), &session)
        .await
        .json();
    let balances: Vec<_> = list["Response"]
        .as_array()
        .unwrap()
        .iter()
        .map(|account| {
            account["MonetaryAccountBank"]["balance"]["value"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(balances, ["4118.00", "1900.00", "954.00", "1643.00"]);
    let theirs = bank
        .get(&format!("user/{granted_by}/monetary-account"), &session)
        .await;
    assert_eq!(
        theirs.status, 404,
        "the granting user's id is not the session's"
    );
    let forbidden = bank.get(&format!("user/{ak}/oauth-client"), &session).await;
    assert_eq!(forbidden.status, 403);

    let census = bank.simulator.census();
    assert_eq!(
        (census.grants, census.oauth_clients, census.callback_urls),
        (1, 1, 1)
    );
    bank.simulator.revoke_grants();
    assert_eq!(bank.get("user", &session).await.status, 401);
    let body = json!({ "secret": access }).to_string();
    let dead = bank
        .call("POST", "session-server", &bank.installation, &body)
        .await;
    assert_eq!(dead.error(), (400, CREDENTIALS.to_owned()));
}

#[tokio::test]
async fn every_page_of_230_accounts_and_a_year_of_payments() {
    let bank = Bank::open(Options::default()).await;
    let client = bank.oauth_client().await;
    let first = bank.grant(&client).await;
    let (session, ak) = bank.session_only(&first).await;
    let list = bank
        .get(&format!("user/{ak}/monetary-account"), &session)
        .await
        .json();
    let account = &list["Response"][0]["MonetaryAccountBank"]["id"];
    let path = format!("/v1/user/{ak}/monetary-account/{account}/payment?count=200");
    let payments = all(&bank, &session, &path).await;
    assert!(payments.len() > 400, "{}", payments.len());
    assert_eq!(
        payments[0]["Payment"]["balance_after_mutation"]["value"],
        "4118.00"
    );
    let sum: rust_decimal::Decimal = payments
        .iter()
        .map(|payment| {
            payment["Payment"]["amount"]["value"]
                .as_str()
                .unwrap()
                .parse::<rust_decimal::Decimal>()
                .unwrap()
        })
        .sum();
    assert_eq!(sum.to_string(), "4118.00");

    let company = bank.grant(&client).await;
    let (session, ak) = bank.session_only(&company).await;
    let accounts = all(&bank, &session, &format!("/v1/user/{ak}/monetary-account")).await;
    assert_eq!(accounts.len(), 230);
    let too_many = bank
        .get(&format!("user/{ak}/monetary-account?count=201"), &session)
        .await;
    assert_eq!(too_many.status, 400);
    let wrong = bank
        .get(
            &format!("user/{ak}/monetary-account?older_id=false"),
            &session,
        )
        .await;
    assert_eq!(wrong.error(), (400, "Invalid hash \"false\".".to_owned()));
}

async fn all(bank: &Bank, session: &str, first: &str) -> Vec<Value> {
    let (mut items, mut next) = (Vec::new(), Some(first.to_owned()));
    while let Some(path) = next {
        let page = bank
            .get(path.strip_prefix("/v1/").unwrap(), session)
            .await
            .json();
        items.extend(page["Response"].as_array().unwrap().iter().cloned());
        next = page["Pagination"]["older_url"].as_str().map(str::to_owned);
    }
    items
}

#[tokio::test]
async fn the_page_knows_only_the_exact_callback() {
    let bank = Bank::open(Options::default()).await;
    let client = bank.oauth_client().await;
    for (id, to) in [
        ("0", CALLBACK),
        (client.0.as_str(), "http://localhost:8000/callback/"),
        (client.0.as_str(), "http://127.0.0.1:8000/callback"),
    ] {
        let url = bank.authorize_url(id, to);
        let page = bank.send(bank.http.get(&url)).await;
        assert!(page.header("location").is_none() && page.status == 404);
        assert!(String::from_utf8_lossy(&page.bytes).contains("Connection not found"));
        assert_eq!(
            bank.simulator.approve(&url),
            Err(Refusal::ConnectionNotFound)
        );
    }
    let other = bank
        .simulator
        .approve("https://example.com/auth?client_id=1");
    assert_eq!(other, Err(Refusal::OtherAddress));

    let page = bank
        .send(bank.http.get(bank.authorize_url(&client.0, CALLBACK)))
        .await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
    assert!(policy.contains("form-action 'self' http://localhost:8000;"));
    let html = String::from_utf8(page.bytes.clone()).unwrap();
    assert!(html.contains("Sanne Vermeer") && html.contains("4118.00") && html.contains("王伟"));
    let (inhabitant, account) = (value_in(&html, "inhabitant"), value_in(&html, "account"));
    let form = |decision: &str| {
        let pairs = [
            ("response_type", "code"),
            ("client_id", &client.0),
            ("redirect_uri", CALLBACK),
            ("state", "abc"),
            ("inhabitant", &inhabitant),
            ("account", &account),
            ("account", "1"),
            ("decision", decision),
        ];
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        bank.send(bank.request("POST", "/auth").body(body))
    };
    let denied = form("deny").await;
    assert_eq!(denied.status, 303);
    assert_eq!(
        denied.location().query(),
        Some("error=access_denied&state=abc")
    );
    let allowed = form("allow").await.location().to_string();
    let reply = bank.exchange(&client, &allowed, CALLBACK).await;
    let access = reply.json()["access_token"].as_str().unwrap().to_owned();
    let (session, ak) = bank.session_only(&access).await;
    let list = bank
        .get(&format!("user/{ak}/monetary-account"), &session)
        .await
        .json();
    assert_eq!(
        list["Response"].as_array().unwrap().len(),
        1,
        "only what was ticked"
    );
}

fn value_in(html: &str, name: &str) -> String {
    let (_, rest) = html
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_code_is_good_once_and_not_for_long() {
    let bank = Bank::open(Options::default()).await;
    let client = bank.oauth_client().await;
    let url = bank.authorize_url(&client.0, CALLBACK);
    let redirect = bank.simulator.approve(&url).unwrap();
    assert_eq!(query_of(&redirect, "state").as_deref(), Some("abc"));
    let error = |reply: Reply| {
        (
            reply.status,
            reply.json()["error"].as_str().unwrap().to_owned(),
        )
    };
    let invalid = |name: &str| (400, name.to_owned());
    let elsewhere = bank
        .exchange(&client, &redirect, "http://localhost:8000/")
        .await;
    assert_eq!(error(elsewhere), invalid("invalid_grant"));
    let stranger = (client.0.clone(), "0".repeat(64));
    let wrong = bank.exchange(&stranger, &redirect, CALLBACK).await;
    assert_eq!(error(wrong), invalid("invalid_client"));
    let first = bank.exchange(&client, &redirect, CALLBACK).await;
    assert_eq!(first.status, 200);
    assert!(first.header("x-bunq-server-signature").is_none());
    assert_eq!(first.json()["token_type"], "bearer");
    let second = bank.exchange(&client, &redirect, CALLBACK).await;
    assert_eq!(error(second), invalid("invalid_grant"));
    let late = bank.simulator.approve(&url).unwrap();
    bank.simulator.clock().advance(Duration::from_secs(601));
    assert_eq!(
        error(bank.exchange(&client, &late, CALLBACK).await),
        invalid("invalid_grant")
    );
    let empty = bank.send(bank.request("POST", "/v1/token")).await;
    assert_eq!(error(empty), invalid("invalid_request"));
    let denied = bank.simulator.deny(&url).unwrap();
    assert_eq!(query_of(&denied, "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn auto_approve_redirects_at_once() {
    let options = Options {
        auto_approve: true,
        ..Options::default()
    };
    let bank = Bank::open(options).await;
    let client = bank.oauth_client().await;
    let reply = bank
        .send(bank.http.get(bank.authorize_url(&client.0, CALLBACK)))
        .await;
    assert_eq!(reply.status, 302);
    let redirect = reply.location().to_string();
    assert!(redirect.starts_with(CALLBACK));
    assert_eq!(
        bank.exchange(&client, &redirect, CALLBACK).await.status,
        200
    );
}
