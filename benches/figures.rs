//! The figures of the README, measured with the release binary: `cargo bench --bench figures`.
//!
//! * first frame: from the start of the process to the first text in a 120x40 pseudo-terminal,
//!   median and worst of 20 runs;
//! * setup: the sum of what `setup --person` reports for its steps against a simulator on this
//!   machine, without the key pair, median and worst of 20 runs;
//! * memory: the peak resident size (`VmHWM`) of a demo session up to its accounts;
//! * the size of the binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

mod pty;

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use pty::{BINARY, Session};

const RUNS: usize = 20;

fn demo() -> Session {
    Session::start((120, 40), &["demo"])
}

fn median_and_worst(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    (times[times.len() / 2], times[times.len() - 1])
}

fn first_frame() -> (Duration, Duration) {
    median_and_worst(
        (0..RUNS)
            .map(|_| {
                let mut demo = demo();
                let time = demo.wait_for("bunq");
                demo.quit();
                time
            })
            .collect(),
    )
}

fn demo_memory() -> u64 {
    let mut demo = demo();
    demo.wait_for("Setup");
    demo.press("s");
    demo.wait_for("Enter");
    demo.wait_for("localhost");
    demo.press("\r");
    demo.wait_for("4118.00");
    let peak = demo.peak_memory();
    demo.quit();
    peak
}

fn setup_time() -> (Duration, Duration) {
    let mut simulator = Command::new(BINARY)
        .arg("simulator")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(simulator.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let addresses: serde_json::Value = serde_json::from_str(&line).unwrap();
    let root = addresses["api"]
        .as_str()
        .unwrap()
        .trim_end_matches("/v1")
        .to_owned();
    // The first one makes the bank's own key.
    one_setup(&root);
    let times = (0..RUNS).map(|_| one_setup(&root)).collect();
    simulator.kill().unwrap();
    simulator.wait().unwrap();
    median_and_worst(times)
}

fn one_setup(root: &str) -> Duration {
    let directory = tempfile::tempdir().unwrap();
    let key = directory.path().join("key");
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&key)
        .unwrap()
        .write_all("0123456789abcdef".repeat(4).as_bytes())
        .unwrap();
    let run = Command::new(BINARY)
        .env_clear()
        .args(["--environment", root, "--data-dir"])
        .arg(directory.path().join("data"))
        .arg("--key-file")
        .arg(&key)
        .args(["setup", "--person"])
        .output()
        .unwrap();
    let told = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.success(), "{told}");
    let steps = told.lines().filter(|line| !line.starts_with("Key pair"));
    let milliseconds = steps
        .filter_map(|line| {
            line.split_once("done in ")?
                .1
                .strip_suffix(" ms")?
                .parse::<f64>()
                .ok()
        })
        .sum::<f64>();
    Duration::from_secs_f64(milliseconds / 1000.0)
}

fn main() {
    let (median, worst) = first_frame();
    println!("first frame of demo   {median:.1?} median, {worst:.1?} worst of {RUNS}");
    let (median, worst) = setup_time();
    println!("setup, without keys   {median:.1?} median, {worst:.1?} worst of {RUNS}");
    println!(
        "peak memory of demo   {:.1} MiB",
        demo_memory() as f64 / 1024.0
    );
    let size = std::fs::metadata(BINARY).unwrap().len();
    println!("release binary        {:.1} MB", size as f64 / 1e6);
}
