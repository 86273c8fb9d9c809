//! `POST /v1/token`: a code for an access token (RFC 6749, section 4.1.3, but everything stands in
//! the query, as bunq wants it).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::Answer;
use super::clock::stamp;
use super::dispatch::Request;
use super::state::{ClientStatus, Grant, Owner, Secret, State};

/// The error's name and sentence (RFC 6749, section 5.2).
type Refused = (&'static str, &'static str);

const INVALID_GRANT: Refused = (
    "invalid_grant",
    "The authorization code is invalid or expired.",
);
const INVALID_CLIENT: Refused = ("invalid_client", "The client credentials are invalid.");

/// Answers the exchange.
pub(super) fn exchange(bank: &mut State, request: &Request, now: Timestamp) -> Answer {
    match grant(bank, request, now) {
        Ok(body) => Answer::json(200, &body),
        Err((error, description)) => {
            let body = json!({"error": error, "error_description": description});
            Answer::json(400, &body)
        }
    }
}

fn grant(bank: &mut State, request: &Request, now: Timestamp) -> Result<Value, Refused> {
    let field = |name| {
        let missing = ("invalid_request", "A parameter is missing from the query.");
        request.query.get(name).ok_or(missing)
    };
    if field("grant_type")? != "authorization_code" {
        let text = "The grant type is not supported.";
        return Err(("unsupported_grant_type", text));
    }
    let (code, redirect_uri) = (field("code")?, field("redirect_uri")?);
    let (client_id, secret) = (field("client_id")?, field("client_secret")?);
    let client = bank.clients.values().find(|client| {
        client.client_id == client_id
            && client.secret == secret
            && client.status == ClientStatus::Active
    });
    let client = client.ok_or(INVALID_CLIENT)?;
    let (client, requested_by) = (client.id, client.user);
    let code = bank.codes.get_mut(code).ok_or(INVALID_GRANT)?;
    let fits = code.client == client
        && code.redirect_uri == redirect_uri
        && !code.used
        && now < code.expires;
    if !fits {
        return Err(INVALID_GRANT);
    }
    code.used = true;
    let code = code.clone();
    let (id, token) = (bank.id(), bank.token());
    let grant = Grant {
        id,
        requested_by,
        granted_by: code.granted_by,
        accounts: code.accounts,
        token: token.clone(),
        revoked: false,
        created: stamp(now),
    };
    bank.grants.insert(id, grant);
    let secret = Secret {
        owner: Owner::Grant(id),
        dead: false,
    };
    bank.secrets.insert(token.clone(), secret);
    let mut body = json!({"access_token": token, "token_type": "bearer"});
    if let (Some(state), Some(body)) = (code.state, body.as_object_mut()) {
        body.insert("state".to_owned(), json!(state));
    }
    Ok(body)
}
