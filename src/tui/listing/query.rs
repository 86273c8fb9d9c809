//! What was typed to find rows: words parted by blanks, all of which must be found.

use std::fmt;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use unicode_segmentation::UnicodeSegmentation;

/// One word of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    atom: Atom,
}

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
                if word.atom.negative && score.is_none() {
                    return None;
                }
                *best = (*best).max(*score);
            }
        }
        let mut sum = 0;
        for best in &self.best {
            sum += u32::from((*best)?);
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
            self.scores
                .push(word.atom.score(haystack, &mut eye.matcher));
        }
    }
}

/// Room for the letters of a cell.
#[derive(Default)]
struct Letters(Vec<char>);

/// Below this, a character is a letter of its own and stands on no other.
const FIRST_MARK: char = '\u{300}';

impl Letters {
    /// A cell as it is matched. Cutting it into graphemes takes long and is rarely needed.
    fn read<'a>(&'a mut self, cell: &'a str) -> Utf32Str<'a> {
        if cell.is_ascii() {
            return Utf32Str::Ascii(cell.as_bytes());
        }
        self.0.clear();
        self.0.extend(cell.chars());
        if self.0.iter().all(|letter| *letter < FIRST_MARK) {
            return Utf32Str::Unicode(&self.0);
        }
        self.0.clear();
        Utf32Str::new(cell, &mut self.0)
    }
}

/// What matching needs room for; made once for many rows.
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

