//! What Users makes of the answers that come.

use super::{About, Focus, Msg, all, automatic, everyone};
use crate::base::{Problem, UserNumber};
use crate::tui::app::{Effect, Model};
use crate::tui::data::Generation;
use crate::tui::screen::payments;
use crate::workspace::{Accounts, UserProfile, UserSummary};

use super::update::{list, read_unread, recall};

/// Takes a message; late ones are dropped.
pub(in crate::tui) fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Due => return automatic::on_due(model),
        Msg::Listed { generation, result } if generation == model.users.listing => {
            return on_listed(model, result);
        }
        Msg::Listed { .. } => {}
        // Of the workspace that was open before.
        Msg::AccountsRecalled { epoch, .. }
        | Msg::ProfileRecalled { epoch, .. }
        | Msg::Forgotten { epoch, .. }
            if epoch != model.data.epoch => {}
        Msg::AccountsRecalled { user, result, .. } => {
            return on_accounts_recalled(model, user, result);
        }
        Msg::AllAccountsRecalled { generation, result } => {
            all::on_recalled(model, generation, result);
        }
        Msg::AccountsRead {
            generation,
            user,
            result,
        } => return on_accounts_read(model, generation, user, result),
        Msg::ProfileRecalled { user, result, .. } => on_profile_recalled(model, user, result),
        Msg::ProfileRead {
            generation,
            user,
            result,
        } => {
            let remote = model.data.profiles.get_mut(&user);
            if remote.is_some_and(|remote| remote.answer(generation, result)) {
                // Whether the grant still stands may have shown.
                return list(model);
            }
        }
        Msg::Forgotten { user, result, .. } => return on_forgotten(model, user, result),
        Msg::Refreshing {
            generation,
            progress,
        } => return everyone::on_progress(model, generation, *progress),
        Msg::AllRefreshed { generation, result } => everyone::on_ended(model, generation, result),
    }
    Vec::new()
}

fn on_listed(model: &mut Model, result: Result<Vec<UserSummary>, Problem>) -> Vec<Effect> {
    match result {
        Ok(users) => {
            model.users.problem = None;
            model.data.list(users);
            all::read(model)
        }
        Err(problem) => {
            model.users.problem = Some(problem);
            Vec::new()
        }
    }
}

fn on_accounts_recalled(
    model: &mut Model,
    user: UserNumber,
    result: Result<Option<Accounts>, Problem>,
) -> Vec<Effect> {
    match result {
        Ok(Some(accounts)) => {
            if let Some(remote) = model.data.accounts.get_mut(&user) {
                let known = remote.value().map(|known| known.as_of);
                remote.recall(accounts, |accounts| known < Some(accounts.as_of));
            }
        }
        Ok(None) => return read_unread(model, user),
        Err(problem) => model.complain(problem.what),
    }
    Vec::new()
}

fn on_accounts_read(
    model: &mut Model,
    generation: Generation,
    user: UserNumber,
    result: Result<Accounts, Problem>,
) -> Vec<Effect> {
    let remote = model.data.accounts.get_mut(&user);
    let mut effects = Vec::new();
    if remote.is_some_and(|remote| remote.answer(generation, result)) {
        effects = list(model);
    }
    if model.users.unasked == Some(generation) {
        model.users.unasked = None;
        // The selection may rest by now on one that was passed over meanwhile.
        effects.extend(recall(model));
    }
    effects
}

fn on_profile_recalled(
    model: &mut Model,
    user: UserNumber,
    result: Result<Option<UserProfile>, Problem>,
) {
    match result {
        Ok(Some(profile)) => {
            if let Some(remote) = model.data.profiles.get_mut(&user) {
                remote.recall(profile, |_| false);
            }
        }
        Ok(None) => {}
        Err(problem) => model.complain(problem.what),
    }
}

fn on_forgotten(model: &mut Model, user: UserNumber, result: Result<(), Problem>) -> Vec<Effect> {
    match result {
        Ok(()) => {
            model.data.accounts.remove(&user);
            model.data.profiles.remove(&user);
            payments::forget(model, user);
            model.data.users.retain(|row| row.number != user);
            model.users.focus = Focus::Users;
            model.users.about = About::User;
            model.succeed(format!(
                "User {user} is forgotten; its number is not used again."
            ));
            list(model)
        }
        Err(problem) => {
            model.complain(format!("{}. {}", problem.what, problem.next));
            Vec::new()
        }
    }
}
