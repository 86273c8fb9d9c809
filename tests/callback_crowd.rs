//! A thousand connections that send nothing, or slowly, or too much: the true callback is answered
//! all the same, and the memory stays. Alone in its process, whose memory is measured.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "callback_listener/login.rs"]
mod login;
#[path = "callback_listener/pinned.rs"]
mod pinned;

use std::fs;
use std::time::{Duration, Instant};

use bunq_tui::base::Secret;
use bunq_tui::callback::Redirected;
use login::{Login, Speaks, TRUE};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

const CROWD: usize = 1_000;
/// Within this the true callback is answered.
const ANSWERED: Duration = Duration::from_millis(250);
/// Tries, for a machine that may be busy with something else: the best counts.
const TRIES: usize = 5;
/// Most memory that the listener takes for it, in KiB; the crowd's own ends are in it too.
const GROWTH: u64 = 10 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_idle_and_slow_connections_hold_nothing_up() {
    raise_handles();
    for speaks in [Speaks::Http, Speaks::Tls] {
        // Warms up: threads, and what the first request of all allocates.
        one_login(speaks, 0).await;
        let before = resident();
        let mut took = Vec::new();
        let mut most = None;
        for _ in 0..TRIES {
            let (answered, held) = one_login(speaks, CROWD).await;
            took.push(answered);
            most = most.max(held);
        }
        let grown = before
            .zip(most)
            .map(|(before, most)| most.saturating_sub(before));
        println!("{CROWD} connections by {speaks:?}: the true callback was answered in {took:?}");
        println!("most memory above what was there before: {grown:?} KiB");
        let best = took.into_iter().min().unwrap();
        assert!(best <= ANSWERED, "{speaks:?}: {best:?}");
        assert!(grown.unwrap_or(0) <= GROWTH, "{speaks:?}: {grown:?} KiB");
    }
}

/// How long the true callback takes from its connection to its answer, and what memory is held
/// while the crowd is there.
async fn one_login(speaks: Speaks, crowd: usize) -> (Duration, Option<u64>) {
    let login = Login::speaking(speaks).await;
    let mut members = Vec::new();
    for number in 0..crowd {
        members.push(member(&login, number).await);
    }
    let held = resident();
    let began = Instant::now();
    let answer = login.send(TRUE).await;
    let took = began.elapsed();
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    assert_eq!(
        login.waiting.await.unwrap(),
        Redirected::Code(Secret::new("C0de"))
    );
    for member in members {
        member.abort();
    }
    (took, held)
}

/// The head of the largest TLS record, with a hello as long (RFC 8446, sections 5.1 and 4).
const LONG_HELLO: &[u8] = b"\x16\x03\x01\x3f\xff\x01\x00\x3f\xfb";

/// One of the crowd, which keeps its connection.
async fn member(login: &Login, number: usize) -> JoinHandle<()> {
    let head = login.fill("GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n");
    let begin = match &login.tls {
        Some(_) => [LONG_HELLO, head.as_bytes()].concat(),
        None => head.into_bytes(),
    };
    let pinned = login.tls.clone();
    let mut stream = TcpStream::connect(("127.0.0.1", login.port)).await.unwrap();
    tokio::spawn(async move {
        // Whether any of it arrives does not matter: the listener may have closed by then.
        match number % 7 {
            0 => {}
            1 => {
                for byte in begin {
                    if stream.write_all(&[byte]).await.is_err() {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            2 => {
                drop(stream.write_all(&begin).await);
                drop(stream.shutdown().await);
            }
            3 => drop(stream.write_all("x".repeat(20_000).as_bytes()).await),
            4 => drop(
                stream
                    .write_all(&[&begin[..], &[b'x'; 12_000]].concat())
                    .await,
            ),
            // A whole head, and a body that never comes.
            5 => {
                let rest = b"Content-Length: 1000000\r\n\r\n";
                drop(stream.write_all(&[&begin[..], rest].concat()).await);
            }
            // A handshake to its end, and then nothing.
            _ => {
                if let Some(pinned) = pinned {
                    let held = pinned.connect(stream).await;
                    std::future::pending::<()>().await;
                    drop(held);
                }
                return;
            }
        }
        std::future::pending::<()>().await;
    })
}

/// Both ends of each connection are of this process.
fn raise_handles() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = Rlimit {
        current: limit.maximum.or(Some(8_192)).map(|most| most.min(8_192)),
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, wanted).unwrap();
}

/// What this process holds in memory, in KiB, where the machine tells.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
