//! The refresh of many users, limits off: `cargo bench --bench refresh`.
//!
//! For 1, 10, 100, 1,000 and 10,000 connected users with open sessions: users a second, and the
//! peak resident memory of a process that does nothing else. The simulator is in the parent, so
//! its memory does not count; its time does, since it signs every answer on the same machine.

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

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use bunq_tui::base::Environment;
use bunq_tui::simulator::{Options, Simulator};
use bunq_tui::workspace::{Profile, RefreshProgress, Settings, StoreKey, Workspace};
use common::Bench;
use common::crowd::connect_many;
use tokio::sync::mpsc;

const SIZES: [usize; 5] = [1, 10, 100, 1_000, 10_000];
/// Says that this process is the one that is measured.
const CHILD: &str = "--refresh-in";

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(place) = arguments.iter().position(|argument| argument == CHILD) {
        let [data_dir, key_file, bank] = [1, 2, 3].map(|next| arguments[place + next].clone());
        return refresh(Path::new(&data_dir), Path::new(&key_file), &bank).await;
    }
    println!("users  seconds  users/s  peak memory");
    for count in SIZES {
        let simulator = Simulator::start(Options::default()).await.unwrap();
        let bench = Bench::new(&simulator.root());
        connect_many(&simulator, &bench, count).await;
        let child = Command::new(std::env::current_exe().unwrap())
            .arg(CHILD)
            .args([bench.data_dir(), bench.key_file()])
            .arg(&bench.environment)
            .output();
        let output = tokio::task::spawn_blocking(|| child)
            .await
            .unwrap()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let told = String::from_utf8(output.stdout).unwrap();
        let (seconds, memory) = told.trim().split_once(' ').unwrap();
        let seconds: f64 = seconds.parse().unwrap();
        let rate = f64::from(u32::try_from(count).unwrap()) / seconds;
        println!("{count:>5}  {seconds:>7.3}  {rate:>7.0}  {memory:>7} kB");
    }
}

/// In the child: one refresh of everybody.
async fn refresh(data_dir: &Path, key_file: &Path, bank: &str) {
    let environment: Environment = bank.parse().unwrap();
    let profile = Profile::new(environment, None).unwrap();
    let key = StoreKey::File(key_file.into());
    let workspace = Workspace::open(profile, &key, Settings::new(data_dir.into())).unwrap();
    let (progress, mut told) = mpsc::channel::<RefreshProgress>(64);
    let listening = tokio::spawn(async move { while told.recv().await.is_some() {} });
    let began = Instant::now();
    let refreshed = workspace.refresh_all(progress).await.unwrap();
    let took = began.elapsed();
    listening.await.unwrap();
    assert!(refreshed.failed.is_empty(), "{refreshed:?}");
    println!("{} {}", took.as_secs_f64(), peak_memory());
}

fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}
