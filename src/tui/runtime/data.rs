//! The effects that concern users and the small files.

use tokio::sync::mpsc;

use super::effects::{Shared, Task, off_the_loop};
use crate::base::{Problem, UserNumber};
use crate::tui::app::{Effect, Msg};
use crate::tui::data::Generation;
use crate::tui::screen::users;
use crate::workspace::{Profile, Read, Workspace};

/// How many users' progress may wait for the loop.
const TOLD: usize = 16;

impl Shared {
    /// What concerns users and the small files.
    pub(super) fn run_data(self, effect: Effect) {
        let shared = self.clone();
        self.answer_detached(async move { shared.data(effect).await });
    }

    async fn data(&self, effect: Effect) -> Msg {
        match effect {
            Effect::RecallTranscript(id) => {
                let transcript = self.settings.events.transcript(id);
                Msg::Recalled { id, transcript }
            }
            Effect::ListUsers { generation } => {
                let result = stored(self.workspace(), Workspace::users).await;
                Msg::Users(users::Msg::Listed { generation, result })
            }
            Effect::RecallAccounts { user } => self.recall_accounts(user).await,
            Effect::ReadAccounts { generation, user } => self.read_accounts(generation, user).await,
            Effect::RecallProfile { user } => self.recall_profile(user).await,
            Effect::ReadProfile { generation, user } => self.read_profile(generation, user).await,
            Effect::Forget { user } => self.forget(user).await,
            Effect::ListProfiles { generation } => {
                let settings = self.settings.clone();
                let result = off_the_loop(move || Profile::all(&settings)).await;
                Msg::ProfilesListed { generation, result }
            }
            Effect::LookAtStored {
                generation,
                profile,
            } => {
                let settings = self.settings.clone();
                let result = off_the_loop(move || profile.kept(&settings)).await;
                Msg::StoredLooked { generation, result }
            }
            Effect::KeepLastUsed(last) => {
                let place = self.settings.data_dir.clone();
                Msg::Kept(off_the_loop(move || last.save(&place)).await)
            }
            Effect::KeepScreenMemory(memory) => {
                let place = self.settings.data_dir.clone();
                Msg::Kept(off_the_loop(move || memory.save(&place)).await)
            }
            // The others have their own tasks.
            effect => self.payments(effect).await.unwrap_or(Msg::Kept(Ok(()))),
        }
    }

    async fn recall_accounts(&self, user: UserNumber) -> Msg {
        let read = move |workspace: &Workspace| workspace.stored_accounts(user);
        Msg::Users(users::Msg::AccountsRecalled {
            epoch: self.epoch,
            user,
            result: stored(self.workspace(), read).await,
        })
    }

    async fn read_accounts(&self, generation: Generation, user: UserNumber) -> Msg {
        let result = match self.workspace() {
            Ok(workspace) => workspace.read_accounts(user).await.map(value),
            Err(problem) => Err(problem),
        };
        Msg::Users(users::Msg::AccountsRead {
            generation,
            user,
            result,
        })
    }

    async fn recall_profile(&self, user: UserNumber) -> Msg {
        let read = move |workspace: &Workspace| workspace.stored_profile(user);
        Msg::Users(users::Msg::ProfileRecalled {
            epoch: self.epoch,
            user,
            result: stored(self.workspace(), read).await,
        })
    }

    async fn read_profile(&self, generation: Generation, user: UserNumber) -> Msg {
        let result = match self.workspace() {
            Ok(workspace) => workspace.read_profile(user).await.map(value),
            Err(problem) => Err(problem),
        };
        Msg::Users(users::Msg::ProfileRead {
            generation,
            user,
            result,
        })
    }

    async fn forget(&self, user: UserNumber) -> Msg {
        let result = match self.workspace() {
            Ok(workspace) => workspace.forget(user).await,
            Err(problem) => Err(problem),
        };
        Msg::Users(users::Msg::Forgotten {
            epoch: self.epoch,
            user,
            result,
        })
    }

    /// Brings all users up to date and tells of each; ends when its handle goes.
    pub(super) fn refresh_all(self, generation: Generation) -> Task {
        Task::spawn(async move {
            let result = match self.workspace() {
                Ok(workspace) => {
                    let (sender, mut told) = mpsc::channel(TOLD);
                    let tell = async {
                        while let Some(progress) = told.recv().await {
                            let progress = Box::new(progress);
                            self.send(Msg::Users(users::Msg::Refreshing {
                                generation,
                                progress,
                            }))
                            .await;
                        }
                    };
                    tokio::join!(workspace.refresh_all(sender), tell).0
                }
                Err(problem) => Err(problem),
            };
            self.send(Msg::Users(users::Msg::AllRefreshed { generation, result }))
                .await;
        })
    }
}

fn value<T>(read: Read<T>) -> T {
    read.value
}

/// Reads from the store, off the loop.
pub(super) async fn stored<T: Send + 'static>(
    workspace: Result<Workspace, Problem>,
    read: impl FnOnce(&Workspace) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let workspace = workspace?;
    off_the_loop(move || read(&workspace)).await
}
