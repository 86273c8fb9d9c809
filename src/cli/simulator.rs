//! `bunq-tui simulator`.

use tokio::signal::unix::{SignalKind, signal};

use super::arguments::{LimitTable, Simulator as Flags};
use super::output;
use crate::base::{Exit, Problem};
use crate::simulator::{Limits, Options, Simulator};

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
        limits: match flags.limits {
            LimitTable::Off => Limits::Off,
            LimitTable::Classic => Limits::Classic,
            LimitTable::Current => Limits::Current,
        },
        users: flags.users,
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
    output::print(&format!("{}\n", simulator.describe()))?;
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    simulator.stop().await;
    Ok(())
}
