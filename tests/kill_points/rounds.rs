//! One round over all kill points of some commands: each is killed there and typed again.

use bunq_tui::simulator::Census;
use tokio::runtime::Handle;

use crate::order::{Command, Report, User};
use crate::stand::{Stand, callback_url, more};

/// The checkpoints of the choice and of the key pair: everything after begins with this key.
const UP_TO_KEY: usize = 6;

/// The points that a run passed, each with a name of its own.
fn named(what: &str, report: &Report) -> Vec<String> {
    let passed = report.passed.iter().enumerate();
    passed
        .map(|(index, name)| format!("{what} {:02} {name}", index + 1))
        .collect()
}

/// The setup of a PSD2 provider and of a person, from nothing.
pub(crate) fn setups(runtime: &Handle) -> Vec<String> {
    let stand = Stand::new(runtime);
    let mut points = Vec::new();
    for (what, command) in [
        ("setup --psd2", Command::SetupPsd2),
        ("setup --person", Command::SetupPerson),
    ] {
        stand.clear();
        let whole = stand.done(command);
        let names = named(what, &whole);
        stand.clear();
        stand.killed(command, UP_TO_KEY);
        let template = format!("{command:?}");
        stand.keep(&template);
        for dies_at in 1..=names.len() {
            // Keys take long to make: whoever dies later has one already.
            let before = stand.simulator.census();
            let users_before = sandbox_users(&stand);
            if dies_at > UP_TO_KEY {
                stand.back_to(&template);
                stand.killed(command, dies_at - UP_TO_KEY);
            } else {
                stand.clear();
                stand.killed(command, dies_at);
            }
            let again = stand.done(second(command, dies_at));
            assert!(again.set_up);
            let point = &names[dies_at - 1];
            check_setup(point, &more(&before, &stand.simulator.census()));
            assert!(sandbox_users(&stand) - users_before <= 2, "{point}");
        }
        points.extend(names);
    }
    points
}

/// What is typed the second time: the same, or at even points nothing of who to be, which is known
/// once the choice was written.
fn second(first: Command, dies_at: usize) -> Command {
    if dies_at > 1 && dies_at.is_multiple_of(2) {
        Command::Setup
    } else {
        first
    }
}

fn check_setup(point: &str, made: &Census) {
    assert_eq!(made.oauth_clients, 1, "{point}: {made:?}");
    assert_eq!(made.callback_urls, 1, "{point}: {made:?}");
    assert!(made.installations <= 2, "{point}: {made:?}");
    assert!(made.devices <= 2, "{point}: {made:?}");
    assert!(made.credentials <= 2, "{point}: {made:?}");
    assert!(made.sessions <= 2, "{point}: {made:?}");
}

fn sandbox_users(stand: &Stand) -> usize {
    let calls = stand.simulator.calls();
    calls
        .iter()
        .filter(|call| call.path.ends_with("sandbox-user-person"))
        .count()
}

/// All that comes after the setup, on one store.
pub(crate) fn everyday(runtime: &Handle) -> Vec<String> {
    let mut stand = Stand::new(runtime);
    stand.done(Command::SetupPsd2);
    let mut points = first_connect(&stand);
    points.extend(connect_again(&stand, "connect again", Command::Connect));
    points.extend(connect_again(
        &stand,
        "connect again, pasted",
        Command::ConnectPasted,
    ));
    points.extend(reads(&stand, "accounts", Command::Accounts));
    points.extend(reads(&stand, "profile", Command::Profile));
    points.extend(disconnect(&stand));
    points.extend(another_callback_url(&mut stand));
    points
}

/// Somebody who was never connected before.
fn first_connect(stand: &Stand) -> Vec<String> {
    let names = named("connect", &stand.done(Command::Connect));
    let mut last = forgotten(stand);
    for dies_at in 1..=names.len() {
        let point = &names[dies_at - 1];
        let is_kept = dies_at == names.len();
        let users = connect_killed(stand, Command::Connect, dies_at, point, is_kept);
        assert_eq!(users.len(), usize::from(is_kept), "{point}");
        let number = forgotten(stand);
        assert!(number > last, "{point}: a number is given once");
        last = number;
    }
    names
}

/// The one user is disconnected; answers its number.
fn forgotten(stand: &Stand) -> u32 {
    let users = stand.done(Command::Accounts).users;
    assert_eq!(stand.done(Command::Disconnect).users, []);
    users[0].number
}

