//! What the bank says of an account or a user beyond its row, as lines of label and value.

use std::fmt::Display;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Field;
use crate::base::{BankText, Money};
use crate::bunq::{Account, Payment, PaymentKind, Profile, User};

/// How far a savings goal is reached: a screen draws it as a bar.
pub const GOAL_REACHED: &str = "Goal reached";

/// An account's lines.
pub(super) fn of_account(account: &Account) -> Vec<Field> {
    let mut lines = Lines::default();
    lines.add(
        "Sub-status",
        account
            .sub_status
            .as_ref()
            .filter(|status| status.as_str() != "NONE"),
    );
    lines.add("Owner", account.display_name.as_ref());
    for owner in &account.co_owners {
        // Whoever accepted is simply an owner.
        let open = owner
            .status
            .as_ref()
            .filter(|one| one.as_str() != "ACCEPTED");
        let words = match open {
            Some(status) => format!("{} ({})", owner.name, word(status)),
            None => owner.name.to_string(),
        };
        lines.add("Co-owner", Some(words));
    }
    lines.add("Real balance", account.balance_real);
    lines.add("Daily limit", account.daily_limit);
    lines.add("Spent today", account.daily_spent);
    lines.add("Overdraft limit", account.overdraft_limit);
    lines.add("Most on it", account.balance_maximum);
    for budget in &account.budgets {
        let money = |money: Option<Money>| money.map_or("—".into(), |money| money.to_string());
        let (used, most) = (money(budget.used), money(budget.most));
        lines.add(
            "Used",
            Some(format!("{used} of {most} in the {}", budget.of)),
        );
    }
    match (account.savings_goal_progress, account.savings_goal) {
        (Some(percent), Some(goal)) => {
            lines.add(GOAL_REACHED, Some(format!("{percent} % of {goal}")));
        }
        (percent, goal) => {
            lines.add("Savings goal", goal);
            lines.add(GOAL_REACHED, percent.map(|percent| format!("{percent} %")));
        }
    }
    lines.add("Payments left", account.payments_remaining);
    lines.add(
        "Auto-saves",
        Some(account.auto_saves).filter(|count| *count > 0),
    );
    of_elsewhere(&mut lines, account);
    let iban = account.iban.as_ref();
    for alias in &account.aliases {
        // Its own IBAN stands in the row already.
        if alias.iban().as_ref() != iban || iban.is_none() {
            lines.add("Alias", Some(&alias.value));
        }
    }
    lines.add("Chat", account.chat.as_ref().map(word));
    lines.add("Direct debits", account.direct_debits.as_ref().map(word));
    lines.add("Reason", account.reason.as_ref());
    lines.add("Country", account.country.as_ref());
    lines.add("Opened", account.created.map(day));
    lines.add("Changed", account.updated.map(day));
    lines.add("Public number", account.public_uuid.as_ref());
    lines.0
}

/// What another bank tells of an account there.
fn of_elsewhere(lines: &mut Lines, account: &Account) {
    lines.add("Service", account.service.as_ref().map(word));
    let Some(told) = &account.elsewhere else {
        return;
    };
    lines.add("Other bank", told.bank.as_ref());
    lines.add("Its access", told.status.as_ref().map(word));
    lines.add("Asked it", told.synced.map(day));
    let differs = |money: Option<Money>| money.filter(|money| Some(*money) != account.balance);
    lines.add("Booked", differs(told.booked));
    lines.add("Available", differs(told.available));
}

/// A word of the bank's, as words are written: `ALLOW_INCOMING` as `allow incoming`.
fn word(word: &BankText) -> String {
    word.as_str().to_lowercase().replace('_', " ")
}

/// The lines of an account as it was stored.
pub(super) fn stored_account(raw: &str) -> Vec<Field> {
    // What an earlier version stored and this one cannot read has no details until it is read
    // anew.
    Account::from_json(raw)
        .map(|account| of_account(&account))
        .unwrap_or_default()
}

/// The lines of a payment as it was stored.
pub(super) fn stored_payment(raw: &str) -> Vec<Field> {
    Payment::from_json(raw)
        .map(|payment| of_payment(&payment))
        .unwrap_or_default()
}

/// The bank's word for a payment's way, in ours.
pub(super) fn payment_kind(wire: &str) -> BankText {
    BankText::new(PaymentKind::from_wire(wire).label())
}

fn of_payment(payment: &Payment) -> Vec<Field> {
    let mut lines = Lines::default();
    let plain = |kind: &&BankText| !matches!(kind.as_str(), "PAYMENT" | "SCT" | "SDD");
    lines.add("Way", payment.sub_kind.as_ref().filter(plain));
    lines.add("Reference", payment.merchant_reference.as_ref());
    lines.add("Fee", payment.fee);
    lines.add("Arrival", payment.arrival.as_ref());
    lines.add(
        "Attachments",
        Some(payment.attachments).filter(|count| *count > 0),
    );
    lines.add(
        "Place",
        payment
            .place
            .map(|(north, east)| format!("{north}, {east}")),
    );
    lines.0
}

