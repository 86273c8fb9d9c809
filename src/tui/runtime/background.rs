//! Which theme fits the terminal: asked of it before the first frame.

use std::env;
use std::io::{self, IsTerminal};
use std::time::Duration;

use terminal_colorsaurus::{QueryOptions, background_color};

use crate::config::ScreenMemory;
use crate::tui::app::{Pinned, Themes};
use crate::tui::screen::doctor::Terminal;
use crate::tui::theme::{Theme, ThemeChoice, ThemeName};

/// How long a terminal on this machine has to answer, and one at the other end of a connection.
const NEAR: Duration = Duration::from_millis(100);
const FAR: Duration = Duration::from_millis(500);

/// What the terminal said of its background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Dark,
    Light,
    /// Nothing, or nothing in time: it may still come, among the keys.
    Owed,
    /// It was not asked.
    Unasked,
}

/// What to draw with, what else there is, and whether the terminal still owes an answer.
pub(super) fn choose(
    choice: ThemeChoice,
    memory: &ScreenMemory,
    terminal: &Terminal,
) -> (Theme, Themes, bool) {
    let (first, pinned, owed) = match choice {
        ThemeChoice::Named(name) => (name, Some(Pinned::Settings), false),
        ThemeChoice::Auto if terminal.no_colour => (ThemeName::Mono, Some(Pinned::NoColour), false),
        ThemeChoice::Auto => {
            let answer = ask(terminal);
            let told = env::var("COLORFGBG").ok();
            let found = fitting(answer, told.as_deref(), &terminal.term);
            (found, None, answer == Answer::Owed)
        }
    };
    let kept = memory.theme.as_deref().and_then(|name| name.parse().ok());
    let name = match (pinned, kept) {
        (None, Some(ThemeChoice::Named(name))) => name,
        _ => first,
    };
    let themes = Themes {
        first,
        pinned,
        true_colour: terminal.true_colour,
    };
    (Theme::new(name, terminal.true_colour), themes, owed)
}

/// Asks the terminal (OSC 11), where there is one at both ends.
fn ask(terminal: &Terminal) -> Answer {
    let is_one = io::stdin().is_terminal() && io::stdout().is_terminal();
    if !is_one || terminal.term == "dumb" {
        return Answer::Unasked;
    }
    let mut options = QueryOptions::default();
    options.timeout = if terminal.over_ssh { FAR } else { NEAR };
    match background_color(options) {
        Ok(colour) if colour.perceived_lightness() > 0.5 => Answer::Light,
        Ok(_) => Answer::Dark,
        // What answers the second question first may be a multiplexer that passed on the first.
        Err(_) => Answer::Owed,
    }
}

/// The theme for what the terminal said, else for what `COLORFGBG` says of it.
fn fitting(answer: Answer, colorfgbg: Option<&str>, term: &str) -> ThemeName {
    // The palettes are of 256 colours, which these do not have.
    if term == "linux" || term.starts_with("vt") || term.starts_with("ansi") {
        return ThemeName::Terminal;
    }
    match answer {
        Answer::Dark => ThemeName::Dark,
        Answer::Light => ThemeName::Light,
        Answer::Owed | Answer::Unasked => match colorfgbg.and_then(background_of) {
            Some(true) => ThemeName::Light,
            Some(false) => ThemeName::Dark,
            None => ThemeName::Terminal,
        },
    }
}

/// Whether a `COLORFGBG`, such as `15;0` or `0;default;15`, tells of a light background: white and
/// the bright colours but grey are. None when it tells nothing.
fn background_of(text: &str) -> Option<bool> {
    let (_, ground) = text.rsplit_once(';')?;
    match ground.parse::<u8>().ok()? {
        0..=6 | 8 => Some(false),
        7 | 9..=15 => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Answer::Light, None, "xterm", ThemeName::Light)]
    #[case(Answer::Dark, Some("0;15"), "xterm", ThemeName::Dark)]
    #[case(Answer::Unasked, Some("0;15"), "xterm", ThemeName::Light)]
    #[case(Answer::Owed, Some("15;0"), "xterm", ThemeName::Dark)]
    #[case(Answer::Owed, None, "xterm", ThemeName::Terminal)]
    #[case(Answer::Dark, None, "linux", ThemeName::Terminal)]
    fn the_terminal_knows_best(
        #[case] answer: Answer,
        #[case] told: Option<&str>,
        #[case] term: &str,
        #[case] name: ThemeName,
    ) {
        assert_eq!(fitting(answer, told, term), name);
    }

    #[rstest]
    #[case("15;0", Some(false))]
    #[case("12;8", Some(false))]
    #[case("0;default;15", Some(true))]
    #[case("0;7", Some(true))]
    #[case("15;default", None)]
    #[case("0;16", None)]
    #[case("7", None)]
    #[case("", None)]
    fn the_variable_of_rxvt(#[case] text: &str, #[case] light: Option<bool>) {
        assert_eq!(background_of(text), light);
    }

    #[test]
    fn what_is_named_counts_more_than_what_is_kept_and_no_colour_more_than_that() {
        let memory = ScreenMemory {
            theme: Some("light".into()),
            ..ScreenMemory::default()
        };
        let plain = Terminal {
            term: "dumb".into(),
            ..Terminal::default()
        };
        let no_colour = Terminal {
            no_colour: true,
            ..plain.clone()
        };
        let chosen = |choice, terminal| choose(choice, &memory, terminal);
        let (theme, themes, _) = chosen(ThemeChoice::Auto, &plain);
        assert_eq!(theme.name, ThemeName::Light);
        assert_eq!((themes.first, themes.pinned), (ThemeName::Terminal, None));
        let named = ThemeChoice::Named(ThemeName::HighContrast);
        for terminal in [&plain, &no_colour] {
            let (theme, themes, _) = chosen(named, terminal);
            assert_eq!(theme.name, ThemeName::HighContrast);
            assert_eq!(themes.pinned, Some(Pinned::Settings));
        }
        let (theme, themes, _) = chosen(ThemeChoice::Auto, &no_colour);
        assert_eq!(theme.name, ThemeName::Mono);
        assert_eq!(themes.pinned, Some(Pinned::NoColour));
    }

    #[test]
    fn a_kept_theme_that_is_none_is_nothing() {
        for kept in ["auto", "sepia", ""] {
            let memory = ScreenMemory {
                theme: Some(kept.into()),
                ..ScreenMemory::default()
            };
            let dumb = Terminal {
                term: "dumb".into(),
                ..Terminal::default()
            };
            let (theme, themes, _) = choose(ThemeChoice::Auto, &memory, &dumb);
            assert_eq!(theme.name, themes.first, "{kept}");
        }
    }
}
