//! How the dialog looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::dialog;
use super::{Export, Focus, Kind, Phase, tables};
use crate::tui::app::Model;
use crate::tui::theme::MARKER;
use crate::tui::widget::pane::paragraph;
use crate::tui::widget::text::{chunks, wrap_lines};
use crate::workspace::export::Format;

/// Cells for all.
const WIDTH: u16 = 64;
/// Cells of what stands before a choice.
const LABEL: usize = 9;

/// Draws it; gives back where the cursor stands.
pub(in crate::tui::overlay) fn view(
    model: &Model,
    export: &Export,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let theme = model.facts.theme;
    let width = WIDTH.min(area.width.saturating_sub(4));
    let json = match export.kind {
        Kind::Requests => "JSON lines",
        _ => "JSON",
    };
    let mut lines = vec![choice(
        model,
        "Form",
        export.focus == Focus::Format,
        [
            ("CSV", export.format == Format::Csv),
            (json, export.format == Format::Json),
        ],
    )];
    lines.push(match export.shown {
        Some(shown) => choice(
            model,
            "Rows",
            export.focus == Focus::Scope,
            [
                (&format!("the {shown} shown"), export.only_shown),
                (&format!("all {}", export.count), !export.only_shown),
            ],
        ),
        None => {
            let words = tables::all_words(model, export.kind, export.count);
            Line::raw(format!("  {:<LABEL$}{words}", "Rows"))
        }
    });
    let name_row = u16::try_from(lines.len()).unwrap_or_default();
    lines.push(Line::default());
    lines.extend(below(model, export, width));
    let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let title = match export.kind {
        Kind::Requests => "Save the log".into(),
        kind => format!("Export {}", kind.noun()),
    };
    let inner = dialog(model, &title, (width, tall), area, buffer);
    paragraph(&lines, inner, buffer);
    let row = Rect {
        y: inner.y + name_row,
        height: 1.min(inner.height.saturating_sub(name_row)),
        ..inner
    };
    let head = label(export.focus == Focus::Name, "File");
    let begins = u16::try_from(head.chars().count()).unwrap_or_default();
    let (shown, at) = export.name.shown(row.width.saturating_sub(begins));
    let line = Line::from(vec![Span::raw(head), Span::styled(shown, theme.strong())]);
    line.render(row.intersection(buffer.area), buffer);
    let typing = export.focus == Focus::Name && !matches!(export.phase, Phase::Writing(_));
    (typing && !row.is_empty()).then(|| Position::new(row.x + begins + at, row.y))
}

fn label(here: bool, name: &str) -> String {
    let marker = if here { MARKER } else { " " };
    format!("{marker} {name:<LABEL$}")
}

/// A row with two answers, of which one is taken.
fn choice(model: &Model, name: &str, here: bool, answers: [(&str, bool); 2]) -> Line<'static> {
    let theme = model.facts.theme;
    let mut spans = vec![Span::raw(label(here, name))];
    for (answer, taken) in answers {
        let (text, style) = match (taken, here) {
            (true, true) => (format!("({answer})"), theme.selected()),
            (true, false) => (format!("({answer})"), theme.strong()),
            (false, _) => (format!(" {answer} "), theme.text()),
        };
        spans.push(Span::styled(text, style));
        spans.push(Span::raw(" "));
    }
    Line::from(spans)
}

/// Where it will be, what is in it, and how that went.
fn below(model: &Model, export: &Export, width: u16) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let place = export.place(model);
    let mut lines: Vec<Line<'static>> = match &export.phase {
        Phase::Failed(problem) => {
            let words = if problem.why.is_empty() {
                problem.what.clone()
            } else {
                format!("{}: {}", problem.what, problem.why)
            };
            wrap_lines(&[Line::styled(format!("✗ {words}"), theme.bad())], width)
        }
        Phase::Writing(_) => vec![Line::raw("Writing…")],
        Phase::Choosing => chunks(&place, usize::from(width).max(1))
            .into_iter()
            .map(Line::raw)
            .collect(),
    };
    let rows = if export.rows() == 1 { "row" } else { "rows" };
    let what = match export.kind {
        Kind::Requests => "Without headers and bodies.",
        _ => "It is not encrypted.",
    };
    let words = format!(
        "{} {rows}, for you alone to read (0600). {what}",
        export.rows()
    );
    lines.push(Line::default());
    lines.extend(wrap_lines(&[Line::raw(words)], width));
    lines
}