fn connect_again(stand: &Stand, what: &str, command: Command) -> Vec<String> {
    stand.done(command);
    let names = named(what, &stand.done(command));
    let known = stand.done(Command::Accounts).users;
    for dies_at in 1..=names.len() {
        let point = &names[dies_at - 1];
        let is_kept = dies_at == names.len();
        let users = connect_killed(stand, command, dies_at, point, is_kept);
        assert_eq!(users, known, "{point}");
        assert_eq!(stand.done(Command::Accounts).users, known, "{point}");
    }
    names
}

/// Kills a connect and connects again. Answers the users as the kill left them.
fn connect_killed(
    stand: &Stand,
    command: Command,
    dies_at: usize,
    point: &str,
    is_kept: bool,
) -> Vec<User> {
    let before = stand.simulator.census();
    stand.killed(command, dies_at);
    let users = stand.done(Command::Look).users;
    let again = stand.done(command);
    let made = more(&before, &stand.simulator.census());
    let [user] = &again.users[..] else {
        panic!("{point}: one person is one row: {:?}", again.users);
    };
    assert!(!user.revoked, "{point}");
    // Who connects once more has two grants. Else only where it was said that one may be lost, one
    // is.
    let wanted = 1 + usize::from(is_kept) + usize::from(again.perhaps_granted_before);
    assert_eq!(made.grants, wanted, "{point}: {again:?}");
    assert!(!again.perhaps_granted, "{point}: who connects clears it");
    let twice = again.finished && again.perhaps_granted_before;
    assert!(!twice, "{point}: what was finished was not lost");
    assert!(made.sessions <= 2, "{point}: {made:?}");
    assert_eq!((made.installations, made.devices), (0, 0), "{point}");
    assert_eq!((made.oauth_clients, made.callback_urls), (0, 0), "{point}");
    users
}

/// Reads with a session that the bank has ended.
fn reads(stand: &Stand, what: &str, command: Command) -> Vec<String> {
    stand.simulator.expire_sessions();
    let whole = stand.done(command);
    let names = named(what, &whole);
    for (index, point) in names.iter().enumerate() {
        stand.simulator.expire_sessions();
        stand.killed(command, index + 1);
        let again = stand.done(command);
        assert_eq!(again.users, whole.users, "{point}");
        let sessions = stand.simulator.census().sessions;
        assert!((1..=2).contains(&sessions), "{point}: {sessions} sessions");
    }
    names
}

fn disconnect(stand: &Stand) -> Vec<String> {
    let whole = stand.done(Command::Disconnect);
    let names = named("disconnect", &whole);
    for (index, point) in names.iter().enumerate() {
        let connected = stand.done(Command::Connect).users;
        stand.killed(Command::Disconnect, index + 1);
        let again = stand.run(Command::Disconnect);
        assert_eq!(again.users, [], "{point}: {connected:?}");
    }
    names
}

/// The callback URL is changed to another and back, and only one of ours is ever left.
fn another_callback_url(stand: &mut Stand) -> Vec<String> {
    let mut urls = [callback_url(), callback_url()].into_iter().cycle();
    let mut next = || urls.next();
    stand.callback_url = next();
    let names = named("another callback URL", &stand.done(Command::Setup));
    for (index, point) in names.iter().enumerate() {
        let before = stand.simulator.census();
        let wanted = next();
        stand.callback_url.clone_from(&wanted);
        stand.killed(Command::Setup, index + 1);
        let again = stand.done(Command::Setup);
        assert_eq!(again.callback_url, wanted, "{point}");
        let now = stand.simulator.census();
        assert_eq!(now.callback_urls, before.callback_urls, "{point}");
        assert_eq!(now.oauth_clients, before.oauth_clients, "{point}");
        // What is stored is what is registered: the next login depends on it.
        if index % 4 == 0 {
            stand.done(Command::Connect);
        }
    }
    names
}

/// Everything anew at a bank that has forgotten us; the users stay as history.
pub(crate) fn anew(runtime: &Handle) -> Vec<String> {
    let stand = Stand::new(runtime);
    stand.done(Command::SetupPerson);
    stand.done(Command::Connect);
    let known = stand.done(Command::Accounts).users;
    stand.keep("known");
    stand.simulator.restart_empty();
    let names = named("setup --anew", &stand.done(Command::SetupAnew));
    for (index, point) in names.iter().enumerate() {
        stand.back_to("known");
        let before = stand.simulator.census();
        stand.killed(Command::SetupAnew, index + 1);
        let again = if index == 0 {
            stand.done(Command::SetupAnew)
        } else {
            stand.done(Command::Setup)
        };
        assert!(again.set_up, "{point}");
        check_setup(point, &more(&before, &stand.simulator.census()));
        let history = known.iter().map(|user| User {
            revoked: true,
            ..user.clone()
        });
        assert_eq!(again.users, history.collect::<Vec<_>>(), "{point}");
    }
    names
}
