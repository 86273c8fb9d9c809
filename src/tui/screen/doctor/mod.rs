//! Doctor: what is set up, what is stored, what the bank answers and what the terminal is like,
//! each with a verdict and a remedy. Nothing in it is secret.

mod rows;
mod terminal;
mod view;

use jiff::{SignedDuration, Timestamp};

pub(in crate::tui) use terminal::{Terminal, checks_of};
pub(in crate::tui) use view::{placed, view};

use crate::base::{Problem, Secret};
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::data::{Epoch, Generation};
use crate::tui::keymap::{Action, Context};
use crate::tui::listing::Listing;
use crate::tui::lists::{self, List};
use crate::workspace::{Check, Verdict};

/// For how long a look counts.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

/// What the screen holds.
#[derive(Clone, Debug, Default)]
pub(in crate::tui) struct State {
    /// The look that is under way.
    asked: Option<Generation>,
    /// What the last look found, and when.
    found: Option<(Timestamp, Vec<Check>)>,
    /// What is wrong with the store's file.
    pub(super) store: Option<Problem>,
    pub(in crate::tui) listing: Listing,
    /// Whether the selected check alone is shown.
    pub(super) alone: bool,
}

/// Something that happened on Doctor.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) enum Msg {
    /// Everything was looked at.
    Examined {
        generation: Generation,
        checks: Vec<Check>,
    },
    /// The whole file of the store was checked.
    StoreChecked {
        epoch: Epoch,
        result: Result<(), Problem>,
    },
}

impl State {
    /// Whether a look is under way.
    pub(super) fn is_looking(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether setting up anew is a way out of what the last look found.
    pub(in crate::tui) fn asks_for_anew(&self) -> bool {
        let found = self.found.iter().flat_map(|(_, checks)| checks);
        found.into_iter().any(|check| check.anew)
    }

    /// When the last look was.
    pub(super) fn looked_at(&self) -> Option<Timestamp> {
        self.found.as_ref().map(|(at, _)| *at)
    }
}

/// The word for a verdict, with a sign, so that neither rests on colour.
pub(super) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "✓ good",
        Verdict::Notice => "! notice",
        Verdict::Bad => "✗ bad",
        Verdict::Unknown => "? unknown",
    }
}

/// All checks: what was found, the store's file where something is wrong with it, the terminal.
pub(super) fn checks(model: &Model) -> Vec<Check> {
    let state = &model.doctor;
    let Some((_, found)) = &state.found else {
        return Vec::new();
    };
    let file = state.store.as_ref().map(|problem| {
        let finding = if problem.why.is_empty() {
            problem.what.clone()
        } else {
            format!("{}: {}", problem.what, problem.why)
        };
        Check::new("Store file", Verdict::Bad, finding, problem.next.clone())
    });
    let mut all = found.clone();
    all.extend(file);
    all.extend(checks_of(&model.facts.terminal, Some(model.size)));
    all
}

/// The report as text.
fn report(checks: &[Check]) -> String {
    let mut text = String::new();
    for check in checks {
        text.push_str(&format!(
            "{:<10} {}: {}\n",
            word(check.verdict),
            check.topic,
            check.finding
        ));
        if !check.remedy.is_empty() {
            text.push_str(&format!("{:<10} {}\n", "", check.remedy));
        }
    }
    text
}

/// The screen was gone to: it looks by itself, unless it has just done so.
pub(in crate::tui) fn show(model: &mut Model) -> Vec<Effect> {
    let looked = model.doctor.looked_at();
    let fresh = looked.is_some_and(|at| model.now.duration_since(at) < FRESH);
    if fresh || model.doctor.is_looking() {
        return Vec::new();
    }
    look(model)
}

fn look(model: &mut Model) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.doctor.asked = Some(generation);
    vec![Effect::Examine {
        generation,
        profile: model.setup.profile(),
    }]
}

/// What a key does on Doctor.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Refresh => return look(model),
        Action::CopyReport => {
            return vec![Effect::Copy(Secret::new(report(&checks(model))))];
        }
        Action::Enter => model.doctor.alone = true,
        Action::Back => model.doctor.alone = false,
        action => {
            let count = checks(model).len();
            let page = view::page(model);
            model.doctor.listing.act(action, count, page);
        }
    }
    Vec::new()
}

/// Why a key does nothing on Doctor.
pub(in crate::tui) fn refusal(model: &Model, action: Action) -> Option<String> {
    let state = &model.doctor;
    let reason = match action {
        Action::Refresh if state.is_looking() => "It is being looked at already.",
        Action::CopyReport | Action::Enter if state.found.is_none() => {
            "Nothing was looked at yet: {doctor.refresh} does."
        }
        Action::Enter if state.alone => "This is as deep as it goes.",
        Action::Enter if selected(model).is_none() => {
            "No check fits the filter: {doctor.back} shows all of them."
        }
        Action::Back if !state.alone => "This is the whole list.",
        _ => return None,
    };
    Some(model.spell(reason))
}

/// Takes a message; late ones are dropped.
pub(in crate::tui) fn update(model: &mut Model, msg: Msg) {
    match msg {
        Msg::Examined { generation, checks } if model.doctor.asked == Some(generation) => {
            model.doctor.asked = None;
            model.doctor.found = Some((model.now, checks));
        }
        Msg::StoreChecked {
            epoch,
            result: Err(problem),
        } if epoch == model.data.epoch => {
            let doctor = model.key(Context::Everywhere, Action::Go(Screen::Doctor));
            model.complain(format!("{}. {doctor} tells more.", problem.what));
            model.doctor.store = Some(problem);
        }
        Msg::Examined { .. } | Msg::StoreChecked { .. } => {}
    }
}

/// Keeps the selection in range and in sight.
pub(in crate::tui) fn settle(model: &mut Model) -> Option<Effect> {
    if model.screen != Screen::Doctor {
        return None;
    }
    let rows = rows::CheckRows::new(checks(model));
    let page = view::page(model);
    let job = model.doctor.listing.settle(&rows, page);
    lists::ask(model, List::Doctor, job)
}

/// The check under the cursor.
fn selected(model: &Model) -> Option<Check> {
    let place = model.doctor.listing.selected()?;
    checks(model).into_iter().nth(place)
}

/// The table, once something was looked at, unless one check is shown alone.
pub(in crate::tui) fn focused_list(model: &Model) -> Option<List> {
    let shown = model.doctor.found.is_some() && !model.doctor.alone;
    shown.then_some(List::Doctor)
}
