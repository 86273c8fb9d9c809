//! Everything the program does, without the screen: exit codes, JSON on stdout, messages on
//! stderr.

mod accounts;
mod arguments;
mod confirm;
mod connect;
mod disconnect;
mod doctor;
mod generate;
mod hidden;
mod output;
mod payments;
mod places;
mod plain;
mod setup;
mod simulator;
mod stop;
mod unlock;
mod user;
mod users;
mod vault;
mod waits;
mod wipe;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::base::{Environment, Exit, Problem, printable};
use crate::telemetry::Trace;
use crate::tui;

use arguments::{Arguments, Command};
use places::Places;
use waits::Waits;

/// How long blocking work may take at the end.
const LAST_WORK: Duration = Duration::from_millis(500);

/// Parses the command line and does what it says.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no mistakes; both were asked for.
            let code = if error.use_stderr() {
                Exit::Usage.code()
            } else {
                0
            };
            // It repeats what was typed; what could steer the terminal costs it its colours.
            let words = error.to_string();
            if printable(&words) == words {
                let _ = error.print();
            } else {
                output::message(words.trim_end());
            }
            return ExitCode::from(code);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output::message(&format!("The program could not start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let code = match runtime.block_on(dispatch(arguments)) {
        Ok(code) => ExitCode::from(code),
        Err(problem) => {
            output::message(&problem.to_string());
            ExitCode::from(problem.exit.code())
        }
    };
    // Work on the store is let finish: the C library below it is torn down at exit. A prompt that
    // waits for a person must not hold the exit up for long.
    runtime.shutdown_timeout(LAST_WORK);
    code
}

/// Gives back the code to end with.
async fn dispatch(arguments: Arguments) -> Result<u8, Problem> {
    let places = Places::new(arguments.global)?;
    let trace = match &places.log {
        Some(path) => Some(Trace::to_file(path, &places.settings.events)?),
        None => None,
    };
    let screens = !places.plain && matches!(arguments.command, None | Some(Command::Demo));
    let clock = places.settings.clock.clone();
    let waits = (!screens).then(|| Waits::say(&places.settings.events, clock));
    let ended = obey(arguments.command, places).await;
    drop(waits);
    if let Some(trace) = trace {
        trace.finish().await;
    }
    ended
}

async fn obey(command: Option<Command>, mut places: Places) -> Result<u8, Problem> {
    match command {
        None if places.plain => return plain::run(places, false).await,
        Some(Command::Demo) if places.plain => return plain::run(places, true).await,
        None => return tui::run(places.screens()?).await.map(tui::Ended::code),
        Some(Command::Demo) => return tui::run(places.demo()).await.map(tui::Ended::code),
        Some(Command::Setup(options)) => setup::run(&places, options).await,
        Some(Command::Connect(options)) => connect::run(&mut places, options).await,
        Some(Command::Users(options)) => return users::run(&places, options).await,
        Some(Command::User(options)) => user::run(&places, options).await,
        Some(Command::Accounts(options)) => accounts::run(&places, options).await,
        Some(Command::Payments(options)) => payments::run(&places, options).await,
        Some(Command::Disconnect(options)) => disconnect::run(&places, options).await,
        Some(Command::Doctor(options)) => return doctor::run(&places, options).await,
        Some(Command::Vault(command)) => vault::run(&places, command).await,
        Some(Command::Wipe(options)) => wipe::run(&places, options).await,
        Some(Command::Simulator(options)) => simulator::run(options).await,
        Some(Command::Completions { shell }) => generate::completions(shell),
        Some(Command::Man { command }) => generate::man(command.as_deref()),
    }?;
    Ok(0)
}

/// What a command that needs a store says of the demo, which has none.
fn refuse_demo(environment: &Environment) -> Result<(), Problem> {
    if *environment == Environment::Demo {
        return Err(Problem::new("The demo keeps nothing", Exit::Usage)
            .because("it lives in memory, inside the screens of `bunq-tui demo`")
            .next(
                "For commands, start `bunq-tui simulator` in another terminal and give its \
                 address as --environment http://127.0.0.1:PORT.",
            ));
    }
    Ok(())
}
