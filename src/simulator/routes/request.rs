//! Requests for money, and the sandbox's sugar daddy who pays those up to 500 euros.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::super::failure::Failure;
use super::super::iban::outside_iban;
use super::super::paging::Paging;
use super::super::state::{Counterparty, RequestInquiry, RequestStatus, State, euros};
use super::super::wire;
use super::account::own;
use super::payment::{amount, book, name_of, pointer};
use super::{Context, optional_text, text};

const SUGAR_DADDY: &str = "sugardaddy@bunq.com";
/// Cents; what is more stays pending.
const SUGAR_DADDY_MAXIMUM: i64 = 50_000;
const SUGAR_DADDY_THINKS: SignedDuration = SignedDuration::from_millis(500);

/// `POST request-inquiry`.
pub(super) fn create(context: &mut Context<'_>) -> Result<Value, Failure> {
    let body = context.object()?;
    let inquired = body.get("amount_inquired").unwrap_or(&Value::Null);
    let inquired = amount(inquired, "amount_inquired")?;
    let asked = pointer(&body)?;
    let description = text(&body, "description")?;
    if !body.get("allow_bunqme").is_some_and(Value::is_boolean) {
        return Err(Failure::Invalid(
            "The field \"allow_bunqme\" is required.".to_owned(),
        ));
    }
    let account = own(context)?;
    let pays =
        asked.0 == "EMAIL" && asked.1 == SUGAR_DADDY && inquired <= euros(SUGAR_DADDY_MAXIMUM);
    let id = context.state.id();
    let request = RequestInquiry {
        id,
        created: context.now,
        amount: inquired,
        asked,
        description,
        status: RequestStatus::Pending,
        accepted_at: pays.then(|| {
            context
                .now
                .checked_add(SUGAR_DADDY_THINKS)
                .unwrap_or(context.now)
        }),
    };
    if pays {
        context.state.asked_sugar_daddy.insert(account);
    }
    if let Some(account) = context.state.accounts.get_mut(&account) {
        account.requests.push(request);
    }
    Ok(wire::id(id))
}

/// Pays what the sugar daddy has thought about for long enough. Called before every call, so that
/// nothing has to run in the background.
pub(in super::super) fn settle(state: &mut State, now: Timestamp) {
    let mut due = Vec::new();
    for id in &state.asked_sugar_daddy {
        let Some(account) = state.accounts.get_mut(id) else {
            continue;
        };
        for request in &mut account.requests {
            let at = request.accepted_at.filter(|at| *at <= now);
            if let (RequestStatus::Pending, Some(at)) = (request.status, at) {
                request.status = RequestStatus::Accepted;
                due.push((*id, request.amount, request.description.clone(), at));
            }
        }
    }
    for (account, amount, description, at) in due {
        let daddy = Counterparty {
            name: "Sugar Daddy".to_owned(),
            iban: Some(outside_iban(500)),
        };
        book(
            state,
            account,
            amount,
            daddy,
            &description,
            ("BUNQ", "REQUEST"),
            at,
        );
    }
}

/// `GET request-inquiry`.
pub(super) fn list(context: &mut Context<'_>) -> Result<Value, Failure> {
    let id = own(context)?;
    let account = context.state.accounts.get(&id).ok_or(Failure::NoItem)?;
    let owner = name_of(context.state, account.user);
    let requests = account.requests.iter().map(|r| (r.id, r)).collect();
    let paging = Paging::of(context.query)?;
    Ok(paging.page(&context.path, requests, |request| {
        wire::request_inquiry(account, &owner, request)
    }))
}

/// `GET request-inquiry/{id}`.
pub(super) fn read(context: &mut Context<'_>) -> Result<Value, Failure> {
    let id = own(context)?;
    let wanted = context.param(2)?;
    let account = context.state.accounts.get(&id).ok_or(Failure::NoItem)?;
    let request = account.requests.iter().find(|request| request.id == wanted);
    let request = request.ok_or(Failure::NotFound("Request inquiry", wanted))?;
    let owner = name_of(context.state, account.user);
    Ok(json!({"Response": [wire::request_inquiry(account, &owner, request)]}))
}

/// `PUT request-inquiry/{id}` with status REVOKED; answers the whole request.
pub(super) fn revoke(context: &mut Context<'_>) -> Result<Value, Failure> {
    let body = context.object()?;
    let status = optional_text(&body, "status")?;
    let id = own(context)?;
    let wanted = context.param(2)?;
    let account = context.state.accounts.get_mut(&id).ok_or(Failure::NoItem)?;
    let mut requests = account.requests.iter_mut();
    let request = requests
        .find(|request| request.id == wanted)
        .ok_or(Failure::NotFound("Request inquiry", wanted))?;
    if status.as_deref() != Some("REVOKED") || request.status != RequestStatus::Pending {
        return Err(Failure::Invalid(
            "The field \"status\" is not valid.".to_owned(),
        ));
    }
    request.status = RequestStatus::Revoked;
    request.accepted_at = None;
    read(context)
}
