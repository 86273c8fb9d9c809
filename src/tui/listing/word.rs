//! One word of a filter. Fuzzy ones are nucleo's; what is to be found as it stands is looked for here:
//! nucleo 0.3.1 misses it at the end of a cell with other than ASCII letters (helix-editor/nucleo, pull
//! request 104).

use nucleo_matcher::chars::{is_upper_case, normalize, to_lower_case};
use nucleo_matcher::{Matcher, Utf32Str};
use unicode_segmentation::UnicodeSegmentation;

/// Where a word must stand in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Its letters one after the other, with others between them.
    Fuzzy,
    /// As it stands, anywhere.
    Within,
    /// As it stands, at the beginning.
    Begins,
    /// As it stands, at the end.
    Ends,
    /// As it stands, and nothing else.
    Whole,
}

/// One word of it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Word {
    kind: Kind,
    /// Whether no cell may have it.
    pub(super) negative: bool,
    text: String,
    /// Its letters as they are compared, and the same as text where all are ASCII.
    letters: Vec<char>,
    ascii: Option<String>,
    /// Whether capitals do not count: it has none.
    ignore_case: bool,
    /// Whether marks on letters do not count: it has none.
    ignore_marks: bool,
}

/// For each letter of what was found, as nucleo has it.
const A_LETTER: u16 = 16;
/// For what begins a cell, and for what begins a word in one.
const A_BEGINNING: (u16, u16) = (20, 16);

impl Word {
    /// A word as it was typed; none where only its marks were typed so far.
    pub(super) fn parse(typed: &str) -> Option<Self> {
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
            (true, true) => Kind::Whole,
            (true, false) => Kind::Begins,
            (false, true) => Kind::Ends,
            (false, false) if exact || negative || number => Kind::Within,
            (false, false) => Kind::Fuzzy,
        };
        let graphemes = text.graphemes(true);
        let letters: Vec<char> = graphemes.filter_map(|one| one.chars().next()).collect();
        let plain = |letter: &char| normalize(*letter) == *letter;
        Some(Self {
            kind,
            negative,
            ascii: text.is_ascii().then(|| text.to_owned()),
            ignore_case: !letters.iter().any(|letter| is_upper_case(*letter)),
            ignore_marks: letters.iter().all(plain),
            text: text.into(),
            letters,
        })
    }

    /// Whether whatever this word finds was found by the other as well.
    pub(super) fn narrows(&self, before: &Self) -> bool {
        if self == before {
            return true;
        }
        let kinds = match (before.kind, self.kind) {
            (Kind::Fuzzy, Kind::Fuzzy | Kind::Within) => true,
            (one, other) => one == other && matches!(one, Kind::Within | Kind::Begins),
        };
        !self.negative && !before.negative && self.text.starts_with(&before.text) && kinds
    }

    /// As nucleo wants it.
    fn needle(&self) -> Utf32Str<'_> {
        match &self.ascii {
            Some(text) => Utf32Str::Ascii(text.as_bytes()),
            None => Utf32Str::Unicode(&self.letters),
        }
    }

    fn set_up(&self, matcher: &mut Matcher) {
        matcher.config.ignore_case = self.ignore_case;
        matcher.config.normalize = self.ignore_marks;
    }

    /// How well a cell fits; none when it does not.
    pub(super) fn score(&self, cell: Utf32Str<'_>, matcher: &mut Matcher) -> Option<u16> {
        if self.kind == Kind::Fuzzy {
            self.set_up(matcher);
            return matcher.fuzzy_match(cell, self.needle());
        }
        let (_, beginning) = self.stands(cell)?;
        let letters = u16::try_from(self.letters.len()).unwrap_or(u16::MAX);
        Some(letters.saturating_mul(A_LETTER).saturating_add(beginning))
    }

    /// Which letters of a cell it finds; none when it does not.
    pub(super) fn places(&self, cell: Utf32Str<'_>, matcher: &mut Matcher) -> Option<Vec<usize>> {
        if self.kind == Kind::Fuzzy {
            self.set_up(matcher);
            let mut places = Vec::new();
            matcher.fuzzy_indices(cell, self.needle(), &mut places)?;
            return Some(places.into_iter().map(|place| place as usize).collect());
        }
        let (begin, _) = self.stands(cell)?;
        Some((begin..begin + self.letters.len()).collect())
    }

    /// Where it stands in a cell, at best where a word begins, and what that is worth.
    fn stands(&self, cell: Utf32Str<'_>) -> Option<(usize, u16)> {
        match (cell, &self.ascii) {
            (Utf32Str::Ascii(cell), Some(text)) => {
                let (text, folds) = (text.as_bytes(), self.ignore_case);
                let same = |window: &[u8]| match folds {
                    true => window.eq_ignore_ascii_case(text),
                    false => window == text,
                };
                self.place(cell, same, |letter| letter.is_ascii_alphanumeric())
            }
            // No capital and no mark makes another letter one of these.
            (Utf32Str::Ascii(_), None) => None,
            (Utf32Str::Unicode(cell), _) => {
                let same = |window: &[char]| {
                    let folded = window.iter().map(|letter| self.fold(*letter));
                    folded.eq(self.letters.iter().copied())
                };
                self.place(cell, same, |letter| letter.is_alphanumeric())
            }
        }
    }

    /// A letter of a cell as it is compared.
    fn fold(&self, letter: char) -> char {
        let letter = if self.ignore_marks {
            normalize(letter)
        } else {
            letter
        };
        if self.ignore_case {
            to_lower_case(letter)
        } else {
            letter
        }
    }

    fn place<T>(
        &self,
        cell: &[T],
        same: impl Fn(&[T]) -> bool,
        is_of_a_word: impl Fn(&T) -> bool,
    ) -> Option<(usize, u16)> {
        let length = self.letters.len();
        let last = cell.len().checked_sub(length)?;
        let places = match self.kind {
            Kind::Whole if last > 0 => return None,
            Kind::Begins | Kind::Whole => 0..=0,
            Kind::Ends => last..=last,
            Kind::Within | Kind::Fuzzy => 0..=last,
        };
        let worth = |place: usize| match place.checked_sub(1).and_then(|before| cell.get(before)) {
            None => A_BEGINNING.0,
            Some(before) if !is_of_a_word(before) => A_BEGINNING.1,
            Some(_) => 0,
        };
        let mut best: Option<(usize, u16)> = None;
        for place in places {
            if !cell.get(place..place + length).is_some_and(&same) {
                continue;
            }
            let worth = worth(place);
            if worth > 0 {
                return Some((place, worth));
            }
            best = best.or(Some((place, worth)));
        }
        best
    }
}
