//! The official Python SDK against the simulator: proof against something we did not write.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use bunq_tui::simulator::{Options, Simulator};

/// Runs `tests/sdk/check.py` with the interpreter that `BUNQ_SDK_PYTHON` names, one that has what
/// `tests/sdk/requirements.txt` lists.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_sdk_works_against_the_simulator() {
    let Some(python) = std::env::var_os("BUNQ_SDK_PYTHON") else {
        println!("skipped: BUNQ_SDK_PYTHON names no Python with the SDK");
        return;
    };
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let root = simulator.root();
    let run = tokio::task::spawn_blocking(move || {
        std::process::Command::new(python)
            .args(["-X", "utf8"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sdk/check.py"))
            .arg(root)
            .output()
            .unwrap()
    });
    let output = run.await.unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let trace = String::from_utf8_lossy(&output.stderr);
    println!("{told}");
    assert!(output.status.success(), "{told}\n{trace}");
    assert!(
        told.lines()
            .last()
            .is_some_and(|line| line.ends_with(" checks passed"))
    );
    simulator.stop().await;
}
