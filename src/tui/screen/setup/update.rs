//! How Setup changes.

use super::opening::{ask_for_passphrase, on_lock, on_not_opened, on_opened, open, stop_waiting};
use super::{CertificateFiles, Choice, Msg, Outcome, Phase, Row, State, anew, fresh_steps};
use crate::base::{Problem, Secret};
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::keymap::Action;
use crate::tui::overlay::{Entry, Overlay};
use crate::workspace::{
    CertificatePem, Lock, ProviderChoice, SlotKind, Stage, StepChange, StepState,
};

/// What the start asks for: the demo's bank is started at once, a profile is opened.
pub(in crate::tui) fn begin(model: &mut Model) -> Vec<Effect> {
    let alone = model.setup.environments.len() == 1;
    if alone || model.setup.named.is_some() {
        open(model)
    } else {
        Vec::new()
    }
}

/// What a key does on Setup.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::SetUp => return set_up(model),
        Action::Retry => return retry(model),
        Action::Cancel => return stop_waiting(model),
        Action::TypePassphrase => ask_for_passphrase(model, None),
        Action::Up | Action::Down | Action::FocusNext | Action::FocusPrevious => {
            model.setup.row = match model.setup.row {
                Row::Environment => Row::Provider,
                Row::Provider => Row::Environment,
            };
        }
        Action::Next => change(model, true),
        Action::Previous => change(model, false),
        _ => {}
    }
    Vec::new()
}

/// Why a key does nothing on Setup.
pub(in crate::tui) fn refusal(model: &Model, action: Action) -> Option<String> {
    let state = &model.setup;
    let reason = match action {
        Action::SetUp | Action::Retry if model.connect.is_exchanging() => {
            "The last user is being stored; a moment."
        }
        Action::SetUp if state.is_busy() && !waits_for_the_person(state) => {
            "The setup is under way."
        }
        Action::SetUp if is_done(model) && !model.connect.failed_early() => {
            "This is set up already: {everywhere.connect} connects a user."
        }
        Action::Retry if !matches!(state.phase, Phase::Failed(_)) => "Nothing failed here.",
        Action::Cancel if state.phase != Phase::Opening => "There is nothing to stop.",
        Action::TypePassphrase if !state.takes_passphrase() => {
            "Nothing here is unlocked by a passphrase."
        }
        Action::Next
        | Action::Previous
        | Action::Up
        | Action::Down
        | Action::FocusNext
        | Action::FocusPrevious
            if state.is_busy() && !waits_for_the_person(state) =>
        {
            "The setup is under way."
        }
        Action::Next | Action::Previous
            if state.row == Row::Environment && state.environments.len() < 2 =>
        {
            "Here is only the demo. Start without `demo` for bunq's own environments."
        }
        Action::Next | Action::Previous if state.row == Row::Provider && is_done(model) => {
            "The provider was chosen when this was set up."
        }
        _ => return None,
    };
    Some(model.spell(reason))
}

/// While a profile is opened before anybody asked to set it up.
pub(super) fn waits_for_the_person(state: &State) -> bool {
    state.phase == Phase::Opening && !state.go_on
}

impl State {
    /// Whether the chosen profile is locked and has a passphrase.
    pub(super) fn takes_passphrase(&self) -> bool {
        let has = |lock: &Lock| lock.has(SlotKind::Passphrase);
        self.is_locked() && self.locked_by().is_some_and(has)
    }
}

/// Whether what is chosen is what is open and set up.
pub(super) fn is_done(model: &Model) -> bool {
    model.data.is_ready() && is_open(model)
}

/// Whether what is chosen is what is open.
pub(super) fn is_open(model: &Model) -> bool {
    model.data.profile.as_ref() == Some(&model.setup.profile())
}

fn change(model: &mut Model, forward: bool) {
    let state = &mut model.setup;
    let turn = |at: usize, count: usize| {
        let step = if forward { 1 } else { count.saturating_sub(1) };
        (at + step).checked_rem(count).unwrap_or(0)
    };
    match state.row {
        Row::Environment => {
            state.environment = turn(state.environment, state.environments.len());
            state.provider = 0;
        }
        Row::Provider => {
            let count = Choice::at(&state.environment()).len();
            state.provider = turn(state.provider, count);
        }
    }
    model.setup.lock = None;
    let chosen = model.setup.environment();
    if model.data.stage.is_none() {
        model.data.environment = chosen;
        model.setup.steps = fresh_steps();
    }
    if matches!(model.setup.phase, Phase::Failed(_)) {
        model.setup.phase = Phase::Choosing;
    }
}

/// Sets up what is chosen, opening it first.
fn set_up(model: &mut Model) -> Vec<Effect> {
    model.setup.go_on = true;
    if model.setup.anew && is_open(model) && matches!(model.setup.phase, Phase::Failed(_)) {
        return retry(model);
    }
    let open_already = is_open(model);
    if model.setup.phase == Phase::Opening {
        Vec::new()
    } else if open_already && model.data.is_ready() {
        // Something that was set up is missing at the bank by now.
        run(model, None)
    } else if open_already {
        after_opening(model)
    } else {
        open(model)
    }
}

