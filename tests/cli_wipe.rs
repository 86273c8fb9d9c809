//! `wipe`: what is stored here goes, whoever asks; nothing else does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

use bunq_tui::simulator::Simulator;
use common::{Bench, approving};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// Two profiles of one bank.
async fn two() -> (Simulator, Bench) {
    let (simulator, bench) = approving().await;
    for arguments in [
        &["setup", "--person"][..],
        &["--profile", "two", "setup", "--person"],
    ] {
        let ran = bench.run(arguments);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    (simulator, bench)
}

/// What is in the data directory, sorted.
fn stored(bench: &Bench) -> Vec<String> {
    let entries = fs::read_dir(bench.data_dir()).into_iter().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_before_somebody_says_yes() {
    let (_simulator, bench) = two().await;
    let before = stored(&bench);
    let ran = bench.bare(&["wipe"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("--yes"), "{}", ran.stderr);
    assert!(ran.stderr.contains("Connected apps"), "{}", ran.stderr);
    assert_eq!(stored(&bench), before);

    for (answer, code) in [("\r", 1), ("n\r", 1), ("ye\r", 1), ("y\r", 0)] {
        let (text, ended) = at_a_terminal(&bench, answer);
        assert_eq!(ended, code, "{answer:?}: {text}");
        if code != 0 {
            assert_eq!(stored(&bench), before, "{answer:?}");
        }
    }
    assert!(!bench.data_dir().exists());
    let again = bench.bare(&["wipe", "--yes"]);
    assert_eq!((again.code, again.stdout.as_str()), (0, ""));
}

fn at_a_terminal(bench: &Bench, answer: &str) -> (String, u32) {
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_bunq-tui"));
    command.env_clear();
    command.args([
        "wipe".as_ref(),
        "--data-dir".as_ref(),
        bench.data_dir().as_os_str(),
    ]);
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let seen = read_until(&mut pair.master.try_clone_reader().unwrap(), "[y/N]");
    let mut writer = pair.master.take_writer().unwrap();
    writer.write_all(answer.as_bytes()).unwrap();
    let code = child.wait().unwrap().exit_code();
    (seen, code)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_profile_goes_alone_and_no_key_is_needed() {
    let (_simulator, bench) = two().await;
    fs::remove_file(bench.key_file()).unwrap();
    fs::write(bench.data_dir().join("notes.txt"), "mine").unwrap();
    let of_two = |name: &String| name.contains(".two.db");
    assert!(stored(&bench).iter().any(of_two));
    let ran = bench.without_key(&["--profile", "two", "wipe", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains(".two.db.slots"), "{}", ran.stdout);
    let left = stored(&bench);
    assert!(!left.iter().any(of_two), "{left:?}");
    assert!(left.iter().any(|name| name.ends_with(".db")), "{left:?}");
    assert!(left.contains(&"state.toml".to_owned()));

    let ran = bench.bare(&["wipe", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(stored(&bench), ["notes.txt"], "what is not ours stays");
}

/// Reads until the text stands on the terminal.
fn read_until(reader: &mut impl Read, text: &str) -> String {
    let mut screen = vt100::Parser::default();
    let mut bytes = [0; 4096];
    loop {
        let shown = screen.screen().contents();
        if shown.contains(text) {
            return shown;
        }
        let read = reader.read(&mut bytes).unwrap_or(0);
        assert_ne!(read, 0, "{shown}");
        screen.process(&bytes[..read]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_in_use_stays() {
    for busy in [&[][..], &["--profile", "two"]] {
        while_a_login_waits(busy).await;
    }
}

async fn while_a_login_waits(profile: &[&str]) {
    let (simulator, bench) = two().await;
    // A login that waits: it has the store open, and holds the lock of `connect`.
    let waits = Bench {
        environment: simulator.root(),
        ..bench
    };
    let mut child = waits
        .command(&[profile, &["connect", "--no-qr"]].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    lines.find(|line| line.as_ref().unwrap().contains("response_type=code"));
    let stores = || {
        let mut names = stored(&waits);
        names.retain(|name| !name.ends_with(".lock"));
        names
    };
    let before = stores();
    let ran = waits.bare(&["wipe", "--yes"]);
    assert_eq!(ran.code, 75, "{}", ran.stderr);
    assert!(
        ran.stderr.contains(&child.id().to_string()),
        "{}",
        ran.stderr
    );
    assert_eq!(stores(), before, "none goes when one is in use");
    child.kill().unwrap();
    child.wait().unwrap();
    let ran = waits.bare(&["wipe", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_wipe_left_goes_with_the_next() {
    let (_simulator, bench) = two().await;
    let of_two = || {
        let mut names = stored(&bench);
        names.retain(|name| name.contains(".two.db"));
        names
    };
    let store = of_two()[0].clone();
    for named in [true, false] {
        for name in of_two() {
            fs::remove_file(bench.data_dir().join(name)).unwrap();
        }
        for left in [".backup-v1", ".backup-v2.new", ".new", ".connect.lock"] {
            fs::write(bench.data_dir().join(format!("{store}{left}")), "").unwrap();
        }
        let ran = if named {
            bench.without_key(&["--profile", "two", "wipe", "--yes"])
        } else {
            bench.bare(&["wipe", "--yes"])
        };
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.contains(".backup-v2.new"), "{}", ran.stdout);
        assert_eq!(of_two(), Vec::<String>::new());
    }
    assert!(!bench.data_dir().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_removed_is_told_where_the_rest_cannot_be() {
    let (_simulator, bench) = two().await;
    let store = stored(&bench)
        .into_iter()
        .find(|name| name.ends_with(".two.db"))
        .unwrap();
    // It cannot be removed as a file.
    fs::create_dir(bench.data_dir().join(format!("{store}.backup-v1"))).unwrap();
    let ran = bench.bare(&["wipe", "--yes"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains(".backup-v1"), "{}", ran.stderr);
    for gone in [".db.slots", ".two.db.slots"] {
        assert!(ran.stdout.contains(gone), "{gone}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains(".backup-v1"), "{}", ran.stdout);
}
