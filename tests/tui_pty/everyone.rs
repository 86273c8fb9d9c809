//! Several users and profiles, and what could be wrong, against a bank that answers.

use bunq_tui::simulator::{Options, Simulator};

use crate::common::Bench;
use crate::terminal::{Terminal, decoded, selected};

#[test]
fn all_users_of_the_demo_are_brought_up_to_date_and_the_doctor_looks() {
    let mut terminal = Terminal::demo(100, 30, false);
    terminal.until_text("sets it all up");
    terminal.press("s");
    terminal.until("the code", decoded);
    terminal.press("\r");
    terminal.until_text("4118.00");
    terminal.press("n");
    terminal.until("the next code", decoded);
    terminal.press("\r");
    terminal.until_text("Users 2");
    // From the accounts to the users, where R means all of them.
    terminal.press("\u{1b}");
    terminal.until("the users", |screen| {
        selected(screen).filter(|row| !row.contains("NL"))
    });
    terminal.press("R");
    terminal.until_text("2 users are up to date.");
    terminal.press("6");
    terminal.until_text("looked ");
    terminal.until_text("Terminal size");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_profiles_are_listed_and_the_open_one_is_marked() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let bench = Bench::new(&simulator.root());
    let ran = bench.run(&["setup", "--person"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut terminal = Terminal::of(&bench, 100, 30);
    terminal.until_text("sers 1");
    terminal.press("P");
    terminal.until("the open profile", |screen| {
        let text = screen.contents();
        let row = text.lines().find(|line| line.contains("▸ local-"))?;
        (row.contains("127.0.0.1") && row.contains("open")).then_some(())
    });
    terminal.press("\u{1b}");
    // Sent at once, the next key would make an Alt of the Esc.
    terminal.until("the list closed", |screen| {
        (!screen.contents().contains("new profile")).then_some(())
    });
    terminal.press("1");
    // What is stored, not what would be the default.
    terminal.until_text("‹ person ›");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}
