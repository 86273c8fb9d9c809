//! Colours and attributes, by role.
//!
//! Text is always the terminal's own foreground on its own background; the 16 ANSI colours are
//! accents only, so that light and Solarized terminals stay readable. What matters never rests
//! on colour alone: the selection is reversed and has a marker, a failure has a sign and words.

use ratatui::style::{Color, Modifier, Style};

use crate::base::Environment;

/// The selection's marker.
pub(super) const MARKER: &str = "▸";

/// What a screen is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Theme {
    mono: bool,
}

impl Theme {
    /// Accents in colour.
    pub(super) const COLOUR: Self = Self { mono: false };
    /// No colour at all, for `NO_COLOR`: attributes carry it.
    pub(super) const MONO: Self = Self { mono: true };

    fn accent_of(self, colour: Color) -> Style {
        if self.mono {
            Style::new()
        } else {
            Style::new().fg(colour)
        }
    }

    /// Ordinary text.
    #[expect(clippy::unused_self, reason = "a role like the others")]
    pub(super) fn text(self) -> Style {
        Style::new()
    }

    /// Titles, keys: what leads the eye.
    pub(super) fn strong(self) -> Style {
        self.text().add_modifier(Modifier::BOLD)
    }

    /// Keys in hints.
    pub(super) fn key(self) -> Style {
        self.accent_of(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// The title of the pane that has the focus.
    pub(super) fn focus(self) -> Style {
        self.accent_of(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// Rules between panes: decoration, never content.
    pub(super) fn rule(self) -> Style {
        self.text().add_modifier(Modifier::DIM)
    }

    /// What went well.
    pub(super) fn good(self) -> Style {
        self.accent_of(Color::Green)
    }

    /// What failed.
    pub(super) fn bad(self) -> Style {
        self.accent_of(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// The row under the cursor in the pane that has the focus.
    pub(super) fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// The row that is chosen in a pane without the focus.
    pub(super) fn chosen(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What a filter found within a row.
    #[expect(clippy::unused_self, reason = "a role like the others")]
    pub(super) fn found(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    /// The badge that names the environment. Production stands out even without colour.
    pub(super) fn badge(self, environment: &Environment) -> Style {
        match environment {
            Environment::Production => self
                .accent_of(Color::Red)
                .add_modifier(Modifier::BOLD | Modifier::REVERSED),
            Environment::Sandbox => self.accent_of(Color::Blue).add_modifier(Modifier::BOLD),
            Environment::Demo | Environment::Local(_) => {
                self.accent_of(Color::Green).add_modifier(Modifier::BOLD)
            }
        }
    }
}
