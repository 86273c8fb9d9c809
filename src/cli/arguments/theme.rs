//! The colours of the screens.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::tui::ThemeChoice;

/// Reads one of the themes, whose names the help and the completions list.
pub(super) fn parser() -> impl TypedValueParser<Value = ThemeChoice> {
    PossibleValuesParser::new(ThemeChoice::NAMES).try_map(|name| name.parse::<ThemeChoice>())
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::super::Arguments;
    use crate::tui::{ThemeChoice, ThemeName};

    #[test]
    fn every_name_is_taken_and_no_other() {
        let parsed = |name: &str| Arguments::try_parse_from(["bunq-tui", "--theme", name]);
        for name in ThemeChoice::NAMES {
            let theme = parsed(name).unwrap().global.theme;
            assert_eq!(theme.to_string(), name);
        }
        let contrast = parsed("high-contrast").unwrap().global.theme;
        assert_eq!(contrast, ThemeChoice::Named(ThemeName::HighContrast));
        let told = parsed("sepia").unwrap_err().to_string();
        assert!(told.contains("high-contrast"), "{told}");
    }
}
