//! The real binary in a pseudo-terminal, every byte kept.

use std::io::{Read, Write};
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longest wait for anything on the screen; only a failing test takes it.
const PATIENCE: Duration = Duration::from_secs(40);
/// Its cells.
const SIZE: (u16, u16) = (40, 120);

struct Seen {
    bytes: Vec<u8>,
    screen: vt100::Parser,
    ended: bool,
}

/// A program in a terminal of its own.
pub(crate) struct Pty {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    _master: Box<dyn MasterPty + Send>,
}

impl Pty {
    /// Runs a command as it stands.
    pub(crate) fn run(command: &Command) -> Self {
        let size = PtySize {
            rows: SIZE.0,
            cols: SIZE.1,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut builder = CommandBuilder::new(command.get_program());
        builder.args(command.get_args());
        builder.env_clear();
        for (name, value) in command.get_envs() {
            builder.env(name, value.unwrap());
        }
        for (name, value) in [
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("TZ", "UTC"),
        ] {
            builder.env(name, value);
        }
        let child = pair.slave.spawn_command(builder).unwrap();
        drop(pair.slave);
        let cells = |count: u16| std::num::NonZeroU16::new(count).unwrap();
        let seen = Arc::new((
            Mutex::new(Seen {
                bytes: Vec::new(),
                screen: vt100::Parser::new(cells(SIZE.0), cells(SIZE.1), 0),
                ended: false,
            }),
            Condvar::new(),
        ));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            // Where the program has gone, reading fails.
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let mut seen = shared.0.lock().unwrap();
                seen.bytes.extend_from_slice(&buffer[..count]);
                seen.screen.process(&buffer[..count]);
                shared.1.notify_all();
            }
            shared.0.lock().unwrap().ended = true;
            shared.1.notify_all();
        });
        Self {
            child,
            writer: pair.master.take_writer().unwrap(),
            seen,
            _master: pair.master,
        }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Waits until the screen is as wished.
    pub(crate) fn until(&self, what: &str, wished: impl Fn(&str) -> bool) {
        self.wait(what, |seen| wished(&seen.screen.screen().contents()));
    }

    pub(crate) fn until_text(&self, text: &str) {
        self.until(text, |screen| screen.contains(text));
    }

    /// Waits until all was written.
    pub(crate) fn ended(mut self) -> (Vec<u8>, u32) {
        self.wait("the end", |seen| seen.ended);
        let code = self.child.wait().unwrap().exit_code();
        let bytes = self.seen.0.lock().unwrap().bytes.clone();
        (bytes, code)
    }

    fn wait(&self, what: &str, wished: impl Fn(&Seen) -> bool) {
        let end = Instant::now() + PATIENCE;
        let mut seen = self.seen.0.lock().unwrap();
        while !wished(&seen) {
            let left = end.saturating_duration_since(Instant::now());
            let screen = || seen.screen.screen().contents();
            assert!(!left.is_zero(), "{what} did not come:\n{}", screen());
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}
