//! `bunq-tui wipe`.

use std::fs;
use std::path::PathBuf;

use super::arguments::Wipe as Options;
use super::confirm::confirm;
use super::output;
use super::places::Places;
use crate::base::{Problem, printable};
use crate::config;
use crate::workspace::{Profile, Wipe};

/// What no program on this machine can take back.
const AT_THE_BANK: &str = "\
What remains at bunq, where you set up with it:
  * each user's grant: its owner removes it in the bunq app (Profile > Security > Connected apps);
  * your API key and this machine as its device: delete the key in the bunq app (Profile >
    Security & Settings > Developers > API keys), and its sessions and the device end with it;
  * the OAuth client and its callback URLs: in the same place (Developers > OAuth).
Disconnect users first (`bunq-tui disconnect USER`) to close their sessions now rather than later.";

/// Removes what is stored: of the profile that was named, else everything.
pub(super) async fn run(places: &Places, options: Options) -> Result<(), Problem> {
    let settings = &places.settings;
    let named = places.named()?;
    let profiles = match &named {
        Some(profile) => vec![profile.clone()],
        None => Profile::all_traces(settings)?,
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
            "What was remembered in {}: the last used profile, the form of the QR code, whether \
             amounts are hidden",
            settings.data_dir.display()
        ));
    }
    output::message(&format!("{AT_THE_BANK}\n"));
    confirm(
        "Remove it from this machine, for good and without a copy?",
        options.yes,
    )?;
    // Nothing goes before it is certain of each that nobody uses it.
    let mut wipes = Vec::new();
    for profile in &profiles {
        wipes.extend(profile.wipe(settings).await?);
    }
    let mut removed = Vec::new();
    let done = remove(places, wipes, named.is_none(), &mut removed).await;
    let told = tell(&removed);
    done?;
    if removed.is_empty() {
        output::message("There was nothing to remove.");
    }
    told
}

async fn remove(
    places: &Places,
    wipes: Vec<Wipe>,
    all: bool,
    removed: &mut Vec<PathBuf>,
) -> Result<(), Problem> {
    for wipe in wipes {
        if let Some(left) = wipe.run(removed).await? {
            output::message(&left);
        }
    }
    if all {
        let directory = &places.settings.data_dir;
        removed.extend(config::forget(directory)?);
        // What is not ours is left where it is.
        let _ = fs::remove_dir(directory);
    }
    Ok(())
}

fn tell(removed: &[PathBuf]) -> Result<(), Problem> {
    for path in removed {
        let path = printable(&path.display().to_string());
        output::print(&format!("removed {path}\n"))?;
    }
    Ok(())
}
