//! What is fuzzed of this wing: everything that reads what the bank sent.

use bytes::Bytes;
use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

use super::error::{Error, from_api, from_token_service};
use super::model::{self, Account, CallbackUrl, DeviceServer, Envelope, OauthClient, User};
use super::transport::Received;
use crate::base::{BankText, Problem, printable};

/// Reads a body as every answer that there is, good and bad.
pub fn answer(body: &[u8]) {
    if let Ok(envelope) = Envelope::parse(body) {
        let _ = (envelope.id(), envelope.user(), envelope.single().is_ok());
        for element in envelope.elements() {
            let _ = OauthClient::read(element);
            let _ = CallbackUrl::read(element);
            if let Ok(device) = DeviceServer::read(element) {
                clean(&device.description);
            }
            if let Ok(account) = Account::read(element) {
                clean(&account.description);
                clean(&BankText::new(&account.kind.to_string()));
                for alias in &account.aliases {
                    clean(&alias.value);
                }
                assert_eq!(Account::from_json(&account.raw).as_ref(), Ok(&account));
            }
        }
    }
    if let Ok(user) = User::from_body(body) {
        clean(&user.profile().name);
        assert!(user.session_timeout().as_secs() > 0);
    }
    refusal(body);
    tree(&String::from_utf8_lossy(body));
}

/// Reads a body as a tree: whatever it is, the tree is one, and clean.
fn tree(body: &str) {
    let tree = super::json_tree(body);
    for place in 0..tree.len() {
        if let Some(node) = tree.get(place) {
            assert!(node.parent <= place && place < node.end && node.end <= tree.len());
        }
        let seen = tree.path(place) + &tree.text(place);
        assert!(
            !seen.chars().any(|c| c.is_control() && c != '\n'),
            "{seen:?}"
        );
    }
}

/// Reads a body as a refusal, with one status or another.
fn refusal(body: &[u8]) {
    const STATUSES: [u16; 10] = [301, 399, 400, 401, 403, 404, 429, 466, 491, 502];
    let status = STATUSES.get(body.len() % STATUSES.len());
    let mut headers = HeaderMap::new();
    let said = HeaderValue::from_bytes(body.get(..16).unwrap_or(body));
    if let Ok(said) = said {
        headers.insert(RETRY_AFTER, said.clone());
        headers.insert(DATE, said);
    }
    let received = Received {
        status: status.copied().unwrap_or_default(),
        headers,
        body: Bytes::copy_from_slice(body),
    };
    for (kind, said) in [from_api(&received, None), from_token_service(&received)] {
        let error = Error::new(kind).answered(received.status, said, None);
        let words = Problem::from(error).to_string();
        assert_eq!(printable(&words), words);
    }
}

fn clean(text: &BankText) {
    assert_eq!(BankText::new(text.as_str()), *text);
}

/// Reads a text as a time; one that is read is written and read again as the same.
pub(crate) fn time(text: &str) {
    let Some(time) = model::time(text) else {
        return;
    };
    let written = time.strftime("%Y-%m-%d %H:%M:%S.%f").to_string();
    assert_eq!(model::time(&written), Some(time), "{text:?}");
}
