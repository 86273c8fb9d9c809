//! Which theme is drawn with.

use super::{Effect, Model};
use crate::tui::theme::{Theme, ThemeName};

/// What there is to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Themes {
    /// The one that was named, else the one that fits the terminal.
    pub(in crate::tui) first: ThemeName,
    /// What asked for the first one, where it was not the terminal.
    pub(in crate::tui) pinned: Option<Pinned>,
    /// Whether the terminal shows every colour.
    pub(in crate::tui) true_colour: bool,
}

/// What names a theme for every start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Pinned {
    /// A flag, a variable or the settings.
    Settings,
    /// `NO_COLOR`.
    NoColour,
}

/// Draws with the next theme, and keeps it for the next start where nothing names one.
pub(super) fn next_theme(model: &mut Model) -> Vec<Effect> {
    let Themes {
        first,
        pinned,
        true_colour,
    } = model.facts.themes;
    let next = model.facts.theme.name.after(first);
    model.facts.theme = Theme::new(next, true_colour);
    let by = match pinned {
        Some(Pinned::Settings) => "--theme or the settings name",
        Some(Pinned::NoColour) => "NO_COLOR asks for",
        None => {
            let kept = (next != first).then(|| next.name().into());
            let effects = model.remember(|memory| memory.theme = kept);
            let why = if next == first {
                ", the one for this terminal"
            } else {
                ""
            };
            model.say(format!("Theme: {next}{why}."));
            return effects;
        }
    };
    model.say(if next == first {
        format!("Theme: {next}.")
    } else {
        format!("Theme: {next}, for now; {by} {first}.")
    });
    Vec::new()
}
