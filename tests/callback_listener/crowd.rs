//! A thousand connections that send nothing, or slowly, or too much.

use std::fs;
use std::time::{Duration, Instant};

use bunq_tui::base::Secret;
use bunq_tui::callback::Redirected;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::{Login, TRUE};

const CROWD: usize = 1_000;
/// Within this the true callback is answered.
const ANSWERED: Duration = Duration::from_millis(250);
/// Tries on a machine that may be busy with something else; the best counts.
const TRIES: usize = 5;
/// Most memory that the listener and the crowd's own ends may take, in KiB.
const GROWTH: u64 = 10 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_idle_and_slow_connections_hold_nothing_up() {
    raise_handles();
    // The first one warms up: threads, pages of the allocator.
    one_login().await;
    let before = resident();
    let mut best = Duration::MAX;
    for _ in 0..TRIES {
        best = best.min(one_login().await);
        if best <= ANSWERED {
            break;
        }
    }
    let growth = before
        .zip(resident())
        .map(|(before, after)| after.saturating_sub(before));
    println!(
        "{CROWD} connections: the true callback was answered in {best:?}; {growth:?} KiB more"
    );
    assert!(best <= ANSWERED, "{best:?}");
    assert!(growth.unwrap_or(0) <= GROWTH, "{growth:?} KiB");
}

/// How long the true callback takes, from its connection to its answer.
async fn one_login() -> Duration {
    let login = Login::start().await;
    let mut crowd = Vec::new();
    for number in 0..CROWD {
        crowd.push(member(&login, number).await);
    }
    let began = Instant::now();
    let answer = login.send(TRUE).await;
    let took = began.elapsed();
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    assert_eq!(
        login.waiting.await.unwrap(),
        Redirected::Code(Secret::new("C0de"))
    );
    for member in crowd {
        member.abort();
    }
    took
}

/// One of the crowd, which keeps its connection.
async fn member(login: &Login, number: usize) -> JoinHandle<()> {
    let head = login.fill("GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n");
    let mut stream = TcpStream::connect(("127.0.0.1", login.port)).await.unwrap();
    tokio::spawn(async move {
        // Whether any of it arrives does not matter: the listener may have closed by then.
        match number % 6 {
            0 => {}
            1 => {
                for byte in head.bytes() {
                    if stream.write_all(&[byte]).await.is_err() {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            2 => {
                drop(stream.write_all(head.as_bytes()).await);
                drop(stream.shutdown().await);
            }
            3 => drop(stream.write_all("x".repeat(20_000).as_bytes()).await),
            4 => {
                let line = format!("{head}A: {}", "x".repeat(12_000));
                drop(stream.write_all(line.as_bytes()).await);
            }
            // A whole head, and a body that never comes.
            _ => {
                let whole = format!("{head}Content-Length: 1000000\r\n\r\n");
                drop(stream.write_all(whole.as_bytes()).await);
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
