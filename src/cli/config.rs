//! `bunq-tui config`.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use super::arguments::Config as Command;
use super::output;
use super::said::{Said, Source, judge_keys};
use crate::base::{Exit, Problem, printable, text_width};
use crate::config::{self, SETTINGS};

/// Does it.
pub(super) fn run(said: Said, command: Command) -> Result<(), Problem> {
    match command {
        Command::Init { stdout: true } => output::print(&config::sample()),
        Command::Init { stdout: false } => init(&said),
        Command::Check { file: Some(file) } => check(&file, false),
        Command::Check { file: None } => match said.file() {
            Some((file, may_be_missing)) => check(&file, may_be_missing),
            None => Err(no_home()),
        },
        Command::Show => show(said),
    }
}

fn init(said: &Said) -> Result<(), Problem> {
    let (path, _) = said.file().ok_or_else(no_home)?;
    let failed = |error: std::io::Error| {
        let there = error.kind() == ErrorKind::AlreadyExists;
        let problem = Problem::new(
            format!("The config file {} was not written", path.display()),
            if there { Exit::Usage } else { Exit::Failed },
        );
        if there {
            return problem.because("there is one already").next(
                "Compare it with `bunq-tui config init --stdout`, or name another with --config.",
            );
        }
        problem
            .because(error.to_string())
            .next("Check the directory, or name another file with --config.")
    };
    let write = || -> std::io::Result<()> {
        if let Some(directory) = path.parent().filter(|place| !place.as_os_str().is_empty()) {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(directory)?;
        }
        // It follows no link, and overwrites nothing.
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        file.write_all(config::sample().as_bytes())?;
        file.sync_all()
    };
    write().map_err(failed)?;
    output::print(&format!("wrote {}\n", shown(&path)))
}

fn check(path: &Path, may_be_missing: bool) -> Result<(), Problem> {
    let words = match config::read(path, may_be_missing, judge_keys)? {
        Some(_) => format!("{} is fine\n", shown(path)),
        None => format!(
            "{} is not there, which is fine: `bunq-tui config init` writes one\n",
            shown(path)
        ),
    };
    output::print(&words)
}

fn show(said: Said) -> Result<(), Problem> {
    let file = said.file();
    let settled = said.settle()?;
    let mut rows = vec![["option".to_owned(), "value".into(), "said by".into()]];
    for setting in SETTINGS {
        let source = settled.source(setting.name);
        let told = setting.told(&settled.config);
        let value = told.map_or_else(|| setting.default.into(), |value| printable(&value));
        rows.push([setting.name.into(), value, source.word().into()]);
    }
    for (name, chords) in &settled.config.keys {
        let name = format!("keys.{}", printable(name));
        rows.push([
            name,
            printable(&chords.join(" ")),
            Source::File.word().into(),
        ]);
    }
    let widest = |column: fn(&[String; 3]) -> &str| {
        rows.iter()
            .map(|row| text_width(column(row)))
            .max()
            .unwrap_or(0)
    };
    let widths = (widest(|[name, ..]| name), widest(|[_, value, _]| value));
    let mut text = String::new();
    for [name, value, source] in &rows {
        let blank = |width: usize, cell: &str| " ".repeat(width.saturating_sub(text_width(cell)));
        text.push_str(&format!(
            "{name}{}  {value}{}  {source}\n",
            blank(widths.0, name),
            blank(widths.1, value)
        ));
    }
    output::print(&text)?;
    if let Some((path, _)) = file {
        let there = if path.exists() { "" } else { " (not there)" };
        output::message(&format!("The config file is {}{there}.", path.display()));
    }
    Ok(())
}

fn shown(path: &Path) -> String {
    printable(&path.display().to_string())
}

fn no_home() -> Problem {
    Problem::new("There is no place for a config file", Exit::Failed)
        .because("the home directory could not be found")
        .next("Set HOME, or name a file with --config.")
}
