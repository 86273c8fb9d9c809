//! The cells of many rows as one text: compact, made once, and read wherever rows are looked for.

use std::fmt;

/// Between the cells of a row. No cleaned text has it.
const BETWEEN: char = '\u{1f}';

/// The cells of all rows.
#[derive(Clone, Default, PartialEq, Eq)]
pub(in crate::tui) struct Index {
    text: String,
    /// Where each row ends.
    ends: Vec<u32>,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Index({} rows)", self.ends.len())
    }
}

impl Index {
    /// Adds a row. What no longer fits is not found: that is gigabytes away.
    pub(in crate::tui) fn push<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        let before = self.text.len();
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.text.push(BETWEEN);
            }
            self.text.push_str(cell);
        }
        let end = u32::try_from(self.text.len()).unwrap_or_else(|_| {
            self.text.truncate(before);
            u32::MAX
        });
        self.ends.push(end);
    }

    /// Gives back the room that is not needed once all rows are there.
    pub(in crate::tui) fn finish(mut self) -> Self {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self
    }

    /// How many rows it has.
    #[cfg(test)]
    pub(in crate::tui) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A row's cells.
    pub(in crate::tui) fn cells(&self, place: usize) -> impl Iterator<Item = &str> + Clone {
        let begin = match place.checked_sub(1) {
            Some(before) => self.ends.get(before).copied(),
            None => Some(0),
        };
        let range = begin.zip(self.ends.get(place).copied());
        let row = range.and_then(|(from, to)| self.text.get(from as usize..to as usize));
        row.unwrap_or_default().split(BETWEEN)
    }

    /// One of them.
    pub(in crate::tui) fn cell(&self, place: usize, column: usize) -> &str {
        self.cells(place).nth(column).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_cell_by_cell() {
        let mut index = Index::default();
        index.push(["1", "Zoë", ""]);
        index.push([]);
        index.push(["2", "李"]);
        let index = index.finish();
        assert_eq!(index.len(), 3);
        assert_eq!(index.cells(0).collect::<Vec<_>>(), ["1", "Zoë", ""]);
        assert_eq!(index.cells(1).collect::<Vec<_>>(), [""]);
        assert_eq!(index.cell(2, 1), "李");
        assert_eq!(index.cell(2, 2), "");
        assert_eq!(index.cell(3, 0), "");
    }
}
