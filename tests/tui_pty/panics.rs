//! A mistake of the program's own, in any thread, while accounts are on the screen. No build has
//! a way to make one on purpose, so these run the screens in this test's own process.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bunq_tui::base::{Clock, TimeSource};
use bunq_tui::tui::{self, Options, Start};
use bunq_tui::workspace::Settings;
use jiff::Timestamp;
use rstest::rstest;
use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};

use crate::terminal::Terminal;

/// Says in which thread, to the process that runs the screens.
const VARIABLE: &str = "BUNQ_TUI_TEST_PANIC";
/// What must never be seen: it could be a secret.
const TEXT: &str = "canary of a panic";
/// Set when the panic is due.
static DUE: AtomicBool = AtomicBool::new(false);

#[rstest]
fn gives_the_terminal_back(#[values("loop", "task", "blocking", "thread")] place: &str) {
    let program = std::env::current_exe().unwrap();
    let script = format!(
        "{VARIABLE}={place} exec '{}' panics::child --exact --ignored --nocapture",
        program.display()
    );
    let arguments = ["-c".into(), script.into()];
    let mut terminal = Terminal::run("/bin/sh", &arguments, 120, 40, false);
    terminal.until_text("sets it all up");
    terminal.press("s");
    terminal.until_text("approve as the phone would");
    terminal.press("\r");
    terminal.until_text("4118.00");
    terminal.signal(Signal::USR1);
    terminal.until("the ordinary screen", |screen| {
        let told = screen.contents().contains("a mistake of its own");
        (told && !screen.alternate_screen() && !screen.hide_cursor()).then_some(())
    });
    let written = std::sync::Arc::clone(&terminal.written);
    terminal.ended();
    let written = String::from_utf8_lossy(&written.lock().unwrap()).into_owned();
    assert!(!written.contains(TEXT));
    let (_, after) = written.rsplit_once("\u{1b}[?1049l").unwrap();
    for text in ["4118.00", "\u{1b}[H", "\u{1b}[?1049h", "\u{1b}[2J"] {
        assert!(
            !after.contains(text),
            "drawn over the ordinary screen: {after:?}"
        );
    }
}

/// A clock that panics in whoever asks it once it is due.
struct Treacherous;

impl TimeSource for Treacherous {
    fn now(&self) -> Timestamp {
        assert!(!DUE.load(Ordering::SeqCst), "{TEXT}");
        Timestamp::now()
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// Not an assertion about anything: a panic with a text.
fn panic_now() {
    assert!(!DUE.load(Ordering::SeqCst), "{TEXT}");
}

#[test]
#[ignore = "the other test runs it as a process of its own"]
fn child() {
    let Ok(place) = std::env::var(VARIABLE) else {
        return;
    };
    bunq_tui::telemetry::quiet_panics();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut settings = Settings::new(std::env::temp_dir());
    if place == "loop" {
        settings.clock = Clock::from_source(Treacherous);
    }
    let options = Options {
        start: Start::Demo,
        settings,
        key_file: None,
        lock_after: None,
        theme: bunq_tui::tui::ThemeChoice::default(),
    };
    let _ended = runtime.block_on(async {
        let mut due = signal(SignalKind::user_defined1()).unwrap();
        tokio::spawn(async move {
            due.recv().await;
            DUE.store(true, Ordering::SeqCst);
            match place.as_str() {
                "task" => panic_now(),
                "blocking" => drop(tokio::task::spawn_blocking(panic_now)),
                "thread" => drop(std::thread::spawn(panic_now)),
                // The loop asks for the time when something happens.
                _ => {
                    rustix::process::kill_process(rustix::process::getpid(), Signal::WINCH).unwrap()
                }
            }
        });
        tui::run(options).await
    });
}
