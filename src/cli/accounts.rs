//! `bunq-tui accounts`.

use super::arguments::{Accounts, AccountsFormat};
use super::output;
use super::places::Places;
use crate::base::{Exit, Problem, UserNumber};
use crate::workspace::{self, Workspace, export};

/// Prints a user's accounts: asked of the bank, or as stored.
pub(super) async fn run(places: &Places, options: Accounts) -> Result<(), Problem> {
    let workspace = places.open().await?;
    if options.stored {
        if options.format == AccountsFormat::Raw {
            return Err(
                Problem::new("Stored accounts have no raw form", Exit::Usage)
                    .because("the bank's bodies are not kept")
                    .next("Leave --stored out, or take --format json."),
            );
        }
        return print(&stored(&workspace, options.user)?, options.format);
    }
    let read = workspace.read_accounts(options.user).await?;
    match options.format {
        AccountsFormat::Raw => output::print_raw(&read.raw),
        format => print(&read.value, format),
    }
}

fn print(accounts: &workspace::Accounts, format: AccountsFormat) -> Result<(), Problem> {
    output::print(&match format {
        AccountsFormat::Json => export::accounts_json(accounts)?,
        AccountsFormat::Csv => export::accounts_csv(accounts)?,
        AccountsFormat::Table | AccountsFormat::Raw => export::accounts_table(accounts),
    })
}

fn stored(workspace: &Workspace, user: UserNumber) -> Result<workspace::Accounts, Problem> {
    workspace.stored_accounts(user)?.ok_or_else(|| {
        Problem::new(
            format!("Nothing is stored of user {user}'s accounts"),
            Exit::NotReady,
        )
        .because("they were never read")
        .next(format!("Run `bunq-tui accounts {user}` without --stored."))
    })
}
