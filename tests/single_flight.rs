//! However many calls find a session dead, one opens the next.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use std::process::Stdio;
use std::time::Duration;

use bunq_tui::base::{Environment, Exit, Problem, Remedy, UserNumber};
use bunq_tui::simulator::{ExpiredForm, Fault, FaultKind, Options, Simulator};
use bunq_tui::workspace::{Profile, Settings, StoreKey, Workspace};
use common::Bench;
use futures_util::future::join_all;
use url::Url;

/// Calls at once within one process.
const CALLS: usize = 64;
/// Processes, or workspaces, at once on one store.
const PROCESSES: usize = 16;
/// A bank that takes its time.
const SLOW: Duration = Duration::from_millis(500);
const USER: UserNumber = UserNumber(1);

/// A person who is set up, with one connected user whose accounts were read.
async fn connected(expired_form: ExpiredForm) -> (Simulator, Bench) {
    let options = Options {
        auto_approve: true,
        expired_form,
        ..Options::default()
    };
    let simulator = Simulator::start(options).await.unwrap();
    let bench = Bench::new(&simulator.root());
    let setup = bench.run(&["setup", "--person"]);
    assert_eq!(setup.code, 0, "{}", setup.stderr);
    let user = common::connect(&bench, &["connect", "--format", "json"]).await;
    assert_eq!(user["new_user_id"], 1);
    (simulator, bench)
}

fn open(bench: &Bench) -> Workspace {
    let environment = Environment::Local(Url::parse(&bench.environment).unwrap());
    let profile = Profile::new(environment, None).unwrap();
    let settings = Settings::new(bench.data_dir());
    Workspace::open(profile, &StoreKey::File(bench.key_file()), settings).unwrap()
}

fn sessions_opened(simulator: &Simulator) -> usize {
    let calls = simulator.calls();
    calls
        .iter()
        .filter(|call| call.method == "POST" && call.path == "/v1/session-server")
        .count()
}

/// All of them at once, each in a task of its own; the problems of those that failed.
async fn read_at_once(
    workspaces: impl Iterator<Item = Workspace>,
    user: UserNumber,
) -> Vec<Problem> {
    let reads = workspaces.map(|workspace| {
        tokio::spawn(async move {
            let read = workspace.read_accounts(user).await?;
            assert_eq!(read.value.rows.len(), 4);
            Ok(())
        })
    });
    let ended = join_all(reads.collect::<Vec<_>>()).await;
    ended
        .into_iter()
        .filter_map(|read| read.unwrap().err())
        .collect()
}

