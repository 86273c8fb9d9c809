//! Effects become tasks, and their answers messages.

mod setup;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::data::describe;
use super::demo::Demo;
use super::held::{Held, Open};
use crate::base::{Exit, Problem};
use crate::tui::app::{Effect, Msg, Opened};
use crate::tui::data::{Epoch, Generation};
use crate::tui::lists::List;
use crate::tui::screen;
use crate::workspace::{Profile, Settings, StoreKey, Workspace, probe_keyring};
use setup::Run;

/// A task that ends when its handle goes.
pub(super) struct Task(JoinHandle<()>);

impl Task {
    /// Begins it.
    pub(super) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(work))
    }

    /// Waits until it has ended by itself.
    #[cfg(test)]
    async fn finish(mut self) {
        (&mut self.0).await.unwrap();
    }

    /// Ends it and waits until it has.
    pub(super) async fn end(mut self) {
        self.0.abort();
        let _ = (&mut self.0).await;
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How long a second callback URL is tried to be taken back at the end of the program.
pub(super) const LAN_TIME: Duration = Duration::from_secs(5);

/// Everything that the effects act on.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) settings: Settings,
    /// The workspace that the effect is about.
    pub(super) epoch: Epoch,
    sender: mpsc::Sender<Msg>,
    held: Arc<Mutex<Held>>,
}

/// Runs effects.
pub(in crate::tui) struct World {
    shared: Shared,
    /// What is being opened or set up: one at a time.
    setup: Option<Task>,
    /// The OAuth flow: one at a time.
    flow: Option<Task>,
    /// Bringing all users up to date: one at a time.
    refresh: Option<Task>,
    /// The doctor's look: one at a time.
    doctor: Option<Task>,
    /// Rows that are being arranged: for each table only what was asked for last.
    arrange: HashMap<List, Task>,
}

impl World {
    /// Answers go to the sender.
    pub(in crate::tui) fn new(settings: Settings, sender: mpsc::Sender<Msg>) -> Self {
        Self {
            shared: Shared {
                settings,
                epoch: 0,
                sender,
                held: Arc::default(),
            },
            setup: None,
            flow: None,
            refresh: None,
            doctor: None,
            arrange: HashMap::new(),
        }
    }

    /// Ends what can be cancelled, and hands over the exchange that is under way. A task that is
    /// in the middle of the store is waited for: the database library's cleanup at the exit of
    /// the process must not run beside it.
    pub(super) async fn exchange(&mut self) -> Option<JoinHandle<()>> {
        let tasks = [
            self.setup.take(),
            self.flow.take(),
            self.refresh.take(),
            self.doctor.take(),
        ];
        for task in tasks.into_iter().flatten() {
            // From here on it begins no exchange.
            task.end().await;
        }
        let exchange = self
            .shared
            .hold(|held| held.exchange.take())
            .filter(|exchange| !exchange.is_finished());
        // An exchange does it itself.
        if exchange.is_none() {
            let last = self.shared.clone().end_lan_login();
            drop(tokio::time::timeout(LAN_TIME, last).await);
        }
        exchange
    }

    /// Runs one for the workspace of that epoch. What the terminal does is the loop's own.
    pub(in crate::tui) fn run(&mut self, effect: Effect, epoch: Epoch) {
        let shared = Shared {
            epoch,
            ..self.shared.clone()
        };
        match effect {
            Effect::Leave | Effect::Suspend | Effect::Copy(_) | Effect::CaptureMouse(_) => {}
            Effect::Arrange {
                generation,
                list,
                job,
            } => {
                self.arrange
                    .insert(list, shared.arrange(generation, list, job));
            }
            Effect::InspectStore {
                generation,
                profile,
            } => self.setup = Some(shared.inspect(generation, profile)),
            Effect::OpenDemo { generation } => self.setup = Some(shared.open_demo(generation)),
            Effect::OpenStore {
                generation,
                profile,
                key,
            } => self.setup = Some(shared.open_store(generation, profile, key)),
            Effect::StopOpening { generation } => {
                self.setup = None;
                self.shared.hold(|held| held.forget_next(generation));
            }
            Effect::ProbeKeyring { generation } => shared.probe_keyring(generation),
            Effect::Lock { generation } => self.lock(generation),
            Effect::ReadCertificate { generation, files } => {
                self.setup = Some(shared.read_certificate(generation, files));
            }
            Effect::RunSetup { generation, choice } => {
                self.setup = Some(shared.run_setup(generation, Run::Rest(choice)));
            }
            Effect::SetUpAnew { generation } => {
                self.setup = Some(shared.run_setup(generation, Run::Anew));
            }
            Effect::BeginConnect { generation } => {
                // The listener of the last flow must be gone before the next one binds.
                let last = self.flow.take();
                self.flow = Some(shared.connect(generation, None, last));
            }
            Effect::BeginConnectOverLan {
                generation,
                address,
            } => {
                let last = self.flow.take();
                self.flow = Some(shared.connect(generation, Some(address), last));
            }
            Effect::FindLan { generation } => shared.find_lan(generation),
            Effect::AskNextSession { generation } => shared.ask_next_session(generation),
            Effect::CancelConnect => self.flow = self.flow.take().map(|last| shared.give_up(last)),
            Effect::RefreshAll { generation } => {
                self.refresh = Some(shared.refresh_all(generation))
            }
            Effect::StopRefresh => self.refresh = None,
            Effect::Examine {
                generation,
                profile,
            } => self.doctor = Some(shared.examine(generation, profile)),
            Effect::CheckStore => shared.check_store(),
            Effect::ChangePort { generation, port } => {
                self.flow = Some(shared.change_port(generation, port));
            }
            Effect::SubmitAddress {
                generation,
                address,
            } => shared.submit(generation, address),
            Effect::Approve {
                generation,
                authorize_url,
            } => shared.approve(generation, authorize_url),
            Effect::OpenBrowser(address) => shared.open_browser(address),
            effect => shared.run_data(effect),
        }
    }

