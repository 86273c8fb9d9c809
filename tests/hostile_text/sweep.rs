//! What no screen, file or output may hold, by Unicode's own tables.

use unicode_general_category::{GeneralCategory as G, get_general_category};
use unicode_segmentation::UnicodeSegmentation;

/// Most code points that may be one sign.
const TALLEST: usize = 8;

/// Whether a character steers a terminal, turns the reading direction, hides, or is nobody's.
pub(crate) fn is_forbidden(character: char) -> bool {
    let category = get_general_category(character);
    matches!(
        category,
        G::Control
            | G::Format
            | G::Surrogate
            | G::PrivateUse
            | G::Unassigned
            | G::LineSeparator
            | G::ParagraphSeparator
    ) || matches!(character,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}')
}

/// What is wrong with a text of lines.
pub(crate) fn faults(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text
        .chars()
        .filter(|character| *character != '\n' && is_forbidden(*character))
        .map(|character| format!("U+{:04X}", u32::from(character)))
        .collect();
    let towers = text
        .graphemes(true)
        .filter(|one| one.chars().count() > TALLEST);
    found.extend(towers.map(|tower| format!("a tower of {}", tower.chars().count())));
    found
}
