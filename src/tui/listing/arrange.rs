//! Which rows are shown, and in which order. For few rows it is done at once, for many off the
//! loop: the job holds all that it needs.

use std::cmp::Reverse;
use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::index::Index;
use super::query::Query;
use crate::base::{Currency, Money};

/// What a cell is sorted by. What is missing comes before everything.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::tui) enum Key {
    /// Nothing is known.
    Missing,
    /// A number, or a time in its seconds.
    Number(i64),
    /// An amount: by its currency, then by how much.
    Amount(Currency, Decimal),
    /// Words, whatever their case.
    Text(Box<str>),
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// Words.
    pub(in crate::tui) fn text(text: &str) -> Self {
        Self::Text(text.to_lowercase().into())
    }

    /// A number.
    pub(in crate::tui) fn number(number: impl TryInto<i64>) -> Self {
        Self::Number(number.try_into().unwrap_or(i64::MAX))
    }

    /// An amount, where there is one.
    pub(in crate::tui) fn money(money: Option<&Money>) -> Self {
        money.map_or(Self::Missing, |money| {
            Self::Amount(money.currency, money.value)
        })
    }

    /// A time, where there is one.
    pub(in crate::tui) fn time(at: Option<jiff::Timestamp>) -> Self {
        at.map_or(Self::Missing, |at| Self::Number(at.as_millisecond()))
    }
}

/// By which column, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Sort {
    /// The column's place among all columns of the table.
    pub(in crate::tui) column: usize,
    /// Whether the greatest comes first.
    pub(in crate::tui) descending: bool,
}

/// In which order rows stand that are found.
#[derive(Clone, PartialEq)]
pub(super) enum Order {
    /// The best first, else as they come.
    Best,
    /// By the rows' keys.
    By(Arc<Vec<Key>>, bool),
    /// As they were sorted before.
    Sorted(Arc<[u32]>),
}

/// Something to arrange.
#[derive(Clone, PartialEq)]
pub(in crate::tui) struct Job {
    /// How many rows there are.
    pub(super) count: u32,
    pub(super) index: Arc<Index>,
    pub(super) query: Query,
    /// Where it was found before it grew.
    pub(super) within: Option<Arc<[u32]>>,
    pub(super) order: Order,
}

/// What came of it.
#[derive(Clone, Default, PartialEq)]
pub(in crate::tui) struct Arranged {
    /// The rows to show, in their order.
    pub(super) order: Arc<[u32]>,
    /// The same by their places, for a query that grows.
    pub(super) found: Option<Arc<[u32]>>,
    /// All rows as sorted.
    pub(super) sorted: Option<Arc<[u32]>>,
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Job({} rows)", self.count)
    }
}

impl fmt::Debug for Arranged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Arranged({} rows)", self.order.len())
    }
}

/// After so many rows it is asked whether the answer is still wanted.
const ROUND: usize = 1_024;

#[cfg(test)]
impl Job {
    /// To find what was typed in these rows.
    pub(in crate::tui) fn of(index: Index, typed: &str) -> Self {
        Self {
            count: u32::try_from(index.len()).unwrap(),
            index: Arc::new(index),
            query: Query::parse(typed),
            within: None,
            order: Order::Best,
        }
    }
}

impl Job {
    /// Does it; none when nobody wants the answer any more.
    pub(in crate::tui) fn run(&self, is_wanted: impl Fn() -> bool) -> Option<Arranged> {
        let sorted: Option<Arc<[u32]>> = match &self.order {
            Order::Best => None,
            Order::Sorted(sorted) => Some(Arc::clone(sorted)),
            Order::By(keys, descending) => Some(self.sort(keys, *descending)),
        };
        if self.query.is_empty() {
            let order = sorted.clone().unwrap_or_else(|| (0..self.count).collect());
            return Some(Arranged {
                order,
                found: None,
                sorted,
            });
        }
        let mut hits = self.look(is_wanted)?;
        let found: Arc<[u32]> = hits.iter().map(|(place, _)| *place).collect();
        let order = match &sorted {
            None => {
                hits.sort_by_key(|(_, score)| Reverse(*score));
                hits.iter().map(|(place, _)| *place).collect()
            }
            Some(sorted) => {
                let mut is_found = vec![false; self.count as usize];
                for place in found.iter() {
                    if let Some(mark) = is_found.get_mut(*place as usize) {
                        *mark = true;
                    }
                }
                let kept = |place: &u32| is_found.get(*place as usize) == Some(&true);
                sorted.iter().copied().filter(kept).collect()
            }
        };
        Some(Arranged {
            order,
            found: Some(found),
            sorted,
        })
    }

    /// Rows with equal keys stay as they come, whichever way.
    fn sort(&self, keys: &[Key], descending: bool) -> Arc<[u32]> {
        let mut places: Vec<u32> = (0..self.count).collect();
        let key = |place: &u32| keys.get(*place as usize);
        if descending {
            places.sort_by(|one, other| key(other).cmp(&key(one)));
        } else {
            places.sort_by(|one, other| key(one).cmp(&key(other)));
        }
        places.into()
    }

    /// The rows that fit, by their places, and how well.
    fn look(&self, is_wanted: impl Fn() -> bool) -> Option<Vec<(u32, u32)>> {
        let mut sieve = self.query.sieve();
        let mut hits = Vec::new();
        let every = self
            .within
            .as_ref()
            .map_or(self.count as usize, |within| within.len());
        for turn in 0..every {
            if turn % ROUND == 0 && !is_wanted() {
                return None;
            }
            let place = match &self.within {
                Some(within) => within.get(turn).copied(),
                None => u32::try_from(turn).ok(),
            };
            let Some(place) = place else { continue };
            let cells = self.index.cells(place as usize);
            if let Some(score) = sieve.score(cells) {
                hits.push((place, score));
            }
        }
        Some(hits)
    }
}
