//! How Setup looks.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::update::is_open;
use super::{Phase, Row, State};
use crate::base::Environment;
use crate::tui::app::{Model, Screen};
use crate::tui::data::own_name;
use crate::tui::keymap::{Action, Context};
use crate::tui::theme::{MARKER, Theme};
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::text::{fit, pad, problem_lines, width, wrap_lines};
use crate::workspace::{Lock, SlotKind, StepChange, StepState};

/// The label before a choice.
const LABEL: usize = 12;
/// The checklist is no wider than the eye follows from a step to its time.
const WIDEST: usize = 56;

/// Draws it whole: choices, steps, and what went wrong.
pub(in crate::tui) fn view(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let focused = model.screen == Screen::Setup;
    let title = title(model);
    let inner = inset(pane(theme, &title, &remark(model), focused, area, buffer));
    let roomy = inner.height >= 15;
    let cells = usize::from(inner.width).min(WIDEST);
    let mut lines = Vec::new();
    if roomy {
        lines.push(Line::default());
    }
    lines.extend(choices(model, cells, roomy));
    if roomy {
        lines.push(Line::default());
    }
    let failure = wrap_lines(&first_of_all(model), inner.width);
    let all = lines.len() + model.setup.steps.len() + 2 + failure.len();
    if !failure.is_empty() && all > usize::from(inner.height) {
        // No room for both: the failure with its way out, then the steps as far as they go.
        let mut lines = choices(model, cells, false);
        lines.extend(failure);
        lines.extend(steps(model, cells));
        return paragraph(&lines, inner, buffer);
    }
    lines.extend(steps(model, cells));
    if !is_about_another(model) {
        lines.push(bar(theme, &model.setup, cells));
    }
    if !failure.is_empty() {
        lines.push(Line::default());
        lines.extend(failure);
    } else {
        lines.push(Line::default());
        lines.extend(wrap_lines(&what_next(model), inner.width));
    }
    paragraph(&lines, inner, buffer);
}

/// What is seen also where there is no room for everything: what failed, and what is waited for
/// that a person may have to answer.
fn first_of_all(model: &Model) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let keyring = model.setup.with == Some(SlotKind::Keyring);
    let retry = model.key(Context::Setup, Action::Retry);
    match &model.setup.phase {
        Phase::Failed(problem) => {
            let mut told = problem_lines(model, problem);
            match model.setup.locked_by().zip(model.setup.with) {
                Some((lock, with)) => {
                    told.push(key_line(theme, retry, "tries again"));
                    told.extend(other_slots(model, lock, with));
                }
                None => told.push(key_line(theme, retry, "tries again from there")),
            }
            told
        }
        Phase::Opening if keyring => opening_lines(model),
        _ => Vec::new(),
    }
}

/// Draws only the steps; gives back how many rows that took.
pub(in crate::tui) fn checklist(model: &Model, area: Rect, buffer: &mut Buffer) -> u16 {
    let theme = model.facts.theme;
    let mut lines = vec![Line::default()];
    let inner = inset(pane(theme, "Setup", &remark(model), false, area, buffer));
    lines.extend(steps(model, usize::from(inner.width).min(WIDEST)));
    paragraph(&lines, inner, buffer);
    u16::try_from(lines.len() + 2)
        .unwrap_or(u16::MAX)
        .min(area.height)
}

/// With the profile's name, where it has one of its own.
fn title(model: &Model) -> String {
    let profile = model.setup.profile();
    own_name(&profile).map_or_else(|| "Setup".into(), |name| format!("Setup of {name}"))
}

/// A key and what it does.
pub(in crate::tui) fn key_line(
    theme: Theme,
    key: impl Into<String>,
    words: &'static str,
) -> Line<'static> {
    Line::from(vec![
        Span::styled(key.into(), theme.key()),
        Span::raw("  "),
        Span::raw(words),
    ])
}

fn remark(model: &Model) -> String {
    let state = &model.setup;
    match state.phase {
        _ if is_about_another(model) => format!("in use: {}", in_use(model)),
        Phase::Opening if state.environment() == Environment::Demo => {
            "starting the demo bank…".into()
        }
        Phase::Opening => "opening…".into(),
        Phase::Choosing if state.done() == 0 => String::new(),
        Phase::Done => "done".into(),
        _ => format!("{} of {}", state.done(), state.steps.len()),
    }
}

