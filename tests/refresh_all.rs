//! Bringing all users up to date: order, lanes, what ends it and what does not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use bunq_tui::base::{Clock, Exit, ManualClock, Problem, UserNumber};
use bunq_tui::simulator::{Fault, FaultKind, Options, Simulator};
use bunq_tui::workspace::{
    Limits, ProviderChoice, Psd2Roles, RefreshProgress, Refreshed, Settings, TimeLimits, Workspace,
};
use common::{Bench, library};
use jiff::Timestamp;
use tokio::sync::mpsc;

const ACCOUNTS: &str = "GET user/{}/monetary-account";

/// A provider with so many connected users, none of them read yet.
struct Many {
    simulator: Simulator,
    workspace: Workspace,
    clock: ManualClock,
    bench: Bench,
}

async fn many(users: u32, choice: ProviderChoice) -> Many {
    let options = Options {
        users: 8,
        ..Options::default()
    };
    let simulator = Simulator::start(options).await.unwrap();
    let bench = Bench::new(&simulator.root());
    let clock = ManualClock::at(Timestamp::now());
    let settings = Settings {
        clock: Clock::from_source(library::Standing(clock.clone())),
        time_limits: TimeLimits {
            backoff: Duration::from_millis(1),
            ..TimeLimits::default()
        },
        ..library::settings(&bench)
    };
    let workspace = library::open(&bench, settings);
    library::set_up(&workspace, choice).await;
    for number in 1..=users {
        let linked = library::link(&workspace, &simulator).await;
        assert_eq!(linked, UserNumber(number));
    }
    Many {
        simulator,
        workspace,
        clock,
        bench,
    }
}

fn psd2() -> ProviderChoice {
    ProviderChoice::NewPsd2Provider(Psd2Roles::default())
}

async fn refresh(workspace: &Workspace) -> (Result<Refreshed, Problem>, Vec<RefreshProgress>) {
    let (progress, mut told) = mpsc::channel(1);
    let listen = async {
        let mut all = Vec::new();
        while let Some(progress) = told.recv().await {
            all.push(progress);
        }
        all
    };
    tokio::join!(workspace.refresh_all(progress), listen)
}

fn as_of(workspace: &Workspace, number: u32) -> Option<Timestamp> {
    let summary = workspace.user_summary(UserNumber(number)).unwrap();
    summary.as_of
}

fn order(told: &[RefreshProgress]) -> Vec<u32> {
    let users = told.iter().filter_map(|progress| progress.user.as_ref());
    users.map(|user| user.number.0).collect()
}

fn fault(simulator: &Simulator, endpoint: &str, kind: FaultKind) {
    simulator.set_fault(Fault {
        endpoint: endpoint.into(),
        nth: None,
        kind,
    });
}

fn not_found() -> FaultKind {
    let body = r#"{"Error":[{"error_description":"The item you requested could not be found."}]}"#;
    FaultKind::Status(404, body.into())
}

