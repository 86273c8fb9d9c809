//! Sessions.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::super::clock::stamp;
use super::super::failure::Failure;
use super::super::state::{Owner, Session, State};
use super::super::wire;
use super::{Context, text};

/// `POST session-server`: a secret for a session.
pub(super) fn create(context: &mut Context<'_>) -> Result<Value, Failure> {
    let (secret, owner) = named(context)?;
    let device = device_for(context, &secret, owner)?;
    let lifetime = first_lifetime(context.state, &secret);
    open(context, owner, device, lifetime)
}

/// The same call as somebody else would have made it.
pub(in super::super) fn create_for(
    context: &mut Context<'_>,
    somebody: impl FnOnce(&mut Context<'_>, Owner) -> Owner,
) -> Result<Value, Failure> {
    let (secret, owner) = named(context)?;
    let device = device_for(context, &secret, owner)?;
    let somebody = somebody(context, owner);
    open(context, somebody, device, None)
}

/// The secret that the body names, and whose it is.
fn named(context: &Context<'_>) -> Result<(String, Owner), Failure> {
    let body = context.object()?;
    let secret = text(&body, "secret")?;
    match context.state.secrets.get(&secret) {
        Some(known) if !known.dead => Ok((secret, known.owner)),
        _ => Err(Failure::Credentials),
    }
}

/// How long the first session of a credential lasts, if this is it and it is another time.
fn first_lifetime(state: &mut State, secret: &str) -> Option<Duration> {
    let mut credentials = state.credentials.values_mut();
    let credential = credentials.find(|known| known.token == secret)?;
    let is_first = !std::mem::replace(&mut credential.has_opened, true);
    state.founding.timeouts.first_provider.filter(|_| is_first)
}

fn open(
    context: &mut Context<'_>,
    owner: Owner,
    device: u64,
    lifetime: Option<Duration>,
) -> Result<Value, Failure> {
    let installation = context.installation()?.token.clone();
    let (user, usual) = match owner {
        Owner::User(id) => {
            let user = context.state.users.get(&id).ok_or(Failure::Broken)?;
            (wire::own_user(user), user.session_timeout)
        }
        Owner::Grant(id) => {
            let grant = context.state.grants.get(&id).ok_or(Failure::Credentials)?;
            let requester = context.state.users.get(&grant.requested_by);
            let timeout = requester.ok_or(Failure::Broken)?.session_timeout;
            (wire::granted(context.state, grant), timeout)
        }
    };
    let state = &mut *context.state;
    let (id, token_id, token) = (state.id(), state.id(), state.token());
    let lifetime = SignedDuration::try_from(lifetime.unwrap_or(usual));
    let expires = lifetime
        .ok()
        .and_then(|time| context.now.checked_add(time).ok());
    let session = Session {
        token: token.clone(),
        installation,
        device,
        owner,
        expires: expires.unwrap_or(jiff::Timestamp::MAX),
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
        .filter(|device| device.installation == installation)
        .filter(|device| context.state.permits(device, context.caller))
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
    context.state.end_session(Some(&token));
    Ok(json!({"Response": []}))
}
