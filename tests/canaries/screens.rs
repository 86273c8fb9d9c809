//! The screens, from a fresh profile to every request in full.

use crate::bank::{Bank, PASSPHRASE, WRONG};
use crate::machine::{Machine, follow, found};
use crate::pty::Pty;

const ESC: &str = "\u{1b}";
const ENTER: &str = "\r";
const DOWN: &str = "\u{1b}[B";
const PAGE_DOWN: &str = "\u{1b}[6~";

/// Sets up, connects twice, and opens everything that there is to see.
pub(crate) fn from_setup_to_every_request(machine: &mut Machine, bank: &Bank) {
    let key = machine.at("inputs/key").to_str().unwrap().to_owned();
    let command = machine.command("screens", Some(&key), &[]);
    let mut terminal = machine.in_terminal(&command);
    terminal.until_text("set up");
    terminal.press("s");
    terminal.until_text("copy");
    terminal.press("c");
    terminal.until_text("clipboard");
    terminal.press("o");
    let address = machine.browser();
    machine.look_at_processes();
    machine.look_at_files();
    follow(&bank.approve(&address));
    terminal.until_text("is connected as user 1");
    // Once more, pasted into the field.
    terminal.press("n");
    let address = read_address(&mut terminal);
    let back = bank.approve(&address);
    terminal.press("p");
    terminal.until_text("Paste the address");
    terminal.press(&back[..back.len() - 1]);
    terminal.until_text("state=");
    terminal.press(&back[back.len() - 1..]);
    terminal.press(ENTER);
    terminal.until_text("is connected as user 2");
    // A key right after Esc would be one with Alt.
    terminal.press(ENTER);
    terminal.until_text("Esc back");
    machine.look_at_files();
    terminal.press(ESC);
    terminal.until("the list", |screen| !screen.contains("Esc back"));
    terminal.press("R");
    terminal.until_text("up to date");
    terminal.press("6");
    terminal.until_text("Doctor: ");
    terminal.press("?");
    terminal.until_text("Everywhere");
    terminal.press("?");
    terminal.until("the report", |screen| !screen.contains("Everywhere"));
    terminal.press("c");
    terminal.until_text("clipboard");
    every_request(&mut terminal);
    machine.look_at_processes();
    terminal.press("q");
    assert_eq!(machine.ended(terminal), 0);
}

/// The address alone, which the screen breaks over lines.
fn read_address(terminal: &mut Pty) -> String {
    terminal.until_text("address alone");
    terminal.press("u");
    terminal.until_text("Esc goes back");
    let address = found(terminal, "the whole address", |screen| {
        let squeezed: String = screen.split_whitespace().collect();
        let from = squeezed.find("http")?;
        let to = squeezed.find("&state=")? + "&state=".len() + 32;
        squeezed.get(from..to).map(str::to_owned)
    });
    terminal.press(ESC);
    terminal.until("the flow", |screen| !screen.contains("Esc goes back"));
    address
}

/// Opens each request of the log and reads it to its end.
fn every_request(terminal: &mut Pty) {
    terminal.press("5");
    terminal.until_text("newest first");
    terminal.press("\u{1b}[H");
    terminal.press(ENTER);
    let newest = found(terminal, "a request", number);
    let (mut seen, mut screens) = (0, 0);
    for wanted in (1..=newest).rev() {
        found(terminal, "the request", |screen| {
            (number(screen)? == wanted).then_some(())
        });
        loop {
            let (last, all) = found(terminal, "its lines", lines);
            screens += 1;
            if last == all {
                break;
            }
            terminal.press(PAGE_DOWN);
            found(terminal, "more lines", |screen| {
                lines(screen).filter(|(now, _)| *now > last)
            });
        }
        seen += 1;
        terminal.press(ESC);
        terminal.until_text("newest first");
        terminal.press(DOWN);
        terminal.press(ENTER);
    }
    assert!(seen > 20, "{seen}");
    println!("{seen} requests opened in the log, {screens} screens of them");
}

/// Which request is shown in full.
fn number(screen: &str) -> Option<u64> {
    let rest = screen.split_once("Request ")?.1;
    rest.split_whitespace().next()?.parse().ok()
}

/// The last line that is seen, and how many there are.
fn lines(screen: &str) -> Option<(usize, usize)> {
    number(screen)?;
    if screen.contains("is shown when it is over") {
        return None;
    }
    let Some((_, rest)) = screen.split_once("lines ") else {
        return screen.contains("Answered").then_some((0, 0));
    };
    let words: Vec<_> = rest.split_whitespace().take(5).collect();
    Some((words.get(2)?.parse().ok()?, words.get(4)?.parse().ok()?))
}

/// A store that opens with a passphrase: a wrong one, then the right one.
pub(crate) fn unlocking(machine: &mut Machine, _bank: &Bank) {
    let command = machine.command("typed", None, &[]);
    let mut terminal = machine.in_terminal(&command);
    terminal.until_text("Unlock");
    terminal.press(WRONG);
    terminal.press(ENTER);
    terminal.until_text("stays locked");
    terminal.press(PASSPHRASE);
    terminal.press(ENTER);
    terminal.until_text("━ Users 2");
    terminal.press("q");
    assert_eq!(machine.ended(terminal), 0);
}
