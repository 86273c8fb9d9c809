//! One request in full: when it waited and went, what it asked and what it was answered.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::view::{is_good, milliseconds};
use super::{Detail, Request};
use crate::base::{Body, Side, Transcript, Verification};
use crate::tui::app::Model;
use crate::tui::keymap::{Action, Context};
use crate::tui::theme::Theme;
use crate::tui::view::body;
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::text::wrap_lines;
use crate::tui::widget::wait::seconds_until;

/// Cells of the names before the facts.
const NAMES: usize = 10;

/// How many lines are seen at a size of the terminal.
fn page(model: &Model) -> usize {
    usize::from(body(model).height.saturating_sub(1))
}

/// What a key does while a request is shown in full.
pub(super) fn act(model: &mut Model, action: Action) {
    if action == Action::Back {
        model.log.detail = None;
        return;
    }
    let page = page(model);
    let Some(detail) = &mut model.log.detail else {
        return;
    };
    let page = page.max(1);
    detail.offset = match action {
        Action::Up => detail.offset.saturating_sub(1),
        Action::Down => detail.offset.saturating_add(1),
        Action::PageUp => detail.offset.saturating_sub(page),
        Action::PageDown => detail.offset.saturating_add(page),
        Action::First => 0,
        Action::Last => usize::MAX,
        _ => detail.offset,
    };
}

/// Keeps the window over the lines; the list comes back when the request is not among them any more.
pub(super) fn settle(model: &mut Model) {
    let Some(detail) = &model.log.detail else {
        return;
    };
    let count = match model.log.find(detail.id) {
        Some(request) => {
            let width = inset(body(model)).width;
            wrap_lines(&lines(model, request, detail.transcript.as_deref()), width).len()
        }
        None => {
            model.log.detail = None;
            return;
        }
    };
    let most = count.saturating_sub(page(model));
    if let Some(detail) = &mut model.log.detail {
        detail.offset = detail.offset.min(most);
    }
}

/// Draws it.
pub(super) fn view(model: &Model, detail: &Detail, area: Rect, buffer: &mut Buffer) {
    let Some(request) = model.log.find(detail.id) else {
        return;
    };
    let theme = model.facts.theme;
    let width = inset(area).width;
    let lines = wrap_lines(&lines(model, request, detail.transcript.as_deref()), width);
    let seen = usize::from(area.height.saturating_sub(1));
    let remark = if lines.len() > seen {
        let last = lines.len().min(detail.offset + seen);
        format!("lines {} to {last} of {}", detail.offset + 1, lines.len())
    } else {
        String::new()
    };
    let title = format!("Request {}", detail.id.0);
    let inner = inset(pane(theme, &title, &remark, true, area, buffer));
    paragraph(
        lines.get(detail.offset..).unwrap_or_default(),
        inner,
        buffer,
    );
}

fn lines(model: &Model, request: &Request, transcript: Option<&Transcript>) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let query = transcript.and_then(|transcript| transcript.query.as_deref());
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    let call = format!("{} {}{query}", request.method, request.path);
    let mut lines = vec![
        Line::styled(call, theme.strong()),
        fact("Queued", model.facts.forms.clock(request.queued)),
        fact("Sent", sent(model, request)),
    ];
    lines.extend(outcome(theme, request));
    let Some(transcript) = transcript else {
        lines.push(Line::default());
        lines.push(Line::raw(if request.ended.is_some() {
            "What it asked and was answered is not kept, or not any more."
        } else {
            "What it asked and was answered is shown when it is over."
        }));
        return lines;
    };
    lines.push(Line::default());
    lines.push(Line::styled("Asked", theme.strong()));
    lines.extend(side(model, &transcript.asked));
    lines.push(Line::default());
    lines.push(Line::styled("Answered", theme.strong()));
    match &transcript.answered {
        Some(answered) => lines.extend(side(model, answered)),
        None => lines.push(Line::raw("nothing")),
    }
    lines
}

