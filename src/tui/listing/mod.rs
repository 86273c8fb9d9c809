//! What stands behind a table: which of its rows are shown, in which order, and which is selected.
//!
//! The selection is a row, not a place: it stays on its row while rows come and go, are sorted and
//! are filtered. Nothing here grows with the rows unless something changed.

mod arrange;
mod index;
mod query;
mod settle;
mod word;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub(super) use arrange::{Arranged, Job, Key, Sort};
pub(super) use index::Index;
pub(super) use query::{Eye, Query};

use super::app::Keystroke;
use super::data::Generation;
use super::keymap::Action;
use super::widget::field::Field;
use super::widget::list::Cursor;

/// Up to so many rows are arranged at once; more of them off the loop.
pub(super) const AT_ONCE: usize = 2_000;

/// What a row is, wherever it stands.
pub(super) type RowId = u128;

/// The rows of a table.
pub(super) trait Rows {
    /// How many there are.
    fn len(&self) -> usize;

    /// Another number whenever any row changed.
    fn version(&self) -> u64;

    /// What the row at a place is.
    fn id(&self, place: usize) -> Option<RowId>;

    /// Where a row is.
    fn find(&self, id: RowId) -> Option<usize> {
        (0..self.len()).find(|place| self.id(*place) == Some(id))
    }

    /// All cells in which rows are found.
    fn index(&self) -> Arc<Index>;

    /// What a cell is sorted by.
    fn key(&self, place: usize, column: usize) -> Key;
}

/// Which rows are shown, in which order, and which is selected.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Listing {
    /// The selection and the window, among the rows that are shown.
    pub(super) cursor: Cursor,
    filter: Option<Field>,
    typing: bool,
    query: Query,
    sort: Option<Sort>,
    /// The places of the rows that are shown; all as they come where there is none.
    order: Option<Arc<[u32]>>,
    /// The selected row.
    id: Option<RowId>,
    /// The row to select once it is there.
    wanted: Option<RowId>,
    /// Which rows the rest is of.
    rows: Option<(u64, usize)>,
    is_stale: bool,
    index: Option<Arc<Index>>,
    sorted: Option<(Sort, Arc<[u32]>)>,
    found: Option<(Query, Arc<[u32]>)>,
    /// The answer that is awaited.
    asked: Option<Generation>,
    arrived: Option<Arranged>,
}

impl Listing {
    /// The place of the selected row among all rows.
    pub(super) fn selected(&self) -> Option<usize> {
        self.place(self.cursor.at)
    }

    /// The place among all rows of the one that is shown there.
    pub(super) fn place(&self, at: usize) -> Option<usize> {
        match &self.order {
            Some(order) => order.get(at).map(|place| *place as usize),
            None => Some(at),
        }
    }

    /// How many rows of so many are shown.
    pub(super) fn shown(&self, count: usize) -> usize {
        self.order.as_ref().map_or(count, |order| order.len())
    }

    /// Whether there is a filter, typed or kept.
    pub(super) fn is_filtered(&self) -> bool {
        self.filter.is_some()
    }

    /// Whether the filter is being typed.
    pub(super) fn is_typing(&self) -> bool {
        self.typing
    }

    /// What is looked for.
    pub(super) fn query(&self) -> &Query {
        &self.query
    }

    /// The filter as it is typed.
    pub(super) fn filter(&self) -> Option<&Field> {
        self.filter.as_ref()
    }

    /// How the rows are sorted.
    pub(super) fn sort(&self) -> Option<Sort> {
        self.sort
    }

    /// Moves as a key says. True when it was such a key.
    pub(super) fn act(&mut self, action: Action, count: usize, page: usize) -> bool {
        let moved = self.cursor.act(action, self.shown(count), page);
        if moved {
            self.wanted = None;
        }
        moved
    }

    /// Selects the row that is shown there, if one is.
    pub(super) fn select(&mut self, at: usize, count: usize) {
        if at < self.shown(count) {
            self.cursor.at = at;
            self.wanted = None;
        }
    }

    /// Moves the window; the selection stays on its row while that is seen.
    pub(super) fn scroll(&mut self, down: bool, rows: usize, count: usize, page: usize) {
        let page = page.max(1);
        let most = self.shown(count).saturating_sub(page);
        let cursor = &mut self.cursor;
        cursor.offset = if down {
            cursor.offset.saturating_add(rows).min(most)
        } else {
            cursor.offset.saturating_sub(rows)
        };
        let last = cursor.offset + page - 1;
        cursor.at = cursor.at.clamp(cursor.offset, last);
        self.wanted = None;
    }

