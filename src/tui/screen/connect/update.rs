//! How Connect changes.

use core::net::IpAddr;

use super::{Inviting, Msg, Phase, State};
use crate::base::{Environment, Problem, Remedy, Secret};
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::data::Generation;
use crate::tui::keymap::Action;
use crate::tui::overlay::{Confirm, Entry, Overlay};
use crate::tui::screen::setup;
use crate::tui::widget::qr::Code;
use crate::workspace::{Connected, Invitation};

/// Begins to connect a user.
pub(in crate::tui) fn begin(model: &mut Model) -> Vec<Effect> {
    let generation = start(model);
    vec![Effect::BeginConnect { generation }]
}

/// The person said yes: a phone on the network may come back.
pub(in crate::tui) fn begin_over_lan(model: &mut Model, address: IpAddr) -> Vec<Effect> {
    // What was true when it was asked may not be so any more.
    if let Some(reason) = refusal(model, Action::OverLan) {
        model.say(reason);
        return Vec::new();
    }
    let generation = start(model);
    vec![Effect::BeginConnectOverLan {
        generation,
        address,
    }]
}

fn start(model: &mut Model) -> Generation {
    let generation = model.data.next_generation();
    model.screen = Screen::Connect;
    model.connect.generation = generation;
    model.connect.phase = Phase::Starting;
    generation
}

/// Why no user can be connected now.
pub(in crate::tui) fn refusal_to_begin(model: &Model) -> Option<String> {
    let reason = if model.setup.is_locked() {
        crate::tui::screen::LOCKED
    } else if model.setup.phase == setup::Phase::Running {
        "The setup is under way."
    } else if !model.data.is_ready() {
        "Set up first: {everywhere.go-setup} shows the setup, {setup.set-up} runs it."
    } else {
        match model.connect.phase {
            Phase::Starting => "The code is on its way.",
            Phase::Inviting(_) => {
                "The code is shown already: {everywhere.go-connect} goes to it, {connect.cancel} \
                 there cancels it."
            }
            Phase::Exchanging => "The last user is being stored; a moment.",
            Phase::Idle | Phase::Failed { .. } => return None,
        }
    };
    Some(model.spell(reason))
}

/// What a key does on Connect.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let generation = model.connect.generation;
    match action {
        Action::Approve => {
            if let Phase::Inviting(inviting) = &mut model.connect.phase {
                inviting.approving = true;
                let authorize_url = Secret::new(inviting.invitation.authorize_url.clone());
                return vec![Effect::Approve {
                    generation,
                    authorize_url,
                }];
            }
        }
        Action::OpenBrowser => {
            if let Some(address) = model.connect.address() {
                return vec![Effect::OpenBrowser(Secret::new(address))];
            }
        }
        Action::CopyAddress => {
            if let Some(address) = model.connect.address() {
                return vec![Effect::Copy(Secret::new(address))];
            }
        }
        Action::ShowAddress => model.overlay = Some(Overlay::Address),
        Action::PasteAddress => model.overlay = Some(Overlay::Entry(Entry::address())),
        Action::OverLan => {
            if let Phase::Inviting(inviting) = &model.connect.phase {
                return match inviting.invitation.lan_address {
                    Some(_) => begin(model),
                    None => vec![Effect::FindLan { generation }],
                };
            }
        }
        Action::CycleForm => return cycle_form(model),
        Action::Retry => return begin(model),
        Action::ChangePort => model.overlay = Some(Overlay::Entry(Entry::port())),
        Action::Cancel => {
            model.connect.phase = Phase::Idle;
            model.connect.generation = model.data.next_generation();
            let words =
                "Cancelled: the address no longer works. {everywhere.connect} makes a new one.";
            model.say(model.spell(words));
            return vec![Effect::CancelConnect];
        }
        _ => {}
    }
    Vec::new()
}

fn cycle_form(model: &mut Model) -> Vec<Effect> {
    model.connect.form = model.connect.form.next();
    let form = model.connect.form;
    model.say(format!("QR code: {}.", form.label()));
    model.remember(|memory| memory.qr_form = Some(form.name().into()))
}

/// Why a key does nothing on Connect.
pub(in crate::tui) fn refusal(model: &Model, action: Action) -> Option<String> {
    let demo = model.data.environment == Environment::Demo;
    let nothing_shown = "No code is shown: {everywhere.connect} makes one.";
    let reason = match (&model.connect.phase, action) {
        (Phase::Inviting(_), Action::Approve) if !demo => {
            "Only the demo can approve for you; here the bank's own page asks."
        }
        (Phase::Inviting(_), Action::OverLan) if demo => {
            "No phone can come back to the demo: its bank can be reached on this machine only."
        }
        (Phase::Inviting(inviting), Action::Approve) if inviting.approving => {
            "Approved: the browser is on its way back."
        }
        (Phase::Inviting(_), Action::OpenBrowser) if model.facts.over_ssh => {
            "Over SSH the browser would open on the other machine. Open the address on this one: \
             {connect.copy-address} copies it, {connect.show-address} shows it alone."
        }
        (Phase::Inviting(_), Action::ChangePort) => {
            "The port is ours: another is of use where this one is taken. --callback-url names \
             another."
        }
        (Phase::Inviting(_), Action::Retry) => {
            "Nothing failed. {connect.cancel} cancels, then {everywhere.connect} makes a new code."
        }
        (Phase::Failed { .. }, Action::Retry) => return None,
        (Phase::Failed { problem, .. }, Action::ChangePort) => {
            if problem.remedy == Some(Remedy::OtherPort) {
                return None;
            }
            "Another port would change nothing about this."
        }
        (Phase::Inviting(_) | Phase::Starting, Action::Cancel) => return None,
        (Phase::Exchanging, Action::Cancel) => {
            "The user has approved; the new user is being stored and cannot be cancelled now."
        }
        (Phase::Inviting(_), _) => return None,
        (Phase::Idle, Action::Cancel) => "There is nothing to cancel.",
        (Phase::Failed { .. }, _) => "It came to nothing: {connect.retry} tries again.",
        (Phase::Starting, _) => "The code is on its way.",
        _ if model.setup.is_locked() => crate::tui::screen::LOCKED,
        _ if !model.data.is_ready() => {
            "Set up first: {everywhere.go-setup} shows the setup, {setup.set-up} runs it."
        }
        _ => nothing_shown,
    };
    Some(model.spell(reason))
}

