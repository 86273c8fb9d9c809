//! OAuth clients, codes and grants.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Owner, Secret, State};

/// A user's OAuth client.
#[derive(Clone, Debug)]
pub(in super::super) struct Client {
    pub(in super::super) id: u64,
    /// The user it belongs to.
    pub(in super::super) user: u64,
    pub(in super::super) client_id: String,
    pub(in super::super) secret: String,
    pub(in super::super) status: ClientStatus,
    pub(in super::super) callbacks: Vec<Callback>,
}

/// Whether the client can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum ClientStatus {
    Active,
    Cancelled,
}

/// An address that the authorize page may redirect to.
#[derive(Clone, Debug)]
pub(in super::super) struct Callback {
    pub(in super::super) id: u64,
    /// Character by character as it was registered.
    pub(in super::super) url: String,
    /// As bunq writes it.
    pub(in super::super) created: String,
    pub(in super::super) updated: String,
}

/// An authorization code: good once, and not for long.
#[derive(Clone, Debug)]
pub(in super::super) struct Code {
    /// The client's id in the bank (not its `client_id`).
    pub(in super::super) client: u64,
    pub(in super::super) redirect_uri: String,
    pub(in super::super) state: Option<String>,
    pub(in super::super) granted_by: u64,
    pub(in super::super) accounts: BTreeSet<u64>,
    pub(in super::super) expires: Timestamp,
    pub(in super::super) used: bool,
}

/// What a user gave to a client.
#[derive(Clone, Debug)]
pub(in super::super) struct Grant {
    /// The id of the `UserApiKey`.
    pub(in super::super) id: u64,
    pub(in super::super) requested_by: u64,
    pub(in super::super) granted_by: u64,
    /// The accounts that were ticked.
    pub(in super::super) accounts: BTreeSet<u64>,
    pub(in super::super) token: String,
    pub(in super::super) revoked: bool,
    /// As bunq writes it.
    pub(in super::super) created: String,
}

impl State {
    /// The client with this `client_id`, if it can be used.
    pub(in super::super) fn active_client(&self, client_id: &str) -> Option<&Client> {
        let mut clients = self.clients.values();
        clients
            .find(|client| client.client_id == client_id && client.status == ClientStatus::Active)
    }

    /// A new grant; answers the id of its `UserApiKey` and its access token.
    pub(in super::super) fn grant(
        &mut self,
        requested_by: u64,
        granted_by: u64,
        accounts: BTreeSet<u64>,
        created: String,
    ) -> (u64, String) {
        let (id, token) = (self.id(), self.token());
        let grant = Grant {
            id,
            requested_by,
            granted_by,
            accounts,
            token: token.clone(),
            revoked: false,
            created,
        };
        self.grants.insert(id, grant);
        let secret = Secret {
            owner: Owner::Grant(id),
            dead: false,
        };
        self.secrets.insert(token.clone(), secret);
        (id, token)
    }
}
