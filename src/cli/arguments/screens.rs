//! How the screens look and behave: options that the config file may hold too.

use clap::Args;

use super::GLOBAL;
use crate::config::{LocaleChoice, LockAfter, Refresh, THEMES, Theme};

/// For the screens.
#[derive(Args, Debug)]
pub(in crate::cli) struct ScreenFlags {
    /// After how many minutes without a key, a paste or the mouse the screens lock; off is never
    /// [default: 15]
    #[arg(
        long,
        global = true, help_heading = GLOBAL,
        env = "BUNQ_TUI_LOCK_AFTER",
        value_name = "MINUTES|off"
    )]
    pub(in crate::cli) lock_after: Option<LockAfter>,
    /// The colours of the screens: auto, dark, light, high-contrast, terminal or mono [default:
    /// auto]
    #[arg(
        long,
        global = true, help_heading = GLOBAL,
        env = "BUNQ_TUI_THEME",
        value_name = "NAME",
        value_parser = theme
    )]
    pub(in crate::cli) theme: Option<Theme>,
    /// In whose form the screens write amounts, dates and times: system, iso or a name such as
    /// nl_NL [default: system]
    #[arg(
        long,
        global = true, help_heading = GLOBAL,
        env = "BUNQ_TUI_LOCALE",
        value_name = "LOCALE"
    )]
    pub(in crate::cli) locale: Option<LocaleChoice>,
    /// How often what is shown, a user's accounts or an account's newest payments, is read again by
    /// itself: 5m, 90s, 1h; at least 60s [default: off]
    // `users --refresh` has the short name.
    #[arg(
        long,
        global = true, help_heading = GLOBAL,
        env = "BUNQ_TUI_REFRESH",
        value_name = "TIME|off"
    )]
    pub(in crate::cli) refresh_every: Option<Refresh>,
    /// Whether clicks and the wheel act; false leaves the mouse to the terminal [default: true]
    #[arg(
        long,
        global = true, help_heading = GLOBAL,
        env = "BUNQ_TUI_MOUSE",
        value_name = "true|false"
    )]
    pub(in crate::cli) mouse: Option<bool>,
    /// A conversation in plain lines in place of the screens, for screen readers and for terminals
    /// that cannot place text [default: false]
    #[arg(
        long,
        global = true, help_heading = GLOBAL,
        env = "BUNQ_TUI_PLAIN",
        value_name = "true|false",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    pub(in crate::cli) plain: Option<bool>,
}

fn theme(text: &str) -> Result<Theme, String> {
    text.parse()
        .map_err(|_: String| format!("it is one of {}", THEMES.join(", ")))
}
