//! `bunq-tui wipe`.

use std::fs;
use std::path::PathBuf;

use super::arguments::Wipe;
use super::confirm::confirm;
use super::output;
use super::places::Places;
use crate::base::{Problem, printable};
use crate::config;
use crate::workspace::Profile;

/// What no program on this machine can take back.
const AT_THE_BANK: &str = "\
What remains at bunq, where you set up with it:
  * each user's grant: its owner removes it in the bunq app (Profile > Security > Connected apps);
  * your API key and this machine as its device: delete the key in the bunq app (Profile >
    Security & Settings > Developers > API keys), and its sessions and the device end with it;
  * the OAuth client and its callback URLs: in the same place (Developers > OAuth).
Disconnect users first (`bunq-tui disconnect USER`) to close their sessions now rather than later.";

/// Removes what is stored: of the profile that was named, else everything.
pub(super) async fn run(places: &Places, options: Wipe) -> Result<(), Problem> {
    let settings = &places.settings;
    let named = places.named()?;
    let profiles = match &named {
        Some(profile) => vec![profile.clone()],
        None => Profile::all(settings)?,
    };
    if named.is_none() && profiles.is_empty() && !settings.data_dir.exists() {
        output::message("Nothing is stored.");
        return Ok(());
    }
    for profile in &profiles {
        output::message(&format!(
            "The store of profile {} ({}), with its keys, users, figures and copies",
            profile.name, profile.environment
        ));
    }
    if named.is_none() {
        output::message(&format!(
            "What was remembered in {}: the last used profile, the form of the QR code",
            settings.data_dir.display()
        ));
    }
    output::message(&format!("{AT_THE_BANK}\n"));
    confirm(
        "Remove it from this machine, for good and without a copy?",
        options.yes,
    )?;
    let mut removed = Vec::new();
    for profile in &profiles {
        removed.extend(profile.wipe(settings).await?);
    }
    if named.is_none() {
        removed.extend(config::forget(&settings.data_dir)?);
        // What is not ours is left where it is.
        let _ = fs::remove_dir(&settings.data_dir);
    }
    tell(&removed)
}

fn tell(removed: &[PathBuf]) -> Result<(), Problem> {
    for path in removed {
        let path = printable(&path.display().to_string());
        output::print(&format!("removed {path}\n"))?;
    }
    if removed.is_empty() {
        output::message("There was nothing to remove.");
    }
    Ok(())
}
