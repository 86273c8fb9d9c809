//! What breaks off after the user approved is finished by the next run, and a callback URL that
//! changes never leaves a second one of ours.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use bunq_tui::simulator::{Fault, FaultKind, Simulator};
use common::{Bench, approve, approving, free_port};

async fn set_up(arguments: &[&str]) -> (Simulator, Bench) {
    let (simulator, bench) = approving().await;
    let setup = bench.run(arguments);
    assert_eq!(setup.code, 0, "{}", setup.stderr);
    (simulator, bench)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spent_code_is_not_lost() {
    let (simulator, bench) = set_up(&["setup", "--psd2"]).await;
    simulator.set_fault(Fault {
        endpoint: "POST session-server".into(),
        nth: None,
        kind: FaultKind::Html502,
    });
    let failed = approve(&bench, &["connect", "--format", "json"]).await;
    assert_eq!(failed.code, 69, "{}", failed.stderr);
    assert_eq!(failed.stdout, "");
    assert!(failed.stderr.contains("is kept"), "{}", failed.stderr);
    assert_eq!(
        bench
            .json(&["users", "--format", "json"])
            .as_array()
            .unwrap()
            .len(),
        0
    );

    simulator.clear_faults();
    // Nobody approves this time.
    let finished = bench.json(&["connect", "--format", "json"]);
    assert_eq!(finished["new_user_id"], 1);
    assert_eq!(simulator.census().grants, 1);
    let users = bench.json(&["users", "--format", "json"]);
    assert_eq!(users[0]["accounts"], 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_was_taken_back_meanwhile_is_no_dead_end() {
    let (simulator, bench) = set_up(&["setup", "--psd2"]).await;
    simulator.set_fault(Fault {
        endpoint: "POST session-server".into(),
        nth: None,
        kind: FaultKind::Html502,
    });
    assert_eq!(approve(&bench, &["connect"]).await.code, 69);
    simulator.clear_faults();
    simulator.revoke_grants();
    assert_eq!(approve(&bench, &["connect"]).await.code, 0);
    assert_eq!(bench.json(&["users", "--format", "json"])[0]["number"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_grant_is_marked_and_linked_again() {
    let (simulator, bench) = set_up(&["setup", "--psd2"]).await;
    assert_eq!(approve(&bench, &["connect"]).await.code, 0);
    simulator.revoke_grants();
    let refused = bench.run(&["accounts", "1"]);
    assert_eq!(refused.code, 77, "{}", refused.stderr);
    let marked = bench.json(&["users", "--format", "json"]);
    assert!(marked[0]["revoked_at"].is_string());
    assert_eq!(marked[0]["accounts"], 4, "the last figures stay");
    assert_eq!(approve(&bench, &["connect"]).await.code, 0);
    let linked = bench.json(&["users", "--format", "json"]);
    assert_eq!(linked[0]["number"], 1);
    assert!(linked[0]["revoked_at"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_callback_url_replaces_ours_wherever_it_breaks_off() {
    for broken in [
        "POST user/{}/oauth-client/{}/callback-url",
        "DELETE user/{}/oauth-client/{}/callback-url/{}",
    ] {
        let (simulator, mut bench) = set_up(&["setup", "--psd2"]).await;
        let first = bench.callback_url.clone();
        bench.callback_url = format!("http://localhost:{}/callback", free_port());
        let ignored = bench.run(&["connect"]);
        assert_eq!(ignored.code, 2, "{}", ignored.stderr);
        assert!(ignored.stderr.contains(&first), "{}", ignored.stderr);

        // Done at the bank, but we never hear of it.
        simulator.set_fault(Fault {
            endpoint: broken.into(),
            nth: None,
            kind: FaultKind::Drop,
        });
        // Nor by looking: a read is tried three times, and the first look was before.
        for nth in 2..=4 {
            simulator.set_fault(Fault {
                endpoint: "GET user/{}/oauth-client/{}/callback-url".into(),
                nth: Some(nth),
                kind: FaultKind::Drop,
            });
        }
        assert_ne!(bench.run(&["setup"]).code, 0, "{broken}");
        simulator.clear_faults();
        // The next run says nothing of the URL.
        let url = std::mem::take(&mut bench.callback_url);
        let again = bench.run(&["setup"]);
        assert_eq!(again.code, 0, "{}", again.stderr);
        assert!(again.stdout.contains(&url), "{}", again.stdout);
        assert_eq!(simulator.census().callback_urls, 1, "{broken}");
        assert_eq!(approve(&bench, &["connect"]).await.code, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_look_at_a_finished_setup_demotes_nothing() {
    let (simulator, bench) = set_up(&["setup", "--psd2"]).await;
    simulator.set_fault(Fault {
        endpoint: "GET user/{}/oauth-client".into(),
        nth: None,
        kind: FaultKind::Html502,
    });
    assert_eq!(bench.run(&["setup"]).code, 69);
    simulator.clear_faults();
    assert_eq!(approve(&bench, &["connect"]).await.code, 0);
}
