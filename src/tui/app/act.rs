//! What a key does, and why it does not.

use super::{Effect, Model, Screen};
use crate::tui::keymap::Action;
use crate::tui::overlay::{self, Overlay};
use crate::tui::screen::{connect, doctor, locked, log, payments, setup, users};

/// Does what a key means, or says why it does not.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    model.status = None;
    if action == Action::Interrupt {
        return vec![Effect::Leave];
    }
    if action == Action::Suspend {
        return vec![Effect::Suspend];
    }
    // Whatever lies over the screen is no reason to leave it open.
    if action == Action::Lock {
        return locked::ask(model);
    }
    if model.overlay.is_some() {
        return overlay::act(model, action);
    }
    if let Some(reason) = refusal(model, action) {
        model.say(reason);
        return Vec::new();
    }
    if model.locked.is_some() && !matches!(action, Action::Leave | Action::Help) {
        return locked::act(model, action);
    }
    match action {
        Action::Leave => vec![Effect::Leave],
        Action::Help => {
            model.overlay = Some(Overlay::help(model.contexts()));
            Vec::new()
        }
        Action::Go(screen) => {
            let from = std::mem::replace(&mut model.screen, screen);
            match screen {
                Screen::Users => users::show(model),
                Screen::Payments => payments::show(model, from),
                Screen::Doctor => doctor::show(model),
                Screen::Setup | Screen::Connect | Screen::Log => Vec::new(),
            }
        }
        Action::Connect => connect::begin(model),
        Action::Profiles => overlay::profiles::open(model),
        Action::Stored => overlay::stored::open(model),
        Action::SetUpAnew => {
            setup::ask_to_set_up_anew(model);
            Vec::new()
        }
        action => match model.screen {
            Screen::Setup => setup::act(model, action),
            Screen::Connect => connect::act(model, action),
            Screen::Users => users::act(model, action),
            Screen::Payments => payments::act(model, action),
            Screen::Doctor => doctor::act(model, action),
            Screen::Log => log::act(model, action),
        },
    }
}

/// Why an action would do nothing now; none when it acts. The footer leaves out what is refused.
pub(in crate::tui) fn refusal(model: &Model, action: Action) -> Option<String> {
    if model.locked.is_some() {
        return locked::refusal(model, action);
    }
    match action {
        Action::Lock => locked::refusal_to_lock(model).map(Into::into),
        Action::Connect => connect::refusal_to_begin(model),
        Action::Profiles => setup::refusal_to_switch(model),
        Action::SetUpAnew => setup::refusal_to_set_up_anew(model),
        Action::Leave
        | Action::Interrupt
        | Action::Suspend
        | Action::Help
        | Action::Stored
        | Action::Go(_) => None,
        action => match model.screen {
            Screen::Setup => setup::refusal(model, action),
            Screen::Connect => connect::refusal(model, action),
            Screen::Users => users::refusal(model, action),
            Screen::Payments => payments::refusal(model, action),
            Screen::Doctor => doctor::refusal(model, action),
            Screen::Log => log::refusal(model, action),
        },
    }
}
