//! One person's machine: a data directory, perhaps a session with a keyring, and the real binary,
//! at a terminal or not.

// `vault_commands` takes what it needs of this.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use tempfile::TempDir;

use super::keyring::Session;
use super::{key_file, table::Bus};

pub(crate) const PASSPHRASE: &str = "plank otter seventeen violet";
/// How every database begins that is not encrypted.
const PLAIN: &[u8] = b"SQLite format 3\0";

pub(crate) struct Machine {
    directory: TempDir,
    environment: String,
    session: Option<Session>,
    pub(crate) bus: Bus,
}

/// What came out of a run.
pub(crate) struct Ran {
    pub(crate) code: u32,
    /// Standard error, or all of the terminal.
    pub(crate) said: String,
    /// Standard output, where there is no terminal.
    pub(crate) printed: String,
}

impl Machine {
    pub(crate) fn new(environment: &str, with_keyring: bool) -> Self {
        let directory = tempfile::tempdir().unwrap();
        key_file::write(&directory.path().join("key"));
        let session = with_keyring.then(Session::unlocked);
        Self {
            directory,
            environment: environment.into(),
            bus: if with_keyring { Bus::Good } else { Bus::Unset },
            session,
        }
    }

    pub(crate) fn key_file(&self) -> PathBuf {
        self.directory.path().join("key")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    pub(crate) fn session(&mut self) -> &mut Session {
        self.session.as_mut().unwrap()
    }

    pub(crate) fn has_session(&self) -> bool {
        self.session.is_some()
    }

    /// What it finds a session bus by, as far as it can.
    fn variables(&self) -> Vec<(&'static str, String)> {
        let home = self.directory.path().display().to_string();
        let bus = |address: &str| ("DBUS_SESSION_BUS_ADDRESS", address.to_owned());
        let mut all = match (&self.session, &self.bus) {
            (_, Bus::Empty) => vec![bus("")],
            (_, Bus::Nowhere) => vec![bus("unix:path=/nowhere/bus")],
            (Some(session), Bus::Good) => session.variables(),
            _ => Vec::new(),
        };
        all.retain(|(name, _)| *name != "HOME");
        all.push(("HOME", home));
        all
    }

    fn arguments(&self, arguments: &[&str]) -> Vec<String> {
        let data = self.data().display().to_string();
        let mut all = vec!["--data-dir".into(), data, "--environment".into()];
        all.push(self.environment.clone());
        all.extend(arguments.iter().map(|&argument| argument.to_owned()));
        all
    }

    /// Runs it where nobody is.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_bunq-tui"))
            .args(self.arguments(arguments))
            .env_clear()
            .envs(self.variables())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Ran {
            code: output.status.code().unwrap().try_into().unwrap(),
            said: String::from_utf8(output.stderr).unwrap(),
            printed: String::from_utf8(output.stdout).unwrap(),
        }
    }

    /// Runs it at a terminal, where after each of these words that is typed.
    pub(crate) fn at_a_terminal(&self, arguments: &[&str], typed: &[(&str, &str)]) -> Ran {
        let size = PtySize {
            rows: 50,
            cols: 250,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_bunq-tui"));
        command.env_clear();
        for (name, value) in self.variables() {
            command.env(name, value);
        }
        command.args(self.arguments(arguments));
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let mut writer = pair.master.take_writer().unwrap();
        let mut said = String::new();
        let mut from = 0;
        for (words, text) in typed {
            while !said[from..].contains(words) {
                assert!(read_on(&mut reader, &mut said), "no {words:?}: {said}");
            }
            from = said.len();
            writer.write_all(format!("{text}\r").as_bytes()).unwrap();
        }
        while read_on(&mut reader, &mut said) {}
        let code = child.wait().unwrap().exit_code();
        Ran {
            code,
            said,
            printed: String::new(),
        }
    }

    /// All files of the store, with what is in them.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let entries = fs::read_dir(self.data()).into_iter().flatten();
        entries
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect()
    }

    pub(crate) fn file(&self, suffix: &str) -> PathBuf {
        let files = self.files();
        let named = |path: &&PathBuf| path.to_string_lossy().ends_with(suffix);
        files.keys().find(named).unwrap().clone()
    }

    pub(crate) fn sidecar(&self) -> PathBuf {
        self.file(".db.slots")
    }

    /// How many files under the whole machine are not encrypted that should be.
    pub(crate) fn in_plain_text(&self) -> usize {
        let mut count = 0;
        let mut left = vec![self.directory.path().to_owned()];
        if let Some(session) = &self.session {
            left.push(session.home().to_owned());
        }
        while let Some(directory) = left.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    left.push(path);
                } else if path.is_file() && is_plain(&path) {
                    count += 1;
                }
            }
        }
        count
    }

    pub(crate) fn set_mode(&self, mode: u32) {
        fs::set_permissions(self.key_file(), Permissions::from_mode(mode)).unwrap();
    }
}

/// The header of SQLite, or what the bank and the setup gave us.
fn is_plain(path: &Path) -> bool {
    const CANARIES: [&[u8]; 4] = [
        PLAIN,
        b"Robin Sandbox",
        b"PRIVATE KEY",
        PASSPHRASE.as_bytes(),
    ];
    let bytes = fs::read(path).unwrap_or_default();
    let has = |canary: &[u8]| bytes.windows(canary.len()).any(|part| part == canary);
    CANARIES.into_iter().any(has)
}

fn read_on(reader: &mut impl Read, said: &mut String) -> bool {
    let mut bytes = [0; 4096];
    // A terminal whose other end is closed reads as an error.
    let read = reader.read(&mut bytes).unwrap_or(0);
    said.push_str(&String::from_utf8_lossy(&bytes[..read]));
    read > 0
}
