//! Figures as a person wants them: in the form of the session's locale, or hidden.

use std::ffi::OsString;
use std::fs;

use crate::common::{Bench, approving, connect};
use crate::terminal::Terminal;

fn with(bench: &Bench, variables: &[(&'static str, String)], more: &[&str]) -> Terminal {
    let command = bench.command(more);
    let arguments: Vec<OsString> = command.get_args().map(Into::into).collect();
    Terminal::within(variables, &arguments, 120, 30)
}

/// A bank, and a machine on which one user is connected and read.
async fn connected() -> (bunq_tui::simulator::Simulator, Bench) {
    let (simulator, bench) = approving().await;
    assert_eq!(bench.run(&["setup", "--person"]).code, 0);
    connect(&bench, &["connect", "--format", "json"]).await;
    bench.json(&["accounts", "1", "--format", "json"]);
    (simulator, bench)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_stays_so_over_a_restart() {
    let (_simulator, bench) = connected().await;
    let mut terminal = with(&bench, &[], &[]);
    terminal.until_text("8615.00");
    terminal.press("$");
    terminal.until_text("hidden");
    terminal.until("no amount", |screen| {
        let text = screen.contents();
        (text.contains("••• EUR") && !text.contains("8615")).then_some(())
    });
    // It is kept beside what is going on.
    let kept = bench.data_dir().join("screen.toml");
    terminal.until("what is kept", |_| {
        let text = fs::read_to_string(&kept).ok()?;
        text.contains("hidden = true").then_some(())
    });
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);

    let mut terminal = with(&bench, &[], &[]);
    terminal.until_text("••• EUR");
    terminal.until_text("NL•• ••••");
    let written = String::from_utf8_lossy(&terminal.written.lock().unwrap()).into_owned();
    assert!(!written.contains("8615"), "not even for a moment");
    terminal.press("$");
    terminal.until_text("8615.00");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_says_the_form_and_the_config_file_says_otherwise() {
    let (_simulator, bench) = connected().await;
    let dutch = [("LANG", "nl_NL.UTF-8".to_owned())];
    let mut terminal = with(&bench, &dutch, &[]);
    terminal.until_text("8.615,00");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);

    let file = bench.directory.path().join("config.toml");
    fs::write(&file, "locale = \"iso\"\n").unwrap();
    let file = file.to_str().unwrap();
    let mut terminal = with(&bench, &dutch, &["--config", file]);
    terminal.until_text("8615.00");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);

    let more = ["--config", file, "--locale", "de_CH"];
    let mut terminal = with(&bench, &dutch, &more);
    terminal.until_text("8’615.00");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}
