//! A data directory, a key file and the real binary.

// Every test binary takes what it needs of this.
#![allow(dead_code)]

pub(crate) mod crowd;
pub(crate) mod key_file;
pub(crate) mod library;

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use bunq_tui::simulator::{Options, Simulator};
use serde_json::Value;
use tempfile::TempDir;

/// A bank that approves at once, and an empty machine for it.
pub(crate) async fn approving() -> (Simulator, Bench) {
    let options = Options {
        auto_approve: true,
        ..Options::default()
    };
    let simulator = Simulator::start(options).await.unwrap();
    let bench = Bench::new(&simulator.root());
    (simulator, bench)
}

/// What a run printed and how it ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// One person's machine: an own data directory and key file.
pub(crate) struct Bench {
    pub(crate) directory: TempDir,
    pub(crate) environment: String,
    /// Empty: not given.
    pub(crate) callback_url: String,
}

impl Bench {
    pub(crate) fn new(environment: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        key_file::write(&directory.path().join("key"));
        Self {
            directory,
            environment: environment.into(),
            callback_url: format!("http://localhost:{}/callback", free_port()),
        }
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    pub(crate) fn key_file(&self) -> PathBuf {
        self.directory.path().join("key")
    }

    /// The binary with nothing but these arguments and the data directory.
    fn binary(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bunq-tui"));
        command
            .env_clear()
            .env("HOME", self.directory.path())
            .arg("--data-dir")
            .arg(self.data_dir())
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    /// The binary with this bench's environment, key file and callback URL.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.binary(arguments);
        command
            .args(["--environment", &self.environment])
            .arg("--key-file")
            .arg(self.key_file());
        if !self.callback_url.is_empty() {
            command.args(["--callback-url", &self.callback_url]);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments).output().unwrap())
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        ran(child.wait_with_output().unwrap())
    }

    pub(crate) fn without_key(&self, arguments: &[&str]) -> Ran {
        let mut command = self.binary(arguments);
        command.args(["--environment", &self.environment]);
        ran(command.output().unwrap())
    }

    pub(crate) fn bare(&self, arguments: &[&str]) -> Ran {
        ran(self.binary(arguments).output().unwrap())
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap()
    }
}

fn ran(output: std::process::Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A port that is free on both loopback families right now.
pub(crate) fn free_port() -> u16 {
    loop {
        let one = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = one.local_addr().unwrap().port();
        match std::net::TcpListener::bind(("::1", port)) {
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {}
            // Free there too, or there is no IPv6 here.
            _ => return port,
        }
    }
}

/// Runs `connect`, follows the address on standard error as a browser would, and gives what it
/// printed.
pub(crate) async fn connect(bench: &Bench, arguments: &[&str]) -> Value {
    let ran = approve(bench, arguments).await;
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// The same, however it ends.
pub(crate) async fn approve(bench: &Bench, arguments: &[&str]) -> Ran {
    let mut child = bench
        .command(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = lines
        .by_ref()
        .map(Result::unwrap)
        .find(|line| line.starts_with("http") && line.contains("response_type=code"))
        .expect("the authorize address stands alone on a line");
    let page = reqwest::get(&address).await.unwrap();
    assert!(page.status().is_success(), "{}", page.status());
    assert!(page.url().path().ends_with("/done"), "{}", page.url());
    let stderr: Vec<String> = lines.map(Result::unwrap).collect();
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: stderr.join("\n"),
    }
}
