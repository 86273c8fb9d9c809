//! Every way out, with accounts on the screen: the terminal is as it was, modes, screen and
//! cursor, and nothing of the accounts is left on it.

use std::process::{Command, Stdio};

use portable_pty::PtySize;
use rstest::rstest;
use rustix::process::Signal;
use vt100::MouseProtocolMode;

use crate::common::Bench;
use crate::terminal::{PATIENCE, Terminal, send};

/// What the accounts of the demo's first person say.
const OF_THE_ACCOUNTS: [&str; 4] = ["4118.00", "NL", "EUR", "Groceries"];

/// The demo with accounts on its screen.
fn with_accounts(terminal: &mut Terminal) {
    terminal.until_text("sets it all up");
    terminal.press("s");
    terminal.until_text("approve as the phone would");
    terminal.press("\r");
    terminal.until_text("4118.00");
    assert!(terminal.is_raw());
}

fn demo_with_accounts() -> Terminal {
    let mut terminal = Terminal::demo(120, 40, false);
    with_accounts(&mut terminal);
    terminal
}

/// That the ordinary screen is shown and has nothing of the accounts, nor anything else.
fn assert_clean(terminal: &Terminal) {
    let screen = terminal.until("the ordinary screen", |screen| {
        let ordinary = !screen.alternate_screen()
            && !screen.hide_cursor()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == MouseProtocolMode::None;
        ordinary.then(|| screen.contents())
    });
    for text in OF_THE_ACCOUNTS {
        assert!(!screen.contains(text), "{text} is left:\n{screen}");
    }
    // Nor was it ever written outside of the alternate screen.
    let written = terminal.written.lock().unwrap().clone();
    let written = String::from_utf8_lossy(&written).into_owned();
    for (place, part) in written.split("\u{1b}[?1049").enumerate() {
        let ordinary = place == 0 || part.starts_with('l');
        for text in OF_THE_ACCOUNTS {
            assert!(!ordinary || !part.contains(text), "{text} in {part:?}");
        }
    }
}

fn assert_ended(terminal: Terminal, code: u32) {
    assert_clean(&terminal);
    assert_eq!(terminal.ended(), code);
}

#[rstest]
#[case("q", 0)]
#[case("\u{3}", 0)]
fn pressed(#[case] keys: &str, #[case] code: u32) {
    let mut terminal = demo_with_accounts();
    terminal.press(keys);
    assert_ended(terminal, code);
}

#[rstest]
#[case(Signal::TERM, 143)]
#[case(Signal::HUP, 129)]
#[case(Signal::INT, 130)]
#[case(Signal::QUIT, 131)]
fn told_to_end(#[case] signal: Signal, #[case] code: u32) {
    let terminal = demo_with_accounts();
    terminal.signal(signal);
    assert_ended(terminal, code);
}

/// The job of the shell in this terminal.
fn job(terminal: &Terminal) -> i32 {
    let children = format!("/proc/{0}/task/{0}/children", terminal.process());
    let children = std::fs::read_to_string(children).unwrap();
    children.split_whitespace().next().unwrap().parse().unwrap()
}

/// Whether the process is stopped, as `/proc` tells.
fn is_stopped(process: i32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    status.rsplit_once(") ").unwrap().1.starts_with('T')
}

fn until_stopped(terminal: &Terminal, job: i32) {
    terminal.until("the shell", |screen| {
        let there = screen.contents().contains("stopped 147");
        (there && !screen.alternate_screen() && !screen.hide_cursor()).then_some(())
    });
    assert!(is_stopped(job));
}

/// Stopped by Ctrl-Z, or by somebody who sends what it sends.
#[rstest]
fn to_the_shell_and_back(#[values(true, false)] by_key: bool) {
    let mut terminal = Terminal::demo_in_a_shell(120, 40);
    with_accounts(&mut terminal);
    let job = job(&terminal);
    match by_key {
        true => terminal.press("\u{1a}"),
        false => send(job, Signal::TSTP),
    }
    until_stopped(&terminal, job);
    assert_clean(&terminal);
    terminal.assert_modes();
    terminal.resize(100, 30);
    terminal.press("\n");
    terminal.until("the screens", |screen| {
        let back = screen.alternate_screen()
            && screen.hide_cursor()
            && screen.mouse_protocol_mode() == MouseProtocolMode::PressRelease;
        (back && screen.contents().contains("4118.00")).then_some(())
    });
    assert!(terminal.is_raw());
    terminal.press("q");
    assert_ended(terminal, 0);
}

/// `m` gives the mouse to the terminal, and it stays there over a stop.
#[test]
fn the_mouse_is_left_to_the_terminal() {
    let mut terminal = Terminal::demo_in_a_shell(120, 40);
    with_accounts(&mut terminal);
    let mode = |wanted| {
        move |screen: &vt100::Screen| {
            let there = screen.alternate_screen() && screen.mouse_protocol_mode() == wanted;
            there.then_some(())
        }
    };
    terminal.until("the mouse", mode(MouseProtocolMode::PressRelease));
    // A click on the tab of the log, as terminals report it.
    let column = terminal.until("the tab", |screen| {
        let header = screen.contents();
        let at = header
            .lines()
            .next()?
            .split_once("5 Log")?
            .0
            .chars()
            .count();
        Some(at)
    });
    terminal.press(&format!("\u{1b}[<0;{};1M", column + 1));
    terminal.until_text("newest first");
    terminal.press("m");
    terminal.until_text("Mouse off: the terminal selects text again");
    terminal.until("no mouse", mode(MouseProtocolMode::None));
    let job = job(&terminal);
    terminal.press("\u{1a}");
    until_stopped(&terminal, job);
    terminal.press("\n");
    terminal.until(
        "the screens without the mouse",
        mode(MouseProtocolMode::None),
    );
    terminal.press("m");
    terminal.until("the mouse again", mode(MouseProtocolMode::PressRelease));
    terminal.press("q");
    assert_ended(terminal, 0);
}

