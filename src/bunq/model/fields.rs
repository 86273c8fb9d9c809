//! The fields of one JSON object, each as the type that it should have. One of another form counts
//! as absent.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use zeroize::Zeroize as _;

use super::time;
use crate::base::{BankText, Money, Secret};
use crate::bunq::error::Error;

/// The longest token that is taken; bunq's have 64 characters.
const LONGEST_TOKEN: usize = 1024;

/// A JSON object as it was read. It may hold a secret: its texts are wiped when it goes.
pub(in crate::bunq) struct Parsed(Map<String, Value>);

impl Parsed {
    pub(in crate::bunq) fn from_slice(json: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(json).map(Self)
    }

    pub(in crate::bunq) fn fields(&self) -> Fields<'_> {
        Fields::of(&self.0)
    }

    /// The name of the first object inside.
    pub(super) fn wrapper(&self) -> Option<&str> {
        let found = self.0.iter().find(|(_, inner)| inner.is_object());
        found.map(|(wrapper, _)| wrapper.as_str())
    }
}

impl Drop for Parsed {
    fn drop(&mut self) {
        self.0.values_mut().for_each(wipe);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(all) => all.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Some object's fields. An object that is absent has none.
#[derive(Clone, Copy)]
pub(in crate::bunq) struct Fields<'a>(Option<&'a Map<String, Value>>);

impl<'a> Fields<'a> {
    pub(in crate::bunq) fn of(map: &'a Map<String, Value>) -> Self {
        Self(Some(map))
    }

    pub(super) fn of_value(value: &'a Value) -> Self {
        Self(value.as_object())
    }

    fn get(self, name: &str) -> Option<&'a Value> {
        self.0?.get(name)
    }

    /// Text as it came. Never shown, only compared or sent back.
    pub(in crate::bunq) fn plain(self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str()
    }

    /// Text to show; an empty one counts as absent.
    pub(super) fn text(self, name: &str) -> Option<BankText> {
        self.plain(name)
            .filter(|text| !text.trim().is_empty())
            .map(BankText::new)
    }

    /// A number, also when it is written as text.
    pub(super) fn number(self, name: &str) -> Option<u64> {
        match self.get(name)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A number with decimals, also when it is written as text.
    pub(super) fn decimal(self, name: &str) -> Option<Decimal> {
        match self.get(name)? {
            Value::Number(number) => number.to_string().parse().ok(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A bunq `Amount`.
    pub(super) fn money(self, name: &str) -> Option<Money> {
        let amount = self.object(name);
        Money::parse(amount.plain("value")?, amount.plain("currency")?).ok()
    }

    /// A bunq time.
    pub(super) fn time(self, name: &str) -> Option<Timestamp> {
        time::parse(self.plain(name)?)
    }

    /// An object inside.
    pub(super) fn object(self, name: &str) -> Self {
        Self(self.get(name).and_then(Value::as_object))
    }

    /// A list inside.
    pub(super) fn list(self, name: &str) -> &'a [Value] {
        self.get(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// The first object inside that is itself an object, with its name: how bunq writes "one of".
    pub(super) fn wrapped(self) -> Option<(&'a str, Self)> {
        let (wrapper, inner) = self.0?.iter().find(|(_, inner)| inner.is_object())?;
        Some((wrapper, Self(inner.as_object())))
    }

    /// As JSON again.
    pub(super) fn to_json(self) -> String {
        self.0
            .and_then(|map| serde_json::to_string(map).ok())
            .unwrap_or_default()
    }

    pub(in crate::bunq) fn need_number(self, name: &'static str) -> Result<u64, Error> {
        self.number(name).ok_or_else(|| Error::shape(name))
    }

    pub(in crate::bunq) fn need_plain(self, name: &'static str) -> Result<&'a str, Error> {
        self.plain(name).ok_or_else(|| Error::shape(name))
    }

    /// A token, key or client id: visible ASCII, of a length that fits a header.
    pub(super) fn need_token(self, name: &'static str) -> Result<&'a str, Error> {
        self.plain(name)
            .filter(|token| (1..=LONGEST_TOKEN).contains(&token.len()))
            .filter(|token| token.bytes().all(|byte| byte.is_ascii_graphic()))
            .ok_or_else(|| Error::shape(name))
    }

    pub(in crate::bunq) fn need_secret(self, name: &'static str) -> Result<Secret, Error> {
        self.need_token(name).map(Secret::new)
    }
}
