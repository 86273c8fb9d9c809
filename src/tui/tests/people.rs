//! Made-up users, accounts and profiles.

use super::fixtures::{at, now};
use crate::base::{AccountId, AccountKind, Iban, Money, UserKind, UserNumber};
use crate::workspace::{
    AccountSummary, Accounts, Connected, Field, SessionState, UserProfile, UserSummary,
};

pub(super) fn connected(number: u32) -> Connected {
    Connected {
        number: UserNumber(number),
        name: "Zoë Müller".into(),
        kind: UserKind::Person,
        again: false,
    }
}

pub(super) fn money(value: &str, currency: &str) -> Money {
    Money::parse(value, currency).unwrap()
}

pub(super) fn user(number: u32, name: &str) -> UserSummary {
    UserSummary {
        number: UserNumber(number),
        name: name.into(),
        kind: UserKind::Person,
        accounts: Some(1),
        totals: [money("10.00", "EUR")].into_iter().collect(),
        connected_at: Some(at("2026-11-20T09:30:00Z")),
        session: SessionState::Until(at("2026-11-24T21:30:00Z")),
        revoked_at: None,
        of_earlier_setup: false,
        as_of: Some(now()),
    }
}

pub(super) fn some_users() -> Vec<UserSummary> {
    let mut zoe = user(1, "Zoë Müller");
    zoe.accounts = Some(4);
    zoe.totals = [
        money("6972.00", "EUR"),
        money("1643.00", "USD"),
        money("12", "JPY"),
    ]
    .into_iter()
    .collect();
    let mut bakery = user(2, "Bakkerij De Gouden Korst & Dochters B.V.");
    bakery.kind = UserKind::Company;
    bakery.session = SessionState::Expired;
    let mut lee = user(3, "李小龍的帳戶");
    lee.accounts = None;
    lee.totals = [].into_iter().collect();
    lee.session = SessionState::None;
    lee.as_of = None;
    let mut revoked = user(12, "Gone Again");
    revoked.revoked_at = Some(at("2026-11-23T08:00:00Z"));
    vec![zoe, bakery, lee, revoked]
}

pub(super) fn some_accounts() -> Accounts {
    let account = |id, description: &str, iban: &str, kind, balance| AccountSummary {
        id: AccountId(id),
        description: description.into(),
        iban: Iban::new(iban),
        kind,
        balance,
        status: "ACTIVE".into(),
        details: vec![
            Field {
                label: "Owner",
                value: "Zoë Müller".into(),
            },
            Field {
                label: "Overdraft limit",
                value: "0.00 EUR".into(),
            },
        ],
    };
    Accounts {
        as_of: at("2026-11-24T14:02:00Z"),
        rows: vec![
            account(
                11,
                "Main",
                "NL14BUNQ2025404017",
                AccountKind::Bank,
                Some(money("4118.00", "EUR")),
            ),
            account(
                12,
                "Household",
                "NL02ABNA0123456789",
                AccountKind::Joint,
                Some(money("1900.00", "EUR")),
            ),
            account(
                13,
                "Holidays",
                "NL91ABNA0417164300",
                AccountKind::Savings,
                Some(money("954.00", "EUR")),
            ),
            account(
                14,
                "Dollars",
                "NL39RABO0300065264",
                AccountKind::External,
                Some(money("1643.125", "USD")),
            ),
            account(15, "Credit card", "", AccountKind::Card, None),
        ],
    }
}

pub(super) fn some_profile(number: u32) -> UserProfile {
    let field = |label, value: &str| Field {
        label,
        value: value.into(),
    };
    UserProfile {
        number: UserNumber(number),
        name: "Zoë Müller".into(),
        kind: UserKind::Person,
        fields: vec![
            field("Display name", "Zoë"),
            field("Nationality", "NL"),
            field("Session timeout", "1 week"),
        ],
        as_of: now(),
    }
}
