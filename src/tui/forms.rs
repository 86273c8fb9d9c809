//! The forms in which amounts, times and account numbers are written on the screens: one place, so
//! that a person's locale and the wish to hide figures hold everywhere.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::base::{Iban, Locale, Money};
use crate::workspace::Field;

/// Stands for what is hidden. No digit shows, and not how many there are.
const HIDDEN: &str = "•••";

/// How to write what is shown.
#[derive(Clone, Debug)]
pub(super) struct Forms {
    /// Where the person's clock is.
    pub(super) zone: TimeZone,
    /// In whose form.
    locale: Locale,
    /// Whether amounts and account numbers are hidden.
    pub(super) hidden: bool,
}

impl Forms {
    /// Those of a locale, in a time zone.
    pub(super) fn new(zone: TimeZone, locale: Locale) -> Self {
        Self {
            zone,
            locale,
            hidden: false,
        }
    }

    /// ISO forms in a time zone: `4118.00 EUR`, `2026-11-24`.
    #[cfg(test)]
    pub(super) fn iso(zone: TimeZone) -> Self {
        Self::new(zone, Locale::ISO)
    }

    /// An amount.
    pub(super) fn money(&self, money: &Money) -> String {
        if self.hidden {
            return format!("{HIDDEN} {}", money.currency);
        }
        format!("{} {}", self.locale.amount(money.value), money.currency)
    }

    /// A number that bounds amounts.
    pub(super) fn number(&self, value: Decimal) -> String {
        match self.hidden {
            true => HIDDEN.into(),
            false => self.locale.amount(value),
        }
    }

    /// A part of a whole in per cent, which tells no amount.
    pub(super) fn per_cent(&self, mut part: Decimal) -> String {
        part.rescale(1);
        format!("{} %", self.locale.amount(part))
    }

    /// An amount whose decimal point falls into one column with others of at most so many
    /// decimals.
    pub(super) fn aligned(&self, money: &Money, decimals: usize) -> String {
        if self.hidden {
            return self.money(money);
        }
        let value = self.locale.amount(money.value);
        let has = money.value.scale() as usize;
        let mut blank = decimals.saturating_sub(has);
        if has == 0 && decimals > 0 {
            blank += 1;
        }
        format!("{value}{} {}", " ".repeat(blank), money.currency)
    }

    /// An account number in groups of four; hidden, its country alone.
    pub(super) fn iban(&self, iban: &Iban) -> String {
        let grouped = iban.grouped();
        if !self.hidden {
            return grouped;
        }
        let hide = |(place, character): (usize, char)| match character {
            ' ' => ' ',
            country if place < 2 && country.is_ascii_uppercase() => country,
            _ => '•',
        };
        grouped.chars().enumerate().map(hide).collect()
    }

    /// A line of details: what reads as an amount, an account number or a day is written as one.
    pub(super) fn field(&self, field: &Field) -> String {
        let value = &field.value;
        let money = value
            .split_once(' ')
            .and_then(|(amount, currency)| Money::parse(amount, currency).ok());
        if let Some(money) = money {
            return self.money(&money);
        }
        if let Some(iban) = Iban::new(value).filter(Iban::is_valid) {
            return self.iban(&iban);
        }
        match value.parse::<Date>() {
            Ok(day) if value.len() == "2026-11-24".len() => self.day(day),
            _ => value.clone(),
        }
    }

    /// A day as a person types it, in their form or in that of ISO 8601.
    pub(super) fn read_day(&self, typed: &str) -> Option<Date> {
        self.locale.read_date(typed)
    }

    /// A time of today as a clock time, another as a date with it.
    pub(super) fn when(&self, at: Timestamp, now: Timestamp) -> String {
        let at = at.to_zoned_datetime(self.zone.clone());
        let now = now.to_zoned_datetime(self.zone.clone());
        let clock = self.locale.clock(at.time(), false);
        if at.date() == now.date() {
            clock
        } else {
            format!("{} {clock}", self.locale.date(at.date()))
        }
    }

    /// A time of today as a clock time, another as its date alone.
    pub(super) fn when_shortly(&self, at: Timestamp, now: Timestamp) -> String {
        self.short(at, now).unwrap_or_else(|date| self.day(date))
    }

    /// The same, the date without its year.
    pub(super) fn when_briefly(&self, at: Timestamp, now: Timestamp) -> String {
        self.short(at, now)
            .unwrap_or_else(|date| self.locale.short_date(date))
    }

    /// A time of today as a clock time; of another day, that.
    fn short(&self, at: Timestamp, now: Timestamp) -> Result<String, Date> {
        let at = at.to_zoned_datetime(self.zone.clone());
        let now = now.to_zoned_datetime(self.zone.clone());
        if at.date() == now.date() {
            Ok(self.locale.clock(at.time(), false))
        } else {
            Err(at.date())
        }
    }

    /// A clock time to the second.
    pub(super) fn clock(&self, at: Timestamp) -> String {
        let at = at.to_zoned_datetime(self.zone.clone());
        self.locale.clock(at.time(), true)
    }

    /// How many cells a clock time to the second takes.
    pub(super) fn clock_width(&self) -> usize {
        self.locale.clock_width(true)
    }

