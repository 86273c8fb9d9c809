//! Who may know whom: reads every `crate::` path of the source and holds it against the rules.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each wing and those it may name, besides itself.
const RULES: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("bunq", &["base"]),
    ("store", &["base"]),
    ("callback", &["base"]),
    ("simulator", &[]),
    ("config", &["base"]),
    ("telemetry", &["base"]),
    (
        "fuzzing",
        &["base", "bunq", "callback", "config", "store", "workspace"],
    ),
    ("workspace", &["base", "bunq", "store", "callback"]),
    (
        "tui",
        &["base", "workspace", "config", "telemetry", "simulator"],
    ),
    (
        "cli",
        &[
            "base",
            "workspace",
            "config",
            "telemetry",
            "simulator",
            "tui",
        ],
    ),
];

fn rust_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The wing that a file belongs to: its folder below `src`, or its own name.
fn wing(source: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(source).unwrap();
    let first = inside.components().next().unwrap();
    let name = Path::new(first.as_os_str()).file_stem().unwrap();
    name.to_str().unwrap().to_owned()
}

/// The wings named by `crate::x`, `crate::{x, y}` and `bunq_tui::x`.
fn named(text: &str) -> BTreeSet<String> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut wings = BTreeSet::new();
    for prefix in ["crate::", "bunq_tui::"] {
        for (at, _) in code.match_indices(prefix) {
            let rest = &code[at + prefix.len()..];
            if let Some(group) = rest.strip_prefix('{') {
                let mut depth = 0;
                let mut item = String::new();
                for character in group.chars() {
                    match character {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            wings.insert(first_word(&item));
                            item.clear();
                            continue;
                        }
                        _ => {}
                    }
                    item.push(character);
                }
                wings.insert(first_word(&item));
            } else {
                wings.insert(first_word(rest));
            }
        }
    }
    wings
}

fn first_word(text: &str) -> String {
    text.trim_start()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

fn breaches(wing: &str, text: &str) -> Vec<String> {
    let Some((_, allowed)) = RULES.iter().find(|(name, _)| *name == wing) else {
        return Vec::new();
    };
    named(text)
        .into_iter()
        .filter(|other| {
            other != wing
                && RULES.iter().any(|(name, _)| name == other)
                && !allowed.contains(&other.as_str())
        })
        .collect()
}

#[test]
fn each_wing_knows_only_those_below_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    assert!(files.len() > 40, "only {} files were found", files.len());
    let mut broken = Vec::new();
    for file in &files {
        let wing = wing(&source, file);
        if wing != "lib" && wing != "main" {
            assert!(
                RULES.iter().any(|(name, _)| *name == wing),
                "the wing {wing} has no rule"
            );
        }
        for other in breaches(&wing, &fs::read_to_string(file).unwrap()) {
            broken.push(format!("{}: {wing} names {other}", file.display()));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn update_does_no_io_and_reads_no_clock() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let outside = ["runtime"];
    let forbidden = [
        "tokio::",
        "std::fs",
        "TcpStream",
        "TcpListener",
        "UdpSocket",
        "ToSocketAddrs",
        "std::process",
        "reqwest",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "getrandom",
        "random_bytes",
    ];
    let mut broken = Vec::new();
    for file in &files {
        let inside = file.strip_prefix(&source).unwrap();
        let first = Path::new(inside.components().next().unwrap().as_os_str());
        // The tests here that speak to a bank.
        let banks = ["tests/hostile.rs", "tests/payments_flow.rs"];
        let speaks = banks.iter().any(|test| inside == Path::new(test));
        if speaks || outside.contains(&first.file_stem().unwrap().to_str().unwrap()) {
            continue;
        }
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in forbidden {
            if code.contains(word) {
                broken.push(format!("{}: {word}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_reader_sees_what_is_named() {
    let text =
        "use crate::{base::{Money, Iban}, store};\nlet x = crate::bunq::Client;\n// crate::tui";
    let found: Vec<_> = named(text).into_iter().collect();
    assert_eq!(found, ["base", "bunq", "store"]);
    assert_eq!(breaches("callback", text), ["bunq", "store"]);
    assert_eq!(breaches("simulator", "use crate::base::Money;"), ["base"]);
}

#[test]
fn nothing_of_ours_is_unsafe() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let lints = manifest.split("\n[lints.rust]\n").nth(1).unwrap();
    // Nothing in the code can allow what the manifest forbids; only the manifest can.
    assert!(lints.starts_with("unsafe_code = \"forbid\"\n"), "{lints}");
    let mut files = Vec::new();
    for folder in ["src", "benches", "fuzz"] {
        rust_files(&root.join(folder), &mut files);
    }
    let word = ["un", "safe"].concat();
    let broken: Vec<_> = files
        .iter()
        .filter(|file| {
            let text = fs::read_to_string(file).unwrap();
            let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.any(|found| found == word)
        })
        .collect();
    assert!(broken.is_empty(), "{broken:?}");
}

/// A backslash that ends a line within words joins it with the next; two of them are shown.
#[test]
fn no_words_show_how_their_lines_are_joined() {
    let mut files = Vec::new();
    rust_files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let doubled = text.lines().find(|line| line.ends_with("\\\\"));
        assert_eq!(doubled, None, "{}", file.display());
    }
}
