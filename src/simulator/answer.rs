//! An answer before it goes out: status, body, headers, signature.

use super::dispatch::Request;
use super::failure::Failure;
use super::fault::FaultKind;
use super::json;

/// What is sent back.
#[derive(Debug)]
pub(super) struct Answer {
    /// 0 where nothing is sent at all.
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) body: Vec<u8>,
    /// Further headers, such as `Location`.
    pub(super) headers: Vec<(&'static str, String)>,
    /// Whether this kind of answer is signed at all.
    pub(super) signs: bool,
    /// One, unless a fault wants it otherwise.
    pub(super) signatures: Vec<String>,
    pub(super) date: Option<String>,
    pub(super) response_id: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) fault: Option<FaultKind>,
}

const JSON: &str = "application/json";

impl Answer {
    /// An answer of this type, not signed.
    pub(super) fn new(status: u16, content_type: &'static str, body: Vec<u8>) -> Self {
        Self {
            status,
            content_type,
            body,
            headers: Vec::new(),
            signs: false,
            signatures: Vec::new(),
            date: None,
            response_id: None,
            request_id: None,
            fault: None,
        }
    }

    /// The API's answer: 200 with the body, or the refusal.
    pub(super) fn of(
        result: Result<serde_json::Value, Failure>,
        request: &Request,
        signs: bool,
    ) -> Self {
        let dutch = request.header("x-bunq-language") == Some("nl_NL");
        let (status, body) = match result {
            Ok(body) => (200, body),
            Err(failure) => (failure.status(), failure.body(dutch)),
        };
        Self {
            signs: signs && is_signed(status),
            ..Self::new(status, JSON, json::bytes(&body))
        }
    }

    /// Some JSON that is not the API's, not signed.
    pub(super) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::new(status, JSON, json::bytes(body))
    }

    /// A status and body as a fault wants them.
    pub(super) fn status(status: u16, body: &str) -> Self {
        Self {
            signs: is_signed(status),
            ..Self::new(status, JSON, body.as_bytes().to_vec())
        }
    }

    /// Names (in lower case) and values of the headers, but for those of the transfer.
    pub(super) fn header_list(&self) -> Vec<(&'static str, &str)> {
        let mut list = vec![("content-type", self.content_type)];
        list.extend(
            self.headers
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        );
        for (name, value) in [
            ("date", &self.date),
            ("x-bunq-client-response-id", &self.response_id),
            ("x-bunq-client-request-id", &self.request_id),
        ] {
            list.extend(value.as_deref().map(|value| (name, value)));
        }
        let signatures = self.signatures.iter();
        list.extend(signatures.map(|text| ("x-bunq-server-signature", text.as_str())));
        list
    }
}

/// Everything but 429, 491 and the server's own errors.
fn is_signed(status: u16) -> bool {
    !matches!(status, 429 | 491 | 500..)
}
