//! What a panic prints.

use std::process::{Command, Stdio};

/// What asks this binary to panic instead of testing.
const ASKED: &str = "CANARIES_PANIC";
const TEXT: &str = "wr0ng \"passphrase\" of a canary & more";

/// What a process prints that panics with a secret in its text, in its main thread and in a task.
pub(crate) fn of_a_process() -> Vec<u8> {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "panics::when_asked", "--nocapture"])
        .env(ASKED, "yes")
        .env("RUST_BACKTRACE", "full")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        text.matches("met a mistake of its own").count(),
        2,
        "{text}"
    );
    [output.stdout, output.stderr].concat()
}

#[test]
fn when_asked() {
    if std::env::var_os(ASKED).is_none() {
        return;
    }
    bunq_tui::telemetry::quiet_panics();
    let text = TEXT.to_owned();
    let task = std::thread::spawn(move || panic!("{text}"));
    assert!(task.join().is_err());
    let caught = std::panic::catch_unwind(|| panic!("{TEXT}"));
    assert!(caught.is_err());
}
