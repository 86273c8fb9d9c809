//! The real binary in a pseudo-terminal: what a person does and sees, and the terminal it leaves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rstest::rstest;

/// Longest wait for anything on the screen; only a failing test takes it.
const PATIENCE: Duration = Duration::from_secs(40);

type Seen = Arc<(Mutex<vt100::Parser>, Condvar)>;

/// The program in a terminal of its own.
struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    seen: Seen,
    _home: tempfile::TempDir,
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

impl Terminal {
    fn start(arguments: &[&str], columns: u16, rows: u16, no_colour: bool) -> Self {
        let pair = native_pty_system()
            .openpty(PtySize {
                rows,
                cols: columns,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_bunq-tui"));
        command.env_clear();
        command.env("HOME", home.path());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("TZ", "UTC");
        if no_colour {
            command.env("NO_COLOR", "1");
        }
        command.args(arguments);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let seen: Seen = Arc::new((
            Mutex::new(vt100::Parser::new(cells(rows), cells(columns), 0)),
            Condvar::new(),
        ));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                shared.0.lock().unwrap().process(&buffer[..count]);
                shared.1.notify_all();
            }
        });
        Self {
            child,
            writer,
            master: pair.master,
            seen,
            _home: home,
        }
    }

    fn demo(columns: u16, rows: u16, no_colour: bool) -> Self {
        Self::start(&["demo"], columns, rows, no_colour)
    }

    fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Waits until the screen is as wished, and gives what was found there.
    fn until<T>(&self, what: &str, wished: impl Fn(&vt100::Screen) -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        let mut parser = self.seen.0.lock().unwrap();
        loop {
            if let Some(found) = wished(parser.screen()) {
                return found;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "{what} did not come:\n{}",
                parser.screen().contents()
            );
            parser = self.seen.1.wait_timeout(parser, left).unwrap().0;
        }
    }

    fn until_text(&self, text: &str) {
        self.until(text, |screen| {
            screen.contents().contains(text).then_some(())
        });
    }

    /// Waits for the end, and checks that the terminal is as it was.
    fn ended(mut self) -> u32 {
        self.until("the ordinary screen", |screen| {
            (!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste())
                .then_some(())
        });
        self.child.wait().unwrap().exit_code()
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let id = i32::try_from(self.child.process_id().unwrap()).unwrap();
        let id = rustix::process::Pid::from_raw(id).unwrap();
        rustix::process::kill_process(id, signal).unwrap();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// The address on the screen's code, read from the glyphs alone.
fn decoded(screen: &vt100::Screen) -> Option<String> {
    let text = screen.contents();
    let sextants = text
        .chars()
        .any(|c| ('\u{1fb00}'..='\u{1fb3b}').contains(&c));
    let (across, down) = if sextants { (2, 3) } else { (1, 2) };
    let rows: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
    let dark = |x: usize, y: usize| {
        let glyph = rows
            .get(y / down)
            .and_then(|row| row.get(x / across))
            .copied();
        let bit = 1_u32 << (y % down * across + x % across);
        glyph.is_some_and(|glyph| modules(glyph, sextants) & bit != 0)
    };
    let (scale, margin) = (4, 4);
    let width = (rows.iter().map(Vec::len).max()? * across + 2 * margin) * scale;
    let height = (rows.len() * down + 2 * margin) * scale;
    let mut image = rqrr::PreparedImage::prepare_from_bitmap(width, height, |x, y| {
        match (
            (x / scale).checked_sub(margin),
            (y / scale).checked_sub(margin),
        ) {
            (Some(x), Some(y)) => dark(x, y),
            _ => false,
        }
    });
    image
        .detect_grids()
        .into_iter()
        .find_map(|grid| grid.decode().ok())
        .map(|(_, address)| address)
}

/// A bit for each dark module of a glyph, rows first.
fn modules(glyph: char, sextants: bool) -> u32 {
    match (glyph, sextants) {
        ('▀', false) => 1,
        ('▄', false) => 2,
        ('█', false) => 3,
        ('▌', true) => 0b01_01_01,
        ('▐', true) => 0b10_10_10,
        ('█', true) => 63,
        ('\u{1fb00}'..='\u{1fb3b}', true) => (1..63)
            .filter(|bits| ![0b01_01_01, 0b10_10_10].contains(bits))
            .nth((u32::from(glyph) - 0x1_fb00) as usize)
            .unwrap(),
        _ => 0,
    }
}

/// The row that is drawn in reverse from end to end and has the marker.
fn selected(screen: &vt100::Screen) -> Option<String> {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    (0..rows).find_map(|row| {
        let reversed = (0..columns)
            .filter(|column| screen.cell(row, *column).is_some_and(vt100::Cell::inverse))
            .count();
        let text = screen.contents_between(row, 0, row, columns);
        (reversed > 30 && text.contains('▸')).then_some(text)
    })
}

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

#[rstest]
#[case(rustix::process::Signal::TERM, 143)]
#[case(rustix::process::Signal::HUP, 129)]
#[case(rustix::process::Signal::INT, 130)]
#[case(rustix::process::Signal::QUIT, 131)]
fn signals_give_the_terminal_back(#[case] signal: rustix::process::Signal, #[case] code: u32) {
    let terminal = Terminal::demo(80, 24, false);
    terminal.until_text("sets it all up");
    terminal.signal(signal);
    assert_eq!(terminal.ended(), code);
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
        terminal.master.resize(size).unwrap();
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
fn without_a_terminal_it_says_so() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_bunq-tui"))
        .arg("demo")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("terminal"), "{told}");
    assert!(output.stdout.is_empty(), "{:?}", output.stdout);
}