    /// The date of a time.
    pub(super) fn date(&self, at: Timestamp) -> String {
        self.day(at.to_zoned_datetime(self.zone.clone()).date())
    }

    /// The month of a day.
    pub(super) fn month(&self, day: Date) -> String {
        self.locale.month(day)
    }

    /// A day.
    pub(super) fn day(&self, day: Date) -> String {
        self.locale.date(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::widget::text::{decimals, pad};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn of(name: &str) -> Forms {
        Forms::new(TimeZone::UTC, Locale::named(name).unwrap())
    }

    fn money(value: &str) -> Money {
        Money::parse(value, "EUR").unwrap()
    }

    fn column(forms: &Forms, amounts: [&str; 3]) -> [String; 3] {
        let amounts = amounts.map(money);
        let decimals = decimals(amounts.iter());
        amounts.map(|money| pad(&forms.aligned(&money, decimals), 16, true))
    }

    #[test]
    fn decimal_points_stand_in_one_column() {
        let amounts = ["4118.00", "7", "-1234.125"];
        assert_eq!(
            column(&Forms::iso(TimeZone::UTC), amounts),
            ["    4118.00  EUR", "       7     EUR", "   -1234.125 EUR"]
        );
        assert_eq!(
            column(&of("nl_NL"), amounts),
            ["   4.118,00  EUR", "       7     EUR", "  -1.234,125 EUR"]
        );
        assert_eq!(
            column(&of("sv_SE"), amounts),
            [
                "   4\u{a0}118,00  EUR",
                "       7     EUR",
                "  -1\u{a0}234,125 EUR"
            ]
        );
    }

    #[test]
    fn hidden_shows_no_digit_and_not_how_many_there_are() {
        let mut forms = of("nl_NL");
        forms.hidden = true;
        for value in ["0.00", "-1234567.125"] {
            assert_eq!(forms.money(&money(value)), "••• EUR");
            assert_eq!(forms.aligned(&money(value), 3), "••• EUR");
        }
        let iban = Iban::new("NL14BUNQ2025404017").unwrap();
        assert_eq!(forms.iban(&iban), "NL•• •••• •••• •••• ••");
        let odd = Iban::new("12345").unwrap();
        assert_eq!(forms.iban(&odd), "•••• •");
        assert_eq!(forms.date(at("2026-11-24T14:02:00Z")), "24-11-2026");
    }

    #[test]
    fn details_are_written_as_what_they_are() {
        let field = |value: &str| Field {
            label: "Anything",
            value: value.into(),
        };
        let mut forms = of("nl_NL");
        for (value, open, hidden) in [
            ("1250.00 EUR", "1.250,00 EUR", "••• EUR"),
            (
                "NL02ABNA0123456789",
                "NL02 ABNA 0123 4567 89",
                "NL•• •••• •••• •••• ••",
            ),
            ("2019-04-01", "01-04-2019", "01-04-2019"),
            ("+31610000042", "+31610000042", "+31610000042"),
            ("40 %", "40 %", "40 %"),
            ("Zoë 2019-04-01", "Zoë 2019-04-01", "Zoë 2019-04-01"),
        ] {
            forms.hidden = false;
            assert_eq!(forms.field(&field(value)), open);
            forms.hidden = true;
            assert_eq!(forms.field(&field(value)), hidden);
        }
    }

    #[test]
    fn nothing_has_no_sign_and_a_bound_is_written_and_hidden_as_amounts_are() {
        let mut forms = of("nl_NL");
        assert_eq!(forms.money(&money("-0.00")), "0,00 EUR");
        assert_eq!(forms.aligned(&money("-0.00"), 2), "0,00 EUR");
        assert_eq!(forms.number(money("-1234.5").value), "-1.234,5");
        assert_eq!(forms.per_cent(money("25").value), "25,0 %");
        assert_eq!(forms.per_cent(money("33.3").value), "33,3 %");
        forms.hidden = true;
        assert_eq!(forms.number(money("1234.5").value), "•••");
    }

    #[test]
    fn a_month_is_of_the_locale() {
        let month = |name: &str| of(name).month(jiff::civil::date(2026, 11, 1));
        assert_eq!(
            ["nl_NL", "en_US", "de_DE", "sv_SE", "C"].map(month),
            ["11-2026", "11/2026", "11.2026", "2026-11", "2026-11"]
        );
    }

    #[test]
    fn times_are_of_the_locale_and_of_the_zone() {
        let american = of("en_US");
        let (time, now) = (at("2026-11-24T14:02:09Z"), at("2026-11-24T20:00:00Z"));
        assert_eq!(american.clock(time), "02:02:09\u{a0}PM");
        assert_eq!(american.when(time, now), "02:02\u{a0}PM");
        let later = at("2026-11-25T00:00:00Z");
        assert_eq!(american.when(time, later), "11/24/2026 02:02\u{a0}PM");
        assert_eq!(american.when_shortly(time, later), "11/24/2026");
        assert_eq!(american.when_briefly(time, later), "11/24");
        assert_eq!(american.when_briefly(time, now), "02:02\u{a0}PM");
        let dutch = of("nl_NL");
        assert_eq!(dutch.when(time, later), "24-11-2026 14:02");
    }
}
