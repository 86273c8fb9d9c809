//! The decision on the authorize page: who asks, who grants, where the browser goes next.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use super::query::Query;
use super::state::{Code, State};

/// Seconds an authorization code is good for.
const CODE_LIFETIME: i64 = 600;

/// Why the authorize page does not know the connection. bunq shows a page and never redirects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The text is not the address of this simulator's authorize page.
    #[error("this is not an address of the simulator's authorize page")]
    OtherAddress,
    /// The client is unknown, or this redirect address is not registered for it, character by
    /// character, or the response type is not `code`.
    #[error("Connection not found")]
    ConnectionNotFound,
    /// There is nobody who could grant.
    #[error("nobody lives in this simulator")]
    Nobody,
}

/// A request for authorization that the bank knows.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The client's id in the bank.
    pub(super) client: u64,
    pub(super) requester: u64,
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
}

impl Asked {
    /// Reads the query of the authorize address.
    pub(super) fn of(bank: &State, query: &Query) -> Result<Self, Refusal> {
        let client = bank.active_client(query.get("client_id").unwrap_or_default());
        let client = client.ok_or(Refusal::ConnectionNotFound)?;
        let wanted = query.get("redirect_uri").unwrap_or_default();
        let registered = client.callbacks.iter().any(|url| url.url == wanted);
        if !registered || query.get("response_type") != Some("code") {
            return Err(Refusal::ConnectionNotFound);
        }
        Ok(Self {
            client: client.id,
            requester: client.user,
            redirect_uri: wanted.to_owned(),
            state: query.get("state").map(str::to_owned),
        })
    }

    /// The user allows: a new code, and the address to go to.
    pub(super) fn allow(
        &self,
        bank: &mut State,
        granted_by: u64,
        accounts: BTreeSet<u64>,
        now: Timestamp,
    ) -> String {
        let code = bank.token();
        let lifetime = SignedDuration::from_secs(CODE_LIFETIME);
        let entry = Code {
            client: self.client,
            redirect_uri: self.redirect_uri.clone(),
            state: self.state.clone(),
            granted_by,
            accounts,
            expires: now.checked_add(lifetime).unwrap_or(now),
            used: false,
        };
        bank.codes.insert(code.clone(), entry);
        self.redirect("code", &code)
    }

    /// The user denies: the address to go to (RFC 6749, section 4.1.2.1; bunq documents nothing).
    pub(super) fn deny(&self) -> String {
        self.redirect("error", "access_denied")
    }

    fn redirect(&self, name: &str, value: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair(name, value);
        if let Some(state) = &self.state {
            query.append_pair("state", state);
        }
        let joint = if self.redirect_uri.contains('?') {
            '&'
        } else {
            '?'
        };
        format!("{}{joint}{}", self.redirect_uri, query.finish())
    }
}

/// Every open account of this user.
pub(super) fn accounts_of(bank: &State, user: u64) -> BTreeSet<u64> {
    let open = bank.accounts.values().filter(|account| !account.closed);
    open.filter(|account| account.user == user)
        .map(|account| account.id)
        .collect()
}

/// Whose turn it is: the inhabitants one after the other, and again from the start.
pub(super) fn next_inhabitant(bank: &mut State) -> Result<u64, Refusal> {
    let turn = bank.inhabitants.iter().cycle().nth(
        bank.approvals
            .checked_rem(bank.inhabitants.len())
            .unwrap_or(0),
    );
    let user = turn.copied().ok_or(Refusal::Nobody)?;
    bank.approvals = bank.approvals.wrapping_add(1);
    Ok(user)
}
