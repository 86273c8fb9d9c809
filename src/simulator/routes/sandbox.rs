//! New sandbox users.

use serde_json::{Value, json};

use super::super::clock::stamp;
use super::super::failure::Failure;
use super::super::{wire, world};
use super::Context;

/// `POST sandbox-user-person`.
pub(super) fn person(context: &mut Context<'_>) -> Result<Value, Failure> {
    create(context, false)
}

/// `POST sandbox-user-company`.
pub(super) fn company(context: &mut Context<'_>) -> Result<Value, Failure> {
    create(context, true)
}

fn create(context: &mut Context<'_>, company: bool) -> Result<Value, Failure> {
    let key = world::sandbox_user(context.state, company, stamp(context.now));
    Ok(wire::one("ApiKey", json!({"api_key": key})))
}
