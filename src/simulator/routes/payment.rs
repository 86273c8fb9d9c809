//! Payments.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::super::failure::Failure;
use super::super::history::FIRST_NEW_PAYMENT;
use super::super::iban::is_iban;
use super::super::paging::Paging;
use super::super::state::{Account, AccountKind, Counterparty, Owner, Payment, State};
use super::super::wire;
use super::account::{own, remember};
use super::{Context, text};

/// `GET payment`: newest first.
pub(super) fn list(context: &mut Context<'_>) -> Result<Value, Failure> {
    let id = own(context)?;
    let account = context.state.accounts.get(&id).ok_or(Failure::NoItem)?;
    let owner = name_of(context.state, account.user);
    let payments = account.payments.iter().map(|p| (p.id, p)).collect();
    let paging = Paging::of(context.query)?;
    Ok(paging.page(&context.path, payments, |payment| {
        wire::payment(account, &owner, payment)
    }))
}

/// `GET payment/{id}`.
pub(super) fn read(context: &mut Context<'_>) -> Result<Value, Failure> {
    let id = own(context)?;
    let wanted = context.param(2)?;
    let account = context.state.accounts.get(&id).ok_or(Failure::NoItem)?;
    let payment = account.payments.iter().find(|payment| payment.id == wanted);
    let payment = payment.ok_or(Failure::NotFound("Payment", wanted))?;
    let owner = name_of(context.state, account.user);
    Ok(json!({"Response": [wire::payment(account, &owner, payment)]}))
}

/// A user's name.
pub(super) fn name_of(state: &State, user: u64) -> String {
    let user = state.users.get(&user);
    user.map(|user| user.name.clone()).unwrap_or_default()
}

/// An amount of euros in a body: a string with at most two decimals, more than nothing.
pub(super) fn amount(value: &Value, field: &str) -> Result<Decimal, Failure> {
    let wrong = || Failure::Invalid(format!("The field \"{field}\" is not valid."));
    let text = value.get("value").and_then(Value::as_str);
    let text = text.ok_or_else(wrong)?;
    let currency = value.get("currency").and_then(Value::as_str);
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let amount: Decimal = text.parse().map_err(|_| wrong())?;
    let fits = plain
        && currency == Some("EUR")
        && amount.scale() <= 2
        && amount > Decimal::ZERO
        && amount < Decimal::from(1_000_000_000);
    if fits { Ok(amount) } else { Err(wrong()) }
}

/// The type, value and name of a pointer.
pub(super) type Pointer = (String, String, Option<String>);

/// `counterparty_alias` of a body.
pub(super) fn pointer(body: &Map<String, Value>) -> Result<Pointer, Failure> {
    let wrong = || Failure::Invalid("The field \"counterparty_alias\" is not valid.".to_owned());
    let alias = body.get("counterparty_alias").and_then(Value::as_object);
    let alias = alias.ok_or_else(wrong)?;
    let (kind, value) = (text(alias, "type")?, text(alias, "value")?);
    let name = alias.get("name").and_then(Value::as_str).map(str::to_owned);
    match kind.as_str() {
        "IBAN" if !is_iban(&value) => Err(wrong()),
        "IBAN" | "EMAIL" | "PHONE_NUMBER" => Ok((kind, value, name)),
        _ => Err(wrong()),
    }
}

/// The account at this bank that a pointer means.
fn find(state: &State, (kind, value, _): &Pointer) -> Option<u64> {
    // Accounts at other banks are only shown here.
    let here = |account: &&Account| !matches!(account.kind, AccountKind::External);
    let open = state
        .accounts
        .values()
        .filter(|account| !account.closed)
        .filter(here);
    if kind == "IBAN" {
        return open
            .filter(|account| account.iban.as_ref() == Some(value))
            .map(|account| account.id)
            .next();
    }
    let user = state
        .users
        .values()
        .find(|user| [&user.email, &user.phone].contains(&value))?
        .id;
    // The oldest bank account is the one that the aliases point to.
    open.filter(|account| account.user == user)
        .map(|account| account.id)
        .next()
}

