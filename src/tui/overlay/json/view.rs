//! How the tree looks: its rows, and under them where the selected value is and all of it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::{Found, Json, open, values};
use crate::base::JsonTree;
use crate::tui::app::Model;
use crate::tui::theme::{MARKER, Theme};
use crate::tui::widget::json_tree::{JsonView, matches};
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::text::{chunks, fit, pad, problem_lines, width, wrap, wrap_lines};

/// Rows that are not the tree's: the badge above, its own rule, the hints below.
const AROUND: u16 = 3;
/// Cells for each level.
const STEP: usize = 2;

/// Lines under the rule with the path, at a height of the terminal.
fn below(height: u16) -> u16 {
    match height {
        ..16 => 1,
        16..30 => 3,
        _ => 5,
    }
}

/// How many rows of the tree are seen at a size of the terminal.
pub(super) fn page(size: (u16, u16)) -> usize {
    usize::from(size.1.saturating_sub(AROUND + 1 + below(size.1)).max(1))
}

/// Draws it; gives back where the cursor stands while something is typed.
pub(in crate::tui::overlay) fn view(
    model: &Model,
    json: &Json,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let theme = model.facts.theme;
    if let Some(alone) = &json.alone {
        let keys = model.spell("{json.back} goes back, {json.copy-value} copies");
        alone.view(&keys, area, buffer);
        return None;
    }
    let whole = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(2),
        ..area
    };
    Clear.render(whole, buffer);
    let title = format!("JSON of {}", json.title);
    let tree = match &json.found {
        Found::Tree(tree) => tree,
        other => {
            let inner = inset(pane(theme, &title, "", true, whole, buffer));
            paragraph(
                &wrap_lines(&nothing(model, other, json), inner.width),
                inner,
                buffer,
            );
            return None;
        }
    };
    let whole_or_not = if tree.tree().note().is_some() {
        ", not all of it"
    } else {
        ""
    };
    let (row, count) = (tree.cursor.at + 1, tree.count());
    let remark = format!("row {row} of {count}{whole_or_not}");
    let inner = pane(theme, &title, &remark, true, whole, buffer);
    let strip = (below(area.height) + 1).min(inner.height);
    let rows = Rect {
        height: inner.height - strip,
        ..inner
    };
    draw_rows(model, tree, rows, buffer);
    let strip = Rect {
        y: inner.y + rows.height,
        height: strip,
        ..inner
    };
    draw_strip(model, tree, strip, buffer)
}

/// Why no tree is shown.
fn nothing(model: &Model, found: &Found, json: &Json) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let mut lines = vec![Line::default()];
    match found {
        Found::Awaited => lines.push(Line::raw("Looking it up…")),
        Found::Failed(problem) => lines.extend(problem_lines(model, problem)),
        Found::Missing | Found::Tree(_) => {
            let [what, next] = open::missing(json.of);
            lines.push(Line::styled(what, theme.strong()));
            lines.push(Line::raw(model.spell(next)));
        }
    }
    lines
}

fn draw_rows(model: &Model, tree: &JsonView, area: Rect, buffer: &mut Buffer) {
    for line in 0..area.height {
        let row = tree.cursor.offset + usize::from(line);
        let Some(place) = tree.row(row) else { break };
        let at = Rect {
            y: area.y + line,
            height: 1,
            ..area
        };
        let here = row == tree.cursor.at;
        row_line(model, tree, place, here, usize::from(area.width))
            .render(at.intersection(buffer.area), buffer);
    }
}

/// A row: the selection's marker, the fold's sign, name and value.
fn row_line(
    model: &Model,
    tree: &JsonView,
    place: usize,
    here: bool,
    cells: usize,
) -> Line<'static> {
    let theme = model.facts.theme;
    let Some(node) = tree.tree().get(place) else {
        return Line::default();
    };
    let sign = match tree.fold_of(place) {
        Some(true) => "+",
        Some(false) => "-",
        None => " ",
    };
    let marker = if here { MARKER } else { " " };
    // However deep it is, half of the row is left for it.
    let indent = (node.depth * STEP).min(cells / 2);
    let head = format!("{marker} {}{sign} ", " ".repeat(indent));
    let room = cells.saturating_sub(width(&head));
    let name = fit(&values::name(node), room);
    let room = room.saturating_sub(width(&name) + 2);
    let value = fit(
        &values::value(tree.tree(), place, cells, model.facts.forms.hidden),
        room,
    );
    let base = if here { theme.selected() } else { theme.text() };
    let named = base.patch(theme.strong());
    let valued = if values::is_figure(node) {
        base.patch(theme.strong())
    } else {
        base
    };
    let needle = tree.search.as_ref().map_or("", |search| search.needle());
    let mut spans = vec![Span::styled(head, base)];
    spans.extend(marked(theme, &name, needle, named));
    spans.push(Span::styled(": ", base));
    spans.extend(marked(theme, &value, needle, valued));
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    spans.push(Span::styled(" ".repeat(cells.saturating_sub(used)), base));
    Line::from(spans)
}

