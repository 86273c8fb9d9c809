//! `bunq-tui user`.

use super::arguments::{ProfileFormat, User};
use super::output;
use super::places::Places;
use crate::base::Problem;
use crate::workspace::export;

/// Asks the bank for a user's profile and prints it.
pub(super) async fn run(places: &Places, options: User) -> Result<(), Problem> {
    let profile = places.open().await?.read_profile(options.user).await?;
    match options.format {
        ProfileFormat::Table => output::print(&export::profile_table(&profile.value)),
        ProfileFormat::Json => output::print(&export::profile_json(&profile.value)?),
        ProfileFormat::Raw => output::print_raw(&profile.raw),
    }
}
