//! A model test: sequences of everything that a person and a bank may do, on good days and bad ones,
//! against a reference of what must hold. A case that fails is shrunk. The seed is printed;
//! `BUNQ_TUI_TEST_SEED` takes another, or `random`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

mod action;
#[path = "../common/key_file.rs"]
mod key_file;
mod machine;
mod reference;
#[path = "../common/seed.rs"]
mod seed;

use std::time::Instant;

use bunq_tui::simulator::Limits;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use tokio::runtime::Runtime;

use action::Case;
use machine::Bank;
use reference::Reference;

/// Sequences of 5 to 12 actions, and the end of the bad day after them.
const CASES: u32 = 1_000;
const THREADS: u32 = 2;

async fn run(bank: &Bank, case: Case) -> Result<(), TestCaseError> {
    // Each case has a store of its own, which knows nothing of the calls of those before.
    bank.a_new_day();
    let refused_before = bank.simulator.refused_for_limits();
    let mut reference = Reference::new(bank.machine());
    let mut skewed = false;
    for action in case.actions {
        skewed |= matches!(action, action::Action::Skew(_));
        reference.act(action).await?;
    }
    reference.heal().await?;
    if !skewed {
        let refused = bank.simulator.refused_for_limits();
        prop_assert_eq!(refused, refused_before, "too fast for the bank");
    }
    Ok(())
}

fn sequences(seed: u64) {
    let runtime = Runtime::new().unwrap();
    let free = runtime.block_on(Bank::new(Limits::Off));
    let classic = runtime.block_on(Bank::new(Limits::Classic));
    let config = Config {
        cases: CASES / THREADS,
        failure_persistence: None,
        max_shrink_iters: 200,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    };
    let ran = TestRunner::new(config).run(&action::case(), |case| {
        let bank = if case.classic { &classic } else { &free };
        runtime.block_on(run(bank, case))
    });
    if let Err(failed) = ran {
        panic!("BUNQ_TUI_TEST_SEED={seed}: {failed}");
    }
}

#[test]
fn a_thousand_sequences_hold_what_must_hold() {
    let seed = seed::seed();
    let began = Instant::now();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..u64::from(THREADS))
            .map(|thread| scope.spawn(move || sequences(seed.wrapping_add(thread))))
            .collect();
        threads.into_iter().for_each(|one| one.join().unwrap());
    });
    println!("{CASES} sequences, {:.1} s", began.elapsed().as_secs_f64());
}
