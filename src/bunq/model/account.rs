//! Monetary accounts: nine wrappers known, others kept.

use jiff::Timestamp;

use super::envelope::Element;
use super::fields::Fields;
use super::open_words;
use super::pointer::Pointer;
use crate::base::{AccountId, AccountKind, BankText, Currency, Iban, Money, UserId};
use crate::bunq::error::Error;

open_words! {
    /// Whether an account can be used.
    AccountStatus {
        /// In use.
        Active = "ACTIVE", "active";
        /// Blocked, wholly or for outgoing money.
        Blocked = "BLOCKED", "blocked";
        /// Closed.
        Cancelled = "CANCELLED", "closed";
        /// Closed, and about to be opened again.
        PendingReopen = "PENDING_REOPEN", "reopening";
        /// A joint account that the other owner has not accepted yet.
        PendingAcceptance = "PENDING_ACCEPTANCE", "awaits acceptance";
    }
}

/// An owner of a shared account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoOwner {
    /// Its name.
    pub name: BankText,
    /// Whether it accepted, as the bank writes it.
    pub status: Option<BankText>,
}

/// What may be used in a time, and what of it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// In which time.
    pub of: &'static str,
    /// What was used.
    pub used: Option<Money>,
    /// What may be used.
    pub most: Option<Money>,
}

/// What the bank tells of an account that is at another bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElsewhereAccount {
    /// Whether it is still told.
    pub status: Option<BankText>,
    /// Which bank it is at.
    pub bank: Option<BankText>,
    /// When that bank was asked last.
    pub synced: Option<Timestamp>,
    /// What is on it by what is booked.
    pub booked: Option<Money>,
    /// What can be used of it.
    pub available: Option<Money>,
}

/// A monetary account. Which fields are there depends on its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The bank's number; the same for every grant that shows this account.
    pub id: AccountId,
    /// What it is.
    pub kind: AccountKind,
    /// The name that its owner gave it.
    pub description: BankText,
    /// Its number; accounts at other banks may have none.
    pub iban: Option<Iban>,
    /// All that it can be addressed by.
    pub aliases: Vec<Pointer>,
    /// What is on it; the bank may not say.
    pub balance: Option<Money>,
    /// What it is kept in.
    pub currency: Option<Currency>,
    /// Whether it can be used.
    pub status: AccountStatus,
    /// More about the status, as the bank writes it.
    pub sub_status: Option<BankText>,
    /// Its owner's name.
    pub display_name: Option<BankText>,
    /// Since when it exists.
    pub created: Option<Timestamp>,
    /// When it last changed.
    pub updated: Option<Timestamp>,
    /// What may go out in a day.
    pub daily_limit: Option<Money>,
    /// What went out today.
    pub daily_spent: Option<Money>,
    /// How far below zero it may go.
    pub overdraft_limit: Option<Money>,
    /// Of savings: what is saved for.
    pub savings_goal: Option<Money>,
    /// Of savings: how far that is, in percent.
    pub savings_goal_progress: Option<u64>,
    /// Of savings: how many payments may still go out in this month.
    pub payments_remaining: Option<u64>,
    /// How many auto-saves put money onto it or take it.
    pub auto_saves: usize,
    /// Of shared accounts: the owners.
    pub co_owners: Vec<CoOwner>,
    /// Of credit cards: what is on it, whatever waits.
    pub balance_real: Option<Money>,
    /// Of light accounts: the most that may be on it.
    pub balance_maximum: Option<Money>,
    /// Of light accounts: what may be used.
    pub budgets: Vec<Budget>,
    /// Through which service the bank knows it.
    pub service: Option<BankText>,
    /// Of accounts at other banks: what they tell.
    pub elsewhere: Option<ElsewhereAccount>,
    /// Who may ask for money on it and chat.
    pub chat: Option<BankText>,
    /// What comes of direct debits whose mandate ran out.
    pub direct_debits: Option<BankText>,
    /// Where it is kept.
    pub country: Option<BankText>,
    /// Why it was closed.
    pub reason: Option<BankText>,
    /// A number that other programs may know it by.
    pub public_uuid: Option<BankText>,
    /// The user it belongs to: under OAuth the one who granted.
    pub user_id: Option<UserId>,
    /// The element's own JSON, untouched, its wrapper included.
    pub raw: String,
}

impl Account {
    /// Whether these can be the accounts of one of these users. The signature covers the body
    /// alone, so another user's list has a right one too. A joint account may name the other
    /// owner, and the bank may name nobody: they are refused where owners are named and none of
    /// them is right.
    ///
    /// # Errors
    /// When they are another's.
    pub fn check_owner(accounts: &[Self], users: &[UserId]) -> Result<(), Error> {
        let ours = Self::owners(accounts).any(|(owner, _)| users.contains(&owner));
        let mut others = Self::owners(accounts).filter(|(_, joint)| !joint);
        if ours || others.next().is_none() {
            Ok(())
        } else {
            Err(Error::another("user"))
        }
    }

