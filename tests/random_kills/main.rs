//! A thousand SIGKILLs at random moments of the real binary's setup and connect: the next start
//! completes, nothing is there twice, the store is intact, and what was told as done is done.
//!
//! `BUNQ_TUI_TEST_SEED` repeats the moments of a run; what they hit depends on the machine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

#[path = "../common/mod.rs"]
mod common;
mod machine;
#[path = "../common/seed.rs"]
mod seed;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use machine::{Ended, Machine};
use serde_json::Value;
use tokio::runtime::Runtime;

const KILLS_OF_SETUP: usize = 500;
const KILLS_OF_CONNECT: usize = 500;
const WORKERS: usize = 3;
/// One store in so many begins with nothing; a new key takes longer than all the rest.
const FROM_NOTHING: u64 = 12;
const SETUP: [&str; 2] = ["setup", "--person"];
const CONNECT: [&str; 3] = ["connect", "--format", "json"];
/// Steps that are never done a second time once they were told as done.
const ONCE: [&str; 5] = ["Key pair", "Installation", "Provider", "Device", "Session"];

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Moments(u64);

impl Moments {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A moment of a command that takes this long.
    fn within(&mut self, time: Duration) -> Duration {
        let micros = u64::try_from(time.as_micros()).unwrap().max(1);
        Duration::from_micros(self.next() % micros)
    }
}

/// How long a command takes when nobody kills it. The machine may be busier later, so it is measured
/// anew now and then.
struct Pace {
    time: Duration,
    uses: u32,
}

impl Pace {
    const USES: u32 = 20;

    fn of(took: Duration) -> Self {
        Self {
            time: took,
            uses: 0,
        }
    }

    /// A moment within the command, or a little after it; none when it is to be measured anew.
    fn moment(&mut self, moments: &mut Moments) -> Option<Duration> {
        self.uses += 1;
        (self.uses < Self::USES).then(|| moments.within(self.time + self.time / 8))
    }

    fn learn(&mut self, ended: &Ended) {
        if self.uses >= Self::USES {
            *self = Self::of(ended.took);
        }
    }
}

#[derive(Default)]
struct Counts {
    kills: AtomicUsize,
    /// By how far the command had come.
    stages: Mutex<BTreeMap<String, usize>>,
    /// Runs that ended by themselves after at least one kill.
    completed: AtomicUsize,
    stores: AtomicUsize,
}

impl Counts {
    fn kill(&self, stage: impl Into<String>) {
        count(&self.kills);
        *self.stages.lock().unwrap().entry(stage.into()).or_default() += 1;
    }

    /// Whether one more kill is wanted.
    fn left(&self, of: usize) -> bool {
        self.kills.load(Ordering::Relaxed) < of
    }

    fn complete(&self, kills: usize) {
        if kills > 0 {
            count(&self.completed);
        }
    }

    fn tell(&self, phase: &str, began: Instant) {
        println!(
            "{phase}: {} kills, {} runs completed after them, {} stores, {:.1} s",
            self.kills.load(Ordering::Relaxed),
            self.completed.load(Ordering::Relaxed),
            self.stores.load(Ordering::Relaxed),
            began.elapsed().as_secs_f64()
        );
        for (stage, kills) in &*self.stages.lock().unwrap() {
            println!("  {stage}: {kills}");
        }
    }
}

fn count(counter: &AtomicUsize) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// Setups, each killed until it completes.
fn setups(machine: &Machine, moments: &mut Moments, counts: &Counts) {
    machine.keep_key();
    let mut pace = Pace::of(machine.run(&SETUP, None).took);
    machine.fresh(true);
    let mut pace_from_nothing = Pace::of(machine.run(&SETUP, None).took);
    while counts.left(KILLS_OF_SETUP) {
        let from_nothing = moments.next().is_multiple_of(FROM_NOTHING);
        machine.fresh(from_nothing);
        count(&counts.stores);
        let before = machine.simulator.census();
        let kills = if from_nothing {
            one_setup(machine, moments, counts, &mut pace_from_nothing)
        } else {
            one_setup(machine, moments, counts, &mut pace)
        };
        machine.check_store();
        let now = machine.simulator.census();
        assert_eq!(now.oauth_clients - before.oauth_clients, 1, "{now:?}");
        assert_eq!(now.callback_urls - before.callback_urls, 1, "{now:?}");
        assert!(now.installations - before.installations <= 1 + kills);
        assert!(now.devices - before.devices <= 1 + kills);
        assert!(now.sessions - before.sessions <= 1 + kills);
    }
}

