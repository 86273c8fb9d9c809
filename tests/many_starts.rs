//! A thousand starts on one store, twenty-five at once: one sets up, the others wait, say who is
//! in the way, or find it done; nothing is made twice, nothing breaks.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use std::fs;
use std::process::{Child, Stdio};

use common::{Bench, approving};

const ROUNDS: usize = 40;
const AT_ONCE: usize = 25;

fn start(bench: &Bench, turn: usize) -> Child {
    // Every fourth only reads.
    let arguments: &[&str] = match turn % 4 {
        3 => &["users"],
        _ => &["setup", "--person"],
    };
    bench
        .command(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_writes_and_nothing_breaks() {
    let (simulator, bench) = approving().await;
    let mut set_up = 0;
    for round in 0..ROUNDS {
        // It may not be there yet.
        let _ = fs::remove_dir_all(bench.data_dir());
        let before = simulator.census();
        let started: Vec<_> = (0..AT_ONCE).map(|turn| start(&bench, turn)).collect();
        for child in started {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            match output.status.code() {
                Some(0) => set_up += 1,
                // Somebody else is at it.
                Some(75) => assert!(said.contains("in the way"), "{said}"),
                // Whoever only reads may come too early.
                Some(78) => assert!(said.contains("setup"), "{said}"),
                other => panic!("round {round} ended with {other:?}: {said}"),
            }
        }
        let after = simulator.census();
        assert_eq!(
            after.oauth_clients,
            before.oauth_clients + 1,
            "round {round}"
        );
        assert_eq!(
            after.callback_urls,
            before.callback_urls + 1,
            "round {round}"
        );
        assert_eq!(after.devices, before.devices + 1, "round {round}");
        let doctor = bench.run(&["doctor"]);
        assert_eq!(doctor.code, 0, "{}{}", doctor.stdout, doctor.stderr);
    }
    assert!(set_up >= ROUNDS, "{set_up}");
}
