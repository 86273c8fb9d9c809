//! The effects of the setup: its certificate and its steps.

use std::path::{Path, PathBuf};

use tokio::sync::mpsc;

use super::{Shared, Task, off_the_loop};
use crate::base::Problem;
use crate::tui::app::Msg;
use crate::tui::data::Generation;
use crate::tui::screen::setup::{self, CertificateFiles};
use crate::workspace::{Provider, ProviderChoice, Workspace, read_certificate};

/// Which setup runs.
pub(super) enum Run {
    /// What is left of it.
    Rest(Option<ProviderChoice>),
    /// All of it, at a bank that has forgotten us.
    Anew,
}

impl Shared {
    pub(super) fn read_certificate(self, generation: Generation, files: CertificateFiles) -> Task {
        self.answer(async move {
            let read = move || {
                let CertificateFiles {
                    certificate,
                    key,
                    chain,
                } = files;
                let chain = chain.as_deref().map(from_home);
                read_certificate(&from_home(&certificate), &from_home(&key), chain.as_deref())
            };
            let result = off_the_loop(read).await;
            Msg::Setup(setup::Msg::CertificateRead { generation, result })
        })
    }

    pub(super) fn run_setup(self, generation: Generation, run: Run) -> Task {
        Task(tokio::spawn(async move {
            let result = match self.workspace() {
                Ok(workspace) => self.steps(generation, &workspace, run).await,
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
        run: Run,
    ) -> Result<Provider, Problem> {
        let (progress, mut changes) = mpsc::channel(16);
        let tell = async {
            while let Some(change) = changes.recv().await {
                let msg = Msg::Setup(setup::Msg::Stepped { generation, change });
                let _ = self.sender.send(msg).await;
            }
        };
        let work = async {
            match run {
                Run::Rest(choice) => workspace.setup(choice, progress).await,
                Run::Anew => workspace.set_up_anew(None, progress).await,
            }
        };
        tokio::join!(work, tell).0
    }
}

/// A path as it was typed, where a shell would have put the home directory for `~`.
fn from_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::var_os("HOME")) {
        (Ok(rest), Some(home)) => Path::new(&home).join(rest),
        _ => path.into(),
    }
}