/// A user's lines.
pub(super) fn of_profile(profile: &Profile) -> Vec<Field> {
    let mut lines = Lines::default();
    lines.add("Legal name", profile.legal_name.as_ref());
    lines.add("Nickname", profile.nick.as_ref());
    for email in &profile.emails {
        lines.add("E-mail", Some(email));
    }
    for phone in &profile.phones {
        lines.add("Phone", Some(phone));
    }
    lines.add("Status", profile.status.as_ref());
    lines.add(
        "Sub-status",
        profile
            .sub_status
            .as_ref()
            .filter(|status| status.as_str() != "NONE"),
    );
    lines.add("Date of birth", profile.date_of_birth.as_ref());
    lines.add("Place of birth", profile.place_of_birth.as_ref());
    lines.add("Nationality", profile.nationality.as_ref());
    lines.add("Country", profile.country.as_ref());
    lines.add(
        "Trade register",
        profile.chamber_of_commerce_number.as_ref(),
    );
    lines.add("Legal form", profile.legal_form.as_ref());
    lines.add("Certificate", profile.certificate_name.as_ref());
    lines.add("Language", profile.language.as_ref());
    lines.add("Region", profile.region.as_ref());
    lines.add("Daily limit", profile.daily_limit);
    lines.add("Known since", profile.created.map(day));
    lines.add("bunq id", profile.id);
    lines.0
}

/// A profile as it was stored.
pub(super) fn stored_profile(raw: &str) -> Option<Profile> {
    User::from_body(raw.as_bytes())
        .ok()
        .map(|user| user.profile().clone())
}

/// The day of a time, in UTC as the bank has it.
fn day(time: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(time).date()
}

#[derive(Default)]
struct Lines(Vec<Field>);

impl Lines {
    /// Adds a line unless there is nothing to say.
    fn add(&mut self, label: &'static str, value: Option<impl Display>) {
        let Some(value) = value.map(|value| value.to_string()) else {
            return;
        };
        if !value.is_empty() {
            self.0.push(Field { label, value });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// The lines of a documented account.
    fn lines(fixture: &str) -> Vec<String> {
        let path = format!(
            "{}/tests/fixtures/monetary-account.{fixture}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        let body: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let lines = stored_account(&body["Response"][0].to_string());
        lines
            .iter()
            .map(|line| format!("{}: {}", line.label, line.value))
            .collect()
    }

    #[rstest]
    #[case("savings", &[
        "Co-owner: Zoë Lind",
        "Daily limit: 1000.00 EUR",
        "Goal reached: 23 % of 5000.00 EUR",
        "Payments left: 12",
        "Alias: test+6001@bunq.com",
        "Chat: allow incoming",
        "Opened: 2026-01-05",
        "Public number: 0c8c1b7e-5d0a-4f02-8e2c-000000009003",
    ])]
    #[case("light", &[
        "Most on it: 100.00 EUR",
        "Used: 10.00 EUR of 50.00 EUR in the month",
        "Used: 10.00 EUR of 500.00 EUR in the year",
        "Used: 0.00 EUR of 100.00 EUR in the year, in cash",
    ])]
    #[case("card", &["Real balance: -20.00 EUR", "Overdraft limit: 0.00 EUR"])]
    #[case("external", &[
        "Owner: Z. Lind",
        "Service: open banking",
        "Its access: active",
        "Asked it: 2026-01-05",
    ])]
    fn all_that_the_bank_says_of_an_account(#[case] fixture: &str, #[case] expected: &[&str]) {
        let lines = lines(fixture);
        for line in expected {
            assert!(lines.iter().any(|one| one == line), "{line} in {lines:#?}");
        }
        assert!(
            lines.iter().all(|line| !line.contains("null")),
            "{lines:#?}"
        );
    }

    #[test]
    fn who_has_not_accepted_is_told() {
        let body = r#"{"MonetaryAccountJoint":{"id":1,"all_co_owner":[
            {"alias":{"display_name":"Zoë"},"status":"ACCEPTED"},
            {"alias":{"display_name":"Jan"},"status":"PENDING"}],
            "all_auto_save_id":[{"id":1},{"id":2}],"daily_spent":{"value":"1.50","currency":"EUR"}}}"#;
        let lines = stored_account(body);
        let told: Vec<_> = lines
            .iter()
            .map(|line| (line.label, line.value.as_str()))
            .collect();
        for expected in [
            ("Co-owner", "Zoë"),
            ("Co-owner", "Jan (pending)"),
            ("Auto-saves", "2"),
            ("Spent today", "1.50 EUR"),
        ] {
            assert!(told.contains(&expected), "{expected:?} in {told:?}");
        }
    }
}
