//! What a click and the wheel do. Where things are comes from the layout of the model: nothing is
//! remembered of the last frame.

use jiff::{SignedDuration, Timestamp};
use ratatui::layout::Position;

use super::app::{Effect, Model, Screen, act};
use super::keymap::Action;
use super::lists::{self, List, Placed};
use super::screen::users::{self, Focus};
use super::screen::{log, payments};
use super::view;
use super::widget::table::Spot;
use super::widget::{footer, header};

/// Two clicks within this time are one double click.
const DOUBLE: SignedDuration = SignedDuration::from_millis(400);
/// Rows for one notch of the wheel.
const NOTCH: u16 = 3;

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gesture {
    /// The left button went down.
    Click,
    /// The wheel turned up.
    WheelUp,
    /// The wheel turned down.
    WheelDown,
}

/// What the mouse did, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pointed {
    /// What.
    pub(super) gesture: Gesture,
    /// The cell.
    pub(super) at: Position,
}

/// What is known of the mouse.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    /// Whether it is ours, and not the terminal's own selection's.
    pub(super) on: bool,
    /// The last click, which another may make a double one.
    last: Option<(Timestamp, Position)>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            on: true,
            last: None,
        }
    }
}

/// `m`: the mouse is ours, or the terminal's.
pub(super) fn turn(model: &mut Model) -> Vec<Effect> {
    model.mouse.on = !model.mouse.on;
    let words = model.spell(if model.mouse.on {
        "Mouse on: click, scroll, sort by a heading; Shift-drag selects text; {everywhere.mouse} \
         turns it off."
    } else {
        "Mouse off: the terminal selects text again; {everywhere.mouse} turns it on."
    });
    model.say(words);
    vec![Effect::CaptureMouse(model.mouse.on)]
}

/// The mouse did something.
pub(super) fn update(model: &mut Model, pointed: Pointed) -> Vec<Effect> {
    if !view::fits(model.size) {
        return Vec::new();
    }
    match pointed.gesture {
        Gesture::Click => click(model, pointed.at),
        Gesture::WheelUp => wheel(model, pointed.at, false),
        Gesture::WheelDown => wheel(model, pointed.at, true),
    }
}

fn click(model: &mut Model, at: Position) -> Vec<Effect> {
    let last = model.mouse.last.replace((model.now, at));
    let doubled =
        last.is_some_and(|(then, there)| there == at && model.now.duration_since(then) <= DOUBLE);
    if let Some(action) = footer::hit(model, view::hints(model), at) {
        return act(model, action);
    }
    if model.overlay.is_some() || model.locked.is_some() {
        return Vec::new();
    }
    if let Some(screen) = header::hit(model, view::header_row(model), at) {
        keep_filter(model);
        return act(model, Action::Go(screen));
    }
    if model.screen == Screen::Users && users::hit(model, at) {
        keep_filter(model);
        users::take_focus(model, Focus::Detail);
        return Vec::new();
    }
    if model.screen == Screen::Payments {
        model.status = None;
        return payments::click(model, at, doubled).unwrap_or_default();
    }
    let Some(placed) = under(model, at) else {
        return Vec::new();
    };
    model.status = None;
    if lists::focused(model) != Some(placed.list) {
        keep_filter(model);
        focus(model, placed.list);
    }
    let spot = placed.spot(model, at);
    let Some(listing) = lists::listing_mut(model, placed.list) else {
        return Vec::new();
    };
    match spot {
        Spot::Heading(column) => listing.sort_by(column),
        Spot::Row(row) => {
            let again = doubled && listing.cursor.at == row;
            listing.keep_filter();
            listing.select(row, placed.count);
            if again {
                // A third click begins anew.
                model.mouse.last = None;
                return act(model, Action::Enter);
            }
        }
        Spot::Blank => {}
    }
    Vec::new()
}

fn keep_filter(model: &mut Model) {
    if let Some(list) = lists::typing(model)
        && let Some(listing) = lists::listing_mut(model, list)
    {
        listing.keep_filter();
    }
}

fn focus(model: &mut Model, list: List) {
    match list {
        List::Users => users::take_focus(model, Focus::Users),
        List::Accounts => users::take_focus(model, Focus::Accounts),
        List::AllAccounts | List::Log | List::Doctor | List::Profiles => {}
    }
}

fn under(model: &Model, at: Position) -> Option<Placed> {
    let mut placed = lists::placed(model).into_iter();
    placed.find(|one| one.area.contains(at))
}

fn wheel(model: &mut Model, at: Position, down: bool) -> Vec<Effect> {
    if model.overlay.is_some() {
        // Whatever moves in it with the keys.
        let key = if down { Action::Down } else { Action::Up };
        let contexts = model.contexts();
        let keymap = model.facts.keymap.clone();
        let moves = keymap
            .rows()
            .iter()
            .any(|binding| contexts.contains(&binding.context) && binding.action == key);
        return if moves { act(model, key) } else { Vec::new() };
    }
    if model.locked.is_some() {
        return Vec::new();
    }
    if model.screen == Screen::Log && log::scroll(model, down, NOTCH) {
        return Vec::new();
    }
    if model.screen == Screen::Payments {
        return payments::scroll(model, down, at);
    }
    if model.screen == Screen::Users && users::hit(model, at) {
        users::scroll(model, down, NOTCH);
        return Vec::new();
    }
    if let Some(placed) = under(model, at)
        && let Some(listing) = lists::listing_mut(model, placed.list)
    {
        let page = lists::page(listing, placed.area.height);
        listing.scroll(down, usize::from(NOTCH), placed.count, page);
    }
    Vec::new()
}