/// Lets every later read of these users fail; each is read once to learn its address.
async fn break_users(many: &Many, numbers: impl IntoIterator<Item = u32>) {
    for number in numbers {
        many.workspace
            .read_accounts(UserNumber(number))
            .await
            .unwrap();
        let path = many.simulator.calls().pop().unwrap().path;
        let endpoint = format!("GET {}", path.trim_start_matches("/v1/"));
        fault(&many.simulator, &endpoint, not_found());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_comes_up_to_date_and_ourselves_too() {
    let many = many(5, ProviderChoice::NewPerson).await;
    let (result, told) = refresh(&many.workspace).await;
    let refreshed = result.unwrap();
    assert_eq!((refreshed.fresh, refreshed.failures), (6, 0));
    assert_eq!(refreshed.revoked, 0);
    assert_eq!(told.len(), 7, "once before the first and once for each");
    assert_eq!(told[0].total, 6);
    assert!(told[0].user.is_none());
    assert_eq!(told[0].to_go, None, "nothing is known yet");
    assert_eq!(told[6].to_go, Some(Duration::ZERO));
    let all: BTreeSet<_> = order(&told).into_iter().collect();
    assert_eq!(all, (0..=5).collect());
    for user in told.iter().filter_map(|progress| progress.user.as_ref()) {
        assert_eq!(user.as_of, Some(many.clock.clock().now()), "{user:?}");
        assert_eq!(
            *user,
            many.workspace.users().unwrap()[user.number.0 as usize]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_read_longest_ago_comes_first() {
    let many = many(6, psd2()).await;
    // 6 never; 5 long ago, …, 1 just now.
    for number in (1..=5).rev() {
        many.workspace
            .read_accounts(UserNumber(number))
            .await
            .unwrap();
        many.clock.advance(Duration::from_millis(1_500));
    }
    let before = many.simulator.calls().len();
    let (result, _) = refresh(&many.workspace).await;
    assert_eq!(result.unwrap().fresh, 6);
    // What each user's address is was seen when the users were read one after the other.
    let calls = many.simulator.calls();
    let reads = |calls: &[bunq_tui::simulator::Call]| -> Vec<String> {
        let reads = calls
            .iter()
            .filter(|call| call.path.ends_with("/monetary-account"));
        let mut paths: Vec<_> = reads.map(|call| call.path.clone()).collect();
        // Of a list with more than one page, one call is enough.
        let mut seen = BTreeSet::new();
        paths.retain(|path| seen.insert(path.clone()));
        paths
    };
    let (earlier, now) = (reads(&calls[..before]), reads(&calls[before..]));
    // Four at once: the last of the line is never among the first four.
    assert_eq!(now.len(), 6);
    assert!(!now[..3].contains(&earlier[4]), "{now:?} after {earlier:?}");
    assert!(
        now[..4].iter().any(|path| !earlier.contains(path)),
        "who was never read is among the first"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_sessions_change_lanes_and_hold_nobody_up() {
    let many = many(6, psd2()).await;
    many.simulator.expire_sessions();
    let (result, told) = refresh(&many.workspace).await;
    let refreshed = result.unwrap();
    assert_eq!((refreshed.fresh, refreshed.failures), (6, 0));
    assert_eq!(told.len(), 7, "who changes lanes is told once");
    let (again, _) = refresh(&many.workspace).await;
    assert_eq!(again.unwrap().fresh, 6);
    let opened = many
        .simulator
        .calls()
        .into_iter()
        .filter(|call| call.path == "/v1/session-server");
    // The provider's first, one a user when it connected, one a user now.
    assert_eq!(opened.count(), 1 + 6 + 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_is_gone_is_not_asked_about() {
    let many = many(2, psd2()).await;
    many.simulator.revoke_grants();
    assert!(many.workspace.read_accounts(UserNumber(1)).await.is_err());
    let before = many.simulator.calls().len();
    let (result, told) = refresh(&many.workspace).await;
    assert_eq!(told[0].total, 1);
    let refreshed = result.unwrap();
    assert_eq!((refreshed.revoked, refreshed.failures), (1, 1));
    assert!(many.workspace.users().unwrap()[1].revoked_at.is_some());
    assert!(many.simulator.calls().len() > before);
    let before = many.simulator.calls().len();
    let (result, _) = refresh(&many.workspace).await;
    assert_eq!(result.unwrap().revoked, 2);
    assert_eq!(many.simulator.calls().len(), before, "nobody was left");
}

#[tokio::test(flavor = "multi_thread")]
async fn users_who_can_never_be_read_do_not_stand_in_the_way() {
    let many = many(9, psd2()).await;
    break_users(&many, 1..=6).await;
    many.clock.advance(Duration::from_secs(60));
    let (result, told) = refresh(&many.workspace).await;
    let refreshed = result.unwrap();
    assert_eq!((refreshed.fresh, refreshed.failures), (3, 6));
    let failed: BTreeSet<_> = refreshed.failed.iter().map(|(user, _)| user.0).collect();
    assert_eq!(failed, (1..=6).collect());
    let last = told.last().unwrap();
    assert_eq!((last.fresh, last.failed), (3, 6));
    for number in 7..=9 {
        assert_eq!(
            as_of(&many.workspace, number),
            Some(many.clock.clock().now())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_is_gone_ends_it_and_takes_no_figure() {
    let many = many(8, psd2()).await;
    let (result, _) = refresh(&many.workspace).await;
    assert_eq!(result.unwrap().fresh, 8);
    let before = as_of(&many.workspace, 1);
    many.clock.advance(Duration::from_secs(60));
    let simulator = many.simulator.clone();
    simulator.stop().await;
    let (result, told) = refresh(&many.workspace).await;
    assert_eq!(result.unwrap_err().exit, Exit::Unavailable);
    assert!(told.len() < 9, "not everybody was asked about: {told:?}");
    assert_eq!(as_of(&many.workspace, 1), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_user_at_a_closed_bank_is_a_closed_bank() {
    let many = many(1, psd2()).await;
    let body = r#"{"Error":[{"error_description":"Maintenance."}]}"#;
    fault(
        &many.simulator,
        ACCOUNTS,
        FaultKind::Status(491, body.into()),
    );
    let (result, _) = refresh(&many.workspace).await;
    assert_eq!(result.unwrap_err().exit, Exit::TryLater);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_in_the_middle_it_keeps_what_came() {
    let many = many(7, psd2()).await;
    let (progress, mut told) = mpsc::channel(1);
    let mut came = BTreeSet::new();
    {
        let run = many.workspace.refresh_all(progress);
        tokio::pin!(run);
        while came.len() < 2 {
            tokio::select! {
                biased;
                Some(progress) = told.recv() => came.extend(progress.user.map(|user| user.number)),
                ended = &mut run => panic!("it ended by itself: {ended:?}"),
            }
        }
    }
    let users = many.workspace.users().unwrap();
    for number in &came {
        let user = users.iter().find(|user| user.number == *number).unwrap();
        assert_eq!(user.accounts.is_some(), user.as_of.is_some());
        assert!(user.as_of.is_some());
    }
    let fresh = users.iter().filter(|user| user.as_of.is_some()).count();
    assert!((2..7).contains(&fresh), "{fresh} were read");
    let (result, told) = refresh(&many.workspace).await;
    assert_eq!(result.unwrap().fresh, 7);
    assert!(
        !came.contains(&UserNumber(order(&told)[0])),
        "the others come first"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn within_the_limits_it_tells_how_long_it_takes() {
    let many = many(12, psd2()).await;
    // Waits move this clock, so that they take no time.
    let settings = Settings {
        clock: many.clock.clock(),
        limits: Some(Limits::Classic),
        ..library::settings(&many.bench)
    };
    let workspace = library::open(&many.bench, settings);
    let (result, told) = refresh(&workspace).await;
    assert_eq!(result.unwrap().fresh, 12);
    let last = told.last().unwrap();
    // Three in 3 s: the tenth waits for three such windows.
    assert!(last.elapsed >= Duration::from_secs(9), "{last:?}");
    let half = &told[8];
    let (guessed, took) = (half.to_go.unwrap(), last.elapsed - half.elapsed);
    assert!(
        guessed >= took / 3 && guessed <= took * 3,
        "{guessed:?} was guessed, {took:?} it took"
    );
    assert!(last.per_minute().unwrap() > 1.0);
}
