//! One module for each screen: its state, messages, update and view.

pub(super) mod connect;
pub(super) mod doctor;
pub(super) mod locked;
pub(super) mod log;
pub(super) mod payments;
pub(super) mod setup;
pub(super) mod users;

use super::app::Model;
use super::keymap::{Action, Context};

/// Why a key does nothing while the store is locked, to be spelled.
pub(super) const LOCKED: &str =
    "Locked: {everywhere.go-setup} shows the setup, {setup.set-up} there unlocks it.";

/// Why nothing of a user can be shown where there is none, to be spelled.
pub(super) fn no_users(model: &Model) -> &'static str {
    if model.setup.is_locked() {
        LOCKED
    } else if model.data.is_ready() {
        "There are no users yet: {everywhere.connect} connects one."
    } else {
        "There are no users yet: {everywhere.go-setup} shows the setup, {setup.set-up} there runs \
         it, and then the first can connect."
    }
}

/// What there is to know of a code that was spent and whose token was lost; it is gone with the
/// next user who connects.
pub(super) fn perhaps_granted(model: &Model) -> Option<String> {
    let at = model.data.perhaps_granted?;
    let at = model.facts.forms.when(at, model.now);
    Some(format!(
        "A code was spent at {at}, its token lost: perhaps one grant too many in the bunq app. \
         {} connects again.",
        model.key(Context::Everywhere, Action::Connect)
    ))
}

/// From this width on, Setup and Connect stand side by side.
pub(super) const SIDE_BY_SIDE: u16 = 100;

/// Whether Setup and Connect are both shown.
pub(super) fn side_by_side(columns: u16) -> bool {
    columns >= SIDE_BY_SIDE
}
