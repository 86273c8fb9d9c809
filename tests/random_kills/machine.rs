//! One person's machine with the real binary, a bank for it, and the hand that kills.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use bunq_tui::base::Environment;
use bunq_tui::simulator::{Fault, FaultKind, Simulator};
use bunq_tui::workspace::{Profile, Settings, StoreKey, Workspace};
use tokio::runtime::Handle;
use url::Url;

use crate::common::{Bench, approving};

/// How a run ended.
pub(crate) struct Ended {
    pub(crate) killed: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

/// One person's machine, its bank and its browser.
pub(crate) struct Machine {
    pub(crate) simulator: Simulator,
    bench: Bench,
    runtime: Handle,
    browser: reqwest::Client,
}

impl Machine {
    pub(crate) fn new(runtime: &Handle) -> Self {
        let (simulator, bench) = runtime.block_on(approving());
        let browser = reqwest::Client::builder().tls_certs_only([]).no_proxy();
        Self {
            simulator,
            bench,
            runtime: runtime.clone(),
            browser: browser.build().unwrap(),
        }
    }

    /// Runs a command, approving in the browser where it asks to, and kills it at this moment
    /// unless it has ended before.
    pub(crate) fn run(&self, arguments: &[&str], moment: Option<Duration>) -> Ended {
        let began = Instant::now();
        let mut child = self
            .bench
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (browser, runtime) = (self.browser.clone(), self.runtime.clone());
        let reading = std::thread::spawn(move || {
            let mut stderr = String::new();
            for line in lines.by_ref().map(Result::unwrap) {
                if line.starts_with("http") {
                    let page = browser.get(&line).send();
                    // Nobody answers the redirect of a run that was killed meanwhile.
                    runtime.spawn(async move { drop(page.await) });
                }
                stderr += &line;
                stderr.push('\n');
            }
            stderr
        });
        if let Some(moment) = moment {
            while began.elapsed() < moment && child.try_wait().unwrap().is_none() {
                std::thread::park_timeout(Duration::from_micros(500));
            }
            // It may have ended by itself just now.
            let _ = child.kill();
        }
        let status = child.wait().unwrap();
        let took = began.elapsed();
        let mut stdout = String::new();
        child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut stdout)
            .unwrap();
        let stderr = reading.join().unwrap();
        let killed = status.signal().is_some();
        assert!(
            killed || status.success(),
            "{arguments:?} ended with {status}: {stderr}"
        );
        Ended {
            killed,
            stdout,
            stderr,
            took,
        }
    }

    /// The store opens, and every page of it is whole.
    pub(crate) fn check_store(&self) {
        let environment = Environment::Local(Url::parse(&self.bench.environment).unwrap());
        let profile = Profile::new(environment, None).unwrap();
        let settings = Settings::new(self.bench.data_dir());
        let key = StoreKey::File(self.bench.key_file());
        Workspace::open(profile, &key, settings)
            .unwrap()
            .check()
            .unwrap();
    }

    /// A directory beside the data, with the store as it is after the key pair.
    pub(crate) fn keep_key(&self) {
        self.simulator.set_fault(Fault {
            endpoint: "POST installation".into(),
            nth: None,
            kind: FaultKind::Unavailable503,
        });
        assert_ne!(self.bench.run(&["setup", "--person"]).code, 0);
        self.simulator.clear_faults();
        copy(&self.bench.data_dir(), &self.with_key());
    }

    fn with_key(&self) -> PathBuf {
        self.bench.directory.path().join("with-key")
    }

    pub(crate) fn fresh(&self, from_nothing: bool) {
        // It may not be there yet.
        let _ = fs::remove_dir_all(self.bench.data_dir());
        if !from_nothing {
            copy(&self.with_key(), &self.bench.data_dir());
        }
    }

    pub(crate) fn users(&self) -> Vec<u64> {
        let rows = self.bench.json(&["users", "--format", "json"]);
        let numbers = rows.as_array().unwrap().iter();
        let numbers = numbers.map(|row| row["number"].as_u64().unwrap());
        numbers.filter(|number| *number > 0).collect()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::DirBuilder::new().mode(0o700).create(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
