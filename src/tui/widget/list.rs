//! Which row of a long list is selected, and which are seen.

use crate::tui::keymap::Action;

/// A cursor in a list and the first row that is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::tui) struct Cursor {
    /// The selected row.
    pub(in crate::tui) at: usize,
    /// The first row that is seen.
    pub(in crate::tui) offset: usize,
}

impl Cursor {
    /// Moves as a key says, in a list of `count` rows of which `page` are seen. True when it was
    /// such a key.
    pub(in crate::tui) fn act(&mut self, action: Action, count: usize, page: usize) -> bool {
        let last = count.saturating_sub(1);
        let page = page.max(1);
        self.at = match action {
            Action::Up => self.at.saturating_sub(1),
            Action::Down => self.at.saturating_add(1),
            Action::PageUp => self.at.saturating_sub(page),
            Action::PageDown => self.at.saturating_add(page),
            Action::First => 0,
            Action::Last => last,
            _ => return false,
        }
        .min(last);
        true
    }

    /// Brings the selection back into the list, and the window over it.
    pub(in crate::tui) fn settle(&mut self, count: usize, page: usize) {
        self.at = self.at.min(count.saturating_sub(1));
        let page = page.max(1);
        if self.at < self.offset {
            self.offset = self.at;
        } else if self.at >= self.offset.saturating_add(page) {
            self.offset = self.at + 1 - page;
        }
        self.offset = self.offset.min(count.saturating_sub(page));
    }
}
