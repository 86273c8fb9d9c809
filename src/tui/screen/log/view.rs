//! How Log looks: a table, or one request in full.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Request, budget, detail};
use crate::base::{RequestOutcome, Verification};
use crate::tui::app::Model;
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::table::{Column, Table};
use crate::tui::widget::text::wrap_lines;
use crate::tui::widget::wait::{seconds_until, shortly};

/// From this width on a column says how long a request waited; below it a word says that it did.
const WITH_WAITED: u16 = 90;

fn columns(width: u16) -> [Column; 7] {
    [
        Column::new("Time", 8, 3),
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
    let remark = if count == 0 {
        String::new()
    } else {
        format!("{count}, newest first")
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
    let inner = pane(theme, "Requests", &remark, true, list, buffer);
    if count == 0 {
        let lines = [
            Line::default(),
            Line::styled("No request was made yet", theme.strong()),
            Line::raw("Every request to the bank is listed here, without its secrets."),
        ];
        let lines = wrap_lines(&lines, inset(inner).width);
        paragraph(&lines, inset(inner), buffer);
        return;
    }
    let table = Table {
        columns: &columns(inner.width),
        count,
        cursor: model.log.cursor,
        focused: true,
        theme,
    };
    table.draw(inner, buffer, |place| {
        let request = model.log.requests.get(place)?;
        Some((cells(model, request, inner.width), style(model, request)))
    });
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
    let (status, took, signature) = match &request.ended {
        Some((outcome, took)) => (
            outcome.status.map_or_else(
                || outcome.failure.unwrap_or("failed").into(),
                |s| match request.waited() {
                    Some(_) if width < WITH_WAITED => format!("{s} waited"),
                    _ => s.to_string(),
                },
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
