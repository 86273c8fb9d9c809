//! Installations and devices.

use serde_json::{Value, json};

use super::super::clock::stamp;
use super::super::failure::Failure;
use super::super::paging::Paging;
use super::super::signing::{self, ServerKey};
use super::super::state::{Device, Installation};
use super::super::wire;
use super::{Context, text};

/// `POST installation`: the client's key for a token and the server's key.
pub(super) fn create(context: &mut Context<'_>) -> Result<Value, Failure> {
    let body = context.object()?;
    let pem = text(&body, "client_public_key")?;
    let key = signing::public_key(&pem)
        .ok_or_else(|| Failure::Invalid("The client public key is not valid.".to_owned()))?;
    let server = ServerKey::of_seed(context.seed).ok_or(Failure::Broken)?;
    let state = &mut *context.state;
    let (id, token_id, token) = (state.id(), state.id(), state.token());
    let installation = Installation {
        id,
        token: token.clone(),
        public_pem: pem.trim().to_owned(),
        key,
    };
    state.installations.insert(token.clone(), installation);
    let now = stamp(context.now);
    Ok(json!({"Response": [
        {"Id": {"id": id}},
        {"Token": {"id": token_id, "created": now, "updated": now, "token": token}},
        {"ServerPublicKey": {"server_public_key": server.public_pem}},
    ]}))
}

/// `GET installation`.
pub(super) fn read(context: &mut Context<'_>) -> Result<Value, Failure> {
    Ok(wire::id(context.installation()?.id))
}

/// `GET installation/{id}`: only the caller's own.
pub(super) fn read_one(context: &mut Context<'_>) -> Result<Value, Failure> {
    let id = context.param(0)?;
    if id != context.installation()?.id {
        return Err(Failure::NotFound("Installation", id));
    }
    Ok(wire::id(id))
}

/// `GET installation/{id}/server-public-key`.
pub(super) fn server_key(context: &mut Context<'_>) -> Result<Value, Failure> {
    read_one(context)?;
    let server = ServerKey::of_seed(context.seed).ok_or(Failure::Broken)?;
    let key = json!({"server_public_key": server.public_pem});
    Ok(wire::one("ServerPublicKey", key))
}

/// `POST device-server`: binds a secret to this installation and to addresses.
pub(super) fn create_device(context: &mut Context<'_>) -> Result<Value, Failure> {
    let body = context.object()?;
    let description = text(&body, "description")?;
    let secret = text(&body, "secret")?;
    let permitted = permitted_ips(context, body.get("permitted_ips"))?;
    let installation = context.installation()?.id;
    let state = &mut *context.state;
    if state.secrets.get(&secret).is_none_or(|known| known.dead) {
        return Err(Failure::Credentials);
    }
    let again = state
        .devices
        .values()
        .any(|device| device.installation == installation && device.secret == secret);
    if again {
        return Err(Failure::Invalid(
            "This device already exists for the given API key.".to_owned(),
        ));
    }
    let device = Device {
        id: state.id(),
        installation,
        secret: secret.clone(),
        description: description.clone(),
        address: context.caller,
        permitted,
        created: context.now,
    };
    if !device.permits(context.caller) {
        return Err(Failure::Credentials);
    }
    for credential in state.credentials.values_mut() {
        if credential.token == secret && credential.used_by.is_none() {
            credential.used_by = Some((description.clone(), context.caller));
        }
    }
    let id = device.id;
    state.devices.insert(id, device);
    Ok(wire::id(id))
}

/// No list, or an empty one, binds the caller's own address.
fn permitted_ips(context: &Context<'_>, list: Option<&Value>) -> Result<Vec<String>, Failure> {
    let wrong = || Failure::Invalid("The field \"permitted_ips\" is not valid.".to_owned());
    let own = || vec![context.caller.to_string()];
    match list {
        None | Some(Value::Null) => Ok(own()),
        Some(Value::Array(list)) if list.is_empty() => Ok(own()),
        Some(Value::Array(list)) => list
            .iter()
            .map(|ip| ip.as_str().map(str::to_owned).ok_or_else(wrong))
            .collect(),
        Some(_) => Err(wrong()),
    }
}

/// `GET device-server`.
pub(super) fn devices(context: &mut Context<'_>) -> Result<Value, Failure> {
    let installation = context.installation()?.id;
    let devices = context.state.devices.values();
    let own: Vec<_> = devices
        .filter(|device| device.installation == installation)
        .map(|device| (device.id, device))
        .collect();
    Ok(Paging::of(context.query)?.page(&context.path, own, |device| show(device)))
}

/// `GET device-server/{id}`.
pub(super) fn device(context: &mut Context<'_>) -> Result<Value, Failure> {
    let id = context.param(0)?;
    let installation = context.installation()?.id;
    let device = context.state.devices.get(&id);
    let own = device.filter(|device| device.installation == installation);
    let device = own.ok_or(Failure::NotFound("Device server", id))?;
    Ok(json!({"Response": [show(device)]}))
}

fn show(device: &Device) -> Value {
    json!({"DeviceServer": {
        "id": device.id,
        "created": stamp(device.created),
        "updated": stamp(device.created),
        "description": device.description,
        "ip": device.address.to_string(),
        "status": "ACTIVE",
    }})
}
