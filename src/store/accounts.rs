//! The last known accounts of each user, the provider's own under number 0.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::row::{get, id, id_column, opt_money, opt_text, text, time};
use super::{Store, StoreError, Tx};
use crate::base::{AccountId, AccountKind, BankText, Iban, Money, UserNumber};

/// An account as it was last read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// What sort of account.
    pub kind: AccountKind,
    /// What its owner calls it.
    pub description: BankText,
    /// Its number; accounts elsewhere may have none.
    pub iban: Option<Iban>,
    /// Its balance; not every account tells one.
    pub balance: Option<Money>,
    /// The bank's word for its state: `ACTIVE`, `CANCELLED`, …
    pub status: BankText,
    /// The bank's own body of it.
    pub raw: String,
}

/// All accounts of one user, and when they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccounts {
    /// When the bank gave them.
    pub as_of: Timestamp,
    /// The accounts, in the bank's order.
    pub rows: Vec<AccountRow>,
}

/// One of the accounts of all users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLine {
    /// Whose.
    pub user: UserNumber,
    /// The user's name; none for ourselves.
    pub owner: Option<BankText>,
    /// Its id.
    pub id: AccountId,
    /// What sort of account.
    pub kind: AccountKind,
    /// What its owner calls it.
    pub description: BankText,
    /// Its number.
    pub iban: Option<Iban>,
    /// Its balance.
    pub balance: Option<Money>,
    /// The bank's word for its state.
    pub status: BankText,
}

/// What the table of users shows of a user's accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSummary {
    /// Whose.
    pub user: UserNumber,
    /// When they were read.
    pub as_of: Timestamp,
    /// How many there are.
    pub count: usize,
    /// The balances of those that tell one.
    pub balances: Vec<Money>,
}

impl Store {
    /// Keeps the accounts of a user in the place of those before.
    ///
    /// # Errors
    /// When the user was forgotten meanwhile, or the store cannot be written.
    pub fn replace_accounts(
        &self,
        user: UserNumber,
        rows: &[AccountRow],
        as_of: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tx| tx.replace_accounts(user, rows, as_of))
    }

    /// The accounts of a user; `None` when they were never read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn accounts(&self, user: UserNumber) -> Result<Option<StoredAccounts>, StoreError> {
        self.read(|tx| tx.accounts(user))
    }

    /// The accounts of all users, one after the other and without the bank's bodies: by user, in the
    /// bank's order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn each_account(&self, mut each: impl FnMut(AccountLine)) -> Result<(), StoreError> {
        self.read(|tx| {
            let mut statement = tx.0.prepare_cached(
                "SELECT a.user, u.name AS owner, a.id, a.kind, a.description, a.iban, a.balance,
                        a.currency, a.status
                 FROM account a LEFT JOIN user u ON u.number = a.user
                 ORDER BY a.user, a.place",
            )?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                each(AccountLine {
                    user: UserNumber(get(row, "user")?),
                    owner: opt_text(row, "owner")?,
                    id: AccountId(id(row, "id")?),
                    kind: kind(row)?,
                    description: text(row, "description")?,
                    iban: iban(row)?,
                    balance: opt_money(row, "balance", "currency")?,
                    status: text(row, "status")?,
                });
            }
            Ok(())
        })
    }

    /// The bank's own body of one account; `None` when it is not stored.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn account_raw(
        &self,
        user: UserNumber,
        account: AccountId,
    ) -> Result<Option<String>, StoreError> {
        self.read(|tx| {
            tx.0.prepare_cached("SELECT raw FROM account WHERE user = ? AND id = ?")?
                .query_and_then(params![user.0, id_column(account.0)?], |row| {
                    get(row, "raw")
                })?
                .next()
                .transpose()
        })
    }

    /// The summaries of all users whose accounts were read, by number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn account_summaries(&self) -> Result<Vec<AccountSummary>, StoreError> {
        self.read(|tx| tx.account_summaries(None))
    }

    /// The summary of one user; `None` when its accounts were never read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn account_summary(&self, user: UserNumber) -> Result<Option<AccountSummary>, StoreError> {
        self.read(|tx| Ok(tx.account_summaries(Some(user))?.pop()))
    }
}

