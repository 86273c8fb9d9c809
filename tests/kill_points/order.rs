//! What the parent orders a child process to do, and what the child reports.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Where the order is, for the child.
pub(crate) const VARIABLE: &str = "BUNQ_TUI_TEST_ORDER";

/// What a person would have typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Command {
    SetupPsd2,
    SetupPerson,
    /// Goes on with what was chosen before.
    Setup,
    SetupAnew,
    /// The browser comes back by itself.
    Connect,
    /// The address where the browser ended is pasted.
    ConnectPasted,
    /// Of the first user there is.
    Accounts,
    /// Of the first user there is.
    Profile,
    /// The first user there is.
    Disconnect,
    /// Nothing but what is stored.
    Look,
}

/// One run of the program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) command: Command,
    /// The bank's address.
    pub(crate) root: String,
    pub(crate) data_dir: PathBuf,
    pub(crate) key_file: PathBuf,
    pub(crate) callback_url: Option<String>,
    /// The checkpoint at which the process dies, counted from 1.
    pub(crate) dies_at: Option<usize>,
    pub(crate) report: PathBuf,
}

impl Order {
    /// The order in the environment, if there is one.
    pub(crate) fn given() -> Option<Self> {
        let text = std::env::var(VARIABLE).ok()?;
        Some(serde_json::from_str(&text).unwrap())
    }
}

/// What a run that was not killed found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    /// The checkpoints that were passed, in their order.
    pub(crate) passed: Vec<String>,
    /// What went wrong.
    pub(crate) problem: Option<String>,
    pub(crate) set_up: bool,
    /// The callback URL that is registered.
    pub(crate) callback_url: Option<String>,
    pub(crate) users: Vec<User>,
    /// Whether a code was known to be spent without an access token, before somebody connected.
    pub(crate) perhaps_granted_before: bool,
    pub(crate) perhaps_granted: bool,
    /// Whether an earlier connection was finished, and none begun.
    pub(crate) finished: bool,
    /// What the store is not, if it is damaged.
    pub(crate) damaged: Option<String>,
}

/// A user as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) number: u32,
    pub(crate) accounts: Option<usize>,
    pub(crate) revoked: bool,
}

impl Report {
    pub(crate) fn read(path: &Path) -> Self {
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }
}