    /// The users that these accounts name as theirs, and whether the account is a joint one.
    pub(in crate::bunq) fn owners(accounts: &[Self]) -> impl Iterator<Item = (UserId, bool)> {
        accounts.iter().filter_map(|account| {
            let joint = account.kind == AccountKind::Joint;
            Some((account.user_id?, joint))
        })
    }

    /// Reads an element that was kept as its own JSON, wrapper included: [`Account::raw`].
    ///
    /// # Errors
    /// When it is not the JSON of an account.
    pub fn from_json(raw: &str) -> Result<Self, Error> {
        Self::read(&Element::parse(raw)?)
    }

    /// Reads an element of whatever kind; only its number must be there.
    pub(in crate::bunq) fn read(element: &Element<'_>) -> Result<Self, Error> {
        if !element.wrapper.starts_with("MonetaryAccount") {
            return Err(Error::another("request"));
        }
        let fields = element.fields();
        let aliases = Pointer::read_all(fields.list("alias"));
        let balance = fields.money("balance");
        let currency = fields.plain("currency").and_then(|code| code.parse().ok());
        Ok(Self {
            id: AccountId(fields.need_number("id")?),
            kind: AccountKind::from_wrapper(&element.wrapper),
            description: fields.text("description").unwrap_or_default(),
            iban: aliases
                .iter()
                .find_map(Pointer::iban)
                .or_else(|| elsewhere(fields)),
            aliases,
            balance,
            currency: currency.or(balance.map(|balance| balance.currency)),
            status: AccountStatus::from_wire(fields.plain("status").unwrap_or_default()),
            sub_status: fields.text("sub_status"),
            display_name: fields.text("display_name"),
            created: fields.time("created"),
            updated: fields.time("updated"),
            daily_limit: fields.money("daily_limit"),
            daily_spent: fields.money("daily_spent"),
            overdraft_limit: fields.money("overdraft_limit"),
            savings_goal: fields.money("savings_goal"),
            savings_goal_progress: fields.number("savings_goal_progress"),
            payments_remaining: fields.number("number_of_payment_remaining"),
            auto_saves: fields.list("all_auto_save_id").len(),
            co_owners: fields
                .list("all_co_owner")
                .iter()
                .filter_map(co_owner)
                .collect(),
            balance_real: fields.money("balance_real"),
            balance_maximum: fields.money("balance_maximum"),
            budgets: budgets(fields),
            service: fields.text("service"),
            elsewhere: told_elsewhere(fields.object("open_banking_account")),
            chat: fields.object("setting").text("restriction_chat"),
            direct_debits: fields.object("setting").text("sdd_expiration_action"),
            country: fields.text("country"),
            reason: fields
                .text("reason_description")
                .or_else(|| fields.text("reason")),
            public_uuid: fields.text("public_uuid"),
            user_id: fields.number("user_id").map(UserId),
            raw: element.raw.to_owned(),
        })
    }
}

fn co_owner(owner: &serde_json::Value) -> Option<CoOwner> {
    let fields = Fields::of_value(owner);
    Some(CoOwner {
        name: fields.object("alias").text("display_name")?,
        status: fields.text("status"),
    })
}

fn budgets(fields: Fields<'_>) -> Vec<Budget> {
    let names = [
        ("month", "budget_month_used", "budget_month_maximum"),
        ("year", "budget_year_used", "budget_year_maximum"),
        (
            "year, in cash",
            "budget_withdrawal_year_used",
            "budget_withdrawal_year_maximum",
        ),
    ];
    let budgets = names.map(|(of, used, most)| Budget {
        of,
        used: fields.money(used),
        most: fields.money(most),
    });
    let told = |budget: &Budget| budget.used.is_some() || budget.most.is_some();
    budgets.into_iter().filter(told).collect()
}

fn told_elsewhere(fields: Fields<'_>) -> Option<ElsewhereAccount> {
    let bank = fields.object("provider_bank");
    let account = ElsewhereAccount {
        status: fields.text("status"),
        bank: bank.text("name").or_else(|| fields.text("provider_bank")),
        synced: fields.time("time_synced_last"),
        booked: fields.money("balance_booked"),
        available: fields.money("balance_available"),
    };
    let silent = account.status.is_none() && account.synced.is_none() && account.booked.is_none();
    (!silent).then_some(account)
}

/// An account at another bank may tell its number only in this place.
fn elsewhere(fields: Fields<'_>) -> Option<Iban> {
    Iban::new(fields.object("open_banking_account").plain("iban")?)
}
