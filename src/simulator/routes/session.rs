//! Sessions.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::super::clock::stamp;
use super::super::failure::Failure;
use super::super::state::{Owner, Session};
use super::super::wire;
use super::{Context, text};

/// `POST session-server`: a secret for a session.
pub(super) fn create(context: &mut Context<'_>) -> Result<Value, Failure> {
    let body = context.object()?;
    let secret = text(&body, "secret")?;
    let known = context.state.secrets.get(&secret).copied();
    let owner = match known {
        Some(known) if !known.dead => known.owner,
        _ => return Err(Failure::Credentials),
    };
    let device = device_for(context, &secret, owner)?;
    let installation = context.installation()?.token.clone();
    let (user, timeout) = match owner {
        Owner::User(id) => {
            let user = context.state.users.get(&id).ok_or(Failure::Broken)?;
            (wire::own_user(user), user.session_timeout())
        }
        Owner::Grant(id) => {
            let grant = context.state.grants.get(&id).ok_or(Failure::Credentials)?;
            let requester = context.state.users.get(&grant.requested_by);
            let timeout = requester.ok_or(Failure::Broken)?.session_timeout();
            (wire::granted(context.state, grant), timeout)
        }
    };
    let state = &mut *context.state;
    let (id, token_id, token) = (state.id(), state.id(), state.token());
    let lifetime = SignedDuration::from_secs(i64::from(timeout));
    let session = Session {
        token: token.clone(),
        installation,
        device,
        owner,
        expires: context.now.checked_add(lifetime).unwrap_or(context.now),
        ended: false,
    };
    state.sessions.insert(token.clone(), session);
    let now = stamp(context.now);
    Ok(json!({"Response": [
        {"Id": {"id": id}},
        {"Token": {"id": token_id, "created": now, "updated": now, "token": token}},
        user,
    ]}))
}

/// The device of this installation that may use the secret. An access token needs no device of
/// its own: it is bound to one of the installation's at its first session.
fn device_for(context: &Context<'_>, secret: &str, owner: Owner) -> Result<u64, Failure> {
    let installation = context.installation()?.id;
    let devices = context.state.devices.values();
    let own: Vec<_> = devices
        .filter(|device| device.installation == installation && device.permits(context.caller))
        .collect();
    let registered = own.iter().find(|device| device.secret == secret);
    let any = own.first().filter(|_| matches!(owner, Owner::Grant(_)));
    registered
        .or(any)
        .map(|device| device.id)
        .ok_or(Failure::Credentials)
}

/// `DELETE session/{id}`: the current one, whatever the id.
pub(super) fn delete(context: &mut Context<'_>) -> Result<Value, Failure> {
    let token = context.session()?.token.clone();
    if let Some(session) = context.state.sessions.get_mut(&token) {
        session.ended = true;
    }
    Ok(json!({"Response": []}))
}
