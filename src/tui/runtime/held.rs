//! What tasks leave behind for later effects.

use std::sync::Arc;

use tokio::task::{AbortHandle, JoinHandle};

use super::demo::Demo;
use crate::tui::data::{Epoch, Generation};
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
    next: Option<Open>,
    /// What was asked for before this is opened no more.
    not_before: Generation,
    pub(super) paster: Option<Paster>,
    /// The workspace whose login has a second callback URL at the bank.
    pub(super) lan: Option<Workspace>,
    /// The exchange that began last. It is nobody's to cancel: its code can be spent only once.
    pub(super) exchange: Option<JoinHandle<()>>,
    /// Tasks whose handles nobody has.
    pub(super) detached: Detached,
}

/// Tasks that run on by themselves until they answer, or until the lock.
#[derive(Default)]
pub(super) struct Detached(Vec<AbortHandle>);

impl Detached {
    /// One more; those that are over are forgotten.
    pub(super) fn note(&mut self, task: AbortHandle) {
        self.0.retain(|task| !task.is_finished());
        self.0.push(task);
    }
}

impl Held {
    /// The workspace of an epoch, and none of another.
    pub(super) fn of(&mut self, epoch: Epoch) -> Option<Open> {
        if let Some(next) = self.next.take_if(|next| next.epoch == epoch) {
            self.current = Some(next);
        }
        self.current.clone().filter(|open| open.epoch == epoch)
    }

    /// Takes a workspace that was opened, unless it comes too late.
    pub(super) fn offer(&mut self, open: Open) {
        if open.epoch > self.not_before {
            self.next = Some(open);
        }
    }

    /// What is being opened, or was and is not shown yet, is not wanted any more.
    pub(super) fn forget_next(&mut self, generation: Generation) {
        self.not_before = generation;
        self.next = None;
    }

    /// Lets go of everything that was open.
    pub(super) fn lock(&mut self, generation: Generation) {
        self.forget_next(generation);
        self.current = None;
        self.paster = None;
        for task in self.detached.0.drain(..) {
            task.abort();
        }
    }
}
