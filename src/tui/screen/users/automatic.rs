//! Reading what is shown again by itself, every so often: the accounts of a user, or the newest
//! payments of an account. One timer is armed, and only while there is something to read.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::update::{number, read_accounts};
use crate::base::{AccountId, UserNumber};
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::screen::{payments, setup};

/// What is shown and can be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Shown {
    /// The accounts of a user.
    Accounts(UserNumber),
    /// The payments of an account.
    Payments(UserNumber, AccountId),
}

impl Shown {
    fn user(self) -> UserNumber {
        match self {
            Self::Accounts(user) | Self::Payments(user, _) => user,
        }
    }
}

/// How long something is looked at before it is read again: whoever runs through the rows asks the
/// bank for nothing.
const REST: SignedDuration = SignedDuration::from_secs(10);

/// What the next refresh goes by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::tui) struct Watched {
    /// What is shown, and since when.
    shown: Option<(Shown, Timestamp)>,
    /// What was asked for last, and when: also where that failed.
    asked: Option<(Shown, Timestamp)>,
}

/// When what is shown is to be read again; none where nothing is.
pub(in crate::tui) fn due(model: &Model) -> Option<Timestamp> {
    let every = model.facts.refresh.filter(|_| !model.is_typing())?;
    let watched = &model.users.watched;
    let (what, since) = watched.shown?;
    if shown(model) != Some(what) || !may_ask(model, what.user()) {
        return None;
    }
    let read = match what {
        Shown::Accounts(user) => {
            let remote = model.data.accounts.get(&user);
            let remote = remote.filter(|remote| !remote.is_loading())?;
            remote.value().map(|one| one.as_of)
        }
        Shown::Payments(..) if model.payments.is_busy() => return None,
        Shown::Payments(..) => model.payments.as_of(),
    };
    let asked = watched.asked.filter(|(other, _)| *other == what);
    let last = read.max(asked.map(|(_, at)| at))?;
    Some(after(last, every)?.max(since.checked_add(REST).ok()?))
}

fn after(time: Timestamp, every: Duration) -> Option<Timestamp> {
    time.checked_add(SignedDuration::try_from(every).ok()?).ok()
}

/// What is on the screen now.
fn shown(model: &Model) -> Option<Shown> {
    if model.locked.is_some() {
        return None;
    }
    match model.screen {
        Screen::Users => number(model).map(Shown::Accounts),
        Screen::Payments => {
            let of = model.payments.of.as_ref()?;
            Some(Shown::Payments(of.user, of.account))
        }
        _ => None,
    }
}

/// Whether it makes sense to ask the bank about a user.
fn may_ask(model: &Model, user: UserNumber) -> bool {
    let place = model.data.place_of(user);
    let row = place.and_then(|place| model.data.users.get(place));
    row.is_some_and(|row| row.revoked_at.is_none())
        && model.data.is_ready()
        && model.setup.phase != setup::Phase::Running
        && !model.users.everyone.is_running()
}

/// The time has come, unless something came between.
pub(super) fn on_due(model: &mut Model) -> Vec<Effect> {
    match (due(model), shown(model)) {
        (Some(due), Some(what)) if due <= model.now => match what {
            Shown::Accounts(user) => read_accounts(model, user),
            Shown::Payments(..) => payments::read_newest(model),
        },
        _ => Vec::new(),
    }
}

/// The bank is asked for it.
pub(in crate::tui) fn note_asked(model: &mut Model, what: Shown) {
    model.users.watched.asked = Some((what, model.now));
}

/// Notes what is shown now.
pub(super) fn settle(model: &mut Model) {
    let shown = shown(model);
    let watched = &mut model.users.watched;
    if watched.shown.map(|(what, _)| what) != shown {
        watched.shown = shown.map(|what| (what, model.now));
    }
}
