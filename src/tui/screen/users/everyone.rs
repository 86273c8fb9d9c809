//! Bringing all users up to date: what came so far, and the bar that shows it.

use std::time::Duration;

use ratatui::text::{Line, Span};

use super::{Focus, update};
use crate::base::{Problem, UserNumber};
use crate::tui::app::{Effect, Model};
use crate::tui::data::Generation;
use crate::tui::keymap::{Action, Context};
use crate::tui::overlay::{Confirm, Overlay};
use crate::tui::screen::setup;
use crate::tui::theme::Theme;
use crate::tui::widget::text::{problem_lines, span, width};
use crate::workspace::{RefreshProgress, Refreshed, limits_in_force, refresh_work};

/// How the refresh of all users stands, or how the last one ended.
#[derive(Clone, Debug, Default)]
pub(in crate::tui) struct Everyone {
    /// The one that runs.
    running: Option<Generation>,
    total: usize,
    fresh: usize,
    failed: usize,
    per_minute: Option<f64>,
    to_go: Option<Duration>,
    /// What went wrong first, and with whom; with nobody where it concerns all.
    first: Option<(Option<UserNumber>, Problem)>,
}

impl Everyone {
    /// The one that runs.
    #[cfg(test)]
    pub(in crate::tui) fn running(&self) -> Option<Generation> {
        self.running
    }

    /// Whether it runs.
    pub(in crate::tui) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// What went wrong first.
    pub(super) fn problem(&self) -> Option<&Problem> {
        self.first.as_ref().map(|(_, problem)| problem)
    }

    /// Whether what went wrong is still shown.
    pub(super) fn tells_of_failure(&self) -> bool {
        self.first.is_some()
    }

    /// What went wrong was read.
    pub(super) fn dismiss(&mut self) {
        self.first = None;
    }

    /// Why a second one does not begin, with the key that stops it.
    pub(super) fn refusal(&self, stop: &str) -> Option<String> {
        self.is_running().then(|| {
            format!(
                "All users are being brought up to date: {} of {}. {stop} stops it.",
                self.done(),
                self.total
            )
        })
    }

    fn done(&self) -> usize {
        self.fresh + self.failed
    }
}

/// From more users on than this it is asked first.
const UNASKED: usize = 50;

/// Begins, or asks first where it would take long.
pub(super) fn ask_or_begin(model: &mut Model) -> Vec<Effect> {
    if model.data.users.len() <= UNASKED {
        return begin(model);
    }
    let limits = limits_in_force(model.facts.limits, &model.data.environment);
    let work = refresh_work(&model.data.users, limits, model.now);
    model.overlay = Some(Overlay::Confirm(Confirm::refresh_all(work)));
    Vec::new()
}

/// Begins.
pub(in crate::tui) fn begin(model: &mut Model) -> Vec<Effect> {
    // What was true when it was asked may not be so any more.
    if let Some(reason) = refusal(model) {
        model.say(reason);
        return Vec::new();
    }
    let generation = model.data.next_generation();
    model.users.everyone = Everyone {
        running: Some(generation),
        total: model.data.users.len(),
        ..Everyone::default()
    };
    vec![Effect::RefreshAll { generation }]
}

/// Stops it; what came stays. The list is read once, for what came and was not told yet.
pub(super) fn stop(model: &mut Model) -> Vec<Effect> {
    let everyone = &mut model.users.everyone;
    everyone.running = None;
    let (fresh, total) = (everyone.fresh, everyone.total);
    model.say(format!(
        "Stopped: {fresh} of {total} users are up to date; what came stays."
    ));
    let mut effects = vec![Effect::StopRefresh];
    effects.extend(update::list(model));
    effects
}

/// Stops it, where it runs, because something else takes its place.
pub(in crate::tui) fn stop_refresh(model: &mut Model) -> Vec<Effect> {
    if model.users.everyone.running.take().is_some() {
        return vec![Effect::StopRefresh];
    }
    Vec::new()
}

/// One user was dealt with: its row changes and no other.
pub(super) fn on_progress(
    model: &mut Model,
    generation: Generation,
    progress: RefreshProgress,
) -> Vec<Effect> {
    let everyone = &mut model.users.everyone;
    if everyone.running != Some(generation) {
        return Vec::new();
    }
    everyone.per_minute = progress.per_minute();
    everyone.total = progress.total;
    everyone.fresh = progress.fresh;
    everyone.failed = progress.failed;
    everyone.to_go = progress.to_go;
    let number = progress.user.as_ref().map(|user| user.number);
    if let (None, Some(problem)) = (&everyone.first, &progress.problem) {
        everyone.first = Some((number, problem.clone()));
    }
    let Some(user) = progress.user else {
        return Vec::new();
    };
    let number = user.number;
    // It may have been forgotten meanwhile.
    let place = model.data.place_of(number);
    let Some(row) = place.and_then(|place| model.data.users.get_mut(place)) else {
        return Vec::new();
    };
    *row = user;
    if let Some(problem) = progress.problem {
        let remote = model.data.accounts.entry(number).or_default();
        remote.fail(problem);
        return Vec::new();
    }
    if let Some(remote) = model.data.accounts.get_mut(&number) {
        remote.mend();
    }
    if model.users.chosen == Some(number) {
        return update::recall(model);
    }
    Vec::new()
}

