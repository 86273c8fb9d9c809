//! The program in a pseudo-terminal, and what can be read from its screen.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::background::Background;
use crate::common::Bench;

/// Longest wait for anything on the screen; only a failing test takes it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);

type Seen = Arc<(Mutex<vt100::Parser>, Condvar)>;
type Writer = Arc<Mutex<Option<Box<dyn Write + Send>>>>;

/// The program in a terminal of its own.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    writer: Writer,
    pub(crate) master: Option<Box<dyn MasterPty + Send>>,
    pub(crate) seen: Seen,
    closing: Arc<AtomicBool>,
    /// While it is set nothing is read of what the program writes.
    pub(crate) deaf: Arc<AtomicBool>,
    /// The terminal's modes before the program started.
    modes: String,
    /// Everything that the program wrote.
    pub(crate) written: Arc<Mutex<Vec<u8>>>,
    _home: tempfile::TempDir,
}

pub(crate) fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

impl Terminal {
    /// The demo as a job of a shell, which tells its number when it stops and comes back to it when
    /// any line is typed.
    pub(crate) fn demo_in_a_shell(columns: u16, rows: u16) -> Self {
        let program = env!("CARGO_BIN_EXE_bunq-tui");
        let script =
            format!("set -m; '{program}' demo; echo stopped $?; jobs -l; read line; fg; exit $?");
        let arguments = ["-c".into(), script.into()];
        Self::run("/bin/sh", &arguments, columns, rows, false)
    }

