//! The command line as clap reads it. Help texts are written here and nowhere else.

mod lan;
mod lock_after;
mod payments;
mod setup;
mod theme;
mod vault;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use url::Url;

use crate::base::{Environment, UserNumber};
use crate::simulator::Fault;
use crate::tui::ThemeChoice;

pub(super) use lan::LanAddress;
pub(super) use lock_after::LockAfter;
pub(super) use payments::Payments;
pub(super) use setup::{RoleName, Setup};
pub(super) use vault::{AddSlot, RemoveSlot, UnlockWith, Vault, VaultFormat};

/// bunq in a terminal: set up once, scan the QR code, see users and accounts.
///
/// Without a command the screens open. `bunq-tui demo` shows everything against a bunq that
/// lives inside the program: no account, no network, nothing stored.
#[derive(Debug, Parser)]
#[command(name = "bunq-tui", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Under which heading the options of every command stand.
const GLOBAL: &str = "Global options";

/// What every command understands.
#[derive(Args, Debug)]
pub(super) struct Global {
    /// demo, sandbox, production, or a simulator's http://127.0.0.1:PORT [default: the last used]
    #[arg(
        long,
        short,
        global = true, help_heading = GLOBAL,
        env = "BUNQ_TUI_ENVIRONMENT",
        value_name = "ENVIRONMENT"
    )]
    pub(super) environment: Option<Environment>,
    /// A name for a store of its own beside others of the same environment
    #[arg(
        long,
        short,
        global = true, help_heading = GLOBAL,
        env = "BUNQ_TUI_PROFILE",
        value_name = "NAME"
    )]
    pub(super) profile: Option<String>,
    /// Where stores are kept [default: $XDG_DATA_HOME/bunq-tui]
    #[arg(long, global = true, help_heading = GLOBAL, env = "BUNQ_TUI_DATA_DIR", value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// A file of 64 hex characters, readable by its owner only, that unlocks the store
    #[arg(long, global = true, help_heading = GLOBAL, env = "BUNQ_TUI_KEY_FILE", value_name = "FILE")]
    pub(super) key_file: Option<PathBuf>,
    /// Where the browser comes back to [default: http://localhost:8000/callback]
    #[arg(long, global = true, help_heading = GLOBAL, env = "BUNQ_TUI_CALLBACK_URL", value_name = "URL")]
    pub(super) callback_url: Option<Url>,
    /// The table of the bank's limits to keep to [default: classic at bunq, off on this machine]
    /// [env: BUNQ_TUI_LIMITS=]
    // Not read from the environment by clap: it would reach the simulator's own --limits, which
    // has the same name and says what the bank enforces.
    #[arg(long, global = true, value_enum, help_heading = GLOBAL, value_name = "TABLE")]
    pub(super) limits: Option<LimitTable>,
    /// This machine's address as the bank sees it now: tells a changed address from a
    /// revoked grant, so it must follow the machine
    #[arg(long, global = true, help_heading = GLOBAL, env = "BUNQ_TUI_MY_ADDRESS", value_name = "IP")]
    pub(super) my_address: Option<IpAddr>,
    /// Ask this service for this machine's address, where it matters; it answers with the address
    /// as text. Off by default: nobody but the bank is asked
    #[arg(
        long,
        global = true, help_heading = GLOBAL,
        env = "BUNQ_TUI_ADDRESS_SERVICE",
        value_name = "URL"
    )]
    pub(super) address_service: Option<Url>,
    /// After how many minutes without a key, a paste or the mouse the screens lock; off is never
    #[arg(
        long,
        global = true, help_heading = GLOBAL,
        env = "BUNQ_TUI_LOCK_AFTER",
        value_name = "MINUTES|off",
        default_value = "15",
        value_parser = lock_after::parse
    )]
    pub(super) lock_after: LockAfter,
    /// The colours of the screens; auto asks the terminal for its background, and T tries others
    #[arg(
        long,
        global = true, help_heading = GLOBAL,
        env = "BUNQ_TUI_THEME",
        value_name = "THEME",
        default_value = "auto",
        value_parser = theme::parser()
    )]
    pub(super) theme: ThemeChoice,
    /// Append a line for each request (method, path, status, time) to this file
    #[arg(long, global = true, help_heading = GLOBAL, env = "BUNQ_TUI_LOG", value_name = "FILE")]
    pub(super) log: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The screens over the built-in bank; nothing is stored
    Demo,
    /// The one-time setup: key pair, installation, device, session, OAuth client, callback URL
    Setup(Setup),
    /// Connect a user: shows the QR code and the address, waits for the redirect
    Connect(Connect),
    /// The connected users, as stored
    Users(Users),
    /// A user's profile, asked of the bank
    User(User),
    /// A user's accounts and balances, asked of the bank
    Accounts(Accounts),
    /// An account's payments, asked of the bank, kept and searched
    Payments(Payments),
    /// Forget a user's grant, its session and its figures
    Disconnect(Disconnect),
    /// What is set up, what is stored, what the bank answers; safe to paste in an issue
    Doctor(Doctor),
    /// Remove what is stored on this machine: of the profile that is named, else everything
    Wipe(Wipe),
    /// What opens the store, who can read it, and changing that
    #[command(subcommand)]
    Vault(Vault),
    /// The built-in bank as a server
    Simulator(Simulator),
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Args, Debug)]
pub(super) struct Connect {
    /// How long to wait for the redirect, in seconds; at most 600
    #[arg(long, value_name = "S", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(super) timeout: u64,
    /// Show no QR code
    #[arg(long)]
    pub(super) no_qr: bool,
    /// Read the address of the page where the browser ended from standard input
    #[arg(long)]
    pub(super) paste: bool,
    /// Let a phone on this network that scans the code come back: the redirect leads to this
    /// machine's address there, for this login only (asks first)
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "any")]
    pub(super) lan: Option<LanAddress>,
    /// Do not ask whether --lan is meant
    #[arg(long, requires = "lan")]
    pub(super) yes: bool,
    /// How to print the new user
    #[arg(long, value_enum, default_value_t = ConnectFormat::Text)]
    pub(super) format: ConnectFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ConnectFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    Table,
    Json,
    /// For spreadsheets (RFC 4180); an apostrophe stands before what one would calculate
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ProfileFormat {
    Table,
    Json,
    /// The bank's own body, byte for byte
    Raw,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AccountsFormat {
    Table,
    Json,
    /// For spreadsheets (RFC 4180); an apostrophe stands before what one would calculate
    Csv,
    /// The bank's own bodies, byte for byte, one line for each page
    Raw,
}

#[derive(Args, Debug)]
pub(super) struct Users {
    /// Ask the bank for every user's accounts first
    #[arg(long)]
    pub(super) refresh: bool,
    /// How to print them
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    pub(super) format: TableFormat,
}

#[derive(Args, Debug)]
pub(super) struct User {
    /// The user's number; 0 is the provider itself
    #[arg(value_parser = user_number)]
    pub(super) user: UserNumber,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ProfileFormat::Table)]
    pub(super) format: ProfileFormat,
}

