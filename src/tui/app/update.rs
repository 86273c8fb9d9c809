//! A message in, a changed model and effects out. No IO, no clock, no randomness.

use jiff::Timestamp;

use super::{Effect, Model, Msg, Opened, Screen, act};
use crate::base::{Environment, printable};
use crate::config::LastUsed;
use crate::tui::keymap::{Action, Chord, Context};
use crate::tui::overlay;
use crate::tui::screen::{connect, doctor, locked, log, payments, setup, users};
use crate::tui::{lists, mouse};
use crate::workspace::Stage;

/// Takes a message.
pub(in crate::tui) fn update(model: &mut Model, msg: Msg, now: Timestamp) -> Vec<Effect> {
    model.now = now;
    // What comes while the help lies over something is for what it lies over.
    let help = (!msg.is_of_a_person())
        .then(|| overlay::lift_help(model))
        .flatten();
    let mut effects = take(model, msg);
    overlay::settle(model);
    if let Some(help) = help {
        overlay::lay_help(model, help);
    }
    effects.extend(settle(model));
    effects
}

/// What a person does, and what happens on a screen.
fn take(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Started => setup::begin(model),
        Msg::Acted(action) => act::act(model, action),
        Msg::Missed(chord) => {
            let words = why_not(model, chord);
            model.say(words);
            Vec::new()
        }
        Msg::Typed(keystroke) if lists::type_key(model, keystroke) => Vec::new(),
        Msg::Typed(keystroke) => overlay::type_key(model, keystroke),
        Msg::Pasted(text) => overlay::paste(model, &text),
        Msg::Pointed(pointed) => mouse::update(model, pointed),
        Msg::Arranged {
            generation,
            list,
            arranged,
        } => {
            lists::arrive(model, list, generation, arranged);
            Vec::new()
        }
        Msg::Resized(columns, rows) => {
            model.size = (columns, rows);
            Vec::new()
        }
        Msg::NoShell => {
            model.say("There is no shell to go back to.");
            Vec::new()
        }
        Msg::Ticked => Vec::new(),
        Msg::Idled => locked::on_idle(model),
        Msg::Setup(msg) => on_setup(model, msg),
        Msg::Connect(msg) => on_connect(model, msg),
        Msg::Users(msg) => users::update(model, msg),
        Msg::Payments(msg) => payments::update(model, msg),
        Msg::Doctor(msg) => {
            doctor::update(model, msg);
            Vec::new()
        }
        answer @ (Msg::Log(_)
        | Msg::Recalled { .. }
        | Msg::ProfilesListed { .. }
        | Msg::KeyringProbed { .. }
        | Msg::StoredLooked { .. }
        | Msg::JsonRecalled { .. }
        | Msg::Budgets { .. }
        | Msg::Exported { .. }
        | Msg::Copied
        | Msg::Kept(_)) => hear(model, answer),
    }
}

/// The answers that no single screen waits for, and what happens to requests.
fn hear(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        // Of what ended with the lock.
        Msg::Log(_) | Msg::Recalled { .. } | Msg::Budgets { .. } if model.locked.is_some() => {
            Vec::new()
        }
        Msg::Log(event) => {
            let mut effects = log::note(&mut model.log, event);
            effects.extend(log::look(model));
            effects
        }
        Msg::Recalled { id, transcript } => {
            log::recalled(&mut model.log, id, transcript);
            Vec::new()
        }
        Msg::ProfilesListed { generation, result } => {
            overlay::profiles::on_listed(model, generation, result);
            Vec::new()
        }
        Msg::StoredLooked { generation, result } => {
            overlay::stored::on_looked(model, generation, result);
            Vec::new()
        }
        Msg::KeyringProbed { generation, result } => {
            overlay::locking::on_probed(model, generation, result);
            Vec::new()
        }
        Msg::JsonRecalled { generation, result } => {
            overlay::json::on_recalled(model, generation, result);
            Vec::new()
        }
        Msg::Budgets { generation, result } => log::on_budgets(model, generation, result),
        // Of what was locked meanwhile; the file is whole or not there all the same.
        Msg::Exported { .. } if model.locked.is_some() => Vec::new(),
        Msg::Exported {
            generation,
            path,
            count,
            result,
        } => {
            overlay::export::on_exported(model, generation, &path, (count, result));
            Vec::new()
        }
        Msg::Copied if overlay::copy::on_copied(model) => Vec::new(),
        Msg::Copied => {
            let words = if model.screen == Screen::Doctor {
                "Sent to the terminal's clipboard. If nothing arrives there: \
                 {everywhere.go-doctor} tells why."
            } else {
                "Sent to the terminal's clipboard. If nothing arrives there, \
                 {connect.show-address} shows the address alone."
            };
            model.say(model.spell(words));
            Vec::new()
        }
        Msg::Kept(result) => {
            if let Err(problem) = result {
                model.complain(problem.what);
            }
            Vec::new()
        }
        // The others were taken already.
        _ => Vec::new(),
    }
}

