//! What of a request and its answer may be seen on the Log screen.

use reqwest::header::{HeaderMap, HeaderName};

use super::caller::SECRET_HEADERS;
use super::masked::{self, MASK, Met};
use super::transport::{Outgoing, Received};
use crate::base::{Body, RequestId, Secret, Side, Transcript};

/// The headers whose values may be seen; of all others only the name.
const HARMLESS: [&str; 14] = [
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "server",
    "transfer-encoding",
    "x-bunq-client-request-id",
    "x-bunq-client-response-id",
    "x-bunq-geolocation",
    "x-bunq-language",
    "x-bunq-region",
];

/// The secrets that go out with a request, in its headers and its address; those of its body are
/// met when that is masked.
pub(super) fn sent(outgoing: &Outgoing) -> Met {
    let mut met = Met::default();
    for name in SECRET_HEADERS {
        if let Some(value) = outgoing.headers.get(name)
            && let Ok(value) = value.to_str()
        {
            met.add(value);
        }
    }
    for (name, value) in outgoing.url.query_pairs() {
        if masked::is_secret(&name) {
            met.add(&value);
        }
    }
    met
}

/// Masks and cleans a request and its answer. The query is shown only where it is `harmless`: at the token
/// endpoint it is the code and the client's secret.
pub(super) fn transcript(
    id: RequestId,
    outgoing: &Outgoing,
    harmless: bool,
    received: Option<&Received>,
    met: &mut Met,
) -> Transcript {
    let sent = outgoing.body.as_deref().unwrap_or_default();
    let body = masked::body(sent, met);
    let query = outgoing.url.query().filter(|_| harmless);
    Transcript {
        id,
        query: query.map(|query| met.cleaned(query).to_string()),
        asked: side(&outgoing.headers, body, met),
        answered: received.map(|received| {
            let body = masked::body(&received.body, met);
            side(&received.headers, body, met)
        }),
    }
}

fn side(headers: &HeaderMap, body: Body, met: &Met) -> Side {
    let shown = |name: &HeaderName, value: &[u8]| {
        let harmless = HARMLESS.contains(&name.as_str());
        let value = std::str::from_utf8(value).ok().filter(|_| harmless);
        let value = value.map_or_else(|| MASK.to_owned(), |value| met.cleaned(value).to_string());
        (met.cleaned(name.as_str()).to_string(), Secret::new(value))
    };
    Side {
        headers: headers
            .iter()
            .map(|(name, value)| shown(name, value.as_bytes()))
            .collect(),
        body,
    }
}
