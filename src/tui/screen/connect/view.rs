//! How Connect looks: the code and the words, beside or above one another.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Inviting, Phase, words};
use crate::tui::app::{Model, Screen};
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::qr::{Code, Form, Rung};
use crate::tui::widget::text::wrap;

/// Columns that the words need beside the code.
const WORDS_BESIDE: u16 = 34;
/// Rows that the words need below it.
const WORDS_BELOW: u16 = 9;
/// Between code and words.
const GAP: u16 = 2;

/// Draws code and words in one pane.
pub(in crate::tui) fn view(model: &Model, area: Rect, buffer: &mut Buffer) {
    let focused = model.screen == Screen::Connect;
    let inner = pane(model.facts.theme, title(model), "", focused, area, buffer);
    let Phase::Inviting(inviting) = &model.connect.phase else {
        return draw_words(model, inset(below_a_blank(inner)), buffer);
    };
    match arrange(model.connect.form, inviting, inner) {
        Some(arranged) => {
            if let Some(code) = &inviting.code {
                code.draw(arranged.rung, arranged.code, buffer);
            }
            draw_words(model, arranged.words, buffer);
        }
        None => {
            let note = too_small(model, inviting, inner);
            let inner = inset(inner);
            let mut lines: Vec<Line<'static>> = wrap(&note, usize::from(inner.width))
                .into_iter()
                .map(Line::raw)
                .collect();
            let left = usize::from(inner.height).saturating_sub(lines.len());
            let left = u16::try_from(left).unwrap_or(u16::MAX);
            lines.extend(words::fitted(model, inner.width, left));
            paragraph(&lines, inner, buffer);
        }
    }
}

/// Draws only the words.
pub(in crate::tui) fn words_pane(model: &Model, area: Rect, buffer: &mut Buffer) {
    let inner = pane(model.facts.theme, title(model), "", true, area, buffer);
    draw_words(model, inset(below_a_blank(inner)), buffer);
}

/// With a blank row on top, where there is room.
fn below_a_blank(area: Rect) -> Rect {
    let blank = u16::from(area.height >= 15);
    Rect {
        y: area.y + blank,
        height: area.height - blank,
        ..area
    }
}

/// Draws only the code.
pub(in crate::tui) fn code_pane(model: &Model, area: Rect, buffer: &mut Buffer) {
    let Phase::Inviting(inviting) = &model.connect.phase else {
        return;
    };
    let drawn = inviting.code.as_ref().and_then(|code| {
        let rung = fitting(model.connect.form, code, area)?;
        Some((code, rung))
    });
    if let Some((code, rung)) = drawn {
        let (columns, rows) = code.size(rung);
        let centred = Rect {
            x: area.x + (area.width - columns) / 2,
            y: area.y + (area.height - rows) / 2,
            width: columns,
            height: rows,
        };
        code.draw(rung, centred, buffer);
    } else {
        let note = too_small(model, inviting, area);
        let lines: Vec<Line<'static>> = wrap(&note, usize::from(area.width))
            .into_iter()
            .map(Line::raw)
            .collect();
        paragraph(&lines, area, buffer);
    }
}

fn title(model: &Model) -> &'static str {
    match model.connect.phase {
        Phase::Inviting(_) => "Scan, or open the address",
        _ => "Connect",
    }
}

fn draw_words(model: &Model, area: Rect, buffer: &mut Buffer) {
    let lines = words::fitted(model, area.width, area.height);
    paragraph(&lines, area, buffer);
}

/// Where the code and the words go.
struct Arranged {
    rung: Rung,
    code: Rect,
    words: Rect,
}

/// The first rung that fits with the words beside it or below it.
fn arrange(form: Form, inviting: &Inviting, area: Rect) -> Option<Arranged> {
    let code = inviting.code.as_ref()?;
    form.rungs().iter().find_map(|&rung| {
        let (columns, rows) = code.size(rung);
        let at = Rect {
            width: columns,
            height: rows,
            ..area
        };
        if rows <= area.height && columns + GAP + WORDS_BESIDE <= area.width {
            let words = Rect {
                x: area.x + columns + GAP,
                width: area.width - columns - GAP - 1,
                ..area
            };
            Some(Arranged {
                rung,
                code: at,
                words,
            })
        } else if columns <= area.width && rows + WORDS_BELOW <= area.height {
            let words = Rect {
                y: area.y + rows + 1,
                height: area.height - rows - 1,
                ..area
            };
            Some(Arranged {
                rung,
                code: at,
                words: inset(words),
            })
        } else {
            None
        }
    })
}

fn fitting(form: Form, code: &Code, area: Rect) -> Option<Rung> {
    form.rungs().iter().copied().find(|&rung| {
        let (columns, rows) = code.size(rung);
        columns <= area.width && rows <= area.height
    })
}

/// What to say when no rung fits.
fn too_small(model: &Model, inviting: &Inviting, area: Rect) -> String {
    let form = model.connect.form;
    let smallest = form.rungs().last().copied().unwrap_or(Rung::Sextants);
    match &inviting.code {
        Some(code) => {
            let (columns, rows) = code.size(smallest);
            let other = match form {
                Form::HalfBlocks => model.spell(" {connect.cycle-form} takes a smaller form."),
                Form::Auto | Form::Sextants => String::new(),
            };
            format!(
                "No room for the QR code: it takes {columns}x{rows} cells, here are {}x{}.{other}",
                area.width, area.height
            )
        }
        None => "The address is too long for a QR code.".into(),
    }
}
