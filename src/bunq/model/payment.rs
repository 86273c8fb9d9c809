//! Payments: what moved on an account.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::envelope::Element;
use super::fields::Fields;
use super::open_words;
use crate::base::{AccountId, BankText, Iban, Money, PaymentId};
use crate::bunq::error::Error;

open_words! {
    /// Over which way the money went.
    PaymentKind {
        /// Within bunq.
        Bunq = "BUNQ", "bunq";
        /// A SEPA credit transfer.
        Transfer = "EBA_SCT", "transfer";
        /// A SEPA direct debit.
        DirectDebit = "EBA_SDD", "direct debit";
        /// An iDEAL payment.
        Ideal = "IDEAL", "iDEAL";
        /// A transfer outside of SEPA.
        Swift = "SWIFT", "SWIFT";
        /// A card payment.
        Mastercard = "MASTERCARD", "card";
        /// A card payment.
        Maestro = "MAESTRO", "card";
        /// Interest.
        Interest = "INTEREST", "interest";
        /// To or from savings.
        Savings = "SAVINGS", "savings";
    }
}

/// One payment, as the account that it is of sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The bank's number; later payments have higher ones.
    pub id: PaymentId,
    /// The account that it moved.
    pub account: AccountId,
    /// When.
    pub created: Timestamp,
    /// How much; negative is outgoing.
    pub amount: Money,
    /// What was on the account then.
    pub balance_after: Option<Money>,
    /// Over which way.
    pub kind: PaymentKind,
    /// More about the way, as the bank writes it.
    pub sub_kind: Option<BankText>,
    /// Who is on the other side.
    pub counterparty: BankText,
    /// The number of its account; card and iDEAL payments have none.
    pub counterparty_iban: Option<Iban>,
    /// What was written with it.
    pub description: BankText,
    /// The merchant's own reference.
    pub merchant_reference: Option<BankText>,
    /// What the bank took for it.
    pub fee: Option<Money>,
    /// Whether and when it arrives, where that is not yet so.
    pub arrival: Option<BankText>,
    /// How many files are with it.
    pub attachments: usize,
    /// Where it was made, in degrees north and east.
    pub place: Option<(Decimal, Decimal)>,
    /// The element's own JSON, untouched, its wrapper included.
    pub raw: String,
}

impl Payment {
    /// Reads an element that was kept as its own JSON, wrapper included: [`Payment::raw`].
    ///
    /// # Errors
    /// When it is not the JSON of a payment.
    pub fn from_json(raw: &str) -> Result<Self, Error> {
        Self::read(&Element::parse(raw)?)
    }

    /// Reads an element; number, account, time and amount must be there.
    pub(in crate::bunq) fn read(element: &Element<'_>) -> Result<Self, Error> {
        if element.wrapper != "Payment" {
            return Err(Error::another("request"));
        }
        let fields = element.fields();
        let other = fields.object("counterparty_alias");
        Ok(Self {
            id: PaymentId(fields.need_number("id")?),
            account: AccountId(fields.need_number("monetary_account_id")?),
            created: fields
                .time("created")
                .ok_or_else(|| Error::shape("created"))?,
            amount: fields
                .money("amount")
                .ok_or_else(|| Error::shape("amount"))?,
            balance_after: fields.money("balance_after_mutation"),
            kind: PaymentKind::from_wire(fields.plain("type").unwrap_or_default()),
            sub_kind: fields.text("sub_type"),
            counterparty: name(other).unwrap_or_default(),
            counterparty_iban: other.plain("iban").and_then(Iban::new),
            description: fields.text("description").unwrap_or_default(),
            merchant_reference: fields.text("merchant_reference"),
            fee: fields.money("payment_fee"),
            arrival: arrival(fields.object("payment_arrival_expected")),
            attachments: fields.list("attachment").len(),
            place: place(fields.object("geolocation")),
            raw: element.raw.to_owned(),
        })
    }
}

/// A label tells a name in one of two places.
fn name(label: Fields<'_>) -> Option<BankText> {
    let inner = || label.object("label_user").text("display_name");
    label.text("display_name").or_else(inner)
}

fn arrival(expected: Fields<'_>) -> Option<BankText> {
    let status = expected.text("status")?;
    match expected.text("time") {
        Some(time) => Some(BankText::new(&format!("{status}, {time}"))),
        None => Some(status),
    }
}

fn place(location: Fields<'_>) -> Option<(Decimal, Decimal)> {
    location
        .decimal("latitude")
        .zip(location.decimal("longitude"))
}
