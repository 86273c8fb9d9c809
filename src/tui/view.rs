//! The whole picture: header, screen, status line, hints, and what lies over them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::app::{Model, Screen};
use super::keymap::{Action, Context};
use super::lists;
use super::overlay::{self, Overlay};
use super::screen::{SIDE_BY_SIDE, connect, doctor, locked, log, payments, setup, users};
use super::widget::footer::footer;
use super::widget::header::header;
use super::widget::pane::paragraph;
use super::widget::text::{fit, wrap};
use super::widget::wait::wait_line;

/// The least that every screen but the QR code works in.
pub(super) const LEAST: (u16, u16) = (40, 12);
/// From this height on there is room for a blank row below the header, and a status line.
const ROOMY: u16 = 16;
/// The width of the checklist beside Connect.
const CHECKLIST: u16 = 44;

/// Where the model's screen is drawn.
pub(super) fn body(model: &Model) -> Rect {
    inside(model, model.size)
}

/// The same, at another size of the terminal. What waits for a limit has the row below the
/// header, which is blank otherwise, or not there.
fn inside(model: &Model, (width, height): (u16, u16)) -> Rect {
    let (above, below) = match (height >= ROOMY, model.is_held()) {
        (true, _) => (2, 2),
        (false, held) => (1 + u16::from(held), 1),
    };
    Rect::new(0, above, width, height.saturating_sub(above + below))
}

/// Whether a terminal of this size shows the screens at all.
pub(super) fn fits((width, height): (u16, u16)) -> bool {
    width >= LEAST.0 && height >= LEAST.1
}

/// Draws the model; gives back where the cursor stands, when something is being typed.
pub(super) fn view(model: &Model, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let area = area.intersection(buffer.area);
    let cursor = picture(model, area, buffer);
    model.facts.theme.cover(area, buffer);
    cursor
}

fn picture(model: &Model, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    if !fits((area.width, area.height)) {
        too_small(model, area, buffer);
        return None;
    }
    let row = |y: u16| Rect {
        y,
        height: 1,
        ..area
    };
    header(model, row(area.y), buffer);
    wait_line(model, indent(row(area.y + 1)), buffer);
    let inside = inside(model, (area.width, area.height));
    match (&model.locked, model.screen) {
        (Some(locked), _) => locked::view(model, locked, inside, buffer),
        (None, Screen::Setup | Screen::Connect) => setup_and_connect(model, inside, buffer),
        (None, Screen::Users) => users::view(model, inside, buffer),
        (None, Screen::Payments) => payments::view(model, inside, buffer),
        (None, Screen::Log) => log::view(model, inside, buffer),
        (None, Screen::Doctor) => doctor::view(model, inside, buffer),
    }
    status(model, inside, row(area.bottom() - 2), buffer);
    let hints = row(area.bottom() - 1);
    footer(model, indent(hints), buffer);
    overlay::view(model, area, buffer).or_else(|| lists::cursor(model))
}

/// Where the hints are drawn.
pub(super) fn hints(model: &Model) -> Rect {
    let (width, height) = model.size;
    indent(Rect::new(0, height.saturating_sub(1), width, 1))
}

/// Where the header is drawn.
pub(super) fn header_row(model: &Model) -> Rect {
    Rect::new(0, 0, model.size.0, 1)
}

fn indent(row: Rect) -> Rect {
    Rect {
        x: row.x + 1,
        width: row.width.saturating_sub(2),
        ..row
    }
}

/// One of the two, or both side by side.
fn setup_and_connect(model: &Model, area: Rect, buffer: &mut Buffer) {
    if area.width < SIDE_BY_SIDE {
        return match model.screen {
            Screen::Connect => connect::view(model, area, buffer),
            _ => setup::view(model, area, buffer),
        };
    }
    let left = Rect {
        width: CHECKLIST,
        ..area
    };
    let right = Rect {
        x: area.x + CHECKLIST + 2,
        width: area.width - CHECKLIST - 2,
        ..area
    };
    if model.screen == Screen::Connect && model.connect.is_active() {
        let used = setup::checklist(model, left, buffer);
        let rest = Rect {
            y: left.y + used,
            height: left.height - used,
            ..left
        };
        connect::words_pane(model, rest, buffer);
        connect::code_pane(model, right, buffer);
    } else {
        setup::view(model, left, buffer);
        connect::view(model, right, buffer);
    }
}

/// The status line. Where there is no room for one, it lies over the screen's last row.
fn status(model: &Model, inside: Rect, row: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    if matches!(model.overlay, Some(Overlay::Copy(_))) {
        // It says it in its own box.
        return;
    }
    let line = match &model.status {
        Some(status) if status.bad => Line::from(vec![
            Span::styled("✗ ", theme.bad()),
            Span::styled(status.text.clone(), theme.bad()),
        ]),
        Some(status) if status.good => Line::from(vec![
            Span::styled("✓ ", theme.good()),
            Span::styled(status.text.clone(), theme.good()),
        ]),
        Some(status) => Line::raw(status.text.clone()),
        None => return,
    };
    let row = indent(row);
    let cells = usize::from(row.width);
    // Two rows where the words need them and there is a row to lie over.
    let texts = wrap(
        &line
            .spans
            .iter()
            .map(|span| span.content.as_ref())
            .collect::<String>(),
        cells,
    );
    let style = line.spans.first().map_or(line.style, |span| span.style);
    let shown = texts.len().min(3);
    let tall = u16::try_from(shown).unwrap_or(1).min(inside.height).max(1);
    let area = Rect {
        y: row.bottom() - tall,
        height: tall,
        ..row
    };
    let whole = Rect {
        x: 0,
        width: row.width + 2,
        ..area
    };
    ratatui::widgets::Clear.render(whole.intersection(buffer.area), buffer);
    let lines: Vec<Line<'static>> = texts
        .into_iter()
        .take(shown)
        .map(|text| Line::styled(fit(&text, cells), style))
        .collect();
    paragraph(&lines, area, buffer);
}

/// Says what size is needed.
fn too_small(model: &Model, area: Rect, buffer: &mut Buffer) {
    let words = format!(
        "bunq-tui needs {}x{}; this is {}x{}. {} leaves.",
        LEAST.0,
        LEAST.1,
        area.width,
        area.height,
        model.key(Context::Everywhere, Action::Leave)
    );
    let lines: Vec<Line<'static>> = wrap(&words, usize::from(area.width))
        .into_iter()
        .map(Line::raw)
        .collect();
    paragraph(&lines, area, buffer);
}
