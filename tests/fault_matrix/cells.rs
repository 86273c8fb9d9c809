//! One fault on one call: what comes of it, and what comes after it.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bunq_tui::base::{Exit, Problem, UserNumber};
use bunq_tui::simulator::Census;
use bunq_tui::workspace::{Verdict, Workspace};
use futures_util::FutureExt as _;

use crate::bank::{Bank, From, Operation, PATIENT, anew, copy, payments, setup};
use crate::columns::Column;
use crate::expected::{Expected, expected};
use crate::kinds::Row;

/// For a machine that has other things to do.
const SLACK: Duration = Duration::from_secs(3);

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) fault: String,
    pub(crate) call: String,
    pub(crate) result: Result<(), Problem>,
    pub(crate) took: Duration,
    /// What is wrong with it.
    pub(crate) complaints: Vec<String>,
}

impl Cell {
    fn expect(&mut self, holds: bool, complaint: impl Into<String>) {
        if !holds {
            self.complaints.push(complaint.into());
        }
    }
}

/// Whether it is what was expected.
fn fits(result: &Result<(), Problem>, expected: Expected, operation: Operation) -> bool {
    match (result, expected) {
        (Ok(()), None) => true,
        (Err(problem), Some((exit, what))) => {
            (problem.exit == exit || operation == Operation::Doctor)
                && problem.what.starts_with(what)
        }
        _ => false,
    }
}

/// The doctor goes on whatever happens; what could not be asked is in its finding, which does not
/// tell how a command would end.
async fn doctor(workspace: &Workspace) -> Result<(), Problem> {
    let checks = workspace.examine().await;
    let device = checks.into_iter().find(|check| check.topic == "Device");
    let device = device.unwrap();
    match device.verdict {
        Verdict::Unknown => Err(Problem::new(device.finding, Exit::Failed).next(device.remedy)),
        _ => Ok(()),
    }
}

/// All faults on one call.
pub(crate) async fn column(column: Column, rows: &[Row]) -> Vec<Cell> {
    let bank = Bank::start().await;
    let from = match column.operation {
        Operation::Setup(from, _) => from,
        _ => From::Ready,
    };
    let directory = bank.prepare(from).await;
    let mut case = Case {
        bank,
        column,
        directory,
        user: UserNumber(1),
        port: 0,
        replayed: 0,
    };
    if column.from > 1 {
        case.user = case.user_with_pages().await;
    }
    let mut cells = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        cells.push(case.cell(number, row).await);
    }
    cells
}

struct Case {
    bank: Bank,
    column: Column,
    directory: PathBuf,
    user: UserNumber,
    port: u16,
    /// Callback URLs that a bank which answers for somebody else said to have taken back.
    replayed: usize,
}

impl Case {
    /// Connects the inhabitants until one has more than a page of accounts.
    async fn user_with_pages(&self) -> UserNumber {
        let workspace = self.bank.open(&self.directory, PATIENT);
        loop {
            let user = self.bank.connect(&workspace).await.unwrap();
            let read = workspace.read_accounts(user).await.unwrap();
            if read.raw.len() > 1 {
                return user;
            }
        }
    }

    async fn cell(&mut self, number: usize, row: &Row) -> Cell {
        let directory = self.begin(number).await;
        let before = self.stored(&directory);
        let census = self.bank.census();
        self.set(row);
        let began = Instant::now();
        let workspace = self.bank.open(&directory, row.limits());
        let ended = AssertUnwindSafe(self.operate(&workspace)).catch_unwind();
        let ended = ended.await;
        let took = began.elapsed();
        drop(workspace);
        self.bank.simulator.clear_faults();
        let panicked = ended.is_err();
        let mut cell = Cell {
            fault: row.name.clone(),
            call: self.column.name(),
            result: ended.unwrap_or(Ok(())),
            took,
            complaints: Vec::new(),
        };
        cell.expect(!panicked, "it panicked");
        // What is made again, and looked up, has its own time each.
        let most = row.limits().total.saturating_mul(4) + SLACK;
        cell.expect(!row.waits() || took < most, "it went on too long");
        let expected = expected(&row.kind, &self.column);
        cell.expect(
            fits(&cell.result, expected, self.column.operation),
            format!("expected {expected:?}"),
        );
        self.check(&mut cell, &directory);
        if cell.result.is_err() {
            cell.expect(self.stored(&directory) == before, "something was kept");
        }
        self.and_again(&mut cell, &directory, census).await;
        cell
    }

