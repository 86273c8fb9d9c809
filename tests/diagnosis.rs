//! One sentence of the bank with three causes, a bank that forgot us, a wrong clock, a lost token:
//! each is told apart, and the way out of each works.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bunq_tui::base::{Clock, Exit, Problem, Remedy, TimeSource, UserNumber};
use bunq_tui::simulator::{Fault, FaultKind, Options, Simulator};
use bunq_tui::workspace::{ProviderChoice, Psd2Roles, Settings, Stage, Workspace};
use jiff::{SignedDuration, Timestamp};

const SANNE: UserNumber = UserNumber(1);

/// A profile in memory with one connected user.
async fn connected(options: Options, settings: Settings) -> (Simulator, Workspace) {
    let simulator = Simulator::start(options).await.unwrap();
    let workspace = Workspace::demo(&simulator.root(), settings).unwrap();
    let choice = ProviderChoice::NewPsd2Provider(Psd2Roles::Both);
    let (progress, _) = tokio::sync::mpsc::channel(64);
    workspace.setup(Some(choice), progress).await.unwrap();
    connect(&simulator, &workspace).await.unwrap();
    workspace.read_accounts(SANNE).await.unwrap();
    (simulator, workspace)
}

async fn usual() -> (Simulator, Workspace) {
    connected(Options::default(), Settings::new(PathBuf::new())).await
}

async fn connect(simulator: &Simulator, workspace: &Workspace) -> Result<UserNumber, Problem> {
    let connecting = workspace.connect().await?;
    let address = &connecting.invitation().authorize_url;
    let back = simulator.approve(address).unwrap();
    connecting.paster().paste(&back)?;
    let connected = connecting.redirected().await?.exchange().await?;
    Ok(connected.number)
}

async fn refused(workspace: &Workspace) -> Problem {
    let problem = workspace.read_accounts(SANNE).await.unwrap_err();
    assert_eq!(problem.exit, Exit::Refused, "{problem}");
    problem
}

fn is_marked(workspace: &Workspace) -> bool {
    let users = workspace.users().unwrap();
    let sanne = users.iter().find(|user| user.number == SANNE).unwrap();
    assert_eq!(sanne.accounts, Some(4), "the last figures stay");
    sanne.revoked_at.is_some()
}

fn fault(simulator: &Simulator, endpoint: &str, nth: Option<u32>, kind: FaultKind) {
    simulator.set_fault(Fault {
        endpoint: endpoint.into(),
        nth,
        kind,
    });
}

fn sessions_opened(simulator: &Simulator) -> usize {
    let calls = simulator.calls();
    let opened = calls
        .iter()
        .filter(|call| call.path == "/v1/session-server");
    opened.count()
}

#[tokio::test]
async fn a_revoked_grant_while_others_are_served() {
    let (simulator, workspace) = usual().await;
    simulator.revoke_grants();
    let problem = refused(&workspace).await;
    assert!(problem.what.contains("grant of user 1"), "{problem}");
    assert!(problem.why.contains("serves others"), "{problem}");
    assert_eq!(problem.remedy, Some(Remedy::ConnectAgain));
    assert!(is_marked(&workspace));
}

#[tokio::test]
async fn a_changed_address_concerns_everyone_and_marks_nobody() {
    let (simulator, workspace) = usual().await;
    simulator.permit_nobody(true);
    let problem = refused(&workspace).await;
    assert!(problem.what.contains("this machine's address"), "{problem}");
    assert!(problem.why.contains("others whom it served"), "{problem}");
    assert!(!is_marked(&workspace));
    simulator.permit_nobody(false);
    workspace.read_accounts(SANNE).await.unwrap();
}

#[tokio::test]
async fn with_nobody_else_to_ask_both_causes_are_named() {
    let (simulator, workspace) = usual().await;
    simulator.revoke_grants();
    // Our own session is of no help either.
    fault(&simulator, "GET user$", None, FaultKind::DeadSession401);
    let problem = refused(&workspace).await;
    assert!(
        problem.why.contains("took the connection back"),
        "{problem}"
    );
    assert!(problem.why.contains("--my-address"), "{problem}");
    assert!(!is_marked(&workspace), "it is not certain");
    simulator.clear_faults();
    workspace.read_profile(UserNumber::PROVIDER).await.unwrap();
    refused(&workspace).await;
    assert!(is_marked(&workspace), "now it is");
}

#[tokio::test]
async fn what_a_role_does_not_allow_is_no_dead_session() {
    let (simulator, workspace) = usual().await;
    let before = sessions_opened(&simulator);
    let accounts = "GET user/{}/monetary-account";
    fault(&simulator, accounts, None, FaultKind::Authorisation403);
    let problem = refused(&workspace).await;
    assert!(problem.why.contains("just opened"), "{problem}");
    assert!(problem.next.contains("role"), "{problem}");
    assert_eq!(sessions_opened(&simulator), before + 1);
    assert!(!is_marked(&workspace));
}

