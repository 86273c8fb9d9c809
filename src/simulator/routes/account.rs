//! Monetary accounts.

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::clock::stamp;
use super::super::failure::Failure;
use super::super::history::{self, Past};
use super::super::paging::Paging;
use super::super::state::{Account, AccountKind, Owner, euros};
use super::super::{wire, world};
use super::payment::amount;
use super::{Context, optional_text, text};

type IsKind = fn(&AccountKind) -> bool;

const EVERY: IsKind = |_| true;
const BANK: IsKind = |kind| matches!(kind, AccountKind::Bank);
const JOINT: IsKind = |kind| matches!(kind, AccountKind::Joint(_));
const SAVINGS: IsKind = |kind| matches!(kind, AccountKind::Savings(_));
const EXTERNAL: IsKind = |kind| matches!(kind, AccountKind::External);

/// The most that a daily limit may be.
const DAILY_LIMIT_MAXIMUM: i64 = 1_000_000;

/// Whether the session sees this account: its user's, and ticked if it is somebody else's session.
fn may_see(context: &Context<'_>, account: &Account) -> bool {
    match context.session.as_ref().map(|session| session.owner) {
        Some(Owner::User(id)) => account.user == id,
        Some(Owner::Grant(id)) => context
            .state
            .grants
            .get(&id)
            .is_some_and(|grant| grant.accounts.contains(&account.id)),
        None => false,
    }
}

/// Every account that the session sees. A grant names its own, so that a bank with many users is
/// as quick as one with few.
fn seen<'a>(context: &'a Context<'_>) -> Vec<&'a Account> {
    let accounts = &context.state.accounts;
    match context.session.as_ref().map(|session| session.owner) {
        Some(Owner::Grant(id)) => {
            let grant = context.state.grants.get(&id);
            let ticked = grant.into_iter().flat_map(|grant| &grant.accounts);
            ticked.filter_map(|id| accounts.get(id)).collect()
        }
        _ => accounts
            .values()
            .filter(|account| may_see(context, account))
            .collect(),
    }
}

/// The account that the path names, if the session sees it; its past is made.
pub(super) fn own(context: &mut Context<'_>) -> Result<u64, Failure> {
    let id = context.param(1)?;
    let account = context.state.accounts.get(&id);
    if !account.is_some_and(|account| may_see(context, account)) {
        return Err(Failure::NotFound("Monetary account", id));
    }
    remember(context, id);
    Ok(id)
}

/// Makes the account's past if that has not been done.
pub(super) fn remember(context: &mut Context<'_>, id: u64) {
    let today = context.now.to_zoned_datetime(TimeZone::UTC).date();
    let state = &mut *context.state;
    let account = state.accounts.get(&id);
    let Some(account) = account.filter(|account| !account.remembered) else {
        return;
    };
    // Looking for them takes longer the more users there are.
    let siblings = match account.past {
        Past::Year(_) => history::siblings(state, account.user),
        Past::None | Past::Few => Vec::new(),
    };
    let payments = history::make(account, &siblings, context.seed, today);
    if let Some(account) = state.accounts.get_mut(&id) {
        account.payments = payments;
        account.remembered = true;
    }
}

macro_rules! kinds {
    ($($list:ident, $read:ident, $kind:expr;)*) => {$(
        #[doc = "The list of this kind of account."]
        pub(super) fn $list(context: &mut Context<'_>) -> Result<Value, Failure> {
            list_of(context, $kind)
        }
        #[doc = "One account of this kind."]
        pub(super) fn $read(context: &mut Context<'_>) -> Result<Value, Failure> {
            read_of(context, $kind)
        }
    )*};
}

kinds! {
    list, read, EVERY;
    list_bank, read_bank, BANK;
    list_joint, read_joint, JOINT;
    list_savings, read_savings, SAVINGS;
    list_external, read_external, EXTERNAL;
}

fn list_of(context: &Context<'_>, kind: IsKind) -> Result<Value, Failure> {
    let seen = seen(context).into_iter();
    let seen = seen
        .filter(|account| kind(&account.kind))
        .map(|account| (account.id, account))
        .collect();
    let paging = Paging::of(context.query)?;
    Ok(paging.page(&context.path, seen, |account| {
        wire::account(context.state, account)
    }))
}

fn read_of(context: &Context<'_>, kind: IsKind) -> Result<Value, Failure> {
    let id = context.param(1)?;
    let account = context.state.accounts.get(&id);
    let account = account.filter(|account| kind(&account.kind) && may_see(context, account));
    let account = account.ok_or(Failure::NotFound("Monetary account", id))?;
    Ok(json!({"Response": [wire::account(context.state, account)]}))
}

/// `POST monetary-account-bank`. Made under a grant, the account counts as ticked.
pub(super) fn create(context: &mut Context<'_>) -> Result<Value, Failure> {
    let body = context.object()?;
    if text(&body, "currency")? != "EUR" {
        return Err(Failure::Invalid(
            "The field \"currency\" is not valid.".to_owned(),
        ));
    }
    let description =
        optional_text(&body, "description")?.unwrap_or_else(|| "bunq account".to_owned());
    let daily_limit = match body.get("daily_limit") {
        None | Some(Value::Null) => euros(100_000),
        Some(limit) => daily_limit(limit)?,
    };
    let user = context.account_user()?;
    let now = stamp(context.now);
    let id = world::open_bank(context.state, user, description, daily_limit, now);
    if let Owner::Grant(grant) = context.session()?.owner
        && let Some(grant) = context.state.grants.get_mut(&grant)
    {
        grant.accounts.insert(id);
    }
    Ok(wire::id(id))
}

fn daily_limit(value: &Value) -> Result<Decimal, Failure> {
    let limit = amount(value, "daily_limit")?;
    if limit > euros(DAILY_LIMIT_MAXIMUM) {
        return Err(Failure::Invalid(
            "The field \"daily_limit\" is not valid.".to_owned(),
        ));
    }
    Ok(limit)
}

/// `PUT monetary-account-bank/{id}`: the description, the daily limit, or closing it.
pub(super) fn update(context: &mut Context<'_>) -> Result<Value, Failure> {
    let body = context.object()?;
    let description = optional_text(&body, "description")?;
    let limit = body.get("daily_limit").map(daily_limit).transpose()?;
    let close = match optional_text(&body, "status")?.as_deref() {
        None | Some("ACTIVE") => false,
        Some("CANCELLED") => true,
        Some(_) => {
            return Err(Failure::Invalid(
                "The field \"status\" is not valid.".to_owned(),
            ));
        }
    };
    let id = own(context)?;
    let now = stamp(context.now);
    let account = context.state.accounts.get_mut(&id).ok_or(Failure::NoItem)?;
    if account.kind != AccountKind::Bank {
        return Err(Failure::NotFound("Monetary account", id));
    }
    if close && account.balance != Some(Decimal::ZERO) {
        return Err(Failure::Invalid(
            "The account must be empty before it can be closed.".to_owned(),
        ));
    }
    account.closed |= close;
    account.updated = now;
    if let Some(description) = description {
        account.description = description;
    }
    if let Some(limit) = limit {
        account.daily_limit = limit;
    }
    Ok(wire::id(id))
}
