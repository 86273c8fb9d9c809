//! Log: every request, the newest first, and one of them in full. Nothing in it is secret: what
//! comes here was masked where the request was made.

mod budget;
mod detail;
mod rows;
mod view;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

pub(in crate::tui) use budget::{look, on_budgets, show};
pub(in crate::tui) use view::{placed, view};

use crate::base::{Method, RequestEvent, RequestId, RequestOutcome, Transcript, WaitReason};
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::keymap::Action;
use crate::tui::listing::{Listing, RowId};
use crate::tui::lists::{self, List};
use crate::tui::view::body;
use crate::tui::widget::wait::Wait;
use crate::workspace::export::RequestLine;

/// How many requests are kept.
const KEPT: usize = 1_000;

/// One request.
#[derive(Clone, Debug, PartialEq)]
struct Request {
    id: RequestId,
    method: Method,
    path: String,
    queued: Timestamp,
    /// When it left; none while it waits.
    sent: Option<Timestamp>,
    waits: Option<(Timestamp, WaitReason)>,
    ended: Option<(RequestOutcome, Duration)>,
}

/// The request that is shown in full.
#[derive(Clone, Debug)]
struct Detail {
    id: RequestId,
    /// What it asked and was answered, where that is kept.
    transcript: Option<Arc<Transcript>>,
    /// The first line that is seen.
    offset: usize,
}

/// What the screen holds.
#[derive(Clone, Debug, Default)]
pub(in crate::tui) struct State {
    requests: VecDeque<Request>,
    /// Counts what happened to them.
    version: u64,
    pub(in crate::tui) listing: Listing,
    detail: Option<Detail>,
    budget: budget::State,
}

impl Request {
    /// Until when it waits and why, while it does.
    fn waits(&self, now: Timestamp) -> Option<(Timestamp, WaitReason)> {
        self.waits
            .filter(|(until, _)| self.ended.is_none() && *until > now)
    }

    /// How long it waited before it was sent, where it did.
    fn waited(&self) -> Option<Duration> {
        let waited = self.sent?.duration_since(self.queued);
        let waited = Duration::try_from(waited).unwrap_or_default();
        self.waits.map(|_| waited)
    }

    /// What of it goes into a file: nothing that was in it.
    fn line(&self) -> RequestLine {
        let outcome = self.ended.as_ref().map(|(outcome, _)| outcome);
        RequestLine {
            queued: self.queued,
            sent: self.sent,
            method: self.method,
            path: self.path.clone(),
            status: outcome.and_then(|outcome| outcome.status),
            failure: outcome.and_then(|outcome| outcome.failure),
            took: self.ended.as_ref().map(|(_, took)| *took),
            verification: outcome.map(|outcome| outcome.verification),
            waited_for: self.waits.map(|(_, why)| why),
        }
    }
}

impl State {
    /// Lets go of what was asked and answered: with [`crate::base::Events::forget`] it is wiped.
    pub(in crate::tui) fn forget(&mut self) {
        self.detail = None;
        self.budget = budget::State::default();
    }

    fn find(&self, id: RequestId) -> Option<&Request> {
        self.requests.iter().find(|request| request.id == id)
    }

    /// What waits: the request that goes on first, and how many others wait with it.
    pub(in crate::tui) fn waiting(&self, now: Timestamp) -> Option<(Wait<'_>, usize)> {
        let waits = || {
            self.requests.iter().filter_map(|request| {
                let (until, why) = request.waits(now)?;
                Some(Wait {
                    method: request.method,
                    path: &request.path,
                    until,
                    why,
                })
            })
        };
        let first = waits().min_by_key(|wait| wait.until)?;
        Some((first, waits().count() - 1))
    }
}

/// Takes what happened to a request.
pub(in crate::tui) fn note(state: &mut State, event: RequestEvent) -> Vec<Effect> {
    state.version += 1;
    match event {
        RequestEvent::Began {
            id,
            method,
            path,
            at,
        } => {
            state.requests.push_front(Request {
                id,
                method,
                path,
                queued: at,
                sent: None,
                waits: None,
                ended: None,
            });
            state.requests.truncate(KEPT);
            // At the top the newest is followed; elsewhere the selection stays on its row.
            if state.listing.is_at_the_natural_top() && state.detail.is_none() {
                state.listing.let_go();
            }
        }
        RequestEvent::Waits { id, until, why } => {
            if let Some(request) = find(state, id) {
                request.waits = Some((until, why));
            }
        }
        RequestEvent::Sent { id, at } => {
            if let Some(request) = find(state, id) {
                request.sent = Some(at);
            }
        }
        RequestEvent::Ended { id, outcome, took } => {
            if let Some(request) = find(state, id) {
                request.ended = Some((outcome, took));
            }
            if state.detail.as_ref().is_some_and(|shown| shown.id == id) {
                return vec![Effect::RecallTranscript(id)];
            }
        }
    }
    Vec::new()
}

