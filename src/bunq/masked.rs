//! JSON as it may be shown: indented, its strings cleaned, its secrets masked.

mod met;
mod tree;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::base::{Body, Secret};

pub(super) use met::{Met, sentence};
pub use tree::json_tree;

/// Most bytes of a body that are kept.
const LONGEST: usize = 64 * 1024;
/// What stands for a secret.
pub(super) const MASK: &str = "••••";

/// A value under a name with one of these in it is masked: the bank's tokens (`Token.token`,
/// `access_token`, `token_value`), the OAuth client's secret, API keys, signatures, passwords.
const SECRET_PARTS: [&str; 9] = [
    "token",
    "secret",
    "password",
    "passphrase",
    "api_key",
    "apikey",
    "private",
    "signature",
    "authorization",
];
/// Under these names too: a code works once, `state` ties it to a login; the last are a card's.
const SECRET_NAMES: [&str; 7] = ["code", "state", "key", "pin", "pin_code", "cvc", "cvc2"];
/// Not under this one, which only says `bearer`.
const HARMLESS: &str = "token_type";

/// Whether what has this name, in JSON or in a query, is a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name != HARMLESS
        && (SECRET_NAMES.contains(&name.as_str())
            || SECRET_PARTS.iter().any(|part| name.contains(part)))
}

/// A body as it may be shown. What is masked in it counts as met from then on.
pub(super) fn body(bytes: &[u8], met: &mut Met) -> Body {
    if bytes.is_empty() {
        return Body::None;
    }
    let mut writer = Writer {
        // Room for the indentation, so that it rarely moves.
        out: String::with_capacity(bytes.len().saturating_mul(2).min(LONGEST + 1024)),
        full: false,
        met,
    };
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let node = Node {
        writer: &mut writer,
        depth: 0,
        secret: false,
        is_type: false,
    };
    let read = node.deserialize(&mut json).and_then(|()| json.end());
    if read.is_err() && !writer.full {
        return Body::Other { bytes: bytes.len() };
    }
    Body::Json {
        text: Secret::new(writer.out),
        bytes: bytes.len(),
        cut: writer.full,
    }
}

struct Writer<'a> {
    out: String,
    full: bool,
    met: &'a mut Met,
}

impl Writer<'_> {
    /// Writes, while there is room.
    fn put<E: serde::de::Error>(&mut self, text: &str) -> Result<(), E> {
        if self.out.len() + text.len() > LONGEST {
            self.full = true;
            return Err(E::custom("enough"));
        }
        self.out.push_str(text);
        Ok(())
    }

    fn line<E: serde::de::Error>(&mut self, depth: usize) -> Result<(), E> {
        self.put("\n")?;
        (0..depth).try_for_each(|_| self.put("  "))
    }

    fn quoted<E: serde::de::Error>(&mut self, text: &str) -> Result<(), E> {
        // What finds no room is not looked through either.
        if self.out.len() + text.len() > LONGEST {
            self.full = true;
            return Err(E::custom("enough"));
        }
        let clean = self.met.cleaned(text);
        let quoted = serde_json::to_string(&clean).map_err(E::custom)?;
        self.put(&quoted)
    }
}

/// A value that is read and written at once, so that the rest of a long body is not even read.
struct Node<'w, 'm> {
    writer: &'w mut Writer<'m>,
    depth: usize,
    /// Whether its name, or that of what it is in, is one of a secret.
    secret: bool,
    /// Whether its name is one of the bank's types (`Token`, `CredentialPasswordIp`): within an
    /// object of a type the names count anew.
    is_type: bool,
}

