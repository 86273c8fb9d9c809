//! Log: every request, the newest first. Nothing in it is secret.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::base::{Method, RequestEvent, RequestId, RequestOutcome, Verification, WaitReason};
use crate::tui::app::Model;
use crate::tui::keymap::Action;
use crate::tui::view::body;
use crate::tui::widget::list::Cursor;
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::table::{Column, Table};
use crate::tui::widget::text::clock;
use crate::tui::widget::wait::{Wait, seconds_until, shortly};

/// How many requests are kept.
const KEPT: usize = 1_000;

const COLUMNS: [Column; 6] = [
    Column::new("Time", 8, 3),
    Column::new("Method", 6, 2),
    Column::new("Path", 16, 0).up_to(200),
    Column::new("Status", 10, 0),
    Column::new("Took", 8, 1).right(),
    Column::new("Signature", 12, 4),
];

/// One request.
#[derive(Clone, Debug, PartialEq)]
struct Request {
    id: RequestId,
    method: Method,
    path: String,
    at: Timestamp,
    waits: Option<(Timestamp, WaitReason)>,
    ended: Option<(RequestOutcome, Duration)>,
}

/// What the screen holds.
#[derive(Clone, Debug, Default)]
pub(in crate::tui) struct State {
    requests: VecDeque<Request>,
    cursor: Cursor,
}

impl Request {
    /// Until when it waits and why, while it does.
    fn waits(&self, now: Timestamp) -> Option<(Timestamp, WaitReason)> {
        self.waits
            .filter(|(until, _)| self.ended.is_none() && *until > now)
    }
}

impl State {
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
pub(in crate::tui) fn note(state: &mut State, event: RequestEvent) {
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
                at,
                waits: None,
                ended: None,
            });
            state.requests.truncate(KEPT);
            // At the top the newest is followed; elsewhere the selection stays on its row.
            if state.cursor.at > 0 {
                state.cursor.at += 1;
                state.cursor.offset += 1;
            }
        }
        RequestEvent::Waits { id, until, why } => {
            if let Some(request) = find(state, id) {
                request.waits = Some((until, why));
            }
        }
        RequestEvent::Ended { id, outcome, took } => {
            if let Some(request) = find(state, id) {
                request.ended = Some((outcome, took));
            }
        }
    }
}

fn find(state: &mut State, id: RequestId) -> Option<&mut Request> {
    state.requests.iter_mut().find(|request| request.id == id)
}

/// How many rows are seen at a size of the terminal.
fn page(model: &Model) -> usize {
    usize::from(body(model).height.saturating_sub(2))
}

/// What a key does on Log.
pub(in crate::tui) fn act(model: &mut Model, action: Action) {
    let page = page(model);
    let count = model.log.requests.len();
    model.log.cursor.act(action, count, page);
}

/// Keeps the selection in range and in sight.
pub(in crate::tui) fn settle(model: &mut Model) {
    let page = page(model);
    let count = model.log.requests.len();
    model.log.cursor.settle(count, page);
}

/// Draws it.
pub(in crate::tui) fn view(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let count = model.log.requests.len();
    let remark = if count == 0 {
        String::new()
    } else {
        format!("{count}, newest first")
    };
    let inner = pane(theme, "Requests", &remark, true, area, buffer);
    if count == 0 {
        let lines = [
            Line::default(),
            Line::styled("No request was made yet", theme.strong()),
            Line::raw("Every request to the bank is listed here, without its secrets."),
        ];
        let lines = crate::tui::widget::text::wrap_lines(&lines, inset(inner).width);
        paragraph(&lines, inset(inner), buffer);
        return;
    }
    let table = Table {
        columns: &COLUMNS,
        count,
        cursor: model.log.cursor,
        focused: true,
        theme,
    };
    table.draw(inner, buffer, |place| {
        let request = model.log.requests.get(place)?;
        Some((cells(model, request), style(model, request)))
    });
}

fn style(model: &Model, request: &Request) -> ratatui::style::Style {
    let theme = model.facts.theme;
    match &request.ended {
        Some((outcome, _)) if !is_good(outcome) => theme.bad(),
        _ => theme.text(),
    }
}

fn is_good(outcome: &RequestOutcome) -> bool {
    outcome.status.is_some_and(|status| status < 400)
        && outcome.verification != Verification::Failed
}

fn cells(model: &Model, request: &Request) -> Vec<String> {
    let waits = request.waits(model.now);
    let (status, took, signature) = match &request.ended {
        Some((outcome, took)) => (
            outcome.status.map_or_else(
                || outcome.failure.unwrap_or("failed").into(),
                |s| s.to_string(),
            ),
            milliseconds(*took),
            match outcome.verification {
                Verification::Verified => "verified",
                Verification::NotExpected => "not expected",
                Verification::Failed => "WRONG",
            },
        ),
        None => (
            waits.map_or_else(
                || "…".into(),
                |(until, _)| format!("waits {} s", seconds_until(until, model.now)),
            ),
            String::new(),
            "",
        ),
    };
    vec![
        clock(request.at, &model.facts.zone),
        request.method.to_string(),
        request.path.clone(),
        status,
        took,
        waits.map_or_else(|| signature.into(), |(_, why)| shortly(why)),
    ]
}

fn milliseconds(took: Duration) -> String {
    format!("{} ms", took.as_millis())
}
