//! Killed during the setup and started again: it goes on where it was, and nothing is made twice.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use std::process::Stdio;
use std::time::{Duration, Instant};

use bunq_tui::simulator::{Fault, FaultKind, Options, Simulator};
use common::Bench;

/// Longer than any run waits: the process dies with the answer still on its way.
const NEVER: Duration = Duration::from_secs(600);

/// The calls of a setup that leave something at the bank.
const PERSON: &[&str] = &[
    "POST installation",
    "POST sandbox-user-person",
    "POST device-server",
    "POST session-server",
    "GET user/{}/oauth-client",
    "POST user/{}/oauth-client",
    "GET user/{}/oauth-client/{}/callback-url",
    "POST user/{}/oauth-client/{}/callback-url",
];

const PSD2: &[&str] = &["POST payment-service-provider-credential"];

async fn killed_at(provider: &str, endpoint: &str) {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let bench = Bench::new(&simulator.root());
    simulator.set_fault(Fault {
        endpoint: endpoint.into(),
        nth: Some(1),
        kind: FaultKind::Delay(NEVER),
    });
    let mut child = bench
        .command(&["setup", provider])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for(endpoint, || {
        simulator.calls().iter().any(|call| is(endpoint, call))
    });
    child.kill().unwrap();
    child.wait().unwrap();
    simulator.clear_faults();

    // Without saying again who to be.
    let again = bench.run(&["setup"]);
    assert_eq!(again.code, 0, "after {endpoint}: {}", again.stderr);
    let census = simulator.census();
    assert_eq!(census.oauth_clients, 1, "after {endpoint}");
    assert_eq!(census.callback_urls, 1, "after {endpoint}");
    assert!(census.installations <= 2, "after {endpoint}: {census:?}");
    assert!(census.devices <= 1, "after {endpoint}: {census:?}");
    assert!(census.credentials <= 2, "after {endpoint}: {census:?}");
    assert!(census.sessions <= 2, "after {endpoint}: {census:?}");
}

fn is(endpoint: &str, call: &bunq_tui::simulator::Call) -> bool {
    let (method, shape) = endpoint.split_once(' ').unwrap();
    let path: Vec<_> = call.path.trim_start_matches("/v1/").split('/').collect();
    let shape: Vec<_> = shape.split('/').collect();
    call.method == method
        && path.len() == shape.len()
        && path
            .iter()
            .zip(&shape)
            .all(|(part, wanted)| *wanted == "{}" || part == wanted)
}

fn wait_for(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{what} never came"
        );
        std::thread::yield_now();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_killed_at_every_call() {
    for endpoint in PERSON {
        killed_at("--person", endpoint).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_psd2_provider_killed_at_its_credential() {
    for endpoint in PSD2 {
        killed_at("--psd2", endpoint).await;
    }
}
