//! What was typed to find rows: words parted by blanks, all of which must be found.

#[cfg(test)]
mod tests;

use std::fmt;

use nucleo_matcher::{Config, Matcher, Utf32Str};
use unicode_segmentation::UnicodeSegmentation;

use super::word::Word;

/// A filter as it is understood: `word` fuzzily, `'word` as it stands, `^word` where a cell begins,
/// `word$` where one ends, `!word` nowhere. A number is looked for as it stands.
#[derive(Clone, Default, PartialEq, Eq)]
pub(in crate::tui) struct Query {
    words: Vec<Word>,
}

/// What somebody looks for is nobody else's business.
impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Query({} words)", self.words.len())
    }
}

/// Holds many rows against one query. A cell that is as in the row before, as names and kinds often
/// are, is not looked at again.
pub(super) struct Sieve<'a> {
    query: &'a Query,
    eye: Eye,
    columns: Vec<Last>,
    best: Vec<Option<u16>>,
}

/// The cell that a column had last, and how well it fits each word.
#[derive(Default)]
struct Last {
    cell: Option<String>,
    scores: Vec<Option<u16>>,
}

impl Sieve<'_> {
    /// How well a row of cells fits; none when it does not.
    pub(super) fn score<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Option<u32> {
        let words = &self.query.words;
        self.best.clear();
        self.best.resize(words.len(), None);
        for (column, cell) in cells.enumerate() {
            if self.columns.len() <= column {
                self.columns.resize_with(column + 1, Last::default);
            }
            let Some(last) = self.columns.get_mut(column) else {
                continue;
            };
            if last.cell.as_deref() != Some(cell) {
                last.read(cell, words, &mut self.eye);
            }
            for ((word, score), best) in words.iter().zip(&last.scores).zip(&mut self.best) {
                // What is not to be there is to be in no cell.
                if word.negative && score.is_some() {
                    return None;
                }
                *best = (*best).max(*score);
            }
        }
        let mut sum = 0;
        for (word, best) in words.iter().zip(&self.best) {
            if !word.negative {
                sum += u32::from((*best)?);
            }
        }
        Some(sum)
    }
}

impl Last {
    fn read(&mut self, cell: &str, words: &[Word], eye: &mut Eye) {
        let kept = self.cell.get_or_insert_default();
        kept.clear();
        kept.push_str(cell);
        let haystack = eye.letters.read(cell);
        self.scores.clear();
        for word in words {
            self.scores.push(word.score(haystack, &mut eye.matcher));
        }
    }
}

/// Room for the letters of a cell.
#[derive(Default)]
struct Letters(Vec<char>);

/// Below this, a character is a letter of its own and stands on no other.
const FIRST_MARK: char = '\u{300}';

impl Letters {
    /// A cell as it is matched: the first character of each grapheme. Cutting it into graphemes takes
    /// long and is rarely needed.
    fn read<'a>(&'a mut self, cell: &'a str) -> Utf32Str<'a> {
        if cell.is_ascii() {
            return Utf32Str::Ascii(cell.as_bytes());
        }
        self.0.clear();
        if cell.chars().all(|letter| letter < FIRST_MARK) {
            self.0.extend(cell.chars());
        } else {
            let graphemes = cell.graphemes(true);
            self.0
                .extend(graphemes.filter_map(|one| one.chars().next()));
        }
        Utf32Str::Unicode(&self.0)
    }
}

/// What matching needs room for; made once for many cells.
pub(in crate::tui) struct Eye {
    matcher: Matcher,
    letters: Letters,
}

impl Eye {
    /// With its room.
    pub(in crate::tui) fn new() -> Self {
        Self {
            matcher: Matcher::new(Config::DEFAULT),
            letters: Letters::default(),
        }
    }
}

impl Query {
    /// As it was typed.
    pub(in crate::tui) fn parse(typed: &str) -> Self {
        Self {
            words: typed.split_whitespace().filter_map(Word::parse).collect(),
        }
    }

    /// Whether it finds everything.
    pub(in crate::tui) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether whatever it finds was found by the one before as well.
    pub(super) fn narrows(&self, before: &Self) -> bool {
        self.words.len() >= before.words.len()
            && self
                .words
                .iter()
                .zip(&before.words)
                .all(|(word, before)| word.narrows(before))
    }

    /// To hold many rows against it.
    pub(super) fn sieve(&self) -> Sieve<'_> {
        Sieve {
            query: self,
            eye: Eye::new(),
            columns: Vec::new(),
            best: Vec::new(),
        }
    }

    /// Which graphemes of a cell, as it is shown, were found. Blanks do not count in an account
    /// number, which is matched without.
    pub(in crate::tui) fn found(&self, cell: &str, eye: &mut Eye) -> Vec<usize> {
        let mut found = Vec::new();
        for word in self.words.iter().filter(|word| !word.negative) {
            let whole = word.places(eye.letters.read(cell), &mut eye.matcher);
            if let Some(places) = whole {
                found.extend(places);
                continue;
            }
            let grouped = |byte| matches!(byte, b' ' | b'0'..=b'9' | b'A'..=b'Z');
            if !cell.contains(' ') || !cell.bytes().all(grouped) {
                continue;
            }
            let squeezed: String = cell.split(' ').collect();
            let places = word.places(eye.letters.read(&squeezed), &mut eye.matcher);
            let solid = cell.graphemes(true).enumerate();
            let solid: Vec<usize> = solid
                .filter(|(_, grapheme)| *grapheme != " ")
                .map(|(place, _)| place)
                .collect();
            let place = |at: usize| solid.get(at).copied();
            found.extend(places.into_iter().flatten().filter_map(place));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
