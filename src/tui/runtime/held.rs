//! What tasks leave behind for later effects.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::demo::Demo;
use crate::tui::data::Epoch;
use crate::workspace::{Paster, Workspace};

/// A workspace with what belongs to it.
#[derive(Clone)]
pub(super) struct Open {
    pub(super) epoch: Epoch,
    pub(super) workspace: Workspace,
    pub(super) demo: Option<Arc<Demo>>,
}

/// What tasks leave behind for later effects.
#[derive(Default)]
pub(super) struct Held {
    /// What the screens show.
    current: Option<Open>,
    /// What was opened last; the screens may not have heard of it yet, or turn away from it.
    pub(super) next: Option<Open>,
    pub(super) paster: Option<Paster>,
    /// The workspace whose login has a second callback URL at the bank.
    pub(super) lan: Option<Workspace>,
    /// The exchange that began last. It is nobody's to cancel: its code can be spent only once.
    pub(super) exchange: Option<JoinHandle<()>>,
}

impl Held {
    /// The workspace of an epoch, and none of another.
    pub(super) fn of(&mut self, epoch: Epoch) -> Option<Open> {
        if let Some(next) = self.next.take_if(|next| next.epoch == epoch) {
            self.current = Some(next);
        }
        self.current.clone().filter(|open| open.epoch == epoch)
    }
}