impl Word {
    /// A word as it was typed; none where only its marks were typed so far.
    fn parse(typed: &str) -> Option<Self> {
        let (negative, rest) = match typed.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, typed),
        };
        let (begins, exact, rest) = match (rest.strip_prefix('^'), rest.strip_prefix('\'')) {
            (Some(rest), _) => (true, false, rest),
            (None, Some(rest)) => (false, true, rest),
            (None, None) => (false, false, rest),
        };
        let (ends, text) = match rest.strip_suffix('$') {
            Some(before) if !before.is_empty() => (true, before),
            _ => (false, rest),
        };
        if text.is_empty() {
            return None;
        }
        let number = text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_digit());
        let kind = match (begins, ends) {
            (true, true) => AtomKind::Exact,
            (true, false) => AtomKind::Prefix,
            (false, true) => AtomKind::Postfix,
            (false, false) if exact || negative || number => AtomKind::Substring,
            (false, false) => AtomKind::Fuzzy,
        };
        let mut atom = Atom::new(text, CaseMatching::Smart, Normalization::Smart, kind, false);
        atom.negative = negative;
        Some(Self {
            text: text.into(),
            atom,
        })
    }

    /// Whether whatever this word finds was found by the other as well.
    fn narrows(&self, before: &Self) -> bool {
        if self == before {
            return true;
        }
        let grown = self.text.starts_with(&before.text);
        let kinds = match (before.atom.kind, self.atom.kind) {
            (AtomKind::Fuzzy, AtomKind::Fuzzy | AtomKind::Substring) => true,
            (one, other) => one == other && matches!(one, AtomKind::Substring | AtomKind::Prefix),
        };
        !self.atom.negative && !before.atom.negative && grown && kinds
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

    /// Which graphemes of a cell, as it is shown, were found. Blanks in it do not count where the
    /// cell has none of the words with them.
    pub(in crate::tui) fn found(&self, cell: &str, eye: &mut Eye) -> Vec<usize> {
        let mut found = Vec::new();
        for word in self.words.iter().filter(|word| !word.atom.negative) {
            let mut places = Vec::new();
            let haystack = eye.letters.read(cell);
            if word
                .atom
                .indices(haystack, &mut eye.matcher, &mut places)
                .is_some()
            {
                found.extend(places.iter().map(|place| *place as usize));
                continue;
            }
            if !cell.contains(' ') {
                continue;
            }
            let squeezed: String = cell.split(' ').collect();
            let haystack = eye.letters.read(&squeezed);
            if word
                .atom
                .indices(haystack, &mut eye.matcher, &mut places)
                .is_some()
            {
                let solid = cell.graphemes(true).enumerate();
                let solid: Vec<usize> = solid
                    .filter(|(_, grapheme)| *grapheme != " ")
                    .map(|(place, _)| place)
                    .collect();
                let place = |at: &u32| solid.get(*at as usize).copied();
                found.extend(places.iter().filter_map(place));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const ROW: [&str; 4] = ["12", "Zoë Müller", "NL14BUNQ2025404017", "4118.00 EUR"];

    #[rstest]
    #[case("", true)]
    #[case("zoe", true)]
    #[case("Zoe", true)]
    #[case("zml", true)]
    #[case("zoe 4118", true)]
    #[case("zoe 4119", false)]
    #[case("ZOE", false)]
    #[case("'mul", true)]
    #[case("'mlr", false)]
    #[case("^zo", true)]
    #[case("^mu", false)]
    #[case("^nl14", true)]
    #[case("ller$", true)]
    #[case("zo$", false)]
    #[case("4017$", true)]
    #[case("^12$", true)]
    #[case("^1$", false)]
    #[case("!bunq", false)]
    #[case("!rabo", true)]
    #[case("!^zo", false)]
    #[case("!^mu", true)]
    #[case("!17$", false)]
    #[case("404017", true)]
    #[case("2025 4040 17", true)]
    // A number is no fuzzy word: its digits stand together, in one cell.
    #[case("2517", false)]
    #[case("124118", false)]
    #[case("12zoe", false)]
    // Only marks so far.
    #[case("'", true)]
    #[case("^", true)]
    #[case("!", true)]
    #[case("!^", true)]
    #[case("$", false)]
    fn words_find_a_row(#[case] typed: &str, #[case] found: bool) {
        let score = Query::parse(typed).sieve().score(ROW.into_iter());
        assert_eq!(score.is_some(), found, "{typed}: {score:?}");
    }

    #[rstest]
    #[case("a", "ab", true)]
    #[case("ab", "a", false)]
    #[case("a", "a b", true)]
    #[case("a b", "a", false)]
    #[case("1", "12", true)]
    // `12` as it stands, but `12a` fuzzily.
    #[case("12", "12a", false)]
    #[case("12", "123", true)]
    #[case("'a", "'ab", true)]
    #[case("!a", "!ab", false)]
    #[case("!a", "!a b", true)]
    #[case("^a", "^ab", true)]
    #[case("^a", "^a$", false)]
    #[case("a$", "ab$", false)]
    #[case("'", "'a", true)]
    #[case("", "a", true)]
    fn what_grows_is_looked_for_only_where_it_was_found(
        #[case] before: &str,
        #[case] after: &str,
        #[case] narrows: bool,
    ) {
        assert_eq!(Query::parse(after).narrows(&Query::parse(before)), narrows);
    }

    #[test]
    fn a_cell_that_comes_again_is_found_again() {
        let query = Query::parse("mul !rabo");
        let mut sieve = query.sieve();
        let rows = [
            (["Zoë Müller", "NL14BUNQ1"], true),
            (["Zoë Müller", "NL39RABO2"], false),
            (["Zoë Müller", "NL14BUNQ1"], true),
            (["Gerda", "NL14BUNQ1"], false),
            (["Zoë Müller", "NL14BUNQ1"], true),
            (["", ""], false),
        ];
        for (row, found) in rows {
            assert_eq!(sieve.score(row.into_iter()).is_some(), found, "{row:?}");
        }
    }

    #[rstest]
    #[case("4017", "NL14 BUNQ 2025 4040 17", vec![17, 18, 20, 21])]
    #[case("ller", "Zoë Müller", vec![6, 7, 8, 9])]
    // A mark of its own on the letter before is no letter.
    #[case("'ler", "Mu\u{308}ller", vec![3, 4, 5])]
    #[case("!ller", "Zoë Müller", vec![])]
    #[case("x", "Zoë Müller", vec![])]
    fn what_was_found_is_marked_in_the_cell_as_shown(
        #[case] typed: &str,
        #[case] cell: &str,
        #[case] places: Vec<usize>,
    ) {
        let found = Query::parse(typed).found(cell, &mut Eye::new());
        assert_eq!(found, places);
    }
}
