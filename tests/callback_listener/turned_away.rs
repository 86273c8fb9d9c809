//! Hostile callbacks and replays: none is taken, none ends the login, and the true one wins.

use std::collections::HashSet;

use bunq_tui::base::Secret;
use bunq_tui::callback::{Redirected, State};
use tokio::net::TcpStream;

use super::hostile;
use super::login::{Login, Speaks, TRUE, exchange};

/// How many distinct ones the table has at least.
const HOSTILE: usize = 500;
const REPLAYS: usize = 1_000;
const AT_ONCE: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_hostile_callback_is_taken_and_the_true_one_wins() {
    let old = State::generate().unwrap().as_str().to_owned();
    for (address, speaks) in [
        ("127.0.0.1", Speaks::Http),
        ("::1", Speaks::Http),
        ("127.0.0.1", Speaks::Tls),
    ] {
        let login = Login::speaking(speaks).await;
        if TcpStream::connect((address, login.port)).await.is_err() {
            println!("{address}: this machine has no IPv6");
            continue;
        }
        let mut distinct = HashSet::new();
        for case in hostile::all(&login.state, &old) {
            let bytes = fill(&case.bytes, &login);
            let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).into_owned();
            let answer = login.send_to(address, &bytes, case.ends).await;
            let begins = ["HTTP/1.1", "HTTP/1.0"]
                .iter()
                .any(|version| answer.starts_with(&format!("{version} {}", case.status)));
            let ended = case.status.is_empty() && answer.is_empty();
            assert!(begins || ended, "{shown}\ngave {answer}");
            assert!(
                !answer.contains(" 303 ") && !answer.contains(" 200 "),
                "{shown}\ngave {answer}"
            );
            // Nothing of the request comes back.
            assert!(!answer.contains(&login.state), "{shown}");
            assert!(!answer.contains("evil"), "{shown}");
            assert!(!login.waiting.is_finished(), "{shown}");
            distinct.insert(bytes);
        }
        println!(
            "{} distinct hostile callbacks on {address} by {speaks:?}: 0 accepted",
            distinct.len()
        );
        assert!(distinct.len() >= HOSTILE, "{}", distinct.len());
        let counted = login.gate.strays();
        // Those that just break off are no requests; all others are told to the person.
        assert!(counted >= HOSTILE as u64, "{counted}");
        let answer = login
            .send_to(address, login.fill(TRUE).as_bytes(), false)
            .await;
        assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
        assert_eq!(
            login.waiting.await.unwrap(),
            Redirected::Code(Secret::new("C0de"))
        );
    }
}

#[tokio::test]
async fn a_habit_of_browsers_is_no_attack() {
    let login = Login::start().await;
    let icon = login
        .send("GET /favicon.ico HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n")
        .await;
    assert!(icon.starts_with("HTTP/1.1 404 "));
    assert_eq!(login.gate.strays(), 0);
    login
        .send("GET /robots.txt HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n")
        .await;
    login.strays(1).await;
    login.waiting.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_replays_64_at_once_none_is_taken() {
    // Pasted, so that the listener stays for all of them.
    let login = Login::start().await;
    let pasted = login.fill("http://localhost:PORT/callback?code=C0de&state=STATE");
    assert!(login.gate.paste(&pasted).is_ok());
    let (sent, taken) = send_true(&login, REPLAYS).await;
    println!("{sent} replays, {AT_ONCE} at once: {taken} accepted");
    assert_eq!(taken, 0);
    assert_eq!(login.gate.strays(), REPLAYS as u64);
    assert!(!login.waiting.is_finished());
    login.waiting.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_at_once_one_is_taken() {
    let login = Login::start().await;
    let (_, taken) = send_true(&login, AT_ONCE).await;
    assert_eq!(taken, 1);
    assert_eq!(
        login.waiting.await.unwrap(),
        Redirected::Code(Secret::new("C0de"))
    );
}

/// Sends the true request so often, and counts how often it was taken.
async fn send_true(login: &Login, times: usize) -> (usize, usize) {
    let request = login.fill(TRUE);
    let (mut sent, mut taken) = (0, 0);
    while sent < times {
        let tasks: Vec<_> = (sent..times)
            .take(AT_ONCE)
            .map(|_| {
                let (request, port) = (request.clone(), login.port);
                tokio::spawn(async move { exchange(port, request.as_bytes()).await })
            })
            .collect();
        for task in tasks {
            sent += 1;
            taken += usize::from(task.await.unwrap().starts_with("HTTP/1.1 303 "));
        }
    }
    (sent, taken)
}

/// Fills in `PORT` and `STATE`, also in what is no text.
fn fill(bytes: &[u8], login: &Login) -> Vec<u8> {
    let mut filled = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(b"PORT") {
            filled.extend_from_slice(login.port.to_string().as_bytes());
            rest = after;
        } else if let Some(after) = rest.strip_prefix(b"STATE") {
            filled.extend_from_slice(login.state.as_bytes());
            rest = after;
        } else {
            filled.push(rest[0]);
            rest = &rest[1..];
        }
    }
    filled
}
