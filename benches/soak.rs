//! Ten minutes of the screens against a bank on its bad days: `cargo bench --bench soak`, for as
//! many seconds as `BUNQ_TUI_SOAK_SECONDS` says. Prints memory, descriptors and threads of the real
//! binary once a minute, and fails when they grow.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::fs;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

use bunq_tui::simulator::{Fault, FaultKind, Options, Simulator};
use common::Bench;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use tokio::runtime::Runtime;

/// What it ends with is held against what it had then.
const WARM: Duration = Duration::from_secs(60);
/// Everything that a person does often: reading anew, moving about, details, the log, the doctor.
const KEYS: [&str; 12] = [
    "3", "R", "j", "\t", "R", "\r", "\u{1b}", "5", "\r", "\u{1b}", "6", "R",
];
const ACCOUNTS: &str = "GET user/{}/monetary-account";

/// What a process holds.
#[derive(Debug)]
struct Held {
    kib: u64,
    descriptors: usize,
    threads: usize,
}

impl Held {
    fn by(process: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        let count = |what: &str| {
            fs::read_dir(format!("/proc/{process}/{what}"))
                .unwrap()
                .count()
        };
        Self {
            kib: line.split_whitespace().nth(1).unwrap().parse().unwrap(),
            descriptors: count("fd"),
            threads: count("task"),
        }
    }
}

/// One bad day after another; every third is a good one.
fn fault(turn: u64) -> Option<FaultKind> {
    Some(match turn % 12 {
        0 => FaultKind::Reset,
        1 => FaultKind::Html502,
        3 => FaultKind::Truncate,
        4 => FaultKind::WrongSignature,
        6 => FaultKind::DeadSession401,
        7 => FaultKind::InvalidJson,
        9 => FaultKind::Maintenance491,
        10 => FaultKind::MissingSignature,
        _ => return None,
    })
}

fn main() {
    let seconds = std::env::var("BUNQ_TUI_SOAK_SECONDS").ok();
    let whole = Duration::from_secs(seconds.map_or(600, |text| text.parse().unwrap()));
    let runtime = Runtime::new().unwrap();
    let (simulator, bench) = runtime.block_on(async {
        let options = Options {
            auto_approve: true,
            ..Options::default()
        };
        let simulator = Simulator::start(options).await.unwrap();
        let bench = Bench::new(&simulator.root());
        assert_eq!(bench.run(&["setup", "--person"]).code, 0);
        common::connect(&bench, &["connect", "--format", "json"]).await;
        (simulator, bench)
    });

    let pair = native_pty_system()
        .openpty(PtySize {
            rows: 40,
            cols: 120,
            pixel_width: 0,
            pixel_height: 0,
        })
        .unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_bunq-tui"));
    command.env_clear();
    command.env("TERM", "xterm-256color");
    command.env("HOME", bench.directory.path());
    for argument in bench.command(&[]).get_args() {
        command.arg(argument);
    }
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    std::thread::spawn(move || while reader.read(&mut [0; 65_536]).is_ok_and(|read| read > 0) {});
    let mut keys = pair.master.take_writer().unwrap();
    let process = child.process_id().unwrap();

    let began = Instant::now();
    let (mut turn, mut warm, mut told) = (0_u64, None, 0);
    while began.elapsed() < whole {
        simulator.clear_faults();
        if let Some(kind) = fault(turn / 4) {
            simulator.set_fault(Fault {
                endpoint: ACCOUNTS.into(),
                nth: None,
                kind,
            });
        }
        let key = KEYS[usize::try_from(turn).unwrap() % KEYS.len()];
        keys.write_all(key.as_bytes()).unwrap();
        turn += 1;
        std::thread::sleep(Duration::from_millis(50));
        let minute = began.elapsed().as_secs() / 60;
        if minute > told {
            told = minute;
            println!(
                "minute {minute}: {:?}, {} calls",
                Held::by(process),
                simulator.calls_total()
            );
        }
        if warm.is_none() && began.elapsed() >= WARM {
            warm = Some(Held::by(process));
        }
    }
    let (warm, end) = (warm.expect("more than a minute"), Held::by(process));
    let growth = end.kib as f64 / warm.kib as f64 * 100.0 - 100.0;
    println!(
        "{turn} keys, {} calls: memory {growth:+.1} % since the first minute",
        simulator.calls_total()
    );
    assert!(growth < 5.0, "{warm:?} became {end:?}");
    assert!(
        end.descriptors <= warm.descriptors + 2,
        "{warm:?} became {end:?}"
    );
    assert!(end.threads <= warm.threads + 2, "{warm:?} became {end:?}");
    keys.write_all(b"\x03").unwrap();
    assert!(child.wait().unwrap().success());
}
