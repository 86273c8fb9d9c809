//! What was open is locked: nothing of it is in the model or on the screen any more.

mod view;

use jiff::Timestamp;

pub(in crate::tui) use view::view;

use super::{connect, doctor, log, payments, setup, users};
use crate::base::Environment;
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::keymap::Action;
use crate::tui::overlay::{Confirm, Entry, Overlay};
use crate::workspace::{Lock, Profile, SlotKind, Stage};

/// Why a key does nothing, to be spelled.
pub(in crate::tui) const LOCKED: &str = "This is locked: {locked.unlock} unlocks it.";

/// What locked it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Cause {
    /// A person.
    Key,
    /// That there was none.
    Idleness,
}

/// What the screen holds.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct State {
    /// What was open.
    pub(super) profile: Profile,
    /// What opens it.
    pub(in crate::tui) lock: Lock,
    /// What opened it last: that is asked for again.
    pub(in crate::tui) with: SlotKind,
    /// Where the person was.
    screen: Screen,
    pub(super) cause: Cause,
    pub(super) since: Timestamp,
}

/// Why nothing can be locked now, to be spelled.
pub(in crate::tui) fn refusal_to_lock(model: &Model) -> Option<&'static str> {
    if model.locked.is_some() {
        Some("It is locked already: {locked.unlock} unlocks it.")
    } else if model.data.profile.is_none() {
        Some("Nothing is open, so there is nothing to lock.")
    } else if model.data.environment == Environment::Demo || model.setup.opened_with.is_none() {
        Some("The demo keeps nothing and its money is not real: there is nothing to lock.")
    } else if model.setup.phase == setup::Phase::Running {
        Some("The setup is under way; {everywhere.lock} locks when it is over.")
    } else if model.connect.is_exchanging() {
        Some("The last user is being stored; {everywhere.lock} locks in a moment.")
    } else {
        None
    }
}

/// Whether it is locked when nobody is there: whatever a person waits for goes on.
pub(in crate::tui) fn locks_when_idle(model: &Model) -> bool {
    refusal_to_lock(model).is_none() && !model.setup.is_busy() && !model.connect.is_waiting()
}

/// The key was pressed: locks, or says why not. A login that waits is not ended unasked.
pub(in crate::tui) fn ask(model: &mut Model) -> Vec<Effect> {
    if let Some(reason) = refusal_to_lock(model) {
        model.say(model.spell(reason));
        return Vec::new();
    }
    if model.connect.is_waiting() {
        model.overlay = Some(Overlay::Confirm(Confirm::lock()));
        return Vec::new();
    }
    lock(model, Cause::Key)
}

/// The person said that the login may end.
pub(in crate::tui) fn ask_no_more(model: &mut Model) -> Vec<Effect> {
    // What was true when it was asked may not be so any more.
    match refusal_to_lock(model) {
        None => lock(model, Cause::Key),
        Some(reason) => {
            model.say(model.spell(reason));
            Vec::new()
        }
    }
}

/// Nobody did anything for long.
pub(in crate::tui) fn on_idle(model: &mut Model) -> Vec<Effect> {
    if locks_when_idle(model) {
        lock(model, Cause::Idleness)
    } else {
        Vec::new()
    }
}

/// Forgets all that was open, and closes it.
fn lock(model: &mut Model, cause: Cause) -> Vec<Effect> {
    let Some((profile, (lock, with))) = model
        .data
        .profile
        .take()
        .zip(model.setup.opened_with.take())
    else {
        return Vec::new();
    };
    model.data.close();
    let generation = model.data.epoch;
    model.setup.close(profile.clone(), generation);
    model.connect = connect::State::keeping(&model.connect);
    model.users = users::State::default();
    model.payments = payments::State::default();
    model.log = log::State::default();
    model.doctor = doctor::State::default();
    model.overlay = None;
    model.status = None;
    model.locked = Some(State {
        profile,
        lock,
        with,
        screen: model.screen,
        cause,
        since: model.now,
    });
    if with == SlotKind::Passphrase {
        ask_for_passphrase(model, None);
    }
    vec![Effect::Lock { generation }]
}

fn ask_for_passphrase(model: &mut Model, wrong: Option<String>) {
    if let Some(locked) = &model.locked {
        let entry = Entry::unlock(&locked.profile.name, wrong);
        model.overlay = Some(Overlay::Entry(entry));
    }
}

/// What a key does here.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::TypePassphrase => ask_for_passphrase(model, None),
        Action::Cancel => return setup::stop_waiting(model),
        Action::Unlock => {
            let with = model.locked.as_ref().map(|locked| locked.with);
            if with != Some(SlotKind::Passphrase) {
                return setup::look(model);
            }
            ask_for_passphrase(model, None);
        }
        _ => {}
    }
    Vec::new()
}

/// Why a key does nothing here.
pub(in crate::tui) fn refusal(model: &Model, action: Action) -> Option<String> {
    let opening = model.setup.is_busy();
    let has_passphrase = |locked: &State| {
        locked.with != SlotKind::Passphrase && locked.lock.has(SlotKind::Passphrase)
    };
    let reason = match action {
        Action::Leave
        | Action::Interrupt
        | Action::Suspend
        | Action::Mouse
        | Action::NextTheme
        | Action::Help
        | Action::Palette => return None,
        Action::Unlock | Action::TypePassphrase if opening => {
            "It is being opened; {locked.cancel} stops that."
        }
        Action::Unlock => return None,
        Action::Cancel if opening => return None,
        Action::Cancel => "There is nothing to stop: {locked.unlock} unlocks it.",
        Action::TypePassphrase if model.locked.as_ref().is_some_and(has_passphrase) => return None,
        Action::TypePassphrase => "{locked.unlock} unlocks it; it has no other passphrase.",
        Action::Lock => return refusal_to_lock(model).map(|words| model.spell(words)),
        _ => LOCKED,
    };
    Some(model.spell(reason))
}

/// It is open again: back to where the person was.
pub(in crate::tui) fn go_back(model: &mut Model, left: &State) -> Vec<Effect> {
    let was_open = model.data.profile.as_ref() == Some(&left.profile);
    if !was_open {
        return Vec::new();
    }
    // Whose payments were shown was forgotten with them.
    model.screen = match left.screen {
        Screen::Payments => Screen::Users,
        screen => screen,
    };
    match (model.screen, model.data.stage) {
        (Screen::Users, Some(Stage::Ready)) => users::enter(model),
        (Screen::Doctor, _) => doctor::show(model),
        _ => Vec::new(),
    }
}
