//! Who to be at the bank.

use std::path::PathBuf;

use crate::base::Environment;
use crate::tui::app::Model;
use crate::workspace::Psd2Roles;

use super::Phase;
use super::update::is_done;

/// Who to be at the bank, before a key is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Choice {
    NewPsd2Provider(Psd2Roles),
    OwnCertificate,
    NewPerson,
    NewCompany,
    OwnKey,
}

impl Choice {
    /// What can be chosen there, the default first.
    pub(super) fn at(environment: &Environment) -> &'static [Self] {
        if environment.makes_users() {
            &[
                Self::NewPsd2Provider(Psd2Roles::Both),
                Self::NewPsd2Provider(Psd2Roles::AccountInformation),
                Self::NewPsd2Provider(Psd2Roles::PaymentInitiation),
                Self::OwnCertificate,
                Self::NewPerson,
                Self::NewCompany,
                Self::OwnKey,
            ]
        } else {
            &[Self::OwnKey, Self::OwnCertificate]
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::NewPsd2Provider(Psd2Roles::Both) => "new PSD2 provider",
            Self::NewPsd2Provider(Psd2Roles::AccountInformation) => "new PSD2, AISP only",
            Self::NewPsd2Provider(Psd2Roles::PaymentInitiation) => "new PSD2, PISP only",
            Self::OwnCertificate => "own PSD2 certificate",
            Self::NewPerson => "new person",
            Self::NewCompany => "new company",
            Self::OwnKey => "own API key",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::NewPsd2Provider(Psd2Roles::Both) => "accounts and payments",
            Self::NewPsd2Provider(Psd2Roles::AccountInformation) => "accounts, not payments",
            Self::NewPsd2Provider(Psd2Roles::PaymentInitiation) => "payments, not accounts",
            Self::OwnCertificate => "{setup.set-up} asks for its files",
            Self::NewPerson => "a test person, made now",
            Self::NewCompany => "a test company, made now",
            Self::OwnKey => "{setup.set-up} asks for the key",
        }
    }
}

/// The files of a certificate of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) struct CertificateFiles {
    /// The certificate, as PEM.
    pub(in crate::tui) certificate: PathBuf,
    /// Its private key.
    pub(in crate::tui) key: PathBuf,
    /// What stands between it and its root; none when it is self-signed.
    pub(in crate::tui) chain: Option<PathBuf>,
}

/// The words of the provider's row, and the hint below it: who we are where that is settled.
pub(super) fn words(model: &Model) -> (&'static str, &'static str) {
    let state = &model.setup;
    let stored = model.data.provider.as_ref().filter(|_| is_done(model));
    if let Some(provider) = stored {
        return (provider.kind.label(), "chosen when this was set up");
    }
    // An earlier run chose, and what it chose is not told before the end.
    if state.phase == Phase::Running && state.attempt.is_none() {
        return ("as chosen before", "");
    }
    let choice = state.choice();
    (choice.label(), choice.hint())
}
