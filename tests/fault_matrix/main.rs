//! Every fault that the simulator knows on every call that the program makes: nothing panics,
//! nothing hangs, and each failure says what happened and what to do.
//!
//! `cargo test --test fault_matrix -- --nocapture` prints the table.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

mod bank;
mod cells;
mod columns;
#[path = "../common/mod.rs"]
mod common;
mod connection;
mod elsewhere;
mod every_call;
mod expected;
mod kinds;
mod words;

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};

use cells::Cell;
use columns::COLUMNS;
use elsewhere::Elsewhere;

/// Columns that run at the same time.
const AT_ONCE: usize = 4;
/// What the issue asks for.
const FEWEST_KINDS: usize = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_fault_on_every_call() {
    let elsewhere = Elsewhere::listen();
    let began = Instant::now();
    let columns = stream::iter(COLUMNS.iter().map(|column| {
        let rows = kinds::rows(&elsewhere.address, column);
        assert!(rows.len() >= FEWEST_KINDS);
        let task = async move { cells::column(*column, &rows).await };
        async move { tokio::spawn(task).await.unwrap() }
    }));
    let cells: Vec<Vec<Cell>> = columns.buffered(AT_ONCE).collect().await;
    let cells: Vec<Cell> = cells.into_iter().flatten().collect();
    print(&cells, began.elapsed());
    assert_eq!(
        elsewhere.came(),
        Vec::<String>::new(),
        "a redirect was followed"
    );
    let wrong: Vec<String> = cells
        .iter()
        .filter(|cell| !cell.complaints.is_empty())
        .map(|cell| format!("{} on {}: {:#?}", cell.fault, cell.call, cell))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    words::told_apart(&cells);
}

/// The table: fault, call, how a command ends, and the words.
fn print(cells: &[Cell], took: Duration) {
    for cell in cells {
        let (exit, what, next) = match &cell.result {
            Ok(()) => (0, "", ""),
            Err(problem) => (problem.exit.code(), &*problem.what, &*problem.next),
        };
        let took = cell.took.as_millis();
        println!(
            "{:28} | {:60} | {exit:2} | {took} | {what} | {next}",
            cell.fault, cell.call
        );
    }
    println!("{} cells in {took:?}", cells.len());
}
