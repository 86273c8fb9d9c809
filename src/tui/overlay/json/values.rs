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
    let named = ["amount", "balance", "limit", "value"]
        .into_iter()
        .any(|part| name.contains(part));
    match &node.value {
        JsonValue::Text(text) => {
            let text = text.as_str().replace(' ', "");
            is_amount(&text) || is_iban(&text) || (named && is_whole(&text))
        }
        JsonValue::Number(_) => named,
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

/// An amount without decimals is one only by its name: other numbers look alike.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::BankText;

    #[test]
    fn a_figure_is_one_however_the_bank_writes_it() {
        let node = |name: &str, value: &str| JsonNode {
            parent: 0,
            depth: 1,
            name: JsonName::Key(BankText::new(name)),
            value: JsonValue::Text(BankText::new(value)),
            end: 0,
        };
        for (name, value, figure) in [
            ("value", "12.50", true),
            ("value", "-12", true),
            ("balance", "100", true),
            ("x", "NL02ABNA0123456789", true),
            ("x", "NL02 ABNA 0123 4567 89", true),
            ("zip_code", "1234", false),
            ("value", "+31610000042", false),
            ("value", "koffie 12", false),
        ] {
            assert_eq!(is_figure(&node(name, value)), figure, "{name}: {value}");
        }
    }
}
