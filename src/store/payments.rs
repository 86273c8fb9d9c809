//! The payments of each account, as far as they were read: one stretch without a gap, from the
//! newest that was read back to some older one.

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::row::{get, id, id_column, opt_money, opt_time, text, time};
use super::{Store, StoreError, Tx};
use crate::base::{AccountId, BankText, Iban, Money, PaymentId, UserNumber};

/// Amounts are compared in SQL as ten-thousandths; they are summed from their exact text.
const FINENESS: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

/// A payment as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRow {
    /// The bank's number; later ones are higher.
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
    /// The bank's own body of it.
    pub raw: String,
}

/// Some payments of one account, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPayments {
    /// When the bank was last asked for the newest.
    pub as_of: Timestamp,
    /// Whether the oldest of the account are stored too.
    pub complete: bool,
    /// The payments that were looked for.
    pub rows: Vec<PaymentRow>,
}

/// How far an account's payments are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// When the bank was last asked for the newest.
    pub as_of: Timestamp,
    /// Whether it reaches back to the first payment of the account.
    pub complete: bool,
    /// The newest and the oldest; none where there is no payment.
    pub ends: Option<(PaymentId, PaymentId)>,
    /// When the oldest was made.
    pub since: Option<Timestamp>,
}

/// Which payments to look for. Everything that is named must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentFilter {
    /// In the description, the counterparty or its IBAN; capitals and blanks of an IBAN do not
    /// count.
    pub text: Option<String>,
    /// In the counterparty or its IBAN.
    pub counterparty: Option<String>,
    /// Least amount, its sign aside.
    pub least: Option<Decimal>,
    /// Greatest amount, its sign aside.
    pub most: Option<Decimal>,
    /// Made then or later.
    pub since: Option<Timestamp>,
    /// Made before then.
    pub until: Option<Timestamp>,
    /// At most so many, the newest.
    pub count: Option<u32>,
}

impl Store {
    /// Keeps payments that have no gap to those that are stored already. `complete` says that the
    /// account has no older ones, `as_of` when the bank was last asked for the newest.
    ///
    /// # Errors
    /// When the user was forgotten meanwhile, or the store cannot be written.
    pub fn save_payments(
        &self,
        user: UserNumber,
        account: AccountId,
        rows: &[PaymentRow],
        complete: bool,
        as_of: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.check_user(user)?;
            let (user, account) = (user.0, id_column(account.0)?);
            tx.0.execute(
                "INSERT INTO payment_reading VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (user, account) DO UPDATE
                 SET as_of = ?3, complete = max(complete, ?4)",
                params![user, account, as_of.to_string(), complete],
            )?;
            let mut insert = tx.0.prepare_cached(
                "INSERT OR REPLACE INTO payment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?;
            for row in rows {
                insert.execute(params![
                    user,
                    account,
                    id_column(row.id.0)?,
                    sortable(row.created),
                    row.amount.value.to_string(),
                    row.amount.currency.to_string(),
                    fine(row.amount.value),
                    row.balance_after
                        .filter(|after| after.currency == row.amount.currency)
                        .map(|after| after.value.to_string()),
                    row.counterparty.as_str(),
                    row.counterparty_iban.as_ref().map(Iban::as_str),
                    row.description.as_str(),
                    row.kind.as_str(),
                    who(row),
                    row.description.as_str().to_lowercase(),
                    row.raw,
                ])?;
            }
            Ok(())
        })
    }

    /// How far an account's payments are stored; none when they were never read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn payment_stretch(
        &self,
        user: UserNumber,
        account: AccountId,
    ) -> Result<Option<Stretch>, StoreError> {
        self.read(|tx| tx.payment_stretch(user, account))
    }

    /// How many payments of an account are stored.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn payment_count(&self, user: UserNumber, account: AccountId) -> Result<u64, StoreError> {
        self.read(|tx| tx.payment_count(user, account))
    }

    /// The bank's own body of one payment; `None` when it is not stored.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn payment_raw(
        &self,
        user: UserNumber,
        account: AccountId,
        payment: PaymentId,
    ) -> Result<Option<String>, StoreError> {
        self.read(|tx| {
            let key = params![user.0, id_column(account.0)?, id_column(payment.0)?];
            tx.0.prepare_cached(
                "SELECT raw FROM payment WHERE user = ? AND account = ? AND id = ?",
            )?
            .query_and_then(key, |row| get(row, "raw"))?
            .next()
            .transpose()
        })
    }

    /// The stored payments that fit the filter, newest first; none when none were ever read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn payments(
        &self,
        user: UserNumber,
        account: AccountId,
        filter: &PaymentFilter,
    ) -> Result<Option<StoredPayments>, StoreError> {
        self.read(|tx| {
            let Some(stretch) = tx.payment_stretch(user, account)? else {
                return Ok(None);
            };
            let Conditions { sql, values } = Conditions::of(filter);
            let mut all = vec![Value::from(i64::from(user.0)), id_column(account.0)?.into()];
            all.extend(values);
            let sql = format!(
                "SELECT * FROM payment WHERE user = ? AND account = ?{sql}
                 ORDER BY id DESC LIMIT {}",
                filter.count.map_or(-1, i64::from)
            );
            let rows =
                tx.0.prepare_cached(&sql)?
                    .query_and_then(params_from_iter(all), from_row)?
                    .collect::<Result<_, _>>()?;
            Ok(Some(StoredPayments {
                as_of: stretch.as_of,
                complete: stretch.complete,
                rows,
            }))
        })
    }
}

