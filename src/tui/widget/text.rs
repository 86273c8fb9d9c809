//! Fitting words into cells.

use std::time::Duration;

use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::base::{Money, Problem, Remedy, text_width};
use crate::tui::app::Model;
use crate::tui::keymap::{Action, Context};

/// How many cells a text takes.
pub(in crate::tui) fn width(text: &str) -> usize {
    text_width(text)
}

/// The text in at most so many cells, its end cut with an ellipsis.
pub(in crate::tui) fn fit(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.into();
    }
    let mut kept = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let next = grapheme.width();
        if used + next + 1 > cells {
            break;
        }
        kept.push_str(grapheme);
        used += next;
    }
    if cells > 0 {
        kept.push('…');
    }
    kept
}

/// The text in exactly so many cells.
pub(in crate::tui) fn pad(text: &str, cells: usize, right: bool) -> String {
    let text = fit(text, cells);
    let blank = " ".repeat(cells.saturating_sub(width(&text)));
    if right { blank + &text } else { text + &blank }
}

/// An address, which has no spaces to break at, in pieces of at most so many cells, broken between
/// graphemes only.
pub(in crate::tui) fn chunks(text: &str, cells: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let next = grapheme.width();
        if used > 0 && used + next > cells.max(1) {
            pieces.push(std::mem::take(&mut piece));
            used = 0;
        }
        piece.push_str(grapheme);
        used += next;
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// Words in lines of at most so many cells, broken at spaces where possible.
pub(in crate::tui) fn wrap(text: &str, cells: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let gap = usize::from(!line.is_empty());
        let wide = width(word);
        if used + gap + wide <= cells {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            used += gap + wide;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        let mut pieces = chunks(word, cells);
        line = pieces.pop().unwrap_or_default();
        used = width(&line);
        lines.extend(pieces);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A line of spans in lines of at most so many cells; what follows hangs under the text after a
/// key, where the first span is one.
pub(in crate::tui) fn wrap_line(line: &Line<'static>, cells: usize) -> Vec<Line<'static>> {
    if line.width() <= cells {
        return vec![line.clone()];
    }
    match line.spans.as_slice() {
        [only] => wrap(&only.content, cells)
            .into_iter()
            .map(|text| Line::styled(text, line.style.patch(only.style)))
            .collect(),
        [key, gap, words] => {
            let indent = key.width() + gap.width();
            let wrapped = wrap(&words.content, cells.saturating_sub(indent).max(1));
            wrapped
                .into_iter()
                .enumerate()
                .map(|(place, text)| {
                    if place == 0 {
                        Line::from(vec![
                            key.clone(),
                            gap.clone(),
                            Span::styled(text, words.style),
                        ])
                    } else {
                        Line::from(vec![
                            Span::raw(" ".repeat(indent)),
                            Span::styled(text, words.style),
                        ])
                    }
                })
                .collect()
        }
        _ => vec![line.clone()],
    }
}

/// All lines wrapped.
pub(in crate::tui) fn wrap_lines(lines: &[Line<'static>], cells: u16) -> Vec<Line<'static>> {
    lines
        .iter()
        .flat_map(|line| wrap_line(line, usize::from(cells)))
        .collect()
}

/// What happened, why, and what to do.
pub(in crate::tui) fn problem_lines(model: &Model, problem: &Problem) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let mut lines = vec![Line::from(vec![
        Span::styled("✗", theme.bad()),
        Span::raw(" "),
        Span::styled(problem.what.clone(), theme.bad()),
    ])];
    for more in [&problem.why, &problem.next] {
        if !more.is_empty() {
            lines.push(Line::from(vec![
                Span::raw(" "),
                Span::raw(" "),
                Span::raw(capital(more)),
            ]));
        }
    }
    if problem.remedy == Some(Remedy::SetUpAnew) {
        lines.push(Line::from(vec![
            Span::styled(
                model.key(Context::Everywhere, Action::SetUpAnew),
                theme.key(),
            ),
            Span::raw("  "),
            Span::raw("sets up anew; old figures stay as history"),
        ]));
    }
    lines
}

/// A sentence's beginning.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// How long something takes, in the two greatest units that matter.
pub(in crate::tui) fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// How many decimals the amount with the most has.
pub(in crate::tui) fn decimals<'a>(amounts: impl Iterator<Item = &'a Money>) -> usize {
    amounts
        .map(|money| money.value.scale() as usize)
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_by_cells_and_not_by_bytes() {
        assert_eq!(fit("李小龍的帳戶", 6), "李小…");
        assert_eq!(fit("Zoë", 3), "Zoë");
        assert_eq!(fit("Zoë", 0), "");
        assert_eq!(pad("ab", 4, true), "  ab");
    }

    #[test]
    fn nothing_is_cut_inside_a_grapheme() {
        // A family of one grapheme, an accent of its own, and letters of two cells.
        let text = "李👩‍👩‍👧e\u{301}小龍🇳🇱x";
        let whole: Vec<&str> = text.graphemes(true).collect();
        for cells in 1..14 {
            let cut = fit(text, cells);
            assert!(width(&cut) <= cells, "{cut:?} in {cells}");
            let kept: Vec<&str> = cut.trim_end_matches('…').graphemes(true).collect();
            assert_eq!(kept, whole[..kept.len()], "{cut:?}");
            let pieces = chunks(text, cells);
            assert_eq!(pieces.concat(), text);
            let graphemes: Vec<&str> = pieces.iter().flat_map(|it| it.graphemes(true)).collect();
            assert_eq!(graphemes, whole, "{cells}");
            let fits = |piece: &String| width(piece) <= cells.max(2);
            assert!(pieces.iter().all(fits), "{pieces:?} in {cells}");
        }
    }

    #[test]
    fn words_wrap_and_nothing_is_lost() {
        let text = "one two three-and-a-very-long-word four";
        for cells in 1..50 {
            let wrapped = wrap(text, cells);
            assert!(wrapped.iter().all(|line| line.width() <= cells), "{cells}");
            let squeezed: String = wrapped.concat().replace(' ', "");
            assert_eq!(squeezed, text.replace(' ', ""));
        }
    }
}
