//! Payments as a table lists them, in any order, and the figures that charts are made of. The
//! bank's own bodies stay where they are: a long list has no room for them.

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};

use super::payments::{Conditions, from_row};
use super::row::{get, id, id_column, opt_money, text, time};
use super::{PaymentFilter, PaymentRow, Store, StoreError, Stretch};
use crate::base::{AccountId, BankText, Iban, Money, PaymentId, UserNumber};

/// A payment without the bank's own body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentLine {
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
    /// The bank's word for the way it went.
    pub kind: BankText,
}

/// By what a list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaymentColumn {
    /// The newest first.
    #[default]
    Date,
    /// The most that came first, the most that went last.
    Amount,
    /// By the name of the other side.
    Counterparty,
}

/// What to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentQuery {
    /// Which of them.
    pub filter: PaymentFilter,
    /// In which order.
    pub by: PaymentColumn,
    /// The other way round.
    pub turned: bool,
    /// Only those older than this one.
    pub older_than: Option<PaymentId>,
}

/// A list, and how far the account's payments are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentLines {
    /// How far they are stored.
    pub stretch: Stretch,
    /// How many are stored.
    pub stored: u64,
    /// Those that were looked for.
    pub rows: Vec<PaymentLine>,
}

/// What a payment did to the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentFigure {
    /// When.
    pub created: Timestamp,
    /// How much; negative is outgoing.
    pub amount: Money,
    /// What was on the account then.
    pub balance_after: Option<Money>,
}

impl Store {
    /// Lists stored payments; none when they were never read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn payment_lines(
        &self,
        user: UserNumber,
        account: AccountId,
        query: &PaymentQuery,
    ) -> Result<Option<PaymentLines>, StoreError> {
        self.read(|tx| {
            let Some(stretch) = tx.payment_stretch(user, account)? else {
                return Ok(None);
            };
            let place = [Value::from(i64::from(user.0)), id_column(account.0)?.into()];
            let stored =
                tx.0.prepare_cached(
                    "SELECT count(*) AS stored FROM payment WHERE user = ? AND account = ?",
                )?
                .query_and_then(params_from_iter(&place), |row| id(row, "stored"))?
                .next()
                .unwrap_or(Ok(0))?;
            let mut conditions = Conditions::of(&query.filter);
            if let Some(than) = query.older_than {
                conditions.add("id < ?", id_column(than.0)?);
            }
            let sql = format!(
                "SELECT id, created, amount, currency, balance_after, counterparty,
                        counterparty_iban, description, kind
                 FROM payment WHERE user = ? AND account = ?{} ORDER BY {} LIMIT {}",
                conditions.sql,
                order(query),
                query.filter.count.map_or(-1, i64::from)
            );
            let values = place.into_iter().chain(conditions.values);
            let rows =
                tx.0.prepare_cached(&sql)?
                    .query_and_then(params_from_iter(values), line)?
                    .collect::<Result<_, _>>()?;
            Ok(Some(PaymentLines {
                stretch,
                stored,
                rows,
            }))
        })
    }

    /// One payment with the bank's body; none when it is not stored.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn payment(
        &self,
        user: UserNumber,
        account: AccountId,
        payment: PaymentId,
    ) -> Result<Option<PaymentRow>, StoreError> {
        self.read(|tx| {
            tx.0.prepare_cached("SELECT * FROM payment WHERE user = ? AND account = ? AND id = ?")?
                .query_and_then(
                    params![user.0, id_column(account.0)?, id_column(payment.0)?],
                    from_row,
                )?
                .next()
                .transpose()
        })
    }

    /// Tells the figures of every stored payment of an account, the oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn each_payment_figure(
        &self,
        user: UserNumber,
        account: AccountId,
        mut each: impl FnMut(PaymentFigure),
    ) -> Result<(), StoreError> {
        self.read(|tx| {
            let mut statement = tx.0.prepare_cached(
                "SELECT created, amount, currency, balance_after FROM payment
                 WHERE user = ? AND account = ? ORDER BY id",
            )?;
            let mut rows = statement.query(params![user.0, id_column(account.0)?])?;
            while let Some(row) = rows.next()? {
                let amount = opt_money(row, "amount", "currency")?;
                each(PaymentFigure {
                    created: time(row, "created")?,
                    amount: amount.ok_or(StoreError::Value("an amount"))?,
                    balance_after: opt_money(row, "balance_after", "currency")?,
                });
            }
            Ok(())
        })
    }

    /// What was on the account after payments, the oldest first: the first and the last of them
    /// and others at even steps, at most so many.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn payment_balances(
        &self,
        user: UserNumber,
        account: AccountId,
        most: u32,
    ) -> Result<Vec<(Timestamp, Money)>, StoreError> {
        self.read(|tx| {
            tx.0.prepare_cached(
                "SELECT created, balance_after, currency FROM (
                     SELECT created, balance_after, currency,
                            row_number() OVER (ORDER BY id) AS place,
                            count(*) OVER () AS all_of_them
                     FROM payment
                     WHERE user = ?1 AND account = ?2 AND balance_after IS NOT NULL)
                 WHERE place IN (1, all_of_them) OR place % ((all_of_them + ?3 - 1) / ?3) = 0
                 ORDER BY place",
            )?
            .query_and_then(
                // The first and the last have two of the places.
                params![user.0, id_column(account.0)?, most.saturating_sub(2).max(1)],
                |row| {
                    let balance = opt_money(row, "balance_after", "currency")?;
                    Ok((
                        time(row, "created")?,
                        balance.ok_or(StoreError::Value("a balance"))?,
                    ))
                },
            )?
            .collect()
        })
    }
}

/// Payments that are alike stand as they were made, the newest first.
fn order(query: &PaymentQuery) -> &'static str {
    match (query.by, query.turned) {
        (PaymentColumn::Date, false) => "id DESC",
        (PaymentColumn::Date, true) => "id",
        (PaymentColumn::Amount, false) => "fine DESC, id DESC",
        (PaymentColumn::Amount, true) => "fine, id DESC",
        (PaymentColumn::Counterparty, false) => "who, id DESC",
        (PaymentColumn::Counterparty, true) => "who DESC, id DESC",
    }
}

fn line(row: &Row<'_>) -> Result<PaymentLine, StoreError> {
    let amount = opt_money(row, "amount", "currency")?;
    Ok(PaymentLine {
        id: PaymentId(id(row, "id")?),
        created: time(row, "created")?,
        amount: amount.ok_or(StoreError::Value("an amount"))?,
        balance_after: opt_money(row, "balance_after", "currency")?,
        counterparty: text(row, "counterparty")?,
        counterparty_iban: get::<Option<String>>(row, "counterparty_iban")?
            .and_then(|iban| Iban::new(&iban)),
        description: text(row, "description")?,
        kind: text(row, "kind")?,
    })
}