async fn one_session_for_all(expired_form: ExpiredForm, fault: Option<FaultKind>) {
    let (simulator, bench) = connected(expired_form).await;
    let workspace = open(&bench);
    let before = sessions_opened(&simulator);
    match fault {
        Some(kind) => simulator.set_fault(Fault {
            endpoint: "GET user/{}/monetary-account".into(),
            nth: Some(1),
            kind,
        }),
        None => simulator.expire_sessions(),
    }
    let failed = read_at_once(std::iter::repeat_n(workspace, CALLS), USER).await;
    assert_eq!(failed, []);
    assert_eq!(sessions_opened(&simulator) - before, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_on_an_expired_session_open_one() {
    one_session_for_all(ExpiredForm::Unauthorised401, None).await;
    one_session_for_all(ExpiredForm::Forbidden403, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_in_any_of_three_ways_is_renewed_once() {
    for kind in [
        FaultKind::DeadSession401,
        FaultKind::DeadSession403,
        FaultKind::Credentials400,
    ] {
        one_session_for_all(ExpiredForm::Unauthorised401, Some(kind)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn workspaces_on_one_store_open_one() {
    let (simulator, bench) = connected(ExpiredForm::Unauthorised401).await;
    let workspaces: Vec<_> = (0..PROCESSES).map(|_| open(&bench)).collect();
    let before = sessions_opened(&simulator);
    simulator.expire_sessions();
    let failed = read_at_once(workspaces.into_iter(), USER).await;
    assert_eq!(failed, []);
    assert_eq!(sessions_opened(&simulator) - before, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_on_one_store_open_one() {
    let (simulator, bench) = connected(ExpiredForm::Unauthorised401).await;
    let before = sessions_opened(&simulator);
    simulator.expire_sessions();
    let children: Vec<_> = (0..PROCESSES)
        .map(|_| {
            bench
                .command(&["accounts", "1", "--format", "json"])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let ended = child.wait_with_output().unwrap();
        let words = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(0), "{words}");
    }
    assert_eq!(sessions_opened(&simulator) - before, 1);
}

/// The problem that all of them end with, after one call for a session.
async fn refused_once(simulator: &Simulator, workspace: &Workspace, user: UserNumber) -> Problem {
    let before = sessions_opened(simulator);
    // Until then all of them have begun: who begins after a refusal may ask again.
    simulator.set_fault(Fault {
        endpoint: "POST session-server".into(),
        nth: Some(1),
        kind: FaultKind::Delay(SLOW),
    });
    let mut failed = read_at_once(std::iter::repeat_n(workspace.clone(), CALLS), user).await;
    assert_eq!(failed.len(), CALLS);
    assert_eq!(sessions_opened(simulator) - before, 1);
    failed.dedup();
    assert_eq!(failed.len(), 1, "{failed:#?}");
    assert_eq!(failed[0].exit, Exit::Refused);
    failed.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_on_a_revoked_grant_ask_once_and_are_told_the_same() {
    let (simulator, bench) = connected(ExpiredForm::Unauthorised401).await;
    let workspace = open(&bench);
    simulator.revoke_grants();
    let problem = refused_once(&simulator, &workspace, USER).await;
    assert_eq!(problem.remedy, Some(Remedy::ConnectAgain));
    assert!(workspace.users().unwrap()[1].revoked_at.is_some());
    // Marked already, which must not make each of them ask.
    refused_once(&simulator, &workspace, USER).await;
    common::connect(&bench, &["connect", "--format", "json"]).await;
    workspace.read_accounts(USER).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_with_our_own_dead_key_ask_once_and_are_told_the_same() {
    let (simulator, bench) = connected(ExpiredForm::Unauthorised401).await;
    let workspace = open(&bench);
    simulator.set_fault(Fault {
        endpoint: "user/{}/monetary-account".into(),
        nth: Some(1),
        kind: FaultKind::RevokedToken,
    });
    refused_once(&simulator, &workspace, UserNumber::PROVIDER).await;
}

/// A PSD2 provider may do only what its certificate's roles say, and hears it as the 403 of a dead
/// session.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_in_a_fresh_session_does_not_loop() {
    for kind in [FaultKind::Authentication403, FaultKind::Authorisation403] {
        let (simulator, bench) = connected(ExpiredForm::Unauthorised401).await;
        let workspace = open(&bench);
        simulator.set_fault(Fault {
            endpoint: "GET user/{}/monetary-account".into(),
            nth: None,
            kind,
        });
        let before = sessions_opened(&simulator);
        let calls = simulator.calls_total();
        workspace.read_accounts(USER).await.unwrap_err();
        assert!(sessions_opened(&simulator) - before <= 1);
        assert!(simulator.calls_total() - calls <= 3);
        // The next one does not begin again with a new session each time.
        for _ in 0..3 {
            workspace.read_accounts(USER).await.unwrap_err();
        }
        assert!(sessions_opened(&simulator) - before <= 4);
        simulator.clear_faults();
        workspace.read_accounts(USER).await.unwrap();
    }
}

/// The signature covers the body alone, so what was answered to another user has one too.
#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_session_of_somebody_else_is_refused() {
    let (simulator, bench) = connected(ExpiredForm::Unauthorised401).await;
    let workspace = open(&bench);
    for user in [USER, UserNumber::PROVIDER] {
        let before = workspace.stored_accounts(USER).unwrap();
        simulator.expire_sessions();
        simulator.set_fault(Fault {
            endpoint: "POST session-server".into(),
            nth: Some(1),
            kind: FaultKind::Replay,
        });
        let read = workspace.read_accounts(user).await.map(drop);
        assert_eq!(read.unwrap_err().exit, Exit::Failed);
        let now = workspace.stored_accounts(USER).unwrap();
        assert!(now == before, "what was stored stays");
        simulator.clear_faults();
        workspace.read_accounts(user).await.unwrap();
    }
}