fn choices(model: &Model, cells: usize, roomy: bool) -> Vec<Line<'static>> {
    let state = &model.setup;
    let focused = model.screen == Screen::Setup && !state.is_busy();
    let environment = state.environment();
    let (provider, provider_hint) = super::choice::words(model);
    let provider_hint = model.spell(provider_hint);
    let mut lines = vec![choice(
        model,
        "Environment",
        &environment.name(),
        focused && state.row == Row::Environment,
        cells,
    )];
    let hint = |text: &str| {
        let text = fit(text, cells.saturating_sub(LABEL + 2));
        let indent = " ".repeat(LABEL + 2);
        Line::styled(format!("{indent}{text}"), model.facts.theme.muted())
    };
    if roomy {
        lines.push(hint(environment_hint(&environment)));
    }
    lines.push(choice(
        model,
        "Provider",
        provider,
        focused && state.row == Row::Provider,
        cells,
    ));
    if roomy {
        lines.push(hint(&provider_hint));
    }
    lines
}

fn environment_hint(environment: &Environment) -> &'static str {
    match environment {
        Environment::Demo => "built in; nothing is kept",
        Environment::Sandbox => "bunq's test bank",
        Environment::Production => "bunq itself; real money",
        Environment::Local(_) => "a simulator here",
    }
}

fn choice(model: &Model, label: &str, value: &str, here: bool, cells: usize) -> Line<'static> {
    let theme = model.facts.theme;
    let marker = if here { MARKER } else { " " };
    let text = pad(
        &format!("{marker} {label:<LABEL$}‹ {value} ›"),
        cells,
        false,
    );
    Line::styled(text, if here { theme.selected() } else { theme.text() })
}

fn steps(model: &Model, cells: usize) -> Vec<Line<'static>> {
    let state = &model.setup;
    let theme = model.facts.theme;
    let line = |change: &StepChange| step(theme, change, state.since, model.now, cells);
    if !is_about_another(model) {
        return state.steps.iter().map(line).collect();
    }
    let waiting = |change: &StepChange| StepChange {
        step: change.step,
        state: StepState::Waiting,
    };
    state
        .steps
        .iter()
        .map(waiting)
        .map(|change| line(&change))
        .collect()
}

/// The open profile in few words.
fn in_use(model: &Model) -> String {
    model.data.profile.as_ref().map_or_else(String::new, |one| {
        let environment = one.environment.name();
        match own_name(one) {
            Some(name) => format!("{name}, {environment}"),
            None => environment,
        }
    })
}

/// Whether a finished setup is another environment's than the chosen one.
fn is_about_another(model: &Model) -> bool {
    let settled = matches!(model.setup.phase, Phase::Choosing | Phase::Done);
    settled && model.data.is_ready() && !is_open(model)
}

fn step(
    theme: Theme,
    change: &StepChange,
    since: Option<Timestamp>,
    now: Timestamp,
    cells: usize,
) -> Line<'static> {
    let (sign, style, end) = match &change.state {
        StepState::Waiting => ("·", theme.text(), String::new()),
        StepState::Running => {
            let seconds = since.map_or(0, |since| now.duration_since(since).as_secs().max(0));
            let end = if seconds == 0 {
                String::new()
            } else {
                format!("{seconds} s")
            };
            ("…", theme.strong(), end)
        }
        StepState::Done { took } => (
            "✓",
            theme.good(),
            took.map_or_else(
                || "earlier".into(),
                |took| format!("{:.2} s", took.as_secs_f64()),
            ),
        ),
        StepState::Failed(_) => ("✗", theme.bad(), "failed".into()),
    };
    let words = match &change.state {
        StepState::Done { .. } => theme.text(),
        _ => style,
    };
    let room = cells.saturating_sub(4 + width(&end));
    Line::from(vec![
        Span::raw("  "),
        Span::styled(sign, style),
        Span::raw(" "),
        Span::styled(pad(change.step.label(), room, false), words),
        Span::styled(end, words),
    ])
}

