//! Killed before and after every call and every write, three times each: on the next start
//! everything completes, nothing is there twice, and what is lost is known to be lost.
//!
//! Each run is a process of its own (this test binary, executed anew) that kills itself at its
//! k-th checkpoint, against a simulator of the parent.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

mod child;
#[path = "../common/key_file.rs"]
mod key_file;
mod order;
mod rounds;
mod stand;

use std::collections::BTreeSet;

use tokio::runtime::Runtime;

/// How often each point is tried.
const ROUNDS: usize = 3;
/// What the issue asks for.
const FEWEST_POINTS: usize = 40;

/// One thread for each round: they share nothing, and so do their banks.
fn three_rounds(round: fn(&tokio::runtime::Handle) -> Vec<String>) {
    let runtime = Runtime::new().unwrap();
    let began = std::time::Instant::now();
    let rounds: Vec<Vec<String>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..ROUNDS)
            .map(|_| scope.spawn(|| round(runtime.handle())))
            .collect();
        threads.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let points = &rounds[0];
    assert!(rounds.iter().all(|other| other == points), "{rounds:#?}");
    let names: BTreeSet<_> = points.iter().collect();
    assert!(names.len() == points.len(), "a name that comes twice");
    println!(
        "{} kill points, {ROUNDS} rounds, {:.1} s:",
        points.len(),
        began.elapsed().as_secs_f64()
    );
    for point in points {
        println!("  {point}");
    }
}

#[test]
fn setup_killed_anywhere_completes() {
    three_rounds(|runtime| {
        let points = rounds::setups(runtime);
        assert!(points.len() >= FEWEST_POINTS, "{points:#?}");
        points
    });
}

#[test]
fn connect_and_everyday_commands_killed_anywhere_complete() {
    three_rounds(|runtime| {
        let points = rounds::everyday(runtime);
        assert!(points.len() >= FEWEST_POINTS, "{points:#?}");
        points
    });
}

#[test]
fn setup_anew_killed_anywhere_completes() {
    three_rounds(rounds::anew);
}