/// What a body orders.
struct Order {
    amount: Decimal,
    pointer: Pointer,
    description: String,
}

fn order(body: &Map<String, Value>) -> Result<Order, Failure> {
    let paid = body.get("amount").unwrap_or(&Value::Null);
    let description = body.get("description").and_then(Value::as_str);
    let missing = || Failure::Invalid("The field \"description\" is required.".to_owned());
    Ok(Order {
        amount: amount(paid, "amount")?,
        pointer: pointer(body)?,
        description: description.ok_or_else(missing)?.to_owned(),
    })
}

/// `POST payment`. Between accounts of this bank both sides get theirs. Under a grant only
/// between accounts of the same user (bunq API: OAuth, what it permits).
pub(super) fn create(context: &mut Context<'_>) -> Result<Value, Failure> {
    let order = order(&context.object()?)?;
    let from = own(context)?;
    let to = find(context.state, &order.pointer).filter(|to| *to != from);
    let payer = context.account_user()?;
    let receiver = to.and_then(|to| context.state.accounts.get(&to));
    let same_user = receiver.is_some_and(|account| account.user == payer);
    if matches!(context.session()?.owner, Owner::Grant(_)) && !same_user {
        return Err(Failure::Forbidden);
    }
    let account = context.state.accounts.get(&from).ok_or(Failure::NoItem)?;
    possible(&order, account, receiver)?;
    let own_side = side(context.state, account);
    let other_side = receiver.map_or_else(
        || Counterparty {
            name: order.pointer.2.as_ref().unwrap_or(&order.pointer.1).clone(),
            iban: Some(order.pointer.1.clone()),
        },
        |account| side(context.state, account),
    );
    let how = match to {
        Some(_) => ("BUNQ", "PAYMENT"),
        None => ("EBA_SCT", "SCT"),
    };
    let (text, now) = (&order.description, context.now);
    let state = &mut *context.state;
    let id = book(state, from, -order.amount, other_side, text, how, now);
    if let Some(to) = to {
        remember(context, to);
        book(context.state, to, order.amount, own_side, text, how, now);
    }
    Ok(wire::id(id.ok_or(Failure::NoItem)?))
}

/// Whether the order can be carried out from this account; no receiver is one outside.
fn possible(order: &Order, from: &Account, to: Option<&Account>) -> Result<(), Failure> {
    let longest = if to.is_some() { 9000 } else { 140 };
    let refusal = if order.description.chars().count() > longest {
        "The field \"description\" is too long."
    } else if to.is_none() && order.pointer.0 != "IBAN" {
        "The field \"counterparty_alias\" is not valid."
    } else if from.closed || from.balance.is_none_or(|balance| balance < order.amount) {
        "You do not have enough balance for this payment."
    } else {
        return Ok(());
    };
    Err(Failure::Invalid(refusal.to_owned()))
}

/// An account of this bank as the other side sees it.
fn side(state: &State, account: &Account) -> Counterparty {
    Counterparty {
        name: name_of(state, account.user),
        iban: account.iban.clone(),
    }
}

/// Moves the balance and writes the payment down; the account's past must have been made.
pub(super) fn book(
    state: &mut State,
    account: u64,
    amount: Decimal,
    counterparty: Counterparty,
    description: &str,
    (kind, sub_kind): (&'static str, &'static str),
    created: Timestamp,
) -> Option<u64> {
    let id = FIRST_NEW_PAYMENT + state.id();
    let account = state.accounts.get_mut(&account)?;
    let balance_after = account.balance?.checked_add(amount)?;
    account.balance = Some(balance_after);
    account.payments.push(Payment {
        id,
        created,
        amount,
        balance_after,
        counterparty,
        description: description.to_owned(),
        kind,
        sub_kind,
    });
    Some(id)
}
