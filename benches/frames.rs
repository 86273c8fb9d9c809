//! What a frame and a key cost, whatever the number of rows: `cargo bench --bench frames`.
//!
//! * a frame at 200x50 with 100, 10,000 and 100,000 rows, on Users, on Payments and on the accounts of
//!   all users, plain, and there with a filter and sorted; the ratio of the most to the fewest rows;
//! * a key that moves the selection, from the key to the drawn frame;
//! * the filter over 100,000 accounts: each key by itself, worst and median.
//!
//! With a word after `--` it fails where a figure is beyond its limit.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

use std::time::{Duration, Instant};

use bunq_tui::tui::staging::{Staged, iban};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const SIZE: (u16, u16) = (200, 50);
const ROWS: [usize; 3] = [100, 10_000, 100_000];
const ROUNDS: usize = 300;

/// Median and worst of many.
fn measure(rounds: usize, mut work: impl FnMut()) -> (Duration, Duration) {
    let mut times: Vec<Duration> = (0..rounds)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed()
        })
        .collect();
    times.sort();
    (times[rounds / 2], times[rounds - 1])
}

fn frame(staged: &Staged, buffer: &mut Buffer) {
    buffer.reset();
    staged.draw(buffer);
}

/// The medians of a frame for each number of rows. The sizes take turns, so that whatever else runs
/// on the machine slows all of them.
fn frames(what: &str, make: impl Fn(usize) -> Staged) -> f64 {
    let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
    let staged: Vec<Staged> = ROWS.iter().map(|count| make(*count)).collect();
    let mut times = vec![Vec::new(); ROWS.len()];
    for _ in 0..ROUNDS {
        for (one, times) in staged.iter().zip(&mut times) {
            let began = Instant::now();
            frame(one, &mut buffer);
            times.push(began.elapsed());
        }
    }
    for times in &mut times {
        times.sort();
    }
    let median = |place: usize| times[place][ROUNDS / 2];
    for (place, count) in ROWS.iter().enumerate() {
        println!("{what:<34} {count:>7} rows  {:>9.1?}", median(place));
    }
    let ratio = median(2).as_secs_f64() / median(0).as_secs_f64();
    println!("{what:<34} ratio {ratio:.3}");
    assert!(median(2) < Duration::from_millis(1) || !strict(), "{what}");
    ratio
}

fn strict() -> bool {
    std::env::args().any(|argument| argument == "strict")
}

fn main() {
    let mut ratios = vec![
        frames("users", |count| Staged::users(count, SIZE)),
        frames("all accounts", |count| Staged::all_accounts(count, SIZE)),
        frames("payments", |count| Staged::payments(count, SIZE)),
    ];
    let narrowed = |count| {
        let mut staged = Staged::all_accounts(count, SIZE);
        staged.sort();
        staged.open_filter();
        "main".chars().for_each(|key| staged.type_filter(key));
        staged.close_filter(true);
        staged
    };
    // A tenth of the rows fits, which fills the screen only from some hundreds on.
    let _ = frames("all accounts, filtered and sorted", narrowed);
    let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
    for count in ROWS {
        let mut staged = Staged::all_accounts(count, SIZE);
        let (median, worst) = measure(ROUNDS, || {
            staged.down();
            frame(&staged, &mut buffer);
        });
        println!(
            "key to frame, all accounts         {count:>7} rows  {median:>9.1?}, worst {worst:.1?}"
        );
    }
    keys();
    ratios.retain(|ratio| *ratio > 1.1);
    assert!(
        ratios.is_empty() || !strict(),
        "grows with the rows: {ratios:?}"
    );
}

/// Each key of some filters over the most rows.
fn keys() {
    let mut staged = Staged::all_accounts(ROWS[2], SIZE);
    let digits = iban(54_321);
    let digits = &digits[digits.len() - 6..];
    let mut all = Vec::new();
    for filter in ["mul", "gerda bak", "svod", "'main", "eur !sav", digits] {
        staged.open_filter();
        for key in filter.chars() {
            let began = Instant::now();
            staged.type_filter(key);
            all.push((began.elapsed(), filter, key));
        }
        staged.close_filter(false);
    }
    all.sort();
    let (worst, filter, key) = all[all.len() - 1];
    println!(
        "filter, 100,000 accounts           per key {:>9.1?}, worst {worst:.1?} ({key:?} of {filter:?})",
        all[all.len() / 2].0
    );
    assert!(worst < Duration::from_millis(50) || !strict(), "{worst:?}");
}
