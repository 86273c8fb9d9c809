//! Setting up anew at a bank that has forgotten us.

use super::update::is_open;
use super::{Phase, fresh_steps};
use crate::base::{Problem, Remedy};
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::overlay::{Confirm, Overlay};
use crate::tui::screen::{connect, payments, users};
use crate::workspace::Stage;

/// Whether a problem that is known says that the bank has forgotten us, or a check of the doctor's
/// names it as a way out.
fn may_help(model: &Model) -> bool {
    let setup = match &model.setup.phase {
        Phase::Failed(problem) if is_open(model) => Some(problem),
        _ => None,
    };
    if model.screen == Screen::Doctor && model.data.is_ready() && model.doctor.asks_for_anew() {
        return true;
    }
    let forgot = |problem: &Problem| problem.remedy == Some(Remedy::SetUpAnew);
    setup
        .into_iter()
        .chain(model.connect.problem())
        .chain(users::problems(model))
        .chain(payments::problems(model))
        .any(forgot)
}

/// Why nothing is set up anew now.
pub(in crate::tui) fn refusal_to_set_up_anew(model: &Model) -> Option<String> {
    let reason = if model.connect.is_exchanging() {
        "The last user is being stored; a moment."
    } else if model.setup.is_busy() {
        "The setup is under way."
    } else if model.data.stage.is_none_or(|stage| stage == Stage::Fresh) {
        "Nothing is set up yet: {everywhere.go-setup} shows the setup, {setup.set-up} runs it."
    } else if !may_help(model) {
        "The bank knows us, as far as was seen: there is nothing to set up anew."
    } else {
        return None;
    };
    Some(model.spell(reason))
}

/// Asks first.
pub(in crate::tui) fn ask_to_set_up_anew(model: &mut Model) {
    model.overlay = Some(Overlay::Confirm(Confirm::set_up_anew()));
}

/// The person said yes: the open profile's setup runs from its first step.
pub(in crate::tui) fn set_up_anew(model: &mut Model) -> Vec<Effect> {
    // What was true when it was asked may not be so any more.
    if let Some(reason) = refusal_to_set_up_anew(model) {
        model.say(reason);
        return Vec::new();
    }
    let mut effects = users::stop_refresh(model);
    if model.connect.is_active() {
        model.connect = connect::State::keeping(&model.connect);
        effects.push(Effect::CancelConnect);
    }
    if let Some(profile) = model.data.profile.clone() {
        model.setup.choose(profile);
    }
    effects.extend(again(model));
    effects
}

/// Runs it, or runs it again.
pub(super) fn again(model: &mut Model) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.screen = Screen::Setup;
    let state = &mut model.setup;
    state.generation = generation;
    state.phase = Phase::Running;
    state.since = Some(model.now);
    state.steps = fresh_steps();
    state.attempt = None;
    state.anew = true;
    // What was ready is no more: from here on there is only something to go on with.
    model.data.stage = Some(Stage::Unfinished);
    vec![Effect::SetUpAnew { generation }]
}
