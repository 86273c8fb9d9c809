//! How names and values stand in the tree: the one place where they become text for the screen.

use crate::base::{JsonName, JsonNode, JsonTree, JsonValue};

/// What stands for a figure that is hidden.
const HIDDEN: &str = "•••";

/// How a value is named, as its row begins.
pub(super) fn name(node: &JsonNode) -> String {
    match &node.name {
        JsonName::Root => ".".into(),
        JsonName::Key(key) => key.to_string(),
        JsonName::Place(place) => format!("[{place}]"),
    }
}

/// A value on one line; of a long text no more than so many characters, and none of a figure where
/// figures are hidden.
pub(super) fn value(tree: &JsonTree, place: usize, most: usize, hidden: bool) -> String {
    let Some(node) = tree.get(place) else {
        return String::new();
    };
    if hidden && is_figure(node) {
        return HIDDEN.into();
    }
    match &node.value {
        JsonValue::Object(0) => "{}".into(),
        JsonValue::List(0) => "[]".into(),
        JsonValue::Object(1) => "{…} 1 member".into(),
        JsonValue::List(1) => "[…] 1 value".into(),
        JsonValue::Object(count) => format!("{{…}} {count} members"),
        JsonValue::List(count) => format!("[…] {count} values"),
        JsonValue::TooDeep => "nested too deep to be shown".into(),
        JsonValue::Null => "null".into(),
        JsonValue::Bool(value) => value.to_string(),
        JsonValue::Number(number) => cut(number, most),
        JsonValue::Text(text) => format!("\"{}\"", cut(text.as_str(), most)),
    }
}

/// Whether it is an amount, an account number or the like: what a person who hides figures does
/// not want to be seen.
pub(super) fn is_figure(node: &JsonNode) -> bool {
    let name = match &node.name {
        JsonName::Key(key) => key.as_str(),
        JsonName::Root | JsonName::Place(_) => "",
    };
    match &node.value {
        JsonValue::Text(text) => is_amount(text.as_str()) || is_iban(text.as_str()),
        JsonValue::Number(_) => {
            let named = |part| name.contains(part);
            ["amount", "balance", "limit", "value"]
                .into_iter()
                .any(named)
        }
        _ => false,
    }
}

/// As the bank writes amounts: a decimal number with a point.
fn is_amount(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    digits
        .split_once('.')
        .is_some_and(|(whole, rest)| is_number(whole) && is_number(rest))
}

fn is_iban(text: &str) -> bool {
    (15..=34).contains(&text.len())
        && text
            .get(..2)
            .is_some_and(|country| country.bytes().all(|b| b.is_ascii_uppercase()))
        && text
            .get(2..4)
            .is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
