//! Accounts, payments and requests for money.

use jiff::Timestamp;
use rust_decimal::Decimal;

/// An account.
#[derive(Clone, Debug)]
pub(in super::super) struct Account {
    pub(in super::super) id: u64,
    pub(in super::super) user: u64,
    pub(in super::super) kind: AccountKind,
    pub(in super::super) description: String,
    /// Euros; accounts at other banks may have a balance that nobody knows.
    pub(in super::super) balance: Option<Decimal>,
    pub(in super::super) iban: Option<String>,
    pub(in super::super) public_uuid: String,
    pub(in super::super) colour: &'static str,
    pub(in super::super) daily_limit: Decimal,
    pub(in super::super) closed: bool,
    /// As bunq writes them.
    pub(in super::super) created: String,
    pub(in super::super) updated: String,
    /// Oldest first; empty until the past is made up.
    pub(in super::super) payments: Vec<Payment>,
    pub(in super::super) past: super::super::history::Past,
    /// Whether the past has been made up, which is done at the first look.
    pub(in super::super) remembered: bool,
    pub(in super::super) requests: Vec<RequestInquiry>,
}

/// The kinds that this world has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum AccountKind {
    Bank,
    /// With this other owner.
    Joint(String),
    /// Towards this goal, in euros.
    Savings(Decimal),
    /// At another bank.
    External,
}

impl AccountKind {
    /// The wrapper's name in JSON.
    pub(in super::super) fn wrapper(&self) -> &'static str {
        match self {
            Self::Bank => "MonetaryAccountBank",
            Self::Joint(_) => "MonetaryAccountJoint",
            Self::Savings(_) => "MonetaryAccountSavings",
            Self::External => "MonetaryAccountExternal",
        }
    }
}

/// One side of a payment as the account's owner sees it.
#[derive(Clone, Debug)]
pub(in super::super) struct Payment {
    pub(in super::super) id: u64,
    pub(in super::super) created: Timestamp,
    /// Negative is outgoing.
    pub(in super::super) amount: Decimal,
    pub(in super::super) balance_after: Decimal,
    pub(in super::super) counterparty: Counterparty,
    pub(in super::super) description: String,
    pub(in super::super) kind: &'static str,
    pub(in super::super) sub_kind: &'static str,
}

/// The other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Counterparty {
    pub(in super::super) name: String,
    /// Cards and iDEAL have none.
    pub(in super::super) iban: Option<String>,
}

/// A request for money.
#[derive(Clone, Debug)]
pub(in super::super) struct RequestInquiry {
    pub(in super::super) id: u64,
    pub(in super::super) created: Timestamp,
    pub(in super::super) amount: Decimal,
    /// The pointer that was asked: its type, value and name.
    pub(in super::super) asked: (String, String, Option<String>),
    pub(in super::super) description: String,
    pub(in super::super) status: RequestStatus,
    /// When the sugar daddy pays, if it is his to pay.
    pub(in super::super) accepted_at: Option<Timestamp>,
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum RequestStatus {
    Pending,
    Accepted,
    Revoked,
}

impl RequestStatus {
    /// As JSON says it.
    pub(in super::super) fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Accepted => "ACCEPTED",
            Self::Revoked => "REVOKED",
        }
    }
}

/// An amount of so many cents.
pub(in super::super) fn euros(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}
