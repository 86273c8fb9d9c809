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
            let mut conditions = Conditions::of(&query.filter);
            if let Some(than) = query.older_than {
                conditions.add("id < ?", id_column(than.0)?);
            }
            let all = conditions.sql.is_empty() && query.filter.count.is_none();
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
                    .collect::<Result<Vec<_>, _>>()?;
            let stored = match (all, u64::try_from(rows.len())) {
                // They need not be counted once more.
                (true, Ok(count)) => count,
                _ => tx.payment_count(user, account)?,
            };
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

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const ACCOUNT: AccountId = AccountId(7);

    fn row(id: u64, amount: &str, after: Option<&str>, who: &str) -> PaymentRow {
        let money = |value: &str| Money::parse(value, "EUR").unwrap();
        PaymentRow {
            id: PaymentId(id),
            created: Timestamp::new(1_795_000_000 + i64::try_from(id).unwrap(), 0).unwrap(),
            amount: money(amount),
            balance_after: after.map(money),
            counterparty: who.into(),
            counterparty_iban: None,
            description: "x".into(),
            kind: "BUNQ".into(),
            raw: format!("{{\"id\":{id}}}"),
        }
    }

    fn store(rows: &[PaymentRow]) -> Store {
        let store = Store::in_memory().unwrap();
        store
            .save_payments(
                UserNumber::PROVIDER,
                ACCOUNT,
                rows,
                true,
                Timestamp::UNIX_EPOCH,
            )
            .unwrap();
        store
    }

    #[rstest]
    #[case(PaymentColumn::Date, false, [4, 3, 2, 1])]
    #[case(PaymentColumn::Date, true, [1, 2, 3, 4])]
    // -12.10 is less than -9.99, and of two that are alike the newer one is first.
    #[case(PaymentColumn::Amount, false, [3, 1, 2, 4])]
    #[case(PaymentColumn::Amount, true, [4, 2, 3, 1])]
    #[case(PaymentColumn::Counterparty, false, [3, 1, 2, 4])]
    #[case(PaymentColumn::Counterparty, true, [4, 2, 3, 1])]
    fn in_any_order(#[case] by: PaymentColumn, #[case] turned: bool, #[case] expected: [u64; 4]) {
        let store = store(&[
            row(1, "100.00", None, "anna"),
            row(2, "-9.99", None, "Bert"),
            row(3, "100.00", None, "Anna"),
            row(4, "-12.10", None, "cees"),
        ]);
        let query = PaymentQuery {
            by,
            turned,
            ..PaymentQuery::default()
        };
        let lines = store.payment_lines(UserNumber::PROVIDER, ACCOUNT, &query);
        let lines = lines.unwrap().unwrap();
        let ids: Vec<_> = lines.rows.iter().map(|row| row.id.0).collect();
        assert_eq!((ids, lines.stored), (expected.to_vec(), 4));
    }

    #[test]
    fn those_below_a_row_are_those_that_are_older() {
        let rows: Vec<_> = (1..=9).map(|id| row(id, "1.00", None, "a")).collect();
        let store = store(&rows);
        let query = PaymentQuery {
            older_than: Some(PaymentId(4)),
            ..PaymentQuery::default()
        };
        let lines = store.payment_lines(UserNumber::PROVIDER, ACCOUNT, &query);
        let lines = lines.unwrap().unwrap();
        let ids: Vec<_> = lines.rows.iter().map(|row| row.id.0).collect();
        assert_eq!(ids, [3, 2, 1]);
    }

    #[rstest]
    #[case(1)]
    #[case(2)]
    #[case(9)]
    #[case(10)]
    #[case(11)]
    #[case(1_000)]
    fn a_line_has_few_points_and_both_its_ends(#[case] count: u64) {
        let rows: Vec<_> = (1..=count)
            .map(|id| row(id, "0.01", Some(&format!("{id}.01")), "a"))
            .collect();
        let store = store(&rows);
        let points = store.payment_balances(UserNumber::PROVIDER, ACCOUNT, 10);
        let points = points.unwrap();
        assert!(points.len() <= 10, "{}", points.len());
        assert!(points.len() >= usize::try_from(count.min(5)).unwrap());
        assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let shown = |point: Option<&(Timestamp, Money)>| point.unwrap().1.to_string();
        assert_eq!(shown(points.first()), "1.01 EUR");
        assert_eq!(shown(points.last()), format!("{count}.01 EUR"));
    }

    #[test]
    fn a_payment_without_a_balance_is_no_point() {
        let store = store(&[row(1, "1.00", None, "a"), row(2, "1.00", Some("2.00"), "a")]);
        let points = store.payment_balances(UserNumber::PROVIDER, ACCOUNT, 10);
        assert_eq!(points.unwrap().len(), 1);
        let mut told = 0;
        store
            .each_payment_figure(UserNumber::PROVIDER, ACCOUNT, |_| told += 1)
            .unwrap();
        assert_eq!(told, 2);
    }

    /// Reading the bodies too would take twenty times as long.
    #[rstest]
    #[case("", "id DESC")]
    #[case(
        " AND (instr(who, 'a') > 0 OR instr(said, 'a') > 0)",
        "fine DESC, id DESC"
    )]
    fn a_list_is_read_without_the_bodies(#[case] conditions: &str, #[case] order: &str) {
        let store = store(&[row(1, "1.00", None, "a")]);
        let connection = store.connection.lock().unwrap();
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT id, created, amount, currency, balance_after, counterparty,
                    counterparty_iban, description, kind
             FROM payment WHERE user = 0 AND account = 7{conditions} ORDER BY {order}"
        );
        let plan: String = connection
            .query_row(&sql, [], |row| row.get("detail"))
            .unwrap();
        assert!(plan.contains("COVERING INDEX payment_listed"), "{plan}");
    }
}