impl Tx<'_> {
    /// As [`Store::replace_accounts`].
    ///
    /// # Errors
    /// When the user was forgotten meanwhile, or the store cannot be written.
    pub fn replace_accounts(
        &self,
        user: UserNumber,
        rows: &[AccountRow],
        as_of: Timestamp,
    ) -> Result<(), StoreError> {
        self.check_user(user)?;
        self.0
            .execute("DELETE FROM account_reading WHERE user = ?", [user.0])?;
        self.0.execute(
            "INSERT INTO account_reading VALUES (?, ?)",
            params![user.0, as_of.to_string()],
        )?;
        let mut insert = self
            .0
            .prepare_cached("INSERT INTO account VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
        for (place, row) in rows.iter().enumerate() {
            insert.execute(params![
                user.0,
                i64::try_from(place).map_err(|_| StoreError::Value("an account's place"))?,
                id_column(row.id.0)?,
                row.kind.label(),
                row.description.as_str(),
                row.iban.as_ref().map(Iban::as_str),
                row.balance.map(|money| money.value.to_string()),
                row.balance.map(|money| money.currency.to_string()),
                row.status.as_str(),
                row.raw,
            ])?;
        }
        Ok(())
    }

    /// As [`Store::accounts`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn accounts(&self, user: UserNumber) -> Result<Option<StoredAccounts>, StoreError> {
        let as_of = self
            .0
            .prepare_cached("SELECT as_of FROM account_reading WHERE user = ?")?
            .query_and_then([user.0], |row| time(row, "as_of"))?
            .next()
            .transpose()?;
        let Some(as_of) = as_of else { return Ok(None) };
        let rows = self
            .0
            .prepare_cached("SELECT * FROM account WHERE user = ? ORDER BY place")?
            .query_and_then([user.0], from_row)?
            .collect::<Result<_, _>>()?;
        Ok(Some(StoredAccounts { as_of, rows }))
    }

    /// The summaries of one user or of all.
    fn account_summaries(
        &self,
        user: Option<UserNumber>,
    ) -> Result<Vec<AccountSummary>, StoreError> {
        // Between two numbers, so that the one user is looked up and not searched for.
        let (first, last) = match user {
            Some(user) => (user.0, user.0),
            None => (0, u32::MAX),
        };
        let mut statement = self.0.prepare_cached(
            "SELECT r.user, r.as_of, a.place, a.balance, a.currency
             FROM account_reading r LEFT JOIN account a USING (user)
             WHERE r.user BETWEEN ? AND ?
             ORDER BY r.user, a.place",
        )?;
        let mut rows = statement.query(params![first, last])?;
        let mut summaries: Vec<AccountSummary> = Vec::new();
        while let Some(row) = rows.next()? {
            let user = UserNumber(get(row, "user")?);
            let has_account = get::<Option<i64>>(row, "place")?.is_some();
            let balance = opt_money(row, "balance", "currency")?;
            match summaries.last_mut().filter(|last| last.user == user) {
                Some(last) => {
                    last.count += usize::from(has_account);
                    last.balances.extend(balance);
                }
                None => summaries.push(AccountSummary {
                    user,
                    as_of: time(row, "as_of")?,
                    count: usize::from(has_account),
                    balances: balance.into_iter().collect(),
                }),
            }
        }
        Ok(summaries)
    }
}

fn kind(row: &Row<'_>) -> Result<AccountKind, StoreError> {
    let kind = get::<String>(row, "kind")?.parse();
    Ok(kind.unwrap_or(AccountKind::Other(BankText::default())))
}

fn iban(row: &Row<'_>) -> Result<Option<Iban>, StoreError> {
    let iban = get::<Option<String>>(row, "iban")?;
    Ok(iban.and_then(|iban| Iban::new(&iban)))
}

fn from_row(row: &Row<'_>) -> Result<AccountRow, StoreError> {
    Ok(AccountRow {
        id: AccountId(id(row, "id")?),
        kind: kind(row)?,
        description: text(row, "description")?,
        iban: iban(row)?,
        balance: opt_money(row, "balance", "currency")?,
        status: text(row, "status")?,
        raw: get(row, "raw")?,
    })
}
