//! How Doctor looks: a table of checks over the selected one in full.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{checks, word};
use crate::tui::app::Model;
use crate::tui::keymap::{Action, Context};
use crate::tui::lists::{self, List, Placed};
use crate::tui::view::body;
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::table::Column;
use crate::tui::widget::text::{width, wrap_lines};
use crate::workspace::{Check, Verdict};

/// The columns, the second as wide as what it has to say where there is room.
fn columns(checks: &[Check]) -> [Column; 3] {
    let about = checks.iter().map(|check| width(check.topic)).max();
    [
        Column::new("Verdict", 9, 0),
        Column::new("About", 12, 0).up_to(about.unwrap_or_default().max(12)),
        Column::new("Found", 11, 0).up_to(200),
    ]
}

/// Rows that the selected check has below the table.
fn detail_height(model: &Model, area: Rect) -> u16 {
    if model.doctor.alone {
        area.height
    } else {
        (area.height / 3).clamp(4.min(area.height), 10)
    }
}

/// How many checks are seen at once.
pub(super) fn page(model: &Model) -> usize {
    let area = body(model);
    let table = area.height - detail_height(model, area);
    lists::page(&model.doctor.listing, table)
}

/// Draws it.
pub(in crate::tui) fn view(model: &Model, area: Rect, buffer: &mut Buffer) {
    let checks = checks(model);
    if checks.is_empty() {
        return nothing(model, area, buffer);
    }
    let placed = table(model, area, checks.len());
    let below = Rect {
        y: area.y + placed.area.height,
        height: area.height - placed.area.height,
        ..area
    };
    let theme = model.facts.theme;
    if !placed.area.is_empty() {
        let title = title(&checks);
        placed.draw(model, (&title, &remark(model)), buffer, |place| {
            let check = checks.get(place)?;
            let cells = vec![
                word(check.verdict).into(),
                check.topic.into(),
                // What has a line each stands in one here.
                check.finding.replace('\n', "; "),
            ];
            Some((cells, style(model, check.verdict)))
        });
    }
    let selected = model.doctor.listing.selected();
    if let Some(check) = selected.and_then(|place| checks.get(place)) {
        let focused = model.doctor.alone;
        let inner = inset(pane(theme, check.topic, "", focused, below, buffer));
        let lines = wrap_lines(&in_full(model, check), inner.width);
        paragraph(&lines, inner, buffer);
    }
}

/// The table, where one is shown.
pub(in crate::tui) fn placed(model: &Model) -> Vec<Placed> {
    let count = checks(model).len();
    let placed = table(model, body(model), count);
    let shown = count > 0 && !placed.area.is_empty();
    shown.then_some(placed).into_iter().collect()
}

fn table(model: &Model, area: Rect, count: usize) -> Placed {
    Placed {
        list: List::Doctor,
        area: Rect {
            height: area.height - detail_height(model, area),
            ..area
        },
        columns: columns(&checks(model)).to_vec(),
        count,
    }
}

/// How many of what matters.
fn title(checks: &[Check]) -> String {
    let count = |verdict| checks.iter().filter(|one| one.verdict == verdict).count();
    match (count(Verdict::Bad), count(Verdict::Unknown)) {
        (0, 0) => "Doctor: nothing bad".into(),
        (0, unknown) => format!("Doctor: nothing bad, {unknown} unknown"),
        (bad, 0) => format!("Doctor: {bad} bad"),
        (bad, unknown) => format!("Doctor: {bad} bad, {unknown} unknown"),
    }
}

fn remark(model: &Model) -> String {
    if model.doctor.is_looking() {
        return "looking…".into();
    }
    model.doctor.looked_at().map_or_else(String::new, |at| {
        format!("looked {}", model.facts.forms.when(at, model.now))
    })
}

fn style(model: &Model, verdict: Verdict) -> Style {
    let theme = model.facts.theme;
    match verdict {
        Verdict::Good => theme.text(),
        Verdict::Notice | Verdict::Unknown => theme.strong(),
        Verdict::Bad => theme.bad(),
    }
}

fn in_full(model: &Model, check: &Check) -> Vec<Line<'static>> {
    let verdict = word(check.verdict);
    let mut lines = Vec::new();
    for (place, finding) in check.finding.split('\n').enumerate() {
        let lead = match place {
            0 => Span::styled(verdict, style(model, check.verdict)),
            _ => Span::raw(" ".repeat(width(verdict))),
        };
        lines.push(Line::from(vec![
            lead,
            Span::raw("  "),
            Span::raw(finding.to_owned()),
        ]));
    }
    if !check.remedy.is_empty() {
        lines.push(Line::from(vec![
            Span::raw(" ".repeat(width(verdict))),
            Span::raw("  "),
            Span::raw(check.remedy.clone()),
        ]));
    }
    lines
}

/// Before the first look ended.
fn nothing(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let inner = inset(pane(theme, "Doctor", &remark(model), true, area, buffer));
    let mut lines = vec![Line::default()];
    if model.doctor.is_looking() {
        lines.push(Line::raw(
            "Looking at what is set up, what is stored and what the bank answers…",
        ));
    } else {
        lines.push(Line::from(vec![
            Span::styled(model.key(Context::Doctor, Action::Refresh), theme.key()),
            Span::raw("  "),
            Span::raw("looks at everything that could be wrong"),
        ]));
    }
    paragraph(&wrap_lines(&lines, inner.width), inner, buffer);
}
