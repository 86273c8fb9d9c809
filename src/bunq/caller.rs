//! Who calls: the token, the keys and the headers that follow from it.

use bytes::Bytes;
use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use super::context::Installation;
use super::error::Error;
use super::session::Session;
use super::signing::{KeyPair, ServerKey};
use crate::base::{Secret, random_bytes};

const AUTHENTICATION: HeaderName = HeaderName::from_static("x-bunq-client-authentication");
const SIGNATURE: HeaderName = HeaderName::from_static("x-bunq-client-signature");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-bunq-client-request-id");

/// What nobody but the bank may see.
pub(super) const SECRET_HEADERS: [HeaderName; 2] = [AUTHENTICATION, SIGNATURE];

/// The same on every request to the API (bunq API: request headers).
const FIXED: [(HeaderName, &str); 4] = [
    (CACHE_CONTROL, "no-cache"),
    (HeaderName::from_static("x-bunq-language"), "en_US"),
    (HeaderName::from_static("x-bunq-region"), "en_US"),
    (HeaderName::from_static("x-bunq-geolocation"), "0 0 0 0 000"),
];

/// On whose behalf a request is made: it decides the token, the signing key and the key that the
/// answer is checked with.
#[derive(Clone, Copy)]
pub(super) enum Caller<'a> {
    /// Nobody yet: no token, no signature either way.
    Nobody,
    /// A key pair that the bank knows.
    Installation(&'a Installation),
    /// An open session.
    Session(&'a Session),
}

impl<'a> Caller<'a> {
    fn token(self) -> Option<&'a Secret> {
        match self {
            Self::Nobody => None,
            Self::Installation(installation) => Some(&installation.token),
            Self::Session(session) => Some(&session.token),
        }
    }

    fn installation(self) -> Option<&'a Installation> {
        match self {
            Self::Nobody => None,
            Self::Installation(installation) => Some(installation),
            Self::Session(session) => Some(&session.device.installation),
        }
    }

    fn key(self) -> Option<&'a KeyPair> {
        self.installation().map(|installation| &installation.key)
    }

    /// The user whose session it is.
    pub(super) fn user(self) -> Option<u64> {
        match self {
            Self::Session(session) => Some(session.user_id.0),
            Self::Nobody | Self::Installation(_) => None,
        }
    }

    pub(super) fn server_key(self) -> Option<&'a ServerKey> {
        self.installation()
            .map(|installation| &installation.server_key)
    }

    /// What goes with a request: who we are, and the signature over these very bytes.
    pub(super) fn headers(self, body: Option<&[u8]>) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::with_capacity(8);
        for (name, value) in FIXED {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Some(token) = self.token() {
            let bytes = Zeroizing::new(token.expose().as_bytes().to_vec());
            let token = HeaderValue::from_maybe_shared(Bytes::from_owner(bytes));
            let mut token = token.map_err(|_| Error::shape("a token that can be sent"))?;
            token.set_sensitive(true);
            headers.insert(AUTHENTICATION, token);
        }
        if let Some(body) = body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            if let Some(key) = self.key() {
                headers.insert(SIGNATURE, value(&key.sign(body)?)?);
            }
        }
        Ok(headers)
    }
}

/// Gives a request a fresh number.
pub(super) fn number(headers: &mut HeaderMap) -> Result<(), Error> {
    let random = random_bytes().map_err(|_| Error::key("no random numbers could be had"))?;
    let id = uuid::Builder::from_random_bytes(random).into_uuid();
    headers.insert(REQUEST_ID, value(&id.to_string())?);
    Ok(())
}

fn value(text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|_| Error::shape("a header that can be sent"))
}
