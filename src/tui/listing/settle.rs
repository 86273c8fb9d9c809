//! What is shown follows the rows and what was asked of them, and the selection follows its row.

use std::sync::Arc;

use super::arrange::{Arranged, Job, Order};
use super::{AT_ONCE, Listing, Rows};

impl Listing {
    /// Brings what is shown in line with the rows and what was asked of them, and the window over
    /// the selection. Many rows are arranged off the loop: then the job comes back.
    pub(in crate::tui) fn settle(&mut self, rows: &impl Rows, page: usize) -> Option<Job> {
        let count = rows.len();
        let now = Some((rows.version(), count));
        let mut moved = false;
        if self.rows != now {
            self.rows = now;
            self.index = None;
            self.sorted = None;
            self.found = None;
            self.is_stale = true;
            moved = true;
        }
        let mut job = None;
        if std::mem::take(&mut self.is_stale) {
            self.asked = None;
            self.arrived = None;
            job = self.arrange(rows, &mut moved);
        }
        if let Some(arranged) = self.arrived.take() {
            self.show(arranged);
            moved = true;
        }
        if moved && job.is_some() {
            // The order is still that of the rows before: what is selected is found with the answer.
            self.wanted = self.wanted.or(self.id);
        } else if moved {
            self.follow(rows);
        }
        self.cursor.settle(self.shown(count), page);
        // Where nothing is shown, the selection comes back to where it was.
        let here = self.selected().and_then(|place| rows.id(place));
        self.id = here.or(self.id);
        job
    }

    fn arrange(&mut self, rows: &impl Rows, moved: &mut bool) -> Option<Job> {
        if self.query.is_empty() && self.sort.is_none() {
            *moved |= self.order.take().is_some();
            self.found = None;
            return None;
        }
        let job = self.job(rows);
        if rows.len() <= AT_ONCE {
            self.arrived = job.run(|| true);
            return None;
        }
        // Until the answer is there, no row is shown that is gone.
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        if let Some(order) = &self.order
            && order.iter().any(|place| *place >= count)
        {
            let kept = order.iter().copied().filter(|place| *place < count);
            self.order = Some(kept.collect());
            *moved = true;
        }
        Some(job)
    }

    fn job(&mut self, rows: &impl Rows) -> Job {
        let index = match &self.index {
            _ if self.query.is_empty() => Arc::default(),
            Some(index) => Arc::clone(index),
            None => {
                let index = rows.index();
                self.index = Some(Arc::clone(&index));
                index
            }
        };
        let order = match (self.sort, &self.sorted) {
            (None, _) => Order::Best,
            (Some(sort), Some((last, sorted))) if sort == *last => {
                Order::Sorted(Arc::clone(sorted))
            }
            (Some(sort), _) => {
                let key = |place| rows.key(place, sort.column);
                Order::By(
                    Arc::new((0..rows.len()).map(key).collect()),
                    sort.descending,
                )
            }
        };
        let grew = self.found.as_ref();
        Job {
            count: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            index,
            query: self.query.clone(),
            within: grew
                .filter(|(before, _)| self.query.narrows(before))
                .map(|(_, found)| Arc::clone(found)),
            order,
        }
    }

    fn show(&mut self, arranged: Arranged) {
        self.order = Some(arranged.order);
        self.found = arranged.found.map(|found| (self.query.clone(), found));
        self.sorted = self.sort.zip(arranged.sorted);
    }

    /// Puts the cursor where the selected row went; where it is not shown any more, on the nearest
    /// one that is. The row stays on its line of the screen where that can be.
    fn follow(&mut self, rows: &impl Rows) {
        let wanted = self.wanted.and_then(|id| rows.find(id));
        if wanted.is_some() {
            self.wanted = None;
        }
        let Some(place) = wanted.or_else(|| self.id.and_then(|id| rows.find(id))) else {
            return;
        };
        let before = self.cursor.at;
        self.cursor.at = match &self.order {
            None => place,
            Some(order) => {
                let place = u32::try_from(place).unwrap_or(u32::MAX);
                let here = order.iter().position(|shown| *shown == place);
                here.unwrap_or_else(|| self.nearest(order, place))
            }
        };
        let offset = (self.cursor.offset + self.cursor.at).saturating_sub(before);
        self.cursor.offset = offset.min(self.cursor.at);
    }

    /// Where the row is shown that would come next to one that is not.
    fn nearest(&self, order: &[u32], gone: u32) -> usize {
        let ranks = self.sorted.as_ref().map(|(_, sorted)| {
            let mut ranks = vec![0_u32; sorted.len()];
            for (rank, place) in (0_u32..).zip(sorted.iter()) {
                if let Some(slot) = ranks.get_mut(*place as usize) {
                    *slot = rank;
                }
            }
            ranks
        });
        let rank = |place: u32| match &ranks {
            Some(ranks) => ranks.get(place as usize).copied().unwrap_or(u32::MAX),
            None => place,
        };
        let from = rank(gone);
        // Of two that are as near, the one that comes after.
        let distance = |place: u32| (rank(place).abs_diff(from), rank(place) < from);
        let nearest = order
            .iter()
            .enumerate()
            .min_by_key(|(_, place)| distance(**place));
        nearest.map_or(0, |(at, _)| at)
    }
}
