//! The config file.

use std::path::PathBuf;

use clap::Subcommand;

/// What to do with the config file.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Config {
    /// Write a config file with every option documented and commented out
    ///
    /// It goes to $XDG_CONFIG_HOME/bunq-tui/config.toml, or where --config says. A file that is
    /// there is not touched.
    Init {
        /// Print it instead
        #[arg(long)]
        stdout: bool,
    },
    /// Tell everything that is wrong with a config file, each with its line
    ///
    /// Ends with 2 where something is wrong.
    Check {
        /// Which; without it the one that is in force
        file: Option<PathBuf>,
    },
    /// Show every option, its value, and whether a default, the file, a variable or a flag says it
    Show,
}
