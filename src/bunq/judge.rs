//! Whether an answer may be used.

use super::client::{Reply, Service};
use super::error::{self, Error, ErrorKind, OauthCode, Unverified};
use super::masked::{Met, sentence};
use super::signing::ServerKey;
use super::transport::Received;
use crate::base::{BankText, Verification};

const SERVER_SIGNATURE: &str = "x-bunq-server-signature";
const RESPONSE_ID: &str = "x-bunq-client-response-id";

/// Decides whether an answer may be used. A good one that the bank did not sign is dropped unread;
/// of a bad one only the status and a cleaned, masked sentence are kept, so that a failed check of its
/// signature shows in the log but hides nothing.
pub(super) fn judge(
    received: Received,
    service: &Service<'_>,
    met: &Met,
) -> (Verification, Result<Reply, Error>) {
    let server_key = match service {
        Service::Api(caller) => caller.server_key(),
        Service::Token => None,
    };
    let checked = server_key.map(|key| check(&received, key));
    if (200..300).contains(&received.status) {
        return match checked {
            Some(Err(reason)) => {
                let error = Error::new(unusable(reason, &received.body));
                (
                    Verification::Failed,
                    Err(describe(error, &received, None, met)),
                )
            }
            Some(Ok(())) => (Verification::Verified, Ok(reply(received))),
            None => (Verification::NotExpected, Ok(reply(received))),
        };
    }
    let verification = match checked {
        Some(Ok(())) => Verification::Verified,
        None | Some(Err(Unverified::Missing)) => Verification::NotExpected,
        Some(Err(_)) => Verification::Failed,
    };
    let (kind, description) = match service {
        Service::Api(caller) => error::from_api(&received, Some(*caller)),
        Service::Token => error::from_token_service(&received),
    };
    let kind = match kind {
        ErrorKind::Oauth(OauthCode::Other(word)) => {
            ErrorKind::Oauth(OauthCode::Other(sentence(&word, met)))
        }
        kind => kind,
    };
    (
        verification,
        Err(describe(Error::new(kind), &received, description, met)),
    )
}

/// A page without a signature is nobody's forgery: a proxy or a sign-in page put it there.
fn unusable(reason: Unverified, body: &[u8]) -> ErrorKind {
    match ErrorKind::not_json(body) {
        page @ ErrorKind::NotJson { html: true } if reason == Unverified::Missing => page,
        _ => ErrorKind::Unverified(reason),
    }
}

fn reply(received: Received) -> Reply {
    Reply {
        status: received.status,
        body: received.body,
    }
}

/// The bank's own words, without what they may quote of a secret.
fn describe(error: Error, received: &Received, description: Option<BankText>, met: &Met) -> Error {
    let response_id = received.headers.get(RESPONSE_ID);
    let response_id = response_id
        .and_then(|value| value.to_str().ok())
        .map(|id| met.cleaned(id));
    let description = description.map(|said| sentence(&said, met));
    error.answered(received.status, description, response_id)
}

/// Exactly one signature, over exactly the bytes received.
fn check(received: &Received, key: &ServerKey) -> Result<(), Unverified> {
    let mut all = received.headers.get_all(SERVER_SIGNATURE).iter();
    let signature = match (all.next(), all.next()) {
        (None, _) => return Err(Unverified::Missing),
        (Some(_), Some(_)) => return Err(Unverified::Several),
        (Some(one), None) => one.to_str().map_err(|_| Unverified::Wrong)?,
    };
    if key.verify(&received.body, signature) {
        Ok(())
    } else {
        Err(Unverified::Wrong)
    }
}
