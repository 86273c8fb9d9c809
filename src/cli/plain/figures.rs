//! Amounts and account numbers as they are said, or hidden as the screens hide them.

use std::path::PathBuf;

use crate::base::{Iban, Money, Problem};
use crate::config::ScreenMemory;
use crate::workspace::{Field, Settings};

/// How figures are said.
pub(super) struct Figures {
    hidden: bool,
    /// Where it is remembered; the demo keeps nothing.
    kept_in: Option<PathBuf>,
}

impl Figures {
    /// As the screens left it.
    pub(super) fn recalled(settings: &Settings) -> Self {
        Self {
            hidden: ScreenMemory::load(&settings.data_dir).hidden,
            kept_in: Some(settings.data_dir.clone()),
        }
    }

    /// Those of the demo.
    pub(super) fn of_demo() -> Self {
        Self {
            hidden: false,
            kept_in: None,
        }
    }

    /// Whether they are hidden.
    pub(super) fn are_hidden(&self) -> bool {
        self.hidden
    }

    /// Hides or shows them, also at the next start and on the screens.
    pub(super) fn turn(&mut self) -> Result<(), Problem> {
        self.hidden = !self.hidden;
        let Some(directory) = &self.kept_in else {
            return Ok(());
        };
        let memory = ScreenMemory {
            hidden: self.hidden,
            ..ScreenMemory::load(directory)
        };
        memory.save(directory)
    }

    /// An amount.
    pub(super) fn money(&self, money: &Money) -> String {
        match self.hidden {
            true => format!("hidden {}", money.currency),
            false => money.to_string(),
        }
    }

    /// An account number.
    pub(super) fn iban(&self, iban: &Iban) -> String {
        match self.hidden {
            true => "hidden account number".into(),
            false => iban.grouped(),
        }
    }

    /// A line of details: what reads as an amount or an account number is one.
    pub(super) fn field(&self, field: &Field) -> String {
        let value = &field.value;
        let money = value
            .split_once(' ')
            .and_then(|(amount, currency)| Money::parse(amount, currency).ok());
        let said = match (money, Iban::new(value).filter(Iban::is_valid)) {
            (Some(money), _) => self.money(&money),
            (None, Some(iban)) => self.iban(&iban),
            (None, None) => value.clone(),
        };
        format!("{}: {said}", field.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_screens_hid_is_hidden_and_the_other_way_round() {
        let directory = tempfile::tempdir().unwrap();
        let settings = Settings::new(directory.path().to_owned());
        let memory = ScreenMemory {
            qr_form: Some("half".into()),
            hidden: true,
            theme: None,
        };
        memory.save(directory.path()).unwrap();
        let mut figures = Figures::recalled(&settings);
        let field = |value: &str| Field {
            label: "It",
            value: value.into(),
        };
        let said = |figures: &Figures| {
            ["12.50 EUR", "NL02ABNA0123456789", "2 x 12.50"].map(|one| figures.field(&field(one)))
        };
        assert_eq!(
            said(&figures),
            [
                "It: hidden EUR",
                "It: hidden account number",
                "It: 2 x 12.50"
            ]
        );
        figures.turn().unwrap();
        assert_eq!(
            said(&figures),
            [
                "It: 12.50 EUR",
                "It: NL02 ABNA 0123 4567 89",
                "It: 2 x 12.50"
            ]
        );
        let kept = ScreenMemory::load(directory.path());
        assert_eq!(
            kept,
            ScreenMemory {
                hidden: false,
                ..memory
            }
        );
    }

    #[test]
    fn the_demo_keeps_nothing() {
        let mut figures = Figures::of_demo();
        figures.turn().unwrap();
        assert!(figures.are_hidden());
    }
}
