//! What is looked for among the payments, as a person says it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use rust_decimal::Decimal;

use crate::base::printable;
use crate::tui::forms::Forms;
use crate::workspace::PaymentFilter;

/// What is looked for. Everything that is named must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::tui) struct Wanted {
    /// In description, counterparty or IBAN.
    pub(in crate::tui) text: String,
    /// In counterparty or IBAN.
    pub(in crate::tui) counterparty: String,
    /// Least amount, its sign aside.
    pub(in crate::tui) least: Option<Decimal>,
    /// Greatest amount, its sign aside.
    pub(in crate::tui) most: Option<Decimal>,
    /// The first day.
    pub(in crate::tui) since: Option<Date>,
    /// The last day.
    pub(in crate::tui) until: Option<Date>,
}

impl Wanted {
    /// Whether all payments fit.
    pub(in crate::tui) fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// As the store looks for it, by the days of a time zone.
    pub(in crate::tui) fn filter(&self, zone: &TimeZone) -> PaymentFilter {
        let text = |text: &String| (!text.trim().is_empty()).then(|| text.clone());
        let after = |day: Date| day.checked_add(1.day()).ok();
        PaymentFilter {
            text: text(&self.text),
            counterparty: text(&self.counterparty),
            least: self.least,
            most: self.most,
            since: self.since.and_then(|day| begins(day, zone)),
            until: self.until.and_then(after).and_then(|day| begins(day, zone)),
            count: None,
        }
    }

    /// What is to be marked where it stands, as a filter writes it.
    pub(super) fn marks(&self) -> String {
        let words = self.text.split_whitespace();
        words.map(|word| format!("'{word} ")).collect()
    }

    /// In words, for the rule above the table.
    pub(super) fn words(&self, forms: &Forms) -> String {
        let mut words = Vec::new();
        for text in [&self.text, &self.counterparty] {
            if !text.is_empty() {
                words.push(format!("\"{}\"", printable(text)));
            }
        }
        match (self.least, self.most) {
            (Some(least), Some(most)) => {
                let (least, most) = (forms.number(least), forms.number(most));
                words.push(format!("{least} to {most}"));
            }
            (Some(least), None) => words.push(format!("{} or more", forms.number(least))),
            (None, Some(most)) => words.push(format!("{} or less", forms.number(most))),
            (None, None) => {}
        }
        for (word, day) in [("since", self.since), ("until", self.until)] {
            if let Some(at) = day.and_then(|day| begins(day, &forms.zone)) {
                words.push(format!("{word} {}", forms.date(at)));
            }
        }
        words.join(", ")
    }
}

/// When a day begins.
fn begins(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(day.at(0, 0, 0, 0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_last_day_counts_whole_where_the_person_is() {
        let wanted = Wanted {
            since: Some(date(2026, 3, 28)),
            until: Some(date(2026, 3, 29)),
            ..Wanted::default()
        };
        // The second day has 23 hours there.
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let filter = wanted.filter(&zone);
        let ends = [filter.since, filter.until].map(|end| end.unwrap().to_string());
        assert_eq!(ends, ["2026-03-27T23:00:00Z", "2026-03-29T22:00:00Z"]);
    }

    #[test]
    fn blanks_look_for_nothing() {
        let wanted = Wanted {
            text: "  ".into(),
            ..Wanted::default()
        };
        assert_eq!(wanted.filter(&TimeZone::UTC), PaymentFilter::default());
        assert!(Wanted::default().is_all());
    }
}
