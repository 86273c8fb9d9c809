//! The table in focus into a file: in which form, which rows, under which name.

mod tables;
mod view;

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};

use tables::Kind;
pub(super) use view::view;

use super::{Confirm, Overlay};
use crate::base::{Environment, Problem, printable};
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::data::Generation;
use crate::tui::keymap::Action;
use crate::tui::widget::field::Field;
use crate::workspace::export::{Format, Written};

/// What the keys change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Focus {
    Format,
    Scope,
    Name,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    /// It is being chosen.
    Choosing,
    /// It is being written.
    Writing(Generation),
    /// It could not be written.
    Failed(Problem),
}

/// The dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Export {
    kind: Kind,
    /// How many rows the table has.
    count: usize,
    /// How many of them a filter shows; none where none is on.
    shown: Option<usize>,
    format: Format,
    /// Whether only what the filter shows is taken.
    only_shown: bool,
    name: Field,
    focus: Focus,
    phase: Phase,
}

/// Why there is nothing to export on a screen.
pub(in crate::tui) fn refusal(model: &Model, screen: Screen) -> Option<String> {
    tables::in_focus(model, screen).err().map(Into::into)
}

/// Opens the dialog for the table in focus.
pub(in crate::tui) fn open(model: &mut Model) -> Vec<Effect> {
    let source = match tables::in_focus(model, model.screen) {
        Ok(source) => source,
        Err(reason) => {
            model.say(reason);
            return Vec::new();
        }
    };
    let mut export = Export {
        kind: source.kind,
        count: source.count,
        shown: source.shown,
        format: Format::Csv,
        only_shown: source.shown.is_some(),
        name: Field::new(false),
        focus: Focus::Name,
        phase: Phase::Choosing,
    };
    let name = format!("{}.{}", stem(model, source.kind), export.ending());
    export.name.paste(&name);
    model.overlay = Some(Overlay::Export(Box::new(export)));
    Vec::new()
}

/// The proposed name: what it is, of which bank unless it is the real one, and of which day.
fn stem(model: &Model, kind: Kind) -> String {
    let bank = match model.data.environment {
        Environment::Production => "",
        Environment::Sandbox => "sandbox-",
        Environment::Demo => "demo-",
        Environment::Local(_) => "local-",
    };
    let day = model
        .now
        .to_zoned_datetime(model.facts.forms.zone.clone())
        .strftime("%Y-%m-%d");
    format!("bunq-tui-{bank}{}-{day}", kind.stem())
}

impl Export {
    fn ending(&self) -> &'static str {
        match (self.kind, self.format) {
            (_, Format::Csv) => "csv",
            // One object a line.
            (Kind::Requests, Format::Json) => "jsonl",
            (_, Format::Json) => "json",
        }
    }

    /// How many rows are taken.
    fn rows(&self) -> usize {
        self.shown.filter(|_| self.only_shown).unwrap_or(self.count)
    }

    /// The other form; a name that ends in the old one's ending follows.
    fn other_format(&mut self) {
        let before = format!(".{}", self.ending());
        self.format = match self.format {
            Format::Csv => Format::Json,
            Format::Json => Format::Csv,
        };
        if let Some(stem) = self.name.trimmed().strip_suffix(&before) {
            let name = format!("{stem}.{}", self.ending());
            self.name = Field::new(false);
            self.name.paste(&name);
        }
    }

    /// The rows of the dialog that can be gone to.
    fn focuses(&self) -> Vec<Focus> {
        let scope = self.shown.map(|_| Focus::Scope);
        [Some(Focus::Format), scope, Some(Focus::Name)]
            .into_iter()
            .flatten()
            .collect()
    }

    fn turn(&mut self, forward: bool) {
        let all = self.focuses();
        let at = all.iter().position(|focus| *focus == self.focus);
        let at = at.unwrap_or_default();
        let step = if forward { 1 } else { all.len() - 1 };
        if let Some(next) = all.get((at + step) % all.len()) {
            self.focus = *next;
        }
    }

    /// A key.
    pub(super) fn press(&mut self, key: KeyEvent) {
        if matches!(self.phase, Phase::Writing(_)) {
            return;
        }
        self.phase = Phase::Choosing;
        match (key.code, self.focus) {
            (KeyCode::Up | KeyCode::BackTab, _) => self.turn(false),
            (KeyCode::Down, _) => self.turn(true),
            (_, Focus::Name) => self.name.press(key),
            (KeyCode::Left | KeyCode::Right | KeyCode::Char(' '), Focus::Format) => {
                self.other_format();
            }
            (KeyCode::Left | KeyCode::Right | KeyCode::Char(' '), Focus::Scope) => {
                self.only_shown = !self.only_shown;
            }
            _ => {}
        }
    }

    /// Pasted text goes into the name.
    pub(super) fn paste(&mut self, text: &str) {
        if !matches!(self.phase, Phase::Writing(_)) {
            self.focus = Focus::Name;
            self.name.paste(text);
        }
    }

    /// Where it will be, as far as that can be told without looking.
    fn path(&self, model: &Model) -> PathBuf {
        let typed = PathBuf::from(self.name.trimmed());
        let home = model.facts.home.as_ref();
        match (typed.strip_prefix("~"), home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => model.facts.here.join(typed),
        }
    }

    /// The same in words.
    pub(super) fn place(&self, model: &Model) -> String {
        printable(&self.path(model).display().to_string())
    }
}

