//! One module for each screen: its state, messages, update and view.

pub(super) mod connect;
pub(super) mod log;
pub(super) mod setup;
pub(super) mod users;

/// Why a key does nothing while the store is locked.
pub(super) const LOCKED: &str = "Locked: 1 shows the setup, s there asks for the passphrase.";

/// From this width on, Setup and Connect stand side by side.
pub(super) const SIDE_BY_SIDE: u16 = 100;

/// Whether Setup and Connect are both shown.
pub(super) fn side_by_side(columns: u16) -> bool {
    columns >= SIDE_BY_SIDE
}
