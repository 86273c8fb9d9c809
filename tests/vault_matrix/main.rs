//! Every way to open a store, and everything that can be wrong with it, in the first run and in a
//! later one: the right exit code, a way out in words, nothing in plain text, nothing switched.
//! The rows are in `table.rs`; `-- --nocapture` prints what came of each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs
)]

#[path = "../common/key_file.rs"]
mod key_file;
#[path = "../common/keyring.rs"]
mod keyring;
mod machine;
mod table;

use std::fs;

use bunq_tui::simulator::{Options, Simulator};
use machine::{Machine, PASSPHRASE, Ran};
use table::{Bus, FIRST, Failure, LATER, Row, Slot};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_in_a_first_run_that_fails() {
    let bank = Simulator::start(Options::default()).await.unwrap();
    let root = bank.root();
    let rows =
        tokio::task::spawn_blocking(move || FIRST.iter().filter(|row| first(row, &root)).count());
    println!("{} rows", rows.await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_switched_in_a_later_run() {
    let bank = Simulator::start(Options::default()).await.unwrap();
    let root = bank.root();
    let rows =
        tokio::task::spawn_blocking(move || LATER.iter().filter(|row| later(row, &root)).count());
    println!("{} rows", rows.await.unwrap());
}

/// Whether the row needs a keyring that answers, at least for a while.
fn needs_keyring(row: &Row) -> bool {
    row.slots.contains(&Slot::Keyring) || (row.slots.is_empty() && row.typed.is_some())
}

fn first(row: &Row, root: &str) -> bool {
    if needs_keyring(row) && !keyring::is_installed() {
        return false;
    }
    let mut machine = Machine::new(root, needs_keyring(row));
    let key_file = machine.key_file().display().to_string();
    let mut arguments = vec!["setup", "--person"];
    match row.slots.first() {
        Some(Slot::Keyring) => arguments.extend(["--unlock-with", "keyring"]),
        Some(Slot::Passphrase) => arguments.extend(["--unlock-with", "passphrase"]),
        Some(Slot::KeyFile) if row.failure == Failure::KeyFileNotNamed => {
            arguments.extend(["--unlock-with", "key-file"]);
        }
        Some(Slot::KeyFile) => arguments.extend(["--key-file", &key_file]),
        None => {}
    }
    fail(&mut machine, row.failure);
    let ran = run(&machine, row, &arguments);
    told("first", row, &ran);
    let written = machine.files().len();
    if row.code == 0 {
        assert!(written >= 2, "{written}");
        assert_opens(&mut machine, row);
    } else {
        assert_eq!(written, 0, "{:?}", machine.files().keys());
    }
    assert_eq!(machine.in_plain_text(), 0, "{}", ran.said);
    if needs_keyring(row) && row.code != 0 && row.failure != Failure::KeyringSilent {
        mend(&mut machine, row.failure);
        assert_eq!(machine.session().entries(), Vec::<String>::new());
    }
    true
}

fn later(row: &Row, root: &str) -> bool {
    if needs_keyring(row) && !keyring::is_installed() {
        return false;
    }
    let mut machine = Machine::new(root, needs_keyring(row));
    set_up(&machine, row.slots);
    let before = fs::read(machine.sidecar()).unwrap();
    let sidecar = machine.sidecar();
    fail(&mut machine, row.failure);
    let damaged = fs::read(&sidecar).ok();
    let key_file = machine.key_file().display().to_string();
    let mut arguments = vec!["users"];
    let named = row.failure != Failure::KeyFileNotNamed && row.slots == [Slot::KeyFile];
    if named {
        arguments.extend(["--key-file", &key_file]);
    }
    let ran = run(&machine, row, &arguments);
    told("later", row, &ran);
    // Nothing was mended, switched or written beside what was there.
    assert_eq!(fs::read(&sidecar).ok(), damaged);
    assert_eq!(machine.in_plain_text(), 0, "{}", ran.said);
    // And where the failure ends the store opens as before.
    if !matches!(row.failure, Failure::EntryLost | Failure::EntryOfAnother) {
        fs::write(&sidecar, &before).unwrap();
        mend(&mut machine, row.failure);
        assert_opens(&mut machine, row);
        assert_eq!(fs::read(&sidecar).unwrap(), before);
    }
    true
}

fn run(machine: &Machine, row: &Row, arguments: &[&str]) -> Ran {
    match row.typed {
        Some(typed) => machine.at_a_terminal(arguments, typed),
        None => machine.run(arguments),
    }
}

fn told(which: &str, row: &Row, ran: &Ran) {
    let last: Vec<&str> = ran.said.lines().map(str::trim).collect();
    assert!(!ran.said.contains(PASSPHRASE), "shown: {}", ran.said);
    println!(
        "{which:<5} {:<24} {:<22} {:<8} {:>3}  {}",
        format!("{:?}", row.slots),
        format!("{:?}", row.failure),
        if row.typed.is_some() { "terminal" } else { "" },
        ran.code,
        last.join(" | ")
    );
    assert_eq!(
        ran.code, row.code,
        "{:?} {:?}: {}",
        row.slots, row.failure, ran.said
    );
    for words in row.words {
        assert!(ran.said.contains(words), "no {words:?} in {}", ran.said);
    }
}

/// A store that all of these open, made while all is well.
fn set_up(machine: &Machine, slots: &[Slot]) {
    let key_file = machine.key_file().display().to_string();
    let twice = [
        ("New passphrase: ", PASSPHRASE),
        ("once more: ", PASSPHRASE),
    ];
    let made = match slots[0] {
        Slot::Keyring => machine.run(&["setup", "--person", "--unlock-with", "keyring"]),
        Slot::KeyFile => machine.run(&["setup", "--person", "--key-file", &key_file]),
        Slot::Passphrase => machine.at_a_terminal(
            &["setup", "--person", "--unlock-with", "passphrase"],
            &twice,
        ),
    };
    assert_eq!(made.code, 0, "{}", made.said);
    for slot in &slots[1..] {
        let added = match slot {
            Slot::Keyring => machine.run(&["vault", "add-slot", "keyring"]),
            Slot::KeyFile => machine.run(&["vault", "add-slot", "key-file", &key_file]),
            Slot::Passphrase => machine.at_a_terminal(&["vault", "add-slot", "passphrase"], &twice),
        };
        assert_eq!(added.code, 0, "{}", added.said);
    }
}

/// The store opens in the way in which it was made.
fn assert_opens(machine: &mut Machine, row: &Row) {
    let key_file = machine.key_file().display().to_string();
    let by_keyring = match row.slots.first() {
        Some(slot) => *slot == Slot::Keyring,
        None => machine.bus == Bus::Good,
    };
    let ran = if by_keyring {
        machine.run(&["users"])
    } else if row.slots.first() == Some(&Slot::KeyFile) {
        machine.run(&["users", "--key-file", &key_file])
    } else {
        machine.at_a_terminal(&["users"], &[("Passphrase of the store: ", PASSPHRASE)])
    };
    assert_eq!(ran.code, 0, "{}", ran.said);
}

/// Lets it happen.
fn fail(machine: &mut Machine, failure: Failure) {
    match failure {
        Failure::Nothing
        | Failure::NobodyThere
        | Failure::PassphraseWrong
        | Failure::PassphraseShort
        | Failure::PassphrasesDiffer
        | Failure::KeyFileNotNamed => {}
        Failure::NoBus(bus) => machine.bus = bus,
        Failure::NoKeyringService => machine.session().end_keyring(),
        Failure::NoDefaultKeyring => {
            let session = machine.session();
            session.end_keyring();
            fs::remove_dir_all(session.home().join("data")).unwrap();
            fs::create_dir(session.home().join("data")).unwrap();
            session.start_keyring(false);
        }
        Failure::KeyringLocked => machine.session().lock_keyring(),
        Failure::KeyringForbidden => {
            machine.session().start_bus(keyring::FORBIDDEN);
            machine.session().start_keyring(true);
        }
        Failure::KeyringSilent => machine.session().freeze_keyring(),
        Failure::EntryLost => {
            let entries = machine.session().entries();
            assert_eq!(entries.len(), 1);
            machine.session().delete(&entries[0]);
        }
        Failure::EntryOfAnother => machine.session().overwrite_entry(&"ab".repeat(32)),
        Failure::KeyFileLost => fs::remove_file(machine.key_file()).unwrap(),
        Failure::KeyFileWrong => {
            let made = !machine.files().is_empty();
            let text = if made {
                "fe".repeat(32)
            } else {
                "no key".into()
            };
            fs::write(machine.key_file(), text).unwrap();
        }
        Failure::KeyFileForAll => machine.set_mode(0o644),
        Failure::SidecarLost => fs::remove_file(machine.sidecar()).unwrap(),
        Failure::SidecarTruncated => {
            let sidecar = machine.sidecar();
            let bytes = fs::read(&sidecar).unwrap();
            fs::write(&sidecar, &bytes[..bytes.len() / 2]).unwrap();
        }
    }
}

/// Takes it back.
fn mend(machine: &mut Machine, failure: Failure) {
    match failure {
        Failure::NoBus(_) => {
            let has = machine.has_session();
            machine.bus = if has { Bus::Good } else { Bus::Unset };
        }
        Failure::NoKeyringService
        | Failure::NoDefaultKeyring
        | Failure::KeyringLocked
        | Failure::KeyringForbidden
        | Failure::KeyringSilent => {
            machine.session().start_bus("");
            machine.session().start_keyring(true);
        }
        Failure::KeyFileLost => key_file::write(&machine.key_file()),
        Failure::KeyFileWrong => {
            fs::remove_file(machine.key_file()).unwrap();
            key_file::write(&machine.key_file());
        }
        Failure::KeyFileForAll => machine.set_mode(0o600),
        _ => {}
    }
}
