//! The keys as they are now: the defaults, and what the person bound instead.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use super::table::TABLE;
use super::{Action, Binding, Chord, Context, KeymapProblem, problem};

/// Which key means what. Cheap to clone.
#[derive(Clone)]
pub struct Keymap(Arc<Inner>);

struct Inner {
    rows: Vec<Binding>,
    /// Where a row is, by its name.
    places: HashMap<String, usize>,
}

impl fmt::Debug for Keymap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keymap").finish_non_exhaustive()
    }
}

impl Default for Keymap {
    fn default() -> Self {
        Self::of(TABLE.to_vec())
    }
}

impl Keymap {
    /// The defaults, but for the bindings that are named here: `context.action`, and the keys that
    /// do it instead. No key at all unbinds it.
    ///
    /// # Errors
    /// Everything that is wrong with them, at once.
    pub fn new(overrides: &BTreeMap<String, Vec<String>>) -> Result<Self, Vec<KeymapProblem>> {
        let mut keymap = Self::default();
        if overrides.is_empty() {
            return Ok(keymap);
        }
        let mut rows = TABLE.to_vec();
        let mut problems = Vec::new();
        for (name, words) in overrides {
            let Some(row) = keymap
                .0
                .places
                .get(name)
                .and_then(|place| rows.get_mut(*place))
            else {
                problems.push(keymap.unknown(name));
                continue;
            };
            let chords = problem::read(row, name, words, &mut problems);
            row.keys = Cow::Owned(chords);
        }
        problem::find(&rows, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        keymap = Self::of(rows);
        Ok(keymap)
    }

    fn of(rows: Vec<Binding>) -> Self {
        let places = rows
            .iter()
            .enumerate()
            .map(|(place, row)| (row.name(), place))
            .collect();
        Self(Arc::new(Inner { rows, places }))
    }

    fn unknown(&self, name: &str) -> KeymapProblem {
        KeymapProblem::UnknownName {
            name: name.into(),
            nearest: problem::nearest(name, self.rows()),
        }
    }

    /// Every binding: its name, its keys as they may be written, and what it does.
    pub fn listing(&self) -> impl Iterator<Item = (String, Vec<String>, &'static str)> {
        self.rows().iter().map(|row| {
            let keys = row.keys.iter().map(|key| key.word()).collect();
            (row.name(), keys, row.label)
        })
    }

    /// All rows. Within a context, in the order of the help.
    pub(in crate::tui) fn rows(&self) -> &[Binding] {
        &self.0.rows
    }

    /// The rows of a context.
    pub(in crate::tui) fn of_context(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.rows().iter().filter(move |row| row.context == context)
    }

    /// The row for a key, the first context that has it winning.
    pub(in crate::tui) fn find(&self, contexts: &[Context], chord: Chord) -> Option<&Binding> {
        contexts.iter().find_map(|context| {
            self.of_context(*context)
                .find(|row| row.keys.contains(&chord))
        })
    }

    /// Where else a key acts: for saying why it does nothing here.
    pub(in crate::tui) fn elsewhere(&self, chord: Chord) -> Option<&Binding> {
        self.rows()
            .iter()
            .find(|row| row.context.screen().is_some() && row.keys.contains(&chord))
    }

    /// The key for an action, as hints write it. Where it has none the palette does it.
    pub(in crate::tui) fn key(&self, context: Context, action: Action) -> String {
        let row = self.of_context(context).find(|row| row.action == action);
        row.map_or_else(String::new, |row| self.key_of(row))
    }

    fn key_of(&self, row: &Binding) -> String {
        let palette = |row: &&Binding| row.action == Action::Palette;
        row.key().unwrap_or_else(|| {
            let opener = self.rows().iter().find(palette).and_then(Binding::key);
            match opener {
                Some(opener) => format!("{opener}{}", row.label),
                None => format!("({}, without a key)", row.label),
            }
        })
    }

    /// The words with the key of each binding that is named in braces: `{users.refresh}`. For
    /// words of our own only.
    pub(in crate::tui) fn spell(&self, words: &'static str) -> String {
        let mut spelled = String::with_capacity(words.len());
        let mut rest = words;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            spelled.push_str(before);
            match self.0.places.get(name).and_then(|at| self.rows().get(*at)) {
                Some(row) => spelled.push_str(&self.key_of(row)),
                None => spelled.push_str(name),
            }
            rest = after;
        }
        spelled.push_str(rest);
        spelled
    }
}

impl Binding {
    /// What it is called in the config. A snapshot keeps the names as they are.
    pub(in crate::tui) fn name(&self) -> String {
        format!("{}.{}", kebab(&self.context), kebab(&self.action))
    }

    /// The key in hints.
    pub(in crate::tui) fn key(&self) -> Option<String> {
        self.keys.first().map(|key| key.label())
    }

    /// All keys, as the screens write them.
    pub(in crate::tui) fn all_keys(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(|key| key.label()).collect();
        keys.join(" ")
    }
}

/// A variant's name in small letters: `Go(Setup)` is `go-setup`.
fn kebab(variant: &impl fmt::Debug) -> String {
    let mut name = String::new();
    for character in format!("{variant:?}").chars() {
        if character.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        if character.is_ascii_alphanumeric() {
            name.push(character.to_ascii_lowercase());
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Every `{context.action}` of the sources names a binding: they are spelled as its key.
    #[test]
    fn every_key_that_words_name_is_bound() {
        fn sources(directory: &std::path::Path, found: &mut Vec<(std::path::PathBuf, String)>) {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    sources(&path, found);
                } else if path.extension().is_some_and(|ending| ending == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    found.push((path, text));
                }
            }
        }
        let mut files = Vec::new();
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tui");
        sources(std::path::Path::new(root), &mut files);
        let names: HashSet<String> = TABLE.iter().map(Binding::name).collect();
        let mut count = 0;
        for (path, text) in files {
            for piece in text.split('{').skip(1) {
                let Some((name, _)) = piece.split_once('}') else {
                    continue;
                };
                let is_name = name.contains('.')
                    && name.chars().all(|character| {
                        character.is_ascii_lowercase() || "-.".contains(character)
                    });
                if is_name && name != "context.action" {
                    count += 1;
                    assert!(names.contains(name), "{name} in {}", path.display());
                }
            }
        }
        assert!(count > 20, "{count}");
    }
}
