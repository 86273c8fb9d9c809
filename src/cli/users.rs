//! `bunq-tui users`.

use super::arguments::{TableFormat, Users};
use super::output;
use super::places::Places;
use crate::base::Problem;
use crate::workspace::export;

/// Prints the connected users as stored.
pub(super) async fn run(places: &Places, options: Users) -> Result<(), Problem> {
    let users = places.open().await?.users()?;
    let text = match options.format {
        TableFormat::Table => export::users_table(&users),
        TableFormat::Json => export::users_json(&users)?,
        TableFormat::Csv => export::users_csv(&users)?,
    };
    output::print(&text)
}
