//! What is set up, what is stored, what the bank answers; safe to paste in an issue.
//!
//! `here` looks at this machine and the store, `bank` asks the bank, `urls` tells in words how two
//! callback URLs differ. A call that fails is a finding, never the end.

mod bank;
mod check;
mod here;
mod report;
mod urls;

pub use check::{Check, Verdict};
pub use report::{checks_json, checks_table};

use super::{Profile, Settings, Workspace};
use crate::base::{Problem, Remedy};

impl Workspace {
    /// Looks at everything that could be wrong, and asks the bank. Nothing in the answer is
    /// secret. What cannot be looked at is said to be unknown. It ends within a minute.
    pub async fn examine(&self) -> Vec<Check> {
        let mut checks = vec![
            here::environment(&self.profile),
            here::profiles(&self.settings, Some(&self.profile)),
        ];
        checks.extend(self.examine_store().await);
        checks.push(self.examine_setup());
        checks.extend(self.examine_provider());
        checks.extend(self.examine_bank().await);
        checks.push(self.examine_grants());
        checks.extend(self.examine_perhaps_granted());
        // The bank's time is known only once it has answered.
        checks.push(self.examine_clock());
        checks.push(self.examine_limits());
        checks
    }
}

/// What can be said of a profile whose store is not there, or not open. Nothing in it is secret.
/// It tries the keyring: call it off the loop.
#[must_use]
pub fn examine_locked(profile: &Profile, settings: &Settings) -> Vec<Check> {
    let mut checks = vec![
        here::environment(profile),
        here::profiles(settings, Some(profile)),
    ];
    checks.extend(here::closed_store(profile, settings));
    checks
}

fn good(topic: &'static str, finding: impl Into<String>) -> Check {
    Check::new(topic, Verdict::Good, finding, "")
}

/// A problem that was met while looking.
fn met(topic: &'static str, verdict: Verdict, problem: &Problem) -> Check {
    let finding = if problem.why.is_empty() {
        problem.what.clone()
    } else {
        format!("{}: {}", problem.what, problem.why)
    };
    let check = Check::new(topic, verdict, finding, problem.next.clone());
    match problem.remedy {
        Some(Remedy::SetUpAnew) => check.or_anew(),
        _ => check,
    }
}

/// What was found, or the problem that was met while looking.
fn found(topic: &'static str, looked: Result<Check, Problem>) -> Check {
    looked.unwrap_or_else(|problem| met(topic, Verdict::Bad, &problem))
}
