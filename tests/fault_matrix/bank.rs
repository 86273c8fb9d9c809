//! A bank with a store over it, and what the program does with both.

// Every test binary takes what it needs of this.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

use bunq_tui::base::{Clock, Environment, ManualClock, Problem, Secret, TimeSource, UserNumber};
use bunq_tui::simulator::{Census, Fault, FaultKind, Options, Simulator};
use bunq_tui::store::{Key, Store};
use bunq_tui::workspace::{
    Back, PaymentFilter, Profile, ProviderChoice, Psd2Roles, Settings, Stage, StoreKey, TimeLimits,
    Workspace,
};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::sync::mpsc;
use url::Url;

use crate::common::free_port;

/// The most bytes of a body that the tests' client reads.
pub(crate) const BODY: usize = 1 << 20;
/// Longer than any other wait: nobody sleeps that long, the redirect comes first.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3600);

/// Hundredths of the real limits.
pub(crate) const HUNDREDTHS: TimeLimits = TimeLimits {
    connect: Duration::from_millis(100),
    read: Duration::from_millis(150),
    total: Duration::from_millis(300),
    body: BODY,
    backoff: Duration::from_millis(4),
};

/// For calls where nothing is slow but perhaps this machine.
pub(crate) const PATIENT: TimeLimits = TimeLimits {
    connect: Duration::from_secs(10),
    read: Duration::from_secs(15),
    total: Duration::from_secs(30),
    ..HUNDREDTHS
};

/// Waits take no time, except the one for the redirect, which never ends.
struct Hurried(ManualClock);

impl TimeSource for Hurried {
    fn now(&self) -> Timestamp {
        // No two things happen at the same time.
        self.0.advance(Duration::from_millis(1));
        self.0.now()
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        if time >= CONNECT_TIMEOUT {
            return Box::pin(std::future::pending());
        }
        self.0.sleep(time)
    }
}

/// How far a store has come when a cell begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    KeyPair,
    Installed,
    Ready,
}

/// What the program does when it makes the call of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Setup(From, Choice),
    ReadAccounts,
    ReadPayments,
    ReadProfile,
    Connect,
    ChangePort,
    Forget,
    Doctor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Person,
    Company,
    Psd2,
}

impl Choice {
    pub(crate) fn make(self) -> ProviderChoice {
        match self {
            Self::Person => ProviderChoice::NewPerson,
            Self::Company => ProviderChoice::NewCompany,
            Self::Psd2 => ProviderChoice::NewPsd2Provider(Psd2Roles::Both),
        }
    }
}

pub(crate) struct Bank {
    pub(crate) simulator: Simulator,
    root: Url,
    directory: TempDir,
    clock: Clock,
    ports: [u16; 2],
}

impl Bank {
    pub(crate) async fn start() -> Self {
        let simulator = Simulator::start(Options::default()).await.unwrap();
        let root = Url::parse(&simulator.root()).unwrap();
        Self::behind(simulator, root)
    }

    /// The bank as seen at another address.
    pub(crate) fn behind(simulator: Simulator, root: Url) -> Self {
        let directory = tempfile::tempdir().unwrap();
        crate::common::key_file::write(&directory.path().join("key"));
        let manual = ManualClock::at(Timestamp::now());
        Self {
            simulator,
            root,
            directory,
            clock: Clock::from_source(Hurried(manual)),
            ports: [free_port(), free_port()],
        }
    }

