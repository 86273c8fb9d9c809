//! The real thing: one bank for many cases, and for each case a program with a store of its own.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bunq_tui::base::{Checkpoints, Clock, Environment, Problem, TimeSource, UserNumber};
use bunq_tui::simulator::{Limits as BankLimits, Options, Simulator, SimulatorClock};
use bunq_tui::workspace::{
    Accounts, Connected, Limits, Profile, ProviderChoice, Settings, StoreKey, Workspace,
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::sync::mpsc;
use url::Url;

use crate::action::Answer;

/// How long Connect waits: known by its length to the clock, on which nothing else takes so long.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(54_321);

/// What a person's accounts are, without the numbers that a new bank gives them anew.
pub(crate) type Figures = Vec<(String, String)>;

pub(crate) fn figures(accounts: &Accounts) -> Figures {
    let rows = accounts.rows.iter();
    rows.map(|row| {
        let balance = row.balance.map(|balance| balance.to_string());
        (row.description.to_string(), balance.unwrap_or_default())
    })
    .collect()
}

/// The one clock, as far ahead of the bank's as it is wrong. Waiting moves both.
#[derive(Clone)]
struct Hands {
    bank: SimulatorClock,
    ahead: Arc<AtomicI64>,
    /// Nobody answers the login that waits.
    nobody: Arc<AtomicBool>,
}

impl TimeSource for Hands {
    fn now(&self) -> Timestamp {
        // No two moments are the same.
        self.bank.advance(Duration::from_micros(1));
        self.bank.now() + SignedDuration::from_secs(self.ahead.load(Ordering::Relaxed))
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        if time == CONNECT_TIMEOUT && !self.nobody.load(Ordering::Relaxed) {
            return Box::pin(std::future::pending());
        }
        self.bank.advance(time);
        Box::pin(std::future::ready(()))
    }
}

/// A bank, and a store whose key pair is made.
pub(crate) struct Bank {
    pub(crate) simulator: Simulator,
    limits: Limits,
    directory: TempDir,
    browser: reqwest::Client,
    machines: AtomicUsize,
    /// How often it has forgotten everything.
    times: AtomicU32,
    truth: Mutex<BTreeMap<Person, Figures>>,
}

/// A person at one of the banks that there were: a bank that starts anew knows nobody, and gives
/// everybody other balances.
pub(crate) type Person = (u32, String);

impl Bank {
    pub(crate) async fn new(limits: BankLimits) -> Self {
        let directory = in_memory();
        crate::key_file::write(&directory.path().join("key"));
        let options = Options {
            limits,
            ..Options::default()
        };
        let simulator = Simulator::start(options).await.unwrap();
        let now = simulator.clock().now();
        simulator.clock().stand(now);
        let bank = Self {
            simulator,
            limits: match limits {
                BankLimits::Off => Limits::Off,
                _ => Limits::Classic,
            },
            directory,
            browser: reqwest::Client::builder()
                .tls_certs_only([])
                .no_proxy()
                .build()
                .unwrap(),
            machines: AtomicUsize::new(0),
            times: AtomicU32::new(0),
            truth: Mutex::default(),
        };
        bank.prepare().await;
        bank
    }

    /// Makes the key once, and learns what everybody has while nothing goes wrong.
    async fn prepare(&self) {
        let machine = self.machine_in(self.directory.path().join("first"));
        machine.crash_at(KEY_PAIR);
        let set_up = machine.set_up(false).await;
        assert!(set_up.is_none(), "it was to die");
        copy(&machine.data_dir, &self.directory.path().join("template"));
        drop(machine);
        let machine = self.machine();
        machine.set_up(false).await.unwrap().unwrap();
        loop {
            let connected = machine.connect(Answer::Approves).await.unwrap().unwrap();
            if connected.again {
                break;
            }
            let read = machine.read(connected.number).await.unwrap().unwrap();
            let person = (self.times(), connected.name.to_string());
            self.truth.lock().unwrap().insert(person, figures(&read));
        }
    }

    /// Whatever the case before left wrong is over, its calls long ago.
    pub(crate) fn a_new_day(&self) {
        self.simulator.clear_faults();
        self.simulator.permit_nobody(false);
        self.simulator
            .clock()
            .advance(Duration::from_secs(24 * 60 * 60));
    }

    /// How often it has forgotten everything.
    pub(crate) fn times(&self) -> u32 {
        self.times.load(Ordering::Relaxed)
    }

    /// It forgets everything.
    pub(crate) fn restart(&self) {
        self.simulator.restart_empty();
        self.times.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn knows(&self, name: &str) -> bool {
        let truth = self.truth.lock().unwrap();
        truth.contains_key(&(0, name.to_owned()))
    }

    /// Whether these are that person's accounts. What a new bank says of their balances while
    /// nothing goes wrong is believed.
    pub(crate) fn are_of(&self, person: &Person, figures: &Figures, believed: bool) -> bool {
        let mut truth = self.truth.lock().unwrap();
        if let Some(known) = truth.get(person) {
            return known == figures;
        }
        let names = |figures: &Figures| {
            let names = figures.iter().map(|(name, _)| name.clone());
            names.collect::<Vec<_>>()
        };
        let same = names(&truth[&(0, person.1.clone())]) == names(figures);
        if same && believed {
            truth.insert(person.clone(), figures.clone());
        }
        same
    }

    /// A machine with a store in which nothing is done but the key pair.
    pub(crate) fn machine(&self) -> Machine<'_> {
        let number = self.machines.fetch_add(1, Ordering::Relaxed);
        let data = self.directory.path().join(format!("data-{number}"));
        copy(&self.directory.path().join("template"), &data);
        self.machine_in(data)
    }

    fn machine_in(&self, data_dir: PathBuf) -> Machine<'_> {
        let hands = Hands {
            bank: self.simulator.clock(),
            ahead: Arc::default(),
            nobody: Arc::default(),
        };
        let dies_at = Arc::new(AtomicUsize::new(0));
        let workspace = self.open(&data_dir, &hands, &dies_at);
        Machine {
            bank: self,
            data_dir,
            hands,
            dies_at,
            workspace,
        }
    }

    fn open(&self, data_dir: &Path, hands: &Hands, dies_at: &Arc<AtomicUsize>) -> Workspace {
        let environment = Environment::Local(Url::parse(&self.simulator.root()).unwrap());
        let profile = Profile::new(environment, None).unwrap();
        let dies_at = Arc::clone(dies_at);
        let settings = Settings {
            callback_url: Some(Url::parse("http://localhost:0/callback").unwrap()),
            connect_timeout: CONNECT_TIMEOUT,
            clock: Clock::from_source(hands.clone()),
            limits: Some(self.limits),
            checkpoints: Checkpoints::tell(move |_| {
                let less = |left: usize| left.checked_sub(1);
                let left = dies_at.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
                if left == Ok(1) {
                    // Without the words of a panic: it is meant.
                    std::panic::resume_unwind(Box::new(Crash));
                }
            }),
            ..Settings::new(data_dir.to_owned())
        };
        let key = StoreKey::File(self.directory.path().join("key"));
        Workspace::open(profile, &key, settings).unwrap()
    }
}