    /// The screens with these arguments, in a session with these variables.
    pub(crate) fn within(
        variables: &[(&'static str, String)],
        arguments: &[OsString],
        columns: u16,
        rows: u16,
    ) -> Self {
        let program = env!("CARGO_BIN_EXE_bunq-tui");
        Self::spawn(
            program,
            arguments,
            variables,
            (columns, rows),
            Background::Dark,
        )
    }

    /// The demo in a terminal with this background, and with these variables.
    pub(crate) fn before(
        background: Background,
        variables: &[(&'static str, String)],
        arguments: &[OsString],
    ) -> Self {
        let program = env!("CARGO_BIN_EXE_bunq-tui");
        Self::spawn(program, arguments, variables, (80, 24), background)
    }

    pub(crate) fn start(arguments: &[OsString], columns: u16, rows: u16, no_colour: bool) -> Self {
        let program = env!("CARGO_BIN_EXE_bunq-tui");
        Self::run(program, arguments, columns, rows, no_colour)
    }

    pub(crate) fn run(
        program: &str,
        arguments: &[OsString],
        columns: u16,
        rows: u16,
        no_colour: bool,
    ) -> Self {
        let colour = no_colour.then(|| ("NO_COLOR", "1".to_owned()));
        let size = (columns, rows);
        Self::spawn(
            program,
            arguments,
            colour.as_slice(),
            size,
            Background::Dark,
        )
    }

    fn spawn(
        program: &str,
        arguments: &[OsString],
        variables: &[(&'static str, String)],
        (columns, rows): (u16, u16),
        background: Background,
    ) -> Self {
        let pair = native_pty_system()
            .openpty(PtySize {
                rows,
                cols: columns,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.env("HOME", home.path());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("TZ", "UTC");
        for (name, value) in variables {
            command.env(name, value);
        }
        command.args(arguments);
        let modes = modes(pair.master.as_ref());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let seen: Seen = Arc::new((
            Mutex::new(vt100::Parser::new(cells(rows), cells(columns), 0)),
            Condvar::new(),
        ));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer: Writer = Arc::new(Mutex::new(Some(pair.master.take_writer().unwrap())));
        let answering = Arc::downgrade(&writer);
        let shared = Arc::clone(&seen);
        let closing = Arc::new(AtomicBool::new(false));
        let closed = Arc::clone(&closing);
        let deaf = Arc::new(AtomicBool::new(false));
        let written = Arc::new(Mutex::new(Vec::new()));
        let (deafened, kept) = (Arc::clone(&deaf), Arc::clone(&written));
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                while deafened.load(Ordering::SeqCst) {
                    std::thread::yield_now();
                }
                let answers = {
                    let mut kept = kept.lock().unwrap();
                    let before = kept.len();
                    kept.extend(&buffer[..count]);
                    background.answers(&kept, before)
                };
                if let Some(writer) = answering.upgrade().filter(|_| !answers.is_empty())
                    && let Some(writer) = writer.lock().unwrap().as_mut()
                {
                    let _ = writer.write_all(&answers);
                    let _ = writer.flush();
                }
                shared.0.lock().unwrap().process(&buffer[..count]);
                shared.1.notify_all();
                if closed.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        Self {
            child,
            writer,
            master: Some(pair.master),
            closing,
            deaf,
            modes,
            written,
            seen,
            _home: home,
        }
    }

    pub(crate) fn demo(columns: u16, rows: u16, no_colour: bool) -> Self {
        Self::start(&["demo".into()], columns, rows, no_colour)
    }

    /// The screens over a bench's store and bank.
    pub(crate) fn of(bench: &Bench, columns: u16, rows: u16) -> Self {
        let command = bench.command(&[]);
        let arguments: Vec<OsString> = command.get_args().map(Into::into).collect();
        Self::start(&arguments, columns, rows, false)
    }

    pub(crate) fn press(&mut self, keys: &str) {
        let mut writer = self.writer.lock().unwrap();
        let writer = writer.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Waits until the screen is as wished, and gives what was found there.
    pub(crate) fn until<T>(&self, what: &str, wished: impl Fn(&vt100::Screen) -> Option<T>) -> T {
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

    pub(crate) fn until_text(&self, text: &str) {
        self.until(text, |screen| {
            screen.contents().contains(text).then_some(())
        });
    }

    /// Waits for the end, and checks that the terminal is as it was.
    pub(crate) fn ended(mut self) -> u32 {
        self.until("the ordinary screen", |screen| {
            (!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste())
                .then_some(())
        });
        let status = self.child.wait().unwrap();
        assert!(status.signal().is_none(), "{status}");
        self.assert_modes();
        status.exit_code()
    }

    /// Waits for the end of a program whose terminal nobody reads; its modes at least are as they
    /// were.
    pub(crate) fn ended_unread(mut self) -> u32 {
        let code = self.child.wait().unwrap().exit_code();
        self.assert_modes();
        self.deaf.store(false, Ordering::SeqCst);
        code
    }

    /// That the terminal's modes are what they were: cooked, echoing, and all else.
    pub(crate) fn assert_modes(&self) {
        assert_eq!(modes(self.master.as_deref().unwrap()), self.modes);
    }

    /// The modes as the program has set them.
    pub(crate) fn is_raw(&self) -> bool {
        modes(self.master.as_deref().unwrap()) != self.modes
    }

    /// The number of the process.
    pub(crate) fn process(&self) -> i32 {
        i32::try_from(self.child.process_id().unwrap()).unwrap()
    }

    /// Another size, as when its window is dragged.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        let mut parser = self.seen.0.lock().unwrap();
        parser.screen_mut().set_size(cells(rows), cells(columns));
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.as_ref().unwrap().resize(size).unwrap();
    }

    /// Closes the terminal, as when its window goes, and waits for the end.
    pub(crate) fn closed(mut self) -> u32 {
        self.closing.store(true, Ordering::SeqCst);
        // The reader holds the terminal too: what is drawn for a new size wakes it.
        let size = PtySize {
            rows: 20,
            cols: 70,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.take().unwrap().resize(size).unwrap();
        drop(self.writer.lock().unwrap().take());
        self.child.wait().unwrap().exit_code()
    }

    /// The files that the program has open.
    pub(crate) fn open_files(&self) -> Vec<PathBuf> {
        let id = self.child.process_id().unwrap();
        let files = std::fs::read_dir(format!("/proc/{id}/fd")).unwrap();
        files
            .filter_map(|file| std::fs::read_link(file.ok()?.path()).ok())
            .collect()
    }

    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        send(self.process(), signal);
    }
}

/// Sends a signal to a process.
pub(crate) fn send(process: i32, signal: rustix::process::Signal) {
    let id = rustix::process::Pid::from_raw(process).unwrap();
    rustix::process::kill_process(id, signal).unwrap();
}

/// All of a terminal's modes, as text.
fn modes(master: &(dyn MasterPty + Send)) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// The address on the screen's code, read from the glyphs alone.
pub(crate) fn decoded(screen: &vt100::Screen) -> Option<String> {
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
pub(crate) fn selected(screen: &vt100::Screen) -> Option<String> {
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
