//! One thing that was looked at.

use serde::Serialize;

use crate::base::printable;

/// How one thing that the doctor looked at stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Works, and is worth knowing.
    Notice,
    /// Broken.
    Bad,
    /// Could not be looked at.
    Unknown,
}

/// One thing that the doctor looked at. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What it is about: Environment, Provider, Device, …
    pub topic: &'static str,
    /// How it stands.
    pub verdict: Verdict,
    /// What was found.
    pub finding: String,
    /// What to do; empty when nothing has to be done.
    pub remedy: String,
    /// Whether setting up anew is a way out.
    #[serde(skip)]
    pub anew: bool,
}

impl Check {
    /// What was found, how it stands, and what to do about it.
    #[must_use]
    pub fn new(
        topic: &'static str,
        verdict: Verdict,
        finding: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            topic,
            verdict,
            finding: printable(&finding.into()),
            remedy: printable(&remedy.into()),
            anew: false,
        }
    }

    /// The same, with setting up anew as a way out.
    #[must_use]
    pub fn or_anew(self) -> Self {
        Self { anew: true, ..self }
    }
}
