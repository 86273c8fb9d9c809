//! The one-time setup, step by step, each kept before the next begins.
//!
//! A step is written as begun before its call and as done, with its result, in one transaction
//! after it. Killed anywhere and started again, the setup goes on where it was: at most one
//! orphan is left at the bank, and never a second OAuth client or callback URL, since both are
//! listed before one is made.

mod anew;
mod callback_url;
mod choice;
mod steps;

pub(super) use callback_url::Registered;
pub(super) use choice::ChoiceKey;

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::locks::Task;
use super::sessions::not_set_up;
use super::{Provider, ProviderChoice, Stage, Step, StepChange, StepState, Workspace};
use crate::base::{Exit, Problem};
use crate::store::{self, StepRow, StoreError, Tx};

/// What a step leaves in the store, written in one transaction with its "done".
type Keep = Box<dyn FnOnce(&Tx<'_>) -> Result<(), StoreError> + Send>;

impl Workspace {
    /// How far the setup is.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn stage(&self) -> Result<Stage, Problem> {
        let steps = self.store.steps()?;
        if Step::ALL.iter().all(|step| is_done(&steps, *step)) {
            return Ok(Stage::Ready);
        }
        if steps.is_empty() && self.choice_key()?.is_none() {
            return Ok(Stage::Fresh);
        }
        Ok(Stage::Unfinished)
    }

    /// The steps as an earlier run left them.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn steps(&self) -> Result<Vec<StepChange>, Problem> {
        let rows = self.store.steps()?;
        let change = |step| StepChange {
            step,
            state: if is_done(&rows, step) {
                StepState::Done { took: None }
            } else {
                StepState::Waiting
            },
        };
        Ok(Step::ALL.into_iter().map(change).collect())
    }

    /// Who we are, once set up.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn provider(&self) -> Result<Option<Provider>, Problem> {
        let callback_url = self.store.oauth_client()?.and_then(|row| row.callback_url);
        let (Some(row), Some(callback_url)) = (self.store.provider()?, callback_url) else {
            return Ok(None);
        };
        Ok(Some(Provider {
            kind: row.kind,
            name: row.name,
            email: row.email,
            phone: row.phone,
            callback_url,
        }))
    }

    /// Runs the setup, or what is left of it. Without a choice it goes on with what an earlier
    /// run chose. On a finished setup it looks again whether the OAuth client and the callback
    /// URL are there.
    ///
    /// # Errors
    /// The problem of the step that failed; it was told as progress too. What was done before
    /// stays done.
    pub async fn setup(
        &self,
        choice: Option<ProviderChoice>,
        progress: mpsc::Sender<StepChange>,
    ) -> Result<Provider, Problem> {
        let _single = self.locks.take(Task::Setup).await?;
        self.run_setup(choice, progress).await
    }

    async fn run_setup(
        &self,
        choice: Option<ProviderChoice>,
        progress: mpsc::Sender<StepChange>,
    ) -> Result<Provider, Problem> {
        let before = self.store.steps()?;
        self.settle(choice, &before)?;
        let run = Run {
            workspace: self,
            // A changed choice took steps back.
            before: self.store.steps()?,
            progress,
        };
        for step in Step::ALL {
            run.step(step).await?;
        }
        self.provider()?.ok_or_else(not_set_up)
    }
}

/// One run of the setup.
struct Run<'a> {
    workspace: &'a Workspace,
    /// The steps as this run found them.
    before: Vec<StepRow>,
    progress: mpsc::Sender<StepChange>,
}

impl Run<'_> {
    async fn step(&self, step: Step) -> Result<(), Problem> {
        // The bank may have lost what was made there; both are listed before one is made.
        let looks_again = matches!(step, Step::OauthClient | Step::CallbackUrl);
        if is_done(&self.before, step) && !looks_again {
            self.tell(step, StepState::Done { took: None }).await;
            return Ok(());
        }
        self.tell(step, StepState::Running).await;
        match self.run_and_keep(step).await {
            Ok(took) => {
                self.tell(step, StepState::Done { took: Some(took) }).await;
                Ok(())
            }
            Err(problem) => {
                self.tell(step, StepState::Failed(problem.clone())).await;
                Err(problem)
            }
        }
    }

    async fn run_and_keep(&self, step: Step) -> Result<Duration, Problem> {
        let clock = &self.workspace.settings.clock;
        let store = &self.workspace.store;
        let began = clock.now();
        // A finished step that is looked at again stays finished, whatever comes of the look.
        if !is_done(&self.before, step) {
            store.begin_step(key(step), began)?;
        }
        let keep = match self.perform(step).await {
            Err(problem) if problem.exit == Exit::Refused && !is_done(&self.before, step) => {
                // Nothing was done at the bank, so there is nothing to look for next time.
                store.write(|tx| tx.forget_steps(&[key(step)]))?;
                return Err(problem);
            }
            kept => kept?,
        };
        store.finish_step(key(step), clock.now(), keep)?;
        Ok(since(began, clock.now()))
    }

    async fn tell(&self, step: Step, state: StepState) {
        // Nobody has to listen.
        let _ = self.progress.send(StepChange { step, state }).await;
    }

    /// Whether an earlier run began this step and did not get to note its end.
    fn was_cut_short(&self, step: Step) -> bool {
        self.before
            .iter()
            .any(|row| row.name == key(step) && row.state == store::StepState::Begun)
    }
}

fn is_done(rows: &[StepRow], step: Step) -> bool {
    rows.iter()
        .any(|row| row.name == key(step) && row.state == store::StepState::Done)
}

/// The step's word in the store.
fn key(step: Step) -> &'static str {
    match step {
        Step::KeyPair => "key-pair",
        Step::Installation => "installation",
        Step::Provider => "provider",
        Step::Device => "device",
        Step::Session => "session",
        Step::OauthClient => "oauth-client",
        Step::CallbackUrl => "callback-url",
    }
}

fn since(began: Timestamp, ended: Timestamp) -> Duration {
    Duration::try_from(ended.duration_since(began)).unwrap_or_default()
}
