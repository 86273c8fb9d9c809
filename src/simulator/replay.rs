//! The fault that answers with what the same call would answer for another user.

use serde_json::{Value, json};

use super::authorize::accounts_of;
use super::clock::stamp;
use super::failure::Failure;
use super::routes::{Context, Route, create_session_for};
use super::state::{Owner, State};
use super::wire;

/// Answers the call for somebody else. Reading is done as them, a session is opened for them, and
/// everything else is not done at all.
pub(super) fn answer(route: &Route, context: &mut Context<'_>) -> Result<Value, Failure> {
    if (route.method, route.path) == ("POST", "session-server") {
        return create_session_for(context, |context, owner| somebody_else(context, owner).0);
    }
    let Some(owner) = context.session.as_ref().map(|session| session.owner) else {
        return (route.run)(context);
    };
    let (somebody, made) = somebody_else(context, owner);
    let result = match route.method {
        "GET" => read_as(route, context, somebody),
        "DELETE" => Ok(json!({"Response": []})),
        _ => Ok(wire::id(somebody.id())),
    };
    if made {
        forget(context.state, somebody);
    }
    result
}

/// Runs the call as this owner, with the ids of their things in the path.
fn read_as(route: &Route, context: &mut Context<'_>, somebody: Owner) -> Result<Value, Failure> {
    if let Some(session) = &mut context.session {
        session.owner = somebody;
    }
    if route.has_user {
        let accounts = match somebody {
            Owner::User(user) => accounts_of(context.state, user),
            Owner::Grant(id) => {
                let grant = context.state.grants.get(&id);
                grant
                    .map(|grant| grant.accounts.clone())
                    .unwrap_or_default()
            }
        };
        let clients = context.state.clients.values();
        let client = clients
            .filter(|client| client.user == somebody.id())
            .map(|client| client.id);
        let theirs = match route.path.contains("oauth-client") {
            true => client.max(),
            false => accounts.last().copied(),
        };
        let ids = [Some(somebody.id()), theirs];
        for (own, theirs) in context.params.iter_mut().zip(ids) {
            *own = theirs.unwrap_or(*own);
        }
        context.path = route.path_with(&context.params);
    }
    (route.run)(context)
}

/// Another owner of the same kind, and whether it is one that had to be made: a grant of the next
/// inhabitant to the same client.
fn somebody_else(context: &mut Context<'_>, owner: Owner) -> (Owner, bool) {
    let now = stamp(context.now);
    let state = &mut *context.state;
    let grant = match owner {
        Owner::Grant(id) => state.grants.get(&id).cloned(),
        Owner::User(id) => return (Owner::User(other_user(state, id).unwrap_or(id)), false),
    };
    let Some(own) = grant else {
        return (owner, false);
    };
    let others = state.grants.values();
    let known = others
        .filter(|other| other.requested_by == own.requested_by && !other.revoked)
        .find(|other| other.granted_by != own.granted_by);
    if let Some(known) = known {
        return (Owner::Grant(known.id), false);
    }
    let inhabitants = state.inhabitants.iter().copied();
    let next = inhabitants.filter(|id| ![own.granted_by, own.requested_by].contains(id));
    let with_accounts = next
        .map(|id| (id, accounts_of(state, id)))
        .find(|(_, accounts)| !accounts.is_empty());
    match with_accounts {
        None => (owner, false),
        Some((user, accounts)) => {
            let (id, _) = state.grant(own.requested_by, user, accounts, now);
            (Owner::Grant(id), true)
        }
    }
}

/// Another user of the same kind, else any other.
fn other_user(state: &State, id: u64) -> Option<u64> {
    let kind = state.users.get(&id).map(|user| user.wrapper());
    let others = || state.users.values().filter(|user| user.id != id);
    let alike = others().find(|user| Some(user.wrapper()) == kind);
    alike.or_else(|| others().next()).map(|user| user.id)
}

fn forget(state: &mut State, somebody: Owner) {
    let Owner::Grant(id) = somebody else { return };
    if let Some(grant) = state.grants.remove(&id) {
        state.secrets.remove(&grant.token);
    }
}
