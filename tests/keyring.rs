//! The keyring slot against a real GNOME Keyring on a session bus of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs
)]

#[path = "common/keyring.rs"]
mod keyring;

use std::process::Command;
use std::time::{Duration, Instant};

use bunq_tui::workspace::probe_keyring;
use keyring::Session;

/// Set for a run of this binary that only probes.
const PROBING: &str = "BUNQ_TUI_TEST_PROBE";

/// The bus is found by the environment, so a probe is a process of its own.
#[test]
fn child_probes() {
    if std::env::var_os(PROBING).is_some() {
        match probe_keyring() {
            Ok(()) => println!("PROBED: good"),
            Err(problem) => println!("PROBED: {problem}"),
        }
    }
}

fn probe(variables: &[(&str, String)]) -> (String, Duration) {
    let began = Instant::now();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["child_probes", "--exact", "--nocapture"])
        .env_clear()
        .envs(variables.iter().cloned())
        .env(PROBING, "1")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let (_, said) = said.split_once("PROBED: ").expect("it probed");
    (said.to_owned(), began.elapsed())
}

#[test]
fn a_probe_says_what_is_in_the_way() {
    let nowhere = |address: &str| vec![("DBUS_SESSION_BUS_ADDRESS", address.to_owned())];
    for variables in [
        vec![],
        nowhere(""),
        nowhere("unix:path=/nowhere/bus"),
        nowhere("no address"),
    ] {
        let (said, _) = probe(&variables);
        assert!(said.contains("no session bus"), "{variables:?}: {said}");
        assert!(said.contains("passphrase or a key file"), "{said}");
    }
    if !keyring::is_installed() {
        return;
    }
    let mut session = Session::new();
    let (said, _) = probe(&session.variables());
    assert!(said.contains("no keyring service runs"), "{said}");

    session.start_keyring(true);
    let (said, took) = probe(&session.variables());
    assert!(said.starts_with("good"), "{said}");
    assert_eq!(session.entries(), Vec::<String>::new());
    println!("a probe that works, with its process: {took:?}");

    session.lock_keyring();
    let (said, _) = probe(&session.variables());
    println!("locked: {said}");
    assert!(said.contains("the keyring is locked"), "{said}");

    session.freeze_keyring();
    let (said, took) = probe(&session.variables());
    assert!(said.contains("no answer in 3 s"), "{said}");
    assert!(took < Duration::from_secs(15), "{took:?}");

    session.start_bus(keyring::FORBIDDEN);
    session.start_keyring(true);
    let (said, _) = probe(&session.variables());
    assert!(said.contains("a rule of the session bus"), "{said}");
}
