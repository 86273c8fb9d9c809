//! International bank account numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// An account number as the bank gave it: capital letters and digits only, 5 to 34 of them. The
/// bank is the authority, so a number whose check digits are wrong is kept; [`Iban::is_valid`]
/// tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iban(String);

impl Iban {
    /// Keeps the text if it has the form of an IBAN; spaces are dropped.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let compact: String = text.chars().filter(|c| *c != ' ').collect();
        let fits = (5..=34).contains(&compact.len())
            && compact
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        fits.then_some(Self(compact))
    }

    /// Without spaces, as sent to the bank.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, as people read it.
    #[must_use]
    pub fn grouped(&self) -> String {
        let mut grouped = String::with_capacity(self.0.len() + self.0.len() / 4);
        for (place, character) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(character);
        }
        grouped
    }

    /// Whether country, length, layout and check digits are right.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        iban::Iban::from_str(&self.0).is_ok()
    }
}

impl fmt::Display for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Iban {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_four() {
        let iban = Iban::new("NL14 BUNQ 2025 4040 17").unwrap();
        assert_eq!(iban.as_str(), "NL14BUNQ2025404017");
        assert_eq!(iban.grouped(), "NL14 BUNQ 2025 4040 17");
    }

    #[test]
    fn tells_wrong_check_digits() {
        assert!(Iban::new("GB82WEST12345698765432").unwrap().is_valid());
        assert!(!Iban::new("GB83WEST12345698765432").unwrap().is_valid());
    }

    #[test]
    fn refuses_what_could_fool_a_reader() {
        for bad in [
            "",
            "NL1",
            "nl14bunq2025404017",
            "NL14BUNQ\u{202e}2025",
            "NL14-BUNQ",
        ] {
            assert!(Iban::new(bad).is_none(), "{bad:?}");
        }
    }
}
