//! Whether a request may be the redirect: everything but its parameters.

use hyper::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, TRANSFER_ENCODING};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode, Version};

use super::page::{self, Answer};
use super::{Gate, Redirected};

/// Longest request target, in bytes.
const LONGEST_TARGET: usize = 2 * 1024;
/// Browsers ask for it by themselves; that is no attack and no mistake.
const ICON: &str = "/favicon.ico";
/// Scripts and forms, fetches ahead of a click by their old and new names, and other protocols.
const NEVER_IN_A_NAVIGATION: [&str; 5] = ["origin", "sec-purpose", "purpose", "x-moz", "upgrade"];

/// What becomes of a request.
pub(super) enum Verdict {
    /// It is the redirect: the login has its answer.
    Admitted(Redirected),
    /// The page after the redirect.
    Done,
    /// Anything else.
    Stray(StatusCode),
    /// A browser's habit: refused, but not counted.
    Habit,
}

impl Verdict {
    pub(super) fn answer(&self) -> Answer {
        match self {
            Self::Admitted(_) => page::see_done(),
            Self::Done => page::done(),
            Self::Stray(status) => page::refused(*status),
            Self::Habit => page::refused(StatusCode::NOT_FOUND),
        }
    }
}

/// Judges the head of a request. Where the request goes wrong is told only by its status.
pub(super) fn judge(request: &Parts, port: u16, gate: &Gate) -> Verdict {
    let target = &request.uri;
    // A target in absolute form is for a proxy (RFC 9112, section 3.2.2).
    let is_origin_form = target.scheme().is_none() && target.authority().is_none();
    let short = target
        .path_and_query()
        .is_some_and(|target| target.as_str().len() <= LONGEST_TARGET);
    let sound = is_origin_form
        && short
        && request.version == Version::HTTP_11
        && is_for_us(&request.headers, port, gate)
        && is_navigation(&request.headers);
    if !sound {
        return Verdict::Stray(StatusCode::BAD_REQUEST);
    }
    if request.method != Method::GET {
        return Verdict::Stray(StatusCode::METHOD_NOT_ALLOWED);
    }
    if !has_no_body(&request.headers) {
        return Verdict::Stray(StatusCode::BAD_REQUEST);
    }
    let path = target.path();
    let is_callback = path == gate.path();
    let is_done = path == page::DONE && gate.is_used();
    if !is_callback && !is_done {
        return match path {
            ICON => Verdict::Habit,
            _ => Verdict::Stray(StatusCode::NOT_FOUND),
        };
    }
    // A callback path that is itself `/done` still has to bring its parameters.
    if is_done && !(is_callback && target.query().is_some()) {
        return Verdict::Done;
    }
    match gate.admit(target.query().unwrap_or("")) {
        Ok(redirected) => Verdict::Admitted(redirected),
        Err(_) => Verdict::Stray(StatusCode::BAD_REQUEST),
    }
}

/// A foreign name that was made to lead here (DNS rebinding) shows in `Host`.
fn is_for_us(headers: &HeaderMap, port: u16, gate: &Gate) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    // The callback URL's own host is another only where a phone is to come from the network.
    let names = ["localhost", "127.0.0.1", "[::1]", gate.host()];
    names.iter().any(|name| {
        host.as_bytes() == format!("{name}:{port}").as_bytes()
            // Browsers leave out the port that the scheme has by default.
            || (gate.has_default_port() && host.as_bytes() == name.as_bytes())
    })
}

/// Pages can make a browser fetch an address, and browsers fetch ahead of a click, but only a
/// person's navigation is the redirect. Old browsers send none of the `Sec-Fetch` headers (Fetch
/// Metadata, section 2).
fn is_navigation(headers: &HeaderMap) -> bool {
    let is = |name: &'static str, wanted: &str| {
        headers
            .get_all(HeaderName::from_static(name))
            .iter()
            .all(|value| value.as_bytes() == wanted.as_bytes())
    };
    NEVER_IN_A_NAVIGATION
        .iter()
        .all(|name| !headers.contains_key(*name))
        && is("sec-fetch-mode", "navigate")
        && is("sec-fetch-dest", "document")
}

fn has_no_body(headers: &HeaderMap) -> bool {
    !headers.contains_key(TRANSFER_ENCODING)
        && headers
            .get_all(CONTENT_LENGTH)
            .iter()
            .all(|length| length.as_bytes() == b"0")
}
