//! The thin binary: parse, start, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    bunq_tui::telemetry::quiet_panics();
    bunq_tui::telemetry::keep_private();
    bunq_tui::cli::run(std::env::args_os())
}