/// Takes what a request asked and was answered.
pub(in crate::tui) fn recalled(
    state: &mut State,
    id: RequestId,
    transcript: Option<Arc<Transcript>>,
) {
    if let Some(detail) = &mut state.detail
        && detail.id == id
    {
        detail.transcript = transcript;
    }
}

fn find(state: &mut State, id: RequestId) -> Option<&mut Request> {
    state.requests.iter_mut().find(|request| request.id == id)
}

/// How many rows of the list are seen at a size of the terminal.
fn page(model: &Model) -> usize {
    let area = body(model);
    let list = area.height.saturating_sub(budget::height(model, area));
    lists::page(&model.log.listing, list)
}

/// The request that is shown in full, or the selected one.
fn chosen(model: &Model) -> Option<&Request> {
    match &model.log.detail {
        Some(detail) => model.log.find(detail.id),
        None => {
            let place = model.log.listing.selected()?;
            model.log.requests.get(place)
        }
    }
}

/// Which request is selected.
pub(in crate::tui) fn selected(model: &Model) -> Option<RequestId> {
    chosen(model).map(|request| request.id)
}

/// What of it may be copied.
pub(in crate::tui) fn selected_line(model: &Model) -> Option<RequestLine> {
    chosen(model).map(Request::line)
}

/// How many requests there are.
pub(in crate::tui) fn count(model: &Model) -> usize {
    model.log.requests.len()
}

/// What of all of them goes into a file, newest first.
pub(in crate::tui) fn all_lines(model: &Model) -> Vec<RequestLine> {
    model.log.requests.iter().map(Request::line).collect()
}

/// What a key does on Log.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.log.detail.is_some() {
        detail::act(model, action);
        return Vec::new();
    }
    if action == Action::Enter {
        let Some(id) = selected(model) else {
            return Vec::new();
        };
        model.log.detail = Some(Detail {
            id,
            transcript: None,
            offset: 0,
        });
        return vec![Effect::RecallTranscript(id)];
    }
    let page = page(model);
    let count = model.log.requests.len();
    model.log.listing.act(action, count, page);
    Vec::new()
}

/// Why a key does nothing on Log.
pub(in crate::tui) fn refusal(model: &Model, action: Action) -> Option<String> {
    let reason = match (action, &model.log.detail) {
        (Action::Enter, Some(_)) => "This is as deep as it goes.",
        (
            Action::Enter
            | Action::Up
            | Action::Down
            | Action::PageUp
            | Action::PageDown
            | Action::First
            | Action::Last,
            None,
        ) if model.log.requests.is_empty() => "No request was made yet.",
        (Action::Enter, None) if model.log.listing.shown(1) == 0 => {
            "No request fits the filter: {log.back} shows all of them."
        }
        (Action::Back, None) => "This is the whole list.",
        _ => return None,
    };
    Some(model.spell(reason))
}

/// Keeps the selection in range and in sight.
pub(in crate::tui) fn settle(model: &mut Model) -> Option<Effect> {
    let page = page(model);
    let rows = rows::RequestRows {
        requests: &model.log.requests,
        version: model.log.version,
        forms: &model.facts.forms,
    };
    let job = model.log.listing.settle(&rows, page);
    if model.screen == Screen::Log {
        detail::settle(model);
    }
    lists::ask(model, List::Log, job)
}

/// The table, unless a request is shown in full.
pub(in crate::tui) fn focused_list(model: &Model) -> Option<List> {
    let shown = model.log.detail.is_none() && !model.log.requests.is_empty();
    shown.then_some(List::Log)
}

/// The wheel over a request in full; false where none is.
pub(in crate::tui) fn scroll(model: &mut Model, down: bool, lines: u16) -> bool {
    let action = if down { Action::Down } else { Action::Up };
    let shown = model.log.detail.is_some();
    if shown {
        for _ in 0..lines {
            detail::act(model, action);
        }
    }
    shown
}

/// A request as a row.
fn row_id(id: RequestId) -> RowId {
    id.0.into()
}
