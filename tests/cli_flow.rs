//! The real binary against the simulator: set up, connect, read, as a script would.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use bunq_tui::simulator::{Fault, FaultKind, Options, Simulator};
use common::{Bench, approve, approving, connect, free_port};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn from_nothing_to_accounts() {
    let (_simulator, bench) = approving().await;

    let setup = bench.run(&["setup", "--person"]);
    assert_eq!(setup.code, 0, "{}", setup.stderr);
    assert!(setup.stdout.contains("E-mail"), "{}", setup.stdout);

    let connected = connect(&bench, &["connect", "--format", "json"]).await;
    assert_eq!(
        connected,
        json!({"message": "OAuth success", "new_user_id": 1})
    );

    let users = bench.json(&["users", "--format", "json"]);
    let numbers: Vec<_> = users
        .as_array()
        .unwrap()
        .iter()
        .map(|u| &u["number"])
        .collect();
    assert_eq!(numbers, [0, 1], "ourselves and the new user");
    assert_eq!(users[1]["kind"], "person");

    let accounts = bench.json(&["accounts", "1", "--format", "json"]);
    let balances: Vec<_> = accounts
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["balance"].clone())
        .collect();
    let expected: Vec<_> = ["4118.00", "1900.00", "954.00", "1643.00"]
        .iter()
        .map(|value| json!({"value": value, "currency": "EUR"}))
        .collect();
    for balance in &expected {
        assert!(
            balances.contains(balance),
            "{balance} is not in {balances:?}"
        );
    }
    assert_eq!(balances.len(), 4);
    assert!(accounts[0]["as_of"].is_string());

    let raw = bench.run(&["accounts", "1", "--format", "raw"]);
    let page: Value = serde_json::from_str(raw.stdout.trim_end()).unwrap();
    assert_eq!(page["Response"].as_array().unwrap().len(), 4);
    let stored = bench.json(&["accounts", "1", "--stored", "--format", "json"]);
    assert_eq!(stored[0]["balance"], accounts[0]["balance"]);

    let profile = bench.json(&["user", "1", "--format", "json"]);
    assert_eq!(profile["name"], users[1]["name"]);
    let own = bench.json(&["accounts", "0", "--format", "json"]);
    assert!(
        !own.as_array().unwrap().is_empty(),
        "a person has accounts of its own"
    );

    // Connected again, the same person keeps its number.
    let again = connect(&bench, &["connect", "--format", "json"]).await;
    assert_eq!(again["new_user_id"], 1);

    assert_eq!(bench.run(&["disconnect", "1"]).code, 0);
    assert_eq!(bench.run(&["accounts", "1"]).code, 2);
    let next = connect(&bench, &["connect", "--format", "json"]).await;
    assert_eq!(next["new_user_id"], 2, "numbers are never reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_psd2_provider_connects_and_has_no_accounts_itself() {
    let (simulator, bench) = approving().await;
    let setup = bench.run(&["setup"]);
    assert_eq!(setup.code, 0, "{}", setup.stderr);
    assert!(setup.stdout.contains("PSD2 provider"), "{}", setup.stdout);
    let own = bench.run(&["accounts", "0"]);
    assert_eq!(own.code, 2, "{}", own.stderr);
    connect(&bench, &["connect", "--format", "json"]).await;
    let csv = bench.run(&["accounts", "1", "--format", "csv"]);
    assert_eq!(csv.stdout.lines().count(), 5, "{}", csv.stdout);

    let other = bench.run(&["setup", "--person"]);
    assert_eq!(other.code, 2);
    assert!(other.stderr.contains("--profile"), "{}", other.stderr);
    // Once more of the same is fine and makes nothing twice.
    assert_eq!(bench.run(&["setup", "--psd2"]).code, 0);
    assert_eq!(simulator.census().oauth_clients, 1);
    assert_eq!(simulator.census().callback_urls, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_from_standard_input_and_a_wrong_one() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let bench = Bench::new(&simulator.root());
    let wrong = bench.run_with_input(&["setup", "--api-key-file", "-"], "sandbox_wrong\n");
    assert_eq!(wrong.code, 77, "{}", wrong.stderr);
    assert!(wrong.stderr.contains("API key"), "{}", wrong.stderr);
    assert!(!wrong.stderr.contains("sandbox_wrong"), "{}", wrong.stderr);

    let made: Value = reqwest::Client::new()
        .post(format!("{}/v1/sandbox-user-company", simulator.root()))
        .header("User-Agent", "test")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .map(|text| serde_json::from_str(&text).unwrap())
        .unwrap();
    let key = made["Response"][0]["ApiKey"]["api_key"].as_str().unwrap();
    let right = bench.run_with_input(&["setup", "--api-key-file", "-"], key);
    assert_eq!(right.code, 0, "{}", right.stderr);
    assert!(right.stdout.contains("company"), "{}", right.stdout);
}

#[test]
fn what_is_missing_is_said_with_the_way_out() {
    let bench = Bench::new("http://127.0.0.1:1");
    let users = bench.run(&["users"]);
    assert_eq!(users.code, 78);
    assert!(users.stderr.contains("setup"), "{}", users.stderr);

    let unreachable = bench.run(&["setup", "--person"]);
    assert_eq!(unreachable.code, 69, "{}", unreachable.stderr);
    assert_eq!(unreachable.stdout, "");

    let other_key = bench.without_key(&["users"]);
    assert_eq!(other_key.code, 78);
    assert!(
        other_key.stderr.contains("--key-file"),
        "{}",
        other_key.stderr
    );

    let fresh = Bench::new("http://127.0.0.1:1");
    let no_key = fresh.without_key(&["setup", "--person"]);
    assert_eq!(no_key.code, 78);
    assert!(no_key.stderr.contains("--key-file"), "{}", no_key.stderr);
    assert!(!fresh.data_dir().exists(), "nothing is left behind");

    let demo = bench.bare(&["--environment", "demo", "users"]);
    assert_eq!(demo.code, 2);
    assert!(demo.stderr.contains("simulator"), "{}", demo.stderr);

    let nothing = fresh.bare(&["users"]);
    assert_eq!(nothing.code, 78);
    assert!(
        nothing.stderr.contains("--environment"),
        "{}",
        nothing.stderr
    );

    let away = bench.bare(&["--environment", "http://example.com", "users"]);
    assert_eq!(away.code, 2);
    let production = bench.bare(&["--environment", "production", "setup", "--person"]);
    assert_eq!(production.code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_named() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let mut bench = Bench::new(&simulator.root());
    let port = free_port();
    bench.callback_url = format!("http://localhost:{port}/callback");
    assert_eq!(bench.run(&["setup", "--person"]).code, 0);
    let _taken = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let connect = bench.run(&["connect"]);
    assert_eq!(connect.code, 1, "{}", connect.stderr);
    assert!(
        connect.stderr.contains(&port.to_string()),
        "{}",
        connect.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_has_every_request_and_no_secret() {
    let (simulator, bench) = approving().await;
    let log = bench.directory.path().join("log");
    let name = log.to_str().unwrap();
    assert_eq!(bench.run(&["--log", name, "setup", "--person"]).code, 0);
    connect(&bench, &["--log", name, "connect", "--format", "json"]).await;
    assert_eq!(bench.run(&["--log", name, "accounts", "1"]).code, 0);
    let text = std::fs::read_to_string(&log).unwrap();
    let logged: Vec<_> = text
        .lines()
        .map(|line| {
            line.split(' ')
                .skip(1)
                .take(3)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let called: Vec<_> = simulator
        .calls()
        .into_iter()
        .filter(|call| !call.path.starts_with("/auth"))
        .map(|call| format!("{} {} {}", call.method, call.path, call.status))
        .collect();
    assert_eq!(logged, called);
    // Tokens, keys, codes and ids of the client are 64 hexadecimal digits.
    let secret = |word: &str| word.len() >= 32 && word.chars().all(|c| c.is_ascii_hexdigit());
    assert!(
        !text.split([' ', '\n', '/', '?', '&', '=']).any(secret),
        "{text}"
    );
    assert!(!text.contains("sandbox_"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_waited_for_is_said() {
    let (simulator, bench) = approving().await;
    assert_eq!(bench.run(&["setup", "--person"]).code, 0);
    simulator.set_fault(Fault {
        endpoint: "GET user/{}/monetary-account".into(),
        nth: Some(1),
        kind: FaultKind::TooMany {
            calls: 3,
            seconds: 2,
            retry_after: None,
        },
    });
    let ran = bench.run(&["accounts", "0", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.starts_with("Waits 3 s: GET /v1/user/"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("bunq said: too fast"), "{}", ran.stderr);
    assert!(ran.stdout.starts_with('['), "{}", ran.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_connected_is_told_whatever_its_accounts_say() {
    let (simulator, bench) = approving().await;
    assert_eq!(bench.run(&["setup", "--psd2"]).code, 0);
    simulator.set_fault(Fault {
        endpoint: "GET user/{}/monetary-account".into(),
        nth: None,
        kind: FaultKind::Maintenance491,
    });
    let ran = approve(&bench, &["connect", "--format", "json"]).await;
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("\"new_user_id\":1"), "{}", ran.stdout);
    assert!(ran.stderr.contains("User 1 is connected"), "{}", ran.stderr);
}
