//! The forms in which amounts, times and account numbers are written on the screens: one place, so
//! that a person's locale and the wish to hide figures hold everywhere.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::base::{Iban, Money};

/// How to write what is shown.
#[derive(Clone, Debug)]
pub(super) struct Forms {
    /// Where the person's clock is.
    pub(super) zone: TimeZone,
}

impl Forms {
    /// ISO forms in a time zone: `4118.00 EUR`, `2026-11-24`.
    pub(super) fn iso(zone: TimeZone) -> Self {
        Self { zone }
    }

    /// An amount.
    #[expect(clippy::unused_self, reason = "the locale comes to it")]
    pub(super) fn money(&self, money: &Money) -> String {
        money.to_string()
    }

    /// An amount whose decimal point falls into one column with others of at most so many
    /// decimals.
    #[expect(clippy::unused_self, reason = "the locale comes to it")]
    pub(super) fn aligned(&self, money: &Money, decimals: usize) -> String {
        let value = money.value.to_string();
        let has = money.value.scale() as usize;
        let mut blank = decimals.saturating_sub(has);
        if has == 0 && decimals > 0 {
            blank += 1;
        }
        format!("{value}{} {}", " ".repeat(blank), money.currency)
    }

    /// An account number in groups of four.
    #[expect(clippy::unused_self, reason = "hiding comes to it")]
    pub(super) fn iban(&self, iban: &Iban) -> String {
        iban.grouped()
    }

    /// A time of today as a clock time, another as a date with it.
    pub(super) fn when(&self, at: Timestamp, now: Timestamp) -> String {
        let at = at.to_zoned_datetime(self.zone.clone());
        let now = now.to_zoned_datetime(self.zone.clone());
        if at.date() == now.date() {
            at.strftime("%H:%M").to_string()
        } else {
            at.strftime("%Y-%m-%d %H:%M").to_string()
        }
    }

    /// A clock time to the second.
    pub(super) fn clock(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone())
            .strftime("%H:%M:%S")
            .to_string()
    }

    /// The date of a time.
    pub(super) fn date(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone())
            .strftime("%Y-%m-%d")
            .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::widget::text::{decimals, pad};

    #[test]
    fn decimal_points_stand_in_one_column() {
        let forms = Forms::iso(TimeZone::UTC);
        let amounts = ["4118.00", "7", "0.125"].map(|value| Money::parse(value, "EUR").unwrap());
        let decimals = decimals(amounts.iter());
        let shown = amounts.map(|money| pad(&forms.aligned(&money, decimals), 14, true));
        assert_eq!(
            shown,
            ["  4118.00  EUR", "     7     EUR", "     0.125 EUR"]
        );
    }
}
