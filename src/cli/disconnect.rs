//! `bunq-tui disconnect`.

use super::arguments::Disconnect;
use super::output;
use super::places::Places;
use crate::base::Problem;

/// Forgets a user's grant.
pub(super) async fn run(places: &Places, options: Disconnect) -> Result<(), Problem> {
    let workspace = places.open().await?;
    workspace.forget(options.user).await?;
    output::message(&format!(
        "User {} is forgotten here. The grant itself lives on at bunq until its owner removes it \
         in the bunq app (Profile > Security > Connected apps).",
        options.user
    ));
    Ok(())
}
