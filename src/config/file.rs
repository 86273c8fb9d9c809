//! Reading the config file: all that is wrong with it at once, each with its line.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::layer::Config;
use super::nearest::unknown;
use super::settings::{Kind, SETTINGS};
use crate::base::{Exit, FileFault, Problem, Whose, printable, read_file};

/// No config file is so long.
const LONGEST: u64 = 256 * 1024;
/// More flaws are only counted.
const MOST_FLAWS: usize = 50;
/// The table of keys.
pub(super) const KEYS: &str = "keys";

/// Something that is wrong in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Where, from 1 on; none where it is the whole file.
    pub line: Option<usize>,
    /// What, and what is allowed.
    pub text: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.text)
    }
}

/// A file that cannot be used, and all that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlawedFile {
    /// Which.
    pub path: PathBuf,
    /// In the order of its lines.
    pub flaws: Vec<Flaw>,
}

impl From<FlawedFile> for Problem {
    fn from(file: FlawedFile) -> Self {
        let mut what = format!(
            "The config file {} cannot be used:",
            printable(&file.path.display().to_string())
        );
        for flaw in file.flaws.iter().take(MOST_FLAWS) {
            what.push_str(&format!("\n  {flaw}"));
        }
        if let Some(more @ 1..) = file.flaws.len().checked_sub(MOST_FLAWS) {
            what.push_str(&format!("\n  and {more} more"));
        }
        Self::new(what, Exit::Usage).next(
            "Correct it, or name another with --config. `bunq-tui config init --stdout` shows \
             every option.",
        )
    }
}

/// Something that is wrong with the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFlaw {
    /// The names of the bindings that it is about.
    pub names: Vec<String>,
    /// What, in words.
    pub text: String,
}

/// Tells what is wrong with the keys: which there are is known only to the screens.
pub type KeyJudge = fn(&BTreeMap<String, Vec<String>>) -> Vec<KeyFlaw>;

/// Reads a file that is there, or none where it may be missing and is.
///
/// # Errors
/// All that is wrong with it.
pub fn read(
    path: &Path,
    may_be_missing: bool,
    judge: KeyJudge,
) -> Result<Option<Config>, FlawedFile> {
    let flawed = |flaws| FlawedFile {
        path: path.into(),
        flaws,
    };
    let whole = |text: &str| {
        flawed(vec![Flaw {
            line: None,
            text: text.into(),
        }])
    };
    // A link that leads nowhere is no missing file: somebody meant something by it.
    if may_be_missing && is_missing(path) {
        return Ok(None);
    }
    let bytes = read_file(path, Whose::Anybody, LONGEST).map_err(|fault| match fault {
        FileFault::Unreadable(why) => whole(&format!("it cannot be read: {why}")),
        FileFault::TooLong => whole("it is longer than 256 KiB, which no config file is"),
        FileFault::NotOrdinary | FileFault::Owner | FileFault::Mode => whole("it is no file"),
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        flawed(vec![Flaw {
            line: Some(1 + before.iter().filter(|byte| **byte == b'\n').count()),
            text: "it is no text in UTF-8 from here on".into(),
        }])
    })?;
    parse(text, judge).map(Some).map_err(flawed)
}

fn is_missing(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_err_and(|error| {
        matches!(
            error.kind(),
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
        )
    })
}

/// What a text in the form of the file says.
///
/// # Errors
/// All that is wrong with it.
pub fn parse(text: &str, judge: KeyJudge) -> Result<Config, Vec<Flaw>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader {
        text,
        config: Config::default(),
        key_places: BTreeMap::new(),
        flaws: Vec::new(),
    };
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        // Some of its words have lines of their own.
        let words = error.message().replace('\n', "; ");
        reader.complain(at, words);
    }
    for (key, value) in table.get_ref() {
        reader.option(key, value);
    }
    reader.judge_keys(judge);
    let Reader {
        config, mut flaws, ..
    } = reader;
    if flaws.is_empty() {
        return Ok(config);
    }
    flaws.sort_by_key(|flaw| flaw.line);
    flaws.dedup();
    Err(flaws)
}

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;
type Value<'a> = Spanned<DeValue<'a>>;