impl Node<'_, '_> {
    fn plain<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        if self.secret {
            self.writer.quoted(MASK)
        } else {
            self.writer.put(text)
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.plain(if value { "true" } else { "false" })
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.plain(&value.to_string())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.plain(&value.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.plain(&value.to_string())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.writer.put("null")
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        if self.secret {
            self.writer.met.add(value);
            return self.writer.quoted(MASK);
        }
        self.writer.quoted(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self {
            writer,
            depth,
            secret,
            is_type,
        } = self;
        writer.put("[")?;
        let mut first = true;
        loop {
            let before = writer.out.len();
            if !first {
                writer.put(",")?;
            }
            writer.line(depth + 1)?;
            let node = Node {
                writer: &mut *writer,
                depth: depth + 1,
                secret,
                is_type,
            };
            if list.next_element_seed(node)?.is_none() {
                writer.out.truncate(before);
                break;
            }
            first = false;
        }
        if !first {
            writer.line(depth)?;
        }
        writer.put("]")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self {
            writer,
            depth,
            secret,
            is_type,
        } = self;
        let inherited = secret && !is_type;
        writer.put("{")?;
        let mut first = true;
        while let Some(name) = map.next_key::<String>()? {
            if !first {
                writer.put(",")?;
            }
            first = false;
            writer.line(depth + 1)?;
            writer.quoted(&name)?;
            writer.put(": ")?;
            map.next_value_seed(Node {
                writer: &mut *writer,
                depth: depth + 1,
                secret: inherited || is_secret(&name),
                is_type: name.starts_with(|c: char| c.is_ascii_uppercase()),
            })?;
        }
        if !first {
            writer.line(depth)?;
        }
        writer.put("}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(json: &str, met: &mut Met) -> String {
        match body(json.as_bytes(), met) {
            Body::Json {
                text, cut: false, ..
            } => text.expose().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn values_are_masked_by_their_names() {
        let json = r#"{"Response":[{"Token":{"id":7,"token":"canary-1"}},
            {"CredentialPasswordIp":{"status":"ACTIVE","token_value":"canary-2"}},
            {"OauthClient":{"client_id":"public","secret":"canary-3","callback_url":[]}},
            {"ApiKey":{"api_key":"canary-4"}},{"access_token":"canary-5","token_type":"bearer"},
            {"secret":{"value":["canary-6",42,null]},"code":"canary-7","postal_code":"1012"}]}"#;
        let shown = shown(json, &mut Met::default());
        assert!(
            !shown.contains("canary") && !shown.contains("42"),
            "{shown}"
        );
        for kept in ["\"id\": 7", "ACTIVE", "public", "bearer", "\"1012\"", "[]"] {
            assert!(shown.contains(kept), "{kept} in {shown}");
        }
        assert_eq!(shown.matches(MASK).count(), 8, "{shown}");
    }

    #[test]
    fn a_secret_that_comes_back_is_masked_wherever_it_stands() {
        let secret = "0123456789abcdefghijklmnopqrstuvwxyz-_ABCDEFGH";
        let mut met = Met::default();
        shown(&format!(r#"{{"secret":"{secret}"}}"#), &mut met);
        for part in (0..=secret.len() - 16).map(|place| &secret[place..place + 16]) {
            let json = format!(r#"{{"error":"bad {part}!","{part}":1}}"#);
            let shown = shown(&json, &mut met);
            assert!(!shown.contains(part), "{shown}");
        }
        let escaped: String = secret.bytes().map(|b| format!("\\u{b:04x}")).collect();
        let shown = shown(&format!(r#"["{escaped}"]"#), &mut met);
        assert!(!shown.contains(&secret[..16]), "{shown}");
    }

    #[test]
    fn it_is_json_again_and_clean() {
        let json =
            r#"{"a":[],"b":{},"c":[1,-2,2.5,true,null,"\u001b[31m\u202e\"x\""],"d":{"e":[{}]}}"#;
        let shown = shown(json, &mut Met::default());
        let again: serde_json::Value = serde_json::from_str(&shown).unwrap();
        let mut wanted: serde_json::Value = serde_json::from_str(json).unwrap();
        wanted["c"][5] = "\u{fffd}[31m\u{fffd}\"x\"".into();
        assert_eq!(again, wanted, "{shown}");
    }

    #[test]
    fn what_is_long_is_cut_and_what_is_no_json_is_a_length() {
        let long = format!(r#"["{}"]"#, vec!["x".repeat(100); 2_000].join("\",\""));
        let Body::Json { text, bytes, cut } = body(long.as_bytes(), &mut Met::default()) else {
            panic!("it is JSON");
        };
        assert!(cut && text.expose().len() <= LONGEST && bytes == long.len());
        let deep = "[".repeat(100_000);
        for other in ["<html>canary</html>", "{\"a\":1} more", "{", &deep, "\u{0}"] {
            let shown = body(other.as_bytes(), &mut Met::default());
            assert_eq!(shown, Body::Other { bytes: other.len() });
        }
        assert_eq!(body(b"", &mut Met::default()), Body::None);
    }

    #[test]
    fn a_page_of_200_accounts_costs_no_more_than_what_is_kept_of_it() {
        let one = include_str!("../../tests/fixtures/monetary-account.bank.json");
        let one: serde_json::Value = serde_json::from_str(one).unwrap();
        let one = &one["Response"][0];
        let page = serde_json::json!({"Response": vec![one; 200]}).to_string();
        let mut met = Met::default();
        met.add(&"0123456789abcdef".repeat(4));
        let began = std::time::Instant::now();
        const TIMES: u32 = 20;
        for _ in 0..TIMES {
            assert!(matches!(
                body(page.as_bytes(), &mut met),
                Body::Json { cut: true, .. }
            ));
        }
        let took = began.elapsed() / TIMES;
        println!("{took:?} for a page of {} bytes", page.len());
        assert!(took < std::time::Duration::from_secs(1));
    }
}
