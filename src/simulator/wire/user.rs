//! Users.

use serde_json::{Value, json};

use super::super::state::{Grant, State, User, UserKind};
use super::{amount, avatar, wrapped};
use crate::simulator::state::euros;

/// The user of a session, wrapped: `UserPerson`, `UserCompany` or `UserPaymentServiceProvider`.
pub(in super::super) fn own_user(user: &User) -> Value {
    let body = match &user.kind {
        UserKind::Person { first, last } => person(user, first, last),
        UserKind::Company => company(user),
        UserKind::Provider {
            distinguished_name, ..
        } => provider(user, distinguished_name),
    };
    wrapped(user.wrapper(), body)
}

/// The user of an OAuth session: who asked and who granted, wrapped as `UserApiKey`.
pub(in super::super) fn granted(state: &State, grant: &Grant) -> Value {
    let side = |id| state.users.get(id).map(anchor);
    json!({"UserApiKey": {
        "id": grant.id,
        "created": grant.created,
        "updated": grant.created,
        "requested_by_user": side(&grant.requested_by),
        "granted_by_user": side(&grant.granted_by),
    }})
}

/// The little that others may see of a user.
fn anchor(user: &User) -> Value {
    let mut seen = serde_json::Map::new();
    if !user.hides_id {
        seen.insert("id".to_owned(), json!(user.id));
    }
    seen.insert("display_name".to_owned(), json!(user.name));
    seen.insert("public_nick_name".to_owned(), json!(user.name));
    seen.insert("avatar".to_owned(), avatar(&user.public_uuid));
    let timeout = json!(user.session_timeout());
    seen.insert("session_timeout".to_owned(), timeout);
    wrapped(user.wrapper(), Value::Object(seen))
}

fn aliases(user: &User) -> Value {
    json!([
        {"type": "EMAIL", "value": user.email, "name": user.name},
        {"type": "PHONE_NUMBER", "value": user.phone, "name": user.name},
    ])
}

fn address() -> Value {
    json!({
        "street": "Naritaweg",
        "house_number": "131",
        "po_box": null,
        "postal_code": "1043BS",
        "city": "Amsterdam",
        "country": "NL",
        "extra": null,
        "mailbox_name": null,
        "province": null,
        "is_user_address_updated": false,
    })
}

fn person(user: &User, first: &str, last: &str) -> Value {
    json!({
        "id": user.id,
        "created": user.created,
        "updated": user.created,
        "public_uuid": user.public_uuid,
        "first_name": first,
        "middle_name": "",
        "last_name": last,
        "legal_name": user.name,
        "display_name": user.name,
        "public_nick_name": first,
        "alias": aliases(user),
        "tax_resident": [{"country": "NL", "tax_number": "123456782", "status": "CONFIRMED"}],
        "address_main": address(),
        "address_postal": address(),
        "address_shipping": null,
        "date_of_birth": "1990-04-27",
        "place_of_birth": "Utrecht",
        "country_of_birth": "NL",
        "nationality": "NL",
        "all_nationality": ["NL"],
        "language": user.language,
        "region": "nl_NL",
        "gender": "UNKNOWN",
        "avatar": avatar(&user.public_uuid),
        "version_terms_of_service": "1.0",
        "status": "ACTIVE",
        "sub_status": "NONE",
        "session_timeout": user.session_timeout(),
        "daily_limit_without_confirmation_login": amount(euros(25_000)),
        "notification_filters": [],
        "relations": [],
    })
}

fn company(user: &User) -> Value {
    json!({
        "id": user.id,
        "created": user.created,
        "updated": user.created,
        "public_uuid": user.public_uuid,
        "name": user.name,
        "display_name": user.name,
        "public_nick_name": user.name,
        "alias": aliases(user),
        "chamber_of_commerce_number": "90000001",
        "legal_form": "BV",
        "type_of_business_entity": "BV",
        "sector_of_industry": "ENERGY",
        "counter_bank_iban": null,
        "address_main": address(),
        "address_postal": address(),
        "address_shipping": null,
        "language": user.language,
        "country": "NL",
        "region": "nl_NL",
        "directors": [super::label_known("Karin Dekker")],
        "ubo": [],
        "avatar": avatar(&user.public_uuid),
        "version_terms_of_service": "1.0",
        "status": "ACTIVE",
        "sub_status": "NONE",
        "session_timeout": user.session_timeout(),
        "daily_limit_without_confirmation_login": amount(euros(100_000)),
        "notification_filters": [],
        "customer": null,
        "customer_limit": null,
        "billing_contract": [],
        "deny_reason": null,
        "relations": [],
    })
}

fn provider(user: &User, distinguished_name: &str) -> Value {
    json!({
        "id": user.id,
        "created": user.created,
        "updated": user.created,
        "certificate_distinguished_name": distinguished_name,
        "alias": [],
        "avatar": avatar(&user.public_uuid),
        "status": "ACTIVE",
        "sub_status": "NONE",
        "public_uuid": user.public_uuid,
        "display_name": user.name,
        "public_nick_name": user.name,
        "language": user.language,
        "region": "nl_NL",
        "session_timeout": user.session_timeout(),
    })
}
