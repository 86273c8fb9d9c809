//! Payments: those of one account, with what is looked for among them, one of them in full, and
//! what they come to.

mod answers;
mod charts;
mod columns;
mod detail;
mod reading;
mod select;
mod update;
mod view;
mod wanted;

use crate::base::{AccountId, BankText, PaymentId, Problem, UserNumber};
use crate::tui::data::Generation;
use crate::tui::widget::list::Cursor;
use crate::workspace::{
    PaymentColumn, PaymentEnd, PaymentLine, PaymentList, PaymentStatistics, PaymentSummary,
};

pub(in crate::tui) use answers::update;
pub(in crate::tui) use reading::{read_all, read_newest};
pub(in crate::tui) use select::{click, listed, raw, scroll, selected_line, table};
pub(in crate::tui) use update::{
    act, forget, look_for, mend, open, problems, refusal, settle, show,
};
pub(in crate::tui) use view::{rule_row, view};
pub(in crate::tui) use wanted::Wanted;

/// The account whose payments are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Of {
    pub(in crate::tui) user: UserNumber,
    pub(in crate::tui) account: AccountId,
    /// What its owner calls it.
    pub(in crate::tui) name: BankText,
}

/// Which pane has the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::tui) enum Focus {
    /// The table, or the figures of the charts.
    #[default]
    Table,
    /// The payment in full.
    Detail,
}

/// How far the payments are stored; their list without its rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Extent {
    pub(super) as_of: jiff::Timestamp,
    pub(super) complete: bool,
    pub(super) since: Option<jiff::Timestamp>,
    pub(super) oldest: Option<PaymentId>,
    pub(super) stored: u64,
    pub(super) requests_left: Option<u64>,
}

/// A list that is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Listing {
    generation: Generation,
    /// Whether its rows go below those that are there.
    more: bool,
    /// Whether it is out of date already: another is asked for when it comes.
    again: bool,
}

/// A payment in full.
#[derive(Clone, Debug)]
struct InFull {
    id: PaymentId,
    generation: Generation,
    /// What the store had; none while it is awaited.
    payment: Option<Box<PaymentSummary>>,
    /// The first line that is seen.
    scroll: u16,
}

/// What the payments come to.
#[derive(Clone, Debug, Default)]
struct Charts {
    /// The newest that was asked for.
    generation: Generation,
    figures: Option<Box<charts::Figures>>,
    problem: Option<Problem>,
    /// The months.
    cursor: Cursor,
}

/// What the screen holds.
#[derive(Clone, Debug, Default)]
pub(in crate::tui) struct State {
    pub(in crate::tui) of: Option<Of>,
    pub(in crate::tui) focus: Focus,
    pub(in crate::tui) rows: Vec<PaymentLine>,
    /// Decimals of the amounts and the balances, kept because a frame must not look at all rows.
    decimals: usize,
    pub(in crate::tui) cursor: Cursor,
    /// The chosen payment; the cursor follows it when rows move.
    pub(in crate::tui) chosen: Option<PaymentId>,
    extent: Option<Extent>,
    pub(in crate::tui) wanted: Wanted,
    by: PaymentColumn,
    turned: bool,
    listing: Option<Listing>,
    /// What the bank is asked for.
    reading: Option<(Generation, PaymentEnd)>,
    /// Why the last list or read failed.
    problem: Option<Problem>,
    /// The whole history is being read.
    whole: bool,
    /// How many were stored when the bank was asked for older ones: where none came, it is not
    /// asked again by itself.
    before: Option<u64>,
    in_full: Option<InFull>,
    charts: Option<Charts>,
}

/// Something that happened on Payments.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) enum Msg {
    /// Stored payments were listed.
    Listed {
        generation: Generation,
        result: Result<Option<PaymentList>, Problem>,
    },
    /// The bank told newer or older ones, and they are stored.
    Read {
        generation: Generation,
        result: Result<(), Problem>,
    },
    /// A payment was looked up in full.
    Recalled {
        generation: Generation,
        result: Result<Option<Box<PaymentSummary>>, Problem>,
    },
    /// What the payments come to was reckoned.
    Reckoned {
        generation: Generation,
        result: Result<Option<Box<PaymentStatistics>>, Problem>,
    },
}

impl State {
    /// The payment under the cursor.
    fn selected(&self) -> Option<&PaymentLine> {
        self.rows.get(self.cursor.at)
    }

    /// The selected payment in full, as far as it was looked up.
    fn recalled(&self) -> Option<&InFull> {
        let selected = self.selected()?.id;
        self.in_full.as_ref().filter(|one| one.id == selected)
    }

    /// Whether the bank is being asked, or is about to be.
    pub(in crate::tui) fn is_busy(&self) -> bool {
        self.whole || self.reading.is_some()
    }

    /// When the bank was last asked for the newest.
    pub(in crate::tui) fn as_of(&self) -> Option<jiff::Timestamp> {
        self.extent.as_ref().map(|extent| extent.as_of)
    }

    /// Whether the list is of what the bank told last, the newest first.
    fn is_natural(&self) -> bool {
        self.by == PaymentColumn::Date && !self.turned
    }
}
