//! How the bank writes things down as JSON, keys in bunq's order.

mod account;
mod payment;
mod user;

pub(super) use account::account;
pub(super) use payment::{payment, request_inquiry};
pub(super) use user::{granted, own_user};

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::seeded::Seeded;

/// An amount of euros, `currency` first.
fn amount(euros: Decimal) -> Value {
    json!({"currency": "EUR", "value": format!("{euros:.2}")})
}

/// `[{"Id":{"id":…}}]`, the answer to most creations.
pub(super) fn id(id: u64) -> Value {
    json!({"Response": [{"Id": {"id": id}}]})
}

/// One thing in its wrapper.
pub(super) fn one(wrapper: &str, thing: Value) -> Value {
    json!({"Response": [wrapped(wrapper, thing)]})
}

/// A thing in its wrapper.
pub(super) fn wrapped(wrapper: &str, thing: Value) -> Value {
    let mut outer = serde_json::Map::new();
    outer.insert(wrapper.to_owned(), thing);
    Value::Object(outer)
}

/// The avatar of whatever has this UUID.
fn avatar(uuid: &str) -> Value {
    json!({
        "uuid": uuid,
        "anchor_uuid": uuid,
        "image": [{
            "attachment_public_uuid": uuid,
            "content_type": "image/png",
            "height": 1023,
            "width": 1024,
        }],
        "style": "NONE",
    })
}

/// The label of someone at this bank who is known here only by name.
fn label_known(name: &str) -> Value {
    label_user(name, Some(&Seeded::new(0, name).uuid()))
}

/// A user as a label beside other things.
fn label_user(name: &str, uuid: Option<&str>) -> Value {
    json!({
        "uuid": uuid,
        "display_name": name,
        "country": "NL",
        "avatar": uuid.map(avatar),
        "public_nick_name": name,
    })
}