/// Answers how often it was killed.
fn one_setup(machine: &Machine, moments: &mut Moments, counts: &Counts, pace: &mut Pace) -> usize {
    let mut told = BTreeSet::new();
    for kills in 0.. {
        let ended = machine.run(&SETUP, pace.moment(moments));
        let done = ended
            .stderr
            .lines()
            .filter(|line| line.contains(" done in "));
        for step in ONCE {
            let is_done = done.clone().any(|line| line.starts_with(step));
            let first = !is_done || told.insert(step);
            assert!(
                first,
                "{step} was done, and is done again: {}",
                ended.stderr
            );
        }
        if !ended.killed {
            pace.learn(&ended);
            counts.complete(kills);
            return kills;
        }
        let steps = ended.stderr.lines().filter(|line| line.contains(" done "));
        counts.kill(format!("after {} of 7 steps", steps.count()));
    }
    unreachable!()
}

/// The person whose logins are killed.
struct Person {
    /// Its last number.
    number: u64,
    connected: bool,
}

impl Person {
    /// One person is one row, under a number that is never another one's.
    fn is_now(&mut self, number: u64) {
        let kept = if self.connected {
            number == self.number
        } else {
            number > self.number
        };
        assert!(kept, "{number} after {}", self.number);
        (self.number, self.connected) = (number, true);
    }
}

/// Logins of one person, each killed until one completes.
fn connects(machine: &Machine, moments: &mut Moments, counts: &Counts) {
    machine.fresh(false);
    count(&counts.stores);
    machine.run(&SETUP, None);
    let registered = machine.simulator.census();
    let mut pace = Pace::of(machine.run(&CONNECT, None).took);
    let mut person = Person {
        number: machine.users()[0],
        connected: true,
    };
    while counts.left(KILLS_OF_CONNECT) {
        let grants = machine.simulator.census().grants;
        let kills = one_connect(machine, moments, counts, &mut pace, &mut person);
        machine.check_store();
        let now = machine.simulator.census();
        assert_eq!(now.oauth_clients, registered.oauth_clients);
        assert_eq!(now.callback_urls, registered.callback_urls);
        assert!((1..=1 + kills).contains(&(now.grants - grants)), "{now:?}");
        if moments.next().is_multiple_of(2) {
            machine.run(&["disconnect", &person.number.to_string()], None);
            assert!(machine.users().is_empty());
            person.connected = false;
        }
    }
}

/// Answers how often it was killed.
fn one_connect(
    machine: &Machine,
    moments: &mut Moments,
    counts: &Counts,
    pace: &mut Pace,
    person: &mut Person,
) -> usize {
    for kills in 0.. {
        let grants = machine.simulator.census().grants;
        let was_connected = person.connected;
        let ended = machine.run(&CONNECT, pace.moment(moments));
        // What is in the store is there whether it was told or not; what was told is there.
        let users = machine.users();
        assert!(users.len() <= 1, "one person is one row");
        match users.first() {
            Some(number) => person.is_now(*number),
            None => assert!(!person.connected, "a user is lost"),
        }
        let told = serde_json::from_str::<Value>(&ended.stdout).ok();
        if let Some(told) = &told {
            assert_eq!(told["new_user_id"].as_u64(), users.first().copied());
        }
        if !ended.killed {
            assert!(told.is_some());
            pace.learn(&ended);
            counts.complete(kills);
            return kills;
        }
        let granted = machine.simulator.census().grants > grants;
        counts.kill(if told.is_some() {
            "4 after it was told"
        } else if person.connected && !was_connected {
            "3 after the user was stored"
        } else if granted {
            "2 after the grant was made"
        } else if ended.stderr.contains("response_type=code") {
            "1 while it waited for the browser"
        } else {
            "0 before the address was shown"
        });
    }
    unreachable!()
}

#[test]
fn a_thousand_random_kills_lose_nothing() {
    let seed = seed::seed();
    let runtime = Runtime::new().unwrap();
    let began = Instant::now();
    let (setup, connect) = (Counts::default(), Counts::default());
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..WORKERS)
            .map(|worker| {
                let (setup, connect, runtime) = (&setup, &connect, runtime.handle());
                scope.spawn(move || {
                    let mut moments = Moments(seed.wrapping_add(u64::try_from(worker).unwrap()));
                    let machine = Machine::new(runtime);
                    setups(&machine, &mut moments, setup);
                    connects(&machine, &mut moments, connect);
                })
            })
            .collect();
        threads.into_iter().for_each(|one| one.join().unwrap());
    });
    setup.tell("setup", began);
    connect.tell("connect", began);
    assert!(!setup.left(KILLS_OF_SETUP) && !connect.left(KILLS_OF_CONNECT));
}
