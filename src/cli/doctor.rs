//! `bunq-tui doctor`.

use super::arguments::{Doctor, DoctorFormat};
use super::output;
use super::places::Places;
use crate::base::{Exit, Problem};
use crate::tui;
use crate::workspace::{self, Check, Lock, Stage, Verdict, export};

/// Prints what was found. Gives back the code to end with: whatever is wrong must show in a script
/// that looks at nothing else.
pub(super) async fn run(places: &Places, options: Doctor) -> Result<u8, Problem> {
    let profile = places.profile()?;
    let locked = |problem: Option<Problem>| {
        let mut checks = workspace::examine_locked(&profile, &places.settings);
        checks.extend(problem.map(|problem| Check {
            topic: "Unlocking",
            verdict: Verdict::Bad,
            finding: format!("{}: {}", problem.what, problem.why),
            remedy: problem.next,
        }));
        (checks, false)
    };
    let (mut checks, ready) = match profile.lock(&places.settings) {
        Ok(Lock::Absent) | Err(_) => locked(None),
        Ok(Lock::Locked { .. }) => match places.open().await {
            Ok(workspace) => {
                let ready = workspace.stage().is_ok_and(|stage| stage == Stage::Ready);
                (workspace.examine().await, ready)
            }
            Err(problem) => locked(Some(problem)),
        },
    };
    checks.extend(tui::terminal_checks());
    output::print(&match options.format {
        DoctorFormat::Table => export::checks_table(&checks),
        DoctorFormat::Json => export::checks_json(&checks)?,
    })?;
    let bad = checks.iter().any(|check| check.verdict == Verdict::Bad);
    Ok(match (ready, bad) {
        (false, _) => Exit::NotReady.code(),
        (true, true) => Exit::Failed.code(),
        (true, false) => 0,
    })
}