/// Longer than any operation takes, in real time.
const PATIENCE: Duration = Duration::from_secs(20);
/// The checkpoint after the key pair was kept.
const KEY_PAIR: usize = 6;

struct Crash;

/// What became of an operation; none when the program died in it.
pub(crate) type Ended<T> = Option<Result<T, Problem>>;

pub(crate) struct Machine<'a> {
    pub(crate) bank: &'a Bank,
    data_dir: PathBuf,
    hands: Hands,
    dies_at: Arc<AtomicUsize>,
    pub(crate) workspace: Workspace,
}

impl Machine<'_> {
    /// Our clock is so far ahead of the bank's.
    pub(crate) fn skew(&self, seconds: i32) {
        self.hands
            .ahead
            .store(i64::from(seconds), Ordering::Relaxed);
    }

    /// The next operation dies at this checkpoint; 0 is none.
    pub(crate) fn crash_at(&self, checkpoint: usize) {
        self.dies_at.store(checkpoint, Ordering::Relaxed);
    }

    /// The program ends and starts again.
    pub(crate) fn reopen(&mut self) {
        self.workspace = self.bank.open(&self.data_dir, &self.hands, &self.dies_at);
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Problem>> + Send + 'static,
    ) -> Ended<T> {
        let ended = tokio::time::timeout(PATIENCE, tokio::spawn(work)).await;
        let ended = ended.expect("it hangs");
        self.crash_at(0);
        match ended {
            Ok(ended) => Some(ended),
            Err(error) => match error.into_panic().downcast::<Crash>() {
                Ok(_) => None,
                Err(other) => std::panic::resume_unwind(other),
            },
        }
    }

    pub(crate) async fn set_up(&self, anew: bool) -> Ended<()> {
        let workspace = self.workspace.clone();
        let progress = mpsc::channel(64).0;
        self.run(async move {
            let choice = Some(ProviderChoice::NewPerson);
            if anew {
                workspace.set_up_anew(choice, progress).await.map(drop)
            } else {
                workspace.setup(choice, progress).await.map(drop)
            }
        })
        .await
    }

    pub(crate) async fn read(&self, user: UserNumber) -> Ended<Accounts> {
        let workspace = self.workspace.clone();
        self.run(async move { Ok(workspace.read_accounts(user).await?.value) })
            .await
    }

    pub(crate) async fn read_profile(&self, user: UserNumber) -> Ended<String> {
        let workspace = self.workspace.clone();
        self.run(async move { Ok(workspace.read_profile(user).await?.value.name.to_string()) })
            .await
    }

    pub(crate) async fn disconnect(&self, user: UserNumber) -> Ended<()> {
        let workspace = self.workspace.clone();
        self.run(async move { workspace.forget(user).await }).await
    }

    /// As the command line does it: what broke off is finished first.
    pub(crate) async fn connect(&self, answer: Answer) -> Ended<Connected> {
        self.hands
            .nobody
            .store(answer == Answer::Never, Ordering::Relaxed);
        let workspace = self.workspace.clone();
        let simulator = self.bank.simulator.clone();
        let browser = self.bank.browser.clone();
        self.run(async move {
            if let Some(finished) = workspace.finish_grant().await? {
                return Ok(finished);
            }
            let connecting = workspace.connect().await?;
            let address = connecting.invitation().authorize_url.clone();
            let paster = connecting.paster();
            match answer {
                Answer::Approves => visit(&browser, simulator.approve(&address).unwrap()),
                Answer::Denies => visit(&browser, simulator.deny(&address).unwrap()),
                Answer::IsPasted => paster.paste(&simulator.approve(&address).unwrap())?,
                Answer::Never => {}
            }
            connecting.redirected().await?.exchange().await
        })
        .await
    }
}

impl Drop for Machine<'_> {
    fn drop(&mut self) {
        // Left behind it would only take room until the bank goes.
        let _ = fs::remove_dir_all(&self.data_dir);
    }
}

/// Opens the address in the browser. Whether anyone is there to answer is not the browser's affair.
fn visit(browser: &reqwest::Client, address: String) {
    let page = browser.get(address).send();
    tokio::spawn(async move { drop(page.await) });
}

/// A directory in memory where the system has one: thousands of runs would wait for the disk, and
/// nothing here asks what a disk does.
fn in_memory() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::DirBuilder::new().mode(0o700).create(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
