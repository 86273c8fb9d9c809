//! What opens the store, on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::workspace::SlotKind;

/// What opens a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum UnlockWith {
    /// The keyring of the operating system: opens with the login
    Keyring,
    /// A passphrase, typed at every start
    Passphrase,
    /// The file that --key-file names
    KeyFile,
}

impl UnlockWith {
    /// The slot of that kind.
    pub(in crate::cli) fn slot(self) -> SlotKind {
        match self {
            Self::Keyring => SlotKind::Keyring,
            Self::Passphrase => SlotKind::Passphrase,
            Self::KeyFile => SlotKind::KeyFile,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Vault {
    /// What is stored, where, what opens it and who can read it
    Status {
        /// How to print it
        #[arg(long, value_enum, default_value_t = VaultFormat::Text)]
        format: VaultFormat,
    },
    /// Add a way to open the store, or replace the one of that kind
    AddSlot(AddSlot),
    /// Take a way to open the store away; never the last one
    RemoveSlot(RemoveSlot),
    /// Encrypt the store anew under a new key, and wrap that for every way to open it; a new
    /// passphrase may be typed
    Rekey,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct AddSlot {
    /// Which way
    #[arg(value_enum)]
    pub(in crate::cli) kind: UnlockWith,
    /// The key file to add [default: the one that --key-file names]
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct RemoveSlot {
    /// Which way
    #[arg(value_enum)]
    pub(in crate::cli) kind: UnlockWith,
    /// Do not ask
    #[arg(long, short)]
    pub(in crate::cli) yes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum VaultFormat {
    Text,
    Json,
}
