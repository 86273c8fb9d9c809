//! A key as it is pressed, as the screens write it, and as a person writes it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key as the table writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Chord {
    /// A character as typed, capitals included.
    Char(char),
    /// Ctrl and a character.
    Ctrl(char),
    /// Alt and a character, capitals included.
    Alt(char),
    /// A key without a character.
    Code(KeyCode),
}

/// Keys without a character, as they are written in words; the first of several names is ours.
const NAMED: [(&str, KeyCode); 22] = [
    ("Enter", KeyCode::Enter),
    ("Return", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Escape", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Shift-Tab", KeyCode::BackTab),
    ("BackTab", KeyCode::BackTab),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("PageUp", KeyCode::PageUp),
    ("PgUp", KeyCode::PageUp),
    ("PageDown", KeyCode::PageDown),
    ("PgDn", KeyCode::PageDown),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("Insert", KeyCode::Insert),
    ("Ins", KeyCode::Insert),
    ("Delete", KeyCode::Delete),
    ("Del", KeyCode::Delete),
    ("Backspace", KeyCode::Backspace),
];

/// The last function key that every terminal has.
const LAST_FUNCTION_KEY: u8 = 12;

impl Chord {
    /// What was pressed; none for keys with Super and the like, which mean nothing here.
    pub(in crate::tui) fn of(key: KeyEvent) -> Option<Self> {
        let KeyEvent {
            code, modifiers, ..
        } = key;
        let known = KeyModifiers::SHIFT | KeyModifiers::CONTROL | KeyModifiers::ALT;
        if !modifiers.difference(known).is_empty() {
            return None;
        }
        let control = modifiers.contains(KeyModifiers::CONTROL);
        let alt = modifiers.contains(KeyModifiers::ALT);
        // Some terminals send the small letter with Shift.
        let shifted = |character: char| {
            if modifiers.contains(KeyModifiers::SHIFT) {
                character.to_ascii_uppercase()
            } else {
                character
            }
        };
        match code {
            _ if alt && control => None,
            KeyCode::Char(character) if alt => Some(Self::Alt(shifted(character))),
            _ if alt => None,
            KeyCode::Char(character) if control => Some(Self::Ctrl(character.to_ascii_lowercase())),
            KeyCode::Char(character) => Some(Self::Char(shifted(character))),
            KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => {
                Some(Self::Code(KeyCode::BackTab))
            }
            code => Some(Self::Code(code)),
        }
    }

    /// Whether a text field takes it: it types or edits.
    pub(in crate::tui) fn is_typed(self) -> bool {
        match self {
            Self::Char(_) => true,
            Self::Ctrl(character) => matches!(character, 'a' | 'e' | 'u' | 'w'),
            Self::Alt(_) => false,
            Self::Code(code) => matches!(
                code,
                KeyCode::Backspace
                    | KeyCode::Delete
                    | KeyCode::Left
                    | KeyCode::Right
                    | KeyCode::Home
                    | KeyCode::End
            ),
        }
    }

    /// As it is written on the screen.
    pub(in crate::tui) fn label(self) -> String {
        match self {
            Self::Char(' ') => "Space".into(),
            Self::Char(character) => character.into(),
            Self::Ctrl(character) => format!("Ctrl-{}", character.to_ascii_uppercase()),
            Self::Alt(character) => format!("Alt-{character}"),
            Self::Code(code) => match code {
                KeyCode::Up => "↑".into(),
                KeyCode::Down => "↓".into(),
                KeyCode::Left => "←".into(),
                KeyCode::Right => "→".into(),
                KeyCode::PageUp => "PgUp".into(),
                KeyCode::PageDown => "PgDn".into(),
                KeyCode::BackTab => "Shift-Tab".into(),
                other => other.to_string(),
            },
        }
    }

    /// As a person writes it, so that [`Chord::parse`] reads it back.
    pub(super) fn word(self) -> String {
        match self {
            Self::Char(_) | Self::Alt(_) => self.label(),
            Self::Ctrl(character) => format!("Ctrl-{character}"),
            Self::Code(code) => NAMED
                .iter()
                .find(|(_, named)| *named == code)
                .map_or_else(|| code.to_string(), |(name, _)| (*name).to_owned()),
        }
    }

    /// Reads what a person wrote, or says why no key can be meant.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        if let Some(character) = only(text) {
            return if character.is_control() {
                Err("it is no character that a key types")
            } else {
                Ok(Self::Char(character))
            };
        }
        let lower = text.to_ascii_lowercase();
        if lower == "space" {
            return Ok(Self::Char(' '));
        }
        if let Some((_, code)) = NAMED
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text))
        {
            return Ok(Self::Code(*code));
        }
        if let Some(number) = lower.strip_prefix('f').and_then(|rest| rest.parse().ok()) {
            return if (1..=LAST_FUNCTION_KEY).contains(&number) {
                Ok(Self::Code(KeyCode::F(number)))
            } else {
                Err("function keys go from F1 to F12")
            };
        }
        let after = |name: &str| {
            let rest = lower.strip_prefix(name)?.strip_prefix(['-', '+'])?;
            text.get(text.len() - rest.len()..)
        };
        if let Some(rest) = after("ctrl") {
            return with_control(rest);
        }
        if let Some(rest) = after("alt") {
            return with_alt(rest);
        }
        if after("shift").is_some() {
            return Err("Shift goes with Tab only; a capital is written as it is typed, as A");
        }
        Err("no key is called so; write a, A, Ctrl-x, Alt-x, Enter, PageUp, F1 and the like")
    }
}

fn with_control(rest: &str) -> Result<Chord, &'static str> {
    match only(rest).map(|character| character.to_ascii_lowercase()) {
        Some('i') => Err("terminals send the same for Ctrl-i and Tab"),
        Some('m') => Err("terminals send the same for Ctrl-m and Enter"),
        Some('[') => Err("terminals send the same for Ctrl-[ and Esc"),
        Some(letter) if letter.is_ascii_lowercase() => Ok(Chord::Ctrl(letter)),
        _ => Err("Ctrl goes with one letter from a to z"),
    }
}

fn with_alt(rest: &str) -> Result<Chord, &'static str> {
    match only(rest) {
        Some('[' | 'O') => Err("terminals begin other keys with what they send for it"),
        Some(character) if !character.is_control() && character != ' ' => Ok(Chord::Alt(character)),
        _ => Err("Alt goes with one character"),
    }
}

/// The character, where the text is one alone.
fn only(text: &str) -> Option<char> {
    let mut characters = text.chars();
    let first = characters.next()?;
    characters.next().is_none().then_some(first)
}
