//! What the program says of itself: the help of every command, the manual pages, the completions.
//! Whoever changes one sees it here: `INSTA_UPDATE=always cargo test --test cli_help` takes them
//! anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::process::Command;

fn said(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_bunq-tui"))
        .args(arguments)
        .env_clear()
        .env("HOME", "/nonexistent")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    assert!(output.stderr.is_empty(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that a help lists.
fn commands(help: &str) -> Vec<String> {
    let listed = help.split("Commands:\n").nth(1).unwrap_or("");
    let lines = listed.lines().take_while(|line| !line.is_empty());
    // A description that goes on stands further in.
    let named = lines.filter(|line| !line.starts_with("   "));
    let names = named.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// The help of a command and of all below it.
fn walk(path: &[String], pages: &mut Vec<(String, String)>) {
    let mut arguments: Vec<&str> = path.iter().map(String::as_str).collect();
    arguments.push("--help");
    let help = said(&arguments);
    let name = if path.is_empty() {
        "bunq-tui".to_owned()
    } else {
        path.join("-")
    };
    let below = commands(&help);
    pages.push((name, help));
    for command in below {
        let mut deeper = path.to_vec();
        deeper.push(command);
        walk(&deeper, pages);
    }
}

#[test]
fn the_help_of_every_command() {
    let mut pages = Vec::new();
    walk(&[], &mut pages);
    assert!(pages.len() > 15, "{}", pages.len());
    for (name, help) in pages {
        let wide = help.lines().find(|line| line.chars().count() > 100);
        assert_eq!(wide, None, "{name}");
        insta::assert_snapshot!(format!("help_{name}"), help);
    }
}

#[test]
fn the_manual_pages() {
    insta::assert_snapshot!("man", said(&["man"]));
    for command in commands(&said(&["--help"])) {
        let page = said(&["man", &command]);
        assert!(page.contains(".SH NAME"), "{command}");
        assert!(
            page.contains(&format!("bunq\\-tui\\-{command}")),
            "{command}"
        );
    }
}

#[test]
fn the_completions_of_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = said(&["completions", shell]);
        for command in commands(&said(&["--help"])) {
            assert!(script.contains(&command), "{shell} does not know {command}");
        }
        insta::assert_snapshot!(format!("completions_{shell}"), script);
    }
}
