//! Who to be at the bank: kept before the first step, so that a setup that was killed goes on
//! without being asked again.

use super::{Step, is_done, key};
use crate::base::{Exit, Problem, Secret, UserKind};
use crate::store::{ProviderRow, StepRow, StoreError, Tx};
use crate::workspace::{ProviderChoice, Psd2Roles, Workspace, certificate};

/// Where the choice is noted.
const NOTE: &str = "provider-choice";

/// A choice without its secret, as noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::workspace) enum ChoiceKey {
    NewPsd2Provider(Psd2Roles),
    OwnCertificate,
    NewPerson,
    NewCompany,
    ApiKey,
}

impl ChoiceKey {
    /// The first version knew one word for a new PSD2 provider, and gave it both roles.
    const ALL: [(Self, &'static str); 7] = [
        (Self::NewPsd2Provider(Psd2Roles::Both), "new-psd2-provider"),
        (
            Self::NewPsd2Provider(Psd2Roles::AccountInformation),
            "new-psd2-provider-aisp",
        ),
        (
            Self::NewPsd2Provider(Psd2Roles::PaymentInitiation),
            "new-psd2-provider-pisp",
        ),
        (Self::OwnCertificate, "own-certificate"),
        (Self::NewPerson, "new-person"),
        (Self::NewCompany, "new-company"),
        (Self::ApiKey, "api-key"),
    ];

    fn of(choice: &ProviderChoice) -> Self {
        match choice {
            ProviderChoice::NewPsd2Provider(roles) => Self::NewPsd2Provider(*roles),
            ProviderChoice::OwnCertificate(_) => Self::OwnCertificate,
            ProviderChoice::NewPerson => Self::NewPerson,
            ProviderChoice::NewCompany => Self::NewCompany,
            ProviderChoice::ApiKey(_) => Self::ApiKey,
        }
    }

    pub(in crate::workspace) fn word(self) -> &'static str {
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

    /// As the person would say it.
    fn told(self) -> &'static str {
        match self {
            Self::NewPsd2Provider(Psd2Roles::Both) => "new PSD2 provider (AISP and PISP)",
            Self::NewPsd2Provider(Psd2Roles::AccountInformation) => "new PSD2 provider (AISP)",
            Self::NewPsd2Provider(Psd2Roles::PaymentInitiation) => "new PSD2 provider (PISP)",
            Self::OwnCertificate => "PSD2 provider with a certificate of its own",
            Self::NewPerson => "new person",
            Self::NewCompany => "new company",
            Self::ApiKey => "owner of an API key",
        }
    }
}

impl Workspace {
    /// The choice of an earlier run.
    pub(in crate::workspace) fn choice_key(&self) -> Result<Option<ChoiceKey>, Problem> {
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
        self.check_choice(&choice)?;
        let asked = ChoiceKey::of(&choice);
        let bound = is_done(steps, Step::Device);
        match noted {
            Some(noted) if bound && noted != asked => Err(another_kind(noted, asked)),
            Some(noted) if bound && noted == asked => self.check_same_key(&choice),
            Some(noted) if noted == asked && !brings_a_secret(&choice) => Ok(()),
            _ => {
                self.store.write(|tx| -> Result<(), StoreError> {
                    tx.forget_steps(&[key(Step::Provider), key(Step::Device)])?;
                    keep_choice(tx, choice)
                })?;
                Ok(())
            }
        }
    }

    /// Whether this choice can be made here at all. Nothing is written.
    ///
    /// # Errors
    /// When new users cannot be made there, or the certificate cannot be used.
    pub(super) fn check_choice(&self, choice: &ProviderChoice) -> Result<(), Problem> {
        if !self.environment().makes_users() && !brings_a_secret(choice) {
            return Err(needs_key());
        }
        match choice {
            ProviderChoice::OwnCertificate(pem) => certificate::check(pem).map(drop),
            _ => Ok(()),
        }
    }

    fn check_same_key(&self, choice: &ProviderChoice) -> Result<(), Problem> {
        let other = match choice {
            ProviderChoice::ApiKey(asked) => {
                let stored = self.store.provider()?.map(|provider| provider.secret);
                stored
                    .is_some_and(|stored| stored != *asked)
                    .then_some("API key")
            }
            ProviderChoice::OwnCertificate(asked) => {
                let stored = self.store.certificate()?.map(|row| row.certificate_pem);
                let same = |stored: String| stored.trim() == asked.certificate.trim();
                (!stored.is_some_and(same)).then_some("certificate")
            }
            _ => None,
        };
        let Some(other) = other else { return Ok(()) };
        Err(Problem::new(
            format!("This profile is set up with another {other}"),
            Exit::Usage,
        )
        .because("its users and sessions hang on that one")
        .next(
            "Give the new one a profile of its own with --profile NAME, or put it in the place of \
             the old one with `bunq-tui setup --anew`: then users must connect again.",
        ))
    }
}

/// Notes the choice with what the person gave for it.
pub(super) fn keep_choice(tx: &Tx<'_>, choice: ProviderChoice) -> Result<(), StoreError> {
    let chosen = ChoiceKey::of(&choice);
    tx.set_note(NOTE, chosen.word())?;
    match choice {
        ProviderChoice::ApiKey(secret) => tx.save_provider(&bare_provider(secret)),
        ProviderChoice::OwnCertificate(pem) => {
            certificate::keep(tx, &certificate::row(pem), chosen)
        }
        _ => Ok(()),
    }
}

/// Whether the person gives what makes them known to the bank.
fn brings_a_secret(choice: &ProviderChoice) -> bool {
    matches!(
        choice,
        ProviderChoice::ApiKey(_) | ProviderChoice::OwnCertificate(_)
    )
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
        .next("Choose who to be: --psd2, --person, --company, --api-key-file or --certificate.")
}

fn needs_key() -> Problem {
    Problem::new(
        "Production needs your own API key or certificate",
        Exit::Usage,
    )
    .because("new users are made in the bunq app, not through the API")
    .next("Make a key in the bunq app, give your PSD2 certificate, or try the sandbox.")
}

fn another_kind(noted: ChoiceKey, asked: ChoiceKey) -> Problem {
    Problem::new("This profile is set up as something else", Exit::Usage)
        .because(format!(
            "it is a {}, and a {} was asked for",
            noted.told(),
            asked.told()
        ))
        .next("Give the other one a profile of its own with --profile NAME.")
}
