//! What the bank says of an account or a user beyond its row, as lines of label and value.

use std::fmt::Display;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Field;
use crate::base::BankText;
use crate::bunq::{Account, Payment, PaymentKind, Profile, User};

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
        lines.add("Co-owner", Some(owner));
    }
    lines.add("Daily limit", account.daily_limit);
    lines.add("Overdraft limit", account.overdraft_limit);
    lines.add("Savings goal", account.savings_goal);
    lines.add(
        "Goal reached",
        account
            .savings_goal_progress
            .map(|percent| format!("{percent} %")),
    );
    let iban = account.iban.as_ref();
    for alias in &account.aliases {
        // Its own IBAN stands in the row already.
        if alias.iban().as_ref() != iban || iban.is_none() {
            lines.add("Alias", Some(&alias.value));
        }
    }
    lines.add("Opened", account.created.map(day));
    lines.add("Changed", account.updated.map(day));
    lines.0
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
