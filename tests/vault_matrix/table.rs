//! The rows: which slot, what fails, in which run, and what must come of it.

// `vault_commands` takes only the kinds of buses.
#![allow(dead_code)]

use Failure as F;
use Slot::{KeyFile, Keyring, Passphrase};

/// What a store is opened with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Keyring,
    Passphrase,
    KeyFile,
}

/// How the program finds the session bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bus {
    Good,
    Unset,
    Empty,
    Nowhere,
}

/// What is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nothing: shows that the rest fails for its reason.
    Nothing,
    NoBus(Bus),
    NoKeyringService,
    NoDefaultKeyring,
    KeyringLocked,
    KeyringForbidden,
    KeyringSilent,
    EntryLost,
    EntryOfAnother,
    NobodyThere,
    PassphraseWrong,
    PassphraseShort,
    PassphrasesDiffer,
    KeyFileLost,
    KeyFileWrong,
    KeyFileForAll,
    KeyFileNotNamed,
    SidecarLost,
    SidecarTruncated,
}

/// One cell of the matrix.
pub(crate) struct Row {
    /// With what the store is made, or was made. None: nothing is said about it.
    pub(crate) slots: &'static [Slot],
    pub(crate) failure: Failure,
    /// What is typed after which words; none is no terminal.
    pub(crate) typed: Option<&'static [(&'static str, &'static str)]>,
    pub(crate) code: u32,
    /// What it must say: what is wrong, and a way out.
    pub(crate) words: &'static [&'static str],
}

const fn row(
    slots: &'static [Slot],
    failure: Failure,
    code: u32,
    words: &'static [&'static str],
) -> Row {
    Row {
        slots,
        failure,
        typed: None,
        code,
        words,
    }
}

const fn typed(row: Row, typed: &'static [(&'static str, &'static str)]) -> Row {
    Row {
        typed: Some(typed),
        ..row
    }
}

const OTHERWISE: &str = "a passphrase or a key file";
const NEW: &str = "New passphrase: ";
const AGAIN: &str = "once more: ";
const ASKED: &str = "Passphrase of the store: ";
const RIGHT: &str = super::machine::PASSPHRASE;

/// The run that would make the store.
pub(crate) const FIRST: &[Row] = &[
    row(&[Keyring], F::Nothing, 0, &[]),
    row(
        &[Keyring],
        F::NoBus(Bus::Unset),
        78,
        &["no session bus", OTHERWISE],
    ),
    row(
        &[Keyring],
        F::NoBus(Bus::Empty),
        78,
        &["no session bus", OTHERWISE],
    ),
    row(
        &[Keyring],
        F::NoBus(Bus::Nowhere),
        78,
        &["no session bus", OTHERWISE],
    ),
    row(
        &[Keyring],
        F::NoKeyringService,
        78,
        &["no keyring service", OTHERWISE],
    ),
    row(
        &[Keyring],
        F::NoDefaultKeyring,
        78,
        &["no default keyring", OTHERWISE],
    ),
    row(
        &[Keyring],
        F::KeyringLocked,
        78,
        &["keyring is locked", "Unlock", OTHERWISE],
    ),
    row(
        &[Keyring],
        F::KeyringForbidden,
        78,
        &["a rule of the session bus", OTHERWISE],
    ),
    row(
        &[Keyring],
        F::KeyringSilent,
        78,
        &["no answer in 3 s", OTHERWISE],
    ),
    row(
        &[Passphrase],
        F::NobodyThere,
        78,
        &["nobody at a terminal", "--key-file"],
    ),
    typed(
        row(&[Passphrase], F::Nothing, 0, &["guesses it within"]),
        &[(NEW, RIGHT), (AGAIN, RIGHT)],
    ),
    typed(
        row(
            &[Passphrase],
            F::PassphraseShort,
            78,
            &["too short", "longer"],
        ),
        &[(NEW, "short")],
    ),
    typed(
        row(
            &[Passphrase],
            F::PassphrasesDiffer,
            78,
            &["differ", "again"],
        ),
        &[(NEW, RIGHT), (AGAIN, "something else")],
    ),
    row(&[KeyFile], F::Nothing, 0, &[]),
    row(
        &[KeyFile],
        F::KeyFileLost,
        78,
        &["cannot be read", "--key-file"],
    ),
    row(
        &[KeyFile],
        F::KeyFileWrong,
        78,
        &["64 hexadecimal", "openssl rand"],
    ),
    row(
        &[KeyFile],
        F::KeyFileForAll,
        78,
        &["by others", "chmod 600"],
    ),
    row(
        &[KeyFile],
        F::KeyFileNotNamed,
        78,
        &["none was named", "openssl rand"],
    ),
    row(
        &[],
        F::NobodyThere,
        78,
        &[
            "always encrypted",
            "--key-file",
            "--unlock-with keyring",
            "openssl rand",
        ],
    ),
    // The choice, where there is one.
    typed(
        row(&[], F::Nothing, 0, &["by the keyring"]),
        &[("1 or 2", "")],
    ),
    typed(
        row(
            &[],
            F::NoBus(Bus::Unset),
            0,
            &["no session bus", "Choose a passphrase"],
        ),
        &[(NEW, RIGHT), (AGAIN, RIGHT)],
    ),
    typed(
        row(
            &[],
            F::KeyringLocked,
            78,
            &["keyring is locked", "too short"],
        ),
        &[(NEW, "short")],
    ),
];

