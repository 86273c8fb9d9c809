//! The process keeps its memory to itself, however it ends.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use bunq_tui::simulator::{Options, Simulator};
use common::Bench;
use rustix::process::{Pid, Signal, kill_process};

const PATIENCE: Duration = Duration::from_secs(40);

/// The command as a shell without a limit on cores would start it, in this directory.
fn unlimited(command: &Command, directory: &Path) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", "ulimit -c unlimited && exec \"$0\" \"$@\""])
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in command.get_envs() {
        shell.env(name, value.unwrap());
    }
    shell
}

fn crash(child: &mut Child) -> ExitStatus {
    let id = Pid::from_child(child);
    let end = Instant::now() + PATIENCE;
    loop {
        // Rust's own handler takes the first one, to look whether a stack overflowed.
        kill_process(id, Signal::SEGV).unwrap();
        std::thread::yield_now();
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(Instant::now() < end, "it lives on");
    }
}

fn left_in(directory: &Path) -> Vec<String> {
    let all = fs::read_dir(directory).unwrap();
    all.map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// Where a core lands in the working directory, this machine would have left one.
fn a_core_is_seen_here() -> bool {
    let pattern = fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap();
    if pattern.starts_with('|') || pattern.contains('/') {
        println!(
            "core_pattern is {}: only the wait status can be checked",
            pattern.trim()
        );
        return false;
    }
    let directory = tempfile::tempdir().unwrap();
    let mut sleep = Command::new("/bin/sleep");
    sleep.arg("600");
    let Ok(mut child) = unlimited(&sleep, directory.path()).spawn() else {
        return false;
    };
    // Not the shell before it.
    let comm = format!("/proc/{}/comm", child.id());
    let end = Instant::now() + PATIENCE;
    while fs::read_to_string(&comm).unwrap().trim() != "sleep" {
        assert!(Instant::now() < end, "no sleep");
        std::thread::yield_now();
    }
    let status = crash(&mut child);
    let left = left_in(directory.path());
    println!("sleep: {status}, left {left:?}");
    status.core_dumped() && !left.is_empty()
}

fn first_line(stream: impl Read, wanted: &str) -> String {
    let mut lines = BufReader::new(stream).lines();
    lines
        .by_ref()
        .map(Result::unwrap)
        .find(|line| line.contains(wanted))
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_leaves_no_core() {
    let control = a_core_is_seen_here();
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let bench = Bench::new(&simulator.root());
    assert_eq!(bench.run(&["setup", "--person"]).code, 0);
    let commands = [
        (bench.command(&["simulator"]), "http://"),
        (bench.command(&["connect", "--no-qr"]), "response_type=code"),
    ];
    for (command, wanted) in commands {
        let directory = tempfile::tempdir().unwrap();
        let mut child = unlimited(&command, directory.path()).spawn().unwrap();
        let mut told = child
            .stderr
            .take()
            .unwrap()
            .chain(child.stdout.take().unwrap());
        first_line(&mut told, wanted);
        let status = crash(&mut child);
        println!("{command:?}: {status}, a core is possible here: {control}");
        assert_eq!(status.signal(), Some(Signal::SEGV.as_raw()));
        assert!(!status.core_dumped(), "{status}");
        assert_eq!(left_in(directory.path()), Vec::<String>::new());
    }
}

/// What `/proc` shows of a process that cannot be dumped belongs to root.
#[test]
fn its_memory_is_closed_to_other_processes_of_the_same_user() {
    const NOBODY: u32 = 65_534;
    let directory = tempfile::tempdir().unwrap();
    let mut permissions = fs::metadata(directory.path()).unwrap().permissions();
    permissions.set_mode(0o755);
    fs::set_permissions(directory.path(), permissions).unwrap();
    // Where nobody may run it, too.
    let program = directory.path().join("bunq-tui");
    fs::copy(env!("CARGO_BIN_EXE_bunq-tui"), &program).unwrap();
    let mut command = Command::new(&program);
    command
        .arg("simulator")
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if rustix::process::getuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    let mut child = command.spawn().unwrap();
    let mut told = child
        .stderr
        .take()
        .unwrap()
        .chain(child.stdout.take().unwrap());
    first_line(&mut told, "http://");
    let owner = |file: &str| {
        let path = format!("/proc/{}/{file}", child.id());
        fs::metadata(path).unwrap().uid()
    };
    let owners = ["environ", "mem", "maps"].map(owner);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(owners, [0; 3]);
}
