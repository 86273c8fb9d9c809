//! What is read, what is masked, and what no body can do.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// What the tree holds, as another reader has it.
fn value(tree: &JsonTree) -> Value {
    serde_json::from_str(&tree.text(0)).unwrap_or(Value::Null)
}

/// Where a path leads in a document, read by other code than writes it.
fn look_up<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    let mut pointer = String::new();
    let mut rest = path.strip_prefix('.')?;
    while !rest.is_empty() {
        let piece = if let Some(inside) = rest.strip_prefix("[\"") {
            let mut keys = serde_json::Deserializer::from_str(&rest[1..]).into_iter::<String>();
            let key = keys.next()?.ok()?;
            let used = keys.byte_offset();
            rest = rest[1 + used..].strip_prefix(']')?;
            assert!(inside.len() > 1);
            key
        } else if let Some(inside) = rest.strip_prefix('[') {
            let (place, after) = inside.split_once(']')?;
            rest = after;
            place.to_owned()
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (key, after) = rest.split_at(end);
            rest = after;
            key.to_owned()
        };
        rest = rest.strip_prefix('.').unwrap_or(rest);
        pointer.push('/');
        pointer.push_str(&piece.replace('~', "~0").replace('/', "~1"));
    }
    document.pointer(&pointer)
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            // No key of a secret's name comes out of these.
            prop::collection::vec(("[a-d.\"\\\\\\[\\] ~/0-9]{0,5}", inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_document_comes_back_and_every_path_leads_to_its_value(document in any_json()) {
        // A text alone is not quoted when it is copied.
        let document = json!([document]);
        let tree = json_tree(&document.to_string());
        prop_assert_eq!(tree.note(), None);
        prop_assert_eq!(&value(&tree), &document);
        for place in 0..tree.len() {
            let path = tree.path(place);
            let there = if place == 0 { Some(&document) } else { look_up(&document, &path) };
            let there = there.unwrap_or_else(|| panic!("{path} leads nowhere in {document}"));
            match there {
                Value::String(text) => prop_assert_eq!(text, &tree.text(place)),
                other => {
                    let text = tree.text(place);
                    prop_assert_eq!(other, &serde_json::from_str::<Value>(&text).unwrap(), "{}", path);
                }
            }
        }
    }

    #[test]
    fn nothing_that_is_sent_panics(text in "[\\[\\]{}:,\"\\\\a0-9.e tnf\u{1b}é-]{0,60}") {
        let tree = json_tree(&text);
        let read = serde_json::from_str::<Value>(&text);
        // What another reader takes is taken, and what it refuses is said to be broken.
        prop_assert_eq!(tree.note().is_none(), read.is_ok(), "{:?}: {:?}", text, tree.note());
        for place in 0..tree.len() {
            let node = tree.get(place).unwrap();
            prop_assert!(node.parent <= place && node.end > place && node.end <= tree.len());
        }
    }

    #[test]
    fn a_cut_body_keeps_what_came_before(document in any_json(), at in 0..400_usize) {
        let text = document.to_string();
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let whole = json_tree(&text);
        let cut = json_tree(&text[..at]);
        prop_assert!(cut.len() <= whole.len());
        for place in 0..cut.len() {
            prop_assert_eq!(cut.path(place), whole.path(place));
        }
    }
}

#[test]
fn paths_are_as_jq_has_them() {
    let document = json!({"Response": [{"MonetaryAccountBank": {"balance": {"value": "1.00"}}}],
        "a b": [[1]], "": 2, "c\"d": 3, "1e": 4});
    let tree = json_tree(&document.to_string());
    let paths: Vec<_> = (0..tree.len()).map(|place| tree.path(place)).collect();
    for wanted in [
        ".",
        ".Response[0].MonetaryAccountBank.balance.value",
        ".[\"a b\"][0][0]",
        ".[\"\"]",
        ".[\"c\\\"d\"]",
        ".[\"1e\"]",
    ] {
        assert!(
            paths.iter().any(|path| path == wanted),
            "{wanted} in {paths:?}"
        );
    }
    let list = json_tree("[[7]]");
    assert_eq!(list.path(2), ".[0][0]");
}

#[test]
fn secrets_are_masked_as_in_the_log_and_hostile_text_is_cleaned() {
    let tree = json_tree(
        r#"{"Token":{"id":7,"token":"canary-1-is-long-enough"},"secret":{"value":["canary-2",42]},
            "again":"it was canary-1-is-long-enough","name":"\u001b[31m\u202ex","\u001b]0;x":1}"#,
    );
    let text = tree.text(0);
    assert!(!text.contains("canary") && !text.contains("42"), "{text}");
    assert!(text.contains("\"id\": 7"), "{text}");
    for place in 0..tree.len() {
        let seen = tree.text(place) + &tree.path(place);
        assert!(!seen.contains(['\u{1b}', '\u{202e}']), "{seen:?}");
    }
}

#[test]
fn numbers_stay_as_they_were_written() {
    let tree = json_tree("[12345678901234567890123, 1.50, -0]");
    let shown: Vec<_> = (1..tree.len()).map(|place| tree.text(place)).collect();
    assert_eq!(
        shown.first().map(String::as_str),
        Some("12345678901234567890123")
    );
    assert_eq!(shown.get(1).map(String::as_str), Some("1.50"));
}

#[test]
fn a_huge_or_deep_body_neither_hangs_nor_overflows() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep = format!("{{\"a\":{deep},\"after\":1}}");
    let wide: Vec<_> = (0..50_000)
        .map(|n| format!("{{\"value\":\"{n:020}\"}}"))
        .collect();
    let wide = format!("[{}]", wide.join(","));
    let long = format!("\"{}\"", "x".repeat(2 * 1024 * 1024));
    let many = format!("[{}]", vec!["1"; 300_000].join(","));
    for (text, values) in [(&deep, 202), (&wide, 100_001), (&long, 1), (&many, MOST)] {
        let began = Instant::now();
        let tree = json_tree(text);
        assert_eq!(tree.len(), values);
        assert!(began.elapsed() < Duration::from_secs(10));
    }
    let tree = json_tree(&deep);
    let last = tree.get(201).unwrap();
    assert_eq!(
        last.name,
        JsonName::Key("after".into()),
        "what follows is read"
    );
    assert_eq!(tree.get(200).unwrap().value, JsonValue::TooDeep);
    assert_eq!(json_tree(&long).note(), Some(CUT));
    assert!(json_tree(&many).note().unwrap().contains("first 200000"));
}
