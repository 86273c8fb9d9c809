//! Which theme is asked for.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// A theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ThemeName {
    /// For dark backgrounds.
    Dark,
    /// For light backgrounds.
    Light,
    /// White on black, with the strongest colours.
    HighContrast,
    /// The terminal's own 16 colours.
    Terminal,
    /// No colour.
    Mono,
}

impl ThemeName {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Dark,
        Self::Light,
        Self::HighContrast,
        Self::Terminal,
        Self::Mono,
    ];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
            Self::Terminal => "terminal",
            Self::Mono => "mono",
        }
    }

    /// The one that follows when they are gone through from `first` on.
    pub(in crate::tui) fn after(self, first: Self) -> Self {
        let order = std::iter::once(first).chain(Self::ALL.into_iter().filter(|it| *it != first));
        let mut following = order.skip_while(|it| *it != self).skip(1);
        following.next().unwrap_or(first)
    }
}

impl Display for ThemeName {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// Which theme the screens are drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// The one that was chosen with T, else the one that fits the terminal.
    #[default]
    Auto,
    /// This one.
    Named(ThemeName),
}

impl ThemeChoice {
    /// Every choice, as it is written.
    pub const NAMES: [&'static str; 6] = [
        "auto",
        ThemeName::Dark.name(),
        ThemeName::Light.name(),
        ThemeName::HighContrast.name(),
        ThemeName::Terminal.name(),
        ThemeName::Mono.name(),
    ];
}

impl Display for ThemeChoice {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => out.write_str("auto"),
            Self::Named(name) => name.fmt(out),
        }
    }
}

impl FromStr for ThemeChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        let named = ThemeName::ALL.into_iter().find(|it| it.name() == text);
        named
            .map(Self::Named)
            .ok_or_else(|| format!("it is one of {}", Self::NAMES.join(", ")))
    }
}
