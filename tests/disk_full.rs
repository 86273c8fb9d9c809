//! A disk that fills up, at every size at which setting up or connecting could meet it: a clean
//! message, a store that is whole, and with room again the same command succeeds.
//!
//! The disk is real: a small `tmpfs` in a mount namespace of its own. Where this machine lets
//! nobody make one the test says so, except in the gate.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    missing_docs
)]

mod common;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use bunq_tui::simulator::Simulator;
use common::{Bench, Ran, approving};

const ROOMY: u32 = 4_096;

/// A disk of a size that can be changed, where a bench has its data directory.
struct Disk {
    holder: Child,
    directory: PathBuf,
    user: Vec<&'static str>,
}

impl Disk {
    fn mount(bench: &Bench) -> Option<Self> {
        let directory = bench.data_dir();
        std::fs::create_dir(&directory).unwrap();
        let root = rustix::process::geteuid().is_root();
        let mut command = Command::new("unshare");
        if !root {
            command.arg("-Ur");
        }
        let mut holder = command
            .args(["-m", "sh", "-c"])
            .arg("mount -t tmpfs -o mode=700,size=4m tmpfs \"$0\" && echo mounted && exec cat")
            .arg(&directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut line = String::new();
        let mut told = BufReader::new(holder.stdout.take().unwrap());
        told.read_line(&mut line).unwrap();
        if line != "mounted\n" {
            holder.wait().unwrap();
            return None;
        }
        let user = match root {
            true => vec![],
            false => vec!["-U", "--preserve-credentials"],
        };
        Some(Self {
            holder,
            directory,
            user,
        })
    }

    /// The command, within the disk's namespace.
    fn within(&self, inner: &Command) -> Command {
        let mut command = Command::new("nsenter");
        command
            .args(["-t", &self.holder.id().to_string(), "-m"])
            .args(&self.user)
            .arg(inner.get_program())
            .args(inner.get_args())
            .stdin(Stdio::null());
        command
    }

    fn sh(&self, script: &str) -> String {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).arg(&self.directory);
        let output = self.within(&shell).output().unwrap();
        assert!(output.status.success(), "{script}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn resize(&self, kib: u32) {
        self.sh(&format!("mount -o remount,size={kib}k \"$0\""));
    }

    fn clear(&self) {
        self.sh("rm -rf \"$0\"/*");
    }

    /// What is used, in KiB.
    fn used(&self) -> u32 {
        let table = self.sh("df -k --output=used \"$0\" | tail -1");
        table.trim().parse().unwrap()
    }

    fn run(&self, bench: &Bench, arguments: &[&str]) -> Ran {
        ran(self.within(&bench.command(arguments)).output().unwrap())
    }

    /// Connects a user and approves, if it comes to that.
    fn connect(&self, bench: &Bench) -> Ran {
        let mut child = self
            .within(&bench.command(&["connect", "--no-qr"]))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        for line in BufReader::new(child.stderr.take().unwrap()).lines() {
            let line = line.unwrap();
            if line.starts_with("http") && line.contains("response_type=code") {
                follow(line.clone());
            }
            said.push_str(&line);
            said.push('\n');
        }
        let mut ran = ran(child.wait_with_output().unwrap());
        ran.stderr = said;
        ran
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // It ends with its input, and the disk with it.
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}

fn ran(output: std::process::Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn follow(address: String) {
    tokio::spawn(async move { reqwest::get(address).await.map(drop) });
}

/// Whatever failed is told as a full disk, with what to do, and nothing broke.
fn assert_clean(size: u32, ran: &Ran) {
    assert!(
        ran.stderr.contains("the disk is full"),
        "{size} KiB: {}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("mistake of its own"), "{}", ran.stderr);
    assert!(
        matches!(ran.code, 1 | 78),
        "{size} KiB: {} {}",
        ran.code,
        ran.stderr
    );
}

async fn start() -> Option<(Simulator, Bench, Disk)> {
    let (simulator, bench) = approving().await;
    if let Some(disk) = Disk::mount(&bench) {
        return Some((simulator, bench, disk));
    }
    assert!(
        std::env::var_os("BUNQ_REQUIRE_DISK").is_none(),
        "no disk could be made"
    );
    eprintln!("SKIPPED: this machine lets nobody make a small disk (unshare, mount)");
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setup_that_fills_the_disk_goes_on_when_there_is_room() {
    let Some((_simulator, bench, disk)) = start().await else {
        return;
    };
    let mut failed = 0;
    for size in (16..).step_by(12) {
        disk.clear();
        disk.resize(size);
        let first = disk.run(&bench, &["setup", "--person"]);
        disk.resize(ROOMY);
        if first.code == 0 {
            break;
        }
        assert_clean(size, &first);
        failed += 1;
        let again = disk.run(&bench, &["setup", "--person"]);
        assert_eq!(again.code, 0, "{size} KiB: {}", again.stderr);
        let doctor = disk.run(&bench, &["doctor"]);
        assert_eq!(
            doctor.code, 0,
            "{size} KiB: {}{}",
            doctor.stdout, doctor.stderr
        );
    }
    assert!(failed >= 5, "only {failed} sizes were too small");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_fills_the_disk_loses_nobody() {
    let Some((simulator, bench, disk)) = start().await else {
        return;
    };
    let mut failed = 0;
    for more in (0..).step_by(4) {
        disk.clear();
        let setup = disk.run(&bench, &["setup", "--psd2"]);
        assert_eq!(setup.code, 0, "{}", setup.stderr);
        disk.resize(disk.used() + more);
        let grants = simulator.census().grants;
        let first = disk.connect(&bench);
        disk.resize(ROOMY);
        if first.code == 0 {
            break;
        }
        assert_clean(more, &first);
        failed += 1;
        let again = disk.connect(&bench);
        assert_eq!(again.code, 0, "{more} KiB: {}", again.stderr);
        let users = disk.run(&bench, &["users", "--format", "json"]);
        let users: serde_json::Value = serde_json::from_str(&users.stdout).unwrap();
        assert_eq!(users.as_array().unwrap().len(), 1, "{users}");
        assert_eq!(users[0]["accounts"], 4, "{users}");
        assert_eq!(simulator.census().grants, grants + 1, "{more} KiB");
    }
    assert!(failed >= 2, "only {failed} sizes were too small");
}
