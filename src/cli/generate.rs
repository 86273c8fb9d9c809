//! Completions and the manual page, from the one definition of the command line.

use clap::CommandFactory;
use clap_complete::Shell;

use super::arguments::Arguments;
use super::output;
use crate::base::{Exit, Problem};

/// Prints completions for a shell.
pub(super) fn completions(shell: Shell) -> Result<(), Problem> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "bunq-tui", &mut text);
    output::print(&String::from_utf8_lossy(&text))
}

/// Prints the manual page in roff.
pub(super) fn man() -> Result<(), Problem> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Arguments::command())
        .render(&mut text)
        .map_err(|error| {
            Problem::new("The manual page could not be made", Exit::Failed)
                .because(error.to_string())
        })?;
    output::print(&String::from_utf8_lossy(&text))
}
