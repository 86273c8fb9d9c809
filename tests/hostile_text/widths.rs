//! What ratatui counts is what a terminal draws, or columns would shift.

use bunq_tui::base::{BankText, text_width};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

const COLUMNS: u16 = 20_000;

/// In which column a terminal's cursor stands after a text.
fn drawn(text: &str) -> usize {
    let cells = |count: u16| std::num::NonZeroU16::new(count).unwrap();
    let mut parser = vt100::Parser::new(cells(1), cells(COLUMNS), 0);
    // This terminal takes U+FFFD for a fault of its input and draws nothing; others draw a cell.
    parser.process(text.replace('\u{fffd}', "?").as_bytes());
    usize::from(parser.screen().cursor_position().1)
}

#[test]
fn every_clean_text_is_as_wide_as_it_is_counted() {
    let mut count = 0;
    for text in crate::strings::texts() {
        let clean = BankText::new(&text);
        let clean = clean.as_str();
        let counted: usize = clean.graphemes(true).map(UnicodeWidthStr::width).sum();
        assert_eq!(text_width(clean), counted, "{clean:?}");
        assert_eq!(drawn(clean), counted, "{clean:?}");
        count += 1;
    }
    println!("{count} clean texts are as wide on a terminal as they are counted");
}
