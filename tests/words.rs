//! What the program tells a person to do must be something that can be done.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn texts(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, found);
        } else if path
            .extension()
            .is_some_and(|end| end == "rs" || end == "md")
        {
            found.push(path);
        }
    }
}

/// The commands named as `bunq-tui COMMAND` in texts, whatever options stand between.
fn named(text: &str) -> BTreeSet<String> {
    let mut commands = BTreeSet::new();
    for (at, found) in text.match_indices("`bunq-tui ") {
        let rest = &text[at + found.len()..];
        let Some(quoted) = rest.split('`').next() else {
            continue;
        };
        let words: Vec<_> = quoted
            .split_whitespace()
            .filter(|word| *word != "\\")
            .collect();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if word.starts_with("--") {
                words.next();
            } else {
                if word.chars().all(|c| c.is_ascii_lowercase()) {
                    commands.insert(word.to_owned());
                }
                break;
            }
        }
    }
    commands
}

#[test]
fn every_command_that_is_named_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("README.md"), root.join("SECURITY.md")];
    texts(&root.join("src"), &mut files);
    let mut commands = BTreeSet::new();
    for file in files {
        commands.extend(named(&fs::read_to_string(file).unwrap()));
    }
    assert!(
        commands.contains("setup") && commands.contains("demo"),
        "{commands:?}"
    );
    for command in commands {
        let help = Command::new(env!("CARGO_BIN_EXE_bunq-tui"))
            .args([command.as_str(), "--help"])
            .output()
            .unwrap();
        assert!(
            help.status.success(),
            "`bunq-tui {command}` is named but is no command"
        );
    }
}
