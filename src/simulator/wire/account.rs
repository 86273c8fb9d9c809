//! Monetary accounts.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::{Map, Value, json};

use super::super::state::{Account, AccountKind, State, User};
use super::{amount, avatar, label_known, wrapped};

/// An account in its wrapper.
pub(in super::super) fn account(state: &State, account: &Account) -> Value {
    let owned_by = state.users.get(&account.user);
    let owner = owned_by.map_or("", |user| user.name.as_str());
    let mut body = common(account, owned_by);
    let mut add = |key: &str, value: Value| {
        body.insert(key.to_owned(), value);
    };
    match &account.kind {
        AccountKind::Bank => {
            add("overdraft_limit", amount(Decimal::ZERO));
            add("display_name", json!(owner));
        }
        AccountKind::Joint(other) => {
            add("overdraft_limit", amount(Decimal::ZERO));
            add("all_co_owner", co_owners(&[owner, other]));
        }
        AccountKind::Savings(goal) => {
            let saved = account.balance.unwrap_or_default();
            let percent = (saved * Decimal::ONE_HUNDRED)
                .checked_div(*goal)
                .and_then(|percent| percent.trunc().to_i64())
                .unwrap_or(0);
            add("all_co_owner", co_owners(&[owner]));
            add("savings_goal", amount(*goal));
            add("savings_goal_progress", json!(percent));
            add("number_of_payment_remaining", json!("6"));
        }
        AccountKind::External => {
            add("overdraft_limit", amount(Decimal::ZERO));
            add("display_name", json!(owner));
            add("service", json!("OPEN_BANKING"));
            add("open_banking_account", open_banking(account));
        }
    }
    wrapped(account.kind.wrapper(), Value::Object(body))
}

/// What the other bank says; nothing where it does not tell everything.
fn open_banking(account: &Account) -> Value {
    let (Some(iban), Some(balance)) = (&account.iban, account.balance) else {
        return Value::Null;
    };
    json!({
        "status": "ACTIVE",
        "iban": iban,
        "time_synced_last": account.updated,
        "provider_bank": null,
        "balance_booked": amount(balance),
        "balance_available": amount(balance),
    })
}

fn co_owners(names: &[&str]) -> Value {
    let owner = |name: &&str| json!({"alias": label_known(name), "status": "ACCEPTED"});
    names.iter().map(owner).collect()
}

fn common(account: &Account, owner: Option<&User>) -> Map<String, Value> {
    let mut aliases = Vec::new();
    if let (Some(iban), Some(owner)) = (&account.iban, owner) {
        aliases.push(json!({"type": "IBAN", "value": iban, "name": owner.name}));
        aliases.push(json!({"type": "EMAIL", "value": owner.email, "name": owner.name}));
    }
    let (status, sub_status) = if account.closed {
        ("CANCELLED", "REDEMPTION_VOLUNTARY")
    } else {
        ("ACTIVE", "NONE")
    };
    let body = json!({
        "id": account.id,
        "created": account.created,
        "updated": account.updated,
        "alias": aliases,
        "avatar": avatar(&account.public_uuid),
        "balance": account.balance.map(amount),
        "country": "NL",
        "currency": "EUR",
        "daily_limit": amount(account.daily_limit),
        "daily_spent": amount(Decimal::ZERO),
        "description": account.description,
        "public_uuid": account.public_uuid,
        "status": status,
        "sub_status": sub_status,
        "timezone": "europe/amsterdam",
        "user_id": account.user,
        "monetary_account_profile": null,
        "setting": {
            "color": account.colour,
            "icon": null,
            "default_avatar_status": "AVATAR_DEFAULT",
            "restriction_chat": "ALLOW_INCOMING",
            "sdd_expiration_action": "AUTO_ACCEPT",
        },
        "reason": if account.closed { json!("OTHER") } else { Value::Null },
        "reason_description": null,
        "all_auto_save_id": [],
    });
    match body {
        Value::Object(body) => body,
        _ => Map::new(),
    }
}