/// A run over a store that is there.
pub(crate) const LATER: &[Row] = &[
    row(&[Keyring], F::Nothing, 0, &[]),
    row(
        &[Keyring],
        F::NoBus(Bus::Unset),
        78,
        &["no session bus", "desktop's session"],
    ),
    row(
        &[Keyring],
        F::NoBus(Bus::Empty),
        78,
        &["no session bus", "desktop's session"],
    ),
    row(
        &[Keyring],
        F::NoBus(Bus::Nowhere),
        78,
        &["no session bus", "desktop's session"],
    ),
    row(
        &[Keyring],
        F::NoKeyringService,
        78,
        &["no keyring service", "desktop's session"],
    ),
    row(
        &[Keyring],
        F::KeyringLocked,
        78,
        &["keyring is locked", "Unlock the keyring"],
    ),
    row(
        &[Keyring],
        F::KeyringForbidden,
        78,
        &["a rule of the session bus", "sandbox"],
    ),
    row(
        &[Keyring],
        F::KeyringSilent,
        78,
        &["no answer in 5 s", "Unlock the keyring"],
    ),
    row(
        &[Keyring],
        F::EntryLost,
        78,
        &["no longer has the entry", "set up again"],
    ),
    row(
        &[Keyring],
        F::EntryOfAnother,
        78,
        &["not the one", "set up again"],
    ),
    row(&[Keyring], F::SidecarLost, 1, &["is missing", "backup"]),
    row(
        &[Keyring],
        F::SidecarTruncated,
        1,
        &["is damaged", "backup"],
    ),
    // Another way in is named, and used only by a person.
    row(
        &[Keyring, KeyFile],
        F::KeyringLocked,
        78,
        &["keyring is locked", "--key-file"],
    ),
    row(
        &[Keyring, Passphrase],
        F::EntryLost,
        78,
        &["no longer has", "at a terminal"],
    ),
    typed(
        row(
            &[Keyring, Passphrase],
            F::EntryLost,
            0,
            &["no longer has", "this one time"],
        ),
        &[(ASKED, RIGHT)],
    ),
    typed(
        row(
            &[Keyring, Passphrase],
            F::KeyringLocked,
            78,
            &["is locked", "capitals count"],
        ),
        &[(ASKED, "a wrong one")],
    ),
    typed(row(&[Passphrase], F::Nothing, 0, &[]), &[(ASKED, RIGHT)]),
    typed(
        row(&[Passphrase], F::NoBus(Bus::Nowhere), 0, &[]),
        &[(ASKED, RIGHT)],
    ),
    row(
        &[Passphrase],
        F::NobodyThere,
        78,
        &["nobody at a terminal", "add-slot key-file"],
    ),
    typed(
        row(
            &[Passphrase],
            F::PassphraseWrong,
            78,
            &["not the one", "capitals count"],
        ),
        &[(ASKED, "a wrong one")],
    ),
    row(&[Passphrase], F::SidecarLost, 1, &["is missing", "backup"]),
    row(
        &[Passphrase],
        F::SidecarTruncated,
        1,
        &["is damaged", "backup"],
    ),
    row(&[KeyFile], F::Nothing, 0, &[]),
    row(&[KeyFile], F::NoBus(Bus::Nowhere), 0, &[]),
    row(&[KeyFile], F::NobodyThere, 0, &[]),
    row(
        &[KeyFile],
        F::KeyFileLost,
        78,
        &["cannot be read", "--key-file"],
    ),
    row(
        &[KeyFile],
        F::KeyFileWrong,
        78,
        &["not the one", "--key-file"],
    ),
    row(
        &[KeyFile],
        F::KeyFileForAll,
        78,
        &["by others", "chmod 600"],
    ),
    row(
        &[KeyFile],
        F::KeyFileNotNamed,
        78,
        &["none was named", "--key-file"],
    ),
    row(&[KeyFile], F::SidecarLost, 1, &["is missing", "backup"]),
    row(
        &[KeyFile],
        F::SidecarTruncated,
        1,
        &["is damaged", "backup"],
    ),
];
