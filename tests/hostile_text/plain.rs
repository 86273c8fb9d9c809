//! The conversation of plain mode with a hostile bank.

use std::io::Write as _;
use std::process::Stdio;

use crate::commands::hostile;
use crate::sweep::faults;

/// Every place where words of the bank are said: users, accounts, a profile, payments, a search.
const TYPED: &str = "1\n1\nrefresh\nprofile\n1\nyes\n1\nsearch\na\u{1b}[31m\u{202e}b\nback\nback\nback\n\
                     2\nfind \u{1b}]0;x\u{7}\n1\nno\nback\n4\n5\n6\nnonsense\u{1b}[2J\nquit\n";

#[tokio::test(flavor = "multi_thread")]
async fn plain_mode_says_nothing_of_it() {
    let (_simulator, bench, mouth) = hostile().await;
    let (mut runs, mut heard) = (0, 0);
    for turn in (0..mouth.texts()).step_by(97) {
        mouth.turn(turn);
        let mut child = bench
            .command(&["--plain"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut keyboard = child.stdin.take().unwrap();
        keyboard.write_all(TYPED.as_bytes()).unwrap();
        drop(keyboard);
        let ended = child.wait_with_output().unwrap();
        for stream in [ended.stdout, ended.stderr] {
            let said = String::from_utf8(stream).unwrap();
            assert_eq!(faults(&said), Vec::<String>::new(), "{turn}: {said:?}");
            heard += usize::from(said.contains("newest first:"));
        }
        assert_eq!(ended.status.code(), Some(0), "{turn}");
        runs += 1;
    }
    assert!(runs > 3 && heard == runs, "{heard} of {runs}");
}