#[tokio::test]
async fn a_bank_that_forgot_us_is_named_and_set_up_anew() {
    let (simulator, workspace) = usual().await;
    simulator.restart_empty();
    let problem = refused(&workspace).await;
    assert!(problem.what.contains("forgotten us"), "{problem}");
    assert_eq!(problem.remedy, Some(Remedy::SetUpAnew));
    assert!(!is_marked(&workspace), "that was not the user's doing");

    let before = workspace.provider().unwrap().unwrap();
    let (progress, _) = tokio::sync::mpsc::channel(64);
    let anew = workspace.set_up_anew(None, progress).await.unwrap();
    assert_eq!(workspace.stage().unwrap(), Stage::Ready);
    assert_eq!(anew.kind, before.kind);
    assert_eq!(anew.callback_url, before.callback_url);
    assert!(is_marked(&workspace), "history");
    let problem = refused(&workspace).await;
    assert!(problem.what.contains("of an earlier setup"), "{problem}");
    assert_eq!(problem.remedy, Some(Remedy::ConnectAgain));
    assert_eq!(simulator.census().oauth_clients, 1);

    let number = connect(&simulator, &workspace).await.unwrap();
    assert_ne!(number, SANNE, "the new world has another Sanne");
    workspace.read_accounts(number).await.unwrap();
    assert!(is_marked(&workspace));
}

/// A clock beside the bank's, as far away as it is told.
#[derive(Clone)]
struct Wrong(Arc<AtomicI64>);

impl TimeSource for Wrong {
    fn now(&self) -> Timestamp {
        let hours = SignedDuration::from_hours(self.0.load(Ordering::Relaxed));
        Timestamp::now().checked_add(hours).unwrap()
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(time))
    }
}

#[tokio::test]
async fn a_clock_that_is_a_day_off_and_then_put_right_costs_no_session() {
    for hours in [24, -24] {
        let wrong = Wrong(Arc::new(AtomicI64::new(hours)));
        let mut options = Options::default();
        // Shorter than the clock is wrong.
        options.timeouts.user = Duration::from_secs(12 * 60 * 60);
        options.timeouts.provider = options.timeouts.user;
        let settings = Settings {
            clock: Clock::from_source(wrong.clone()),
            ..Settings::new(PathBuf::new())
        };
        let (simulator, workspace) = connected(options, settings).await;
        let before = sessions_opened(&simulator);
        workspace.read_accounts(SANNE).await.unwrap();
        wrong.0.store(0, Ordering::Relaxed);
        // The first answer after it tells how much the clock was put right.
        workspace.read_profile(SANNE).await.unwrap();
        workspace.read_accounts(SANNE).await.unwrap();
        let opened = sessions_opened(&simulator) - before;
        assert!(opened <= 1, "{hours} h off: {opened} sessions");
    }
}

#[tokio::test]
async fn a_code_whose_token_got_lost_is_noted_until_somebody_connects() {
    let (simulator, workspace) = usual().await;
    // Spent at the bank, but its answer never came.
    fault(&simulator, "token", Some(1), FaultKind::Drop);
    let problem = connect(&simulator, &workspace).await.unwrap_err();
    assert!(problem.why.contains("got lost"), "{problem}");
    assert!(problem.next.contains("too many"), "{problem}");
    assert!(workspace.perhaps_granted().unwrap().is_some());
    assert_eq!(workspace.finish_grant().await.unwrap(), None);
    connect(&simulator, &workspace).await.unwrap();
    assert_eq!(workspace.perhaps_granted().unwrap(), None);
}

#[tokio::test]
async fn a_code_that_was_never_used_is_used_by_the_next_run() {
    let (simulator, workspace) = usual().await;
    // The bank cannot be reached just then.
    fault(&simulator, "token", None, FaultKind::DropBefore);
    let problem = connect(&simulator, &workspace).await.unwrap_err();
    assert!(
        problem.next.contains("connect again to finish"),
        "{problem}"
    );
    simulator.clear_faults();
    let finished = workspace.finish_grant().await.unwrap().unwrap();
    workspace.read_accounts(finished.number).await.unwrap();
    assert_eq!(workspace.perhaps_granted().unwrap(), None);
    assert_eq!(simulator.census().grants, 2);
}

#[tokio::test]
async fn an_approval_from_a_changed_address_waits_for_the_old_one() {
    let (simulator, workspace) = usual().await;
    // The token is there, its session is not.
    fault(
        &simulator,
        "POST session-server",
        None,
        FaultKind::DropBefore,
    );
    connect(&simulator, &workspace).await.unwrap_err();
    simulator.clear_faults();
    simulator.permit_nobody(true);
    let problem = workspace.finish_grant().await.unwrap_err();
    assert!(problem.what.contains("this machine's address"), "{problem}");
    assert!(problem.next.contains("kept"), "{problem}");
    simulator.permit_nobody(false);
    assert!(workspace.finish_grant().await.unwrap().is_some());
}
