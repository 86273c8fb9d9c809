//! Setting up anew at a bank that has forgotten us.

use tokio::sync::mpsc;

use super::callback_url::{OLD, WANTED};
use super::choice::{ChoiceKey, bare_provider};
use crate::base::{Problem, Secret};
use crate::store::StoreError;
use crate::workspace::locks::Task;
use crate::workspace::{Provider, ProviderChoice, StepChange, Workspace, grant};

impl Workspace {
    /// Sets up anew at a bank that has forgotten us: everything that the setup made is made again,
    /// as the same kind of provider unless another is chosen, with the same callback URL. The
    /// users and their last figures stay as history, marked as no longer connected.
    ///
    /// # Errors
    /// As [`Workspace::setup`].
    pub async fn set_up_anew(
        &self,
        choice: Option<ProviderChoice>,
        progress: mpsc::Sender<StepChange>,
    ) -> Result<Provider, Problem> {
        let _single = self.locks.take(Task::Setup).await?;
        if let Some(choice) = &choice {
            self.check_choice(choice)?;
        }
        self.forget_bank(choice.is_none())?;
        self.run_setup(choice, progress).await
    }

    /// All that the bank gave us is worth nothing any more; what the person gave is kept.
    fn forget_bank(&self, same_choice: bool) -> Result<(), Problem> {
        let own_key = match self.choice_key()? {
            Some(ChoiceKey::ApiKey) if same_choice => self.own_secret()?,
            _ => None,
        };
        let callback_url = self.store.oauth_client()?.and_then(|row| row.callback_url);
        let now = self.settings.clock.now();
        self.store.write(|tx| -> Result<(), StoreError> {
            tx.forget_setup()?;
            tx.mark_all_revoked(now)?;
            for note in grant::NOTES.into_iter().chain([OLD]) {
                tx.forget_note(note)?;
            }
            if let Some(secret) = own_key {
                tx.save_provider(&bare_provider(secret))?;
            }
            match callback_url {
                Some(url) => tx.set_note(WANTED, &url),
                None => Ok(()),
            }
        })?;
        Ok(())
    }

    fn own_secret(&self) -> Result<Option<Secret>, Problem> {
        Ok(self.store.provider()?.map(|provider| provider.secret))
    }
}
