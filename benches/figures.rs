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

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

const BINARY: &str = env!("CARGO_BIN_EXE_bunq-tui");
const RUNS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(30);

struct Demo {
    began: Instant,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Demo {
    fn start() -> Self {
        let pair = native_pty_system()
            .openpty(PtySize {
                rows: 40,
                cols: 120,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
        let mut command = CommandBuilder::new(BINARY);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("HOME", std::env::temp_dir());
        command.arg("demo");
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let began = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            began,
            child,
            keys,
            output,
            screen: vt100::Parser::new(40.try_into().unwrap(), 120.try_into().unwrap(), 0),
            _master: pair.master,
        }
    }

    fn wait_for(&mut self, text: &str) -> Duration {
        while !self.screen.screen().contents().contains(text) {
            let bytes = self.output.recv_timeout(PATIENCE).unwrap_or_else(|_| {
                panic!("{text} never came:\n{}", self.screen.screen().contents())
            });
            self.screen.process(&bytes);
        }
        self.began.elapsed()
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    fn peak_memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.process_id().unwrap());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM"))
            .unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    fn quit(mut self) {
        self.press("q");
        self.child.wait().unwrap();
    }
}

fn median_and_worst(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    (times[times.len() / 2], times[times.len() - 1])
}

fn first_frame() -> (Duration, Duration) {
    median_and_worst(
        (0..RUNS)
            .map(|_| {
                let mut demo = Demo::start();
                let time = demo.wait_for("bunq");
                demo.quit();
                time
            })
            .collect(),
    )
}

fn demo_memory() -> u64 {
    let mut demo = Demo::start();
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
