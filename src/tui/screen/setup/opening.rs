//! Opening a profile: the demo at once, a store with what unlocks it.

use super::update::{fail, on_step, waits_for_the_person};
use super::{Phase, State, fresh_steps};
use crate::base::{Environment, Exit, Problem, Secret};
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::overlay::{self, Entry, Overlay};
use crate::workspace::{Lock, Profile, SlotKind, Stage, StepChange, StepState, StoreKey};

/// Why no other profile can be opened now.
pub(in crate::tui) fn refusal_to_switch(model: &Model) -> Option<String> {
    let state = &model.setup;
    let reason = if state.environments.len() < 2 {
        "Here is only the demo. Start without `demo` for profiles that are kept."
    } else if model.connect.is_exchanging() {
        "The last user is being stored; a moment."
    } else if waits_for_the_person(state) {
        "A profile is being opened; a moment."
    } else if state.is_busy() {
        "The setup is under way."
    } else {
        return None;
    };
    Some(reason.into())
}

/// Opens another profile. The one in use stays until that one is open.
pub(in crate::tui) fn switch(model: &mut Model, profile: Profile) -> Vec<Effect> {
    let is_open = model.data.profile.as_ref() == Some(&profile);
    model.setup.choose(profile);
    if is_open {
        model.say("That profile is open already.");
        return Vec::new();
    }
    model.screen = Screen::Setup;
    model.setup.go_on = false;
    open(model)
}

/// Chooses a profile that is not there yet: its environment is for the person to choose.
pub(in crate::tui) fn new_profile(model: &mut Model, name: String) {
    model.screen = Screen::Setup;
    let state = &mut model.setup;
    state.begin_new(name);
    if matches!(state.phase, Phase::Failed(_)) {
        state.phase = Phase::Choosing;
    }
    state.lock = None;
    if model.data.stage.is_none() {
        model.data.environment = model.setup.environment();
        model.setup.steps = fresh_steps();
    }
    let words = "Choose its bank and who to be there; {setup.set-up} sets it up.";
    model.say(model.spell(words));
}

/// Looks at the lock of the store that is to be opened again, and opens it.
pub(in crate::tui) fn look(model: &mut Model) -> Vec<Effect> {
    open(model)
}

/// Opens what is chosen: the demo at once, a store after a look at its lock.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let generation = model.data.next_generation();
    let state = &mut model.setup;
    state.generation = generation;
    state.phase = Phase::Opening;
    state.steps = fresh_steps();
    state.attempt = None;
    state.anew = false;
    state.lock = None;
    state.with = None;
    state.since = Some(model.now);
    let profile = state.profile();
    if profile.environment == Environment::Demo {
        vec![Effect::OpenDemo { generation }]
    } else {
        vec![Effect::InspectStore {
            generation,
            profile,
        }]
    }
}

/// Opens the chosen profile's store with a passphrase that was typed.
pub(in crate::tui) fn unlock(model: &mut Model, passphrase: Secret) -> Vec<Effect> {
    open_store(model, StoreKey::Passphrase(passphrase))
}

/// Makes the chosen profile's store, to be opened with this.
pub(in crate::tui) fn make(model: &mut Model, key: StoreKey) -> Vec<Effect> {
    open_store(model, key)
}

fn open_store(model: &mut Model, key: StoreKey) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.setup.generation = generation;
    model.setup.phase = Phase::Opening;
    model.setup.since = Some(model.now);
    model.setup.with = Some(key.kind());
    vec![Effect::OpenStore {
        generation,
        profile: model.setup.profile(),
        key,
    }]
}

/// What opens the store is waited for no longer.
pub(in crate::tui) fn stop_waiting(model: &mut Model) -> Vec<Effect> {
    let generation = model.data.next_generation();
    let state = &mut model.setup;
    state.generation = generation;
    state.phase = Phase::Choosing;
    state.since = None;
    state.go_on = false;
    if model.locked.is_none() && model.setup.locked_by().is_some() {
        model.say(model.spell("Still locked: {setup.set-up} tries again."));
    }
    vec![Effect::StopOpening { generation }]
}

