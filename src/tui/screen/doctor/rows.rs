//! The checks as rows that can be found and sorted. There are few of them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::word;
use crate::tui::listing::{Index, Key, RowId, Rows};
use crate::workspace::{Check, Verdict};

/// The checks as they are now.
pub(super) struct CheckRows {
    checks: Vec<Check>,
    version: u64,
}

impl CheckRows {
    /// What was found is another version wherever it says something else.
    pub(super) fn new(checks: Vec<Check>) -> Self {
        let mut hasher = DefaultHasher::new();
        for check in &checks {
            (word(check.verdict), check.topic, &check.finding).hash(&mut hasher);
        }
        Self {
            version: hasher.finish(),
            checks,
        }
    }
}

impl Rows for CheckRows {
    fn len(&self) -> usize {
        self.checks.len()
    }

    fn version(&self) -> u64 {
        self.version
    }

    /// The same topic may have several checks: the first, the second, …
    fn id(&self, place: usize) -> Option<RowId> {
        let check = self.checks.get(place)?;
        let before = self.checks.iter().take(place);
        let turn = before.filter(|other| other.topic == check.topic).count();
        let mut hasher = DefaultHasher::new();
        (check.topic, turn).hash(&mut hasher);
        Some(hasher.finish().into())
    }

    fn index(&self) -> Arc<Index> {
        let mut index = Index::default();
        for check in &self.checks {
            index.push([word(check.verdict), check.topic, &check.finding]);
        }
        Arc::new(index.finish())
    }

    fn key(&self, place: usize, column: usize) -> Key {
        let Some(check) = self.checks.get(place) else {
            return Key::Missing;
        };
        match column {
            // The worst first.
            0 => Key::number(match check.verdict {
                Verdict::Bad => 0,
                Verdict::Unknown => 1,
                Verdict::Notice => 2,
                Verdict::Good => 3,
            }),
            1 => Key::text(check.topic),
            _ => Key::text(&check.finding),
        }
    }
}
