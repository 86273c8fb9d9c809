//! What a fault does to the call, to the answer and to its signature.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::super::answer::Answer;
use super::super::clock;
use super::super::dispatch::Request;
use super::super::failure::Failure;
use super::super::signing::ServerKey;
use super::super::state::State;
use super::super::{ExpiredForm, token};
use super::kind::{FaultKind, RetryAfter};

/// What gateways say; not JSON.
const GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
const PORTAL: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Welcome to our wireless network</title></head>\n<body><h1>Welcome</h1><p>Accept the terms of use to go online.</p></body></html>\n";
const HTML: &str = "text/html; charset=utf-8";
/// Added to the seed, it is the one of another key.
const ANOTHER_KEY: u64 = 0x0bad_5eed;

/// What comes instead of the call, if the call is not to be done; and what the bank has to forget
/// before it.
pub(in super::super) fn before(
    kind: &FaultKind,
    bank: &mut State,
    request: &Request,
    now: Timestamp,
) -> Option<Answer> {
    let refuse = |failure| Some(Answer::of(Err(failure), request, true));
    match kind {
        // Nothing of it is sent.
        FaultKind::Refuse | FaultKind::DropBefore => Some(Answer::new(0, HTML, Vec::new())),
        FaultKind::Status(status, body) => Some(Answer::status(*status, body)),
        FaultKind::Html502 => Some(Answer::new(502, "text/html", GATEWAY.into())),
        FaultKind::Portal => Some(Answer::new(200, HTML, PORTAL.into())),
        FaultKind::Redirect { status, location } => {
            let mut answer = Answer::new(*status, HTML, Vec::new());
            answer.headers.push(("location", location.clone()));
            Some(answer)
        }
        FaultKind::TooMany {
            calls,
            seconds,
            retry_after,
        } => {
            let (calls, seconds) = (*calls, *seconds);
            let mut answer = Answer::of(Err(Failure::TooMany { calls, seconds }), request, true);
            let after = retry_after.map(|after| retry_text(after, now));
            answer
                .headers
                .extend(after.map(|text| ("retry-after", text)));
            Some(answer)
        }
        FaultKind::DeadSession401 | FaultKind::DeadSession403 => {
            bank.end_session(request.token());
            let form = match kind {
                FaultKind::DeadSession401 => ExpiredForm::Unauthorised401,
                _ => ExpiredForm::Forbidden403,
            };
            refuse(Failure::SessionEnded(form))
        }
        FaultKind::RevokedToken => match bank.owner_behind(request.token(), secret(request)) {
            Some(owner) => {
                bank.revoke(owner);
                None
            }
            None => refuse(Failure::Credentials),
        },
        FaultKind::ExpiredCode => {
            let code = request.query.get("code");
            if let Some(code) = code.and_then(|code| bank.codes.get_mut(code)) {
                code.expires = now;
            }
            Some(token::refuse(token::INVALID_GRANT))
        }
        FaultKind::TokenError(error) => Some(token::refuse((error, token::sentence(error)))),
        _ => sentence(kind).and_then(refuse),
    }
}

/// The refusals that are one of bunq's sentences.
fn sentence(kind: &FaultKind) -> Option<Failure> {
    Some(match kind {
        FaultKind::Credentials400 => Failure::Credentials,
        FaultKind::Signature400 => Failure::WrongSignature,
        FaultKind::Authorisation401 => Failure::SessionEnded(ExpiredForm::Unauthorised401),
        FaultKind::Authentication401 => Failure::Unauthenticated,
        FaultKind::Authentication403 => Failure::SessionEnded(ExpiredForm::Forbidden403),
        FaultKind::Authorisation403 => Failure::Forbidden,
        FaultKind::Route404 => Failure::UnknownRoute,
        FaultKind::Item404 => Failure::NoItem,
        FaultKind::Method405 => Failure::MethodNotAllowed,
        FaultKind::NotModified399 => Failure::NotModified,
        FaultKind::Unsigned466 => Failure::Unsigned,
        FaultKind::UserError490 => Failure::UserError,
        FaultKind::Maintenance491 => Failure::Maintenance,
        FaultKind::Error500 => Failure::Broken,
        FaultKind::Unavailable503 => Failure::Unavailable,
        _ => return None,
    })
}

fn retry_text(after: RetryAfter, now: Timestamp) -> String {
    match after {
        RetryAfter::Seconds(seconds) => seconds.to_string(),
        RetryAfter::Date(seconds) => {
            let wait = SignedDuration::from_secs(i64::from(seconds));
            clock::http_date(now.checked_add(wait).unwrap_or(now))
        }
    }
}

/// The secret that the body names, for calls that stand on one.
fn secret(request: &Request) -> Option<String> {
    let body = request.body.as_ref().ok()?;
    let body: Value = serde_json::from_slice(body).ok()?;
    Some(body.get("secret")?.as_str()?.to_owned())
}

/// Changes the answer of a call that was done.
pub(in super::super) fn after(kind: &FaultKind, answer: &mut Answer) {
    match kind {
        FaultKind::DoneButStatus(status, body) => *answer = Answer::status(*status, body),
        FaultKind::InvalidJson => answer.body = b"{\"Response\":[{\"Id\":".to_vec(),
        FaultKind::InvalidUtf8 => {
            answer.body =
                b"{\"Response\":[{\"Id\":{\"id\":1,\"name\":\"\xc3\x28\xff\"}}]}".to_vec();
        }
        FaultKind::DeepJson(depth) => {
            let (open, close) = ("[".repeat(*depth), "]".repeat(*depth));
            answer.body = format!("{{\"Response\":{open}{close}}}").into_bytes();
        }
        FaultKind::DuplicateKeys => {
            let rest = answer.body.get(1..).unwrap_or_default();
            answer.body = [b"{\"Response\":[{\"Id\":{\"id\":1,\"id\":2}}],", rest].concat();
        }
        FaultKind::EmptyBody => answer.body.clear(),
        FaultKind::WrongType => answer.body = b"{\"Response\":\"none\"}".to_vec(),
        _ => {}
    }
}

/// Signs the final bytes, as far as the fault allows.
pub(in super::super) fn sign(kind: Option<&FaultKind>, answer: &mut Answer, seed: u64) {
    if !answer.signs || kind == Some(&FaultKind::MissingSignature) {
        return;
    }
    let seed = match kind {
        Some(FaultKind::ChangedKey) => seed.wrapping_add(ANOTHER_KEY),
        _ => seed,
    };
    let Some(key) = ServerKey::of_seed(seed) else {
        return;
    };
    let right = match kind {
        Some(FaultKind::OtherBodySignature) => key.sign(b"{\"Response\":[]}\n"),
        _ => key.sign(&answer.body),
    };
    let Some(right) = right else { return };
    answer.signatures = match kind {
        Some(FaultKind::WrongSignature) => vec![spoil(&right)],
        Some(FaultKind::DuplicateSignature) => vec![right.clone(), spoil(&right)],
        Some(FaultKind::UndecodableSignature) => vec!["this is not base64!".to_owned()],
        _ => vec![right],
    };
}

/// The same signature with another first letter: base64 all the same.
fn spoil(signature: &str) -> String {
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    let rest = signature.get(1..).unwrap_or_default();
    format!("{other}{rest}")
}