/// The store was looked at: open it with what there is, or ask.
pub(super) fn on_lock(model: &mut Model, lock: Lock) -> Vec<Effect> {
    let file = model.facts.key_file.clone();
    let with = way(model, &lock);
    model.setup.lock = Some(lock.clone());
    match (with, file) {
        _ if lock == Lock::Absent => on_absent(model),
        (Some(SlotKind::KeyFile), Some(file)) => open_store(model, StoreKey::File(file)),
        (Some(SlotKind::Keyring), _) => open_store(model, StoreKey::Keyring),
        (Some(SlotKind::Passphrase), _) => {
            model.setup.phase = Phase::Choosing;
            ask_for_passphrase(model, None);
            Vec::new()
        }
        (Some(SlotKind::KeyFile) | None, _) => fail(
            model,
            Problem::new("This store cannot be opened here", Exit::NotReady)
                .because("it is opened by a key file, and none was named")
                .next("Start again with --key-file FILE."),
        ),
    }
}

/// What the store is opened with: what it was opened with before, else what needs the least of a
/// person. Only the person turns to another.
fn way(model: &Model, lock: &Lock) -> Option<SlotKind> {
    let named = model.facts.key_file.is_some();
    let can = |kind: &SlotKind| lock.has(*kind) && (named || *kind != SlotKind::KeyFile);
    let before = model.locked.as_ref().map(|locked| locked.with);
    let all = [SlotKind::KeyFile, SlotKind::Keyring, SlotKind::Passphrase];
    before.into_iter().chain(all).find(can)
}

/// There is no store yet.
fn on_absent(model: &mut Model) -> Vec<Effect> {
    if model.locked.take().is_some() {
        model.screen = Screen::Setup;
        model.complain("Its store is gone: there is nothing to unlock.");
    }
    match (model.setup.go_on, model.facts.key_file.clone()) {
        (true, Some(file)) => open_store(model, StoreKey::File(file)),
        (true, None) => {
            model.setup.phase = Phase::Choosing;
            overlay::locking::open(model)
        }
        (false, _) => {
            model.setup.phase = Phase::Choosing;
            Vec::new()
        }
    }
}

/// Asks for the passphrase of the store that is locked.
pub(super) fn ask_for_passphrase(model: &mut Model, wrong: Option<String>) {
    let name = model.setup.profile().name;
    model.overlay = Some(Overlay::Entry(Entry::unlock(&name, wrong)));
}

/// The store did not open: a wrong passphrase may be typed again.
pub(super) fn on_not_opened(model: &mut Model, problem: Problem) -> Vec<Effect> {
    let typed = model.setup.with == Some(SlotKind::Passphrase);
    if !typed || model.setup.locked_by().is_none() && model.locked.is_none() {
        return fail(model, problem);
    }
    model.setup.phase = Phase::Choosing;
    let words = if problem.why.is_empty() {
        problem.what
    } else {
        format!("{}: {}", problem.what, problem.why)
    };
    ask_for_passphrase(model, Some(words));
    Vec::new()
}

/// What opens the store that has just been opened, and what did.
fn settle_lock(state: &mut State) {
    let lock = state.lock.take().filter(|lock| *lock != Lock::Absent);
    state.opened_with = state.with.take().map(|kind| {
        let made = Lock::Locked {
            keyring: kind == SlotKind::Keyring,
            passphrase: kind == SlotKind::Passphrase,
            key_file: kind == SlotKind::KeyFile,
        };
        (lock.unwrap_or(made), kind)
    });
}

/// A profile is open: its steps as an earlier run left them.
pub(super) fn on_opened(model: &mut Model, steps: &[StepChange], stage: Stage) {
    settle_lock(&mut model.setup);
    model.setup.since = None;
    model.setup.phase = if stage == Stage::Ready {
        Phase::Done
    } else {
        Phase::Choosing
    };
    model.setup.steps = fresh_steps();
    for change in steps {
        on_step(model, change.clone());
    }
    if stage == Stage::Ready {
        for known in &mut model.setup.steps {
            if known.state == StepState::Waiting {
                known.state = StepState::Done { took: None };
            }
        }
    }
    model.setup.since = None;
}
