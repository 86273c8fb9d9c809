//! What is fuzzed of this wing: what may come instead of the redirect.

use hyper::Request;
use hyper::header::{HeaderName, HeaderValue};
use hyper::http::request::Parts;
use url::{Url, form_urlencoded};

use super::request::{Verdict, judge};
use super::{Gate, State};

/// Stands for this login's `state`, which is another one each time.
const STATE: &[u8] = b"STATE";
const PORT: u16 = 8000;
const URL: &str = "http://localhost:8000/callback";

/// Judges bytes as the head of a request: what does not carry the state is not admitted.
pub fn request(data: &[u8]) {
    admits_request(data);
}

/// Takes bytes as a pasted address: what does not carry the state is not admitted.
pub fn paste(data: &[u8]) {
    admits_paste(data);
}

fn admits_request(data: &[u8]) -> bool {
    let Some((gate, state)) = login() else {
        return false;
    };
    let data = with_state(data, &state);
    let Some(head) = head(&data) else {
        return false;
    };
    let target = head.uri.to_string();
    let admitted = matches!(judge(&head, PORT, &gate), Verdict::Admitted(_));
    if admitted {
        assert_eq!(head.method, "GET");
        assert!(target.starts_with("/callback?"), "{target}");
        assert!(carries(target.as_bytes(), &state), "{target}");
        let again = judge(&head, PORT, &gate);
        assert!(!matches!(again, Verdict::Admitted(_)), "{target}");
    }
    admitted
}

fn admits_paste(data: &[u8]) -> bool {
    let Some((gate, state)) = login() else {
        return false;
    };
    let data = with_state(data, &state);
    let text = String::from_utf8_lossy(&data);
    let admitted = gate.paste(&text).is_ok();
    if admitted {
        let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(carries(bare.as_bytes(), &state), "{text:?}");
        assert!(gate.paste(&text).is_err());
    }
    admitted
}

fn login() -> Option<(Gate, State)> {
    let state = State::generate().ok()?;
    Some((Gate::new(&Url::parse(URL).ok()?, &state), state))
}

/// Puts the state where the bytes ask for it.
fn with_state(data: &[u8], state: &State) -> Vec<u8> {
    let mut made = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some((byte, more)) = rest.split_first() {
        match rest.strip_prefix(STATE) {
            Some(after) => {
                made.extend_from_slice(state.as_str().as_bytes());
                rest = after;
            }
            None => {
                made.push(*byte);
                rest = more;
            }
        }
    }
    made
}

/// Whether the state is in it, however it was written.
fn carries(text: &[u8], state: &State) -> bool {
    // Without its own separators the whole is one value, with escapes undone.
    let joined: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_control())
        .collect();
    let parts = form_urlencoded::parse(&joined);
    let undone: String = parts.flat_map(|(name, value)| [name, value]).collect();
    undone.contains(state.as_str())
}

/// The head of a request as the server reads it, line by line.
fn head(data: &[u8]) -> Option<Parts> {
    let mut lines = data.split(|byte| *byte == b'\n');
    let mut first = lines.next()?.split(|byte| *byte == b' ');
    let mut request = Request::builder()
        .method(first.next()?)
        .uri(first.next()?)
        .body(())
        .ok()?;
    for line in lines.take(64) {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = line.split_at_checked(colon)?;
        let value = value.get(1..)?.trim_ascii();
        request.headers_mut().append(
            HeaderName::from_bytes(name).ok()?,
            HeaderValue::from_bytes(value).ok()?,
        );
    }
    Some(request.into_parts().0)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The seeds that are admitted.
    fn admitted(target: &str, admits: fn(&[u8]) -> bool) -> Vec<String> {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fuzz/seeds")
            .join(target);
        let files = fs::read_dir(seeds)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let mut names: Vec<_> = files
            .filter(|path| admits(&fs::read(path).unwrap()))
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_true_seeds_and_no_others_are_admitted() {
        let requests = admitted("callback_request", admits_request);
        assert_eq!(requests, ["denied", "escaped", "true"]);
        let pasted = admitted("pasted_address", admits_paste);
        assert_eq!(
            pasted,
            [
                "address", "bare", "denied", "escaped", "https", "lines", "query"
            ]
        );
    }
}
