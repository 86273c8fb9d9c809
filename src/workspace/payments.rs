//! Payments: what is stored, and what the bank says now.
//!
//! What is stored of an account is one stretch without a gap. New payments are read from the
//! newest down to that stretch, older ones from its end on; either is kept only when it joins.

use bytes::Bytes;
use jiff::Timestamp;

use super::{Field, Read, Workspace, details};
use crate::base::{AccountId, BankText, Iban, Money, PaymentId, Problem, UserNumber};
use crate::bunq::{Answer, Payment, PaymentPage, PaymentsFrom};
use crate::store::{PaymentRow, Stretch};

pub use crate::store::PaymentFilter;

/// The most that the bank gives on one page.
pub(super) const PAGE: u16 = 200;

/// A row of the payments table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentSummary {
    /// The bank's number.
    pub id: PaymentId,
    /// When it was made.
    pub created: Timestamp,
    /// How much; negative is outgoing.
    pub amount: Money,
    /// What was on the account then.
    pub balance_after: Option<Money>,
    /// Who is on the other side.
    pub counterparty: BankText,
    /// The number of its account, where it has one.
    pub counterparty_iban: Option<Iban>,
    /// What was written with it.
    pub description: BankText,
    /// Over which way the money went, in our words.
    pub kind: BankText,
    /// The rest of what the bank says.
    pub details: Vec<Field>,
}

/// Payments of an account, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payments {
    /// When the bank was last asked for the newest.
    pub as_of: Timestamp,
    /// Whether all of the account's payments are stored, so that no older one is missing.
    pub complete: bool,
    /// Those that fit what was looked for.
    pub rows: Vec<PaymentSummary>,
}

/// How far back to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// At least so many payments.
    Count(u32),
    /// To this time.
    To(Timestamp),
    /// To the first payment of the account.
    All,
    /// One page more than is stored.
    Further,
}

/// Which end of what is stored to go on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentEnd {
    /// What is new since.
    Newest,
    /// One page of what is older.
    Oldest,
}

/// A walk through the pages of one account.
struct Walk<'a> {
    workspace: &'a Workspace,
    user: UserNumber,
    account: AccountId,
    as_of: Timestamp,
    raw: Vec<Bytes>,
}

impl Workspace {
    /// The stored payments of an account that fit, newest first; none when they were never read.
    ///
    /// # Errors
    /// When there is no such user, or the store cannot be read.
    pub fn stored_payments(
        &self,
        user: UserNumber,
        account: AccountId,
        filter: &PaymentFilter,
    ) -> Result<Option<Payments>, Problem> {
        self.check_has_accounts(user)?;
        let stored = self.store.payments(user, account, filter)?;
        Ok(stored.map(|stored| Payments {
            as_of: stored.as_of,
            complete: stored.complete,
            rows: stored.rows.into_iter().map(summary).collect(),
        }))
    }

    /// Asks the bank for an account's payments, keeps them, and gives those that fit. With
    /// `whole`, what is stored already is read anew, so that the bank's bodies are all there.
    ///
    /// # Errors
    /// When there is no such user, or a call fails. What came before it is kept.
    pub async fn read_payments(
        &self,
        user: UserNumber,
        account: AccountId,
        (back, whole): (Back, bool),
        filter: &PaymentFilter,
    ) -> Result<Read<Payments>, Problem> {
        self.check_has_accounts(user)?;
        let mut walk = Walk {
            workspace: self,
            user,
            account,
            as_of: self.settings.clock.now(),
            raw: Vec::new(),
        };
        walk.newest(back, whole).await?;
        if !whole {
            walk.older(back).await?;
        }
        let raw = walk.raw;
        let value = self.stored_payments(user, account, filter)?;
        let value = value.unwrap_or_else(|| Payments {
            as_of: self.settings.clock.now(),
            complete: false,
            rows: Vec::new(),
        });
        Ok(Read { value, raw })
    }

    /// Asks the bank for what is newer than what is stored of an account's payments, or for one
    /// page of what is older, and keeps it. Where nothing is stored, the newest are one page.
    ///
    /// # Errors
    /// As [`Workspace::read_payments`].
    pub async fn update_payments(
        &self,
        user: UserNumber,
        account: AccountId,
        end: PaymentEnd,
    ) -> Result<(), Problem> {
        self.check_has_accounts(user)?;
        let known = self.store.payment_stretch(user, account)?;
        let now = self.settings.clock.now();
        let as_of = match end {
            PaymentEnd::Newest => now,
            // Reading what is old does not make the newest fresh.
            PaymentEnd::Oldest => known.map_or(now, |known| known.as_of),
        };
        let mut walk = Walk {
            workspace: self,
            user,
            account,
            as_of,
            raw: Vec::new(),
        };
        match end {
            PaymentEnd::Newest => walk.newest(Back::Count(1), false).await,
            PaymentEnd::Oldest => walk.older(Back::Further).await,
        }
    }
}

