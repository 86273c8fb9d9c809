//! What is stored on this machine, where, and who can read it, in words.

use std::fs;
use std::path::PathBuf;

use super::vault::{VaultFile, files_of, unlisted};
use super::{Lock, Profile, Settings, SlotKind};
use crate::base::{Environment, Problem, printable};

/// What a store holds, and how.
pub const CONTENTS: &str = "Your API key or certificate, keys and sessions, the users that you \
connected with their access tokens, and what the bank last said of them, their accounts and \
payments. All of it is encrypted under one random key, which the .slots file holds wrapped, once \
for each way in.";

/// Who is not kept out.
pub const NOT_KEPT_OUT: &str =
    "Nobody keeps out root, and programs of yours while the store is open.";

/// Who can read a store that opens with these.
#[must_use]
pub fn readers(slots: &[SlotKind]) -> Vec<&'static str> {
    let who = |kind: &SlotKind| match kind {
        SlotKind::Keyring => "whoever can use your unlocked keyring, so every program that you run",
        SlotKind::Passphrase => "whoever has the files and knows or guesses the passphrase",
        SlotKind::KeyFile => "whoever has the files and the key file",
    };
    slots.iter().map(who).collect()
}

/// What a profile keeps on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where its store is, or would be; the demo has none.
    pub store: Option<PathBuf>,
    /// What opens the store; nothing where there is none.
    pub slots: Vec<SlotKind>,
    /// The files of the store.
    pub files: Vec<VaultFile>,
}

/// A heading and what belongs under it, a paragraph or a row each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// What belongs under it.
    pub lines: Vec<String>,
}

impl Profile {
    /// What is stored of it. No file of the database is opened, so that the locks on it hold where
    /// this process has the store open.
    ///
    /// # Errors
    /// When the list of what opens the store, or the directory, cannot be read.
    pub fn kept(&self, settings: &Settings) -> Result<Kept, Problem> {
        if self.environment == Environment::Demo {
            return Ok(Kept {
                store: None,
                slots: Vec::new(),
                files: Vec::new(),
            });
        }
        let path = self.store_path(settings);
        let lock = self.lock(settings)?;
        let files = match lock {
            Lock::Absent => Vec::new(),
            Lock::Locked { .. } => files_of(&path).map_err(|error| unlisted(&path, &error))?,
        };
        // As it is on the disk, whatever directory the program was started in.
        let path = fs::canonicalize(&settings.data_dir)
            .ok()
            .zip(path.file_name())
            .map_or(path.clone(), |(directory, name)| directory.join(name));
        Ok(Kept {
            store: Some(path),
            slots: lock.kinds(),
            files,
        })
    }
}

impl Kept {
    /// All of it, to be read from the top.
    #[must_use]
    pub fn sections(&self) -> Vec<Section> {
        // The directory may have any name.
        let section = |title, lines: Vec<String>| Section {
            title,
            lines: lines.iter().map(|line| printable(line)).collect(),
        };
        let Some(store) = &self.store else {
            return vec![section(
                "The demo",
                vec!["Nothing is stored: all of it is in memory, and gone when you leave.".into()],
            )];
        };
        if self.slots.is_empty() {
            let words = format!(
                "Nothing yet. The store of this profile will be {}.",
                store.display()
            );
            return vec![section("What", vec![words]), beside()];
        }
        let mut places = vec![store.display().to_string()];
        for file in &self.files {
            let name = file.path.file_name().unwrap_or_default().display();
            places.push(format!("{:04o} {:>9} B  {name}", file.mode, file.bytes));
        }
        let opens: Vec<String> = self.slots.iter().map(ToString::to_string).collect();
        let who = readers(&self.slots)
            .into_iter()
            .map(|who| format!("· {who}"));
        vec![
            section("What", vec![CONTENTS.into()]),
            section("Where", places),
            section(
                "How it opens",
                vec![
                    format!("With its {}.", opens.join(" or its ")),
                    "`bunq-tui vault` adds ways, takes them away, and changes the key.".into(),
                ],
            ),
            section("Who can read it", who.collect()),
            section(
                "What is not protected",
                vec![
                    NOT_KEPT_OUT.into(),
                    "What a store is called, how large it is and when it was used.".into(),
                ],
            ),
            beside(),
        ]
    }
}

/// What is stored without a lock, for there is nothing secret in it.
fn beside() -> Section {
    Section {
        title: "Beside it, readable",
        lines: vec![
            "state.toml: the bank and profile used last. screen.toml: the form of the QR code, \
             whether amounts are hidden, the theme. A log, where --log names one: method, path, \
             status and time of each request."
                .into(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(kept: &Kept) -> String {
        let sections = kept.sections();
        let lines = sections
            .iter()
            .map(|one| format!("{}\n{}\n", one.title, one.lines.join("\n")));
        lines.collect()
    }

    #[test]
    fn each_slot_says_who_can_read() {
        let kept = |slots: &[SlotKind]| Kept {
            store: Some("/home/you/bunq-tui/sandbox.db".into()),
            slots: slots.to_vec(),
            files: Vec::new(),
        };
        let both = words(&kept(&[SlotKind::Keyring, SlotKind::Passphrase]));
        assert!(
            both.contains("· whoever can use your unlocked keyring"),
            "{both}"
        );
        assert!(both.contains("guesses the passphrase"), "{both}");
        assert!(!both.contains("and the key file"), "{both}");
        assert!(
            both.contains("With its keyring or its passphrase."),
            "{both}"
        );
        let none = words(&kept(&[]));
        assert!(
            none.contains("will be /home/you/bunq-tui/sandbox.db"),
            "{none}"
        );
        assert!(!none.contains("Who can read"), "{none}");
    }

    #[test]
    fn what_is_there_is_listed() {
        let directory = tempfile::tempdir().unwrap();
        let settings = Settings::new(directory.path().join("data"));
        let demo = Profile::new(Environment::Demo, None).unwrap();
        assert!(words(&demo.kept(&settings).unwrap()).contains("Nothing is stored"));
        let profile = Profile::new(Environment::Sandbox, None).unwrap();
        assert!(profile.kept(&settings).unwrap().slots.is_empty());
        let key = crate::workspace::StoreKey::Passphrase(crate::base::Secret::new("long enough"));
        let open = crate::workspace::Workspace::open(profile.clone(), &key, settings.clone());
        let open = open.unwrap();
        let kept = profile.kept(&settings).unwrap();
        assert_eq!(kept.slots, [SlotKind::Passphrase]);
        let shown = words(&kept);
        for file in ["sandbox.db", "sandbox.db.slots", "0600"] {
            assert!(shown.contains(file), "{file}: {shown}");
        }
        drop(open);
    }
}
