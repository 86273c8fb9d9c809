//! What went wrong, told to the person.

use std::fmt;

use super::printable;

/// How the program ends. The numbers are those of `sysexits.h` where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exit {
    /// Something failed that no other code describes.
    Failed,
    /// The command was not understood.
    Usage,
    /// The bank cannot be reached.
    Unavailable,
    /// Try later: rate limit, maintenance.
    TryLater,
    /// The bank refused: credentials, grant revoked.
    Refused,
    /// Not set up, or the store cannot be unlocked.
    NotReady,
}

impl Exit {
    /// The code that the process ends with.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Unavailable => 69,
            Self::TryLater => 75,
            Self::Refused => 77,
            Self::NotReady => 78,
        }
    }
}

/// Something the program can do about a problem at the press of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// The bank has forgotten us: set up anew, keeping the old figures as history.
    SetUpAnew,
    /// The port of the callback URL is taken: use another one.
    OtherPort,
    /// The grant is gone: connect that user again.
    ConnectAgain,
}

/// A failure as a person needs it: what happened, why most likely, what to do.
///
/// None of its texts holds a secret or an address with one, and all are clean: what the bank said
/// was cleaned where it was read, paths, addresses and the system's words are here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What happened, without a full stop.
    pub what: String,
    /// Why most likely; empty when it is not known.
    pub why: String,
    /// What to do next; empty when nothing can be done.
    pub next: String,
    /// How a command ends with it.
    pub exit: Exit,
    /// What the program itself can do about it, if anything.
    pub remedy: Option<Remedy>,
}

impl Problem {
    /// A problem of which nothing is known yet but that it happened.
    #[must_use]
    pub fn new(what: impl Into<String>, exit: Exit) -> Self {
        Self {
            what: printable(&what.into()),
            why: String::new(),
            next: String::new(),
            exit,
            remedy: None,
        }
    }

    /// Says what the program can do about it.
    #[must_use]
    pub fn remedied_by(mut self, remedy: Remedy) -> Self {
        self.remedy = Some(remedy);
        self
    }

    /// Says why.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = printable(&why.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = printable(&next.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if !self.why.is_empty() {
            write!(f, ": {}", self.why)?;
        }
        if !self.next.is_empty() {
            write!(f, "\n{}", self.next)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
