//! JSON as PHP writes it: compact, `/` as `\/`, everything outside ASCII as `\uXXXX`.

use std::io;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

struct Php;

impl Formatter for Php {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        for letter in fragment.chars() {
            match letter {
                '/' => writer.write_all(b"\\/")?,
                _ if letter.is_ascii() => writer.write_all(&[letter as u8])?,
                _ => {
                    for unit in letter.encode_utf16(&mut [0; 2]) {
                        write!(writer, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The bytes that are signed and sent.
pub(super) fn bytes(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, Php);
    // Writing a `Value` into memory cannot fail: its keys are strings and nothing is flushed.
    let _ = value.serialize(&mut serializer);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn written_as_php_does() {
        let value = json!({"url": "/v1/é", "emoji": "🌷", "quote": "a\"b\\\n"});
        assert_eq!(
            String::from_utf8(bytes(&value)).unwrap(),
            r#"{"url":"\/v1\/\u00e9","emoji":"\ud83c\udf37","quote":"a\"b\\\n"}"#
        );
        assert_eq!(
            serde_json::from_slice::<Value>(&bytes(&value)).unwrap(),
            value
        );
    }
}