#[derive(Args, Debug)]
pub(super) struct Accounts {
    /// The user's number; 0 is the provider itself
    #[arg(value_parser = user_number)]
    pub(super) user: UserNumber,
    /// Print what was last read, without asking the bank
    #[arg(long)]
    pub(super) stored: bool,
    /// How to print them
    #[arg(long, value_enum, default_value_t = AccountsFormat::Table)]
    pub(super) format: AccountsFormat,
}

#[derive(Args, Debug)]
pub(super) struct Doctor {
    /// How to print it
    #[arg(long, value_enum, default_value_t = DoctorFormat::Table)]
    pub(super) format: DoctorFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DoctorFormat {
    Table,
    Json,
}

#[derive(Args, Debug)]
pub(super) struct Disconnect {
    /// The user's number
    #[arg(value_parser = user_number)]
    pub(super) user: UserNumber,
}

#[derive(Args, Debug)]
pub(super) struct Wipe {
    /// Do not ask
    #[arg(long)]
    pub(super) yes: bool,
}

#[derive(Args, Debug)]
pub(super) struct Simulator {
    /// The loopback address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(super) listen: SocketAddr,
    /// Answer the authorize page at once, for the first person, with every account
    #[arg(long)]
    pub(super) auto_approve: bool,
    /// Refuse callback URLs by http, so that the listener must speak TLS
    #[arg(long)]
    pub(super) https_callbacks: bool,
    /// The bank's limits to enforce
    #[arg(long, value_enum, default_value_t = LimitTable::Off)]
    pub(super) limits: LimitTable,
    /// How many more inhabitants to make
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) users: usize,
    /// How long every session lasts, in seconds [default: a week, a provider's 90 days]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) session_seconds: Option<u32>,
    /// What goes wrong, as ENDPOINT[:N]=KIND[,NAME=VALUE]; may be repeated (--help lists the kinds)
    #[arg(long = "fault", value_name = "SPEC", long_help = super::simulator::fault_help())]
    pub(super) faults: Vec<Fault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LimitTable {
    Off,
    Classic,
    Current,
}

fn user_number(text: &str) -> Result<UserNumber, String> {
    text.parse()
        .map(UserNumber)
        .map_err(|_| "a user is a number, as `bunq-tui users` shows it".into())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parsed(arguments: &[&str]) -> Arguments {
        let program = ["bunq-tui"];
        Arguments::try_parse_from(program.iter().chain(arguments)).unwrap()
    }

    #[test]
    fn limits_are_kept_to_by_the_client_and_enforced_by_the_simulator() {
        for arguments in [
            ["--limits", "classic", "users"],
            ["users", "--limits", "classic"],
        ] {
            let arguments = parsed(&arguments);
            assert_eq!(arguments.global.limits, Some(LimitTable::Classic));
        }
        for (arguments, enforced) in [
            (vec!["simulator"], LimitTable::Off),
            (
                vec!["simulator", "--limits", "current"],
                LimitTable::Current,
            ),
        ] {
            match parsed(&arguments).command {
                Some(Command::Simulator(flags)) => assert_eq!(flags.limits, enforced),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_certificate_comes_with_its_key_and_names_its_own_roles() {
        let refused = |arguments: &[&str]| {
            let program = ["bunq-tui", "setup"];
            Arguments::try_parse_from(program.iter().chain(arguments)).is_err()
        };
        assert!(refused(&["--certificate", "a"]));
        assert!(refused(&["--certificate-key", "a"]));
        assert!(refused(&[
            "--certificate",
            "a",
            "--certificate-key",
            "b",
            "--roles",
            "aisp"
        ]));
        assert!(refused(&["--person", "--roles", "aisp"]));
        assert!(refused(&["--psd2", "--roles", "cbpii"]));
        assert!(!refused(&["--psd2", "--roles", "aisp,pisp"]));
        assert!(!refused(&["--roles", "pisp"]));
    }

    #[test]
    fn the_definition_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_login_waits_ten_minutes_at_most() {
        let timed = |seconds| {
            let arguments = ["bunq-tui", "connect", "--timeout", seconds];
            Arguments::try_parse_from(arguments).is_ok()
        };
        assert!(timed("1") && timed("600"));
        assert!(!timed("0") && !timed("601"));
    }
}