/// Keeps all selections in range and in sight.
fn settle(model: &mut Model) -> Vec<Effect> {
    let mut effects = users::settle(model);
    effects.extend(log::settle(model));
    effects.extend(doctor::settle(model));
    effects.extend(overlay::profiles::settle(model));
    overlay::json::settle(model);
    payments::settle(model);
    overlay::export::settle(model);
    effects
}

/// Why a key does nothing here.
fn why_not(model: &Model, chord: Chord) -> String {
    // What was pressed may be any character.
    let key = printable(&chord.label());
    if let Some(overlay) = &model.overlay {
        let context = overlay.context();
        let out = context.way_out().unwrap_or(Action::Back);
        let out = model.key(context, out);
        return format!("{key} does nothing here. {out} closes this first.");
    }
    if model.locked.is_some() {
        return model.spell(locked::LOCKED);
    }
    let elsewhere = model.facts.keymap.elsewhere(chord);
    match elsewhere.map(|binding| (binding, binding.context.screen())) {
        Some((binding, Some(screen))) => format!(
            "{key} ({}) acts on {}: press {} first.",
            binding.label,
            screen.title(),
            model.key(Context::Everywhere, Action::Go(screen))
        ),
        _ => {
            let help = model.key(Context::Everywhere, Action::Help);
            format!("{key} does nothing here. {help} lists the keys.")
        }
    }
}

/// Setup's messages, and where they lead.
fn on_setup(model: &mut Model, msg: setup::Msg) -> Vec<Effect> {
    match setup::update(model, msg) {
        setup::Outcome::Stay(effects) => effects,
        setup::Outcome::Opened(opened) => on_opened(model, *opened),
        setup::Outcome::Finished { anew } => {
            let mut effects = Vec::new();
            if anew {
                // Who was connected is not any more.
                effects.extend(users::start_over(model));
            }
            effects.extend(connect::begin(model));
            effects
        }
    }
}

/// A profile is open: go on where it stands.
fn on_opened(model: &mut Model, opened: Opened) -> Vec<Effect> {
    let mut effects = Vec::new();
    if opened.profile.environment != Environment::Demo {
        effects.push(Effect::KeepLastUsed(LastUsed {
            environment: opened.profile.environment.name(),
            profile: opened.profile.name.clone(),
        }));
    }
    if model.connect.is_active() {
        effects.push(Effect::CancelConnect);
    }
    model.setup.choose(opened.profile.clone());
    effects.extend(users::stop_refresh(model));
    model.connect = connect::State::keeping(&model.connect);
    model.users = users::State::default();
    model.payments = payments::State::default();
    model.doctor = doctor::State::default();
    model.log.forget();
    // A question about a user of the last workspace must not be answered in this one.
    model.overlay.take_if(|overlay| {
        overlay.belongs_to_workspace()
            || overlay.belongs_to_payments()
            || overlay.belongs_to_connect()
    });
    model.data.turn_to(opened.profile, model.setup.generation);
    model.data.stage = Some(opened.stage);
    model.data.provider = opened.provider;
    model.data.list(opened.users);
    model.data.perhaps_granted = opened.perhaps_granted;
    let left = model.locked.take();
    effects.extend(match opened.stage {
        Stage::Ready if left.is_some() => Vec::new(),
        Stage::Ready if model.data.users.is_empty() => connect::begin(model),
        Stage::Ready => {
            model.screen = Screen::Users;
            users::enter(model)
        }
        Stage::Unfinished => setup::resume(model),
        Stage::Fresh => setup::after_opening(model),
    });
    if let Some(left) = left {
        effects.extend(locked::go_back(model, &left));
    }
    if model.data.environment != Environment::Demo {
        effects.push(Effect::CheckStore);
    }
    effects
}

/// Connect's messages, and where they lead.
fn on_connect(model: &mut Model, msg: connect::Msg) -> Vec<Effect> {
    let (mut effects, connected) = connect::update(model, msg);
    if let Some(connected) = connected {
        model.data.perhaps_granted = None;
        model.screen = Screen::Users;
        model
            .overlay
            .take_if(|overlay| overlay.belongs_to_connect());
        model.succeed(if connected.again {
            format!(
                "{} is connected again as user {}.",
                connected.name, connected.number
            )
        } else {
            format!(
                "{} is connected as user {}. Not the one you meant? {} forgets it.",
                connected.name,
                connected.number,
                model.key(Context::Users, Action::Forget)
            )
        });
        effects.extend(users::welcome(model, connected.number));
    }
    effects
}
