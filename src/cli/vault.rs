//! `bunq-tui vault`: what opens the store, and changing it.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::arguments::{AddSlot, RemoveSlot, UnlockWith, Vault, VaultFormat};
use super::confirm::confirm;
use super::places::Places;
use super::{output, unlock};
use crate::base::{Exit, Problem, printable};
use crate::workspace::{self, Lock, Profile, SlotKind, StoreKey};

/// Shows or changes what opens the store.
pub(super) async fn run(places: &Places, command: Vault) -> Result<(), Problem> {
    let profile = places.profile()?;
    let lock = profile.lock(&places.settings)?;
    if lock == Lock::Absent {
        return Err(super::places::not_set_up(&profile));
    }
    match command {
        Vault::Status { format } => status(places, profile, &lock, format).await,
        Vault::AddSlot(options) => add_slot(places, profile, &lock, options).await,
        Vault::RemoveSlot(options) => remove_slot(places, profile, &lock, &options).await,
        Vault::Rekey => rekey(places, profile, &lock).await,
    }
}

async fn status(
    places: &Places,
    profile: Profile,
    lock: &Lock,
    format: VaultFormat,
) -> Result<(), Problem> {
    let (settings, looked_at) = (places.settings.clone(), profile.clone());
    let vault = unlock::aside(false, move || looked_at.vault(&settings)).await?;
    // Whatever needs no person opens it, so that its own pages are looked at too.
    let key = match places.key_file() {
        Some(file) if lock.has(SlotKind::KeyFile) => Some(StoreKey::File(file.clone())),
        _ if lock.has(SlotKind::Keyring) && vault.keyring.is_ok() => Some(StoreKey::Keyring),
        _ => None,
    };
    let checked = match key {
        None => None,
        Some(key) => Some(match unlock::open(profile, key, &places.settings).await {
            Ok(workspace) => unlock::aside(false, move || workspace.check()).await,
            Err(problem) => Err(problem),
        }),
    };
    output::print(&match format {
        VaultFormat::Text => text(&vault, checked.as_ref()),
        VaultFormat::Json => json(&vault, checked.as_ref())?,
    })?;
    checked.unwrap_or(Ok(()))
}

type Checked<'a> = Option<&'a Result<(), Problem>>;

fn text(vault: &workspace::Vault, checked: Checked<'_>) -> String {
    let slots: Vec<String> = vault.slots.iter().map(ToString::to_string).collect();
    let pages = match checked {
        None => "the store is locked, so its pages were not looked at".into(),
        Some(Ok(())) => "this store was opened with it, and every page is sound".into(),
        Some(Err(problem)) => format!("{}: {}", problem.what, problem.why),
    };
    let keyring = match &vault.keyring {
        Ok(()) => "answers: it kept a random entry, gave it back and deleted it".into(),
        Err(problem) => format!("cannot be used here: {}", problem.why),
    };
    let mut lines = vec![
        format!("{:<12} {}", "Store", cleaned(&vault.path)),
        format!("{:<12} {}", "Opens with", slots.join(" or ")),
        format!("{:<12} {keyring}", "Keyring"),
        format!("{:<12} SQLCipher {}; {pages}", "Cipher", vault.cipher),
    ];
    for (index, file) in vault.files.iter().enumerate() {
        let label = if index == 0 { "Files" } else { "" };
        let name = cleaned(Path::new(file.path.file_name().unwrap_or_default()));
        let size = file.bytes;
        lines.push(format!("{label:<12} {:04o} {size:>8} B  {name}", file.mode));
    }
    lines.push(format!("\n{}", words(&vault.slots)));
    lines.join("\n") + "\n"
}

/// A path as it may stand on a terminal.
fn cleaned(path: &Path) -> String {
    printable(&path.display().to_string())
}

/// What is stored, and who can read it.
fn words(slots: &[SlotKind]) -> String {
    let who: Vec<String> = workspace::readers(slots)
        .into_iter()
        .map(|who| format!("  * {who}\n"))
        .collect();
    format!(
        "{}\nWho can read it:\n{}{}",
        workspace::CONTENTS,
        who.concat(),
        workspace::NOT_KEPT_OUT
    )
}

fn json(vault: &workspace::Vault, checked: Checked<'_>) -> Result<String, Problem> {
    let told = |problem: &Problem| format!("{}: {}", problem.what, problem.why);
    let files: Vec<_> = vault
        .files
        .iter()
        .map(|file| {
            json!({
                "path": file.path.display().to_string(),
                "mode": format!("{:04o}", file.mode),
                "bytes": file.bytes,
            })
        })
        .collect();
    let slots: Vec<_> = vault.slots.iter().map(|kind| kind.word()).collect();
    let value = json!({
        "store": vault.path.display().to_string(),
        "slots": slots,
        "keyring_answers": vault.keyring.is_ok(),
        "keyring_problem": vault.keyring.as_ref().err().map(|problem| problem.why.clone()),
        "cipher": format!("SQLCipher {}", vault.cipher),
        "sound": checked.map(Result::is_ok),
        "problem": checked.and_then(|checked| checked.as_ref().err()).map(told),
        "files": files,
    });
    serde_json::to_string_pretty(&value)
        .map(|text| text + "\n")
        .map_err(|error| {
            Problem::new("The status could not be written", Exit::Failed).because(error.to_string())
        })
}

