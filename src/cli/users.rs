//! `bunq-tui users`.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::arguments::{TableFormat, Users};
use super::output;
use super::places::Places;
use crate::base::{Exit, Problem};
use crate::workspace::{RefreshProgress, Refreshed, Workspace, export};

/// What a shell says of a program that Ctrl-C ended: 128 and the number of SIGINT.
const INTERRUPTED: u8 = 130;
/// How many users that failed are named; beyond that they are only counted.
const MOST_NAMED: usize = 20;
/// Without a terminal, one line for so many users.
const A_LINE_FOR: usize = 100;
/// How often the bar is drawn at most.
const REDRAW: Duration = Duration::from_millis(100);
/// Cells of the bar itself.
const BAR: usize = 24;

/// Prints the connected users as stored, or as the bank has them now. Gives back the code to end
/// with.
pub(super) async fn run(places: &Places, options: Users) -> Result<u8, Problem> {
    let workspace = places.open().await?;
    let mut code = 0;
    if options.refresh {
        let Some(refreshed) = refresh(&workspace).await? else {
            output::message("Stopped; what came is kept.");
            return Ok(INTERRUPTED);
        };
        tell(&refreshed);
        code = ended(&refreshed);
    }
    let users = workspace.users()?;
    output::print(&match options.format {
        TableFormat::Table => export::users_table(&users),
        TableFormat::Json => export::users_json(&users)?,
        TableFormat::Csv => export::users_csv(&users)?,
    })?;
    Ok(code)
}

/// How the command ends: done, or as all that failed; where they differ, failed.
fn ended(refreshed: &Refreshed) -> u8 {
    let mut exits = refreshed.failed.iter().map(|(_, problem)| problem.exit);
    match exits.next() {
        None if refreshed.fresh == 0 && refreshed.revoked > 0 => Exit::Refused.code(),
        None => 0,
        Some(first) if refreshed.fresh == 0 && exits.all(|exit| exit == first) => first.code(),
        Some(_) => Exit::Failed.code(),
    }
}

/// None when it was stopped.
async fn refresh(workspace: &Workspace) -> Result<Option<Refreshed>, Problem> {
    let mut interrupts = signal(SignalKind::interrupt()).map_err(|error| {
        Problem::new("Signals could not be listened to", Exit::Failed).because(error.to_string())
    })?;
    let (progress, told) = mpsc::channel(16);
    let all = async { tokio::join!(workspace.refresh_all(progress), Meter::show(told)).0 };
    tokio::select! {
        refreshed = all => refreshed.map(Some),
        _ = interrupts.recv() => {
            // The bar stands on a line of its own.
            if std::io::stderr().is_terminal() {
                output::message("");
            }
            Ok(None)
        }
    }
}

fn tell(refreshed: &Refreshed) {
    for (user, problem) in refreshed.failed.iter().take(MOST_NAMED) {
        output::message(&format!("User {user}: {}", problem.what));
    }
    let named = refreshed.failed.len().min(MOST_NAMED);
    if refreshed.failures > named {
        output::message(&format!("{} more failed.", refreshed.failures - named));
    }
    if refreshed.revoked > 0 {
        output::message(&match refreshed.revoked {
            1 => "1 user was not asked about: its grant is gone; connect it again.".into(),
            many => {
                format!(
                    "{many} users were not asked about: their grants are gone; connect them again."
                )
            }
        });
    }
}

/// Shows on standard error how far it is: a bar where that is a terminal, else a line now and
/// then.
struct Meter {
    on_terminal: bool,
    /// When the bar was drawn last, as time of the refresh.
    drawn: Option<Duration>,
}

impl Meter {
    async fn show(mut told: mpsc::Receiver<RefreshProgress>) {
        let mut meter = Self {
            on_terminal: std::io::stderr().is_terminal(),
            drawn: None,
        };
        while let Some(progress) = told.recv().await {
            meter.step(&progress);
        }
        if meter.drawn.is_some() {
            output::message("");
        }
    }

    fn step(&mut self, progress: &RefreshProgress) {
        let done = progress.fresh + progress.failed;
        let last = done == progress.total;
        if !self.on_terminal {
            if done > 0 && (last || done.is_multiple_of(A_LINE_FOR)) {
                output::message(&line(progress));
            }
            return;
        }
        let due = self
            .drawn
            .is_none_or(|drawn| progress.elapsed.saturating_sub(drawn) >= REDRAW);
        if due || last {
            self.drawn = Some(progress.elapsed);
            let mut err = std::io::stderr().lock();
            // Without it there is nobody to tell.
            let _ = write!(err, "\r\x1b[K{} {}", bar(progress), line(progress));
            let _ = err.flush();
        }
    }
}

fn bar(progress: &RefreshProgress) -> String {
    let done = progress.fresh + progress.failed;
    let full = (done * BAR).checked_div(progress.total).unwrap_or(BAR);
    format!("[{}{}]", "#".repeat(full), ".".repeat(BAR - full.min(BAR)))
}

fn line(progress: &RefreshProgress) -> String {
    let done = progress.fresh + progress.failed;
    let mut parts = vec![format!("{done}/{}", progress.total)];
    if progress.failed > 0 {
        parts.push(format!("{} failed", progress.failed));
    }
    if let Some(rate) = progress.per_minute() {
        parts.push(format!("{rate:.0} a minute"));
    }
    if let Some(left) = progress.to_go.filter(|left| !left.is_zero()) {
        parts.push(format!("{} to go", time(left)));
    }
    parts.join(", ")
}

/// A time in the two units that matter.
fn time(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(fresh: usize, failed: usize, total: usize) -> RefreshProgress {
        RefreshProgress {
            total,
            fresh,
            failed,
            user: None,
            problem: None,
            elapsed: Duration::from_secs(60),
            to_go: Some(Duration::from_secs(3_725)),
        }
    }

    #[test]
    fn how_far_it_is_on_one_line() {
        let half = progress(4_990, 10, 10_000);
        assert_eq!(
            line(&half),
            "5000/10000, 10 failed, 5000 a minute, 1 h 2 min to go"
        );
        assert_eq!(bar(&half), "[############............]");
        assert!(bar(&half).len() + line(&half).len() < 80);
        assert_eq!(bar(&progress(0, 0, 0)), format!("[{}]", "#".repeat(BAR)));
        assert_eq!(time(Duration::from_secs(59)), "59 s");
        assert_eq!(time(Duration::from_secs(150)), "2 min 30 s");
    }
}
