//! Pointers: what a user or account can be addressed by.

use serde_json::Value;

use super::fields::Fields;
use super::open_words;
use crate::base::{BankText, Iban};

open_words! {
    /// What a pointer is.
    PointerKind {
        /// An account number.
        Iban = "IBAN", "IBAN";
        /// An e-mail address.
        Email = "EMAIL", "e-mail";
        /// A telephone number.
        Phone = "PHONE_NUMBER", "phone";
    }
}

/// One way to address a user or an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// What it is.
    pub kind: PointerKind,
    /// The address itself.
    pub value: BankText,
    /// The name that goes with it; banks want one beside an IBAN.
    pub name: Option<BankText>,
}

impl Pointer {
    /// All that a list holds.
    pub(super) fn read_all(list: &[Value]) -> Vec<Self> {
        let fields = list.iter().map(Fields::of_value);
        fields.filter_map(Self::read).collect()
    }

    fn read(fields: Fields<'_>) -> Option<Self> {
        Some(Self {
            kind: PointerKind::from_wire(fields.plain("type").unwrap_or_default()),
            value: fields.text("value")?,
            name: fields.text("name"),
        })
    }

    /// The account number, if this is one.
    #[must_use]
    pub fn iban(&self) -> Option<Iban> {
        (self.kind == PointerKind::Iban)
            .then(|| Iban::new(self.value.as_str()))
            .flatten()
    }
}

/// The values of one kind.
pub(super) fn values(pointers: &[Pointer], kind: &PointerKind) -> Vec<BankText> {
    let of_kind = pointers.iter().filter(|pointer| pointer.kind == *kind);
    of_kind.map(|pointer| pointer.value.clone()).collect()
}
