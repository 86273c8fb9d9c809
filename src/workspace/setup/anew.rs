//! Setting up anew at a bank that has forgotten us.

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::callback_url::{OLD, WANTED};
use super::choice::{ChoiceKey, keep_choice};
use crate::base::{Problem, Secret};
use crate::store::StoreError;
use crate::workspace::address::REGISTERED_ADDRESS;
use crate::workspace::locks::Task;
use crate::workspace::{Provider, ProviderChoice, StepChange, Workspace, grant};

/// When it was last set up anew; the grants of then are marked with this very time.
const ANEW_AT: &str = "set-up-anew-at";

impl Workspace {
    /// When it was last set up anew, if ever.
    pub(in crate::workspace) fn set_up_anew_at(&self) -> Result<Option<Timestamp>, Problem> {
        let noted = self.store.note(ANEW_AT)?;
        Ok(noted.and_then(|at| at.parse().ok()))
    }

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
        self.forget_bank(choice)?;
        self.run_setup(None, progress).await
    }

    /// All that the bank gave us is worth nothing any more; what the person gave is kept, and the
    /// new choice is noted with it: a run that dies now goes on with that one.
    fn forget_bank(&self, choice: Option<ProviderChoice>) -> Result<(), Problem> {
        let choice = match (choice, self.choice_key()?) {
            (None, Some(ChoiceKey::ApiKey)) => self.own_secret()?.map(ProviderChoice::ApiKey),
            (choice, _) => choice,
        };
        let broken_off = self.grant_is_unfinished()?;
        let callback_url = self.store.oauth_client()?.and_then(|row| row.callback_url);
        let now = self.settings.clock.now();
        self.store.write(|tx| -> Result<(), StoreError> {
            tx.forget_setup()?;
            tx.mark_all_revoked(now)?;
            tx.set_note(ANEW_AT, &now.to_string())?;
            for note in grant::NOTES.into_iter().chain([OLD, REGISTERED_ADDRESS]) {
                tx.forget_note(note)?;
            }
            if broken_off {
                grant::note_perhaps(tx, now)?;
            }
            if let Some(choice) = choice {
                keep_choice(tx, choice)?;
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
