//! The effects that concern users and the small files.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::effects::{Shared, Task, off_the_loop};
use crate::base::{Problem, UserNumber};
use crate::tui::app::{Effect, Msg, Opened};
use crate::tui::data::Generation;
use crate::tui::listing::Job;
use crate::tui::lists::List;
use crate::tui::overlay::json::{JsonOf, Way};
use crate::tui::screen::users;
use crate::workspace::export::{Format, Rows};
use crate::workspace::{Profile, Read, Workspace, body_tree};

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
            Effect::RecallJson { generation, of } => self.recall_json(generation, of).await,
            Effect::LookAtBudgets { generation } => {
                let result = stored(self.workspace(), Workspace::budgets).await;
                Msg::Budgets { generation, result }
            }
            Effect::Export {
                generation,
                rows,
                format,
                path,
                replace,
            } => export(generation, rows, (format, path, replace)).await,
            Effect::ListUsers { generation } => {
                let result = stored(self.workspace(), Workspace::users).await;
                Msg::Users(users::Msg::Listed { generation, result })
            }
            Effect::RecallAllAccounts { generation } => self.recall_all(generation).await,
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

    /// Arranges rows off the loop; given up when its handle goes.
    pub(super) fn arrange(self, generation: Generation, list: List, job: Box<Job>) -> Task {
        let wanted = Arc::new(());
        let seen = Arc::downgrade(&wanted);
        Task::spawn(async move {
            let work = move || job.run(|| seen.strong_count() > 0);
            if let Ok(Some(arranged)) = tokio::task::spawn_blocking(work).await {
                self.send(Msg::Arranged {
                    generation,
                    list,
                    arranged,
                })
                .await;
            }
            drop(wanted);
        })
    }

    async fn recall_all(&self, generation: Generation) -> Msg {
        let read = |workspace: &Workspace| {
            let mut all = users::Collector::default();
            workspace.all_stored_accounts(|account| all.push(&account))?;
            Ok(Arc::new(all.finish()))
        };
        let result = stored(self.workspace(), read).await;
        Msg::Users(users::Msg::AllAccountsRecalled { generation, result })
    }

    /// A body may be long: it is read off the loop.
    async fn recall_json(&self, generation: Generation, of: JsonOf) -> Msg {
        let result = match of {
            JsonOf::Stored(of) => stored(self.workspace(), move |open| open.raw(of)).await,
            JsonOf::Request { id, way } => {
                let transcript = self.settings.events.transcript(id);
                let read = move || {
                    let side = transcript.as_ref().and_then(|transcript| match way {
                        Way::Asked => Some(&transcript.asked),
                        Way::Answered => transcript.answered.as_ref(),
                    });
                    Ok(side.and_then(|side| body_tree(&side.body)))
                };
                off_the_loop(read).await
            }
        };
        let result = result.map(|tree| tree.map(Arc::new));
        Msg::JsonRecalled { generation, result }
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

/// What an open workspace says of itself.
pub(super) fn describe(workspace: &Workspace) -> Result<Opened, Problem> {
    Ok(Opened {
        profile: workspace.profile().clone(),
        stage: workspace.stage()?,
        steps: workspace.steps()?,
        provider: workspace.provider()?,
        users: workspace.users()?,
        perhaps_granted: workspace.perhaps_granted()?,
    })
}

/// Writes rows into a file, off the loop.
async fn export(
    generation: Generation,
    rows: Arc<Rows>,
    (format, path, replace): (Format, PathBuf, bool),
) -> Msg {
    let count = rows.len();
    let to = path.clone();
    let result = off_the_loop(move || rows.write(format, &to, replace)).await;
    Msg::Exported {
        generation,
        path,
        count,
        result,
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
