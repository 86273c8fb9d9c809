//! `bunq-tui doctor`.

use super::arguments::{Doctor, DoctorFormat};
use super::places::Places;
use super::{output, unlock};
use crate::base::{Exit, Problem};
use crate::tui;
use crate::workspace::{self, Check, Lock, Stage, Verdict, export};

/// Prints what was found. Gives back the code to end with: whatever is wrong must show in a script
/// that looks at nothing else.
pub(super) async fn run(places: &Places, options: Doctor) -> Result<u8, Problem> {
    let profile = places.profile()?;
    let locked = async |problem: Option<Problem>| {
        let (profile, settings) = (profile.clone(), places.settings.clone());
        let look = move || Ok(workspace::examine_locked(&profile, &settings));
        let mut checks = unlock::aside(false, look).await?;
        checks.extend(problem.map(|problem| Check {
            topic: "Unlocking",
            verdict: Verdict::Bad,
            finding: format!("{}: {}", problem.what, problem.why),
            remedy: problem.next,
        }));
        Ok::<_, Problem>((checks, false))
    };
    let (mut checks, ready) = match profile.lock(&places.settings) {
        Ok(Lock::Absent) | Err(_) => locked(None).await?,
        Ok(Lock::Locked { .. }) => match places.open().await {
            Ok(workspace) => {
                let ready = workspace.stage().is_ok_and(|stage| stage == Stage::Ready);
                (workspace.examine().await, ready)
            }
            Err(problem) => locked(Some(problem)).await?,
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
