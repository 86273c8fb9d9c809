//! What the listener answers: fixed bytes, never anything of the request.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use hyper::{Response, StatusCode};
use sha2::{Digest, Sha256};

/// Where the browser is sent, so that the code leaves its address bar and history.
pub(super) const DONE: &str = "/done";

const PAGE: &str = include_str!("../../assets/result.html");

/// Nothing may load or run, and of styles only the page's own, by its hash.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = PAGE
        .split_once("<style>")
        .and_then(|(_, rest)| rest.split_once("</style>"))
        .map_or("", |(style, _)| style);
    let hash = STANDARD.encode(Sha256::digest(style));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; frame-ancestors 'none'; \
         base-uri 'none'; form-action 'none'"
    );
    HeaderValue::from_str(&policy)
        .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
});

pub(super) type Answer = Response<Full<Bytes>>;

/// To the page; the login has its answer.
pub(super) fn see_done() -> Answer {
    let mut answer = plain(StatusCode::SEE_OTHER, "");
    answer
        .headers_mut()
        .insert(LOCATION, HeaderValue::from_static(DONE));
    answer
}

/// The page. It does not say how the login went: the exchange is still to come.
pub(super) fn done() -> Answer {
    let mut answer = plain(StatusCode::OK, PAGE);
    answer.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    answer
}

/// Not what is awaited here.
pub(super) fn refused(status: StatusCode) -> Answer {
    let mut answer = plain(status, "This request is not expected here.\n");
    if status == StatusCode::METHOD_NOT_ALLOWED {
        answer
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET"));
    }
    answer
}

fn plain(status: StatusCode, text: &'static str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    for (name, value) in [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_needs_nothing_but_its_own_style() {
        for loads in [
            "src=", "href=", "url(", "<script", "@import", "http:", "style=",
        ] {
            assert!(!PAGE.contains(loads), "{loads}");
        }
        assert_eq!(PAGE.matches("<style>").count(), 1);
        let answer = done();
        let policy = answer.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("style-src 'sha256-"));
        // The hash of an empty style would mean that the page's was not found.
        assert!(!policy.contains("47DEQpj8HBSa"));
    }
}
