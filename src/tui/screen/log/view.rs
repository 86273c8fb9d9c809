//! How Log looks: a table, or one request in full.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Request, budget, detail};
use crate::base::{RequestOutcome, Verification};
use crate::tui::app::{Model, Screen};
use crate::tui::keymap::{Action, Context};
use crate::tui::lists::{List, Placed};
use crate::tui::view::body;
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::table::Column;
use crate::tui::widget::text::wrap_lines;
use crate::tui::widget::wait::{seconds_until, shortly};

/// From this width on a column says how long a request waited; below it a word says that it did.
const WITH_WAITED: u16 = 90;

fn columns(model: &Model, width: u16) -> [Column; 7] {
    [
        Column::new("Time", model.facts.forms.clock_width(), 3),
        Column::new("Method", 6, 2),
        Column::new("Path", 16, 0).up_to(200),
        Column::new("Status", 10, 0),
        Column::new("Took", 8, 1).right(),
        Column::new("Waited", 6, 5)
            .right()
            .left_out_if(width < WITH_WAITED),
        Column::new("Signature", 12, 4),
    ]
}

/// Draws it.
pub(in crate::tui) fn view(model: &Model, area: Rect, buffer: &mut Buffer) {
    if let Some(detail) = &model.log.detail {
        return detail::view(model, detail, area, buffer);
    }
    let theme = model.facts.theme;
    let count = model.log.requests.len();
    let listing = &model.log.listing;
    let remark = match (listing.is_filtered(), listing.sort().is_some()) {
        _ if count == 0 => String::new(),
        (false, false) => format!("{count}, newest first"),
        (false, true) => count.to_string(),
        (true, false) => "best first".into(),
        (true, true) => String::new(),
    };
    let below = budget::height(model, area);
    let list = Rect {
        height: area.height - below,
        ..area
    };
    let limits = Rect {
        y: list.bottom(),
        height: below,
        ..area
    };
    budget::view(model, limits, buffer);
    if count == 0 {
        let inner = pane(theme, "Requests", &remark, true, list, buffer);
        let lines = [
            Line::default(),
            Line::styled("No request was made yet", theme.strong()),
            Line::default(),
            Line::raw("Every request to the bank is listed here, without its secrets."),
            Line::default(),
            first_request(model),
        ];
        let lines = wrap_lines(&lines, inset(inner).width);
        paragraph(&lines, inset(inner), buffer);
        return;
    }
    let placed = table(model, list);
    placed.draw(model, ("Requests", &remark), buffer, |place| {
        let request = model.log.requests.get(place)?;
        Some((cells(model, request, list.width), style(model, request)))
    });
}

/// The table that is shown.
pub(in crate::tui) fn placed(model: &Model) -> Vec<Placed> {
    let shown = model.log.detail.is_none() && !model.log.requests.is_empty();
    let area = body(model);
    let list = Rect {
        height: area.height - budget::height(model, area),
        ..area
    };
    shown.then(|| table(model, list)).into_iter().collect()
}

fn table(model: &Model, area: Rect) -> Placed {
    Placed {
        list: List::Log,
        area,
        columns: columns(model, area.width).to_vec(),
        count: model.log.requests.len(),
    }
}

/// The key that leads to one.
fn first_request(model: &Model) -> Line<'static> {
    let (screen, words) = if model.data.is_ready() {
        (
            Screen::Users,
            "shows the users; {users.refresh} there asks the bank for their accounts",
        )
    } else {
        (
            Screen::Setup,
            "shows the setup; {setup.set-up} there makes the first ones",
        )
    };
    let key = model.key(Context::Everywhere, Action::Go(screen));
    Line::from(vec![
        Span::styled(key, model.facts.theme.key()),
        Span::raw("  "),
        Span::raw(model.spell(words)),
    ])
}

fn style(model: &Model, request: &Request) -> ratatui::style::Style {
    let theme = model.facts.theme;
    match &request.ended {
        Some((outcome, _)) if !is_good(outcome) => theme.bad(),
        _ => theme.text(),
    }
}

pub(super) fn is_good(outcome: &RequestOutcome) -> bool {
    outcome.status.is_some_and(|status| status < 400)
        && outcome.verification != Verification::Failed
}

fn cells(model: &Model, request: &Request, width: u16) -> Vec<String> {
    let waits = request.waits(model.now);
    let (status, took, signature) = ended(request);
    let status = match (waits, request.waited()) {
        (Some((until, _)), _) => format!("waits {} s", seconds_until(until, model.now)),
        (None, Some(_)) if width < WITH_WAITED && request.ended.is_some() => {
            format!("{status} waited")
        }
        _ => status,
    };
    vec![
        model
            .facts
            .forms
            .clock(request.sent.unwrap_or(request.queued)),
        request.method.to_string(),
        request.path.clone(),
        status,
        took,
        request.waited().map_or_else(String::new, seconds),
        waits.map_or_else(|| signature.into(), |(_, why)| shortly(why)),
    ]
}

/// How it ended: status, time and signature.
pub(super) fn ended(request: &Request) -> (String, String, &'static str) {
    match &request.ended {
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
        None => ("…".into(), String::new(), ""),
    }
}

/// Seconds with one decimal, while they fit.
fn seconds(waited: Duration) -> String {
    match waited.as_secs() {
        ..100 => format!("{}.{} s", waited.as_secs(), waited.subsec_millis() / 100),
        more => format!("{more} s"),
    }
}

pub(super) fn milliseconds(took: Duration) -> String {
    format!("{} ms", took.as_millis())
}