/// What a key does here.
pub(super) fn act(model: &mut Model, mut export: Box<Export>, action: Action) -> Vec<Effect> {
    let writing = matches!(export.phase, Phase::Writing(_));
    match action {
        Action::Back => {
            if writing {
                model.say("It is being written; how that went is told here.");
            }
            return Vec::new();
        }
        Action::Submit if !writing => return write(model, export, false),
        Action::FocusNext => export.turn(true),
        _ => {}
    }
    model.overlay = Some(Overlay::Export(export));
    Vec::new()
}

/// Writes it. What is taken is what the table holds now.
pub(super) fn write(model: &mut Model, mut export: Box<Export>, replace: bool) -> Vec<Effect> {
    let wrong = |words: &str| Problem::new(words, crate::base::Exit::Usage);
    let is_name = |name: &str| !name.is_empty() && !name.ends_with(['/', '~']);
    let rows = tables::rows(model, export.kind, export.only_shown);
    let (phase, effects) = match rows {
        _ if !is_name(export.name.trimmed()) => (
            Phase::Failed(wrong("That is no name for a file.")),
            Vec::new(),
        ),
        None => (
            Phase::Failed(wrong("The table is not there any more.")),
            Vec::new(),
        ),
        Some(rows) => {
            let generation = model.data.next_generation();
            let effect = Effect::Export {
                generation,
                rows: Arc::new(rows),
                format: export.format,
                path: export.path(model),
                replace,
            };
            (Phase::Writing(generation), vec![effect])
        }
    };
    export.phase = phase;
    model.overlay = Some(Overlay::Export(export));
    effects
}

/// The table may change under the dialog: it says what would be written now.
pub(in crate::tui) fn settle(model: &mut Model) {
    let Some(Overlay::Export(export)) = &model.overlay else {
        return;
    };
    let now = tables::source(model, export.kind);
    if let (Some(now), Some(Overlay::Export(export))) = (now, &mut model.overlay) {
        export.count = now.count;
        export.shown = now.shown;
    }
}

/// It was written, or not. Whoever went on meanwhile is told all the same.
pub(in crate::tui) fn on_exported(
    model: &mut Model,
    generation: Generation,
    path: &std::path::Path,
    (count, result): (usize, Result<Written, Problem>),
) {
    let mine = |overlay: &mut Overlay| matches!(overlay, Overlay::Export(export) if export.phase == Phase::Writing(generation));
    let dialog = match model.overlay.take_if(mine) {
        Some(Overlay::Export(export)) => Some(export),
        _ => None,
    };
    let place = printable(&path.display().to_string());
    match (result, dialog) {
        (Ok(Written::Done), _) => {
            let rows = if count == 1 { "row" } else { "rows" };
            model.say(format!(
                "{count} {rows} written to {place}, for you alone to read."
            ));
        }
        (Ok(Written::Exists), Some(mut export)) => {
            export.phase = Phase::Choosing;
            model.overlay = Some(Overlay::Confirm(Confirm::replace(export, place)));
        }
        (Ok(Written::Exists), None) => {
            model.complain(format!("{place} is there already; nothing was written."));
        }
        (Err(problem), Some(mut export)) => {
            export.phase = Phase::Failed(problem);
            model.overlay = Some(Overlay::Export(export));
        }
        (Err(problem), None) => {
            model.complain(format!("{}: {}.", problem.what, problem.why));
        }
    }
}
