//! What the screens show and how it changes.

mod act;
mod looks;
mod msg;
mod update;

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

pub(super) use act::{act, refusal, refusal_on};
pub(super) use looks::{Pinned, Themes};
pub(super) use msg::{Effect, Keystroke, Msg, Opened};
pub(super) use update::update;

use super::data::Data;
use super::forms::Forms;
use super::keymap::{Action, Context, Keymap};
use super::lists;
use super::mouse;
use super::overlay::Overlay;
use super::screen::{connect, doctor, locked, log, payments, setup, users};
use super::theme::Theme;
use crate::base::Environment;
use crate::config::ScreenMemory;
use crate::workspace::Limits;

/// The screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Screen {
    /// Environment, provider and the steps.
    Setup,
    /// The QR code and what to do with it.
    Connect,
    /// Users and their accounts.
    Users,
    /// An account's payments.
    Payments,
    /// Every request.
    Log,
    /// What could be wrong.
    Doctor,
}

impl Screen {
    /// All of them, in the order of their keys.
    pub(super) const ALL: [Self; 6] = [
        Self::Setup,
        Self::Connect,
        Self::Users,
        Self::Payments,
        Self::Log,
        Self::Doctor,
    ];

    /// Its keys.
    pub(super) fn context(self) -> Context {
        match self {
            Self::Setup => Context::Setup,
            Self::Connect => Context::Connect,
            Self::Users => Context::Users,
            Self::Payments => Context::Payments,
            Self::Log => Context::Log,
            Self::Doctor => Context::Doctor,
        }
    }

    /// Its name.
    pub(super) fn title(self) -> &'static str {
        self.context().title()
    }
}

/// How the screens look and behave, and where they run: given at the start, changed only by the
/// person.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// Whether the terminal is at the other end of an SSH connection.
    pub(super) over_ssh: bool,
    /// What the terminal is like.
    pub(super) terminal: doctor::Terminal,
    /// How amounts, times and account numbers are written.
    pub(super) forms: Forms,
    /// How to draw.
    pub(super) theme: Theme,
    /// Which key means what.
    pub(super) keymap: Keymap,
    /// What else could be drawn with.
    pub(super) themes: Themes,
    /// The directory that the program was started in.
    pub(super) here: PathBuf,
    /// The person's home directory.
    pub(super) home: Option<PathBuf>,
    /// A key file that opens stores.
    pub(super) key_file: Option<PathBuf>,
    /// After how long without a person what is open is locked.
    pub(super) lock_after: Option<Duration>,
    /// How often what is shown is read again by itself.
    pub(super) refresh: Option<Duration>,
    /// The table of limits that was asked for.
    pub(super) limits: Option<Limits>,
}

/// A line that says how the last key or answer went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Status {
    /// The words.
    pub(super) text: String,
    /// Whether they tell of a failure.
    pub(super) bad: bool,
    /// Whether they tell of a success, and not just what is so.
    pub(super) good: bool,
}

/// Everything the screen is drawn from.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) facts: Facts,
    /// What is remembered for the next start.
    pub(super) memory: ScreenMemory,
    /// The time of the last message.
    pub(super) now: Timestamp,
    /// Columns and rows of the terminal.
    pub(super) size: (u16, u16),
    pub(super) screen: Screen,
    pub(super) overlay: Option<Overlay>,
    /// What was open and is locked; nothing else is shown then.
    pub(super) locked: Option<locked::State>,
    pub(super) status: Option<Status>,
    pub(super) mouse: mouse::State,
    pub(super) data: Data,
    pub(super) setup: setup::State,
    pub(super) connect: connect::State,
    pub(super) users: users::State,
    pub(super) payments: payments::State,
    pub(super) log: log::State,
    pub(super) doctor: doctor::State,
}

impl Model {
    /// The first picture, before anything was read.
    pub(super) fn new(facts: Facts, start: &super::Start, now: Timestamp) -> Self {
        let environment = match start {
            super::Start::Demo | super::Start::First => Environment::Demo,
            super::Start::Profile(profile) => profile.environment.clone(),
        };
        Self {
            facts,
            memory: ScreenMemory::default(),
            now,
            size: (0, 0),
            screen: Screen::Setup,
            overlay: None,
            locked: None,
            status: None,
            mouse: mouse::State::default(),
            data: Data::new(environment),
            setup: setup::State::new(start),
            connect: connect::State::default(),
            users: users::State::default(),
            payments: payments::State::default(),
            log: log::State::default(),
            doctor: doctor::State::default(),
        }
    }

    /// Whose keys count now, the nearest first.
    pub(super) fn contexts(&self) -> Vec<Context> {
        match &self.overlay {
            _ if lists::typing(self).is_some() => vec![Context::Filter],
            Some(overlay) => vec![overlay.context()],
            None if self.locked.is_some() => vec![Context::Locked, Context::Everywhere],
            None => vec![self.screen.context(), Context::Everywhere],
        }
    }

    /// Whether typed characters go into a text field.
    pub(super) fn is_typing(&self) -> bool {
        self.overlay.as_ref().is_some_and(Overlay::is_typing) || lists::typing(self).is_some()
    }

    /// Whether a request waits for one of the bank's limits.
    pub(super) fn is_held(&self) -> bool {
        self.log.waiting(self.now).is_some()
    }

    /// Whether something on the screen counts seconds.
    pub(super) fn wants_ticks(&self) -> bool {
        let fits = super::view::fits(self.size);
        if !fits || self.overlay.as_ref().is_some_and(Overlay::is_alone) {
            return false;
        }
        if self.locked.is_some() {
            return self.setup.is_busy();
        }
        if self.is_held() {
            return true;
        }
        let wide = super::screen::side_by_side(self.size.0);
        let shows = |screen| {
            self.screen == screen
                || (wide && matches!(self.screen, Screen::Setup | Screen::Connect))
        };
        (shows(Screen::Connect) && self.connect.counts_down())
            || (shows(Screen::Setup) && self.setup.is_busy())
    }

    /// The key for an action, for words on the screen.
    pub(super) fn key(&self, context: Context, action: Action) -> String {
        self.facts.keymap.key(context, action)
    }

    /// Words of our own, with the keys of the bindings that they name in braces.
    pub(super) fn spell(&self, words: &'static str) -> String {
        self.facts.keymap.spell(words)
    }

    /// Takes what was remembered.
    pub(super) fn recall(&mut self, memory: ScreenMemory) {
        self.connect = connect::State::with_form(memory.qr_form.as_deref());
        self.facts.forms.hidden = memory.hidden;
        self.memory = memory;
    }

    /// Remembers something; the demo keeps nothing.
    pub(super) fn remember(&mut self, what: impl FnOnce(&mut ScreenMemory)) -> Vec<Effect> {
        what(&mut self.memory);
        if self.data.environment == Environment::Demo {
            return Vec::new();
        }
        vec![Effect::KeepScreenMemory(self.memory.clone())]
    }

    /// Says something in the status line.
    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.status = Some(Status {
            text: text.into(),
            bad: false,
            good: false,
        });
    }

    /// Says that something went well.
    pub(super) fn succeed(&mut self, text: impl Into<String>) {
        self.status = Some(Status {
            text: text.into(),
            bad: false,
            good: true,
        });
    }

    /// Says that something failed.
    pub(super) fn complain(&mut self, text: impl Into<String>) {
        self.status = Some(Status {
            text: text.into(),
            bad: true,
            good: false,
        });
    }
}
