//! The documented bodies that judge the client judge the simulator too.
//!
//! Every call that a fixture documents is made, and the answer must have the fixture's shape:
//! its keys, its types, its wrappers in their order, for refusals its sentences and its status.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod calls;
mod shape;
#[expect(dead_code, reason = "the other tests use the rest of it")]
#[path = "../simulator_api/support.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::Reply;

/// Fixtures that the simulator never answers with, and why.
const NEVER: &[(&str, &str)] = &[
    (
        "error.400.session-exists",
        "sessions are replaced freely, as the bank does by now",
    ),
    (
        "monetary-account.card",
        "nobody here has an account of this kind",
    ),
    (
        "monetary-account.external-savings",
        "nobody here has an account of this kind",
    ),
    (
        "monetary-account.investment",
        "nobody here has an account of this kind",
    ),
    (
        "monetary-account.light",
        "nobody here has an account of this kind",
    ),
    (
        "monetary-account.switch-service",
        "nobody here has an account of this kind",
    ),
    (
        "monetary-account.unknown",
        "a wrapper that the bank does not have yet",
    ),
];

/// Keys that no fixture has; `*` is any text. The section is the one of bunq's API as we wrote it
/// down that names the key.
const FURTHER_KEYS: &[(&str, &str)] = &[
    ("MonetaryAccount*.country", "3.10, seen in real bodies"),
    ("MonetaryAccount*.timezone", "3.10, seen in real bodies"),
    ("MonetaryAccount*.daily_spent", "3.10, seen in real bodies"),
];

/// Keys that may be null although no fixture has them so.
const NULLABLE: &[(&str, &str)] = &[(
    "MonetaryAccountExternal.balance",
    "3.10, balance may be null",
)];

/// Compares answers with fixtures and remembers what was compared.
pub(crate) struct Judge {
    documented: BTreeMap<String, Value>,
    /// The paths of all fixtures, with whether they are null.
    known: BTreeSet<(String, bool)>,
    judged: BTreeSet<String>,
    /// The entries of the two tables that were needed.
    used: BTreeSet<&'static str>,
    findings: BTreeSet<String>,
}

impl Judge {
    fn new() -> Self {
        let documented = shape::documented();
        Self {
            known: documented.values().flat_map(shape::paths).collect(),
            documented,
            judged: BTreeSet::new(),
            used: BTreeSet::new(),
            findings: BTreeSet::new(),
        }
    }

    /// Judges an answer by this fixture.
    pub(crate) fn compare(&mut self, name: &str, reply: &Reply) {
        let documented = &self.documented[name];
        let answer = reply.json();
        self.judged.insert(name.to_owned());
        let mut found = Vec::new();
        if reply.status != status(name) {
            found.push(format!("status {}", reply.status));
        }
        let is_refusal = documented
            .get("Error")
            .or(documented.get("error"))
            .is_some();
        if is_refusal && *documented != answer {
            found.push(format!("says {answer}"));
        }
        found.extend(shape::differences(documented, &answer));
        for (path, is_null) in shape::paths(&answer) {
            let known = |null| self.known.contains(&(path.clone(), null));
            if is_null && !known(true) && !is_in(NULLABLE, &path, &mut self.used) {
                found.push(format!("{path} is null"));
            }
            let documented = known(true) || known(false);
            if !documented && !below_further(&path, &mut self.used) {
                found.push(format!("{path} is documented nowhere"));
            }
        }
        let found = found.into_iter().map(|text| format!("{name}: {text}"));
        self.findings.extend(found);
    }

    /// Fails on everything that was found, and on fixtures and table entries left over.
    fn verdict(mut self) {
        let never: BTreeSet<_> = NEVER.iter().map(|(name, _)| (*name).to_owned()).collect();
        for name in self.documented.keys() {
            if self.judged.contains(name) == never.contains(name) {
                let text = format!("{name}: must be either compared or listed, not both");
                self.findings.insert(text);
            }
        }
        for name in never
            .iter()
            .filter(|name| !self.documented.contains_key(*name))
        {
            self.findings
                .insert(format!("{name}: there is no such fixture"));
        }
        for (pattern, _) in FURTHER_KEYS.iter().chain(NULLABLE) {
            if !self.used.contains(pattern) {
                self.findings
                    .insert(format!("{pattern}: nothing needs this entry"));
            }
        }
        let found: Vec<_> = self.findings.into_iter().collect();
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }
}

/// The status that a fixture's name tells.
fn status(name: &str) -> u16 {
    match name.strip_prefix("error.") {
        Some(rest) => rest[..3].parse().unwrap(),
        None if name == "token.invalid-grant" => 400,
        None => 200,
    }
}

/// A further key, or what is inside one.
fn below_further(path: &str, used: &mut BTreeSet<&'static str>) -> bool {
    let ends = path.match_indices('.').map(|(at, _)| at);
    let mut starts = ends.chain([path.len()]).map(|end| &path[..end]);
    starts.any(|start| is_in(FURTHER_KEYS, start, used))
}

fn is_in(table: &'static [(&str, &str)], path: &str, used: &mut BTreeSet<&'static str>) -> bool {
    let fits = |pattern: &str| match pattern.split_once('*') {
        Some((start, end)) => path.starts_with(start) && path.ends_with(end),
        None => path == pattern,
    };
    let entry = table.iter().find(|(pattern, _)| fits(pattern));
    entry
        .inspect(|(pattern, _)| _ = used.insert(pattern))
        .is_some()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_simulator_answers_as_documented() {
    let mut judge = Judge::new();
    let client = calls::provider(&mut judge).await;
    calls::grants(&mut judge, &client).await;
    calls::customers(&mut judge).await;
    calls::refusals(&mut judge).await;
    calls::limits(&mut judge).await;
    calls::bad_days(&mut judge).await;
    judge.verdict();
}
