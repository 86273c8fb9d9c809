//! What sorts of users and accounts there are. Both sets are open: the bank adds to them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

use super::BankText;

/// What a bunq user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserKind {
    /// A natural person.
    Person,
    /// A business.
    Company,
    /// A payment service provider under PSD2; it has no accounts of its own.
    PaymentServiceProvider,
    /// A kind that this program does not know yet.
    Other,
}

impl UserKind {
    /// The word on the screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Company => "company",
            Self::PaymentServiceProvider => "PSD2 provider",
            Self::Other => "other",
        }
    }

    /// The word in the store.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Company => "company",
            Self::PaymentServiceProvider => "payment-service-provider",
            Self::Other => "other",
        }
    }

    /// Back from the word in the store.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        match key {
            "person" => Self::Person,
            "company" => Self::Company,
            "payment-service-provider" => Self::PaymentServiceProvider,
            _ => Self::Other,
        }
    }

    /// Whether it can have accounts of its own.
    #[must_use]
    pub fn has_accounts(self) -> bool {
        !matches!(self, Self::PaymentServiceProvider)
    }
}

impl fmt::Display for UserKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}

/// What a monetary account is, by the wrapper that the bank puts around it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// `MonetaryAccountBank`.
    Bank,
    /// `MonetaryAccountJoint`.
    Joint,
    /// `MonetaryAccountSavings`.
    Savings,
    /// `MonetaryAccountExternal`: at another bank.
    External,
    /// `MonetaryAccountExternalSavings`.
    ExternalSavings,
    /// `MonetaryAccountCard`.
    Card,
    /// `MonetaryAccountInvestment`.
    Investment,
    /// `MonetaryAccountLight`.
    Light,
    /// `MonetaryAccountSwitchService`.
    SwitchService,
    /// A wrapper that this program does not know yet, with the bank's name for it.
    Other(BankText),
}

const WRAPPER: &str = "MonetaryAccount";

impl AccountKind {
    const KNOWN: [(Self, &'static str, &'static str); 9] = [
        (Self::Bank, "Bank", "bank"),
        (Self::Joint, "Joint", "joint"),
        (Self::Savings, "Savings", "savings"),
        (Self::External, "External", "external"),
        (Self::ExternalSavings, "ExternalSavings", "external savings"),
        (Self::Card, "Card", "card"),
        (Self::Investment, "Investment", "investment"),
        (Self::Light, "Light", "light"),
        (Self::SwitchService, "SwitchService", "switch service"),
    ];

    /// From the bank's wrapper, known or not.
    #[must_use]
    pub fn from_wrapper(wrapper: &str) -> Self {
        let name = wrapper.strip_prefix(WRAPPER).unwrap_or(wrapper);
        Self::KNOWN
            .into_iter()
            .find(|(_, known, _)| *known == name)
            .map_or_else(|| Self::Other(BankText::new(name)), |(kind, ..)| kind)
    }

    /// The word on the screen and in the store.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Other(name) => name.as_str(),
            known => Self::KNOWN
                .iter()
                .find(|(kind, ..)| kind == known)
                .map_or("other", |(.., label)| label),
        }
    }
}

impl FromStr for AccountKind {
    type Err = std::convert::Infallible;

    /// Back from the word in the store.
    fn from_str(label: &str) -> Result<Self, Self::Err> {
        Ok(Self::KNOWN
            .into_iter()
            .find(|(.., known)| *known == label)
            .map_or_else(|| Self::Other(BankText::new(label)), |(kind, ..)| kind))
    }
}

impl fmt::Display for AccountKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}

impl Serialize for AccountKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappers_known_and_unknown() {
        assert_eq!(
            AccountKind::from_wrapper("MonetaryAccountBank"),
            AccountKind::Bank
        );
        let new = AccountKind::from_wrapper("MonetaryAccountPension");
        assert_eq!(new.label(), "Pension");
        for kind in [AccountKind::ExternalSavings, new] {
            assert_eq!(kind.label().parse(), Ok(kind.clone()));
        }
    }
}
