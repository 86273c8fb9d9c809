//! The effects that concern Connect: the OAuth flow and what belongs to it.

use std::net::IpAddr;

use super::data::stored;
use super::effects::{LAN_TIME, Shared, Task, off_the_loop};
use super::held::Held;
use crate::base::{Exit, Problem, Secret};
use crate::tui::app::Msg;
use crate::tui::data::Generation;
use crate::tui::screen::connect;
use crate::workspace::{Connected, Connecting, Workspace};

impl Shared {
    /// Begins a login, once the last one is gone; with an address for a phone on the network.
    pub(super) fn connect(
        self,
        generation: Generation,
        lan: Option<IpAddr>,
        last: Option<Task>,
    ) -> Task {
        Task::spawn(async move {
            if let Some(last) = last {
                last.end().await;
            }
            let begun = match self.workspace() {
                Ok(workspace) => match self.finished(&workspace).await {
                    Ok(None) => self.invited(&workspace, lan).await,
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
        })
    }

    /// Finishes a login that broke off, and tells which callback URL of it is left.
    async fn finished(&self, workspace: &Workspace) -> Result<Option<Connected>, Problem> {
        let finished = workspace.finish_grant().await;
        if !matches!(finished, Ok(None)) {
            self.hold(|held| held.lan = Some(workspace.clone()));
            self.tell_what_is_left().await;
        }
        finished
    }

    async fn invited(
        &self,
        workspace: &Workspace,
        lan: Option<IpAddr>,
    ) -> Result<Connecting, Problem> {
        // A login that was given up just now may have had no time for it.
        drop(tokio::time::timeout(LAN_TIME, self.clone().end_lan_login()).await);
        let Some(address) = lan else {
            return workspace.connect().await;
        };
        self.hold(|held| held.lan = Some(workspace.clone()));
        workspace.connect_over_lan(address).await
    }

    /// Ends a login that is given up, and takes its second callback URL back.
    pub(super) fn give_up(self, last: Task) -> Task {
        Task::spawn(async move {
            last.end().await;
            self.end_lan_login().await;
        })
    }

    /// The same, with every other task, after a lock: the store is closed once it is over, which
    /// takes only so long.
    pub(super) fn close(self, tasks: Vec<Task>) -> Task {
        Task::spawn(async move {
            for task in tasks {
                task.end().await;
            }
            let exchanges = |held: &mut Held| {
                let exchange = held.exchange.as_ref();
                exchange.is_some_and(|exchange| !exchange.is_finished())
            };
            // An exchange does it itself.
            if !self.hold(exchanges) {
                drop(tokio::time::timeout(LAN_TIME, self.clone().end_lan_login()).await);
                // What could not be taken back is noted in the store, for the next login.
                self.hold(|held| held.lan = None);
            }
            self.settings.events.forget();
        })
    }

    /// The end of an exchange whose workspace was locked just when it began: nothing of it stays.
    pub(super) fn let_go_if_closed(&self) {
        let closed = self.hold(|held| {
            let closed = held.of(self.epoch).is_none();
            if closed {
                held.lan = None;
            }
            closed
        });
        if closed {
            self.settings.events.forget();
        }
    }

    /// Takes the second callback URL of the last login back, where it had one.
    pub(super) async fn end_lan_login(self) {
        let Some(workspace) = self.hold(|held| held.lan.clone()) else {
            return;
        };
        // What stays is noted, and told.
        let _ = workspace.end_lan_login().await;
        self.tell_what_is_left().await;
    }

    /// Tells which callback URL of a login could not be taken back.
    async fn tell_what_is_left(&self) {
        let left = self.hold(|held| held.lan.clone());
        match left.map(|workspace| workspace.lan_url_left()) {
            Some(Ok(Some(url))) => self.tell(connect::Msg::LanLeft(url)).await,
            _ => self.hold(|held| held.lan = None),
        }
    }

    pub(super) fn find_lan(self, generation: Generation) {
        let shared = self.clone();
        self.answer_detached(async move {
            let result = stored(shared.workspace(), Workspace::lan_addresses).await;
            Msg::Connect(connect::Msg::LanFound { generation, result })
        });
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
                    self.tell_what_is_left().await;
                    self.let_go_if_closed();
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
                self.tell_what_is_left().await;
                self.tell(connect::Msg::Redirected {
                    generation,
                    result: Err(problem),
                })
                .await;
            }
        }
    }

    async fn tell(&self, msg: connect::Msg) {
        self.send(Msg::Connect(msg)).await;
    }

    pub(super) fn change_port(self, generation: Generation, port: u16) -> Task {
        let shared = self.clone();
        self.answer(async move {
            let result = match shared.workspace() {
                Ok(workspace) => workspace.change_port(port).await,
                Err(problem) => Err(problem),
            };
            Msg::Connect(connect::Msg::PortChanged { generation, result })
        })
    }

    pub(super) fn submit(self, generation: Generation, address: Secret) {
        let paster = self.hold(|held| held.paster.clone());
        self.answer_detached(async move {
            let result = match paster {
                Some(paster) => paster.paste(address.expose()),
                None => Err(Problem::new("Nobody waits for an address", Exit::Failed)
                    .next("Connect a user anew: that makes a code.")),
            };
            Msg::Connect(connect::Msg::Submitted { generation, result })
        });
    }

    pub(super) fn approve(self, generation: Generation, authorize_url: Secret) {
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

    pub(super) fn ask_next_session(self, generation: Generation) {
        let shared = self.clone();
        self.answer_detached(async move {
            let result = stored(shared.workspace(), Workspace::next_session_at).await;
            Msg::Connect(connect::Msg::NextSession { generation, result })
        });
    }

    pub(super) fn open_browser(self, address: Secret) {
        self.answer_detached(async move {
            let result = off_the_loop(move || {
                webbrowser::open(address.expose()).map_err(|error| {
                    Problem::new("The browser could not be opened", Exit::Failed)
                        .because(error.to_string())
                })
            })
            .await;
            Msg::Connect(connect::Msg::BrowserAsked(result))
        });
    }
}
