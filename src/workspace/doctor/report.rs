//! The findings as a table and as JSON.

use crate::base::{Problem, text_width};
use crate::workspace::{Check, Verdict, export};

/// What the doctor found, as an array of rows.
///
/// # Errors
/// Never for what this program makes; the encoder can fail by its type.
pub fn checks_json(checks: &[Check]) -> Result<String, Problem> {
    export::to_json(&checks)
}

/// What the doctor found, for people: the verdict first, what to do below it.
#[must_use]
pub fn checks_table(checks: &[Check]) -> String {
    let width = checks.iter().map(|check| text_width(check.topic)).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for check in checks {
        let mark = match check.verdict {
            Verdict::Good => "ok    ",
            Verdict::Notice => "notice",
            Verdict::Bad => "BAD   ",
            Verdict::Unknown => "?     ",
        };
        let indent = " ".repeat(mark.len() + width + 2);
        let finding = check.finding.replace('\n', &format!("\n{indent}"));
        text += &format!("{mark} {:<width$} {finding}\n", check.topic);
        if !check.remedy.is_empty() {
            text += &format!("{indent}-> {}\n", check.remedy);
        }
    }
    text
}
