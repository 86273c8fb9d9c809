//! `vault status`, `add-slot`, `remove-slot` and `rekey` through the real binary, with a real
//! keyring.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs
)]

#[path = "common/key_file.rs"]
mod key_file;
#[path = "common/keyring.rs"]
mod keyring;
#[path = "vault_matrix/machine.rs"]
mod machine;
#[path = "vault_matrix/table.rs"]
mod table;

use std::fs;

use bunq_tui::simulator::{Options, Simulator};
use machine::{Machine, PASSPHRASE};
use serde_json::Value;

const NEW: &str = "another passphrase of mine";

/// A store that the keyring opens.
async fn by_keyring() -> Option<(Simulator, Machine)> {
    if !keyring::is_installed() {
        return None;
    }
    let bank = Simulator::start(Options::default()).await.unwrap();
    let machine = Machine::new(&bank.root(), true);
    let made = machine.run(&["setup", "--person", "--unlock-with", "keyring"]);
    assert_eq!(made.code, 0, "{}", made.said);
    Some((bank, machine))
}

fn slots(machine: &Machine) -> Vec<String> {
    let sidecar: Value = serde_json::from_slice(&fs::read(machine.sidecar()).unwrap()).unwrap();
    assert!(sidecar.get("rekey").is_none());
    let slots = sidecar["slots"].as_array().unwrap().iter();
    slots
        .map(|slot| slot["kind"].as_str().unwrap().into())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn status_says_what_is_stored_and_who_can_read_it() {
    let Some((_bank, mut machine)) = by_keyring().await else {
        return;
    };
    let ran = machine.run(&["vault", "status"]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    for words in [
        "Opens with   keyring",
        "answers",
        "SQLCipher 4.",
        "every page is sound",
        "0600",
        ".db.slots",
        "every program that you run",
    ] {
        assert!(ran.printed.contains(words), "no {words:?}: {}", ran.printed);
    }
    machine.session().lock_keyring();
    let ran = machine.run(&["vault", "status", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    let status: Value = serde_json::from_str(&ran.printed).unwrap();
    assert_eq!(status["slots"], serde_json::json!(["keyring"]));
    assert_eq!(status["keyring_answers"], false);
    assert!(
        status["keyring_problem"]
            .as_str()
            .unwrap()
            .contains("locked")
    );
    assert_eq!(status["sound"], Value::Null);
    assert_eq!(status["files"][0]["mode"], "0600");

    // One byte of a page that is seldom read.
    machine.session().start_bus("");
    machine.session().start_keyring(true);
    let store = machine.file(".db");
    let mut bytes = fs::read(&store).unwrap();
    let last = bytes.len() - 2_000;
    bytes[last] ^= 1;
    fs::write(&store, bytes).unwrap();
    let ran = machine.run(&["vault", "status"]);
    assert_eq!(ran.code, 1, "{}", ran.printed);
    assert!(ran.printed.contains("damaged"), "{}", ran.printed);
}

#[tokio::test(flavor = "multi_thread")]
async fn ways_in_come_and_go_but_one_stays() {
    let Some((_bank, mut machine)) = by_keyring().await else {
        return;
    };
    let entries = machine.session().entries();
    assert_eq!(entries.len(), 1);
    let label = machine.session().label(&entries[0]);
    assert!(
        label.contains("bunq-tui: key of the store local-"),
        "{label}"
    );

    let ran = machine.run(&["vault", "remove-slot", "keyring", "--yes"]);
    assert_eq!(ran.code, 2, "{}", ran.said);
    assert!(ran.said.contains("only way"), "{}", ran.said);
    let key_file = machine.key_file().display().to_string();
    for kind in ["keyring", "passphrase"] {
        let ran = machine.run(&["vault", "add-slot", kind, &key_file]);
        assert_eq!(ran.code, 2, "{}", ran.said);
        assert!(ran.said.contains("takes no FILE"), "{}", ran.said);
    }
    let ran = machine.run(&["vault", "add-slot", "key-file", &key_file]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    let twice = [("New passphrase: ", NEW), ("once more: ", NEW)];
    let ran = machine.at_a_terminal(&["vault", "add-slot", "passphrase"], &twice);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert!(ran.said.contains("thousand computers"), "{}", ran.said);
    assert!(!ran.said.contains(NEW), "shown: {}", ran.said);
    assert_eq!(slots(&machine), ["keyring", "key-file", "passphrase"]);

    // Nobody says yes, then somebody says no.
    let remove = ["vault", "remove-slot", "keyring", "--key-file", &key_file];
    assert_eq!(machine.run(&remove).code, 2);
    let ran = machine.at_a_terminal(&remove, &[("[y/N]", "n")]);
    assert_eq!(ran.code, 1, "{}", ran.said);
    assert_eq!(machine.session().entries().len(), 1);
    let ran = machine.at_a_terminal(&remove, &[("[y/N]", "y")]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert_eq!(slots(&machine), ["key-file", "passphrase"]);
    assert_eq!(machine.session().entries(), Vec::<String>::new());
    // What is not there any more is not used any more.
    let asked = [("Passphrase of the store: ", NEW)];
    assert_eq!(machine.at_a_terminal(&["users"], &asked).code, 0);
    let ran = machine.run(&["vault", "add-slot", "keyring", "--key-file", &key_file]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert_eq!(machine.run(&["users"]).code, 0);
    // Where the keyring cannot be asked its entry stays, which is told.
    machine.bus = table::Bus::Nowhere;
    let ran = machine.run(&[&remove[..], &["--yes"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert!(ran.said.contains("may still be there"), "{}", ran.said);
    machine.bus = table::Bus::Good;
    assert_eq!(machine.session().entries().len(), 1);
    let ran = machine.run(&["vault", "add-slot", "keyring", "--key-file", &key_file]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert_eq!(machine.session().entries().len(), 1, "it took the place");
    // Replaced: a new key, and still one entry.
    let before = machine.session().entries();
    let ran = machine.run(&["vault", "add-slot", "keyring"]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert_ne!(machine.session().entries(), before);
    assert_eq!(machine.session().entries().len(), 1);
    assert_eq!(machine.run(&["users"]).code, 0);
    assert_eq!(machine.in_plain_text(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_for_every_way_in() {
    let Some((_bank, mut machine)) = by_keyring().await else {
        return;
    };
    let twice = [
        ("New passphrase: ", PASSPHRASE),
        ("once more: ", PASSPHRASE),
    ];
    let ran = machine.at_a_terminal(&["vault", "add-slot", "passphrase"], &twice);
    assert_eq!(ran.code, 0, "{}", ran.said);
    let before = (
        machine.session().entries(),
        fs::read(machine.file(".db")).unwrap(),
    );

    let ran = machine.run(&["vault", "rekey"]);
    assert_eq!(ran.code, 78, "{}", ran.said);
    let asked = "Passphrase of the store: ";
    let ran = machine.at_a_terminal(&["vault", "rekey"], &[(asked, NEW), ("Enter keeps", "")]);
    assert_eq!(ran.code, 78, "a wrong one: {}", ran.said);
    assert_eq!(fs::read(machine.file(".db")).unwrap(), before.1);
    let typed = [
        (asked, PASSPHRASE),
        ("Enter keeps", NEW),
        ("once more: ", NEW),
    ];
    let ran = machine.at_a_terminal(&["vault", "rekey"], &typed);
    assert_eq!(ran.code, 0, "{}", ran.said);
    let after = (
        machine.session().entries(),
        fs::read(machine.file(".db")).unwrap(),
    );
    assert_eq!(after.0.len(), 1);
    assert_ne!(after.0, before.0);
    let same = before.1.chunks(4096).zip(after.1.chunks(4096));
    assert!(same.into_iter().all(|(old, new)| old[16..] != new[16..]));
    assert_eq!(machine.run(&["users"]).code, 0);
    machine.session().lock_keyring();
    let users = ["users"];
    assert_eq!(machine.at_a_terminal(&users, &[(asked, NEW)]).code, 0);
    assert_eq!(
        machine.at_a_terminal(&users, &[(asked, PASSPHRASE)]).code,
        78
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wiping_a_store_takes_its_entry_along() {
    let Some((_bank, mut machine)) = by_keyring().await else {
        return;
    };
    let ran = machine.run(&["wipe", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert!(!ran.said.contains("could not be deleted"), "{}", ran.said);
    assert_eq!(machine.session().entries(), Vec::<String>::new());

    // Where the keyring cannot be asked its entry stays, which is told.
    let made = machine.run(&["setup", "--person", "--unlock-with", "keyring"]);
    assert_eq!(made.code, 0, "{}", made.said);
    machine.bus = table::Bus::Nowhere;
    let ran = machine.run(&["wipe", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert!(ran.said.contains("could not be deleted"), "{}", ran.said);
    assert_eq!(machine.session().entries().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_entry_is_made_anew_with_the_passphrase() {
    let Some((_bank, mut machine)) = by_keyring().await else {
        return;
    };
    let twice = [
        ("New passphrase: ", PASSPHRASE),
        ("once more: ", PASSPHRASE),
    ];
    let ran = machine.at_a_terminal(&["vault", "add-slot", "passphrase"], &twice);
    assert_eq!(ran.code, 0, "{}", ran.said);
    for entry in machine.session().entries() {
        machine.session().delete(&entry);
    }
    let again = ["vault", "add-slot", "keyring"];
    let ran = machine.run(&again);
    assert_eq!(ran.code, 78, "{}", ran.said);
    assert!(ran.said.contains("at a terminal"), "{}", ran.said);
    let asked = [("Passphrase of the store: ", PASSPHRASE)];
    let ran = machine.at_a_terminal(&again, &asked);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert_eq!(machine.run(&["users"]).code, 0);
    assert_eq!(machine.session().entries().len(), 1);
}