/// Tries again what failed: the steps from where they stand, or the opening.
fn retry(model: &mut Model) -> Vec<Effect> {
    if model.setup.anew && is_open(model) && model.setup.done() == 0 {
        return anew::again(model);
    }
    let stands = model.setup.done() > 0 || model.setup.attempt.is_some();
    if stands && is_open(model) && model.data.stage == Some(Stage::Unfinished) {
        let attempt = model.setup.attempt.clone();
        run(model, attempt)
    } else {
        set_up(model)
    }
}

/// A profile without anything in it is open: set it up, if that was asked for.
pub(in crate::tui) fn after_opening(model: &mut Model) -> Vec<Effect> {
    model.setup.phase = Phase::Choosing;
    if !model.setup.go_on {
        return Vec::new();
    }
    match model.setup.choice() {
        Choice::NewPsd2Provider(roles) => run(model, Some(ProviderChoice::NewPsd2Provider(roles))),
        Choice::OwnCertificate => {
            model.overlay = Some(Overlay::Entry(Entry::certificate(None)));
            Vec::new()
        }
        Choice::NewPerson => run(model, Some(ProviderChoice::NewPerson)),
        Choice::NewCompany => run(model, Some(ProviderChoice::NewCompany)),
        Choice::OwnKey => {
            model.overlay = Some(Overlay::Entry(Entry::api_key()));
            Vec::new()
        }
    }
}

/// Goes on with what an earlier run chose.
pub(in crate::tui) fn resume(model: &mut Model) -> Vec<Effect> {
    model.screen = Screen::Setup;
    run(model, None)
}

/// Reads the files that were named, to run the setup with their certificate.
pub(in crate::tui) fn read_certificate(model: &mut Model, files: CertificateFiles) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.setup.generation = generation;
    model.setup.phase = Phase::Opening;
    vec![Effect::ReadCertificate { generation, files }]
}

/// The files were read, or others must be named.
fn on_certificate(model: &mut Model, result: Result<CertificatePem, Problem>) -> Vec<Effect> {
    match result {
        Ok(pem) => run(model, Some(ProviderChoice::OwnCertificate(pem))),
        Err(problem) => {
            model.setup.phase = Phase::Choosing;
            model.overlay = Some(Overlay::Entry(Entry::certificate(Some(&problem))));
            Vec::new()
        }
    }
}

/// Runs the setup with the key that was typed.
pub(in crate::tui) fn run_with_key(model: &mut Model, key: Secret) -> Vec<Effect> {
    run(model, Some(ProviderChoice::ApiKey(key)))
}

fn run(model: &mut Model, choice: Option<ProviderChoice>) -> Vec<Effect> {
    let generation = model.data.next_generation();
    let state = &mut model.setup;
    state.generation = generation;
    state.phase = Phase::Running;
    state.since = Some(model.now);
    state.attempt.clone_from(&choice);
    for change in &mut state.steps {
        if matches!(change.state, StepState::Failed(_) | StepState::Running) {
            change.state = StepState::Waiting;
        }
    }
    // From here on there is something to go on with. What was complete stays so: a further run
    // only mends what the bank has lost.
    if !model.data.is_ready() {
        model.data.stage = Some(Stage::Unfinished);
    }
    vec![Effect::RunSetup { generation, choice }]
}

/// Takes a message; late ones are dropped.
pub(in crate::tui) fn update(model: &mut Model, msg: Msg) -> Outcome {
    let generation = match &msg {
        Msg::Inspected { generation, .. }
        | Msg::CertificateRead { generation, .. }
        | Msg::Opened { generation, .. }
        | Msg::Stepped { generation, .. }
        | Msg::Finished { generation, .. } => *generation,
    };
    if generation != model.setup.generation {
        return Outcome::Stay(Vec::new());
    }
    match msg {
        Msg::Inspected { result, .. } => Outcome::Stay(match result {
            Ok(lock) => on_lock(model, lock),
            Err(problem) => fail(model, problem),
        }),
        Msg::CertificateRead { result, .. } => Outcome::Stay(on_certificate(model, result)),
        Msg::Opened { result, .. } => match result {
            Ok(opened) => {
                on_opened(model, &opened.steps, opened.stage);
                Outcome::Opened(opened)
            }
            Err(problem) => Outcome::Stay(on_not_opened(model, problem)),
        },
        Msg::Stepped { change, .. } => {
            on_step(model, change);
            Outcome::Stay(Vec::new())
        }
        Msg::Finished { result, .. } => match result {
            Ok(provider) => {
                model.setup.phase = Phase::Done;
                model.setup.since = None;
                model.setup.go_on = false;
                model.setup.attempt = None;
                let anew = std::mem::take(&mut model.setup.anew);
                model.data.stage = Some(Stage::Ready);
                model.data.provider = Some(provider);
                Outcome::Finished { anew }
            }
            Err(problem) => Outcome::Stay(fail(model, problem)),
        },
    }
}

pub(super) fn fail(model: &mut Model, problem: Problem) -> Vec<Effect> {
    model.setup.phase = Phase::Failed(problem);
    model.setup.since = None;
    Vec::new()
}

pub(super) fn on_step(model: &mut Model, change: StepChange) {
    if change.state == StepState::Running {
        model.setup.since = Some(model.now);
    }
    if let Some(known) = model
        .setup
        .steps
        .iter_mut()
        .find(|known| known.step == change.step)
    {
        known.state = change.state;
    }
}
