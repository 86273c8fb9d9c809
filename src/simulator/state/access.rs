//! Installations, devices, sessions, and the secrets that open them.

use std::net::IpAddr;

use jiff::Timestamp;
use rsa::PublicKey;

use super::State;

/// A client's key, made known to the bank.
#[derive(Clone, Debug)]
pub(in super::super) struct Installation {
    pub(in super::super) id: u64,
    pub(in super::super) token: String,
    /// The PEM text as it was sent, without white space at its ends.
    pub(in super::super) public_pem: String,
    pub(in super::super) key: PublicKey,
}

/// A machine that may use a secret.
#[derive(Clone, Debug)]
pub(in super::super) struct Device {
    pub(in super::super) id: u64,
    /// The installation it belongs to.
    pub(in super::super) installation: u64,
    pub(in super::super) secret: String,
    pub(in super::super) description: String,
    /// The address that registered it.
    pub(in super::super) address: IpAddr,
    /// The addresses that may use it; `*` is every one.
    pub(in super::super) permitted: Vec<String>,
    pub(in super::super) created: Timestamp,
}

impl Device {
    /// Whether calls may come from here.
    pub(in super::super) fn permits(&self, caller: IpAddr) -> bool {
        permits(&self.permitted, caller)
    }
}

/// Whether this list of addresses names the caller, or everyone.
pub(in super::super) fn permits(permitted: &[String], caller: IpAddr) -> bool {
    permitted
        .iter()
        .any(|text| text == "*" || text.parse::<IpAddr>().is_ok_and(|ip| ip == caller))
}

/// Whose session or secret it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Owner {
    /// A user's own.
    User(u64),
    /// A grant's, by the id of its `UserApiKey`.
    Grant(u64),
}

impl Owner {
    /// The id that belongs into URLs.
    pub(in super::super) fn id(self) -> u64 {
        match self {
            Self::User(id) | Self::Grant(id) => id,
        }
    }
}

/// An API key, a credential's token or an access token.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Secret {
    pub(in super::super) owner: Owner,
    /// Revoked secrets are kept so that they are not given out again.
    pub(in super::super) dead: bool,
}

/// A session.
#[derive(Clone, Debug)]
pub(in super::super) struct Session {
    pub(in super::super) token: String,
    /// The installation whose key signs its calls, by token.
    pub(in super::super) installation: String,
    pub(in super::super) device: u64,
    pub(in super::super) owner: Owner,
    pub(in super::super) expires: Timestamp,
    /// Deleted, or its grant was revoked.
    pub(in super::super) ended: bool,
}

/// What a payment service provider got for its certificate.
#[derive(Clone, Debug)]
pub(in super::super) struct Credential {
    pub(in super::super) id: u64,
    pub(in super::super) token: String,
    pub(in super::super) created: Timestamp,
    pub(in super::super) expires: Timestamp,
    /// Description and address of the device that first used it.
    pub(in super::super) used_by: Option<(String, IpAddr)>,
    /// Whether a session was opened with it.
    pub(in super::super) has_opened: bool,
}

impl State {
    /// Whether this device may be used from here.
    pub(in super::super) fn permits(&self, device: &Device, caller: IpAddr) -> bool {
        !self.permits_nobody && device.permits(caller)
    }

    /// Ends the session of this token, if there is one.
    pub(in super::super) fn end_session(&mut self, token: Option<&str>) {
        let session = token.and_then(|token| self.sessions.get_mut(token));
        if let Some(session) = session {
            session.ended = true;
        }
    }

    /// Whose secret a call stands on: the session's, else the one that its body names.
    pub(in super::super) fn owner_behind(
        &self,
        token: Option<&str>,
        secret: Option<String>,
    ) -> Option<Owner> {
        let session = token.and_then(|token| self.sessions.get(token));
        let named = || secret.and_then(|secret| self.secrets.get(&secret));
        session
            .map(|session| session.owner)
            .or_else(|| named().map(|secret| secret.owner))
    }

    /// Takes back every secret of this owner, and ends every session of it.
    pub(in super::super) fn revoke(&mut self, owner: Owner) {
        if let Owner::Grant(id) = owner
            && let Some(grant) = self.grants.get_mut(&id)
        {
            grant.revoked = true;
        }
        for secret in self.secrets.values_mut() {
            secret.dead |= secret.owner == owner;
        }
        for session in self.sessions.values_mut() {
            session.ended |= session.owner == owner;
        }
    }
}
