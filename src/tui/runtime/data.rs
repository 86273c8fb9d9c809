//! The effects that concern users and the small files.

use super::effects::{Shared, off_the_loop};
use crate::base::Problem;
use crate::tui::app::{Effect, Msg};
use crate::tui::screen::users;
use crate::workspace::{Read, Workspace};

impl Shared {
    /// What concerns users and the small files.
    pub(super) fn run_data(self, effect: Effect) {
        let shared = self.clone();
        self.answer_detached(async move { shared.data(effect).await });
    }

    async fn data(&self, effect: Effect) -> Msg {
        let workspace = self.workspace();
        let epoch = self.epoch;
        match effect {
            Effect::ListUsers { generation } => {
                let result = stored(workspace, |workspace| workspace.users()).await;
                Msg::Users(users::Msg::Listed { generation, result })
            }
            Effect::RecallAccounts { user } => {
                let result =
                    stored(workspace, move |workspace| workspace.stored_accounts(user)).await;
                Msg::Users(users::Msg::AccountsRecalled {
                    epoch,
                    user,
                    result,
                })
            }
            Effect::ReadAccounts { generation, user } => {
                let result = match workspace {
                    Ok(workspace) => workspace.read_accounts(user).await.map(value),
                    Err(problem) => Err(problem),
                };
                Msg::Users(users::Msg::AccountsRead {
                    generation,
                    user,
                    result,
                })
            }
            Effect::RecallProfile { user } => {
                let result =
                    stored(workspace, move |workspace| workspace.stored_profile(user)).await;
                Msg::Users(users::Msg::ProfileRecalled {
                    epoch,
                    user,
                    result,
                })
            }
            Effect::ReadProfile { generation, user } => {
                let result = match workspace {
                    Ok(workspace) => workspace.read_profile(user).await.map(value),
                    Err(problem) => Err(problem),
                };
                Msg::Users(users::Msg::ProfileRead {
                    generation,
                    user,
                    result,
                })
            }
            Effect::Forget { user } => {
                let result = match workspace {
                    Ok(workspace) => workspace.forget(user).await,
                    Err(problem) => Err(problem),
                };
                Msg::Users(users::Msg::Forgotten {
                    epoch,
                    user,
                    result,
                })
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
            _ => Msg::Kept(Ok(())),
        }
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
