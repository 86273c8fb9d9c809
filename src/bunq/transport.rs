//! The HTTP client: what it may do, and what its failures mean.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{self, HeaderMap};
use reqwest::redirect::Policy;
use serde::Serialize;
use url::Url;
use zeroize::Zeroizing;

use super::error::{Error, ErrorKind, Unreachable};
use crate::base::Method;

const USER_AGENT: &str = concat!("bunq-tui/", env!("CARGO_PKG_VERSION"));

/// Shorter than servers keep an idle connection, so that none is used while it closes.
const IDLE: Duration = Duration::from_secs(20);

/// How long a request may take, and how large its answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimits {
    /// To connect, TLS included.
    pub connect: Duration,
    /// Between two pieces of the answer.
    pub read: Duration,
    /// From the first byte sent to the last one received, all tries of a read together.
    pub total: Duration,
    /// The most bytes of a body that are read.
    pub body: usize,
    /// The pause before the second try of a read; it doubles with each.
    pub backoff: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(15),
            total: Duration::from_secs(30),
            body: 4 * 1024 * 1024,
            backoff: Duration::from_millis(400),
        }
    }
}

/// Room for most bodies: one that grows leaves copies behind that nobody wipes.
const BODY: usize = 16 * 1024;

/// A request, ready to go. Its body is wiped when it goes, and so is the header with the token; not
/// its address, which the libraries copy as they like.
#[derive(Clone)]
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
}

/// An answer, whole, and not yet trusted. Its body is wiped when the last who holds it goes.
pub(super) struct Received {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// The one HTTP client of this program, for `here` alone, which is this machine, or for elsewhere,
/// over TLS alone. It follows no redirect and sends no `Referer`: the token would travel with the
/// first, the client secret with the second. It repeats nothing by itself, so that every request is
/// told. Who we are it says to the bank alone.
///
/// # Errors
/// When TLS cannot be had, as where no CA files are installed.
pub fn http_client(here: bool, limits: &TimeLimits) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .pool_idle_timeout(IDLE)
        .connect_timeout(limits.connect)
        .read_timeout(limits.read);
    let builder = if here {
        // Without roots it builds where no CA files are installed.
        builder.tls_certs_only([]).no_proxy()
    } else {
        builder
            .https_only(true)
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
    };
    builder.build().map_err(|_| Error::new(ErrorKind::Tls))
}

/// Writes a body.
pub(super) fn body(content: &impl Serialize) -> Result<Bytes, Error> {
    let mut body = Zeroizing::new(Vec::with_capacity(BODY));
    serde_json::to_writer(&mut *body, content)
        .map_err(|_| Error::shape("a request that can be written"))?;
    Ok(Bytes::from_owner(body))
}

/// Sends a request and reads the whole answer, `cap` bytes at most, within this time.
pub(super) async fn fetch(
    http: &reqwest::Client,
    outgoing: &Outgoing,
    time: Duration,
    cap: usize,
) -> Result<Received, Error> {
    let method = match outgoing.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut request = http
        .request(method, outgoing.url.clone())
        .header(header::USER_AGENT, USER_AGENT)
        .headers(outgoing.headers.clone())
        .timeout(time);
    if let Some(body) = &outgoing.body {
        request = request.body(body.clone());
    }
    let mut response = request.send().await.map_err(before_an_answer)?;
    let status = response.status().as_u16();
    let too_large = || Error::new(ErrorKind::TooLarge { limit: cap }).with_status(status);
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).map_or(true, |announced| announced > cap) {
        return Err(too_large());
    }
    let announced = usize::try_from(announced).unwrap_or_default();
    let mut body = Zeroizing::new(Vec::with_capacity(announced.max(BODY)));
    loop {
        let piece = response.chunk().await;
        match piece.map_err(|error| within_an_answer(error).with_status(status))? {
            None => break,
            Some(piece) if body.len() + piece.len() > cap => return Err(too_large()),
            Some(piece) => body.extend_from_slice(&piece),
        }
    }
    Ok(Received {
        status,
        headers: std::mem::take(response.headers_mut()),
        body: Bytes::from_owner(body),
    })
}

/// Names a failure. The library's own text is dropped: it holds the address.
fn before_an_answer(error: reqwest::Error) -> Error {
    let error = error.without_url();
    let io = io_kind(&error);
    let kind = if error.is_dns() {
        ErrorKind::Unreachable(Unreachable::Dns)
    } else if error.is_connect() && error.is_timeout() {
        ErrorKind::Unreachable(Unreachable::TimedOut)
    } else if error.is_timeout() {
        ErrorKind::TimedOut
    } else if !error.is_connect() {
        ErrorKind::BrokenAnswer
    } else {
        match io {
            Some(io::ErrorKind::ConnectionRefused) => ErrorKind::Unreachable(Unreachable::Refused),
            // How rustls reports a handshake that failed, and one that was cut off.
            Some(io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) => ErrorKind::Tls,
            _ => ErrorKind::Unreachable(Unreachable::Other),
        }
    };
    Error::new(kind)
}

fn within_an_answer(error: reqwest::Error) -> Error {
    let timed_out = error.without_url().is_timeout();
    Error::new(if timed_out {
        ErrorKind::TimedOut
    } else {
        ErrorKind::BrokenAnswer
    })
}

/// The kind of the innermost input or output error. They wrap each other, and one inside another is
/// not among its sources.
fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut found = None;
    let mut source = error.source();
    while let Some(error) = source {
        let mut io = error.downcast_ref::<io::Error>();
        while let Some(error) = io {
            found = Some(error.kind());
            io = error.get_ref().and_then(|inner| inner.downcast_ref());
        }
        source = error.source();
    }
    found
}
