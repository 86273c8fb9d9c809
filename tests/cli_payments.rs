//! `payments`: every payment to the cent, however it is asked for.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use bunq_tui::simulator::{Fault, FaultKind, Simulator};
use common::{Bench, approving, connect};
use rust_decimal::Decimal;
use serde_json::Value;

const PAGE: &str = "GET user/{}/monetary-account/{}/payment";

/// User 1 of a bank, and the number of its first account.
async fn connected() -> (Simulator, Bench, String) {
    let (simulator, bench) = approving().await;
    assert_eq!(bench.run(&["setup", "--psd2"]).code, 0);
    connect(&bench, &["connect", "--format", "json"]).await;
    let accounts = bench.json(&["accounts", "1", "--format", "json"]);
    let account = accounts[0]["id"].to_string();
    (simulator, bench, account)
}

fn decimal(value: &Value) -> Decimal {
    value["value"].as_str().unwrap().parse().unwrap()
}

fn payments(bench: &Bench, account: &str, more: &[&str]) -> Vec<Value> {
    let mut arguments = vec!["payments", "1", account, "--format", "json"];
    arguments.extend(more);
    let rows = bench.json(&arguments);
    rows.as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_them_add_up_to_the_balance() {
    let (simulator, bench, account) = connected().await;
    let all = payments(&bench, &account, &["--all"]);
    assert!(all.len() > 200, "more than one page: {}", all.len());
    let sum: Decimal = all.iter().map(|row| decimal(&row["amount"])).sum();
    let accounts = bench.json(&["accounts", "1", "--stored", "--format", "json"]);
    assert_eq!(sum, decimal(&accounts[0]["balance"]));
    assert_eq!(sum, decimal(&all[0]["balance_after"]));
    let ids: Vec<_> = all.iter().map(|row| row["id"].as_u64().unwrap()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] > pair[1]));

    // The same from the store, without a call.
    let calls = simulator.calls_total();
    assert_eq!(payments(&bench, &account, &["--stored", "--all"]), all);
    assert_eq!(simulator.calls_total(), calls);
    // Nothing new: one page joins what is stored.
    let again = payments(&bench, &account, &["--all"]);
    assert_eq!(again.len(), all.len());
    assert_eq!(simulator.calls_total(), calls + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_off_leaves_no_gap() {
    let (simulator, bench, account) = connected().await;
    let few = payments(&bench, &account, &["--count", "5"]);
    assert_eq!(few.len(), 5);
    simulator.set_fault(Fault {
        endpoint: PAGE.into(),
        nth: Some(2),
        kind: FaultKind::Route404,
    });
    let broken = bench.run(&["payments", "1", &account, "--all"]);
    assert_ne!(broken.code, 0, "{}", broken.stdout);
    simulator.clear_faults();
    let all = payments(&bench, &account, &["--all"]);
    let sum: Decimal = all.iter().map(|row| decimal(&row["amount"])).sum();
    assert_eq!(sum, decimal(&all[0]["balance_after"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_found_by_words_amounts_and_days() {
    let (_simulator, bench, account) = connected().await;
    let all = payments(&bench, &account, &["--all"]);
    let picked = &all[all.len() / 2];
    let text = picked["counterparty"].as_str().unwrap().to_uppercase();
    let found = payments(&bench, &account, &["--stored", "--all", "--search", &text]);
    assert!(found.contains(picked), "{text}");
    assert!(found.len() < all.len());
    for row in &found {
        let all = format!("{} {}", row["counterparty"], row["description"]).to_uppercase();
        assert!(all.contains(&text), "{row}");
    }

    let least: Decimal = "50".parse().unwrap();
    let large = payments(&bench, &account, &["--stored", "--all", "--least", "50"]);
    let expected = all
        .iter()
        .filter(|row| decimal(&row["amount"]).abs() >= least);
    assert_eq!(large.len(), expected.count());

    let day = &picked["created"].as_str().unwrap()[..10];
    let since = payments(&bench, &account, &["--since", day]);
    assert!(since.iter().any(|row| row["id"] == picked["id"]));
    let that_day = payments(&bench, &account, &["--since", day, "--until", day]);
    assert!(
        that_day.iter().any(|row| row["id"] == picked["id"]),
        "{that_day:?}"
    );
    assert!(
        that_day
            .iter()
            .all(|row| row["created"].as_str().unwrap().starts_with(day))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn raw_is_the_banks_own_pages_and_csv_has_every_row() {
    let (_simulator, bench, account) = connected().await;
    let all = payments(&bench, &account, &["--all"]);
    let raw = bench.run(&["payments", "1", &account, "--all", "--format", "raw"]);
    let mut count = 0;
    for line in raw.stdout.lines() {
        let page: Value = serde_json::from_str(line).unwrap();
        count += page["Response"].as_array().unwrap().len();
    }
    assert_eq!(count, all.len());
    let csv = bench.run(&[
        "payments", "1", &account, "--stored", "--all", "--format", "csv",
    ]);
    let mut reader = csv::Reader::from_reader(csv.stdout.as_bytes());
    let amounts: Decimal = reader
        .records()
        .map(|row| row.unwrap()[2].parse::<Decimal>().unwrap())
        .sum();
    assert_eq!(amounts, decimal(&all[0]["balance_after"]));
    let table = bench.run(&["payments", "1", &account, "--count", "3"]);
    assert_eq!(table.stdout.lines().count(), 5, "{}", table.stdout);
    for wrong in [
        &["payments", "1", &account, "--stored", "--format", "raw"][..],
        &["payments", "1", &account, "--all", "--count", "3"],
        &["payments", "1", &account, "--since", "2026-02-30"],
    ] {
        assert_eq!(bench.run(wrong).code, 2, "{wrong:?}");
    }
    let unknown = bench.run(&["payments", "1", "99", "--count", "3"]);
    assert_eq!(unknown.code, 1, "{}", unknown.stderr);
    let unread = bench.run(&["payments", "1", "99", "--stored"]);
    assert_eq!(unread.code, 78, "{}", unread.stderr);
}
