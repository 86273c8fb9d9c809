//! Who to be at the bank: kept before the first step, so that a setup that was killed goes on
//! without being asked again.

use super::{Step, is_done, key};
use crate::base::{Exit, Problem, Secret, UserKind};
use crate::store::{ProviderRow, StepRow, StoreError};
use crate::workspace::{ProviderChoice, Workspace};

/// Where the choice is noted.
const NOTE: &str = "provider-choice";

/// A choice without its secret, as noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChoiceKey {
    NewPsd2Provider,
    NewPerson,
    NewCompany,
    ApiKey,
}

impl ChoiceKey {
    const ALL: [(Self, &'static str); 4] = [
        (Self::NewPsd2Provider, "new-psd2-provider"),
        (Self::NewPerson, "new-person"),
        (Self::NewCompany, "new-company"),
        (Self::ApiKey, "api-key"),
    ];

    fn of(choice: &ProviderChoice) -> Self {
        match choice {
            ProviderChoice::NewPsd2Provider(_) | ProviderChoice::OwnCertificate(_) => {
                Self::NewPsd2Provider
            }
            ProviderChoice::NewPerson => Self::NewPerson,
            ProviderChoice::NewCompany => Self::NewCompany,
            ProviderChoice::ApiKey(_) => Self::ApiKey,
        }
    }

    fn word(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find(|(choice, _)| *choice == self)
            .map_or("", |(_, word)| word)
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(_, known)| *known == word)
            .map(|(choice, _)| choice)
    }
}

impl Workspace {
    /// The choice of an earlier run.
    pub(super) fn choice_key(&self) -> Result<Option<ChoiceKey>, Problem> {
        Ok(self
            .store
            .note(NOTE)?
            .and_then(|word| ChoiceKey::from_word(&word)))
    }

    /// Notes the choice. Once the device is bound to it, another one is refused; before that it
    /// may be changed, since a mistyped key must not be the end.
    pub(super) fn settle(
        &self,
        choice: Option<ProviderChoice>,
        steps: &[StepRow],
    ) -> Result<(), Problem> {
        let noted = self.choice_key()?;
        let Some(choice) = choice else {
            return noted.map(drop).ok_or_else(nothing_chosen);
        };
        if !self.environment().makes_users() && !matches!(choice, ProviderChoice::ApiKey(_)) {
            return Err(needs_key());
        }
        let asked = ChoiceKey::of(&choice);
        let bound = is_done(steps, Step::Device);
        match noted {
            Some(noted) if bound && noted != asked => Err(another_kind(noted, asked)),
            Some(noted) if bound && noted == asked => self.check_same_key(&choice),
            Some(noted) if noted == asked && !matches!(choice, ProviderChoice::ApiKey(_)) => Ok(()),
            _ => {
                self.store.write(|tx| -> Result<(), StoreError> {
                    tx.forget_steps(&[key(Step::Provider), key(Step::Device)])?;
                    tx.set_note(NOTE, asked.word())?;
                    match choice {
                        ProviderChoice::ApiKey(secret) => tx.save_provider(&bare_provider(secret)),
                        _ => Ok(()),
                    }
                })?;
                Ok(())
            }
        }
    }

    fn check_same_key(&self, choice: &ProviderChoice) -> Result<(), Problem> {
        let stored = self.store.provider()?.map(|provider| provider.secret);
        match (choice, stored) {
            (ProviderChoice::ApiKey(asked), Some(stored)) if *asked != stored => Err(Problem::new(
                "This profile is set up with another API key",
                Exit::Usage,
            )
            .because("its users and sessions hang on that key")
            .next("Give the new key a profile of its own with --profile NAME.")),
            _ => Ok(()),
        }
    }
}

/// A provider of which nothing is known but its secret.
pub(super) fn bare_provider(secret: Secret) -> ProviderRow {
    ProviderRow {
        kind: UserKind::Other,
        user_id: None,
        name: None,
        secret,
        credential_id: None,
        email: None,
        phone: None,
        profile_raw: None,
    }
}

fn nothing_chosen() -> Problem {
    Problem::new("There is no setup to go on with", Exit::NotReady)
        .because("none was begun in this profile")
        .next("Choose who to be: --psd2, --person, --company or --api-key-file FILE.")
}

fn needs_key() -> Problem {
    Problem::new("Production needs your own API key", Exit::Usage)
        .because("new users are made in the bunq app, not through the API")
        .next("Make a key in the bunq app, or try the sandbox.")
}

fn another_kind(noted: ChoiceKey, asked: ChoiceKey) -> Problem {
    Problem::new("This profile is set up as something else", Exit::Usage)
        .because(format!(
            "it is a {}, and a {} was asked for",
            noted.word().replace('-', " "),
            asked.word().replace('-', " ")
        ))
        .next("Give the other one a profile of its own with --profile NAME.")
}
