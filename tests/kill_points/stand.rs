//! A bank, a data directory, and child processes on it that may be killed.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use bunq_tui::simulator::{Census, Options, Simulator};
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::order::{Command, Order, Report, VARIABLE};

/// A bank that approves at once, and one person's machine.
pub(crate) struct Stand {
    pub(crate) simulator: Simulator,
    pub(crate) callback_url: Option<String>,
    directory: TempDir,
}

impl Stand {
    pub(crate) fn new(runtime: &Handle) -> Self {
        let options = Options {
            auto_approve: true,
            ..Options::default()
        };
        let directory = tempfile::tempdir().unwrap();
        crate::key_file::write(&directory.path().join("key"));
        Self {
            simulator: runtime.block_on(Simulator::start(options)).unwrap(),
            callback_url: Some(callback_url()),
            directory,
        }
    }

    fn data_dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// Nothing is stored any more.
    pub(crate) fn clear(&self) {
        // It may not be there yet.
        let _ = fs::remove_dir_all(self.data_dir());
    }

    /// Keeps the store as it is now under a name.
    pub(crate) fn keep(&self, name: &str) {
        copy(&self.data_dir(), &self.directory.path().join(name));
    }

    /// The store as it was kept under a name.
    pub(crate) fn back_to(&self, name: &str) {
        self.clear();
        copy(&self.directory.path().join(name), &self.data_dir());
    }

    /// Runs a command that dies at a checkpoint, counted from 1.
    pub(crate) fn killed(&self, command: Command, dies_at: usize) {
        let (status, output) = self.spawn(command, Some(dies_at));
        assert_eq!(
            status.signal(),
            Some(rustix::process::Signal::KILL.as_raw()),
            "{command:?} was to die at checkpoint {dies_at}, and ended: {output}"
        );
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, command: Command) -> Report {
        let (status, output) = self.spawn(command, None);
        assert!(status.success(), "{command:?}: {output}");
        let report = Report::read(&self.report());
        assert_eq!(report.damaged, None, "{command:?}");
        report
    }

    /// Runs a command that has to succeed.
    pub(crate) fn done(&self, command: Command) -> Report {
        let report = self.run(command);
        assert_eq!(report.problem, None, "{command:?}");
        report
    }

    fn report(&self) -> PathBuf {
        self.directory.path().join("report.json")
    }

    fn spawn(
        &self,
        command: Command,
        dies_at: Option<usize>,
    ) -> (std::process::ExitStatus, String) {
        let order = Order {
            command,
            root: self.simulator.root(),
            data_dir: self.data_dir(),
            key_file: self.directory.path().join("key"),
            callback_url: self.callback_url.clone(),
            dies_at,
            report: self.report(),
        };
        let ended = Process::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "child::child", "--nocapture"])
            .env(VARIABLE, serde_json::to_string(&order).unwrap())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let output = [ended.stdout, ended.stderr].concat();
        (ended.status, String::from_utf8_lossy(&output).into_owned())
    }
}

/// A callback URL on a port that is free now.
pub(crate) fn callback_url() -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    format!("http://localhost:{port}/callback")
}

fn copy(from: &Path, to: &Path) {
    fs::DirBuilder::new().mode(0o700).create(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// What there is more of than there was.
pub(crate) fn more(before: &Census, now: &Census) -> Census {
    let less = |now: usize, before: usize| now.checked_sub(before).expect("nothing goes away");
    Census {
        installations: less(now.installations, before.installations),
        devices: less(now.devices, before.devices),
        // A session that was closed is no more counted.
        sessions: now.sessions.saturating_sub(before.sessions),
        oauth_clients: less(now.oauth_clients, before.oauth_clients),
        callback_urls: less(now.callback_urls, before.callback_urls),
        credentials: less(now.credentials, before.credentials),
        grants: less(now.grants, before.grants),
    }
}
