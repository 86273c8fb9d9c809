//! An answer before it goes out: status, body, headers, signature.

use super::dispatch::Request;
use super::failure::Failure;
use super::fault::FaultKind;
use super::json;
use super::signing::ServerKey;

/// What is sent back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) body: Vec<u8>,
    /// Further headers, such as `Location`.
    pub(super) headers: Vec<(&'static str, String)>,
    /// Whether this kind of answer is signed at all.
    pub(super) signs: bool,
    pub(super) signature: Option<String>,
    pub(super) response_id: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) fault: Option<FaultKind>,
}

const JSON: &str = "application/json";
/// What gateways say; not JSON.
const GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

impl Answer {
    /// An answer of this type, not signed.
    pub(super) fn new(status: u16, content_type: &'static str, body: Vec<u8>) -> Self {
        Self {
            status,
            content_type,
            body,
            headers: Vec::new(),
            signs: false,
            signature: None,
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

    /// A gateway's error page.
    pub(super) fn gateway_page() -> Self {
        Self::new(502, "text/html", GATEWAY.as_bytes().to_vec())
    }

    /// Signs the final bytes, as far as the fault allows.
    pub(super) fn sign(&mut self, seed: u64) {
        if self.fault == Some(FaultKind::InvalidJson) {
            self.body = b"{\"Response\":[{\"Id\":".to_vec();
        }
        if self.fault == Some(FaultKind::MissingResponseId) {
            self.response_id = None;
        }
        if !self.signs || self.fault == Some(FaultKind::MissingSignature) {
            return;
        }
        let Some(key) = ServerKey::of_seed(seed) else {
            return;
        };
        self.signature = match &self.fault {
            Some(FaultKind::OtherBodySignature) => key.sign(b"{\"Response\":[]}\n"),
            Some(FaultKind::WrongSignature) => key.sign(&self.body).map(|right| spoil(&right)),
            _ => key.sign(&self.body),
        };
    }
}

/// Everything but 429, 491 and the server's own errors.
fn is_signed(status: u16) -> bool {
    !matches!(status, 429 | 491 | 500..)
}

/// The same signature with another first letter: base64 all the same.
fn spoil(signature: &str) -> String {
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    let rest = signature.get(1..).unwrap_or_default();
    format!("{other}{rest}")
}
