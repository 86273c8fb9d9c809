//! A bank that answers with a wrong or missing signature gets nothing shown and nothing kept, on
//! every call after the installation.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use bunq_tui::simulator::{Fault, FaultKind, Simulator};
use common::{Ran, approving, connect};

const KINDS: [FaultKind; 3] = [
    FaultKind::WrongSignature,
    FaultKind::MissingSignature,
    FaultKind::OtherBodySignature,
];

/// The calls of the setup. Whether one arrived whose answer cannot be used is looked up, where an
/// answer that can be used tells: then the setup goes on by itself.
const SETUP: [(&str, bool); 8] = [
    ("POST payment-service-provider-credential", false),
    ("POST device-server", true),
    ("POST session-server", false),
    ("GET user/{}/oauth-client", false),
    ("POST user/{}/oauth-client", true),
    ("GET user/{}/oauth-client/{}", false),
    ("GET user/{}/oauth-client/{}/callback-url", false),
    ("POST user/{}/oauth-client/{}/callback-url", true),
];

const READING: [(&str, &[&str]); 2] = [
    (
        "GET user/{}/monetary-account",
        &["accounts", "1", "--format", "json"],
    ),
    ("GET user", &["user", "1", "--format", "json"]),
];

fn forge(simulator: &Simulator, endpoint: &str, kind: &FaultKind) {
    simulator.set_fault(Fault {
        endpoint: endpoint.into(),
        nth: None,
        kind: kind.clone(),
    });
}

fn is_refused(ran: &Ran, what: &str) {
    assert_eq!(ran.code, 1, "{what}: {}", ran.stderr);
    assert_eq!(ran.stdout, "", "{what}");
    assert!(
        ran.stderr.contains("Nothing of it was used"),
        "{what}: {}",
        ran.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_setup_uses_nothing_of_it_and_then_goes_on() {
    for kind in KINDS {
        for (endpoint, looked_up) in SETUP {
            let (simulator, bench) = approving().await;
            forge(&simulator, endpoint, &kind);
            let ran = bench.run(&["setup", "--psd2"]);
            if looked_up {
                assert_eq!(ran.code, 0, "{endpoint}: {}", ran.stderr);
            } else {
                is_refused(&ran, endpoint);
                simulator.clear_faults();
                assert_eq!(bench.run(&["setup", "--psd2"]).code, 0);
            }
            let census = simulator.census();
            assert_eq!((census.oauth_clients, census.callback_urls), (1, 1));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_shows_nothing_and_keeps_what_was_there() {
    let (simulator, bench) = approving().await;
    assert_eq!(bench.run(&["setup", "--psd2"]).code, 0);
    connect(&bench, &["connect", "--format", "json"]).await;
    let stored = ["accounts", "1", "--stored", "--format", "json"];
    bench.json(&["accounts", "1", "--format", "json"]);
    let before = bench.json(&stored);
    for kind in KINDS {
        for (endpoint, command) in READING {
            forge(&simulator, endpoint, &kind);
            is_refused(&bench.run(command), endpoint);
            simulator.clear_faults();
        }
        forge(&simulator, "POST session-server", &kind);
        simulator.expire_sessions();
        is_refused(&bench.run(&["accounts", "1"]), "a new session");
        simulator.clear_faults();
    }
    assert_eq!(bench.json(&stored), before);
    assert_eq!(bench.run(&["accounts", "1"]).code, 0);
}
