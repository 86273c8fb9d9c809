//! The bank's limits, kept to: client and simulator on the classic table and one moved clock, so
//! that hours of waiting take no time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use bunq_tui::base::{Clock, Environment, TimeSource, UserNumber};
use bunq_tui::simulator::{Limits, Options, Simulator, SimulatorClock};
use bunq_tui::workspace::{self, Profile, ProviderChoice, Settings, StoreKey, Workspace};
use common::Bench;
use jiff::Timestamp;

/// The simulator's clock as the client's: waiting moves it.
#[derive(Clone)]
struct Moved(SimulatorClock);

impl TimeSource for Moved {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.0.advance(time);
        Box::pin(std::future::ready(()))
    }
}

/// A small generator with a printed seed: these tests are about counts, not about randomness.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        // Knuth's MMIX constants.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A bank with classic limits and a store with three connected users.
struct Place {
    simulator: Simulator,
    bench: Bench,
}

impl Place {
    async fn new() -> Self {
        let options = Options {
            limits: Limits::Classic,
            ..Options::default()
        };
        let simulator = Simulator::start(options).await.unwrap();
        let start = "2026-03-01T12:00:00Z".parse().unwrap();
        simulator.clock().stand(start);
        let place = Self {
            bench: Bench::new(&simulator.root()),
            simulator,
        };
        let workspace = place.open();
        let (progress, _) = tokio::sync::mpsc::channel(64);
        workspace
            .setup(Some(ProviderChoice::NewPerson), progress)
            .await
            .unwrap();
        for _ in 0..3 {
            place.connect(&workspace).await;
        }
        place
    }

    fn open(&self) -> Workspace {
        self.open_with(|settings| settings)
    }

    fn open_with(&self, change: impl Fn(Settings) -> Settings) -> Workspace {
        let environment: Environment = self.bench.environment.parse().unwrap();
        let settings = Settings {
            callback_url: Some(self.bench.callback_url.parse().unwrap()),
            limits: Some(workspace::Limits::Classic),
            clock: Clock::from_source(Moved(self.simulator.clock())),
            ..Settings::new(self.bench.data_dir())
        };
        let profile = Profile::new(environment, None).unwrap();
        let key: &Path = &self.bench.key_file();
        Workspace::open(profile, &StoreKey::File(key.into()), change(settings)).unwrap()
    }

    async fn connect(&self, workspace: &Workspace) {
        // On a moved clock the time for the redirect is over at once: what was pasted is there
        // before anybody waits.
        let connecting = workspace.connect().await.unwrap();
        let address = &connecting.invitation().authorize_url;
        let back = self.simulator.approve(address).unwrap();
        connecting.paster().paste(&back).unwrap();
        let granted = connecting.redirected().await.unwrap();
        granted.exchange().await.unwrap();
    }
}

/// One thing that a person or a refresh does.
async fn act(workspace: &Workspace, dice: &mut Dice) {
    // Not the second: the company's 230 accounts are slow to read, and no more calls.
    let user = [0, 1, 3].map(UserNumber)[usize::try_from(dice.below(3)).unwrap()];
    if dice.below(3) == 0 {
        workspace.read_profile(user).await.unwrap();
    } else {
        workspace.read_accounts(user).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_actions_and_none_too_fast() {
    const ACTIONS: usize = 10_000;
    let place = Place::new().await;
    let mut dice = Dice(20_260_301);
    let mut done = 0;
    while done < ACTIONS {
        // Two processes that share the store, opened anew now and then. They take turns: on a
        // moved clock whoever waits would make the other's call under way a late one.
        let both = [place.open(), place.open()];
        for _ in 0..100 {
            let workspace = &both[usize::try_from(dice.below(2)).unwrap()];
            let roll = dice.below(200);
            match roll {
                0 => place.simulator.expire_sessions(),
                1 => place.connect(workspace).await,
                2..20 => {
                    let pause = Duration::from_millis(dice.below(40_000));
                    place.simulator.clock().advance(pause);
                }
                _ => act(workspace, &mut dice).await,
            }
            done += 1;
        }
    }
    assert_eq!(place.simulator.refused_for_limits(), 0);
    assert_eq!(place.simulator.answered(429), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_takes_its_turns() {
    let place = Place::new().await;
    // From here on in real time, since it is about calls that overlap.
    let now = Timestamp::now();
    place.simulator.clock().set(now);
    let settings = |settings: Settings| Settings {
        clock: Clock::system(),
        ..settings
    };
    let both = [place.open_with(settings), place.open_with(settings)];
    let reads = (0..7).map(|nth: usize| both[nth % 2].read_accounts(UserNumber(1)));
    for read in futures_util::future::join_all(reads).await {
        read.unwrap();
    }
    assert_eq!(place.simulator.answered(429), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_others_use_up_everything_completes() {
    let place = Place::new().await;
    // Somebody at the same address who knows nothing of us and keeps to nothing.
    let other = Bench::new(&place.simulator.root());
    let stranger = reqwest::Client::new();
    let session = place.session_of_a_stranger(&other).await;
    let mut dice = Dice(7);
    let workspace = place.open();
    for _ in 0..200 {
        for path in ["user", "user/1/monetary-account"] {
            for _ in 0..dice.below(4) {
                stranger
                    .get(format!("{}/v1/{path}", place.simulator.root()))
                    .header("X-Bunq-Client-Authentication", &session)
                    .header("User-Agent", "somebody else")
                    .send()
                    .await
                    .unwrap();
            }
        }
        act(&workspace, &mut dice).await;
    }
    assert!(
        place.simulator.refused_for_limits() > 50,
        "the budget was used up: {}",
        place.simulator.refused_for_limits()
    );
}

impl Place {
    /// The token of a session that another client opened.
    async fn session_of_a_stranger(&self, other: &Bench) -> String {
        use bunq_tui::base::Events;
        use bunq_tui::bunq::{Client, KeyPair};
        let environment: Environment = other.environment.parse().unwrap();
        let clock = Clock::from_source(Moved(self.simulator.clock()));
        let client = Client::new(
            environment.endpoints().unwrap(),
            clock.clone(),
            Events::default(),
        )
        .unwrap();
        let installation = client.install(KeyPair::generate().unwrap()).await.unwrap();
        let key = client.new_sandbox_person().await.unwrap();
        let device = installation.register_device(&client, &key, "stranger", &[]);
        let device = device.await.unwrap();
        clock.sleep(Duration::from_secs(31)).await;
        let opened = device.open_session(&client, &key).await.unwrap();
        opened.session.token.expose().to_owned()
    }
}
