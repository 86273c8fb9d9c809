//! The screens: Elm, with effects as data.
//!
//! A terminal event becomes an [`Action`](keymap::Action) by the key map, the action a
//! [`Msg`](app::Msg), and `update` turns a message into a changed [`Model`](app::Model) and
//! [`Effect`](app::Effect)s. Only `runtime` touches the world: it runs the effects as tasks, and
//! their answers come back as messages.

mod app;
mod data;
mod forms;
mod keymap;
mod listing;
mod lists;
mod mouse;
mod overlay;
mod runtime;
mod screen;
#[doc(hidden)]
pub mod staging;
mod theme;
mod view;
mod widget;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::base::Locale;
use crate::workspace::{Profile, Settings};

pub use keymap::{Keymap, KeymapProblem};
pub use runtime::{Demo, Ended, run, terminal_checks};
pub use screen::connect::{CERTIFICATE_MEANS, LAN_MEANS};
pub use theme::{ThemeChoice, ThemeName};
pub use widget::qr::qr_text;

/// What the program starts with.
#[derive(Clone, Debug)]
pub enum Start {
    /// Everything against the bunq inside the program; nothing is stored.
    Demo,
    /// Nothing is stored yet: Setup, with the demo chosen.
    First,
    /// A profile that may be there already.
    Profile(Profile),
}

/// What the screens are started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to begin.
    pub start: Start,
    /// What a workspace is opened with.
    pub settings: Settings,
    /// A key file that opens the store.
    pub key_file: Option<PathBuf>,
    /// After how long without a key, a paste or the mouse what is open is locked; none is never.
    pub lock_after: Option<Duration>,
    /// In whose form amounts, dates and times are written.
    pub locale: Locale,
    /// How often what is shown is read again by itself; none is never.
    pub refresh: Option<Duration>,
    /// What the screens are drawn with.
    pub theme: ThemeChoice,
    /// Whether the mouse acts.
    pub mouse: bool,
    /// Keys that are bound instead of the defaults, as [`Keymap::new`] takes them.
    pub keys: BTreeMap<String, Vec<String>>,
}

impl Options {
    /// What holds where nobody says otherwise.
    #[must_use]
    pub fn new(start: Start, settings: Settings) -> Self {
        Self {
            start,
            settings,
            key_file: None,
            lock_after: None,
            locale: Locale::ISO,
            refresh: None,
            theme: ThemeChoice::default(),
            mouse: true,
            keys: BTreeMap::new(),
        }
    }
}
