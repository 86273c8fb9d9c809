//! Text that came from the bank, made safe to show.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_segmentation::UnicodeSegmentation;

/// Most characters that are kept of one text.
const LONGEST: usize = 9_000;
/// Most code points in one grapheme: stacks of combining marks climb over the lines above.
const TALLEST: usize = 8;

/// Text from the bank on one line, without anything that could steer a terminal, hide, or turn
/// the reading direction. What was taken out shows as U+FFFD, line breaks and tabs as a space.
///
/// It is made where JSON is read, and nothing else from the bank reaches screen, log, file,
/// clipboard or standard output (Unicode Technical Report 36).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct BankText(String);

impl BankText {
    /// Cleans the text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut clean = String::with_capacity(text.len().min(LONGEST));
        let mut kept = 0;
        for grapheme in text.graphemes(true) {
            let joins = joins_letters(grapheme);
            for character in grapheme.chars().take(TALLEST) {
                if kept == LONGEST {
                    return Self(clean);
                }
                clean.push(safe(character, joins));
                kept += 1;
            }
        }
        Self(clean)
    }

    /// The cleaned text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a joiner in this grapheme does its work, as in an emoji of a family.
fn joins_letters(grapheme: &str) -> bool {
    let mut characters = grapheme.chars();
    let first = characters.next().is_some_and(|c| !is_joiner(c));
    let last = grapheme.chars().last().is_some_and(|c| !is_joiner(c));
    first && last
}

fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

fn safe(character: char, joins: bool) -> char {
    use GeneralCategory as G;
    match character {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        '\u{200d}' if joins => character,
        // Letters by category, but drawn as nothing.
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' | '\u{034f}'
        | '\u{17b4}' | '\u{17b5}' => '\u{fffd}',
        // Variation selectors: only the one that asks for an emoji is of use.
        '\u{fe0f}' => character,
        '\u{fe00}'..='\u{fe0e}' | '\u{e0100}'..='\u{e01ef}' => '\u{fffd}',
        _ => match get_general_category(character) {
            G::Control
            | G::Format
            | G::LineSeparator
            | G::ParagraphSeparator
            | G::PrivateUse
            | G::Unassigned
            | G::Surrogate => '\u{fffd}',
            G::SpaceSeparator => ' ',
            _ => character,
        },
    }
}

impl fmt::Display for BankText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<&str> for BankText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl<'de> Deserialize<'de> for BankText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::new(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in [
            "Zoë Müller",
            "李小龍",
            "محمد",
            "Ιωάννης",
            "Family 👨‍👩‍👧",
            "❤️",
            "A+B & Co.",
        ] {
            assert_eq!(BankText::new(name).as_str(), name);
        }
    }

    #[test]
    fn nothing_steers_the_terminal_or_hides() {
        for bad in [
            "\u{1b}[31mred",
            "\u{9b}2J",
            "a\u{7}b",
            "a\u{202e}b",
            "a\u{200b}b",
            "a\u{2066}b",
            "a\u{feff}b",
            "a\u{e0041}b",
            "a\u{ad}b",
            "\u{200d}a",
            "a\u{3164}b",
            "a\u{0}b",
        ] {
            let clean = BankText::new(bad);
            assert!(
                clean.as_str().contains('\u{fffd}'),
                "{bad:?} gave {clean:?}"
            );
            assert!(!clean.as_str().chars().any(char::is_control), "{bad:?}");
        }
        assert_eq!(BankText::new("two\nlines\t").as_str(), "two lines ");
    }

    #[test]
    fn marks_do_not_pile_up() {
        let tower = format!("a{}", "\u{301}".repeat(100));
        assert_eq!(BankText::new(&tower).as_str().chars().count(), TALLEST);
    }

    #[test]
    fn has_an_end() {
        let long = "x".repeat(LONGEST + 10);
        assert_eq!(BankText::new(&long).as_str().len(), LONGEST);
    }
}
