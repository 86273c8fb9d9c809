//! Whose JSON it is, and why there may be none.

use super::{Found, Json, JsonOf, Way};
use crate::base::RequestId;
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::keymap::{Action, Context};
use crate::tui::overlay::Overlay;
use crate::tui::screen::{log, no_users, payments, users};
use crate::workspace::RawOf;

/// What is selected on a screen, and its name; or why nothing is, to be spelled.
fn selected(model: &Model, screen: Screen) -> Result<(JsonOf, String), &'static str> {
    match screen {
        Screen::Users => users::raw(model)
            .map(|(of, title)| (JsonOf::Stored(of), title))
            .ok_or(if model.data.users.is_empty() {
                no_users(model)
            } else {
                "There is no account to show. {users.refresh} reads them from the bank."
            }),
        Screen::Payments => payments::raw(model)
            .map(|(of, title)| (JsonOf::Stored(of), title))
            .ok_or("No payment is selected."),
        Screen::Log => log::selected(model)
            .map(|id| of_request(model, id, Way::Answered))
            .ok_or("No request was made yet."),
        Screen::Setup if model.data.is_ready() => {
            Ok((JsonOf::Stored(RawOf::Provider), "ourselves".into()))
        }
        Screen::Setup => Err("Nothing is set up here yet."),
        Screen::Connect | Screen::Doctor => Err("There is no JSON here."),
    }
}

fn of_request(model: &Model, id: RequestId, way: Way) -> (JsonOf, String) {
    let key = model.key(Context::Json, Action::FocusNext);
    let (this, other) = match way {
        Way::Asked => ("asked", "answered"),
        Way::Answered => ("answered", "asked"),
    };
    (
        JsonOf::Request { id, way },
        format!("request {}: {this} ({key}: {other})", id.0),
    )
}

/// Why there is no JSON to show on a screen.
pub(in crate::tui) fn refusal(model: &Model, screen: Screen) -> Option<String> {
    let reason = selected(model, screen).err()?;
    Some(model.spell(reason))
}

/// Opens the tree of what is selected, and looks its JSON up.
pub(in crate::tui) fn open(model: &mut Model) -> Vec<Effect> {
    match selected(model, model.screen) {
        Ok((of, title)) => show(model, of, title),
        Err(reason) => {
            model.say(model.spell(reason));
            Vec::new()
        }
    }
}

/// The other side of a request.
pub(super) fn turn(model: &mut Model, id: RequestId, way: Way) -> Vec<Effect> {
    let other = match way {
        Way::Asked => Way::Answered,
        Way::Answered => Way::Asked,
    };
    let (of, title) = of_request(model, id, other);
    show(model, of, title)
}

/// Opens the tree of this.
pub(in crate::tui) fn show(model: &mut Model, of: JsonOf, title: String) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.overlay = Some(Overlay::Json(Box::new(Json {
        generation,
        of,
        title,
        found: Found::Awaited,
        alone: None,
        path_sent: false,
    })));
    vec![Effect::RecallJson { generation, of }]
}

/// What to do where the JSON is not there, to be spelled.
pub(super) fn missing(of: JsonOf) -> [&'static str; 2] {
    match of {
        JsonOf::Stored(RawOf::User(_)) => [
            "The bank's answer about this user is not stored",
            "{json.back}, then {users.enter} on the user reads it; {users.refresh} there reads it anew.",
        ],
        JsonOf::Stored(RawOf::Account(..) | RawOf::Payment(..)) => [
            "The bank's answer is not stored any more",
            "{json.back}, then {users.refresh} reads it first.",
        ],
        JsonOf::Stored(RawOf::Provider) => [
            "The bank's answer about ourselves is not stored",
            "It is kept once our own profile was read: {everywhere.go-users}, then {users.enter} on \
             number 0, where we have accounts.",
        ],
        JsonOf::Request {
            way: Way::Answered, ..
        } => [
            "There is no JSON in the answer, or it is not kept any more",
            "{json.focus-next} shows what was asked.",
        ],
        JsonOf::Request {
            way: Way::Asked, ..
        } => [
            "There is no JSON in what was asked, or it is not kept any more",
            "{json.focus-next} shows what was answered.",
        ],
    }
}
