use std::time::Duration;

use super::*;
use crate::base::Environment;
use crate::config::{LockAfter, Refresh};

fn flaws(text: &str) -> Vec<String> {
    let flaws = parse(text, |_| Vec::new()).unwrap_err();
    flaws.iter().map(ToString::to_string).collect()
}

#[test]
fn every_option_is_read() {
    let config = parse(
        "environment = \"sandbox\"\nlock-after = 2.5\nrefresh = \"5m\"\nmouse = false\n\
         [keys]\n\"users.refresh\" = [\"F5\", \"Ctrl-r\"]\nsetup.set-up = \"S\"\nlog.back = []\n",
        |_| Vec::new(),
    )
    .unwrap();
    assert_eq!(config.environment, Some(Environment::Sandbox));
    let minutes = Duration::from_secs(150);
    assert_eq!(config.lock_after, Some(LockAfter(Some(minutes))));
    let refresh = Refresh(Some(Duration::from_secs(300)));
    assert_eq!(config.refresh, Some(refresh));
    assert_eq!(config.mouse, Some(false));
    let keys: Vec<_> = config
        .keys
        .iter()
        .map(|(name, keys)| (name.as_str(), keys.len()))
        .collect();
    assert_eq!(
        keys,
        [("log.back", 0), ("setup.set-up", 1), ("users.refresh", 2)]
    );
}

#[test]
fn all_that_is_wrong_is_told_at_once_with_its_line() {
    let text = "them = \"dark\"\nmouse = \"yes\"\n\nlock-after = 0\nplain = false\n\
                refresh = \"30s\"\nlog = \"here.log\"\ncolour = 1\n[keys]\nusers.refresh = 5\n\
                [screen]\na = 1\n";
    let found = flaws(text);
    let lines: Vec<_> = found
        .iter()
        .map(|flaw| flaw.split(':').next().unwrap())
        .collect();
    assert_eq!(
        lines,
        [
            "line 1", "line 2", "line 4", "line 6", "line 7", "line 8", "line 10", "line 11"
        ]
    );
    assert!(found[0].contains("do you mean theme?"), "{}", found[0]);
    assert!(
        found[1].contains("true or false, without quotes, not text"),
        "{}",
        found[1]
    );
    assert!(found[2].contains("at most a day"), "{}", found[2]);
    assert!(found[3].contains("60s"), "{}", found[3]);
    assert!(
        found[5].contains("there are environment, profile"),
        "{}",
        found[5]
    );
}

#[test]
fn broken_toml_is_told_with_its_line_and_with_what_else_is_wrong() {
    let found = flaws("mouse = true\nplain = \nthem = \"dark\"\nmouse = false\n");
    assert!(
        found.iter().any(|flaw| flaw.starts_with("line 2: ")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|flaw| flaw.starts_with("line 3: ")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|flaw| flaw.starts_with("line 4: ")),
        "{found:?}"
    );
}

#[test]
fn keys_are_judged_with_the_rest_each_where_it_stands() {
    let text = "[keys]\nlog.up = \"a\"\n\"log.down\" = [\"a\"]\n\"log.up\" = [\"b\"]\n\
                [keys.users]\nx = \"y\"\n[other]\n";
    let judge: KeyJudge = |keys| {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        assert_eq!(keys.len(), 3);
        [&["users.x"][..], &["log.up", "log.down", "elsewhere"]]
            .map(|about| KeyFlaw {
                names: names(about),
                text: about.join(" "),
            })
            .into()
    };
    let flaws = parse(text, judge).unwrap_err();
    let told: Vec<_> = flaws.iter().map(ToString::to_string).collect();
    assert_eq!(
        told[..3],
        [
            "line 3: log.up log.down elsewhere",
            "line 4: log.up in [keys] stands there twice",
            "line 6: users.x",
        ]
    );
    assert!(told[3].starts_with("line 7: "), "{told:?}");
}

#[test]
fn a_hostile_name_or_value_steers_nothing() {
    for text in [
        "\"\\u001b[2J\" = 1",
        "theme = \"\\u001b]0;x\\u0007\"",
        "theme = \"\\u202etxt\"",
        "[keys]\n\"\\u001b[2J\" = 1",
    ] {
        for flaw in flaws(text) {
            assert_eq!(printable(&flaw), flaw);
        }
    }
}

#[test]
fn depth_and_number_do_not_matter() {
    let deep = format!("a = {}", "[".repeat(100_000));
    assert!(!flaws(&deep).is_empty());
    let deep = format!("[{}a]", "a.".repeat(50_000));
    assert!(!flaws(&deep).is_empty());
    let many: String = (0..10_000).map(|place| format!("a{place} = 1\n")).collect();
    let flaws = parse(&many, |_| Vec::new()).unwrap_err();
    assert_eq!(flaws.len(), 10_000);
    let path = "x".into();
    let told = Problem::from(FlawedFile { path, flaws }).to_string();
    assert!(told.contains("and 9950 more") && told.lines().count() < 60);
}
