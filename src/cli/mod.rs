//! Everything the program does, without the screen: exit codes, JSON on stdout, messages on
//! stderr.

mod accounts;
mod arguments;
mod config;
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
mod said;
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

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::base::{Environment, Exit, Problem, printable};
use crate::telemetry::Trace;
use crate::tui;

use arguments::{Arguments, Command};
use places::Places;
use said::Said;
use waits::Waits;

/// How long blocking work may take at the end.
const LAST_WORK: Duration = Duration::from_millis(500);

/// Parses the command line and does what it says.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = Arguments::command()
        .try_get_matches_from(arguments)
        .and_then(|matches| Ok((Arguments::from_arg_matches(&matches)?, matches)));
    let (arguments, matches) = match parsed {
        Ok(parsed) => parsed,
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
    let Arguments { global, command } = arguments;
    let said = Said::new(global, &matches);
    let code = match runtime.block_on(dispatch(said, command)) {
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
async fn dispatch(said: Result<Said, Problem>, command: Option<Command>) -> Result<u8, Problem> {
    // What helps with a config file, or knows nothing of one, is not kept from it by the file.
    let command = match command {
        Some(Command::Config(command)) => return config::run(said?, command).map(|()| 0),
        Some(Command::Completions { shell }) => return generate::completions(shell).map(|()| 0),
        Some(Command::Man { command }) => {
            return generate::man(command.as_deref()).map(|()| 0);
        }
        Some(Command::Simulator(options)) => return simulator::run(options).await.map(|()| 0),
        command => command,
    };
    let places = Places::new(said?.settle()?)?;
    let trace = match &places.log {
        Some(path) => Some(Trace::to_file(path, &places.settings.events)?),
        None => None,
    };
    let plain = places.plain();
    let screens = !plain && matches!(command, None | Some(Command::Demo));
    let clock = places.settings.clock.clone();
    let waits = (!screens).then(|| Waits::say(&places.settings.events, clock));
    let ended = obey(command, places).await;
    drop(waits);
    if let Some(trace) = trace {
        trace.finish().await;
    }
    ended
}

async fn obey(command: Option<Command>, mut places: Places) -> Result<u8, Problem> {
    match command {
        None if places.plain() => return plain::run(places, false).await,
        Some(Command::Demo) if places.plain() => return plain::run(places, true).await,
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
        Some(Command::Paths) => places.print(),
        // Done before it came here.
        Some(
            Command::Config(_)
            | Command::Simulator(_)
            | Command::Completions { .. }
            | Command::Man { .. },
        ) => Ok(()),
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
