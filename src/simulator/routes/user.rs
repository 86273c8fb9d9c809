//! Users.

use serde_json::{Value, json};

use super::super::failure::Failure;
use super::super::state::Owner;
use super::super::wire;
use super::Context;

/// `GET user`: a list of one, the session's user.
pub(super) fn list(context: &mut Context<'_>) -> Result<Value, Failure> {
    let nowhere = json!({"future_url": null, "newer_url": null, "older_url": null});
    Ok(json!({"Response": [own(context)?], "Pagination": nowhere}))
}

/// `GET user/{id}`: the same user.
pub(super) fn read(context: &mut Context<'_>) -> Result<Value, Failure> {
    Ok(json!({"Response": [own(context)?]}))
}

fn own(context: &Context<'_>) -> Result<Value, Failure> {
    let state = &*context.state;
    Ok(match context.session()?.owner {
        Owner::User(id) => wire::own_user(state.users.get(&id).ok_or(Failure::Broken)?),
        Owner::Grant(id) => {
            let grant = state.grants.get(&id).ok_or(Failure::Broken)?;
            wire::granted(state, grant)
        }
    })
}
