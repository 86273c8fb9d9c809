//! Everything the simulated bank knows, behind one lock.

mod access;
mod money;
mod oauth;
mod people;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use access::{Credential, Device, Installation, Owner, Secret, Session};
pub(super) use money::{
    Account, AccountKind, Counterparty, Payment, RequestInquiry, RequestStatus, euros,
};
pub(super) use oauth::{Callback, Client, ClientStatus, Code, Grant};
pub(super) use people::{User, UserKind};

use super::journal::Journal;
use super::limits::Windows;
use super::seeded::Seeded;
use super::{Census, SessionTimeouts};

/// The bank's memory.
#[derive(Debug)]
pub(super) struct State {
    /// Tokens, ids of things without an order, and everything else that looks random.
    pub(super) random: Seeded,
    next_id: u64,
    /// By token.
    pub(super) installations: BTreeMap<String, Installation>,
    pub(super) devices: BTreeMap<u64, Device>,
    /// By token.
    pub(super) sessions: BTreeMap<String, Session>,
    /// What may be used as a `secret`, and whose it is.
    pub(super) secrets: BTreeMap<String, Secret>,
    pub(super) credentials: BTreeMap<u64, Credential>,
    pub(super) users: BTreeMap<u64, User>,
    pub(super) accounts: BTreeMap<u64, Account>,
    pub(super) clients: BTreeMap<u64, Client>,
    pub(super) codes: BTreeMap<String, Code>,
    /// By the id of the `UserApiKey`.
    pub(super) grants: BTreeMap<u64, Grant>,
    /// Who lives in this world from the start, in the order in which they approve.
    pub(super) inhabitants: Vec<u64>,
    /// How many of them have approved or denied.
    pub(super) approvals: usize,
    /// Accounts with requests that the sugar daddy pays or has paid.
    pub(super) asked_sugar_daddy: BTreeSet<u64>,
    pub(super) windows: Windows,
    pub(super) journal: Journal,
    /// No session and no secret may be used from the caller's address.
    pub(super) permits_nobody: bool,
    /// What this bank was founded with.
    pub(super) founding: Founding,
}

/// What a bank is founded with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Founding {
    /// Makes its people, tokens and keys.
    pub(super) seed: u64,
    /// Ids are larger than this.
    pub(super) last_id: u64,
    pub(super) timeouts: SessionTimeouts,
    /// Inhabitants beyond those who are always there.
    pub(super) users: usize,
}

/// Ids of a bank that is the first at its address are larger than this.
const LAST_ID: u64 = 1000;

impl Founding {
    /// Of the first bank at an address.
    pub(super) fn first(seed: u64, users: usize, timeouts: SessionTimeouts) -> Self {
        Self {
            seed,
            last_id: LAST_ID,
            timeouts,
            users,
        }
    }

    /// The same with sessions as usual.
    #[cfg(test)]
    pub(super) fn of_seed(seed: u64, users: usize) -> Self {
        Self::first(seed, users, SessionTimeouts::default())
    }
}

impl State {
    /// A bank without customers.
    pub(super) fn new(founding: Founding) -> Self {
        Self {
            random: Seeded::new(founding.seed, "state"),
            next_id: founding.last_id,
            installations: BTreeMap::new(),
            devices: BTreeMap::new(),
            sessions: BTreeMap::new(),
            secrets: BTreeMap::new(),
            credentials: BTreeMap::new(),
            users: BTreeMap::new(),
            accounts: BTreeMap::new(),
            clients: BTreeMap::new(),
            codes: BTreeMap::new(),
            grants: BTreeMap::new(),
            inhabitants: Vec::new(),
            approvals: 0,
            asked_sugar_daddy: BTreeSet::new(),
            windows: Windows::default(),
            journal: Journal::default(),
            permits_nobody: false,
            founding,
        }
    }

    /// A fresh id; ids of all kinds come from one row and only grow.
    pub(super) fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// The largest id so far.
    pub(super) fn last_id(&self) -> u64 {
        self.next_id
    }

    /// Leaves room for so many ids, and says which is the last of them.
    pub(super) fn reserve(&mut self, ids: u64) -> u64 {
        self.next_id += ids;
        self.next_id
    }

    /// A fresh token of 64 hexadecimal digits.
    pub(super) fn token(&mut self) -> String {
        self.random.hex(64)
    }

    /// How many there are of everything that a client can make twice by mistake.
    pub(super) fn census(&self) -> Census {
        let active = |client: &&Client| client.status == ClientStatus::Active;
        Census {
            installations: self.installations.len(),
            devices: self.devices.len(),
            sessions: self.sessions.values().filter(|s| !s.ended).count(),
            oauth_clients: self.clients.values().filter(active).count(),
            callback_urls: self
                .clients
                .values()
                .filter(active)
                .map(|client| client.callbacks.len())
                .sum(),
            credentials: self.credentials.len(),
            grants: self.grants.values().filter(|g| !g.revoked).count(),
        }
    }
}
