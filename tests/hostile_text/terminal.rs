//! The screens of the real binary, byte for byte.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::commands::hostile;
use crate::pty::Pty;
use crate::sweep::faults;
use crate::transcript;

/// By how much the texts are shifted from one run to the next.
const STRIDE: usize = 149;

#[tokio::test(flavor = "multi_thread")]
async fn the_screens_write_no_sequence_that_is_not_ours() {
    let (simulator, bench, mouth) = hostile().await;
    let (mut bytes, mut ours, mut copied) = (0, 0, 0);
    for turn in (0..mouth.texts()).step_by(STRIDE) {
        mouth.turn(turn);
        let mut pty = Pty::run(&bench.command(&[]));
        pty.until_text("Users 1");
        pty.press("R");
        pty.until_text("read ");
        // Enter goes deeper: to the accounts, to one of them, or to a profile.
        for _ in 0..3 {
            pty.press("\r");
        }
        pty.press("?");
        pty.until_text("┌ Help");
        pty.press("?");
        pty.until("the help closed", |screen| !screen.contains("┌ Help"));
        pty.press("A");
        pty.until_text("All accounts 4");
        pty.press("\r");
        pty.until_text("Accounts of");
        pty.press("J");
        pty.until_text("JSON of account");
        pty.press("\u{1b}");
        pty.until("the JSON closed", |screen| !screen.contains("JSON of"));
        // To its details, and on to its payments.
        pty.press("\r");
        pty.press("\r");
        pty.until_text("Payments of");
        pty.until_text("stored");
        pty.press("y");
        pty.until_text("┌ Copy");
        pty.press("\u{1b}");
        pty.until("the menu closed", |screen| !screen.contains("┌ Copy"));
        pty.press("J");
        pty.until_text("JSON of payment");
        pty.press("\u{1b}");
        pty.until("the JSON closed", |screen| !screen.contains("JSON of"));
        pty.press("6");
        pty.until_text("looked ");
        pty.press("5");
        pty.until_text("/v1/");
        pty.press("2");
        pty.press("n");
        pty.until_text("client_id");
        pty.press("c");
        pty.until_text("clipboard");
        pty.press("u");
        pty.until_text("client_id");
        pty.press("\u{3}");
        let (written, code) = pty.ended();
        assert_eq!(code, 0);
        let seen = transcript::of_screens(&written);
        assert!(seen.wrong.is_empty(), "{:#?}", seen.wrong);
        assert_eq!(seen.copied.len(), 1);
        for payload in &seen.copied {
            let text = String::from_utf8(STANDARD.decode(payload).unwrap()).unwrap();
            assert!(text.starts_with(&simulator.root()), "{text}");
            assert!(faults(&text).is_empty() && text.is_ascii(), "{text}");
        }
        bytes += seen.bytes;
        ours += seen.ours;
        copied += seen.copied.len();
    }
    println!("{bytes} bytes of screens, {ours} sequences, all ours; {copied} copied: 0 violations");
}
