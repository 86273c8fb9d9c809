//! `doctor`: what it finds, how it ends, and that nothing in it is secret.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use std::io::{Read, Write};

use bunq_tui::simulator::{Fault, FaultKind};
use common::{Bench, Ran, approving, connect};
use serde_json::Value;

fn checks(ran: &Ran) -> Vec<Value> {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}{}", ran.stdout, ran.stderr))
}

fn doctor(bench: &Bench, more: &[&str]) -> (i32, Vec<Value>) {
    let ran = bench.run(&[more, &["doctor", "--format", "json"]].concat());
    (ran.code, checks(&ran))
}

#[track_caller]
fn about<'a>(checks: &'a [Value], topic: &str) -> &'a Value {
    let mut found = checks.iter().filter(|check| check["topic"] == topic);
    let check = found
        .next()
        .unwrap_or_else(|| panic!("nothing about {topic}: {checks:#?}"));
    assert!(found.next().is_none(), "{topic} is there twice");
    check
}

#[track_caller]
fn stands(checks: &[Value], topic: &str, verdict: &str, words: &str) {
    let check = about(checks, topic);
    assert_eq!(check["verdict"], verdict, "{check}");
    let finding = check["finding"].as_str().unwrap();
    assert!(finding.contains(words), "{check}");
    if verdict == "bad" {
        assert_ne!(check["remedy"], "", "{check}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_is_well_and_nothing_is_secret() {
    let (_simulator, bench) = approving().await;
    let (code, absent) = doctor(&bench, &[]);
    assert_eq!(code, 78);
    stands(&absent, "Store", "bad", "there is none");

    assert_eq!(bench.run(&["setup", "--psd2", "--roles", "aisp"]).code, 0);
    connect(&bench, &["connect", "--format", "json"]).await;
    let (code, found) = doctor(&bench, &[]);
    assert_eq!(code, 0, "{found:#?}");
    for (topic, words) in [
        ("Environment", "/v1/"),
        ("Profiles", "(this one)"),
        ("Store", "every page is sound"),
        ("Keyring", "key file"),
        ("Setup", "all steps"),
        ("Provider", "PSD2 provider"),
        ("Certificate", "AISP; valid until"),
        ("Session", "PSD2 provider"),
        ("Device", "permitted from 127.0.0.1"),
        ("OAuth client", "active"),
        ("Callback URL", "to the character"),
        ("Grants", "1 user, the oldest reading of"),
        ("Clock", "the same"),
        ("Limits", "none is kept to"),
    ] {
        stands(&found, topic, "good", words);
    }
    assert!(!about(&found, "Certificate").to_string().contains("PISP"));

    let text = bench.run(&["doctor"]);
    assert_eq!(text.code, 0);
    let all = format!("{}{}{found:?}", text.stdout, text.stderr);
    // Tokens, keys, codes and ids of the client are 64 hexadecimal digits.
    let secret = |word: &str| word.len() >= 32 && word.chars().all(|c| c.is_ascii_hexdigit());
    let words = all.split(|c: char| !c.is_ascii_alphanumeric());
    assert_eq!(
        words.clone().filter(|word| secret(word)).count(),
        0,
        "{all}"
    );
    assert!(words.count() > 100, "there was something to look through");
    assert!(!all.contains("PRIVATE KEY") && !all.contains("sandbox_"));
    let home = bench.directory.path().to_str().unwrap();
    assert!(!text.stdout.contains(&format!("{home}/data")), "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_is_nowhere_in_it() {
    let (simulator, bench) = approving().await;
    let made = reqwest::Client::new()
        .post(format!("{}/v1/sandbox-user-company", simulator.root()))
        .header("User-Agent", "test")
        .send()
        .await
        .unwrap();
    let made: Value = serde_json::from_str(&made.text().await.unwrap()).unwrap();
    let key = made["Response"][0]["ApiKey"]["api_key"].as_str().unwrap();
    let set_up = bench.run_with_input(&["setup", "--api-key-file", "-"], key);
    assert_eq!(set_up.code, 0, "{}", set_up.stderr);
    simulator.set_fault(Fault {
        endpoint: "GET user".into(),
        nth: None,
        kind: FaultKind::Status(400, r#"{"Error":[{"error_description":"no"}]}"#.into()),
    });
    let ran = bench.run(&["doctor"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("BAD    Session"), "{}", ran.stdout);
    assert!(!(ran.stdout + &ran.stderr).contains(key));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_url_that_is_not_ours_is_told_in_words() {
    let (simulator, mut bench) = approving().await;
    assert_eq!(bench.run(&["setup", "--person"]).code, 0);
    let ours = bench.callback_url.clone();
    // Another profile of the same provider would do so: the bank keeps both.
    let listed = format!(r#"{{"Response":[{{"OauthCallbackUrl":{{"id":1,"url":"{ours}/"}}}}]}}"#);
    simulator.set_fault(Fault {
        endpoint: "GET user/{}/oauth-client/{}/callback-url".into(),
        nth: None,
        kind: FaultKind::DoneButStatus(200, listed),
    });
    bench.callback_url.clear();
    let (code, found) = doctor(&bench, &[]);
    assert_eq!(code, 1);
    stands(&found, "Callback URL", "bad", "a slash at its end");
    let remedy = about(&found, "Callback URL")["remedy"].as_str().unwrap();
    assert!(remedy.contains("Connection not found"), "{remedy}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_address_is_found_where_ours_is_known() {
    let (_simulator, bench) = approving().await;
    let first = ["--my-address", "192.0.2.1"];
    let set_up = bench.run(&[&first[..], &["setup", "--person"]].concat());
    assert_eq!(set_up.code, 0, "{}", set_up.stderr);
    let (code, found) = doctor(&bench, &first);
    assert_eq!(code, 0);
    stands(&found, "Device", "good", "still has that address");
    let (code, found) = doctor(&bench, &["--my-address", "192.0.2.9"]);
    assert_eq!(code, 1);
    stands(&found, "Device", "bad", "192.0.2.1 and is 192.0.2.9 now");

    let service = answering("192.0.2.9\n");
    let (code, found) = doctor(&bench, &["--address-service", &service]);
    assert_eq!(code, 1);
    stands(&found, "Device", "bad", "is 192.0.2.9 now");
    let service = answering(&"9".repeat(10_000));
    let (code, found) = doctor(&bench, &["--address-service", &service]);
    assert_eq!(code, 0);
    stands(&found, "Device", "notice", "longer than an address");
    let away = bench.run(&["--address-service", "http://example.com", "doctor"]);
    assert_eq!(away.code, 2, "{}", away.stderr);
}

/// A service on this machine that answers once with this text.
fn answering(text: &str) -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request);
        let _ = stream.write_all(answer.as_bytes());
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_is_gone_is_one_finding_among_many() {
    let (simulator, bench) = approving().await;
    assert_eq!(bench.run(&["setup", "--person"]).code, 0);
    simulator.stop().await;
    let (code, found) = doctor(&bench, &[]);
    assert_eq!(code, 1);
    stands(&found, "Setup", "good", "all steps");
    assert_eq!(about(&found, "Session")["verdict"], "bad");
    for topic in ["Device", "OAuth client", "Callback URL"] {
        stands(
            &found,
            topic,
            "unknown",
            "an earlier question was not answered",
        );
    }
    stands(&found, "Clock", "unknown", "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_store_says_what_opens_it() {
    let (_simulator, bench) = approving().await;
    assert_eq!(bench.run(&["setup", "--person"]).code, 0);
    let ran = bench.without_key(&["doctor", "--format", "json"]);
    assert_eq!(ran.code, 78, "{}", ran.stderr);
    let found = checks(&ran);
    stands(&found, "Store", "unknown", "locked");
    stands(&found, "Keyring", "good", "key file");
    stands(&found, "Unlocking", "bad", "");
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_refreshed_from_the_command_line() {
    let (simulator, bench) = approving().await;
    assert_eq!(bench.run(&["setup", "--person"]).code, 0);
    connect(&bench, &["connect", "--format", "json"]).await;
    let fresh = bench.run(&["users", "--refresh", "--format", "json"]);
    assert_eq!(fresh.code, 0, "{}", fresh.stderr);
    assert!(fresh.stderr.contains("2/2"), "{}", fresh.stderr);
    let users: Value = serde_json::from_str(&fresh.stdout).unwrap();
    assert_eq!(users.as_array().unwrap().len(), 2);
    assert!(
        users
            .as_array()
            .unwrap()
            .iter()
            .all(|user| user["as_of"].is_string())
    );

    // One of the two cannot be read.
    simulator.revoke_grants();
    let some = bench.run(&["users", "--refresh", "--format", "json"]);
    assert_eq!(some.code, 1, "{}", some.stderr);
    assert!(some.stderr.contains("User 1: "), "{}", some.stderr);
    let users: Value = serde_json::from_str(&some.stdout).unwrap();
    assert!(users[1]["revoked_at"].is_string());

    simulator.stop().await;
    let gone = bench.run(&["users", "--refresh", "--format", "json"]);
    assert_eq!(gone.code, 69, "{}", gone.stderr);
    assert_eq!(gone.stdout, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_stops_a_refresh() {
    let (simulator, bench) = approving().await;
    assert_eq!(bench.run(&["setup", "--person"]).code, 0);
    simulator.set_fault(Fault {
        endpoint: "GET user/{}/monetary-account".into(),
        nth: None,
        kind: FaultKind::Delay(std::time::Duration::from_secs(600)),
    });
    let before = simulator.calls().len();
    let child = bench
        .command(&["users", "--refresh"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let began = std::time::Instant::now();
    while simulator.calls().len() == before {
        assert!(began.elapsed().as_secs() < 60, "it never asked");
        std::thread::yield_now();
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    assert_eq!(ended.stdout, b"");
    assert!(String::from_utf8_lossy(&ended.stderr).contains("kept"));
}

#[test]
fn the_two_tables_of_limits_do_not_meet() {
    let bench = Bench::new("http://127.0.0.1:1");
    for arguments in [
        &["--limits", "classic", "users"][..],
        &["users", "--limits", "classic"],
    ] {
        // Understood, and then there is nothing set up.
        assert_eq!(bench.run(arguments).code, 78);
    }
    assert_eq!(bench.run(&["--limits", "none", "users"]).code, 2);
}
