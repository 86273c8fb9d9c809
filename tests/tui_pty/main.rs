//! The real binary in a pseudo-terminal: what a person does and sees, and the terminal it leaves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    missing_docs
)]

mod background;
#[path = "../common/mod.rs"]
mod common;
mod everyone;
mod exchange;
mod exits;
mod figures;
#[path = "../common/keyring.rs"]
mod keyring;
mod locking;
mod looks;
mod panics;
mod terminal;
mod wiping;

use portable_pty::PtySize;
use rstest::rstest;
use terminal::{Terminal, cells, decoded, selected};

#[rstest]
fn the_demo_from_one_key_to_the_accounts(
    #[values((120, 40), (80, 24))] size: (u16, u16),
    #[values(false, true)] no_colour: bool,
) {
    let mut terminal = Terminal::demo(size.0, size.1, no_colour);
    terminal.until_text("sets it all up");
    terminal.press("s");
    let address = terminal.until("the code", decoded);
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    for part in ["/auth?", "client_id=", "redirect_uri=", "state="] {
        assert!(address.contains(part), "{address}");
    }
    // The same address stands beside it as text, broken over lines.
    let text = terminal.until("the address", |screen| Some(screen.contents()));
    let squeezed: String = text.split_whitespace().collect();
    assert!(squeezed.contains(&address[..30]), "{text}");
    let sextants = text
        .chars()
        .any(|c| ('\u{1fb00}'..='\u{1fb3b}').contains(&c));
    assert_eq!(sextants, size == (80, 24));
    terminal.press("\r");
    for balance in ["4118.00", "1900.00", "954.00", "1643.00"] {
        terminal.until_text(balance);
    }
    let first = terminal.until("a selection", selected);
    assert!(first.contains("4118.00"), "{first}");
    terminal.press("\u{1b}[B");
    terminal.until("the next row", |screen| {
        selected(screen).filter(|row| row.contains("1900.00"))
    });
    terminal.press("5");
    terminal.until_text("/v1/installation");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn ctrl_c_leaves_from_a_text_field_and_no_size_is_too_small() {
    let mut terminal = Terminal::demo(80, 24, false);
    terminal.until_text("sets it all up");
    for (columns, rows) in [(1, 1), (39, 12), (80, 24)] {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        terminal
            .seen
            .0
            .lock()
            .unwrap()
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        terminal.master.as_ref().unwrap().resize(size).unwrap();
        if columns == 39 {
            terminal.until_text("needs 40x12");
        }
    }
    terminal.until_text("sets it all up");
    terminal.press("s");
    terminal.until("the code", decoded);
    terminal.press("p");
    terminal.until_text("Paste the address");
    // A letter that is a command elsewhere is only a letter here.
    terminal.press("q");
    terminal.until_text("> q");
    terminal.press("\u{3}");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn a_pasted_address_connects_without_pressing_p() {
    let mut terminal = Terminal::demo(120, 40, false);
    terminal.until_text("sets it all up");
    terminal.press("s");
    terminal.until("the code", decoded);
    terminal.press("\u{1b}[200~http://localhost:1/callback?code=x&state=wrong\u{1b}[201~");
    terminal.until("the refusal", |screen| {
        screen.contents().contains('✗').then_some(())
    });
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn keys_in_quick_succession_never_leave_the_screen_stuck() {
    let mut terminal = Terminal::demo(80, 24, false);
    terminal.until_text("sets it all up");
    for _ in 0..60 {
        terminal.press("5");
        terminal.until("the log", |screen| {
            (!screen.contents().contains("sets it all up")).then_some(())
        });
        terminal.press("1");
        terminal.until_text("sets it all up");
    }
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}
