//! Failures that need different actions say different things.

use std::collections::{BTreeMap, BTreeSet};

use crate::cells::Cell;

/// How what happened begins, and what kind of action it needs. The first that fits counts.
const ACTIONS: &[(&str, &str)] = &[
    ("The bank's answer was cut off", "network"),
    ("The bank did not answer in time", "network"),
    ("A web page came", "what stands between"),
    ("The bank sent us to another address", "what stands between"),
    ("The bank failed", "wait for the bank"),
    ("The bank's gateway failed", "wait for the bank"),
    ("The bank is being worked on", "wait for the work"),
    ("Too many requests", "wait for the limit"),
    ("The bank's answer is not JSON", "newer version"),
    ("The bank's answer lacks", "newer version"),
    ("The bank's answer has more than", "newer version"),
    ("The bank's answer is not signed", "trusted network"),
    (
        "The bank's answer has several signatures",
        "trusted network",
    ),
    ("The bank's answer has a wrong signature", "trusted network"),
    ("The bank's answer is about another", "repeated answers"),
    (
        "The bank found the request's signature wrong",
        "our signature",
    ),
    ("The bank wants this request signed", "our signature"),
    ("The bank has no such thing", "look again"),
    ("The bank does not offer that here", "newer call"),
    ("The bank did not accept the request", "read the bank"),
    ("The bank does not allow that", "rights"),
    ("The session is over", "rights"),
    ("The bank does not know this installation", "anew"),
    ("The bank has forgotten us", "anew"),
    ("The bank refuses the key or token", "three causes"),
    (
        "The bank does not accept the provider that it has made",
        "anew",
    ),
    (
        "The bank no longer accepts our own credentials",
        "anew with a key",
    ),
    ("The bank no longer accepts the grant", "connect that user"),
    ("The bank refuses the grant", "grant or address"),
    (
        "The bank no longer accepts this machine's address",
        "address",
    ),
    ("The code is wrong", "connect"),
    ("The access token got lost", "connect, and look in the app"),
    ("The bank does not accept our OAuth client", "setup"),
    ("The bank could not read the exchange", "setup"),
    ("Our OAuth client may not exchange codes", "setup"),
    ("The bank does not exchange codes", "setup"),
    ("The bank refused the code", "setup"),
];

/// Whatever breaks off after the user approved is finished by connecting again.
const APPROVED: &str = "The user has approved";

pub(crate) fn told_apart(cells: &[Cell]) {
    let mut actions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for problem in cells.iter().filter_map(|cell| cell.result.as_ref().err()) {
        let action = ACTIONS
            .iter()
            .find(|(begins, _)| problem.what.starts_with(begins));
        let (begins, action) = action.unwrap_or_else(|| panic!("no action: {problem:?}"));
        told.insert(*begins);
        if !problem.next.starts_with(APPROVED) {
            actions.entry(&problem.next).or_default().insert(action);
        }
    }
    println!(
        "{} kinds of failure, {} pieces of advice",
        told.len(),
        actions.len()
    );
    assert_eq!(told.len(), ACTIONS.len(), "{told:?}");
    for (next, actions) in actions {
        assert_eq!(actions.len(), 1, "{actions:?} share: {next}");
    }
}