impl Tx<'_> {
    pub(super) fn payment_count(
        &self,
        user: UserNumber,
        account: AccountId,
    ) -> Result<u64, StoreError> {
        self.0
            .prepare_cached(
                "SELECT count(*) AS all_of_it FROM payment WHERE user = ? AND account = ?",
            )?
            .query_and_then(params![user.0, id_column(account.0)?], |row| {
                id(row, "all_of_it")
            })?
            .next()
            .unwrap_or(Ok(0))
    }

    /// Looks at the two ends alone, as it is asked for at every page.
    pub(super) fn payment_stretch(
        &self,
        user: UserNumber,
        account: AccountId,
    ) -> Result<Option<Stretch>, StoreError> {
        self.0
            .prepare_cached(
                "SELECT as_of, complete,
                        (SELECT max(id) FROM payment p
                         WHERE p.user = r.user AND p.account = r.account) AS newest,
                        (SELECT min(id) FROM payment p
                         WHERE p.user = r.user AND p.account = r.account) AS oldest,
                        (SELECT created FROM payment p
                         WHERE p.user = r.user AND p.account = r.account
                         ORDER BY id LIMIT 1) AS since
                 FROM payment_reading r WHERE user = ? AND account = ?",
            )?
            .query_and_then(params![user.0, id_column(account.0)?], |row| {
                let ends = match get::<Option<i64>>(row, "newest")? {
                    Some(_) => Some((PaymentId(id(row, "newest")?), PaymentId(id(row, "oldest")?))),
                    None => None,
                };
                Ok(Stretch {
                    as_of: time(row, "as_of")?,
                    complete: get(row, "complete")?,
                    ends,
                    since: opt_time(row, "since")?,
                })
            })?
            .next()
            .transpose()
    }
}

/// As SQL compares it; what does not fit is beyond every bank.
fn fine(amount: Decimal) -> i64 {
    amount
        .checked_mul(FINENESS)
        .and_then(|fine| fine.trunc().to_i64())
        .unwrap_or(match amount.is_sign_negative() {
            true => i64::MIN,
            false => i64::MAX,
        })
}

/// A time whose texts sort as the times do.
fn sortable(time: Timestamp) -> String {
    format!("{time:.6}")
}

/// The other side as it is searched: small letters, the IBAN without blanks.
fn who(row: &PaymentRow) -> String {
    let iban = row.counterparty_iban.as_ref().map_or("", Iban::as_str);
    format!("{}\n{iban}", row.counterparty).to_lowercase()
}

/// Without its blanks, if it may be a part of an IBAN as people write it.
fn compact(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let fits = compact.chars().all(|c| c.is_ascii_alphanumeric())
        && compact.contains(|c: char| c.is_ascii_digit());
    (fits && compact != text).then_some(compact)
}

/// What a filter is in SQL: conditions that follow others, and what they compare with.
#[derive(Default)]
pub(super) struct Conditions {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

impl Conditions {
    pub(super) fn of(filter: &PaymentFilter) -> Self {
        let mut all = Self::default();
        if let Some(text) = &filter.text {
            all.contains(text, &["who", "said"]);
        }
        if let Some(text) = &filter.counterparty {
            all.contains(text, &["who"]);
        }
        if let Some(least) = filter.least {
            all.add("abs(fine) >= ?", fine(least.abs()));
        }
        if let Some(most) = filter.most {
            all.add("abs(fine) <= ?", fine(most.abs()));
        }
        if let Some(since) = filter.since {
            all.add("created >= ?", sortable(since));
        }
        if let Some(until) = filter.until {
            all.add("created < ?", sortable(until));
        }
        all
    }

    pub(super) fn add(&mut self, condition: &str, value: impl Into<Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.push(value.into());
    }

    /// That one of the columns has the text in it, or, where it may be an IBAN, has it so.
    fn contains(&mut self, text: &str, columns: &[&str]) {
        let text = text.trim().to_lowercase();
        let mut any = Vec::new();
        for column in columns {
            any.push(format!("instr({column}, ?) > 0"));
            self.values.push(text.clone().into());
        }
        if let Some(compact) = compact(&text) {
            any.push("instr(who, ?) > 0".into());
            self.values.push(compact.into());
        }
        self.sql.push_str(&format!(" AND ({})", any.join(" OR ")));
    }
}

pub(super) fn from_row(row: &Row<'_>) -> Result<PaymentRow, StoreError> {
    let amount = opt_money(row, "amount", "currency")?;
    Ok(PaymentRow {
        id: PaymentId(id(row, "id")?),
        created: time(row, "created")?,
        amount: amount.ok_or(StoreError::Value("an amount"))?,
        balance_after: opt_money(row, "balance_after", "currency")?,
        counterparty: text(row, "counterparty")?,
        counterparty_iban: get::<Option<String>>(row, "counterparty_iban")?
            .and_then(|iban| Iban::new(&iban)),
        description: text(row, "description")?,
        kind: text(row, "kind")?,
        raw: get(row, "raw")?,
    })
}
