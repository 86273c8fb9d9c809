//! `POST /v1/token`: a code for an access token (RFC 6749, section 4.1.3, but everything stands in
//! the query, as bunq wants it).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::Answer;
use super::clock::stamp;
use super::dispatch::Request;
use super::state::State;

/// The error's name and sentence (RFC 6749, section 5.2).
type Refused<'a> = (&'a str, &'a str);

pub(super) const INVALID_GRANT: Refused<'_> = (
    "invalid_grant",
    "The authorization code is invalid or expired.",
);
const INVALID_CLIENT: Refused<'_> = ("invalid_client", "The client credentials are invalid.");
const UNSUPPORTED: Refused<'_> = ("unsupported_grant_type", "The grant type is not supported.");

/// The sentence that goes with an error's name.
pub(super) fn sentence(error: &str) -> &'static str {
    let known = [INVALID_GRANT, INVALID_CLIENT, UNSUPPORTED];
    let known = known.iter().find(|(name, _)| *name == error);
    known.map_or("The request cannot be granted.", |(_, sentence)| sentence)
}

/// An error of the exchange, which has a shape of its own.
pub(super) fn refuse((error, description): Refused<'_>) -> Answer {
    let body = json!({"error": error, "error_description": description});
    Answer::json(400, &body)
}

/// Answers the exchange.
pub(super) fn exchange(bank: &mut State, request: &Request, now: Timestamp) -> Answer {
    match grant(bank, request, now) {
        Ok(body) => Answer::json(200, &body),
        Err(refused) => refuse(refused),
    }
}

fn grant(bank: &mut State, request: &Request, now: Timestamp) -> Result<Value, Refused<'static>> {
    let field = |name| {
        let missing = ("invalid_request", "A parameter is missing from the query.");
        request.query.get(name).ok_or(missing)
    };
    if field("grant_type")? != "authorization_code" {
        return Err(UNSUPPORTED);
    }
    let (code, redirect_uri) = (field("code")?, field("redirect_uri")?);
    let (client_id, secret) = (field("client_id")?, field("client_secret")?);
    let client = bank.active_client(client_id);
    let client = client.filter(|client| client.secret == secret);
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
    let (_, token) = bank.grant(requested_by, code.granted_by, code.accounts, stamp(now));
    let mut body = json!({"access_token": token, "token_type": "bearer"});
    if let (Some(state), Some(body)) = (code.state, body.as_object_mut()) {
        body.insert("state".to_owned(), json!(state));
    }
    Ok(body)
}