    /// Selects a row, now or once it is there.
    pub(super) fn want(&mut self, id: RowId) {
        self.wanted = Some(id);
        // So that it is looked for.
        self.rows = None;
    }

    /// Whether the first of all rows is selected, as they come.
    pub(super) fn is_at_the_natural_top(&self) -> bool {
        self.cursor.at == 0 && self.sort.is_none() && !self.is_filtered()
    }

    /// The selection stays at its place, whichever row comes there.
    pub(super) fn let_go(&mut self) {
        self.id = None;
    }

    /// Other rows: nothing stays but how they are sorted.
    pub(super) fn restart(&mut self) {
        *self = Self {
            sort: self.sort,
            ..Self::default()
        };
    }

    /// Opens the filter, or goes on with it.
    pub(super) fn open_filter(&mut self) {
        self.filter.get_or_insert_with(|| Field::new(false));
        self.typing = true;
    }

    /// Keeps the filter and goes back to the rows; an empty one goes.
    pub(super) fn keep_filter(&mut self) {
        self.typing = false;
        if self.query.is_empty() {
            self.clear_filter();
        }
    }

    /// Shows all rows again.
    pub(super) fn clear_filter(&mut self) {
        self.filter = None;
        self.typing = false;
        self.ask(Query::default());
    }

    /// Takes a key into the filter.
    pub(super) fn press(&mut self, keystroke: Keystroke) {
        if let Some(field) = &mut self.filter {
            field.press(keystroke.0);
            let query = Query::parse(field.trimmed());
            self.ask(query);
        }
    }

    /// Takes pasted text into the filter.
    pub(super) fn paste(&mut self, text: &str) {
        if let Some(field) = &mut self.filter {
            field.paste(text);
            let query = Query::parse(field.trimmed());
            self.ask(query);
        }
    }

    fn ask(&mut self, query: Query) {
        if self.query != query {
            self.query = query;
            self.is_stale = true;
        }
    }

    /// Sorts by the next of these columns, after the last one as they come.
    pub(super) fn sort_next(&mut self, columns: &[usize]) {
        let next = match self.sort {
            None => columns.first(),
            Some(sort) => {
                let here = columns.iter().position(|column| *column == sort.column);
                here.and_then(|here| columns.get(here + 1))
            }
        };
        self.sort = next.map(|column| Sort {
            column: *column,
            descending: false,
        });
        self.is_stale = true;
    }

    /// Sorts by a column, and the other way where it is that one already.
    pub(super) fn sort_by(&mut self, column: usize) {
        let again = self.sort.filter(|sort| sort.column == column);
        self.sort = Some(Sort {
            column,
            descending: again.is_some_and(|sort| !sort.descending),
        });
        self.is_stale = true;
    }

    /// The same rows stand under other columns now: the sort stays where there is such a column.
    pub(super) fn resort(&mut self, other: impl Fn(usize) -> Option<usize>) {
        self.sort = self
            .sort
            .and_then(|sort| other(sort.column).map(|column| Sort { column, ..sort }));
        self.sorted = None;
        self.is_stale = true;
    }

    /// Turns the order round.
    pub(super) fn turn_round(&mut self) {
        if let Some(sort) = &mut self.sort {
            sort.descending = !sort.descending;
            self.is_stale = true;
        }
    }

    /// The answer to this request is awaited.
    pub(super) fn await_answer(&mut self, generation: Generation) {
        self.asked = Some(generation);
    }

    /// Takes an answer; late ones are dropped.
    pub(super) fn arrive(&mut self, generation: Generation, arranged: Arranged) {
        if self.asked == Some(generation) {
            self.asked = None;
            self.arrived = Some(arranged);
        }
    }

    /// How many of so many rows fit the filter, where there is one.
    pub(super) fn count_words(&self, count: usize) -> Option<String> {
        let counted = self.is_filtered() && !self.query.is_empty();
        counted.then(|| format!("{} of {}", grouped(self.shown(count)), grouped(count)))
    }
}

/// A count with its thousands apart.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