    /// What it begins with: a setup on a store of its own, everything else where the last ended.
    async fn begin(&mut self, number: usize) -> PathBuf {
        match self.column.operation {
            Operation::Setup(..) => {
                let directory = self.bank.at(&format!("cell-{number}"));
                copy(&self.directory, &directory);
                return directory;
            }
            Operation::Forget => {
                let workspace = self.bank.open(&self.directory, PATIENT);
                self.user = self.bank.connect(&workspace).await.unwrap();
            }
            Operation::ChangePort => {
                let workspace = self.bank.open(&self.directory, PATIENT);
                self.port = self.bank.other_port(&workspace);
            }
            Operation::ReadPayments if number == 0 => {
                let workspace = self.bank.open(&self.directory, PATIENT);
                workspace.read_accounts(self.user).await.unwrap();
            }
            Operation::ReadAccounts if self.column.shape == "POST session-server" => {
                self.bank.simulator.expire_sessions();
            }
            _ => {}
        }
        self.directory.clone()
    }

    fn set(&self, row: &Row) {
        let endpoint = self.column.endpoint();
        if self.column.from == 1 {
            return self.bank.fault(&endpoint, None, row.kind.clone());
        }
        for nth in self.column.from..self.column.from + 20 {
            self.bank.fault(&endpoint, Some(nth), row.kind.clone());
        }
    }

    async fn operate(&self, workspace: &Workspace) -> Result<(), Problem> {
        match self.column.operation {
            Operation::Setup(_, choice) => setup(workspace, Some(choice)).await,
            Operation::ReadAccounts => workspace.read_accounts(self.user).await.map(drop),
            Operation::ReadPayments => payments(workspace, self.user).await,
            Operation::ReadProfile => workspace.read_profile(self.user).await.map(drop),
            Operation::Connect => self.bank.connect(workspace).await.map(drop),
            Operation::ChangePort => workspace.change_port(self.port).await,
            Operation::Forget => workspace.forget(self.user).await,
            Operation::Doctor => doctor(workspace).await,
        }
    }

    /// The figures and profiles in the store.
    fn stored(&self, directory: &Path) -> String {
        let store = self.bank.store(directory);
        let users = store.users().unwrap();
        let users: Vec<_> = users
            .iter()
            .map(|user| {
                let accounts = store.accounts(user.number).unwrap();
                let accounts = accounts.map(|accounts| (accounts.as_of, accounts.rows.len()));
                let name = user.name.as_str();
                (user.number, name, user.profile_raw.as_deref(), accounts)
            })
            .collect();
        format!("{users:?}")
    }

    /// Words that a person can act on, and no secret in them.
    fn check(&self, cell: &mut Cell, directory: &Path) {
        let Err(problem) = cell.result.clone() else {
            return;
        };
        cell.expect(!problem.what.is_empty(), "it does not say what happened");
        cell.expect(!problem.next.is_empty(), "it does not say what to do");
        let words = format!("{problem:?} {problem}");
        for secret in self.bank.secrets(directory) {
            cell.expect(!words.contains(&secret), "a secret is told");
        }
        for forbidden in ["http://", "https://", "client_secret", "code=", "state="] {
            cell.expect(!words.contains(forbidden), format!("{forbidden} is told"));
        }
        let longest = words.split(|c: char| !c.is_ascii_alphanumeric());
        cell.expect(
            longest.map(str::len).max() < Some(24),
            "something like a token is told",
        );
    }

    /// The bank is well again: the same operation ends well, and nothing is there twice.
    async fn and_again(&mut self, cell: &mut Cell, directory: &Path, before: Census) {
        let workspace = self.bank.open(directory, PATIENT);
        let again = match self.column.operation {
            Operation::Setup(..) => setup(&workspace, None).await,
            Operation::Forget => Ok(()),
            _ => self.operate(&workspace).await,
        };
        let mut clients = usize::from(matches!(self.column.operation, Operation::Setup(..)));
        if let Err(problem) = again {
            cell.expect(
                cell.fault == "revoked-token"
                    && (problem.exit == Exit::Refused
                        || self.column.operation == Operation::Doctor),
                format!("does not go on: {problem:?}"),
            );
            if matches!(self.column.operation, Operation::Setup(..))
                || self.bank.connect(&workspace).await.is_err()
            {
                clients = 2;
                let new = anew(&workspace).await;
                cell.expect(new.is_ok(), format!("not even anew: {new:?}"));
            }
        }
        // The bank said that it is gone.
        if ["replay", "404-item"].contains(&cell.fault.as_str())
            && self.column.shape.starts_with("DELETE user")
        {
            self.replayed += 1;
        }
        let after = self.bank.census();
        cell.expect(
            after.oauth_clients <= before.oauth_clients + clients,
            format!("OAuth clients: {before:?}, then {after:?}"),
        );
        cell.expect(
            after.callback_urls <= after.oauth_clients + self.replayed,
            format!("callback URLs: {before:?}, then {after:?}"),
        );
    }
}
