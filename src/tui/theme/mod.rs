//! Colours and attributes, by role.
//!
//! Text is the terminal's own foreground on its own background in every theme but the one of high
//! contrast, so that light and Solarized terminals stay readable. What matters never rests on
//! colour alone: the selection is reversed and has a marker, a failure has a sign and words.

mod choice;
mod palette;
#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

pub use choice::{ThemeChoice, ThemeName};
use palette::{DARK, HIGH_CONTRAST, Ink, LIGHT, Palette};

use crate::base::Environment;

/// The selection's marker.
pub(super) const MARKER: &str = "▸";

/// What a screen is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Theme {
    /// Which one.
    pub(super) name: ThemeName,
    /// Whether the terminal shows every colour, and not 256 of them.
    true_colour: bool,
}

/// What the 16 ANSI colours are used for: they can be anything, and some are unreadable somewhere
/// (yellow on white, blue on black).
const ANSI_SERIES: [Color; 5] = [
    Color::Cyan,
    Color::Magenta,
    Color::Green,
    Color::Red,
    Color::Reset,
];

impl Theme {
    /// The 16 ANSI colours as accents.
    #[cfg(test)]
    pub(super) const TERMINAL: Self = Self::new(ThemeName::Terminal, false);
    /// No colour at all, for `NO_COLOR`: attributes carry it.
    #[cfg(test)]
    pub(super) const MONO: Self = Self::new(ThemeName::Mono, false);

    /// The theme of this name.
    pub(super) const fn new(name: ThemeName, true_colour: bool) -> Self {
        Self { name, true_colour }
    }

    fn palette(self) -> Option<&'static Palette> {
        match self.name {
            ThemeName::Dark => Some(&DARK),
            ThemeName::Light => Some(&LIGHT),
            ThemeName::HighContrast => Some(&HIGH_CONTRAST),
            ThemeName::Terminal | ThemeName::Mono => None,
        }
    }

    /// In the palette's ink, else in one of the 16 colours, else in none.
    fn accent(self, ink: impl Fn(&Palette) -> Ink, ansi: Color) -> Style {
        match (self.palette(), self.name) {
            (Some(palette), _) => Style::new().fg(ink(palette).colour(self.true_colour)),
            (None, ThemeName::Mono) => Style::new(),
            (None, _) => Style::new().fg(ansi),
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

    /// What stands beside what matters: content still, so it is never dim.
    pub(super) fn muted(self) -> Style {
        match self.palette() {
            Some(palette) => Style::new().fg(palette.muted.colour(self.true_colour)),
            None => self.text(),
        }
    }

    /// Keys in hints.
    pub(super) fn key(self) -> Style {
        self.accent(|palette| palette.key, Color::Cyan)
            .add_modifier(Modifier::BOLD)
    }

    /// The title of the pane that has the focus.
    pub(super) fn focus(self) -> Style {
        self.key()
    }

    /// Rules between panes: decoration, never content.
    pub(super) fn rule(self) -> Style {
        match self.palette() {
            Some(palette) => Style::new().fg(palette.rule.colour(self.true_colour)),
            None => self.text().add_modifier(Modifier::DIM),
        }
    }

    /// What went well.
    pub(super) fn good(self) -> Style {
        self.accent(|palette| palette.good, Color::Green)
    }

    /// What failed.
    pub(super) fn bad(self) -> Style {
        self.accent(|palette| palette.bad, Color::Red)
            .add_modifier(Modifier::BOLD)
    }

    /// The row under the cursor in the pane that has the focus.
    #[expect(clippy::unused_self, reason = "a role like the others")]
    pub(super) fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// The row that is chosen in a pane without the focus.
    pub(super) fn chosen(self) -> Style {
        self.strong()
    }

    /// The letters that a filter found.
    pub(super) fn matched(self) -> Style {
        self.accent(|palette| palette.matched, Color::Magenta)
            .add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    /// Money that came.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the payments"))]
    pub(super) fn amount_in(self) -> Style {
        self.good()
    }

    /// Money that went: most of it does, so it is no alarm.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the payments"))]
    pub(super) fn amount_out(self) -> Style {
        self.text()
    }

    /// One of several things that are drawn together, counted from 0. They repeat, and without
    /// colour they are all the same: give each a sign or a word as well.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the charts"))]
    pub(super) fn series(self, number: usize) -> Style {
        let nth = |colours: &[Color]| {
            let place = number.checked_rem(colours.len()).unwrap_or(0);
            colours.get(place).copied().unwrap_or(Color::Reset)
        };
        match (self.palette(), self.name) {
            (Some(palette), _) => {
                Style::new().fg(nth(&palette.series.map(|ink| ink.colour(self.true_colour))))
            }
            (None, ThemeName::Mono) => self.text(),
            (None, _) => Style::new().fg(nth(&ANSI_SERIES)),
        }
    }

    /// The badge that names the environment. Production stands out even without colour.
    pub(super) fn badge(self, environment: &Environment) -> Style {
        let style = match (environment, self.palette()) {
            (Environment::Production, Some(palette)) => {
                let (ink, ground) = palette.production;
                Style::new()
                    .fg(ink.colour(self.true_colour))
                    .bg(ground.colour(self.true_colour))
            }
            (Environment::Production, None) => self.bad().add_modifier(Modifier::REVERSED),
            (Environment::Sandbox, _) => self.accent(|palette| palette.sandbox, Color::Magenta),
            (Environment::Demo | Environment::Local(_), _) => self.good(),
        };
        style.add_modifier(Modifier::BOLD)
    }

    /// Gives what was drawn in the terminal's own colours those of the theme, where it has its own.
    pub(super) fn cover(self, area: Rect, buffer: &mut Buffer) {
        let Some((ink, ground)) = self.palette().and_then(|palette| palette.ground) else {
            return;
        };
        let (ink, ground) = (
            ink.colour(self.true_colour),
            ground.colour(self.true_colour),
        );
        for position in area.intersection(buffer.area).positions() {
            if let Some(cell) = buffer.cell_mut(position) {
                if cell.fg == Color::Reset {
                    cell.set_fg(ink);
                }
                if cell.bg == Color::Reset {
                    cell.set_bg(ground);
                }
            }
        }
    }
}
