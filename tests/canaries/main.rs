//! Secrets in motion: the whole flow is run with the real binary, and nothing of any secret is
//! found in anything that it wrote, printed, drew or handed on.
//! `cargo test --test canaries -- --nocapture` prints the table.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

mod bank;
mod commands;
#[path = "../common/mod.rs"]
mod common;
mod elsewhere;
mod machine;
mod panics;
mod places;
#[path = "../hostile_text/pty.rs"]
mod pty;
mod scanner;
mod screens;

use bank::Bank;
use machine::Machine;

/// What must have been planted, or the flow was not whole.
const KINDS: [&str; 15] = [
    "API key",
    "private key",
    "certificate's key",
    "installation token",
    "session token",
    "credential's token",
    "access token",
    "client secret",
    "code",
    "state",
    "passphrase",
    "wrong passphrase",
    "key file",
    "IBAN",
    "name",
];
/// Where it must have been looked.
const PLACES: [&str; 17] = [
    "browser's argv",
    "browser's environment",
    "clipboard",
    "database",
    "database's -wal, -shm",
    "doctor's report",
    "home",
    "log",
    "other stored files",
    "program's argv",
    "program's environment",
    "sidecar",
    "stderr",
    "stdout",
    "temporary files",
    "terminal, bytes",
    "terminal, screens",
];

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_where_it_should_not_be() {
    let bank = Bank::start().await;
    let mut machine = Machine::new(&bank.simulator.root());
    let api_key = bank.api_key().await;
    commands::with_a_key_file(&mut machine, &bank, &api_key);
    commands::with_a_passphrase(&mut machine, &bank);
    screens::from_setup_to_every_request(&mut machine, &bank);
    screens::unlocking(&mut machine, &bank);
    machine.places.add("panic", panics::of_a_process());
    let mut scanner = bank.scanner(&machine);
    scanner.plant("API key", api_key.as_bytes());

    let leaks = machine.places.table(&scanner);
    println!("{} runs of the program", machine.runs);
    let names = machine.places.names();
    for place in PLACES {
        assert!(names.contains(&place), "nothing was looked at in {place}");
    }
    // Without rights over it `/proc` shows nothing of a process that cannot be dumped.
    let root = rustix::process::getuid().is_root();
    for place in PLACES
        .iter()
        .filter(|place| root || !place.starts_with("program's"))
    {
        let may_be_empty = ["home", "temporary files"].contains(place);
        assert!(
            may_be_empty || machine.places.bytes(place) > 0,
            "{place} is empty"
        );
    }
    for kind in KINDS {
        assert!(scanner.kinds.contains_key(kind), "no {kind} was planted");
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
    // It can be found where it is: otherwise nothing was shown by all this.
    for meant in ["IBAN", "name", "state"] {
        assert!(
            machine.places.shows(&scanner, meant),
            "{meant} is shown nowhere"
        );
    }
}
