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

#[cfg(test)]
mod tests {
    use super::super::effects::World;
    use super::*;
    use crate::base::{Body, RequestId, Side, Transcript};
    use crate::tui::app::Effect;
    use crate::workspace::Settings;

    fn open(epoch: Epoch) -> Open {
        let settings = Settings::new(std::env::temp_dir());
        Open {
            epoch,
            workspace: Workspace::demo("http://127.0.0.1:1", settings).unwrap(),
            demo: None,
        }
    }

    #[test]
    fn what_was_asked_for_before_the_lock_opens_nothing_after_it() {
        let mut held = Held::default();
        held.offer(open(3));
        assert!(held.of(3).is_some());
        held.offer(open(4));
        held.lock(6);
        for epoch in [3, 4] {
            assert!(held.of(epoch).is_none(), "{epoch}");
        }
        held.offer(open(5));
        assert!(held.of(5).is_none());
        held.offer(open(7));
        assert!(held.of(7).is_some());
    }

    #[test]
    fn the_lock_forgets_what_was_asked_and_answered() {
        let settings = Settings::new(std::env::temp_dir());
        let events = settings.events.clone();
        let mut world = World::new(settings, tokio::sync::mpsc::channel(1).0);
        let id = RequestId(1);
        events.keep(Transcript {
            id,
            query: None,
            asked: Side {
                headers: Vec::new(),
                body: Body::Other { bytes: 0 },
            },
            answered: None,
        });
        assert!(events.transcript(id).is_some());
        world.run(Effect::Lock { generation: 1 }, 0);
        assert!(events.transcript(id).is_none());
    }
}
