//! `bunq-tui users`.

use super::arguments::{TableFormat, Users};
use super::output;
use super::places::Places;
use crate::base::Problem;
use crate::workspace::{Workspace, export};

/// Prints the connected users as stored, or as the bank has them now.
pub(super) async fn run(places: &Places, options: Users) -> Result<(), Problem> {
    let workspace = places.open().await?;
    let refreshed = if options.refresh {
        refresh(&workspace).await
    } else {
        Ok(())
    };
    let users = workspace.users()?;
    output::print(&match options.format {
        TableFormat::Table => export::users_table(&users),
        TableFormat::Json => export::users_json(&users)?,
        TableFormat::Csv => export::users_csv(&users)?,
    })?;
    refreshed
}

/// One after the other; a user that fails keeps its figures and holds nobody up. The first
/// failure is what the command ends with.
async fn refresh(workspace: &Workspace) -> Result<(), Problem> {
    let mut first = Ok(());
    for user in workspace.users()? {
        if let Err(problem) = workspace.read_accounts(user.number).await {
            output::message(&format!("User {}: {}", user.number, problem.what));
            first = first.and(Err(problem));
        }
    }
    first
}
