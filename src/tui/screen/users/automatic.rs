//! Reading the user that is shown again by itself, every so often. One timer is armed, and only
//! while there is something to read.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::update::{number, read_accounts};
use crate::base::UserNumber;
use crate::tui::app::{Effect, Model};
use crate::tui::screen::setup;

/// How long a user is looked at before it is read again: whoever runs through the rows asks the
/// bank for nothing.
const REST: SignedDuration = SignedDuration::from_secs(10);

/// What the next refresh goes by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::tui) struct Watched {
    /// Who is shown, and since when.
    shown: Option<(UserNumber, Timestamp)>,
    /// Who was asked about last, and when: also where that failed.
    asked: Option<(UserNumber, Timestamp)>,
}

/// When the user that is shown is to be read again; none where nothing is.
pub(in crate::tui) fn due(model: &Model) -> Option<Timestamp> {
    let every = model.facts.refresh.filter(|_| !model.is_typing())?;
    let watched = &model.users.watched;
    let (user, since) = watched.shown?;
    if model.visible_user() != Some(user) || !is_readable(model, user) {
        return None;
    }
    let read = model.data.accounts.get(&user)?.value().map(|one| one.as_of);
    let asked = watched.asked.filter(|(other, _)| *other == user);
    let last = read.max(asked.map(|(_, at)| at))?;
    Some(after(last, every)?.max(since.checked_add(REST).ok()?))
}

fn after(time: Timestamp, every: Duration) -> Option<Timestamp> {
    time.checked_add(SignedDuration::try_from(every).ok()?).ok()
}

/// Whether it makes sense to ask the bank, and nobody does.
fn is_readable(model: &Model, user: UserNumber) -> bool {
    let row = model.users.user(&model.data.users);
    row.is_some_and(|row| row.number == user && row.revoked_at.is_none())
        && model.data.is_ready()
        && model.setup.phase != setup::Phase::Running
        && !model.users.everyone.is_running()
        && model
            .data
            .accounts
            .get(&user)
            .is_some_and(|remote| !remote.is_loading())
}

/// The time has come, unless something came between.
pub(super) fn on_due(model: &mut Model) -> Vec<Effect> {
    match (due(model), number(model)) {
        (Some(due), Some(user)) if due <= model.now => read_accounts(model, user),
        _ => Vec::new(),
    }
}

/// The bank is asked about a user.
pub(super) fn note_asked(model: &mut Model, user: UserNumber) {
    model.users.watched.asked = Some((user, model.now));
}

/// Notes who is shown now.
pub(super) fn settle(model: &mut Model) {
    let shown = model.visible_user();
    let watched = &mut model.users.watched;
    if watched.shown.map(|(user, _)| user) != shown {
        watched.shown = shown.map(|user| (user, model.now));
    }
}
