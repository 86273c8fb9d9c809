//! bunq in a terminal: set up once, scan a QR code, see users and accounts.
//!
//! Each folder is a wing and knows only those below it; `tests/architecture.rs` keeps the rules.

/// What every wing may use: money, ids, cleaned bank text, secrets, clock, problems.
pub mod base;
/// The bank's API as a library would offer it: no terminal, no database, no globals.
pub mod bunq;
/// The listener on loopback that catches the redirect, and the check of `state`.
pub mod callback;
/// Everything the program does, without the screen: one file a command.
pub mod cli;
/// Settings: default < file < environment variable < flag.
pub mod config;
/// What is fuzzed.
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
/// A bunq on this machine: real HTTP on loopback, real signatures, its own state.
pub mod simulator;
/// SQLite: unlocking, schema, one file a table.
pub mod store;
/// Log file, request trace, redaction, panic hook.
pub mod telemetry;
/// The screens.
pub mod tui;
/// What the program does, without a screen: both the TUI and the command line call this.
pub mod workspace;