#[test]
fn ended_while_it_is_stopped() {
    let mut terminal = Terminal::demo_in_a_shell(120, 40);
    with_accounts(&mut terminal);
    let job = job(&terminal);
    terminal.press("\u{1a}");
    until_stopped(&terminal, job);
    send(job, Signal::TERM);
    terminal.press("\n");
    assert_ended(terminal, 143);
}

/// Whoever stops it with STOP gives it no chance to give the terminal back; it takes it anew when
/// it goes on.
#[test]
fn stopped_without_being_asked() {
    let mut terminal = demo_with_accounts();
    let process = terminal.process();
    send(process, Signal::STOP);
    while !is_stopped(process) {
        std::thread::yield_now();
    }
    let before = terminal.written.lock().unwrap().len();
    send(process, Signal::CONT);
    terminal.until("all of it drawn again", |screen| {
        let written = terminal.written.lock().unwrap();
        let again = String::from_utf8_lossy(&written[before..]).contains("[?1049h");
        (again && screen.contents().contains("4118.00")).then_some(())
    });
    assert!(terminal.is_raw());
    terminal.press("q");
    assert_ended(terminal, 0);
}

#[test]
fn where_no_shell_waits_it_does_not_stop() {
    let mut terminal = demo_with_accounts();
    terminal.press("\u{1a}");
    terminal.until_text("no shell to go back to");
    terminal.signal(Signal::TSTP);
    terminal.press("q");
    assert_ended(terminal, 0);
}

#[test]
fn a_terminal_that_is_gone() {
    assert_eq!(demo_with_accounts().closed(), 129);
}

/// As when a connection stalls: what is drawn waits for somebody to read it.
#[test]
fn a_terminal_that_does_not_read() {
    let terminal = demo_with_accounts();
    terminal
        .deaf
        .store(true, std::sync::atomic::Ordering::SeqCst);
    let master = terminal.master.as_ref().unwrap();
    let end = std::time::Instant::now() + PATIENCE;
    // Drawn for a new size again and again, until nothing more fits into the pipe.
    let mut columns = 60;
    while !hangs(terminal.process()) {
        columns = if columns == 60 { 140 } else { 60 };
        let size = PtySize {
            rows: 50,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        master.resize(size).unwrap();
        assert!(std::time::Instant::now() < end, "it never hung");
        std::thread::yield_now();
    }
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.ended_unread(), 143);
}

/// Whether the main thread hangs in a call to write, and was not only seen in one.
fn hangs(process: i32) -> bool {
    (0..2_000).all(|_| is_writing(process).unwrap_or(true))
}

/// Whether the main thread waits in a call to write; none where this machine does not tell.
fn is_writing(process: i32) -> Option<bool> {
    let call = std::fs::read_to_string(format!("/proc/{process}/task/{process}/syscall")).ok()?;
    let number = call.split_whitespace().next()?;
    Some(
        number
            == if cfg!(target_arch = "x86_64") {
                "1"
            } else {
                "64"
            },
    )
}

#[test]
fn sizes_change_in_a_storm() {
    let terminal = demo_with_accounts();
    for round in 0..200_u16 {
        terminal.resize(1 + round % 150, 1 + (round * 7) % 50);
    }
    terminal.resize(120, 40);
    terminal.until_text("4118.00");
    // Not by a key: one that comes together with a change of size is heard with the next one.
    terminal.signal(Signal::TERM);
    assert_ended(terminal, 143);
}

#[rstest]
#[case(&["--no-such-flag"], 2)]
#[case(&["--environment", "nowhere"], 2)]
#[case(&["--data-dir", "/dev/null/x", "--environment", "sandbox", "users"], 78)]
fn mistakes_at_the_start_touch_nothing(#[case] arguments: &[&str], #[case] code: u32) {
    let arguments: Vec<_> = arguments.iter().map(Into::into).collect();
    let terminal = Terminal::start(&arguments, 80, 24, false);
    let written = std::sync::Arc::clone(&terminal.written);
    assert_ended(terminal, code);
    let written = String::from_utf8_lossy(&written.lock().unwrap()).into_owned();
    assert!(!written.contains("\u{1b}[?"), "{written:?}");
}

#[test]
fn a_store_that_cannot_be_opened() {
    let bench = Bench::new("http://127.0.0.1:1");
    std::fs::create_dir_all(bench.data_dir()).unwrap();
    std::fs::write(bench.data_dir().join("local-1.db.slots"), "damaged").unwrap();
    std::fs::write(bench.data_dir().join("local-1.db"), "damaged").unwrap();
    let mut terminal = Terminal::of(&bench, 100, 30);
    terminal.until_text("damaged");
    terminal.press("q");
    assert_ended(terminal, 0);
}

#[rstest]
#[case("xterm", false, "terminal")]
#[case("dumb", true, "TERM is dumb")]
fn where_nothing_can_be_drawn_it_says_so(
    #[case] term: &str,
    #[case] has_terminal: bool,
    #[case] words: &str,
) {
    let program = env!("CARGO_BIN_EXE_bunq-tui");
    if has_terminal {
        let script = format!("TERM={term} exec '{program}' demo");
        let arguments = ["-c".into(), script.into()];
        let terminal = Terminal::run("/bin/sh", &arguments, 100, 30, false);
        terminal.until_text(words);
        return assert_ended(terminal, 1);
    }
    let output = Command::new(program)
        .arg("demo")
        .env("TERM", term)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains(words), "{told}");
    assert!(output.stdout.is_empty(), "{:?}", output.stdout);
}
