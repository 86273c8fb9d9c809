//! Whether an answer has the shape of a documented one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// Every documented body, by its file's name without `.json`.
pub(crate) fn documented() -> BTreeMap<String, Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let files = std::fs::read_dir(folder).unwrap();
    let bodies = files.filter_map(|file| {
        let path = file.unwrap().path();
        let name = path.file_name()?.to_str()?.strip_suffix(".json")?;
        let body = serde_json::from_slice(&std::fs::read(&path).unwrap());
        Some((
            name.to_owned(),
            body.unwrap_or_else(|e| panic!("{name}: {e}")),
        ))
    });
    bodies.collect()
}

/// Every key's path in this body, and whether it is null there. A path begins at the innermost
/// wrapper: `UserPerson.alias.type`, wherever the person stands.
pub(crate) fn paths(body: &Value) -> BTreeSet<(String, bool)> {
    let mut found = BTreeSet::new();
    collect(body, "", &mut found);
    found
}

fn collect(value: &Value, at: &str, found: &mut BTreeSet<(String, bool)>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let path = below(at, key);
                found.insert((path.clone(), value.is_null()));
                collect(value, &path, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, at, found)),
        _ => {}
    }
}

/// Wrappers begin with a capital letter, fields do not.
fn below(at: &str, key: &str) -> String {
    if at.is_empty() || key.starts_with(char::is_uppercase) {
        key.to_owned()
    } else {
        format!("{at}.{key}")
    }
}

/// What the answer lacks or has differently. Nulls and further keys are judged elsewhere.
pub(crate) fn differences(documented: &Value, answer: &Value) -> Vec<String> {
    let mut found = Vec::new();
    // A list holds what there is; any other answer holds exactly what is documented, in its order.
    if let (Some(wanted), Some(got)) = (documented.get("Response"), answer.get("Response"))
        && documented.get("Pagination").is_none()
        && wrappers(wanted) != wrappers(got)
    {
        let (wanted, got) = (wrappers(wanted), wrappers(got));
        found.push(format!("Response: {got:?} instead of {wanted:?}"));
    }
    compare(documented, answer, "", &mut found);
    found
}

fn wrappers(response: &Value) -> Vec<&String> {
    let items = response.as_array().unwrap().iter();
    items
        .flat_map(|item| item.as_object().unwrap().keys())
        .collect()
}

fn compare(documented: &Value, answer: &Value, at: &str, found: &mut Vec<String>) {
    match (documented, answer) {
        (Value::Null, _) | (_, Value::Null) | (Value::Bool(_), Value::Bool(_)) => {}
        (Value::Number(wanted), Value::Number(got)) if wanted.is_u64() == got.is_u64() => {}
        (Value::String(wanted), Value::String(got)) => {
            let (wanted, got_form) = (form(wanted), form(got));
            if wanted != "text" && wanted != got_form {
                found.push(format!("{at}: {got:?} is not written as {wanted}"));
            }
        }
        (Value::Object(wanted), Value::Object(got)) => fields(wanted, got, at, found),
        (Value::Array(wanted), Value::Array(got)) => items(wanted, got, at, found),
        _ => found.push(format!("{at}: {answer} is another type than {documented}")),
    }
}

fn fields(
    wanted: &Map<String, Value>,
    got: &Map<String, Value>,
    at: &str,
    found: &mut Vec<String>,
) {
    for (key, documented) in wanted {
        let path = below(at, key);
        match got.get(key) {
            Some(answer) => compare(documented, answer, &path, found),
            None => found.push(format!("{path} is missing")),
        }
    }
}

/// Each item must be as one of the documented ones, and there must be one if one is documented.
fn items(wanted: &[Value], got: &[Value], at: &str, found: &mut Vec<String>) {
    if !wanted.is_empty() && got.is_empty() {
        found.push(format!("{at} is empty"));
    }
    for answer in got {
        let same = wanted
            .iter()
            .filter(|item| wrapper(item) == wrapper(answer));
        let tries = same.map(|documented| {
            let mut tried = Vec::new();
            compare(documented, answer, at, &mut tried);
            tried
        });
        match tries.min_by_key(Vec::len) {
            Some(best) => found.extend(best),
            None if wanted.is_empty() => {}
            None => found.push(format!("{at} has an unknown {:?}", wrapper(answer))),
        }
    }
}

fn wrapper(item: &Value) -> Option<&String> {
    let key = item.as_object()?.keys().next()?;
    key.starts_with(char::is_uppercase).then_some(key)
}

/// How a text is written: as a time, a token, an address with these parameters, …
fn form(text: &str) -> String {
    let digits: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let is_hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let is_key = text.starts_with("-----BEGIN PUBLIC KEY-----\n")
        && text.ends_with("\n-----END PUBLIC KEY-----\n");
    let secret = text.strip_prefix("sandbox_").unwrap_or(text);
    let cents = digits.trim_start_matches('-').trim_start_matches('0') == ".00";
    let form = if digits == "0000-00-00 00:00:00.000000" {
        "a time"
    } else if digits == "0000-00-00" {
        "a day"
    } else if text.len() == 64 && is_hex(secret) {
        "a token"
    } else if uuid::Uuid::parse_str(text).is_ok() {
        "a UUID"
    } else if cents && digits.contains("0.00") {
        "an amount"
    } else if is_key {
        "a public key"
    } else if text.starts_with("/v1/") {
        return address(text);
    } else if !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_') {
        "a constant"
    } else {
        "text"
    };
    form.to_owned()
}

/// An address with `{}` for every id, and the names of its parameters.
fn address(text: &str) -> String {
    let url = url::Url::parse("http://bank").unwrap().join(text).unwrap();
    let segments = url.path_segments().unwrap();
    let path: Vec<_> = segments
        .map(|part| {
            if part.parse::<u64>().is_ok() {
                "{}"
            } else {
                part
            }
        })
        .collect();
    let names: BTreeSet<_> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    format!("/{} with {names:?}", path.join("/"))
}

#[test]
fn differences_are_found() {
    let wanted = serde_json::json!({"Response": [{"Id": {"id": 1}}, {"Token": {"token": "a", "created": "2026-01-05 09:30:00.123456"}}]});
    assert!(differences(&wanted, &wanted).is_empty());
    let spoilt = |pointer: &str, value: Value| {
        let mut body = wanted.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        differences(&wanted, &body).len()
    };
    assert_eq!(spoilt("/Response/0/Id/id", "1".into()), 1);
    assert_eq!(spoilt("/Response/0/Id", serde_json::json!({})), 1);
    assert_eq!(spoilt("/Response/1/Token/created", "2026-01-05".into()), 1);
    let mut turned = wanted.clone();
    turned["Response"].as_array_mut().unwrap().reverse();
    assert_eq!(differences(&wanted, &turned).len(), 1);
}
