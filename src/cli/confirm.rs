//! Asking before something is lost.

use std::io::{self, IsTerminal, Write};

use super::output;
use crate::base::{Exit, Problem};

/// Asks at the terminal; everything but a yes is a no. `yes` answers beforehand.
///
/// # Errors
/// When the answer is no, or there is nobody to ask.
pub(super) fn confirm(question: &str, yes: bool) -> Result<(), Problem> {
    if yes {
        return Ok(());
    }
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(Problem::new("Nothing was changed", Exit::Usage)
            .because("it must be confirmed, and there is nobody at a terminal to ask")
            .next("Add --yes to confirm beforehand."));
    }
    // With standard error gone there is nobody to ask, and no answer comes.
    let _ = write!(io::stderr(), "{question} [y/N] ");
    let _ = io::stderr().flush();
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    if read.is_ok_and(|bytes| bytes == 0) {
        output::message("");
    }
    if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Problem::new("Nothing was changed", Exit::Failed).because("the answer was not yes"))
}
