//! Leaving while an exchange runs: the code is spent, so the token must be kept first.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use bunq_tui::simulator::{Fault, FaultKind, Options, Simulator};
use rstest::rstest;
use rustix::process::Signal;

use crate::common::Bench;
use crate::terminal::{PATIENCE, Terminal, decoded};

/// How a person, or their machine, ends the program.
#[derive(Clone, Copy, Debug)]
enum Way {
    Key(&'static str),
    Signal(Signal),
    /// The terminal's window is closed.
    Closed,
}

/// The screens in the middle of an exchange whose answer takes so long.
async fn exchanging(delay: Duration) -> (Simulator, Bench, Terminal) {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let bench = Bench::new(&simulator.root());
    let ran = bench.run(&["setup", "--person"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // What is slow is the call after the code was spent.
    simulator.set_fault(Fault {
        endpoint: "POST session-server".into(),
        nth: Some(1),
        kind: FaultKind::Delay(delay),
    });
    let mut terminal = Terminal::of(&bench, 120, 40);
    terminal.until_text("sers 1");
    terminal.press("n");
    let address = terminal.until("the code", decoded);
    let sessions = asked_for_sessions(&simulator);
    follow(&simulator.approve(&address).unwrap());
    let end = Instant::now() + PATIENCE;
    while asked_for_sessions(&simulator) == sessions {
        assert!(Instant::now() < end, "no exchange began");
        std::thread::yield_now();
    }
    (simulator, bench, terminal)
}

fn asked_for_sessions(simulator: &Simulator) -> usize {
    let calls = simulator.calls();
    let asked = calls
        .iter()
        .filter(|call| call.method == "POST" && call.path.ends_with("session-server"));
    asked.count()
}

/// Follows a redirect as a browser would.
fn follow(redirect: &str) {
    let rest = redirect.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
}

#[rstest]
#[case(Way::Key("q"), 0)]
#[case(Way::Key("\u{3}"), 0)]
#[case(Way::Signal(Signal::TERM), 143)]
#[case(Way::Signal(Signal::HUP), 129)]
#[case(Way::Closed, 129)]
#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_is_finished_on_every_way_out(#[case] way: Way, #[case] code: u32) {
    let (_simulator, bench, mut terminal) = exchanging(Duration::from_millis(800)).await;
    let ended = match way {
        Way::Key(keys) => {
            terminal.press(keys);
            terminal.until_text("Finishing the exchange first");
            terminal.ended()
        }
        Way::Signal(signal) => {
            terminal.signal(signal);
            terminal.until_text("Finishing the exchange first");
            terminal.ended()
        }
        Way::Closed => terminal.closed(),
    };
    assert_eq!(ended, code, "{way:?}");
    let users = bench.json(&["users", "--format", "json"]);
    let numbers: Vec<_> = users.as_array().unwrap().iter().collect();
    assert_eq!(numbers.len(), 2, "{way:?}: {users}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_ctrl_c_forces() {
    let (_simulator, bench, mut terminal) = exchanging(Duration::from_secs(600)).await;
    terminal.press("\u{3}");
    terminal.until_text("Ctrl-C once more");
    terminal.press("\u{3}");
    assert_eq!(terminal.ended(), 130);
    let users = bench.json(&["users", "--format", "json"]);
    assert_eq!(users.as_array().unwrap().len(), 1, "{users}");
}
