//! Where a secret might have gone, and what was found there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::scanner::Scanner;

/// What was written, place by place.
#[derive(Default)]
pub(crate) struct Places(BTreeMap<&'static str, Vec<Vec<u8>>>);

/// In these places a name and an IBAN are shown on purpose.
const SHOWS_PEOPLE: [&str; 3] = ["stdout", "terminal, bytes", "terminal, screens"];
/// In these places the authorize address is shown on purpose, and its `state` with it.
const SHOWS_STATE: [&str; 5] = [
    "stderr",
    "terminal, bytes",
    "terminal, screens",
    "clipboard",
    "browser's argv",
];

fn is_meant(place: &str, kind: &str) -> bool {
    match kind {
        "name" | "IBAN" => SHOWS_PEOPLE.contains(&place),
        "state" => SHOWS_STATE.contains(&place),
        _ => false,
    }
}

impl Places {
    pub(crate) fn add(&mut self, place: &'static str, bytes: impl Into<Vec<u8>>) {
        self.0.entry(place).or_default().push(bytes.into());
    }

    /// All files below a directory, by name and content; those of a store in places of their own.
    pub(crate) fn add_files(&mut self, place: &'static str, directory: &Path) {
        self.0.entry(place).or_default();
        let Ok(entries) = fs::read_dir(directory) else {
            return;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                self.add_files(place, &path);
                continue;
            }
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let part = match name.rsplit_once('.').map(|(_, end)| end) {
                Some("db") => "database",
                Some("db-wal" | "db-shm" | "db-journal") => "database's -wal, -shm",
                Some("slots") => "sidecar",
                _ => place,
            };
            self.add(place, name);
            // One that went away meanwhile has nothing in it.
            self.add(part, fs::read(&path).unwrap_or_default());
        }
    }

    /// What `/proc` says of a process that runs.
    pub(crate) fn add_process(&mut self, id: u32) {
        let read = |file: &str| fs::read(format!("/proc/{id}/{file}")).unwrap_or_default();
        self.add("program's argv", read("cmdline"));
        self.add("program's argv", read("comm"));
        self.add("program's environment", read("environ"));
    }

    /// Prints a table, one row a place and one column a kind; answers what should not be there.
    pub(crate) fn table(&self, scanner: &Scanner) -> Vec<String> {
        let kinds: Vec<_> = scanner.kinds.keys().copied().collect();
        print!("{:<24}{:>11} bytes ", "", "");
        for (kind, count) in &scanner.kinds {
            print!(" {kind} ({count}) |");
        }
        println!();
        let mut leaks = Vec::new();
        for (place, all) in &self.0 {
            let distinct: BTreeSet<_> = all.iter().collect();
            let bytes: usize = distinct.iter().map(|bytes| bytes.len()).sum();
            let mut hits: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for bytes in distinct {
                for (kind, form) in scanner.find(bytes) {
                    if hits.entry(kind).or_default().insert(form) && !is_meant(place, kind) {
                        leaks.push(format!("{kind} ({form}) in {place}"));
                    }
                }
            }
            print!("{place:<24}{bytes:>11} bytes ");
            for kind in &kinds {
                let width = kind.len() + 1 + scanner.kinds[kind].to_string().len() + 3;
                let cell = match (hits.contains_key(kind), is_meant(place, kind)) {
                    (false, _) => "0",
                    (true, true) => "meant",
                    (true, false) => "LEAK",
                };
                print!("{cell:>width$} |");
            }
            println!();
        }
        leaks
    }

    /// Whether a kind is found where it is meant to be.
    pub(crate) fn shows(&self, scanner: &Scanner, kind: &str) -> bool {
        let meant = self.0.iter().filter(|(place, _)| is_meant(place, kind));
        meant
            .flat_map(|(_, all)| all)
            .any(|bytes| scanner.find(bytes).iter().any(|(found, _)| *found == kind))
    }

    /// How many bytes a place has.
    pub(crate) fn bytes(&self, place: &str) -> usize {
        self.0
            .get(place)
            .map_or(0, |all| all.iter().map(Vec::len).sum())
    }

    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.0.keys().copied().collect()
    }
}
