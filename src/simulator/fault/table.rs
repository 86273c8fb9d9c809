//! Every kind of fault with its name, what it takes and what it does, for `--fault`, its help and
//! the tests.

use super::kind::{FaultKind as Kind, RetryAfter};
use super::parse::Fields;

/// A kind of fault as `--fault` knows it.
#[derive(Clone, Copy, Debug)]
pub struct FaultName {
    /// How it is written.
    pub name: &'static str,
    /// What can follow, with the values that hold otherwise.
    pub takes: &'static str,
    /// What it does.
    pub says: &'static str,
    pub(super) make: fn(&mut Fields<'_>) -> Result<Kind, String>,
}

impl Kind {
    /// Every kind there is, in the order of the help.
    #[must_use]
    pub fn names() -> &'static [FaultName] {
        TABLE
    }

    /// One of every kind, with the values that hold where none are given.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let made = TABLE.iter().map(|entry| (entry.make)(&mut Fields::none()));
        made.filter_map(Result::ok).collect()
    }

    /// How the kind is written for `--fault`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Reset => "reset",
            Self::DropBefore => "drop-before",
            Self::Drop => "drop",
            Self::Delay(_) => "delay",
            Self::Drip { .. } => "drip",
            Self::Stall => "stall",
            Self::Truncate => "truncate",
            Self::WrongLength => "wrong-length",
            Self::Oversize { .. } => "oversize",
            Self::Status(..) => "status",
            Self::DoneButStatus(..) => "done-status",
            Self::TooMany { .. } => "429",
            Self::Credentials400 => "400-credentials",
            Self::Signature400 => "400-signature",
            Self::Authorisation401 => "401",
            Self::Authentication401 => "401-authentication",
            Self::Authentication403 => "403",
            Self::Authorisation403 => "403-authorisation",
            Self::Route404 => "404-route",
            Self::Item404 => "404-item",
            Self::Method405 => "405",
            Self::NotModified399 => "399",
            Self::Unsigned466 => "466",
            Self::UserError490 => "490",
            Self::Maintenance491 => "491",
            Self::Error500 => "500",
            Self::Html502 => "html502",
            Self::Unavailable503 => "503",
            Self::Redirect { .. } => "redirect",
            Self::Portal => "portal",
            Self::InvalidJson => "invalid-json",
            Self::InvalidUtf8 => "invalid-utf8",
            Self::DeepJson(_) => "deep-json",
            Self::DuplicateKeys => "duplicate-keys",
            Self::EmptyBody => "empty-body",
            Self::WrongType => "wrong-type",
            Self::Replay => "replay",
            Self::WrongSignature => "wrong-signature",
            Self::MissingSignature => "missing-signature",
            Self::DuplicateSignature => "duplicate-signature",
            Self::OtherBodySignature => "other-body-signature",
            Self::UndecodableSignature => "undecodable-signature",
            Self::ChangedKey => "changed-key",
            Self::LowerCaseHeaders => "lower-case-headers",
            Self::MissingResponseId => "missing-response-id",
            Self::MissingDate => "missing-date",
            Self::DeadSession401 => "dead-session",
            Self::DeadSession403 => "dead-session-403",
            Self::RevokedToken => "revoked-token",
            Self::ExpiredCode => "expired-code",
            Self::TokenError(_) => "token-error",
        }
    }
}

