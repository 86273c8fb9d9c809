//! `bunq-tui simulator`.

use std::fmt::Write as _;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::arguments::Simulator as Flags;
use super::output;
use crate::base::{Exit, Problem};
use crate::config::LimitTable;
use crate::simulator::{FaultKind, Limits, Options, SessionTimeouts, Simulator};

/// Serves the built-in bank until SIGINT or SIGTERM.
pub(super) async fn run(flags: Flags) -> Result<(), Problem> {
    if !flags.listen.ip().is_loopback() {
        return Err(
            Problem::new("The simulator listens on this machine only", Exit::Usage)
                .because(format!("{} is no loopback address", flags.listen.ip()))
                .next("Use 127.0.0.1:PORT or [::1]:PORT."),
        );
    }
    let listen = flags.listen;
    let options = Options {
        listen,
        auto_approve: flags.auto_approve,
        https_callbacks: flags.https_callbacks,
        limits: match flags.limits {
            LimitTable::Off => Limits::Off,
            LimitTable::Classic => Limits::Classic,
            LimitTable::Current => Limits::Current,
        },
        users: flags.users,
        timeouts: timeouts(flags.session_seconds),
        ..Options::default()
    };
    let cannot = |error: std::io::Error| {
        Problem::new(
            format!("The simulator could not listen on {listen}"),
            Exit::Failed,
        )
        .because(error.to_string())
        .next("Take another port with --listen, or port 0 for a free one.")
    };
    let mut interrupted = signal(SignalKind::interrupt()).map_err(cannot)?;
    let mut terminated = signal(SignalKind::terminate()).map_err(cannot)?;
    let simulator = Simulator::start(options).await.map_err(cannot)?;
    for fault in flags.faults {
        simulator.set_fault(fault);
    }
    output::print(&format!("{}\n", simulator.describe()))?;
    output::message(&format!("What was called: {}", simulator.admin()));
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    simulator.stop().await;
    Ok(())
}

/// Every session for so long, or each kind as usual.
fn timeouts(seconds: Option<u32>) -> SessionTimeouts {
    let usual = SessionTimeouts::default();
    let Some(seconds) = seconds else { return usual };
    let time = Duration::from_secs(u64::from(seconds));
    SessionTimeouts {
        user: time,
        provider: time,
        ..usual
    }
}

/// The grammar of `--fault`, and its kinds.
pub(super) fn fault_help() -> String {
    let mut help = "What goes wrong, as ENDPOINT[:N]=KIND[,NAME=VALUE]; may be repeated, the first one due wins.\n\n\
        ENDPOINT is how the call begins: method (may be left out), space, path below /v1/ with {} for ids; \
        $ at its end says that the call ends there; * is every call. N is the number of the call, counted from 1; \
        without it every call goes wrong.\n\n  \
        --fault \"GET user/{}/monetary-account:2=html502\"\n  \
        --fault \"POST session-server=429,retry-after=5\"\n  \
        --fault \"token=delay,ms=3000\"\n\nKinds, with their values and what holds otherwise:\n"
        .to_owned();
    for kind in FaultKind::names() {
        let comma = if kind.takes.is_empty() { "" } else { "," };
        let written = format!("{}{comma}{}", kind.name, kind.takes);
        let _ = write!(help, "\n  {written}: {}", kind.says);
    }
    help
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_lists_every_kind_and_its_examples_hold() {
        let help = fault_help();
        for kind in FaultKind::names() {
            assert!(
                help.contains(&format!("\n  {}", kind.name)),
                "{}",
                kind.name
            );
        }
        let examples = help
            .lines()
            .filter_map(|line| line.trim().strip_prefix("--fault "));
        let examples: Vec<_> = examples
            .map(|text| text.trim_matches('"').to_owned())
            .collect();
        assert_eq!(examples.len(), 3);
        for example in examples {
            assert!(
                example.parse::<crate::simulator::Fault>().is_ok(),
                "{example}"
            );
        }
    }
}
