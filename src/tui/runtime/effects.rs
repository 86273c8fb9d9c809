//! Effects become tasks, and their answers messages.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::data::stored;
use super::demo::Demo;
use super::held::{Held, Open};
use crate::base::{Exit, Problem, Secret};
use crate::tui::app::{Effect, Msg, Opened, Unlock};
use crate::tui::data::{Epoch, Generation};
use crate::tui::screen::{connect, setup};
use crate::workspace::{Connecting, Profile, ProviderChoice, Settings, StoreKey, Workspace};

/// A task that ends when its handle goes.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

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
        }
    }

    /// Ends what can be cancelled, and hands over the exchange that is under way. A task that is
    /// in the middle of the store is waited for: the database library's cleanup at the exit of
    /// the process must not run beside it.
    pub(super) async fn exchange(&mut self) -> Option<JoinHandle<()>> {
        for mut task in [self.setup.take(), self.flow.take()].into_iter().flatten() {
            task.0.abort();
            // From here on it begins no exchange.
            let _ = (&mut task.0).await;
        }
        self.shared
            .hold(|held| held.exchange.take())
            .filter(|exchange| !exchange.is_finished())
    }

    /// Runs one for the workspace of that epoch. `Leave`, `Suspend` and `Copy` are the loop's own.
    pub(in crate::tui) fn run(&mut self, effect: Effect, epoch: Epoch) {
        let shared = Shared {
            epoch,
            ..self.shared.clone()
        };
        match effect {
            Effect::Leave | Effect::Suspend | Effect::Copy(_) => {}
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
            Effect::RunSetup { generation, choice } => {
                self.setup = Some(shared.run_setup(generation, choice));
            }
            Effect::BeginConnect { generation } => {
                // The listener of the last flow must be gone before the next one binds.
                let last = self.flow.take();
                self.flow = Some(shared.connect(generation, last));
            }
            Effect::AskNextSession { generation } => shared.ask_next_session(generation),
            Effect::CancelConnect => self.flow = None,
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
}

impl Shared {
    fn hold<T>(&self, with: impl FnOnce(&mut Held) -> T) -> T {
        with(&mut self.held.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn workspace(&self) -> Result<Workspace, Problem> {
        self.hold(|held| held.of(self.epoch))
            .map(|open| open.workspace)
            .ok_or_else(|| Problem::new("Nothing is open", Exit::NotReady).next("Press 1, then s."))
    }

    /// A task that answers with one message.
    fn answer(self, work: impl Future<Output = Msg> + Send + 'static) -> Task {
        Task(tokio::spawn(async move {
            // The loop is gone when nobody listens.
            let _ = self.sender.send(work.await).await;
        }))
    }

    /// The same, for a task that nothing cancels.
    pub(super) fn answer_detached(self, work: impl Future<Output = Msg> + Send + 'static) {
        tokio::spawn(async move {
            let _ = self.sender.send(work.await).await;
        });
    }

    fn inspect(self, generation: Generation, profile: Profile) -> Task {
        let settings = self.settings.clone();
        self.answer(async move {
            let result = off_the_loop(move || profile.lock(&settings)).await;
            Msg::Setup(setup::Msg::Inspected { generation, result })
        })
    }

    fn open_demo(self, generation: Generation) -> Task {
        let shared = self.clone();
        self.answer(async move {
            let result = shared.demo_opened(generation).await.map(Box::new);
            Msg::Setup(setup::Msg::Opened { generation, result })
        })
    }

    async fn demo_opened(&self, epoch: Epoch) -> Result<Opened, Problem> {
        let demo = Arc::new(Demo::start().await?);
        let workspace = Workspace::demo(&demo.root(), self.settings.clone())?;
        let opened = describe(&workspace)?;
        let demo = Some(demo);
        self.hold(|held| {
            held.next = Some(Open {
                epoch,
                workspace,
                demo,
            });
        });
        Ok(opened)
    }

    fn open_store(self, generation: Generation, profile: Profile, key: Unlock) -> Task {
        let shared = self.clone();
        self.answer(async move {
            let settings = shared.settings.clone();
            let result = off_the_loop(move || {
                let key = match key {
                    Unlock::File(file) => StoreKey::File(file),
                    Unlock::Passphrase(passphrase) => StoreKey::Passphrase(passphrase),
                };
                let workspace = Workspace::open(profile, &key, settings)?;
                let opened = describe(&workspace)?;
                Ok((workspace, opened))
            })
            .await
            .map(|(workspace, opened)| {
                let (epoch, demo) = (generation, None);
                shared.hold(|held| {
                    held.next = Some(Open {
                        epoch,
                        workspace,
                        demo,
                    });
                });
                Box::new(opened)
            });
            Msg::Setup(setup::Msg::Opened { generation, result })
        })
    }

    fn run_setup(self, generation: Generation, choice: Option<ProviderChoice>) -> Task {
        Task(tokio::spawn(async move {
            let result = match self.workspace() {
                Ok(workspace) => self.steps(generation, &workspace, choice).await,
                Err(problem) => Err(problem),
            };
            let msg = Msg::Setup(setup::Msg::Finished { generation, result });
            let _ = self.sender.send(msg).await;
        }))
    }

    /// Runs the steps and tells of each.
    async fn steps(
        &self,
        generation: Generation,
        workspace: &Workspace,
        choice: Option<ProviderChoice>,
    ) -> Result<crate::workspace::Provider, Problem> {
        let (progress, mut changes) = mpsc::channel(16);
        let tell = async {
            while let Some(change) = changes.recv().await {
                let msg = Msg::Setup(setup::Msg::Stepped { generation, change });
                let _ = self.sender.send(msg).await;
            }
        };
        let (result, ()) = tokio::join!(workspace.setup(choice, progress), tell);
        result
    }

    fn connect(self, generation: Generation, last: Option<Task>) -> Task {
        Task(tokio::spawn(async move {
            if let Some(mut last) = last {
                last.0.abort();
                let _ = (&mut last.0).await;
            }
            let begun = match self.workspace() {
                Ok(workspace) => match workspace.finish_grant().await {
                    Ok(None) => workspace.connect().await,
                    // An earlier login broke off after its user had approved: nobody is asked
                    // again.
                    Ok(Some(connected)) => {
                        let (epoch, result) = (self.epoch, Ok(connected));
                        return self
                            .tell(connect::Msg::Exchanged {
                                epoch,
                                generation,
                                result,
                            })
                            .await;
                    }
                    Err(problem) => Err(problem),
                },
                Err(problem) => Err(problem),
            };
            let result = begun
                .as_ref()
                .map(|flow| flow.invitation().clone())
                .map_err(Clone::clone);
            self.tell(connect::Msg::Invited { generation, result })
                .await;
            if let Ok(connecting) = begun {
                self.wait(generation, connecting).await;
            }
        }))
    }

    /// Waits for the redirect; the exchange after it is a task of its own, so that nothing cuts
    /// it short.
    async fn wait(self, generation: Generation, connecting: Connecting) {
        self.hold(|held| held.paster = Some(connecting.paster()));
        let mut strays = connecting.strays();
        let count = async {
            while strays.changed().await.is_ok() {
                let count = *strays.borrow_and_update();
                self.tell(connect::Msg::Strayed { generation, count }).await;
            }
            // The flow alone ends the wait.
            std::future::pending::<()>().await;
        };
        let redirected = tokio::select! {
            redirected = connecting.redirected() => redirected,
            () = count => return,
        };
        match redirected {
            Ok(granted) => {
                let shared = self.clone();
                let exchange = tokio::spawn(async move {
                    self.tell(connect::Msg::Redirected {
                        generation,
                        result: Ok(()),
                    })
                    .await;
                    let result = granted.exchange().await;
                    let epoch = self.epoch;
                    self.tell(connect::Msg::Exchanged {
                        epoch,
                        generation,
                        result,
                    })
                    .await;
                });
                shared.hold(|held| held.exchange = Some(exchange));
            }
            Err(problem) => {
                self.tell(connect::Msg::Redirected {
                    generation,
                    result: Err(problem),
                })
                .await;
            }
        }
    }

    async fn tell(&self, msg: connect::Msg) {
        let _ = self.sender.send(Msg::Connect(msg)).await;
    }

    fn change_port(self, generation: Generation, port: u16) -> Task {
        let shared = self.clone();
        self.answer(async move {
            let result = match shared.workspace() {
                Ok(workspace) => workspace.change_port(port).await,
                Err(problem) => Err(problem),
            };
            Msg::Connect(connect::Msg::PortChanged { generation, result })
        })
    }

    fn submit(self, generation: Generation, address: Secret) {
        let paster = self.hold(|held| held.paster.clone());
        self.answer_detached(async move {
            let result = match paster {
                Some(paster) => paster.paste(address.expose()),
                None => Err(Problem::new("Nobody waits for an address", Exit::Failed)
                    .next("Press n for a fresh code.")),
            };
            Msg::Connect(connect::Msg::Submitted { generation, result })
        });
    }

    fn approve(self, generation: Generation, authorize_url: Secret) {
        let shared = self.clone();
        self.answer_detached(async move {
            let result = shared.approved(authorize_url.expose()).await;
            Msg::Connect(connect::Msg::Approved { generation, result })
        });
    }

    async fn approved(&self, authorize_url: &str) -> Result<(), Problem> {
        let workspace = self.workspace()?;
        let demo = self
            .hold(|held| held.of(self.epoch))
            .and_then(|open| open.demo)
            .ok_or_else(|| Problem::new("Only the demo can approve", Exit::Failed))?;
        let redirect = demo.approve(authorize_url)?;
        workspace.visit(&redirect).await
    }

    fn ask_next_session(self, generation: Generation) {
        let shared = self.clone();
        self.answer_detached(async move {
            let result = stored(shared.workspace(), Workspace::next_session_at).await;
            Msg::Connect(connect::Msg::NextSession { generation, result })
        });
    }

    fn open_browser(self, address: Secret) {
        self.answer_detached(async move {
            let result = off_the_loop(move || {
                webbrowser::open(address.expose()).map_err(|error| {
                    Problem::new("The browser could not be opened", Exit::Failed)
                        .because(error.to_string())
                        .next("c copies the address, u shows it alone.")
                })
            })
            .await;
            Msg::Connect(connect::Msg::BrowserAsked(result))
        });
    }
}

/// What an open workspace says of itself.
fn describe(workspace: &Workspace) -> Result<Opened, Problem> {
    Ok(Opened {
        profile: workspace.profile().clone(),
        stage: workspace.stage()?,
        steps: workspace.steps()?,
        provider: workspace.provider()?,
        users: workspace.users()?,
        perhaps_granted: workspace.perhaps_granted()?,
    })
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
