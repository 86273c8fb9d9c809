//! Hostile texts in every place where the bank may put text, and what comes out of the program:
//! nothing that steers a terminal, hides, or turns the reading direction. The frames of the
//! screens are held against the same texts in `src/tui/tests/hostile.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod bank;
mod commands;
#[path = "../common/mod.rs"]
mod common;
mod everywhere;
mod login;
mod plain;
mod pty;
mod strings;
mod sweep;
mod terminal;
mod transcript;
mod typed;
mod widths;

use bunq_tui::simulator;

#[test]
fn the_texts_are_many_and_distinct() {
    let texts = strings::texts();
    let distinct: std::collections::BTreeSet<_> = texts.iter().collect();
    assert_eq!(distinct.len(), texts.len());
    assert!(texts.len() >= 300, "{}", texts.len());
    let hostile = texts.iter().filter(|text| !sweep::faults(text).is_empty());
    assert!(hostile.count() >= 300);
}
