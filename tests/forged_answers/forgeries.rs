//! What an answer can be changed into.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper::header::HeaderValue;

use crate::Call;
use crate::proxy::Answer;

const SIGNATURE: &str = "x-bunq-server-signature";

/// A change, and what it is called.
pub(crate) type Forgery = (String, Answer);

fn signature(answer: &Answer) -> String {
    answer.headers[SIGNATURE].to_str().unwrap().to_owned()
}

fn with_signature(genuine: &Answer, signature: &str) -> Answer {
    let mut forged = genuine.clone();
    let value = HeaderValue::from_str(signature).unwrap();
    forged.headers.insert(SIGNATURE, value);
    forged
}

fn with_body(genuine: &Answer, body: &[u8]) -> Answer {
    Answer {
        body: body.to_vec(),
        ..genuine.clone()
    }
}

/// Spread over so many bytes.
fn places(length: usize, count: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |nth| nth * (length - 1) / (count - 1))
}

/// The right signature over another body.
pub(crate) fn bodies(genuine: &Answer) -> Vec<Forgery> {
    let body = &genuine.body;
    let mut forged: Vec<Forgery> = places(body.len(), 20)
        .map(|place| {
            let mut body = body.clone();
            body[place] ^= 1;
            (
                format!("body flipped at {place}"),
                with_body(genuine, &body),
            )
        })
        .collect();
    let text = String::from_utf8(body.clone()).unwrap();
    let others = [
        ("a space after it", format!("{text} ")),
        ("a space before it", format!(" {text}")),
        ("the last byte is gone", text[..text.len() - 1].to_owned()),
        ("half of it", text[..text.len() / 2].to_owned()),
        ("nothing", String::new()),
        ("twice", format!("{text}{text}")),
        ("written otherwise", text.replace("{\"", "{ \"")),
        ("an empty list", "{\"Response\":[]}".to_owned()),
        ("a byte order mark", format!("\u{feff}{text}")),
    ];
    forged.extend(others.map(|(name, body)| (name.into(), with_body(genuine, body.as_bytes()))));
    forged
}

/// The right body under another signature.
pub(crate) fn signatures(genuine: &Answer) -> Vec<Forgery> {
    let right = signature(genuine);
    let mut forged: Vec<Forgery> = places(right.trim_end_matches('=').len() - 1, 20)
        .map(|place| {
            let mut bytes = right.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            let wrong = String::from_utf8(bytes).unwrap();
            (
                format!("signature changed at {place}"),
                with_signature(genuine, &wrong),
            )
        })
        .collect();
    let decoded = BASE64_STANDARD.decode(&right).unwrap();
    let reversed: Vec<u8> = decoded.iter().rev().copied().collect();
    let others = [
        ("empty", String::new()),
        ("in lower case", right.to_lowercase()),
        ("in upper case", right.to_uppercase()),
        ("shorter", right[..right.len() - 4].to_owned()),
        ("longer", format!("{right}AAAA")),
        ("twice in one", format!("{right}, {right}")),
        ("all zeros", BASE64_STANDARD.encode(vec![0; decoded.len()])),
        ("all ones", BASE64_STANDARD.encode(vec![255; decoded.len()])),
        ("backwards", BASE64_STANDARD.encode(reversed)),
        ("in hexadecimal", hex::encode(&decoded)),
        ("a word", "none".to_owned()),
    ];
    forged.extend(others.map(|(name, wrong)| {
        let name = format!("signature {name}");
        (name, with_signature(genuine, &wrong))
    }));
    let mut stripped = genuine.clone();
    stripped.headers.remove(SIGNATURE);
    forged.push(("no signature".into(), stripped));
    for (name, second) in [("the same", right.as_str()), ("another", "AAAA")] {
        let mut both = genuine.clone();
        let second = HeaderValue::from_str(second).unwrap();
        both.headers.append(SIGNATURE, second);
        forged.push((format!("two signatures, {name}"), both));
    }
    forged
}

/// Right answers of the bank to other calls, whole and in parts.
pub(crate) fn swapped(genuine: &Answer, others: &[(Call, Answer)]) -> Vec<Forgery> {
    let forged = others.iter().flat_map(|(call, other)| {
        [
            (format!("{call:?}, repeated"), other.clone()),
            (
                format!("the signature of {call:?}"),
                with_signature(genuine, &signature(other)),
            ),
            (
                format!("the body of {call:?}"),
                with_body(genuine, &other.body),
            ),
        ]
    });
    forged.collect()
}