struct Reader<'a> {
    text: &'a str,
    config: Config,
    /// Where each binding stands.
    key_places: BTreeMap<String, usize>,
    flaws: Vec<Flaw>,
}

impl Reader<'_> {
    fn complain(&mut self, at: usize, words: impl AsRef<str>) {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        self.flaws.push(Flaw {
            line: Some(1 + before.iter().filter(|byte| **byte == b'\n').count()),
            text: printable(words.as_ref()),
        });
    }

    fn option(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let name: &str = key.get_ref();
        if name == KEYS {
            let Some(table) = value.get_ref().as_table() else {
                let words = "keys is a table: [keys], and below it NAME = [\"KEY\", …]";
                return self.complain(key.span().start, words);
            };
            return self.keys(table, "");
        }
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
            let words = unknown(name, value.get_ref().is_table());
            return self.complain(key.span().start, words);
        };
        let Some(text) = as_text(value.get_ref(), setting.kind) else {
            let words = format!(
                "{name} is {}, not {}: {}",
                setting.kind.words(),
                kind_of(value.get_ref()),
                setting.allowed
            );
            return self.complain(key.span().start, words);
        };
        if let Err(why) = (setting.take)(&mut self.config, &text) {
            let words = format!("{name} cannot be {text:?} ({why}): {}", setting.allowed);
            self.complain(key.span().start, words);
        }
    }

    /// Names may be written with quotes or without: `users.refresh` is a table in a table then.
    fn keys(&mut self, table: &DeTable<'_>, within: &str) {
        for (key, value) in table {
            let name = if within.is_empty() {
                key.get_ref().to_string()
            } else {
                format!("{within}.{}", key.get_ref())
            };
            let words = || format!("{name} in [keys] is a list of keys: [\"F5\", \"Ctrl-r\"]");
            match value.get_ref() {
                DeValue::Table(deeper) => self.keys(deeper, &name),
                DeValue::String(chord) => {
                    self.bind(name, vec![chord.to_string()], key.span().start);
                }
                DeValue::Array(chords) => {
                    let chords: Option<Vec<String>> = chords
                        .iter()
                        .map(|chord| chord.get_ref().as_str().map(Into::into))
                        .collect();
                    match chords {
                        Some(chords) => self.bind(name, chords, key.span().start),
                        None => self.complain(value.span().start, words()),
                    }
                }
                _ => self.complain(value.span().start, words()),
            }
        }
    }

    /// The same name with quotes and without is two to TOML.
    fn bind(&mut self, name: String, chords: Vec<String>, at: usize) {
        if self.config.keys.contains_key(&name) {
            return self.complain(at, format!("{name} in [keys] stands there twice"));
        }
        self.key_places.insert(name.clone(), at);
        self.config.keys.insert(name, chords);
    }

    fn judge_keys(&mut self, judge: KeyJudge) {
        for flaw in judge(&self.config.keys) {
            let places = flaw
                .names
                .iter()
                .filter_map(|name| self.key_places.get(name));
            // Of two that cannot go together, the later one was too many.
            let at = places.max().copied().unwrap_or_default();
            self.complain(at, flaw.text);
        }
    }
}

/// An option's text, where it stands in the file as it should.
fn as_text(value: &DeValue<'_>, kind: Kind) -> Option<String> {
    match (value, kind) {
        (DeValue::String(text), Kind::Text | Kind::Number) => Some(text.to_string()),
        (DeValue::Integer(number), Kind::Number) => Some(number.to_string()),
        (DeValue::Float(number), Kind::Number) => Some(number.as_str().into()),
        (DeValue::Boolean(truth), Kind::Truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text in quotes",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