fn bar(theme: Theme, state: &State, cells: usize) -> Line<'static> {
    let all = state.steps.len().max(1);
    let whole = cells.saturating_sub(2);
    let full = whole * state.done() / all;
    Line::from(vec![
        Span::raw("  "),
        Span::styled("━".repeat(full), theme.good()),
        Span::styled("─".repeat(whole.saturating_sub(full)), theme.rule()),
    ])
}

/// The next key to press, and what it will do.
fn what_next(model: &Model) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    if model.data.is_ready() && is_open(model) {
        let mut lines = provider(model);
        let connect = model.key(Context::Everywhere, Action::Connect);
        lines.push(key_line(theme, connect, "connects a user"));
        return lines;
    }
    let sets_up = "sets it all up and goes on to the QR code";
    let words = match model.setup.phase {
        _ if is_about_another(model) => "leaves the one in use and opens this one",
        Phase::Choosing if model.setup.is_locked() => return locked(model),
        Phase::Choosing => sets_up,
        Phase::Opening if model.data.stage.is_none() => sets_up,
        _ => return Vec::new(),
    };
    let set_up = model.key(Context::Setup, Action::SetUp);
    vec![key_line(theme, set_up, words)]
}

/// How to open what is locked.
fn locked(model: &Model) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let with = model.setup.with.unwrap_or(SlotKind::Passphrase);
    let words = match with {
        SlotKind::Keyring => "opens it with the keyring",
        SlotKind::KeyFile => "opens it with the key file",
        SlotKind::Passphrase => "asks for its passphrase",
    };
    let mut lines = vec![
        Line::styled("This profile is locked", theme.strong()),
        key_line(theme, model.key(Context::Setup, Action::SetUp), words),
    ];
    if let Some(lock) = model.setup.locked_by() {
        lines.extend(other_slots(model, lock, with));
    }
    lines
}

/// What else opens a store, beside what was tried: in words, and where it can be done here, with
/// the key for it.
pub(in crate::tui) fn other_slots(
    model: &Model,
    lock: &Lock,
    tried: SlotKind,
) -> Vec<Line<'static>> {
    let other = |kind| kind != tried && lock.has(kind);
    let mut lines = Vec::new();
    if other(SlotKind::Passphrase) {
        lines.push(key_line(
            model.facts.theme,
            model.key(at(model), Action::TypePassphrase),
            "types its passphrase instead",
        ));
    }
    if other(SlotKind::KeyFile) {
        lines.push(Line::raw(
            "Its key file opens it too: start again with --key-file FILE.",
        ));
    }
    if other(SlotKind::Keyring) {
        let words = match tried {
            SlotKind::KeyFile => "The keyring opens it too: start again without --key-file.",
            _ => "The keyring opens it too: start again.",
        };
        lines.push(Line::raw(words));
    }
    lines
}

/// What is waited for while a store opens.
pub(in crate::tui) fn opening_lines(model: &Model) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let seconds = model
        .setup
        .since
        .map_or(0, |since| model.now.duration_since(since).as_secs().max(0));
    let mut lines = match model.setup.with {
        Some(SlotKind::Keyring) => vec![
            Line::styled(
                format!("Waiting for the keyring, {seconds} s"),
                theme.strong(),
            ),
            Line::raw("It may ask for its password in a window of its own."),
        ],
        _ => vec![Line::styled("Opening…", theme.strong())],
    };
    let cancel = model.key(at(model), Action::Cancel);
    lines.push(key_line(theme, cancel, "stops waiting"));
    lines
}

/// Whose keys open a store here: the unlock screen shows the same lines.
fn at(model: &Model) -> Context {
    if model.locked.is_some() {
        Context::Locked
    } else {
        Context::Setup
    }
}

/// Who we are, with what a sandbox user logs in with.
fn provider(model: &Model) -> Vec<Line<'static>> {
    let Some(provider) = &model.data.provider else {
        return Vec::new();
    };
    let kind = provider.kind.label().to_owned();
    let name = provider
        .name
        .as_ref()
        .map_or_else(|| kind.clone(), |name| format!("{name}, {kind}"));
    let mut lines = vec![Line::raw(format!("You are   {name}"))];
    for (label, value) in [("E-mail", &provider.email), ("Phone", &provider.phone)] {
        if let Some(value) = value {
            lines.push(Line::raw(format!("{label:<10}{value}")));
        }
    }
    lines.push(Line::raw(format!("Callback  {}", provider.callback_url)));
    lines
}