/// Hands over the address of the page where the browser ended.
pub(in crate::tui) fn submit(model: &Model, address: Secret) -> Vec<Effect> {
    vec![Effect::SubmitAddress {
        generation: model.connect.generation,
        address,
    }]
}

/// Takes another port.
pub(in crate::tui) fn change_port(model: &mut Model, port: u16) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.connect.generation = generation;
    model.connect.phase = Phase::Starting;
    vec![Effect::ChangePort { generation, port }]
}

/// Takes a message; late ones are dropped. Gives back the user who has just connected.
pub(in crate::tui) fn update(model: &mut Model, msg: Msg) -> (Vec<Effect>, Option<Connected>) {
    let is_current = msg.generation() == Some(model.connect.generation);
    match msg {
        Msg::BrowserAsked(Ok(())) => model.say("Asked the browser to open the page."),
        Msg::BrowserAsked(Err(problem)) => {
            let words = "{connect.copy-address} copies the address, {connect.show-address} shows \
                         it alone.";
            let problem = problem.next(model.spell(words));
            model.complain(short(&problem));
        }
        Msg::LanLeft(url) => model.complain(format!(
            "{url} is still registered at bunq: the next connect or setup takes it back."
        )),
        // It ended in the workspace that was open before, and is kept there.
        Msg::Exchanged { epoch, .. } if epoch != model.data.epoch => {}
        // Written or not, an exchange is always told: it may end after the screen went on.
        Msg::Exchanged { result, .. } => return on_exchanged(model, is_current, result),
        msg if is_current => return (on_current(model, msg), None),
        _ => {}
    }
    (Vec::new(), None)
}

/// Takes a message of the flow that is shown.
fn on_current(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match (msg, &mut model.connect.phase) {
        (Msg::Invited { result, .. }, _) => return on_invited(model, result),
        (Msg::NextSession { result: Ok(at), .. }, Phase::Inviting(inviting)) => {
            inviting.next_session = at;
        }
        (Msg::Strayed { count, .. }, Phase::Inviting(inviting)) => inviting.strays = count,
        (Msg::Redirected { result, .. }, phase) => {
            *phase = match result {
                Ok(()) => Phase::Exchanging,
                Err(problem) => Phase::Failed {
                    problem,
                    early: false,
                },
            };
            model
                .overlay
                .take_if(|overlay| overlay.belongs_to_connect());
        }
        (
            Msg::Approved {
                result: Err(problem),
                ..
            },
            Phase::Inviting(inviting),
        ) => {
            inviting.approving = false;
            model.complain(short(&problem));
        }
        (
            Msg::Submitted {
                result: Err(problem),
                ..
            }
            | Msg::NextSession {
                result: Err(problem),
                ..
            },
            _,
        ) => model.complain(short(&problem)),
        (
            Msg::LanFound {
                result: Ok(found), ..
            },
            Phase::Inviting(_),
        ) if model.overlay.is_none() => {
            model.overlay = Confirm::over_lan(found).map(Overlay::Confirm);
        }
        (
            Msg::LanFound {
                result: Err(problem),
                ..
            },
            _,
        ) => model.complain(short(&problem)),
        (Msg::PortChanged { result: Ok(()), .. }, _) => return begin(model),
        (
            Msg::PortChanged {
                result: Err(problem),
                ..
            },
            phase,
        ) => {
            *phase = Phase::Failed {
                problem,
                early: true,
            };
        }
        _ => {}
    }
    Vec::new()
}

fn on_invited(model: &mut Model, result: Result<Invitation, Problem>) -> Vec<Effect> {
    match result {
        Ok(invitation) => {
            model.connect.phase = Phase::Inviting(Box::new(Inviting {
                code: Code::new(&invitation.authorize_url),
                invitation,
                since: model.now,
                next_session: None,
                strays: 0,
                approving: false,
            }));
            let generation = model.connect.generation;
            vec![Effect::AskNextSession { generation }]
        }
        Err(problem) => {
            model.connect.phase = Phase::Failed {
                problem,
                early: true,
            };
            Vec::new()
        }
    }
}

fn on_exchanged(
    model: &mut Model,
    current: bool,
    result: Result<Connected, Problem>,
) -> (Vec<Effect>, Option<Connected>) {
    match result {
        Ok(connected) => {
            if current {
                model.connect = State::keeping(&model.connect);
            }
            (Vec::new(), Some(connected))
        }
        Err(problem) if current => {
            model.connect.phase = Phase::Failed {
                problem,
                early: false,
            };
            (Vec::new(), None)
        }
        Err(problem) => {
            model.complain(short(&problem));
            (Vec::new(), None)
        }
    }
}

/// A problem on one line.
fn short(problem: &Problem) -> String {
    if problem.why.is_empty() {
        format!("{}. {}", problem.what, problem.next)
    } else {
        format!("{}: {}. {}", problem.what, problem.why, problem.next)
    }
}
