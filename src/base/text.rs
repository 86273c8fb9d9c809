//! Text that came from outside, made safe to show.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Most characters that are kept of one text.
const LONGEST: usize = 9_000;
/// Most code points in one grapheme: stacks of combining marks climb over the lines above.
const TALLEST: usize = 8;
/// What stands for a character that was taken out.
const GONE: char = '\u{fffd}';
/// The square around a keycap emoji.
const KEYCAP: char = '\u{20e3}';

/// Text from the bank on one line, without anything that could steer a terminal, hide, or turn
/// the reading direction. What was taken out shows as U+FFFD, line breaks and tabs as a space.
///
/// Emoji come in their plain form, since terminals disagree on how wide the others are: a family
/// as its members, a thumb without its skin, a heart without the request for colour. So every
/// grapheme is as wide as its characters together, for ratatui and for the terminal alike.
///
/// It is made where JSON is read, and nothing else from the bank reaches screen, log, file,
/// clipboard or standard output (Unicode Technical Report 36).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct BankText(String);

impl BankText {
    /// Cleans the text. What is clean stays as it is.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if text.len() <= LONGEST && text.bytes().all(is_plain) {
            return Self(text.to_owned());
        }
        // What is taken out may bring together what was apart: a pass only shortens or replaces,
        // so there is one that changes nothing.
        let mut before = text.to_owned();
        loop {
            let clean = pass(&before);
            if clean == before {
                return Self(clean);
            }
            before = clean;
        }
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

/// The same cleaning for what people type and the operating system says: names, paths, addresses,
/// errors. Line breaks stay.
#[must_use]
pub fn printable(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(|line| BankText::new(line).0).collect();
    lines.join("\n")
}

/// How many cells a clean text takes: those of its graphemes. The width of the whole may be less,
/// as for some pairs of Arabic letters, which terminals draw apart.
#[must_use]
pub fn text_width(text: &str) -> usize {
    // Most of what a table shows: a cell for each byte.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.len();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

fn pass(text: &str) -> String {
    let mut clean = String::with_capacity(text.len().min(LONGEST));
    let mut room = LONGEST;
    for grapheme in text.graphemes(true) {
        if room == 0 {
            break;
        }
        if grapheme.bytes().all(is_plain) {
            clean.push_str(grapheme);
            room -= 1;
            continue;
        }
        for character in cleaned(grapheme).into_iter().take(room) {
            clean.push(character);
            room -= 1;
        }
    }
    clean
}

/// What is kept of one grapheme.
fn cleaned(grapheme: &str) -> Vec<char> {
    let first = grapheme.chars().next().unwrap_or(GONE);
    let last = grapheme.chars().last().unwrap_or(GONE);
    let has_keycap = grapheme.contains(KEYCAP);
    let mut kept: Vec<char> = grapheme
        .chars()
        .enumerate()
        .filter(|(place, character)| match character {
            // A joiner that joins, as in a family.
            '\u{200d}' => is_joiner(first) || is_joiner(last),
            // How an emoji is to be drawn.
            '\u{fe0e}' | '\u{fe0f}' => *place == 0 || (first.is_alphanumeric() && !has_keycap),
            '\u{1f3fb}'..='\u{1f3ff}' => *place == 0,
            _ => true,
        })
        .map(|(_, character)| safe(character))
        .take(TALLEST)
        .collect();
    // Without a base it would sit on whatever stands before this text.
    if let Some(base) = kept.first_mut()
        && base.width().unwrap_or_default() == 0
    {
        *base = GONE;
    }
    let apart: usize = kept.iter().filter_map(|character| character.width()).sum();
    if String::from_iter(&kept).width() != apart {
        kept.truncate(1);
        kept.push(GONE);
    }
    kept
}

/// A character of ASCII that is what it looks like. Each is a grapheme.
fn is_plain(byte: u8) -> bool {
    byte == b' ' || byte.is_ascii_graphic()
}

fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

fn safe(character: char) -> char {
    use GeneralCategory as G;
    match character {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        // Letters and signs by category, but drawn as nothing.
        '\u{115f}'
        | '\u{1160}'
        | '\u{3164}'
        | '\u{ffa0}'
        | '\u{2800}'
        | '\u{034f}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{16fe4}'
        | '\u{1d159}' => GONE,
        // Variation selectors.
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => GONE,
        // Three cells by its tables, one on terminals.
        '\u{17d8}' => GONE,
        _ => match get_general_category(character) {
            G::Control
            | G::Format
            | G::LineSeparator
            | G::ParagraphSeparator
            | G::PrivateUse
            | G::Unassigned
            | G::Surrogate => GONE,
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
            "محمد السلام",
            "Ιωάννης",
            "ลีลาวดี",
            "नरेन्द्र क्षत्रिय",
            "홍길동",
            "🎁 gifts 🇳🇱",
            "A+B & Co.",
        ] {
            assert_eq!(BankText::new(name).as_str(), name);
        }
    }

    #[test]
    fn emoji_come_in_the_form_on_whose_width_all_agree() {
        for (name, plain) in [
            ("Family 👨‍👩‍👧", "Family 👨👩👧"),
            ("❤️", "❤"),
            ("👍🏽", "👍"),
            ("1️⃣", "1\u{20e3}"),
            ("🏳️‍🌈", "🏳🌈"),
        ] {
            assert_eq!(BankText::new(name).as_str(), plain);
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
            "a\u{200d}b",
            "a\u{fe0f}b",
            "a\u{2066}b",
            "a\u{feff}b",
            "a\u{e0041}b",
            "a\u{ad}b",
            "\u{200d}a",
            "\u{301}a",
            "a\u{1161}b",
            "a\u{3164}b",
            "a\u{0}b",
        ] {
            let clean = BankText::new(bad);
            assert!(clean.as_str().contains(GONE), "{bad:?} gave {clean:?}");
            assert!(!clean.as_str().chars().any(char::is_control), "{bad:?}");
        }
        assert_eq!(BankText::new("two\nlines\t").as_str(), "two lines ");
    }

    #[test]
    fn every_character_is_seen_and_counted_alike() {
        // Ideographs, Hangul syllables, private use and what is not assigned are all alike.
        let alike = [
            '\u{3500}'..='\u{9f00}',
            '\u{ac10}'..='\u{d7a0}',
            '\u{e100}'..='\u{f800}',
        ];
        let all = ('\0'..='\u{1ffff}').chain('\u{e0000}'..='\u{e01ff}');
        for character in all.filter(|c| !alike.iter().any(|range| range.contains(c))) {
            let text = format!("{character}a{character}");
            let clean = BankText::new(&text);
            for grapheme in clean.as_str().graphemes(true) {
                let apart: usize = grapheme.chars().filter_map(|c| c.width()).sum();
                let most = 2 * grapheme.chars().count();
                assert!((1..=most).contains(&apart), "{text:?} gave {clean:?}");
                assert_eq!(grapheme.width(), apart, "{text:?} gave {clean:?}");
            }
        }
    }

    #[test]
    fn marks_do_not_pile_up() {
        let tower = format!("a{}", "\u{301}".repeat(100));
        assert_eq!(BankText::new(&tower).as_str().chars().count(), TALLEST);
    }

    #[test]
    fn has_an_end() {
        for letter in ["x", "é", "\u{1b}"] {
            let long = letter.repeat(LONGEST + 10);
            assert_eq!(BankText::new(&long).as_str().chars().count(), LONGEST);
        }
    }

    #[test]
    fn what_people_type_keeps_its_lines() {
        assert_eq!(printable("a\u{1b}b\nc\r\n"), "a\u{fffd}b\nc \n");
    }
}