    fn profile(&self) -> Profile {
        Profile::new(Environment::Local(self.root.clone()), None).unwrap()
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn open(&self, directory: &Path, limits: TimeLimits) -> Workspace {
        let settings = Settings {
            callback_url: Some(callback(self.ports[0])),
            connect_timeout: CONNECT_TIMEOUT,
            clock: self.clock.clone(),
            time_limits: limits,
            ..Settings::new(directory.to_path_buf())
        };
        let key = StoreKey::File(self.at("key"));
        Workspace::open(self.profile(), &key, settings).unwrap()
    }

    /// The store itself, to see what is in it.
    pub(crate) fn store(&self, directory: &Path) -> Store {
        let stem = self.profile().environment.file_stem();
        let path = directory.join(format!("{stem}.db"));
        Store::open(&path, &Key::File(self.at("key"))).unwrap()
    }

    /// A store that has come so far, beside which nothing of a setup is at the bank.
    pub(crate) async fn prepare(&self, from: From) -> PathBuf {
        let directory = self.at(&format!("{from:?}"));
        let workspace = self.open(&directory, PATIENT);
        let stop = match from {
            From::KeyPair => Some("POST installation"),
            From::Installed => Some("POST sandbox-user-person"),
            From::Ready => None,
        };
        if let Some(endpoint) = stop {
            self.fault(endpoint, None, FaultKind::Authorisation403);
            setup(&workspace, Some(Choice::Person)).await.unwrap_err();
            self.simulator.clear_faults();
        } else {
            setup(&workspace, Some(Choice::Person)).await.unwrap();
            self.connect(&workspace).await.unwrap();
        }
        directory
    }

    pub(crate) fn fault(&self, endpoint: &str, nth: Option<u32>, kind: FaultKind) {
        self.simulator.set_fault(Fault {
            endpoint: endpoint.into(),
            nth,
            kind,
        });
    }

    pub(crate) fn census(&self) -> Census {
        self.simulator.census()
    }

    /// As the command does it: what broke off is finished first.
    pub(crate) async fn connect(&self, workspace: &Workspace) -> Result<UserNumber, Problem> {
        if let Some(finished) = workspace.finish_grant().await? {
            return Ok(finished.number);
        }
        let connecting = workspace.connect().await?;
        let page = connecting.invitation().authorize_url.clone();
        // The phone speaks to the bank itself, whatever stands before it.
        let root = self.root.as_str().trim_end_matches('/');
        let page = page.replacen(root, &self.simulator.root(), 1);
        let back = self.simulator.approve(&page).unwrap();
        connecting.paster().paste(&back)?;
        let granted = connecting.redirected().await?;
        granted.exchange().await.map(|connected| connected.number)
    }

    /// The other one of the two ports.
    pub(crate) fn other_port(&self, workspace: &Workspace) -> u16 {
        let registered = workspace.provider().unwrap().unwrap().callback_url;
        let port = Url::parse(&registered).unwrap().port();
        let other = self.ports.into_iter().find(|known| Some(*known) != port);
        other.unwrap()
    }

    /// What must never be told: the secrets of this store.
    pub(crate) fn secrets(&self, directory: &Path) -> Vec<String> {
        let store = self.store(directory);
        let sessions = store.sessions().unwrap().into_iter().map(|row| row.token);
        let users = store.users().unwrap().into_iter();
        let others = [
            store.provider().unwrap().map(|row| row.secret),
            store.installation().unwrap().and_then(|row| row.token),
            store.oauth_client().unwrap().map(|row| row.secret),
        ];
        let all = sessions
            .chain(users.map(|row| row.access_token))
            .chain(others.into_iter().flatten());
        all.map(|secret: Secret| secret.expose().to_owned())
            .collect()
    }
}

fn callback(port: u16) -> Url {
    Url::parse(&format!("http://localhost:{port}/callback")).unwrap()
}

/// The setup, of whose progress nobody wants to hear.
pub(crate) async fn setup(workspace: &Workspace, choice: Option<Choice>) -> Result<(), Problem> {
    let (progress, mut told) = mpsc::channel(64);
    let listener = tokio::spawn(async move { while told.recv().await.is_some() {} });
    let choice = choice.map(Choice::make);
    let done = workspace.setup(choice, progress).await.map(drop);
    listener.await.unwrap();
    done
}

/// Everything made again at the bank, as a new person.
pub(crate) async fn anew(workspace: &Workspace) -> Result<(), Problem> {
    let (progress, mut told) = mpsc::channel(64);
    let listener = tokio::spawn(async move { while told.recv().await.is_some() {} });
    let choice = Some(ProviderChoice::NewPerson);
    let done = workspace.set_up_anew(choice, progress).await.map(drop);
    listener.await.unwrap();
    debug_assert!(workspace.stage().is_ok_and(|stage| stage == Stage::Ready) || done.is_err());
    done
}

/// All payments of a user's first account.
pub(crate) async fn payments(workspace: &Workspace, user: UserNumber) -> Result<(), Problem> {
    let accounts = workspace.stored_accounts(user)?;
    let account = accounts.unwrap().rows[0].id;
    let filter = PaymentFilter::default();
    let read = workspace.read_payments(user, account, (Back::All, true), &filter);
    read.await.map(drop)
}

/// A copy of a directory of files.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    let mode = std::fs::metadata(from).unwrap().permissions();
    std::fs::set_permissions(to, mode).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
