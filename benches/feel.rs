//! How it feels with a store of 10,000 users: `cargo bench --bench feel`.
//!
//! The release binary in a 200x50 pseudo-terminal over a store with 10,000 users and their
//! accounts, beside the simulator that they are connected to:
//!
//! * the first frame, and the users on the screen, from the start of the process: median and worst
//!   of 10;
//! * from a key to the end of the frame that answers it: median, p99 and worst of 1,000;
//! * context switches of all its threads in 10 s on Users while nobody does anything;
//! * the peak of its resident memory by then.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

#[path = "../tests/common/mod.rs"]
mod common;
mod pty;

use std::time::Duration;

use bunq_tui::simulator::{Options, Simulator};
use common::Bench;
use common::crowd::connect_many;
use common::library::{open, settings};
use pty::Session;
use tokio::sync::mpsc;

const USERS: usize = 10_000;
const STARTS: usize = 10;
const KEYS: usize = 1_000;
const IDLE: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let bench = Bench::new(&simulator.root());
    connect_many(&simulator, &bench, USERS).await;
    let workspace = open(&bench, settings(&bench));
    let (progress, mut told) = mpsc::channel(64);
    let listen = async { while told.recv().await.is_some() {} };
    let refreshed = tokio::join!(workspace.refresh_all(progress), listen)
        .0
        .unwrap();
    assert_eq!(refreshed.fresh, USERS);
    drop(workspace);
    tokio::task::spawn_blocking(move || measure(&bench))
        .await
        .unwrap();
}

fn start(bench: &Bench) -> Session {
    let data_dir = bench.data_dir();
    let key_file = bench.key_file();
    let arguments = [
        "--environment",
        &bench.environment,
        "--data-dir",
        data_dir.to_str().unwrap(),
        "--key-file",
        key_file.to_str().unwrap(),
    ];
    Session::start((200, 50), &arguments)
}

fn measure(bench: &Bench) {
    let mut frames = Vec::new();
    let mut listed = Vec::new();
    for _ in 0..STARTS {
        let mut session = start(bench);
        frames.push(session.wait_for("bunq"));
        listed.push(session.wait_for("Accounts of"));
        session.quit();
    }
    print("first frame", frames);
    print("users listed", listed);

    let mut session = start(bench);
    session.wait_for("Accounts of");
    session.settle(Duration::from_secs(2));
    let keys = ["j", "j", "j", "\x1b[6~", "k", "\x1b[F", "\x1b[H", "j"];
    let times = (0..KEYS)
        .map(|turn| session.answer_to(keys[turn % keys.len()]))
        .collect();
    print("key to frame", times);
    // Threads for blocking work end when there was none for 10 s.
    session.settle(Duration::from_secs(12));
    let before = session.context_switches();
    std::thread::sleep(IDLE);
    let after = session.context_switches();
    assert!(before.keys().eq(after.keys()), "a thread came or went");
    let switches = after.values().sum::<u64>() - before.values().sum::<u64>();
    println!("idle, 10 s           {switches} context switches");
    println!(
        "peak memory          {:.1} MB",
        session.peak_memory() as f64 * 1024.0 / 1e6
    );
    assert!(session.contents().contains("Accounts of"));
    session.quit();
}

fn print(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!(
        "{what:<20} {:.1?} median, {:.1?} p99, {:.1?} worst of {}",
        at(50),
        at(99),
        at(100),
        times.len()
    );
}
