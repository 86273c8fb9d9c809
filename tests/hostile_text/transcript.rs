//! What was written to a terminal, byte for byte, held against what this program means to write.

use crate::sweep::is_forbidden;

/// What a transcript holds.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    pub(crate) bytes: usize,
    /// Sequences that are ours.
    pub(crate) ours: usize,
    /// What was put on the clipboard.
    pub(crate) copied: Vec<String>,
    pub(crate) wrong: Vec<String>,
}

/// Modes that are set and reset: keys of the cursor are not among them, nor is the mouse.
const MODES: [&str; 10] = [
    "?25", "?1049", "?2004", "?2026", "?7", "?1000", "?1002", "?1003", "?1006", "?1015",
];

/// What the terminal is asked before the first frame, and only there: its background, and what it
/// is, which every terminal answers.
const QUESTION: &str = "\u{1b}]11;?\u{7}\u{1b}[c";

/// Reads a transcript of the screens.
pub(crate) fn of_screens(bytes: &[u8]) -> Transcript {
    let frames = bytes.strip_prefix(QUESTION.as_bytes()).unwrap_or(bytes);
    read(frames, true)
}

/// Reads a transcript of a command, which writes no sequence at all.
pub(crate) fn of_command(bytes: &[u8]) -> Transcript {
    read(bytes, false)
}

fn read(bytes: &[u8], sequences: bool) -> Transcript {
    let mut seen = Transcript {
        bytes: bytes.len(),
        ..Transcript::default()
    };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            seen.wrong.push(format!("no UTF-8: {error}"));
            return seen;
        }
    };
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if character == '\u{1b}' && sequences {
            let taken = sequence(rest, &mut seen);
            rest = &rest[taken..];
            continue;
        }
        if is_forbidden(character) && !matches!(character, '\r' | '\n') {
            seen.wrong
                .push(format!("{character:?} before {:?}", excerpt(rest)));
        }
        rest = &rest[character.len_utf8()..];
    }
    seen
}

/// Takes one sequence off the front; one that is not ours is noted.
fn sequence(text: &str, seen: &mut Transcript) -> usize {
    let body = &text[1..];
    let copied = body.strip_prefix("]52;c;");
    if let Some((payload, _)) = copied.and_then(|rest| rest.split_once("\u{1b}\\")) {
        seen.ours += 1;
        seen.copied.push(payload.to_owned());
        return "\u{1b}]52;c;\u{1b}\\".len() + payload.len();
    }
    if let Some(rest) = body.strip_prefix('[') {
        let end = rest.find(|c: char| ('@'..='~').contains(&c)).unwrap_or(0);
        let (parameters, last) = (&rest[..end], rest[end..].chars().next());
        if last.is_some_and(|last| is_ours(parameters, last)) {
            seen.ours += 1;
            return "\u{1b}[x".len() + end;
        }
    }
    seen.wrong.push(format!("not ours: {:?}", excerpt(text)));
    1
}

/// What crossterm and ratatui write: cursor, colours and attributes, clearing, modes.
fn is_ours(parameters: &str, last: char) -> bool {
    let numbers = parameters
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ';' | ':'));
    match last {
        'H' | 'm' | 'J' | 'K' | 'A' | 'B' | 'C' | 'D' | 'G' | 'd' => numbers,
        'h' | 'l' => MODES.contains(&parameters),
        _ => false,
    }
}

fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}

#[test]
fn a_foreign_sequence_is_seen() {
    let ours = "\u{1b}[?1049h\u{1b}[2;3H\u{1b}[38;5;1mtext\u{1b}[0m\u{1b}]52;c;aGk=\u{1b}\\\r\n";
    let seen = of_screens(ours.as_bytes());
    assert!(seen.wrong.is_empty(), "{seen:?}");
    assert_eq!(
        (seen.ours, seen.copied.as_slice()),
        (5, &["aGk=".to_owned()][..])
    );
    assert!(!of_command(ours.as_bytes()).wrong.is_empty());
    for foreign in [
        "\u{1b}]0;x\u{7}",
        "\u{1b}[?1004h",
        "\u{1b}[6n",
        "\u{1b}c",
        "\u{9b}2J",
        "\u{1b}P$qm\u{1b}\\",
        "\u{202e}",
        "\u{200b}",
        "\t",
        "\u{7}",
        "\u{1b}[201~",
        "\u{1b}]52;c;?\u{7}",
    ] {
        assert!(
            !of_screens(foreign.as_bytes()).wrong.is_empty(),
            "{foreign:?}"
        );
    }
    assert!(!of_screens(b"\x9b2J").wrong.is_empty());
    assert!(of_screens(QUESTION.as_bytes()).wrong.is_empty());
    let again = [QUESTION, QUESTION].concat();
    assert!(!of_screens(again.as_bytes()).wrong.is_empty());
}