type Make = fn(&mut Fields<'_>) -> Result<Kind, String>;

const fn entry(
    name: &'static str,
    takes: &'static str,
    says: &'static str,
    make: Make,
) -> FaultName {
    FaultName {
        name,
        takes,
        says,
        make,
    }
}

const fn bare(name: &'static str, says: &'static str, make: Make) -> FaultName {
    entry(name, "", says, make)
}

#[rustfmt::skip]
static TABLE: &[FaultName] = &[
    bare("refuse", "reset before the call, nothing is read", |_| Ok(Kind::Refuse)),
    bare("reset", "done, then the connection is reset", |_| Ok(Kind::Reset)),
    bare("drop-before", "closed, nothing is done", |_| Ok(Kind::DropBefore)),
    bare("drop", "done, then closed without an answer", |_| Ok(Kind::Drop)),
    entry("delay", "ms=1000", "the answer comes later", |with| Ok(Kind::Delay(with.milliseconds(1000)?))),
    entry("drip", "piece=16,ms=100", "the body in small pieces", drip),
    bare("stall", "half of the body, then nothing", |_| Ok(Kind::Stall)),
    bare("truncate", "the connection ends in the body", |_| Ok(Kind::Truncate)),
    bare("wrong-length", "Content-Length is too small", |_| Ok(Kind::WrongLength)),
    entry("oversize", "bytes=67108864,announced=false", "white space without end after the JSON", oversize),
    entry("status", "code=500,body=TEXT", "this instead of the call", |with| {
        let (status, body) = status(with)?;
        Ok(Kind::Status(status, body))
    }),
    entry("done-status", "code=500,body=TEXT", "done, and this all the same", |with| {
        let (status, body) = status(with)?;
        Ok(Kind::DoneButStatus(status, body))
    }),
    entry("429", "calls=3,seconds=3,retry-after=S,retry-date=S", "too many calls", too_many),
    bare("400-credentials", "wrong key, dead token or foreign address", |_| Ok(Kind::Credentials400)),
    bare("400-signature", "the request's signature is wrong", |_| Ok(Kind::Signature400)),
    bare("401", "Insufficient authorisation.", |_| Ok(Kind::Authorisation401)),
    bare("401-authentication", "Insufficient authentication.", |_| Ok(Kind::Authentication401)),
    bare("403", "Insufficient authentication.", |_| Ok(Kind::Authentication403)),
    bare("403-authorisation", "Insufficient authorisation.", |_| Ok(Kind::Authorisation403)),
    bare("404-route", "Route not found.", |_| Ok(Kind::Route404)),
    bare("404-item", "the item could not be found", |_| Ok(Kind::Item404)),
    bare("405", "method not allowed", |_| Ok(Kind::Method405)),
    bare("399", "bunq's not modified", |_| Ok(Kind::NotModified399)),
    bare("466", "a signature is missing", |_| Ok(Kind::Unsigned466)),
    bare("490", "bunq's user error", |_| Ok(Kind::UserError490)),
    bare("491", "bunq's maintenance", |_| Ok(Kind::Maintenance491)),
    bare("500", "something went wrong", |_| Ok(Kind::Error500)),
    bare("html502", "a gateway's page", |_| Ok(Kind::Html502)),
    bare("503", "unavailable", |_| Ok(Kind::Unavailable503)),
    entry("redirect", "code=302,location=URL", "to another address", redirect),
    bare("portal", "200 and a captive portal's page", |_| Ok(Kind::Portal)),
    bare("invalid-json", "JSON that breaks off", |_| Ok(Kind::InvalidJson)),
    bare("invalid-utf8", "bytes that are no text", |_| Ok(Kind::InvalidUtf8)),
    entry("deep-json", "depth=100000", "arrays in arrays", |with| Ok(Kind::DeepJson(with.number("depth", 100_000)?))),
    bare("duplicate-keys", "keys that come twice", |_| Ok(Kind::DuplicateKeys)),
    bare("empty-body", "no body at all", |_| Ok(Kind::EmptyBody)),
    bare("wrong-type", "a text where a list should be", |_| Ok(Kind::WrongType)),
    bare("replay", "another user's answer to the call", |_| Ok(Kind::Replay)),
    bare("wrong-signature", "one byte is wrong", |_| Ok(Kind::WrongSignature)),
    bare("missing-signature", "there is none", |_| Ok(Kind::MissingSignature)),
    bare("duplicate-signature", "a right one and a wrong one", |_| Ok(Kind::DuplicateSignature)),
    bare("other-body-signature", "right for another body", |_| Ok(Kind::OtherBodySignature)),
    bare("undecodable-signature", "not base64", |_| Ok(Kind::UndecodableSignature)),
    bare("changed-key", "right, by another key", |_| Ok(Kind::ChangedKey)),
    bare("lower-case-headers", "names in lower case", |_| Ok(Kind::LowerCaseHeaders)),
    bare("missing-response-id", "without the response's id", |_| Ok(Kind::MissingResponseId)),
    bare("missing-date", "without Date", |_| Ok(Kind::MissingDate)),
    bare("dead-session", "the session ends now: 401", |_| Ok(Kind::DeadSession401)),
    bare("dead-session-403", "the session ends now: 403", |_| Ok(Kind::DeadSession403)),
    bare("revoked-token", "the grant or the key is taken back now", |_| Ok(Kind::RevokedToken)),
    bare("expired-code", "the code is too old: invalid_grant", |_| Ok(Kind::ExpiredCode)),
    entry("token-error", "error=invalid_client", "the exchange fails with this", |with| {
        Ok(Kind::TokenError(with.text("error").unwrap_or("invalid_client").to_owned()))
    }),
];

fn drip(with: &mut Fields<'_>) -> Result<Kind, String> {
    Ok(Kind::Drip {
        piece: with.number("piece", 16)?,
        pause: with.milliseconds(100)?,
    })
}

fn oversize(with: &mut Fields<'_>) -> Result<Kind, String> {
    Ok(Kind::Oversize {
        bytes: with.number("bytes", 64 << 20)?,
        announced: with.number("announced", false)?,
    })
}

/// A final status: a client waits on after one below 200.
fn status(with: &mut Fields<'_>) -> Result<(u16, String), String> {
    let status = with.number("code", 500)?;
    if !(200..=599).contains(&status) {
        return Err(format!("code={status} is no status from 200 to 599"));
    }
    Ok((status, with.text("body").unwrap_or("{}").to_owned()))
}

fn too_many(with: &mut Fields<'_>) -> Result<Kind, String> {
    let after = with.optional("retry-after")?.map(RetryAfter::Seconds);
    let date = with.optional("retry-date")?.map(RetryAfter::Date);
    Ok(Kind::TooMany {
        calls: with.number("calls", 3)?,
        seconds: with.number("seconds", 3)?,
        retry_after: after.or(date),
    })
}

fn redirect(with: &mut Fields<'_>) -> Result<Kind, String> {
    let status = with.number("code", 302)?;
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Err(format!(
            "code={status} is no redirect: 301, 302, 303, 307 or 308"
        ));
    }
    // The discard port of this machine: whoever follows finds nobody.
    let location = with.text("location").unwrap_or("http://127.0.0.1:9/");
    Ok(Kind::Redirect {
        status,
        location: location.to_owned(),
    })
}