/// A fact under its name.
fn fact(name: &str, words: String) -> Line<'static> {
    styled_fact(name, words, Style::default())
}

fn styled_fact(name: &str, words: String, style: Style) -> Line<'static> {
    Line::from(vec![
        Span::raw(format!("{name:<NAMES$}")),
        Span::raw(" "),
        Span::styled(words, style),
    ])
}

fn sent(model: &Model, request: &Request) -> String {
    let why = |why| format!(": {why}");
    let why = request
        .waits
        .map_or_else(String::new, |(_, reason)| why(reason));
    match (request.sent, request.waits(model.now)) {
        (Some(at), _) => {
            let waited = seconds(request.queued, at);
            let at = model.facts.forms.clock(at);
            match request.waits {
                Some(_) => format!("{at} after {waited} s{why}"),
                None => format!("{at} at once"),
            }
        }
        (None, Some((until, _))) => {
            format!("waits {} s{why}", seconds_until(until, model.now))
        }
        (None, None) => "not yet".into(),
    }
}

/// Seconds with one decimal.
fn seconds(from: Timestamp, to: Timestamp) -> String {
    let milliseconds = to.duration_since(from).as_millis().max(0);
    format!("{}.{}", milliseconds / 1000, milliseconds / 100 % 10)
}

fn outcome(theme: Theme, request: &Request) -> Vec<Line<'static>> {
    let Some((outcome, took)) = &request.ended else {
        return vec![fact("Answered", "not yet".into())];
    };
    let style = if is_good(outcome) {
        theme.text()
    } else {
        theme.bad()
    };
    let took = milliseconds(*took);
    let answered = match (outcome.status, outcome.failure) {
        (Some(status), _) => format!("{status} after {took}"),
        (None, Some(failure)) => format!("not: {failure} after {took}"),
        (None, None) => format!("not: it failed after {took}"),
    };
    let (signature, style_of_it) = match outcome.verification {
        Verification::Verified => (
            "verified: the bank's, over exactly these bytes",
            theme.text(),
        ),
        Verification::NotExpected => ("not expected here, or not there on an error", theme.text()),
        Verification::Failed => ("WRONG: nothing of the answer was used", theme.bad()),
    };
    vec![
        styled_fact("Answered", answered, style),
        styled_fact("Signature", signature.into(), style_of_it),
    ]
}

/// Headers and body; a body may hold amounts and account numbers.
fn side(model: &Model, side: &Side) -> Vec<Line<'static>> {
    let header = |(name, value): &(String, crate::base::Secret)| {
        Line::from(vec![
            Span::raw(format!("{name}:")),
            Span::raw(" "),
            Span::raw(value.expose().to_owned()),
        ])
    };
    let mut lines: Vec<_> = side.headers.iter().map(header).collect();
    match &side.body {
        Body::None => lines.push(Line::raw("no body")),
        Body::Other { bytes } => {
            lines.push(Line::raw(format!(
                "{bytes} bytes that are no JSON: not kept"
            )));
        }
        Body::Json { bytes, .. } if model.facts.forms.hidden => {
            let key = model.key(Context::Everywhere, Action::Hide);
            lines.push(Line::raw(format!(
                "{bytes} bytes are hidden: {key} shows them"
            )));
        }
        Body::Json { text, bytes, cut } => {
            lines.extend(text.expose().lines().map(json));
            if *cut {
                lines.push(Line::raw(format!("… {bytes} bytes in all, cut here")));
            }
        }
    }
    lines
}

/// A line of JSON; what does not fit hangs under its beginning.
fn json(line: &str) -> Line<'static> {
    let text = line.trim_start_matches(' ');
    let indent = " ".repeat(line.len() - text.len());
    Line::from(vec![
        Span::raw(indent),
        Span::raw(""),
        Span::raw(text.to_owned()),
    ])
}
