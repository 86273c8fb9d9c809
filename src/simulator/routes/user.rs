//! Users.

use serde_json::{Value, json};

use super::super::failure::Failure;
use super::super::state::Owner;
use super::super::wire;
use super::Context;

/// `GET user` and `GET user/{id}`: the session's user.
pub(super) fn list(context: &mut Context<'_>) -> Result<Value, Failure> {
    let state = &*context.state;
    let user = match context.session()?.owner {
        Owner::User(id) => wire::own_user(state.users.get(&id).ok_or(Failure::Broken)?),
        Owner::Grant(id) => {
            let grant = state.grants.get(&id).ok_or(Failure::Broken)?;
            wire::granted(state, grant)
        }
    };
    Ok(json!({ "Response": [user] }))
}
