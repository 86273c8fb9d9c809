//! Plain mode: the whole way from nothing to a payment as a conversation, and nothing in it that
//! steers a terminal.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The demo as a conversation, with nothing but a home.
fn demo(home: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_bunq-tui"))
        .args(["demo", "--plain"])
        .env_clear()
        .env("HOME", home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What is said when these lines are typed, one after the other, into the demo.
fn conversation(lines: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let mut child = demo(home.path());
    let mut typed = lines.join("\n");
    typed.push('\n');
    let mut keyboard = child.stdin.take().unwrap();
    keyboard.write_all(typed.as_bytes()).unwrap();
    drop(keyboard);
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stdout).unwrap();
    assert_eq!(ended.status.code(), Some(0), "{said}");
    let steering = |c: char| c.is_control() && c != '\n';
    assert!(!said.contains(steering), "{said:?}");
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
    said
}

#[test]
fn from_nothing_to_a_payment() {
    let said = conversation(&[
        "1", "3", "yes", "1", "1", "1", "yes", "search", "koffie", "1", "quit",
    ]);
    let mut rest = said.as_str();
    for words in [
        "Who do you want to be at the bank?",
        "Set up as a PSD2 provider",
        "Approve as the phone would?",
        "Connected: user 1, Sanne Vermeer, person.",
        "1. Sanne Vermeer, person, 4 accounts",
        "1. Main, 4118.00 EUR, NL",
        "Daily limit: 1000.00 EUR",
        "payments, newest first:",
        "payments with koffie, newest first:",
        "Koffiebar De Kade",
        "Goodbye.",
    ] {
        let place = rest.find(words);
        let place = place.unwrap_or_else(|| panic!("{words} was not said:\n{said}"));
        rest = &rest[place + words.len()..];
    }
}

#[test]
fn an_account_of_anybody_by_digits_of_its_number() {
    let said = conversation(&["1", "3", "yes", "2", "find 6977", "back", "quit"]);
    assert!(said.contains("1 of 4 fit.\n1. Main, 4118.00 EUR"), "{said}");
}

#[test]
fn a_no_changes_nothing_and_what_is_unknown_is_answered() {
    let said = conversation(&["1", "3", "1", "no", "9", "nonsense", "1", "quit"]);
    // A number is neither.
    assert_eq!(said.matches("Type yes or no:").count(), 2, "{said}");
    for words in [
        "Nothing was connected.",
        "There is no number 9.",
        "nonsense is none of these.",
        "No user is connected yet",
    ] {
        assert!(said.contains(words), "{words}:\n{said}");
    }
}

#[test]
fn the_end_of_the_input_leaves() {
    assert!(conversation(&["1"]).ends_with("Goodbye.\n"));
    let said = conversation(&[""]);
    assert!(!said.contains("Set up as"), "{said}");
}

#[test]
fn a_payment_that_is_heard_asks_the_bank_for_nothing() {
    let said = conversation(&[
        "1", "3", "yes", "1", "1", "1", "yes", "older", "1", "1", "back", "back", "back", "quit",
    ]);
    let counts: Vec<&str> = said
        .lines()
        .filter(|line| line.ends_with("payments, newest first:"))
        .collect();
    assert_eq!(counts.len(), 4, "{counts:?}");
    assert_ne!(counts[0], counts[1], "older ones came");
    assert!(
        counts[1..].iter().all(|line| *line == counts[1]),
        "{counts:?}"
    );
}

#[test]
fn what_is_hidden_is_not_said() {
    let said = conversation(&[
        "1", "3", "yes", "7", "1", "1", "1", "yes", "1", "back", "back", "back", "2", "back", "7",
        "2", "back", "quit",
    ]);
    let (hidden, shown) = said.split_once("numbers are said again").unwrap();
    let (_, hidden) = hidden.split_once("are hidden from here on").unwrap();
    assert!(
        hidden.contains("1. Main, hidden EUR, hidden account number"),
        "{hidden}"
    );
    for figure in ["4118", ".00 EUR", "BUNQ", "ABNA"] {
        assert!(!hidden.contains(figure), "{figure}: {hidden}");
    }
    assert!(shown.contains("4118.00 EUR"), "{shown}");
}

#[test]
fn a_long_answer_is_not_said_again() {
    let long = "x".repeat(20_000);
    let said = conversation(&["1", "3", "no", &long, "quit"]);
    assert!(said.contains("That is none of these."), "{said}");
    assert!(said.lines().all(|line| line.len() < 1_000), "{said}");
}

#[test]
fn a_signal_ends_the_conversation_wherever_it_is() {
    for typed in ["", "1\n", "1\n3\n"] {
        let home = tempfile::tempdir().unwrap();
        let mut child = demo(home.path());
        let mut keyboard = child.stdin.take().unwrap();
        keyboard.write_all(typed.as_bytes()).unwrap();
        let asks = match typed.lines().count() {
            0 => "Number or word: ",
            1 => "8. Leave",
            _ => "Approve as the phone would?",
        };
        let mut said = Vec::new();
        let mut out = child.stdout.take().unwrap();
        let mut byte = [0];
        while !String::from_utf8_lossy(&said).contains(asks) {
            assert_eq!(out.read(&mut byte).unwrap(), 1, "{said:?}");
            said.push(byte[0]);
        }
        let number = i32::try_from(child.id()).unwrap();
        let id = rustix::process::Pid::from_raw(number).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
        let ended = child.wait().unwrap();
        assert_eq!(ended.code(), Some(1), "{typed:?}");
        drop(keyboard);
    }
}
