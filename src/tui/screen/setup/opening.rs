//! Opening a profile: the demo at once, a store with what unlocks it.

use super::update::{fail, on_step, waits_for_the_person};
use super::{Phase, fresh_steps};
use crate::base::{Environment, Exit, Problem, Secret};
use crate::tui::app::{Effect, Model, Screen, Unlock};
use crate::tui::overlay::{Entry, Overlay};
use crate::workspace::{Lock, Profile, Stage, StepChange, StepState};

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
    state.unlocking = false;
    if model.data.stage.is_none() {
        model.data.environment = model.setup.environment();
        model.setup.steps = fresh_steps();
    }
    model.say("Choose its bank and who to be there; s sets it up.");
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
    open_store(model, Unlock::Passphrase(passphrase))
}

fn open_store(model: &mut Model, key: Unlock) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.setup.generation = generation;
    model.setup.phase = Phase::Opening;
    model.setup.since = Some(model.now);
    vec![Effect::OpenStore {
        generation,
        profile: model.setup.profile(),
        key,
    }]
}

/// The store was looked at: open it with what there is, or ask.
pub(super) fn on_lock(model: &mut Model, lock: &Lock) -> Vec<Effect> {
    let key_file = model.facts.key_file.clone();
    model.setup.unlocking = false;
    match (lock, key_file) {
        (Lock::Absent, _) if !model.setup.go_on => {
            model.setup.phase = Phase::Choosing;
            Vec::new()
        }
        (Lock::Absent | Lock::Locked { key_file: true, .. }, Some(file)) => {
            open_store(model, Unlock::File(file))
        }
        (Lock::Absent, None) => {
            model.setup.phase = Phase::Choosing;
            model.overlay = Some(Overlay::Entry(Entry::new_passphrase()));
            Vec::new()
        }
        (
            Lock::Locked {
                passphrase: true, ..
            },
            _,
        ) => {
            model.setup.phase = Phase::Choosing;
            model.setup.unlocking = true;
            let name = model.setup.profile().name;
            model.overlay = Some(Overlay::Entry(Entry::unlock(&name, None)));
            Vec::new()
        }
        (Lock::Locked { .. }, _) => fail(
            model,
            Problem::new("This store cannot be opened here", Exit::NotReady)
                .because("it is opened by a key file, and none was named")
                .next("Start again with --key-file FILE."),
        ),
    }
}

/// The store did not open: a wrong passphrase may be typed again.
pub(super) fn on_not_opened(model: &mut Model, problem: Problem) -> Vec<Effect> {
    if model.setup.unlocking {
        model.setup.phase = Phase::Choosing;
        let name = model.setup.profile().name;
        let words = if problem.why.is_empty() {
            problem.what
        } else {
            format!("{}: {}", problem.what, problem.why)
        };
        model.overlay = Some(Overlay::Entry(Entry::unlock(&name, Some(words))));
        Vec::new()
    } else {
        fail(model, problem)
    }
}

/// A profile is open: its steps as an earlier run left them.
pub(super) fn on_opened(model: &mut Model, steps: &[StepChange], stage: Stage) {
    model.setup.unlocking = false;
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
