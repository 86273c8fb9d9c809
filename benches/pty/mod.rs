//! The release binary in a pseudo-terminal that answers as terminals do.

// Every bench takes what it needs of this.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_bunq-tui");
const PATIENCE: Duration = Duration::from_secs(60);
/// The end of a synchronized update: a frame is whole.
const FRAME_ENDS: &[u8] = b"\x1b[?2026l";

pub(crate) struct Session {
    began: Instant,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Session {
    /// Starts it at a size, with arguments and environment variables of its own.
    pub(crate) fn start((columns, rows): (u16, u16), arguments: &[&str]) -> Self {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(BINARY);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("HOME", std::env::temp_dir());
        command.args(arguments);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let began = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let came = (Instant::now(), buffer[..count].to_vec());
                if sender.send(came).is_err() {
                    return;
                }
            }
        });
        Self {
            began,
            child,
            keys,
            output,
            screen: vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0),
            _master: pair.master,
        }
    }

    /// Takes what came next; when it came, and whether a frame ended with it.
    fn take(&mut self, patience: Duration) -> Result<(Instant, bool), RecvTimeoutError> {
        let (at, bytes) = self.output.recv_timeout(patience)?;
        let asks = |question: &[u8]| bytes.windows(question.len()).any(|part| part == question);
        if asks(b"\x1b]11;?") {
            self.press("\x1b]11;rgb:1616/1818/1d1d\x1b\\");
        }
        if asks(b"\x1b[c") {
            self.press("\x1b[?62;22c");
        }
        self.screen.process(&bytes);
        Ok((at, asks(FRAME_ENDS)))
    }

    /// Since the start, until a text is shown.
    pub(crate) fn wait_for(&mut self, text: &str) -> Duration {
        let mut at = Instant::now();
        while !self.screen.screen().contents().contains(text) {
            (at, _) = self.take(PATIENCE).unwrap_or_else(|_| {
                panic!("{text} never came:\n{}", self.screen.screen().contents())
            });
        }
        at - self.began
    }

    /// Until nothing comes any more for so long.
    pub(crate) fn settle(&mut self, quiet: Duration) {
        while self.take(quiet).is_ok() {}
    }

    /// From a key to the end of the frame that answers it.
    pub(crate) fn answer_to(&mut self, key: &str) -> Duration {
        let pressed = Instant::now();
        self.press(key);
        loop {
            let (at, frame) = self.take(PATIENCE).expect("a key that draws nothing");
            if frame {
                return at - pressed;
            }
        }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub(crate) fn contents(&self) -> String {
        self.screen.screen().contents()
    }

    /// The peak of its resident memory, in kB.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.process_id().unwrap());
        field(&std::fs::read_to_string(status).unwrap(), "VmHWM")
    }

    /// How often each of its threads was put on a processor by now.
    pub(crate) fn context_switches(&self) -> BTreeMap<String, u64> {
        let tasks = format!("/proc/{}/task", self.child.process_id().unwrap());
        let threads = std::fs::read_dir(tasks).unwrap();
        threads
            .map(|thread| {
                let thread = thread.unwrap();
                let status = std::fs::read_to_string(thread.path().join("status")).unwrap();
                let switches = field(&status, "voluntary_ctxt_switches")
                    + field(&status, "nonvoluntary_ctxt_switches");
                (thread.file_name().to_string_lossy().into_owned(), switches)
            })
            .collect()
    }

    pub(crate) fn quit(mut self) {
        self.press("q");
        self.child.wait().unwrap();
    }
}

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
