//! What a bad answer means. The status decides where it can; bunq uses 400 for much, and there only
//! its sentence tells.

use std::time::Duration;

use reqwest::header::{DATE, RETRY_AFTER};
use serde::Deserialize;

use super::{ErrorKind, OauthCode};
use crate::base::BankText;
use crate::bunq::bank_clock::http_date;
use crate::bunq::caller::Caller;
use crate::bunq::transport::Received;

/// The longest wait that a `Retry-After` is believed for.
const LONGEST_WAIT: u64 = 24 * 60 * 60;

/// What bunq says of an address that it does not have at all.
const NO_ROUTE: &str = "Route not found";

#[derive(Deserialize)]
struct ApiErrors {
    #[serde(rename = "Error")]
    errors: Vec<ApiError>,
}

#[derive(Deserialize)]
struct ApiError {
    error_description: String,
}

#[derive(Deserialize)]
struct TokenError {
    error: String,
    error_description: Option<String>,
}

/// Names a bad answer of the API to this caller; none is the token service's.
pub(in crate::bunq) fn from_api(
    received: &Received,
    caller: Option<Caller<'_>>,
) -> (ErrorKind, Option<BankText>) {
    let errors = serde_json::from_slice::<ApiErrors>(&received.body).ok();
    let sentence = errors
        .as_ref()
        .and_then(|errors| errors.errors.first())
        .map(|error| error.error_description.as_str());
    let kind = by_status(received, sentence)
        .or_else(|| sentence.map(|sentence| by_sentence(received.status, sentence, caller)))
        .unwrap_or_else(|| by_body(received, caller));
    (kind, sentence.map(BankText::new))
}

/// Names a bad answer of the token service, which has RFC 6749's shape; some come in the API's.
pub(in crate::bunq) fn from_token_service(received: &Received) -> (ErrorKind, Option<BankText>) {
    let Ok(error) = serde_json::from_slice::<TokenError>(&received.body) else {
        return from_api(received, None);
    };
    let kind = by_status(received, None)
        .filter(|kind| !matches!(kind, ErrorKind::NotFound))
        .unwrap_or_else(|| ErrorKind::Oauth(oauth_code(&error.error)));
    let description = error.error_description.as_deref().map(BankText::new);
    (kind, description)
}

fn oauth_code(code: &str) -> OauthCode {
    match code {
        "invalid_grant" => OauthCode::InvalidGrant,
        "invalid_client" => OauthCode::InvalidClient,
        "invalid_request" => OauthCode::InvalidRequest,
        "unauthorized_client" => OauthCode::UnauthorizedClient,
        "unsupported_grant_type" => OauthCode::UnsupportedGrantType,
        other => OauthCode::Other(BankText::new(other)),
    }
}

fn by_status(received: &Received, sentence: Option<&str>) -> Option<ErrorKind> {
    Some(match received.status {
        301..=303 | 307 | 308 => ErrorKind::Redirected,
        // The others, bunq's own 399 among them, talk about a copy that we do not keep.
        300..=399 => ErrorKind::BadRequest,
        404 if sentence.is_some_and(|said| said.contains(NO_ROUTE)) => ErrorKind::NotOffered,
        // A gateway has its own pages for what it does not find.
        404 if sentence.is_some() || !is_html(&received.body) => ErrorKind::NotFound,
        405 => ErrorKind::NotOffered,
        429 => rate_limited(received, sentence.unwrap_or_default()),
        466 => ErrorKind::SignatureMissing,
        491 | 503 => ErrorKind::Maintenance,
        500.. => ErrorKind::ServerError {
            html: is_html(&received.body),
        },
        _ => return None,
    })
}

fn by_sentence(status: u16, sentence: &str, caller: Option<Caller<'_>>) -> ErrorKind {
    let sentence = sentence.to_ascii_lowercase();
    let says = |part| sentence.contains(part);
    if says("user credentials are incorrect") {
        return ErrorKind::CredentialsRefused;
    }
    let unknown_token = says("insufficient authentication") || says("insufficient authorisation");
    match status {
        400 if says("request signature is invalid") => ErrorKind::SignatureRefused,
        400 if says("device already exists") => ErrorKind::DeviceExists,
        403 if !unknown_token => ErrorKind::Forbidden,
        401 | 403 => match caller {
            Some(Caller::Session(_)) => ErrorKind::SessionDead,
            // Believed only in the bank's own words: all of the setup hangs on it.
            Some(Caller::Installation(_)) if unknown_token => ErrorKind::InstallationRefused,
            // Nothing was shown that could be unknown.
            Some(_) | None => ErrorKind::Forbidden,
        },
        _ => ErrorKind::BadRequest,
    }
}

fn by_body(received: &Received, caller: Option<Caller<'_>>) -> ErrorKind {
    if received.status == 401 && matches!(caller, Some(Caller::Session(_))) {
        // Without words, but not a page of somebody in between.
        return if is_html(&received.body) {
            ErrorKind::NotJson { html: true }
        } else {
            ErrorKind::SessionDead
        };
    }
    if serde_json::from_slice::<serde::de::IgnoredAny>(&received.body).is_ok() {
        ErrorKind::BadRequest
    } else {
        ErrorKind::not_json(&received.body)
    }
}

/// `You can do a maximum of 3 calls per 3 second to this endpoint.`
fn rate_limited(received: &Received, sentence: &str) -> ErrorKind {
    ErrorKind::RateLimited {
        max: number_after(sentence, "maximum of "),
        seconds: number_after(sentence, " per "),
        retry_after: retry_after(received),
    }
}

/// Seconds, or a time, which only the same answer's `Date` makes a wait (RFC 9110 section 10.2.3).
fn retry_after(received: &Received) -> Option<Duration> {
    let value = received.headers.get(RETRY_AFTER)?;
    let seconds = value.to_str().ok()?.trim().parse().ok();
    let seconds = seconds.or_else(|| {
        let until = http_date(value)?.as_second();
        let now = http_date(received.headers.get(DATE)?)?.as_second();
        Some(u64::try_from(until.saturating_sub(now)).unwrap_or_default())
    });
    Some(Duration::from_secs(seconds?.min(LONGEST_WAIT)))
}

fn number_after(sentence: &str, words: &str) -> Option<u64> {
    let (_, rest) = sentence.split_once(words)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// Whether a body looks like a web page.
pub(super) fn is_html(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'<')
}
