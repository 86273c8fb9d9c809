//! Money: a decimal and a currency, never a float.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The longest that a `Decimal` is written: 29 digits, a zero before them, point and minus.
const LONGEST: usize = 32;

/// Three capital letters, ISO 4217 in form. Any such code is kept: the bank's set is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// Why a text is no money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The currency is not three letters.
    #[error("the currency is not three capital letters")]
    Currency,
    /// The value is not a plain decimal.
    #[error("the value is not a plain decimal number")]
    Value,
}

impl Currency {
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");

    /// The code as text.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err(MoneyError::Currency),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// An amount of one currency, exact. As JSON: `{"value":"4118.00","currency":"EUR"}`; the number
/// of decimals is kept as the bank gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Money {
    /// How much; negative is outgoing.
    pub value: Decimal,
    /// Of what.
    pub currency: Currency,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    value: String,
    currency: Currency,
}

impl Money {
    /// Reads the two texts of a bunq `Amount`.
    ///
    /// # Errors
    /// When either is not of its form.
    pub fn parse(value: &str, currency: &str) -> Result<Self, MoneyError> {
        // `Decimal` also takes underscores and a plus sign; the bank writes neither.
        let unsigned = value.strip_prefix('-').unwrap_or(value);
        let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let plain = value.len() <= LONGEST
            && [whole, decimals]
                .iter()
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        if !plain {
            return Err(MoneyError::Value);
        }
        Ok(Self {
            value: Decimal::from_str_exact(value).map_err(|_| MoneyError::Value)?,
            currency: currency.parse()?,
        })
    }
}

impl TryFrom<Wire> for Money {
    type Error = MoneyError;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        Self::parse(&wire.value, wire.currency.code())
    }
}

impl From<Money> for Wire {
    fn from(money: Money) -> Self {
        Self {
            value: money.value.to_string(),
            currency: money.currency,
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.currency)
    }
}

/// Sums that never mix currencies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(BTreeMap<Currency, Decimal>);

impl Totals {
    /// One sum for each currency, in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = Money> + '_ {
        self.0
            .iter()
            .map(|(&currency, &value)| Money { value, currency })
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Money> for Totals {
    fn from_iter<I: IntoIterator<Item = Money>>(all: I) -> Self {
        let mut sums = BTreeMap::new();
        for money in all {
            let sum: &mut Decimal = sums.entry(money.currency).or_default();
            *sum = sum.saturating_add(money.value);
        }
        Self(sums)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_decimals_it_was_given() {
        let money: Money = serde_json::from_str(r#"{"currency":"EUR","value":"4118.00"}"#).unwrap();
        assert_eq!(money.to_string(), "4118.00 EUR");
        assert_eq!(
            serde_json::to_string(&money).unwrap(),
            r#"{"value":"4118.00","currency":"EUR"}"#
        );
    }

    #[test]
    fn refuses_what_is_no_plain_decimal() {
        for bad in [
            "", "-", "1e3", "1_000", "+1", "1,5", "NaN", "0x1", " 1", "--1", ".5", "5.", "1.2.3",
        ] {
            assert_eq!(Money::parse(bad, "EUR"), Err(MoneyError::Value), "{bad:?}");
        }
        for bad in ["", "eur", "EURO", "€UR", "E R"] {
            assert_eq!(
                Money::parse("1.00", bad),
                Err(MoneyError::Currency),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn what_is_kept_can_be_read_again() {
        for value in [
            "-0.1517842228124091409178422400",
            "-7.9228162514264337593543950335",
            "-79228162514264337593543950335",
            "0000000000000000000000000001.10",
        ] {
            let money = Money::parse(value, "EUR").unwrap();
            assert_eq!(Money::parse(&money.value.to_string(), "EUR"), Ok(money));
        }
    }

    #[test]
    fn totals_never_add_different_currencies() {
        let totals: Totals = [("1.10", "EUR"), ("2.20", "USD"), ("-0.10", "EUR")]
            .iter()
            .map(|(value, currency)| Money::parse(value, currency).unwrap())
            .collect();
        let shown: Vec<_> = totals.iter().map(|money| money.to_string()).collect();
        assert_eq!(shown, ["1.00 EUR", "2.20 USD"]);
    }
}