/// A text with what is looked for marked in it.
fn marked(theme: Theme, text: &str, needle: &str, style: Style) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut from = 0;
    let mut push = |range: std::ops::Range<usize>, style| {
        if let Some(piece) = text.get(range).filter(|piece| !piece.is_empty()) {
            spans.push(Span::styled(piece.to_owned(), style));
        }
    };
    for found in matches(text, needle) {
        push(from..found.start, style);
        from = found.end;
        push(found, style.patch(theme.key()).underlined());
    }
    push(from..text.len(), style);
    spans
}

/// Where the selected value is, all of it, and what is looked for.
fn draw_strip(model: &Model, tree: &JsonView, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let theme = model.facts.theme;
    let place = tree.selected().unwrap_or_default();
    let path = end_of(
        &tree.tree().path(place),
        usize::from(area.width).saturating_sub(6),
    );
    let inner = inset(pane(theme, &path, "", false, area, buffer));
    let lines = said(tree.tree(), place, model.facts.forms.hidden, inner);
    paragraph(&lines, inner, buffer);
    let last = Rect {
        y: inner.bottom().saturating_sub(1),
        height: 1.min(inner.height),
        ..inner
    };
    if last.is_empty() {
        return None;
    }
    let cells = usize::from(last.width);
    if let Some(search) = &tree.search
        && (search.typing || model.status.is_none())
    {
        let standing = search.standing();
        let room = cells.saturating_sub(width(&standing) + 3);
        let (shown, at) = search.field.shown(u16::try_from(room).unwrap_or(u16::MAX));
        let text = format!("/{}  {standing}", pad(&shown, room, false));
        Line::styled(pad(&text, cells, false), theme.strong()).render(last, buffer);
        return search
            .typing
            .then(|| Position::new(last.x + 1 + at, last.y));
    }
    if let Some(status) = &model.status {
        let style = if status.bad {
            theme.bad()
        } else {
            theme.text()
        };
        let texts = wrap(&status.text, cells);
        let tall = u16::try_from(texts.len())
            .unwrap_or(u16::MAX)
            .min(inner.height);
        let at = Rect {
            y: inner.bottom().saturating_sub(tall),
            height: tall,
            ..inner
        };
        Clear.render(at.intersection(buffer.area), buffer);
        let lines: Vec<_> = texts
            .into_iter()
            .map(|text| Line::styled(text, style))
            .collect();
        paragraph(&lines, at, buffer);
    }
    None
}

/// The whole value under the tree, as far as there is room, and why the document is not whole.
fn said(tree: &JsonTree, place: usize, hidden: bool, area: Rect) -> Vec<Line<'static>> {
    let cells = usize::from(area.width).max(1);
    let room = usize::from(area.height);
    let most = cells * room;
    let mut texts = chunks(&values::value(tree, place, most + 1, hidden), cells);
    if texts.len() > room {
        texts.truncate(room);
        if let Some(last) = texts.last_mut() {
            *last = fit(&format!("{last}…"), cells);
        }
    }
    if let Some(note) = tree.note().filter(|_| room > 1) {
        texts.truncate(room - 1);
        texts.push(fit(&format!("… {note}"), cells));
    }
    texts.into_iter().map(Line::raw).collect()
}

/// The end of a path that is too long, which tells more than its beginning.
fn end_of(path: &str, cells: usize) -> String {
    if width(path) <= cells {
        return path.to_owned();
    }
    let mut kept: Vec<char> = Vec::new();
    let mut used = 1;
    for character in path.chars().rev() {
        used += width(&character.to_string()).max(1);
        if used > cells {
            break;
        }
        kept.push(character);
    }
    std::iter::once('…').chain(kept.into_iter().rev()).collect()
}
