//! The lock, and what opens a store, as a person meets them.

use std::ffi::OsString;
use std::time::Instant;

use bunq_tui::simulator::{Options, Simulator};

use crate::common::{Bench, approving, connect};
use crate::keyring::{self, Session};
use crate::terminal::{PATIENCE, Terminal, decoded};

/// A bank, and a machine on which one user is connected and read.
async fn connected() -> (Simulator, Bench, String) {
    let (simulator, bench) = approving().await;
    assert_eq!(bench.run(&["setup", "--person"]).code, 0);
    connect(&bench, &["connect", "--format", "json"]).await;
    bench.json(&["accounts", "1", "--format", "json"]);
    let users = bench.json(&["users", "--format", "json"]);
    let name = users[1]["name"].as_str().unwrap().to_owned();
    (simulator, bench, name)
}

fn with(bench: &Bench, more: &[&str]) -> Terminal {
    let command = bench.command(more);
    let arguments: Vec<OsString> = command.get_args().map(Into::into).collect();
    Terminal::within(&[], &arguments, 100, 30)
}

/// Whether the program has anything of the store open.
fn has_store_open(terminal: &Terminal, bench: &Bench) -> bool {
    let files = terminal.open_files();
    files.iter().any(|file| file.starts_with(bench.data_dir()))
}

fn until_closed(terminal: &Terminal, bench: &Bench) {
    let end = Instant::now() + PATIENCE;
    while has_store_open(terminal, bench) {
        assert!(Instant::now() < end, "{:?}", terminal.open_files());
        std::thread::yield_now();
    }
}

/// Waits for the locked screen; gives back what is on it.
fn until_locked(terminal: &Terminal) -> String {
    terminal.until("the lock", |screen| {
        let text = screen.contents();
        text.contains("━ Locked ━").then_some(text)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lock_closes_the_store_and_shows_nothing_of_the_accounts() {
    let (_simulator, bench, name) = connected().await;
    let mut terminal = with(&bench, &[]);
    terminal.until_text(&name);
    assert!(has_store_open(&terminal, &bench));
    terminal.press("L");
    let shown = until_locked(&terminal);
    for canary in [name.as_str(), "NL", "EUR", "person"] {
        assert!(!shown.contains(canary), "{canary}: {shown}");
    }
    until_closed(&terminal, &bench);
    // The log of before is gone as well, and no other screen can be gone to.
    terminal.press("5");
    terminal.until_text("This is locked: Enter unlocks it.");
    assert!(
        !terminal
            .until("the screen", |screen| Some(screen.contents()))
            .contains("/v1/")
    );
    // Whoever else wants the store has it.
    assert_eq!(bench.run(&["vault", "status"]).code, 0);
    terminal.press("\r");
    terminal.until_text(&name);
    terminal.until_text("3 Users");
    assert!(has_store_open(&terminal, &bench));
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_locks_by_itself_when_nobody_is_there() {
    let (_simulator, bench, name) = connected().await;
    let mut terminal = with(&bench, &["--lock-after", "0.05"]);
    terminal.until_text(&name);
    for _ in 0..2 {
        let shown = until_locked(&terminal);
        assert!(shown.contains("Nobody pressed a key"), "{shown}");
        assert!(!shown.contains(&name), "{shown}");
        until_closed(&terminal, &bench);
        terminal.press("\r");
        terminal.until_text(&name);
    }
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

/// The screens over a store of the session's keyring.
fn on(session: &Session, bench: &Bench) -> Terminal {
    let arguments: Vec<OsString> = vec![
        "--data-dir".into(),
        bench.data_dir().into(),
        "--environment".into(),
        bench.environment.clone().into(),
        "--callback-url".into(),
        bench.callback_url.clone().into(),
    ];
    Terminal::within(&session.variables(), &arguments, 100, 30)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyring_opens_a_store_from_its_first_start_on() {
    if !keyring::is_installed() {
        return;
    }
    let session = Session::unlocked();
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let bench = Bench::new(&simulator.root());
    let mut terminal = on(&session, &bench);
    terminal.until_text("sets it all up");
    terminal.press("s");
    terminal.until_text("What opens the store");
    terminal.until_text("The keyring works here.");
    terminal.until_text("▸ the keyring");
    terminal.press("\r");
    terminal.until("the code", decoded);
    assert_eq!(session.entries().len(), 1);
    // A login waits: that is asked about, and No is the default.
    terminal.press("L");
    terminal.until_text("A login waits");
    terminal.press("\r");
    terminal.until_text("Nothing was changed.");
    terminal.press("L");
    terminal.until_text("A login waits");
    terminal.press("y");
    until_locked(&terminal);
    until_closed(&terminal, &bench);
    terminal.press("\r");
    terminal.until_text("Nobody is being connected");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);

    // The next start opens it by itself.
    let mut terminal = on(&session, &bench);
    terminal.until("the code", decoded);
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);

    // A locked keyring says so, and nothing else is asked for.
    session.lock_keyring();
    let mut terminal = on(&session, &bench);
    terminal.until_text("✗");
    terminal.until_text("tries again");
    assert!(!has_store_open(&terminal, &bench));
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);

    // One that does not answer is waited for, and the wait can be left.
    session.freeze_keyring();
    let mut terminal = on(&session, &bench);
    terminal.until_text("Waiting for the keyring");
    terminal.press("\u{1b}");
    terminal.until_text("This profile is locked");
    terminal.press("s");
    terminal.until_text("Waiting for the keyring");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}
