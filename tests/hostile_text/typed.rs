//! What is typed on the command line comes back in messages, and is no cleaner than the bank.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use crate::common::Bench;
use crate::pty::Pty;
use crate::strings::texts;
use crate::sweep::faults;
use crate::transcript;

/// Every how many texts one is typed.
const STRIDE: usize = 6;

#[test]
fn nothing_that_was_typed_steers_the_terminal() {
    let bench = Bench::new("http://127.0.0.1:9");
    let (mut runs, mut wrong) = (0, Vec::new());
    let typed = texts().into_iter().step_by(STRIDE);
    for text in typed.filter(|text| !text.contains('\0') && text.len() < 4000) {
        // Under a file, no directory can be made.
        let place = bench.key_file().join(&text);
        let place = place.to_str().unwrap();
        for arguments in [
            ["users", "--log", place],
            ["users", "--key-file", &text],
            ["users", "--data-dir", place],
            ["users", "--profile", &text],
            ["users", "--environment", &text],
            ["users", "--callback-url", &text],
            ["setup", "--api-key-file", place],
            ["accounts", &text, "--stored"],
        ] {
            let ran = bench.bare(&arguments);
            assert_ne!(ran.code, 0, "{arguments:?}: {}", ran.stdout);
            let found = faults(&(ran.stdout + &ran.stderr));
            if !found.is_empty() {
                wrong.push(format!("{arguments:?}: {found:?} in {:?}", ran.stderr));
            }
            runs += 1;
        }
    }
    println!(
        "{runs} runs with something hostile typed: {} violations",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_directory_by_any_name_is_wiped_in_clean_words() {
    let bench = Bench::new("http://127.0.0.1:9");
    let mut runs = 0;
    let fits = |text: &String| !text.contains(['\0', '/']) && (1..200).contains(&text.len());
    for text in texts().into_iter().filter(fits).step_by(STRIDE) {
        let place = bench.directory.path().join(format!("named {text}"));
        std::fs::create_dir(&place).unwrap();
        std::fs::write(place.join("state.toml"), "environment = \"demo\"").unwrap();
        let ran = bench.bare(&["wipe", "--yes", "--data-dir", place.to_str().unwrap()]);
        let printed = ran.stdout + &ran.stderr;
        assert!(printed.contains("named"), "{text:?}: {printed}");
        assert_eq!(faults(&printed), [""; 0], "{text:?}: {printed:?}");
        runs += 1;
    }
    assert!(runs > 30, "{runs}");
}

#[test]
fn names_that_are_no_text_are_shown_as_replaced() {
    let bench = Bench::new("http://127.0.0.1:9");
    let mut command = bench.command(&["users"]);
    command
        .arg("--log")
        .arg(OsString::from_vec(b"/nowhere/\xff\x9b31m\x1b[2J".to_vec()));
    let (written, code) = Pty::run(&command).ended();
    assert_eq!(code, 2);
    let seen = transcript::of_command(&written);
    assert!(seen.wrong.is_empty(), "{seen:?}");
    assert!(seen.bytes > 20, "{seen:?}");
}