impl Walk<'_> {
    /// From the newest down to what is stored; where nothing is, or all is wanted anew, as far
    /// back as is wanted.
    async fn newest(&mut self, back: Back, whole: bool) -> Result<(), Problem> {
        let known = self.stretch()?;
        let newest = known.and_then(|known| known.ends).map(|(newest, _)| newest);
        let mut from = PaymentsFrom::Newest;
        let mut waiting: Vec<Payment> = Vec::new();
        let mut seen = 0;
        loop {
            let page = self.page(from).await?;
            seen += page.payments.len();
            let joins = newest.is_none_or(|newest| {
                !page.goes_on || page.payments.iter().any(|payment| payment.id <= newest)
            });
            let last = page.payments.last().map(|last| (last.id, last.created));
            let goes_on = page.goes_on;
            waiting.extend(page.payments);
            if joins {
                self.keep(&waiting, !goes_on)?;
                waiting.clear();
            }
            let Some((id, created)) = last.filter(|_| goes_on) else {
                return Ok(());
            };
            let enough = reached(back, seen, created);
            if joins && ((newest.is_some() && !whole) || enough) {
                return Ok(());
            }
            from = PaymentsFrom::OlderThan(id);
        }
    }

    /// From the end of what is stored on, as far back as is wanted.
    async fn older(&mut self, back: Back) -> Result<(), Problem> {
        let mut further = back == Back::Further;
        loop {
            let Some(stretch) = self.stretch()? else {
                return Ok(());
            };
            let (Some((_, oldest)), Some(since), false) =
                (stretch.ends, stretch.since, stretch.complete)
            else {
                return Ok(());
            };
            let enough = match back {
                Back::Further => !further,
                Back::Count(count) => self.has(count)?,
                back => reached(back, 0, since),
            };
            if enough {
                return Ok(());
            }
            further = false;
            let page = self.page(PaymentsFrom::OlderThan(oldest)).await?;
            self.keep(&page.payments, !page.goes_on)?;
        }
    }

    async fn page(&mut self, from: PaymentsFrom) -> Result<PaymentPage, Problem> {
        let account = self.account;
        let Answer { value, raw } = self
            .workspace
            .in_session(self.user, |client, session| async move {
                session.payments(&client, account, from, PAGE).await
            })
            .await?;
        self.raw.extend(raw);
        Ok(value)
    }

    fn keep(&self, payments: &[Payment], complete: bool) -> Result<(), Problem> {
        let rows: Vec<_> = payments.iter().map(row).collect();
        let store = &self.workspace.store;
        Ok(store.save_payments(self.user, self.account, &rows, complete, self.as_of)?)
    }

    fn stretch(&self) -> Result<Option<Stretch>, Problem> {
        Ok(self
            .workspace
            .store
            .payment_stretch(self.user, self.account)?)
    }

    /// Whether so many are stored.
    fn has(&self, count: u32) -> Result<bool, Problem> {
        let stored = self
            .workspace
            .store
            .payment_count(self.user, self.account)?;
        Ok(stored >= u64::from(count))
    }
}

/// Whether so many payments, the last of them made then, are enough.
fn reached(back: Back, seen: usize, created: Timestamp) -> bool {
    match back {
        Back::Count(count) => u32::try_from(seen).map_or(true, |seen| seen >= count),
        Back::To(time) => created < time,
        Back::All => false,
        Back::Further => true,
    }
}

fn row(payment: &Payment) -> PaymentRow {
    PaymentRow {
        id: payment.id,
        created: payment.created,
        amount: payment.amount,
        balance_after: payment.balance_after,
        counterparty: payment.counterparty.clone(),
        counterparty_iban: payment.counterparty_iban.clone(),
        description: payment.description.clone(),
        kind: BankText::new(payment.kind.wire()),
        raw: payment.raw.clone(),
    }
}

pub(super) fn summary(row: PaymentRow) -> PaymentSummary {
    PaymentSummary {
        details: details::stored_payment(&row.raw),
        kind: details::payment_kind(row.kind.as_str()),
        id: row.id,
        created: row.created,
        amount: row.amount,
        balance_after: row.balance_after,
        counterparty: row.counterparty,
        counterparty_iban: row.counterparty_iban,
        description: row.description,
    }
}
