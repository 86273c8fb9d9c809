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

/// Prints the manual page in roff: of the program, or of one of its commands.
pub(super) fn man(command: Option<&str>) -> Result<(), Problem> {
    let mut all = Arguments::command();
    // Only then each command knows the options that all have, and what it is called in full.
    all.build();
    let page = match command {
        None => all,
        Some(name) => {
            let found = all.find_subcommand(name).cloned();
            found.ok_or_else(|| {
                let names: Vec<&str> = all.get_subcommands().map(clap::Command::get_name).collect();
                Problem::new(format!("There is no command {name}"), Exit::Usage)
                    .next(format!("There are {}.", names.join(", ")))
            })?
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut text)
        .map_err(|error| {
            Problem::new("The manual page could not be made", Exit::Failed)
                .because(error.to_string())
        })?;
    output::print(&String::from_utf8_lossy(&text))
}
