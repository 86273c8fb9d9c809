//! A table that builds only the rows that can be seen, and drops columns by rank where they do
//! not fit.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::list::Cursor;
use super::text::pad;
use crate::tui::theme::{MARKER, Theme};

/// Between columns.
const GAP: usize = 2;
/// Before the first column: the selection's marker and a space.
const MARGIN: usize = 2;

/// A column.
#[derive(Clone, Copy, Debug)]
pub(in crate::tui) struct Column {
    /// Its heading.
    pub(in crate::tui) title: &'static str,
    /// The least width that is of use.
    pub(in crate::tui) width: usize,
    /// The width at which more is of no use.
    pub(in crate::tui) most: usize,
    /// Which goes first where they do not fit: the greatest; 0 never goes.
    pub(in crate::tui) rank: u8,
    /// Whether its cells end in one line instead of beginning in one.
    pub(in crate::tui) right: bool,
    /// Whether it is left out whatever room there is.
    pub(in crate::tui) left_out: bool,
}

impl Column {
    /// A column of a fixed width.
    pub(in crate::tui) const fn new(title: &'static str, width: usize, rank: u8) -> Self {
        Self {
            title,
            width,
            most: width,
            rank,
            right: false,
            left_out: false,
        }
    }

    /// Grows up to a width where there is room.
    pub(in crate::tui) const fn up_to(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// Left out, as what it says stands elsewhere.
    pub(in crate::tui) const fn left_out_if(mut self, stands_elsewhere: bool) -> Self {
        self.left_out = stands_elsewhere;
        self
    }

    /// Its cells end in one line.
    pub(in crate::tui) const fn right(mut self) -> Self {
        self.right = true;
        self
    }
}

/// The columns that fit into a width, by their places, with the width that each gets.
pub(in crate::tui) fn plan(columns: &[Column], width: u16) -> Vec<(usize, usize)> {
    let room = usize::from(width).saturating_sub(MARGIN);
    let of = |place: &usize| columns.get(*place);
    let shown = |place: &usize| of(place).is_some_and(|column| !column.left_out);
    let mut kept: Vec<usize> = (0..columns.len()).filter(shown).collect();
    let needed = |kept: &[usize]| -> usize {
        let cells: usize = kept.iter().filter_map(of).map(|column| column.width).sum();
        cells + GAP * kept.len().saturating_sub(1)
    };
    while needed(&kept) > room {
        let Some(worst) = kept
            .iter()
            .copied()
            .filter(|place| of(place).is_some_and(|column| column.rank > 0))
            .max_by_key(|place| of(place).map(|column| column.rank))
        else {
            break;
        };
        kept.retain(|place| *place != worst);
    }
    let mut spare = room.saturating_sub(needed(&kept));
    let mut short = needed(&kept).saturating_sub(room);
    let mut widths = Vec::with_capacity(kept.len());
    for place in kept {
        let Some(column) = of(&place) else { continue };
        let more = spare.min(column.most.saturating_sub(column.width));
        spare -= more;
        // Not even the columns that never go fit: the wide ones give way.
        let less = short.min(column.width.saturating_sub(4));
        short -= less;
        widths.push((place, column.width + more - less));
    }
    widths
}

/// A table over rows that are built when they are seen.
pub(in crate::tui) struct Table<'a> {
    /// The columns.
    pub(in crate::tui) columns: &'a [Column],
    /// How many rows there are.
    pub(in crate::tui) count: usize,
    /// The selection and the window.
    pub(in crate::tui) cursor: Cursor,
    /// Whether the keys move this table's selection.
    pub(in crate::tui) focused: bool,
    /// How to draw.
    pub(in crate::tui) theme: Theme,
}

impl Table<'_> {
    /// Draws the headings and the rows; `row` gives a row's cells and its style.
    pub(in crate::tui) fn draw(
        &self,
        area: Rect,
        buffer: &mut Buffer,
        row: impl Fn(usize) -> Option<(Vec<String>, Style)>,
    ) {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return;
        }
        // The bar has a column of its own.
        let bar = u16::from(self.has_bar(area));
        let plan = plan(self.columns, area.width.saturating_sub(bar));
        let titles: Vec<String> = self.columns.iter().map(|c| c.title.into()).collect();
        let at = |line: u16| Rect {
            y: area.y + line,
            height: 1,
            ..area
        };
        Line::styled(self.join(&plan, &titles, ""), self.theme.strong()).render(at(0), buffer);
        for line in 1..area.height {
            let place = self.cursor.offset + usize::from(line) - 1;
            if place >= self.count {
                break;
            }
            let Some((cells, style)) = row(place) else {
                break;
            };
            let here = place == self.cursor.at;
            let marker = if here { MARKER } else { "" };
            let style = match (here, self.focused) {
                (true, true) => style.patch(self.theme.selected()),
                (true, false) => style.patch(self.theme.chosen()),
                _ => style,
            };
            let text = pad(
                &self.join(&plan, &cells, marker),
                usize::from(area.width),
                false,
            );
            Line::styled(text, style).render(at(line), buffer);
        }
        self.scrollbar(area, buffer);
    }

    fn join(&self, plan: &[(usize, usize)], cells: &[String], marker: &str) -> String {
        let mut text = pad(marker, MARGIN, false);
        for (order, (place, width)) in plan.iter().enumerate() {
            if order > 0 {
                text.push_str(&" ".repeat(GAP));
            }
            let right = self.columns.get(*place).is_some_and(|column| column.right);
            let cell = cells.get(*place).map_or("", String::as_str);
            text.push_str(&pad(cell, *width, right));
        }
        text
    }

    fn has_bar(&self, area: Rect) -> bool {
        let track = usize::from(area.height.saturating_sub(1));
        track > 0 && self.count > track
    }

    /// Where the window is, in the last column, when not all rows are seen.
    fn scrollbar(&self, area: Rect, buffer: &mut Buffer) {
        if !self.has_bar(area) {
            return;
        }
        let track = usize::from(area.height.saturating_sub(1));
        let thumb = (track * track / self.count).max(1);
        let hidden = self.count - track;
        let top = self.cursor.offset.min(hidden) * (track - thumb) / hidden;
        for line in 0..track {
            let inside = line >= top && line < top + thumb;
            let y = area.y + 1 + u16::try_from(line).unwrap_or(u16::MAX);
            if let Some(cell) = buffer.cell_mut((area.right().saturating_sub(1), y)) {
                cell.reset();
                cell.set_symbol(if inside { "┃" } else { "│" })
                    .set_style(if inside {
                        self.theme.text()
                    } else {
                        self.theme.rule()
                    });
            }
        }
    }
}