/// All users were dealt with, or something stopped it.
pub(super) fn on_ended(
    model: &mut Model,
    generation: Generation,
    result: Result<Refreshed, Problem>,
) {
    if model.users.everyone.running != Some(generation) {
        return;
    }
    let everyone = &mut model.users.everyone;
    everyone.running = None;
    match result {
        Ok(refreshed) => {
            everyone.failed = refreshed.failures;
            everyone.fresh = refreshed.fresh;
            let first = refreshed.failed.first();
            everyone.first = first.map(|(number, problem)| (Some(*number), problem.clone()));
            tell(model, &refreshed);
        }
        Err(problem) => {
            let (fresh, total) = (everyone.fresh, everyone.total);
            everyone.first = Some((None, problem));
            model.complain(format!(
                "The refresh ended early: {fresh} of {total} users are up to date; what came stays."
            ));
        }
    }
}

fn tell(model: &mut Model, refreshed: &Refreshed) {
    let mut words = match refreshed.fresh {
        0 => "No user was brought up to date".to_owned(),
        1 => "1 user is up to date".into(),
        many => format!("{many} users are up to date"),
    };
    let failed = refreshed.failures;
    if failed > 0 {
        words.push_str(&format!(", {failed} could not be read (!)"));
    }
    if refreshed.revoked > 0 {
        words.push_str(&format!(", {} revoked", refreshed.revoked));
    }
    words.push('.');
    if failed > 0 {
        model.complain(words);
    } else {
        model.succeed(words);
    }
}

/// The bar while it runs, afterwards what went wrong first.
pub(super) fn lines(model: &Model, cells: usize) -> Vec<Line<'static>> {
    let everyone = &model.users.everyone;
    let theme = model.facts.theme;
    if everyone.is_running() {
        return vec![bar(theme, everyone, cells), figures(model, cells)];
    }
    let Some((whose, problem)) = &everyone.first else {
        return Vec::new();
    };
    let mut problem = problem.clone();
    if let Some(number) = whose {
        let user = format!("user {number}: {}", problem.what);
        problem.what = match everyone.failed {
            1 => format!("1 could not be read, {user}"),
            many => format!("{many} could not be read, first {user}"),
        };
    }
    problem_lines(model, &problem)
}

fn bar(theme: Theme, everyone: &Everyone, cells: usize) -> Line<'static> {
    let count = format!(" {} of {}", everyone.done(), everyone.total);
    let whole = cells.saturating_sub(width(&count)).min(80);
    let full = whole * everyone.done().min(everyone.total) / everyone.total.max(1);
    Line::from(vec![
        Span::styled("━".repeat(full), theme.good()),
        Span::styled("─".repeat(whole - full), theme.rule()),
        Span::raw(count),
    ])
}

/// What fits, the most important first.
fn figures(model: &Model, cells: usize) -> Line<'static> {
    let everyone = &model.users.everyone;
    let stop = model.key(Context::Users, Action::Back);
    let failed = (everyone.failed > 0).then(|| format!("{} failed", everyone.failed));
    let to_go = everyone.to_go.map(|left| format!("{} to go", span(left)));
    let rate = everyone
        .per_minute
        .map(|rate| format!("{rate:.0} a minute"));
    let mut text = " stops".to_owned();
    for part in [failed, to_go, rate].into_iter().flatten() {
        if width(&stop) + width(&text) + 2 + width(&part) <= cells {
            text.push_str("  ");
            text.push_str(&part);
        }
    }
    Line::from(vec![
        Span::styled(stop, model.facts.theme.key()),
        Span::raw(text),
    ])
}

/// Why all users are not brought up to date now.
pub(super) fn refusal(model: &Model) -> Option<String> {
    if model.setup.phase == setup::Phase::Running {
        return Some("The setup is under way.".into());
    }
    model
        .users
        .everyone
        .refusal(&model.key(Context::Users, Action::Back))
}

/// Whether `R` means all users here: on the table of users, where there are several.
pub(super) fn is_meant(model: &Model) -> bool {
    model.users.focus == Focus::Users && model.data.users.len() > 1
}
