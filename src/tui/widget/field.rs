//! A line of typed text. Its memory is wiped when it goes, as it may be a secret.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_width::UnicodeWidthStr;
use zeroize::Zeroizing;

use crate::base::{Secret, printable, text_width};

/// Most bytes that a field takes.
const LONGEST: usize = 4096;

/// What was typed so far.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::tui) struct Field {
    text: Zeroizing<String>,
    /// Where the next character goes, in bytes.
    cursor: usize,
    masked: bool,
}

/// A pasted address with a dot for each character of its code, which a screen must not keep.
fn without_code(text: &str) -> String {
    let begins = ["?code=", "&code="].map(|name| text.find(name).map(|at| at + name.len()));
    let bare = text.trim_start().strip_prefix("code=");
    let bare = bare.map(|rest| text.len() - rest.len());
    let Some(begin) = begins.into_iter().chain([bare]).flatten().min() else {
        return text.into();
    };
    let (before, rest) = text.split_at(begin);
    let end = rest.find(['&', '#', ' ']).unwrap_or(rest.len());
    let (code, after) = rest.split_at(end);
    format!("{before}{}{after}", "•".repeat(code.chars().count()))
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Field(…)")
    }
}

impl Field {
    /// An empty field; a masked one shows dots.
    pub(in crate::tui) fn new(masked: bool) -> Self {
        Self {
            // All at once: growing would leave copies behind that nobody wipes.
            text: Zeroizing::new(String::with_capacity(LONGEST)),
            cursor: 0,
            masked,
        }
    }

    /// Takes a key.
    pub(in crate::tui) fn press(&mut self, key: KeyEvent) {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('u') if control => self.remove(0, self.cursor),
            KeyCode::Char('w') if control => self.remove(self.word_before(), self.cursor),
            KeyCode::Char('a') if control => self.cursor = 0,
            KeyCode::Char('e') if control => self.cursor = self.text.len(),
            KeyCode::Char(character) if !control => self.insert(character),
            KeyCode::Backspace => self.remove(self.before(), self.cursor),
            KeyCode::Delete => self.remove(self.cursor, self.after()),
            KeyCode::Left => self.cursor = self.before(),
            KeyCode::Right => self.cursor = self.after(),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.text.len(),
            _ => {}
        }
    }

    /// Takes pasted text, without what could steer a terminal, as far as it fits.
    pub(in crate::tui) fn paste(&mut self, text: &str) {
        for character in text.chars().filter(|c| !c.is_control()) {
            self.insert(character);
        }
    }

    /// What was typed.
    pub(in crate::tui) fn secret(&self) -> Secret {
        Secret::new(self.text.as_str())
    }

    /// What was typed, without blanks around it.
    pub(in crate::tui) fn trimmed(&self) -> &str {
        self.text.trim()
    }

    /// How many characters it has.
    pub(in crate::tui) fn len(&self) -> usize {
        self.text.chars().count()
    }

    /// As it is shown in so many cells, and where the cursor stands in it.
    pub(in crate::tui) fn shown(&self, cells: u16) -> (String, u16) {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let (whole, at) = if self.masked {
            ("•".repeat(self.len()), before.chars().count())
        } else {
            let shown = |text: &str| printable(&without_code(text));
            (shown(&self.text), text_width(&shown(before)))
        };
        let room = usize::from(cells).saturating_sub(1);
        let skip = at.saturating_sub(room);
        let mut passed = 0;
        let seen = whole.chars().skip_while(|character| {
            let hidden = passed < skip;
            passed += character.to_string().width();
            hidden
        });
        let at = u16::try_from(at.min(room)).unwrap_or(u16::MAX);
        let seen = printable(&seen.collect::<String>());
        (super::text::fit(&seen, usize::from(cells)), at)
    }

    fn insert(&mut self, character: char) {
        if self.text.len() + character.len_utf8() <= LONGEST && !character.is_control() {
            self.text.insert(self.cursor, character);
            self.cursor += character.len_utf8();
        }
    }

    fn remove(&mut self, from: usize, to: usize) {
        if from < to {
            self.text.drain(from..to);
            self.cursor = from;
        }
    }

    fn before(&self) -> usize {
        self.text
            .get(..self.cursor)
            .and_then(|text| text.char_indices().next_back())
            .map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.text
            .get(self.cursor..)
            .and_then(|text| text.chars().next())
            .map_or(self.cursor, |character| self.cursor + character.len_utf8())
    }

    fn word_before(&self) -> usize {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let trimmed = before.trim_end();
        trimmed.rfind(' ').map_or(0, |at| at + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_pasted_address_shows_as_dots() {
        for (typed, shown) in [
            (
                "http://localhost:1/callback?code=a1b2&state=s",
                "http://localhost:1/callback?code=••••&state=s",
            ),
            (
                "http://localhost:1/callback?state=s&code=a1b2",
                "http://localhost:1/callback?state=s&code=••••",
            ),
            ("code=a1b2&state=s", "code=••••&state=s"),
            ("barcode=1", "barcode=1"),
        ] {
            let mut field = Field::new(false);
            field.paste(typed);
            let (seen, cursor) = field.shown(80);
            assert_eq!(
                (seen.as_str(), usize::from(cursor)),
                (shown, shown.chars().count())
            );
            assert_eq!(field.trimmed(), typed);
        }
    }
}
