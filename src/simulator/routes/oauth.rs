//! OAuth clients and their callback URLs.

use serde_json::{Value, json};

use super::super::clock::stamp;
use super::super::failure::Failure;
use super::super::paging::Paging;
use super::super::state::{Callback, Client, ClientStatus};
use super::super::wire;
use super::{Context, optional_text, text};

/// No client may have more callback URLs than this.
const CALLBACKS_MAXIMUM: usize = 50;

/// `GET oauth-client`.
pub(super) fn list(context: &mut Context<'_>) -> Result<Value, Failure> {
    let user = context.session()?.owner.id();
    let clients = context.state.clients.values();
    let own: Vec<_> = clients
        .filter(|client| client.user == user)
        .map(|client| (client.id, client))
        .collect();
    Ok(Paging::of(context.query)?.page(&context.path, own, |client| show(client)))
}

/// `POST oauth-client`: one for each user.
pub(super) fn create(context: &mut Context<'_>) -> Result<Value, Failure> {
    let body = context.object()?;
    let status = status(optional_text(&body, "status")?)?;
    let user = context.session()?.owner.id();
    let state = &mut *context.state;
    let exists = state
        .clients
        .values()
        .any(|client| client.user == user && client.status == ClientStatus::Active);
    if exists {
        return Err(Failure::Invalid(
            "An OAuth client already exists for this user.".to_owned(),
        ));
    }
    let client = Client {
        id: state.id(),
        user,
        client_id: state.token(),
        secret: state.token(),
        status: status.unwrap_or(ClientStatus::Active),
        callbacks: Vec::new(),
    };
    let id = client.id;
    state.clients.insert(id, client);
    Ok(wire::id(id))
}

fn status(text: Option<String>) -> Result<Option<ClientStatus>, Failure> {
    match text.as_deref() {
        None => Ok(None),
        Some("ACTIVE") => Ok(Some(ClientStatus::Active)),
        Some("CANCELLED") => Ok(Some(ClientStatus::Cancelled)),
        Some(_) => Err(Failure::Invalid(
            "The field \"status\" is not valid.".to_owned(),
        )),
    }
}

/// The client that the path names, if it is the session's own.
fn own<'a>(context: &'a mut Context<'_>) -> Result<&'a mut Client, Failure> {
    let id = context.param(1)?;
    let user = context.session()?.owner.id();
    let client = context.state.clients.get_mut(&id);
    client
        .filter(|client| client.user == user)
        .ok_or(Failure::NotFound("OAuth client", id))
}

/// `GET oauth-client/{id}`.
pub(super) fn read(context: &mut Context<'_>) -> Result<Value, Failure> {
    Ok(json!({"Response": [show(own(context)?)]}))
}

/// `PUT oauth-client/{id}`.
pub(super) fn update(context: &mut Context<'_>) -> Result<Value, Failure> {
    let body = context.object()?;
    let status = status(optional_text(&body, "status")?)?;
    let client = own(context)?;
    if let Some(status) = status {
        client.status = status;
    }
    Ok(wire::id(client.id))
}

/// `GET callback-url`.
pub(super) fn callbacks(context: &mut Context<'_>) -> Result<Value, Failure> {
    let paging = Paging::of(context.query)?;
    let path = context.path.clone();
    let client = own(context)?;
    let urls = client.callbacks.iter().map(|url| (url.id, url)).collect();
    Ok(paging.page(&path, urls, |url| show_callback(url)))
}

/// `POST callback-url`.
pub(super) fn add_callback(context: &mut Context<'_>) -> Result<Value, Failure> {
    let url = callback_text(context)?;
    let (id, now) = (context.state.id(), stamp(context.now));
    let client = own(context)?;
    if client.callbacks.iter().any(|known| known.url == url) {
        return Err(Failure::Invalid(
            "This callback URL already exists.".to_owned(),
        ));
    }
    if client.callbacks.len() >= CALLBACKS_MAXIMUM {
        return Err(Failure::Invalid("Too many callback URLs.".to_owned()));
    }
    client.callbacks.push(Callback {
        id,
        url,
        created: now.clone(),
        updated: now,
    });
    Ok(wire::id(id))
}

/// An address that a browser can be sent to.
fn callback_text(context: &Context<'_>) -> Result<String, Failure> {
    let body = context.object()?;
    let text = text(&body, "url")?;
    let fits = url::Url::parse(&text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.fragment().is_none() && text.len() <= 2048
    });
    if !fits {
        return Err(Failure::Invalid(
            "The field \"url\" is not valid.".to_owned(),
        ));
    }
    if context.https_callbacks && !text.starts_with("https:") {
        return Err(Failure::Invalid(
            "The callback URL must use https.".to_owned(),
        ));
    }
    Ok(text)
}

fn own_callback<'a>(context: &'a mut Context<'_>) -> Result<&'a mut Callback, Failure> {
    let id = context.param(2)?;
    let callbacks = &mut own(context)?.callbacks;
    let callback = callbacks.iter_mut().find(|callback| callback.id == id);
    callback.ok_or(Failure::NotFound("Callback URL", id))
}

/// `GET callback-url/{id}`.
pub(super) fn callback(context: &mut Context<'_>) -> Result<Value, Failure> {
    Ok(json!({"Response": [show_callback(own_callback(context)?)]}))
}

/// `PUT callback-url/{id}`.
pub(super) fn change_callback(context: &mut Context<'_>) -> Result<Value, Failure> {
    let (url, now) = (callback_text(context)?, stamp(context.now));
    let callback = own_callback(context)?;
    callback.url = url;
    callback.updated = now;
    Ok(wire::id(callback.id))
}

/// `DELETE callback-url/{id}`.
pub(super) fn remove_callback(context: &mut Context<'_>) -> Result<Value, Failure> {
    let id = own_callback(context)?.id;
    own(context)?.callbacks.retain(|callback| callback.id != id);
    Ok(json!({"Response": []}))
}

fn show(client: &Client) -> Value {
    let urls = client.callbacks.iter();
    json!({"OauthClient": {
        "id": client.id,
        "status": match client.status {
            ClientStatus::Active => "ACTIVE",
            ClientStatus::Cancelled => "CANCELLED",
        },
        "display_name": null,
        "client_id": client.client_id,
        "secret": client.secret,
        "callback_url": urls.map(|callback| json!({"url": callback.url})).collect::<Vec<_>>(),
    }})
}

fn show_callback(callback: &Callback) -> Value {
    json!({"OauthCallbackUrl": {
        "id": callback.id,
        "created": callback.created,
        "updated": callback.updated,
        "url": callback.url,
    }})
}
