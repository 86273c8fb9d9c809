//! A table that builds only the rows that can be seen, and drops columns by rank where they do
//! not fit.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Widget;
use unicode_segmentation::UnicodeSegmentation;

use super::list::Cursor;
use super::text::{fit, pad, width as text_width};
use crate::tui::listing::{Eye, Listing, Query, Sort};
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

    /// Whether it has a heading: what has none is part of the column before.
    pub(in crate::tui) fn is_named(&self) -> bool {
        !self.title.is_empty()
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

/// The headings, with an arrow after the one that the rows are sorted by.
fn titles(columns: &[Column], plan: &[(usize, usize)], sort: Option<Sort>) -> Vec<String> {
    let mut titles: Vec<String> = columns.iter().map(|c| c.title.into()).collect();
    if let Some(sort) = sort
        && let Some(title) = titles.get_mut(sort.column)
        && let Some((_, width)) = plan.iter().find(|(place, _)| *place == sort.column)
    {
        let arrow = if sort.descending { "▼" } else { "▲" };
        let room = width.saturating_sub(1);
        *title = if text_width(title) <= room {
            format!("{title}{arrow}")
        } else {
            format!("{}{arrow}", title.chars().take(room).collect::<String>())
        };
    }
    titles
}

/// What a place in a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Spot {
    /// The heading of a column.
    Heading(usize),
    /// A row, by its place among those that are shown.
    Row(usize),
    /// Nothing.
    Blank,
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
    /// Draws the headings and the rows that a listing shows; `row` gives the cells and the style of
    /// the row at a place among all rows.
    pub(in crate::tui) fn draw_listing(
        &self,
        listing: &Listing,
        area: Rect,
        buffer: &mut Buffer,
        row: impl Fn(usize) -> Option<(Vec<String>, Style)>,
    ) {
        let with = (listing.sort(), listing.query());
        self.draw_with(area, buffer, with, |at| row(listing.place(at)?));
    }

    /// Draws the headings and the rows of a list that is sorted and searched elsewhere.
    pub(in crate::tui) fn draw(
        &self,
        sort: Option<Sort>,
        query: &Query,
        (area, buffer): (Rect, &mut Buffer),
        row: impl Fn(usize) -> Option<(Vec<String>, Style)>,
    ) {
        self.draw_with(area, buffer, (sort, query), row);
    }

    fn draw_with(
        &self,
        area: Rect,
        buffer: &mut Buffer,
        (sort, query): (Option<Sort>, &Query),
        row: impl Fn(usize) -> Option<(Vec<String>, Style)>,
    ) {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return;
        }
        let plan = self.plan(area);
        let at = |line: u16| Rect {
            y: area.y + line,
            height: 1,
            ..area
        };
        let titles = titles(self.columns, &plan, sort);
        Line::styled(self.join(&plan, &titles, ""), self.theme.strong()).render(at(0), buffer);
        let mut eye = (!query.is_empty()).then(Eye::new);
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
            if let Some(eye) = &mut eye {
                self.mark(&plan, &cells, (query, eye), at(line), buffer);
            }
        }
        self.scrollbar(area, buffer);
    }

    /// What a place is, where the table has this area.
    pub(in crate::tui) fn spot(&self, area: Rect, position: Position) -> Spot {
        if !area.contains(position) {
            return Spot::Blank;
        }
        let line = usize::from(position.y - area.y);
        if let Some(below) = line.checked_sub(1) {
            let at = self.cursor.offset + below;
            return if at < self.count {
                Spot::Row(at)
            } else {
                Spot::Blank
            };
        }
        let x = usize::from(position.x - area.x);
        let mut begin = MARGIN;
        for (place, width) in self.plan(area) {
            // The gap before a column is nobody's, but nearest to it.
            if x < begin + width {
                let named = self.columns.get(place).is_some_and(Column::is_named);
                return if named {
                    Spot::Heading(place)
                } else {
                    Spot::Blank
                };
            }
            begin += width + GAP;
        }
        Spot::Blank
    }

    /// The columns that are shown in this area, with their widths.
    pub(in crate::tui) fn plan(&self, area: Rect) -> Vec<(usize, usize)> {
        // The bar has a column of its own.
        let bar = u16::from(self.has_bar(area));
        plan(self.columns, area.width.saturating_sub(bar))
    }

    /// Marks what was found in the cells of a row.
    fn mark(
        &self,
        plan: &[(usize, usize)],
        cells: &[String],
        (query, eye): (&Query, &mut Eye),
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let mut begin = MARGIN;
        for (place, width) in plan {
            let cell = cells.get(*place).map_or("", String::as_str);
            let from = begin;
            begin += width + GAP;
            let found = query.found(cell, eye);
            if found.is_empty() {
                continue;
            }
            let shown = fit(cell, *width);
            let right = self.columns.get(*place).is_some_and(|column| column.right);
            let blank = if right {
                width.saturating_sub(text_width(&shown))
            } else {
                0
            };
            let mut x = from + blank;
            let whole = shown == cell;
            let last = shown.graphemes(true).count().saturating_sub(1);
            for (at, grapheme) in shown.graphemes(true).enumerate() {
                let cells = text_width(grapheme);
                // The ellipsis was not found.
                if found.binary_search(&at).is_ok() && (whole || at < last) {
                    let x = area.x.saturating_add(u16::try_from(x).unwrap_or(u16::MAX));
                    let mark = Rect {
                        x,
                        width: u16::try_from(cells).unwrap_or(1),
                        ..area
                    };
                    buffer.set_style(mark.intersection(area), self.theme.matched());
                }
                x += cells;
            }
        }
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
