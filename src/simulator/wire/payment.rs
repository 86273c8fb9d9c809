//! Payments and requests for money.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::super::clock::stamp;
use super::super::state::{Account, Payment, RequestInquiry, RequestStatus};
use super::{amount, label_user};

/// A payment of this account, whose owner has this name, wrapped.
pub(in super::super) fn payment(account: &Account, owner: &str, payment: &Payment) -> Value {
    let other = &payment.counterparty;
    json!({"Payment": {
        "id": payment.id,
        "created": stamp(payment.created),
        "updated": stamp(payment.created),
        "monetary_account_id": account.id,
        "amount": amount(payment.amount),
        "description": payment.description,
        "type": payment.kind,
        "merchant_reference": null,
        "alias": label(account.iban.as_deref(), owner, Some(&account.public_uuid)),
        "counterparty_alias": label(other.iban.as_deref(), &other.name, None),
        "attachment": [],
        "geolocation": null,
        "batch_id": null,
        "scheduled_id": null,
        "address_billing": null,
        "address_shipping": null,
        "sub_type": payment.sub_kind,
        "payment_arrival_expected": null,
        "request_reference_split_the_bill": [],
        "balance_after_mutation": amount(payment.balance_after),
        "payment_auto_allocate_instance": null,
        "payment_suspended_outgoing": null,
        "payment_fee": null,
    }})
}

/// `LabelMonetaryAccount`.
fn label(iban: Option<&str>, name: &str, uuid: Option<&str>) -> Value {
    json!({
        "iban": iban,
        "is_light": false,
        "display_name": name,
        "avatar": uuid.map(super::avatar),
        "label_user": label_user(name, uuid),
        "country": "NL",
    })
}

/// A request for money to this account, wrapped.
pub(in super::super) fn request_inquiry(
    account: &Account,
    owner: &str,
    request: &RequestInquiry,
) -> Value {
    let accepted = request.status == RequestStatus::Accepted;
    let responded = request.accepted_at.filter(|_| accepted).map(stamp);
    let (kind, value, name) = &request.asked;
    let expiry = request
        .created
        .checked_add(SignedDuration::from_hours(24 * 90))
        .unwrap_or(request.created);
    json!({"RequestInquiry": {
        "id": request.id,
        "created": stamp(request.created),
        "updated": responded.clone().unwrap_or_else(|| stamp(request.created)),
        "time_responded": responded,
        "time_expiry": stamp(expiry),
        "monetary_account_id": account.id,
        "amount_inquired": amount(request.amount),
        "amount_responded": accepted.then(|| amount(request.amount)),
        "user_alias_created": label_user(owner, Some(&account.public_uuid)),
        "user_alias_revoked": null,
        "counterparty_alias": label(
            (kind == "IBAN").then_some(value.as_str()),
            name.as_deref().unwrap_or(value),
            None,
        ),
        "description": request.description,
        "merchant_reference": null,
        "attachment": [],
        "status": request.status.name(),
        "batch_id": null,
        "scheduled_id": null,
        "minimum_age": null,
        "require_address": null,
        "bunqme_share_url": null,
        "redirect_url": null,
        "address_shipping": null,
        "address_billing": null,
        "geolocation": null,
        "reference_split_the_bill": null,
    }})
}