    /// Ends every task but an exchange and lets go of the workspace: its store is closed as soon
    /// as a read of it that runs right now is over, or an exchange that has only just begun.
    fn lock(&mut self, generation: Generation) {
        let tasks = [
            self.setup.take(),
            self.refresh.take(),
            self.doctor.take(),
            self.flow.take(),
        ];
        self.arrange.clear();
        let tasks: Vec<_> = tasks.into_iter().flatten().collect();
        let lan = self.shared.hold(|held| {
            held.lock(generation);
            held.lan.is_some()
        });
        self.shared.settings.events.forget();
        if lan || !tasks.is_empty() {
            self.flow = Some(self.shared.clone().close(tasks));
        }
    }
}

impl Shared {
    pub(super) fn hold<T>(&self, with: impl FnOnce(&mut Held) -> T) -> T {
        with(&mut self.held.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn workspace(&self) -> Result<Workspace, Problem> {
        self.hold(|held| held.of(self.epoch))
            .map(|open| open.workspace)
            .ok_or_else(|| {
                Problem::new("Nothing is open", Exit::NotReady).next("Open it on Setup.")
            })
    }

    /// A task that answers with one message.
    pub(super) fn answer(self, work: impl Future<Output = Msg> + Send + 'static) -> Task {
        Task::spawn(async move { self.send(work.await).await })
    }

    /// Tells the loop; it is gone when nobody listens.
    pub(super) async fn send(&self, msg: Msg) {
        let _ = self.sender.send(msg).await;
    }

    /// The same, for a task that only the lock cancels.
    pub(super) fn answer_detached(self, work: impl Future<Output = Msg> + Send + 'static) {
        let shared = self.clone();
        let task = tokio::spawn(async move {
            let _ = self.sender.send(work.await).await;
        });
        shared.hold(|held| held.detached.note(task.abort_handle()));
    }

    fn inspect(self, generation: Generation, profile: Profile) -> Task {
        let settings = self.settings.clone();
        self.answer(async move {
            let result = off_the_loop(move || profile.lock(&settings)).await;
            Msg::Setup(screen::setup::Msg::Inspected { generation, result })
        })
    }

    fn probe_keyring(self, generation: Generation) {
        self.answer_detached(async move {
            let result = off_the_loop(probe_keyring).await;
            Msg::KeyringProbed { generation, result }
        });
    }

    fn open_demo(self, generation: Generation) -> Task {
        let shared = self.clone();
        self.answer(async move {
            let result = shared.demo_opened(generation).await.map(Box::new);
            Msg::Setup(screen::setup::Msg::Opened { generation, result })
        })
    }

    async fn demo_opened(&self, epoch: Epoch) -> Result<Opened, Problem> {
        let demo = Arc::new(Demo::start().await?);
        let workspace = Workspace::demo(&demo.root(), self.settings.clone())?;
        let opened = describe(&workspace)?;
        let demo = Some(demo);
        self.hold(|held| {
            held.offer(Open {
                epoch,
                workspace,
                demo,
            });
        });
        Ok(opened)
    }

    fn open_store(self, generation: Generation, profile: Profile, key: StoreKey) -> Task {
        let shared = self.clone();
        self.answer(async move {
            let settings = shared.settings.clone();
            let result = off_the_loop(move || {
                let workspace = Workspace::open(profile, &key, settings)?;
                let opened = describe(&workspace)?;
                Ok((workspace, opened))
            })
            .await
            .map(|(workspace, opened)| {
                let (epoch, demo) = (generation, None);
                shared.hold(|held| {
                    held.offer(Open {
                        epoch,
                        workspace,
                        demo,
                    });
                });
                Box::new(opened)
            });
            Msg::Setup(screen::setup::Msg::Opened { generation, result })
        })
    }
}

/// Work that blocks.
pub(super) async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(
            Problem::new("A task of the program itself failed", Exit::Failed)
                .next("Start again; what was stored is whole."),
        ),
    }
}
