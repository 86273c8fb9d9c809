//! A text alone, from the first column on and with nothing beside it, for selecting by hand.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::pane::paragraph;
use super::text::{chunks, fit};
use crate::tui::keymap::Action;

/// Most characters that are shown; copying takes all of it.
const MOST: usize = 9_000;
/// Rows that are not the text's: a blank one and the hint.
const AROUND: u16 = 2;

/// A text, and the first line of it that is seen.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct Alone {
    text: String,
    scroll: usize,
    cut: bool,
}

impl Alone {
    /// The text from its beginning.
    pub(in crate::tui) fn new(text: &str) -> Self {
        Self {
            text: text.chars().take(MOST).collect(),
            scroll: 0,
            cut: text.chars().nth(MOST).is_some(),
        }
    }

    fn lines(&self, cells: usize) -> Vec<String> {
        let lines = self.text.lines().map(|line| line.replace('\t', "    "));
        lines.flat_map(|line| pieces(&line, cells)).collect()
    }

    /// Scrolls as a key says, at a size of the terminal.
    pub(in crate::tui) fn act(&mut self, action: Action, size: (u16, u16)) {
        let page = usize::from(size.1.saturating_sub(AROUND)).max(1);
        let last = self.lines(size.0.into()).len().saturating_sub(page);
        let scroll = self.scroll.min(last);
        self.scroll = match action {
            Action::Up => scroll.saturating_sub(1),
            Action::Down => scroll + 1,
            Action::PageUp => scroll.saturating_sub(page),
            Action::PageDown => scroll + page,
            Action::First => 0,
            Action::Last => last,
            _ => scroll,
        }
        .min(last);
    }

    /// Draws it, and under it which keys act.
    pub(in crate::tui) fn view(&self, hint: &str, area: Rect, buffer: &mut Buffer) {
        Clear.render(area, buffer);
        let cells = usize::from(area.width);
        let room = usize::from(area.height.saturating_sub(AROUND));
        let lines = self.lines(cells);
        let scroll = self.scroll.min(lines.len().saturating_sub(room));
        let end = lines.len().min(scroll + room);
        let more = match (lines.len() > room, self.cut) {
            (false, false) => String::new(),
            (true, false) => format!("; {}-{end} of {}", scroll + 1, lines.len()),
            (_, true) => format!("; {}-{end} of its beginning", scroll + 1),
        };
        let seen = lines.into_iter().skip(scroll).take(room);
        let mut seen: Vec<Line<'static>> = seen.map(Line::raw).collect();
        seen.push(Line::default());
        seen.push(Line::raw(fit(&format!("{hint}{more}"), cells)));
        paragraph(&seen, area, buffer);
    }
}

/// A line in pieces of so many cells.
fn pieces(line: &str, cells: usize) -> Vec<String> {
    if line.is_empty() {
        return vec![String::new()];
    }
    if !line.is_ascii() {
        return chunks(line, cells);
    }
    let mut pieces = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(cells.max(1).min(rest.len()));
        pieces.push(piece.to_owned());
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_it_is_lost_whatever_the_width() {
        let text = "one line\n\nanother, with Zoë and 李小龍 in it\n{\"a\": 1}";
        for cells in 2..60 {
            let lines = Alone::new(text).lines(cells);
            assert!(
                lines
                    .iter()
                    .all(|line| super::super::text::width(line) <= cells + 1)
            );
            assert_eq!(lines.concat(), text.replace('\n', ""));
        }
    }

    #[test]
    fn it_is_scrolled_to_its_end_and_no_further() {
        let text: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        let mut alone = Alone::new(&text.join("\n"));
        let size = (40, 12);
        for (action, scroll) in [
            (Action::Up, 0),
            (Action::Down, 1),
            (Action::PageDown, 10),
            (Action::Down, 10),
            (Action::PageUp, 0),
            (Action::Last, 10),
            (Action::First, 0),
        ] {
            alone.act(action, size);
            assert_eq!(alone.scroll, scroll, "{action:?}");
        }
    }
}
