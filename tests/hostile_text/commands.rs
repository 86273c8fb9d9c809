//! Every command in every format, as the real binary prints it: into pipes and onto a terminal.

use std::collections::BTreeSet;

use bunq_tui::simulator::Simulator;

use crate::bank::{Mouth, shape};
use crate::common::{Bench, approving, connect};
use crate::pty::Pty;
use crate::sweep::faults;
use crate::transcript;

/// By how much the texts are shifted from one run of all commands to the next.
const STRIDE: usize = 97;

const COMMANDS: [&[&str]; 25] = [
    &["users"],
    &["users", "--format", "json"],
    &["users", "--format", "csv"],
    &["users", "--refresh"],
    &["user", "0"],
    &["user", "0", "--format", "json"],
    &["user", "1"],
    &["user", "1", "--format", "json"],
    &["accounts", "1"],
    &["accounts", "1", "--format", "json"],
    &["accounts", "1", "--format", "csv"],
    &["accounts", "1", "--stored"],
    &["accounts", "1", "--stored", "--format", "csv"],
    &["accounts", "0"],
    &["accounts", "9"],
    &["doctor"],
    &["doctor", "--format", "json"],
    &["setup"],
    &["connect", "--timeout", "1", "--no-qr"],
    &["connect", "--timeout", "1", "--format", "json"],
    &["disconnect", "7"],
    &["wipe"],
    &["vault", "status"],
    &["vault", "status", "--format", "json"],
    &["users", "--format", "a\u{1b}[31m\u{202e}b"],
];

/// The same for the payments of an account.
const PAYMENTS: [&[&str]; 5] = [
    &[],
    &["--format", "json"],
    &["--format", "csv", "--count", "3"],
    &["--stored", "--search", "a\u{1b}[31m\u{202e}b"],
    &["--since", "2026-01-01"],
];

/// All of them, the payments those of user 1's first account.
fn commands(bench: &Bench) -> Vec<Vec<String>> {
    let accounts = bench.json(&["accounts", "1", "--format", "json"]);
    let account = accounts[0]["id"].to_string();
    let payments = PAYMENTS.iter().map(|more| {
        let command = ["payments", "1", &account];
        [&command, *more].concat()
    });
    COMMANDS
        .iter()
        .map(|command| command.to_vec())
        .chain(payments)
        .map(|command| command.into_iter().map(Into::into).collect())
        .collect()
}

/// A bank that is set up, with one user, before it turns hostile.
pub(crate) async fn hostile() -> (Simulator, Bench, Mouth) {
    let (simulator, bench) = approving().await;
    let ran = bench.run(&["setup", "--psd2"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    connect(&bench, &["connect", "--no-qr", "--format", "json"]).await;
    let mouth = Mouth::of(&simulator, &bench.callback_url);
    (simulator, bench, mouth)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_prints_anything_of_it() {
    let (_simulator, bench, mouth) = hostile().await;
    let log = bench.directory.path().join("log");
    let mut wrong = BTreeSet::new();
    let (mut runs, mut bytes) = (0, 0);
    let commands = commands(&bench);
    for turn in (0..mouth.texts()).step_by(STRIDE) {
        mouth.turn(turn);
        for command in &commands {
            let command: Vec<&str> = command.iter().map(String::as_str).collect();
            let logged = ["--log", log.to_str().unwrap()];
            let ran = bench.run(&[command.as_slice(), &logged].concat());
            if command.first() == Some(&"payments") {
                // What is said of a payment is shown.
                assert_eq!(ran.code, 0, "{command:?} {}", ran.stderr);
            }
            for (stream, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
                let found = faults(text);
                if !found.is_empty() {
                    wrong.insert(format!("{command:?} {stream}: {found:?} in {text:?}"));
                }
                bytes += text.len();
            }
            assert!(
                [0, 1, 2, 75, 77, 78].contains(&ran.code),
                "{command:?} {}",
                ran.stderr
            );
            runs += 1;
        }
    }
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.lines().count() > 50, "{log}");
    wrong.extend(
        faults(&log)
            .into_iter()
            .map(|fault| format!("log: {fault}")),
    );
    println!(
        "{runs} runs of commands, {bytes} bytes printed, {} logged: {} violations",
        log.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn raw_is_exact_in_a_pipe_and_escaped_on_a_terminal() {
    let (_simulator, bench, mouth) = hostile().await;
    let (mut bytes, mut hostile) = (0, 0);
    for turn in (0..mouth.texts()).step_by(STRIDE / 2) {
        mouth.turn(turn);
        for (command, path) in [("accounts", "/monetary-account"), ("user", "/user")] {
            let arguments = [command, "1", "--format", "raw"];
            let output = bench.command(&arguments).output().unwrap();
            let sent = mouth.last_body(|call| shape(call).trim_end_matches("/N").ends_with(path));
            let sent = [sent.unwrap(), b"\n".to_vec()].concat();
            assert!(output.stdout == sent, "{command}");
            let (shown, code) = Pty::run(&bench.command(&arguments)).ended();
            assert_eq!(code, 0, "{command}");
            let plain = shown
                .iter()
                .all(|b| matches!(b, b'\r' | b'\n' | b' '..=b'~'));
            assert!(plain, "{}", String::from_utf8_lossy(&shown));
            hostile += transcript::of_command(&sent).wrong.len();
            bytes += shown.len();
        }
    }
    assert!(hostile > 50, "{hostile}");
    println!(
        "{bytes} bytes of raw bodies on a terminal, {hostile} characters of them hostile: 0 violations"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_write_no_sequence_to_a_terminal() {
    let (_simulator, bench, mouth) = hostile().await;
    let mut bytes = 0;
    let commands = commands(&bench);
    for (turn, command) in commands.iter().enumerate() {
        mouth.turn(turn * STRIDE);
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let mut pty = Pty::run(&bench.command(&command));
        // Whatever is asked: No.
        pty.press("\r");
        let (written, _) = pty.ended();
        let seen = transcript::of_screens(&written);
        assert!(seen.wrong.is_empty(), "{command:?}: {seen:?}");
        bytes += seen.bytes;
    }
    println!(
        "{bytes} bytes of {} commands on a terminal: 0 violations",
        commands.len()
    );
}