async fn add_slot(
    places: &Places,
    profile: Profile,
    lock: &Lock,
    options: AddSlot,
) -> Result<(), Problem> {
    let kind = options.kind.slot();
    if options.file.is_some() && kind != SlotKind::KeyFile {
        return Err(Problem::new("Nothing was changed", Exit::Usage)
            .because(format!("a {kind} takes no FILE"))
            .next(
                "Leave it out, or add it as a key file: `bunq-tui vault add-slot key-file FILE`.",
            ));
    }
    let new = match (options.kind, options.file.as_ref().or(places.key_file())) {
        (UnlockWith::Keyring, _) => {
            unlock::probe().await?;
            StoreKey::Keyring
        }
        (UnlockWith::KeyFile, Some(file)) => StoreKey::File(file.clone()),
        (UnlockWith::KeyFile, None) => return Err(unlock::needs_key_file()),
        (UnlockWith::Passphrase, _) if !unlock::can_type() => return Err(nobody()),
        // Asked for after the store's own.
        (UnlockWith::Passphrase, _) => StoreKey::Passphrase(crate::base::Secret::new("")),
    };
    let existing =
        unlock::changing_key(&profile, lock, places.key_file(), &places.settings).await?;
    let new = match new {
        StoreKey::Passphrase(_) => unlock::new_passphrase()?,
        new => new,
    };
    let settings = places.settings.clone();
    unlock::aside(uses_keyring(&[&existing, &new]), move || {
        profile.add_slot(&existing, &new, &settings)
    })
    .await?;
    output::message(&if lock.has(kind) {
        format!("The store's {kind} was replaced.")
    } else {
        format!("The store opens with its {kind} too.")
    });
    Ok(())
}

async fn remove_slot(
    places: &Places,
    profile: Profile,
    lock: &Lock,
    options: &RemoveSlot,
) -> Result<(), Problem> {
    let kind = options.kind.slot();
    if !lock.has(kind) {
        return Err(Problem::new("Nothing was changed", Exit::Usage)
            .because(format!("the store does not open with a {kind}"))
            .next("`bunq-tui vault status` says with what it does."));
    }
    let left = lock.without(kind);
    let others: Vec<String> = left.kinds().iter().map(ToString::to_string).collect();
    if others.is_empty() {
        return Err(Problem::new("Nothing was changed", Exit::Usage)
            .because(format!("its {kind} is the only way to open the store"))
            .next("Add another first: `bunq-tui vault add-slot`."));
    }
    let others = others.join(" or ");
    confirm(
        &format!("Take the {kind} away? The store then opens only with its {others}."),
        options.yes,
    )?;
    // Opened with what is left: it is certain then that it still can be.
    let existing =
        unlock::changing_key(&profile, &left, places.key_file(), &places.settings).await?;
    let settings = places.settings.clone();
    unlock::aside(uses_keyring(&[&existing]), move || {
        profile.remove_slot(&existing, kind, &settings)
    })
    .await?;
    output::message(&format!("The store no longer opens with its {kind}."));
    if kind == SlotKind::Keyring && unlock::probe().await.is_err() {
        output::message(
            "The keyring does not answer, so its entry may still be there; it opens nothing any \
             more.",
        );
    }
    Ok(())
}

async fn rekey(places: &Places, profile: Profile, lock: &Lock) -> Result<(), Problem> {
    let mut keys = Vec::new();
    if lock.has(SlotKind::KeyFile) {
        let file: &PathBuf = places.key_file().ok_or_else(|| {
            let mut problem = unlock::needs_key_file();
            problem.next +=
                " Or take that way in away first: `bunq-tui vault remove-slot key-file`.";
            problem
        })?;
        keys.push(StoreKey::File(file.clone()));
    }
    if lock.has(SlotKind::Keyring) {
        keys.push(StoreKey::Keyring);
    }
    // A passphrase is typed in any case, so it opens the store, and is known to be the right one.
    let existing = if lock.has(SlotKind::Passphrase) {
        if !unlock::can_type() {
            return Err(nobody());
        }
        let present = unlock::ask("Passphrase of the store: ")?;
        keys.push(unlock::perhaps_new_passphrase(&present)?);
        StoreKey::Passphrase(present)
    } else {
        unlock::changing_key(&profile, lock, places.key_file(), &places.settings).await?
    };
    let settings = places.settings.clone();
    unlock::aside(lock.has(SlotKind::Keyring), move || {
        profile.rekey(&existing, &keys, &settings)
    })
    .await?;
    output::message(
        "The store is under a new key, and every way to open it was wrapped anew. Copies beside it \
         from before were removed; copies elsewhere still open with the keys of then.",
    );
    Ok(())
}

fn uses_keyring(keys: &[&StoreKey]) -> bool {
    keys.contains(&&StoreKey::Keyring)
}

fn nobody() -> Problem {
    Problem::new("Nothing was changed", Exit::NotReady)
        .because("a passphrase must be typed, and there is nobody at a terminal")
        .next("Run it at a terminal.")
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn a_name_that_is_no_text_is_told_as_well_as_it_can_be() {
        let path = PathBuf::from(OsStr::from_bytes(b"data\xff/a.db"));
        let vault = workspace::Vault {
            path: path.clone(),
            slots: vec![SlotKind::KeyFile],
            files: vec![workspace::VaultFile {
                path,
                mode: 0o600,
                bytes: 1,
            }],
            cipher: String::new(),
            keyring: Ok(()),
        };
        let value: serde_json::Value = serde_json::from_str(&json(&vault, None).unwrap()).unwrap();
        assert_eq!(value["store"], "data\u{fffd}/a.db");
        assert_eq!(value["files"][0]["path"], "data\u{fffd}/a.db");
    }
}
