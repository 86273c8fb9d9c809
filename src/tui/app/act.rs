//! What a key does, and why it does not.

use super::{Effect, Model, Screen, looks};
use crate::tui::keymap::Action;
use crate::tui::overlay::{self, Overlay};
use crate::tui::screen::{connect, doctor, locked, log, payments, setup, users};
use crate::tui::{lists, mouse};

/// Does what a key means, or says why it does not.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
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
    if lists::act_typing(model, action) {
        return Vec::new();
    }
    if action == Action::Back && takes_filter_away(model) {
        lists::clear_filter(model);
        return Vec::new();
    }
    if model.overlay.is_some() {
        return match action {
            Action::Help => overlay::help(model),
            Action::Palette => overlay::palette::open_over(model),
            action => overlay::act(model, action),
        };
    }
    if let Some(reason) = refusal(model, action) {
        model.say(reason);
        return Vec::new();
    }
    let anywhere = matches!(
        action,
        Action::Leave | Action::Help | Action::Palette | Action::Mouse | Action::NextTheme
    );
    if model.locked.is_some() && !anywhere {
        return locked::act(model, action);
    }
    perform(model, action)
}

/// Does what nothing stands in the way of.
fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Leave => vec![Effect::Leave],
        Action::Help => {
            model.overlay = Some(Overlay::help(model.contexts()));
            Vec::new()
        }
        Action::Palette => overlay::palette::open(model),
        Action::Go(screen) => go(model, screen),
        Action::NextTheme => looks::next_theme(model),
        Action::Connect => connect::begin(model),
        Action::Profiles => overlay::profiles::open(model),
        Action::Stored => overlay::stored::open(model),
        Action::Hide => hide(model),
        Action::RawJson => overlay::json::open(model),
        Action::CopyMenu => overlay::copy::open(model),
        Action::Export => overlay::export::open(model),
        Action::SetUpAnew => {
            setup::ask_to_set_up_anew(model);
            Vec::new()
        }
        // Payments are sorted where they are stored.
        Action::Sort | Action::TurnRound if model.screen == Screen::Payments => {
            payments::act(model, action)
        }
        Action::Filter | Action::Sort | Action::TurnRound => {
            lists::act(model, action);
            Vec::new()
        }
        Action::Mouse => mouse::turn(model),
        action => on_screen(model, action),
    }
}

/// Another screen is shown.
fn go(model: &mut Model, screen: Screen) -> Vec<Effect> {
    let from = std::mem::replace(&mut model.screen, screen);
    match screen {
        Screen::Users => users::show(model),
        Screen::Payments => payments::show(model, from),
        Screen::Doctor => doctor::show(model),
        Screen::Log => log::show(model),
        Screen::Setup | Screen::Connect => Vec::new(),
    }
}

/// What only the screen knows.
fn on_screen(model: &mut Model, action: Action) -> Vec<Effect> {
    match model.screen {
        Screen::Setup => setup::act(model, action),
        Screen::Connect => connect::act(model, action),
        Screen::Users => users::act(model, action),
        Screen::Payments => payments::act(model, action),
        Screen::Doctor => doctor::act(model, action),
        Screen::Log => log::act(model, action),
    }
}

/// Esc shows all rows again before it goes back; what runs it stops first.
fn takes_filter_away(model: &Model) -> bool {
    lists::is_filtered(model) && (model.overlay.is_some() || !model.users.everyone.is_running())
}

/// Hides amounts and account numbers, or shows them again.
fn hide(model: &mut Model) -> Vec<Effect> {
    let hidden = !model.facts.forms.hidden;
    model.facts.forms.hidden = hidden;
    model.say(model.spell(if hidden {
        "Amounts and IBANs are hidden on the screens; exports have them. {everywhere.hide} shows \
         them again."
    } else {
        "Amounts and IBANs are shown."
    }));
    model.remember(|memory| memory.hidden = hidden)
}

/// Why an action would do nothing now; none when it acts. The footer leaves out what is refused.
pub(in crate::tui) fn refusal(model: &Model, action: Action) -> Option<String> {
    refusal_on(model, model.screen, action)
}

/// The same, once the person has gone to this screen.
pub(in crate::tui) fn refusal_on(model: &Model, screen: Screen, action: Action) -> Option<String> {
    if model.locked.is_some() {
        return locked::refusal(model, action);
    }
    let filtered = lists::is_filtered_on(model, screen)
        && (model.overlay.is_some() || !model.users.everyone.is_running());
    if lists::typing(model).is_some() || (action == Action::Back && filtered) {
        return None;
    }
    match action {
        Action::Lock => locked::refusal_to_lock(model).map(|words| model.spell(words)),
        Action::Connect => connect::refusal_to_begin(model),
        Action::Profiles => setup::refusal_to_switch(model),
        Action::SetUpAnew => setup::refusal_to_set_up_anew(model),
        Action::RawJson => overlay::json::refusal(model, screen),
        Action::CopyMenu => overlay::copy::refusal(model, screen),
        Action::Export => overlay::export::refusal(model, screen),
        Action::Leave
        | Action::Interrupt
        | Action::Suspend
        | Action::Help
        | Action::Palette
        | Action::Stored
        | Action::Mouse
        | Action::Hide
        | Action::NextTheme
        | Action::Go(_) => None,
        Action::Filter | Action::Sort | Action::TurnRound if screen != Screen::Payments => {
            lists::refusal(model, screen, action)
        }
        action => match screen {
            Screen::Setup => setup::refusal(model, action),
            Screen::Connect => connect::refusal(model, action),
            Screen::Users => users::refusal(model, action),
            Screen::Payments => payments::refusal(model, action),
            Screen::Doctor => doctor::refusal(model, action),
            Screen::Log => log::refusal(model, action),
        },
    }
}
