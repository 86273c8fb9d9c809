//! The listener over real sockets: what is not the redirect changes nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

#[path = "callback_listener/closed.rs"]
mod closed;
#[path = "callback_listener/hostile.rs"]
mod hostile;
#[path = "callback_listener/login.rs"]
mod login;
#[path = "callback_listener/pinned.rs"]
mod pinned;
#[path = "callback_listener/tables.rs"]
mod tables;
#[path = "callback_listener/turned_away.rs"]
mod turned_away;

use std::time::Duration;

use bunq_tui::base::{Problem, Secret};
use bunq_tui::callback::{BindError, Listener, Redirected, free_port};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use login::{Login, TRUE};

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    answer.lines().find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then_some(value)
    })
}

#[tokio::test]
async fn the_redirect_is_caught_and_the_page_is_shown() {
    let login = Login::start().await;
    let answer = login
        .send(
            "GET /callback?state=STATE&code=C0de HTTP/1.1\r\nHost: localhost:PORT\r\n\
             Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Site: cross-site\r\n\
             Referer: https://oauth.bunq.com/\r\n\r\n",
        )
        .await;
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    assert_eq!(header(&answer, "location"), Some("/done"));
    assert!(!answer.contains("C0de") && !answer.contains(&login.state));
    let page = login
        .send("GET /done HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n")
        .await;
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    assert!(page.contains("Back to your terminal"));
    for answer in [&answer, &page] {
        for (name, value) in [
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("connection", "close"),
        ] {
            assert_eq!(header(answer, name), Some(value), "{name}");
        }
        let policy = header(answer, "content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
        assert_eq!(header(answer, "access-control-allow-origin"), None);
    }
    assert_eq!(
        login.waiting.await.unwrap(),
        Redirected::Code(Secret::new("C0de"))
    );
    // Once the page was fetched, the port is given back.
    while TcpStream::connect(("127.0.0.1", login.port)).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_that_never_ends_is_cut_off() {
    let login = Login::start().await;
    let mut stream = TcpStream::connect(("127.0.0.1", login.port)).await.unwrap();
    stream
        .write_all(b"GET /callback HTTP/1.1\r\n")
        .await
        .unwrap();
    let began = tokio::time::Instant::now();
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    let took = began.elapsed();
    assert!(took <= Duration::from_secs(6), "{took:?}");
    assert!(!String::from_utf8_lossy(&answer).contains("303"));
    login.waiting.abort();
}

#[tokio::test]
async fn declining_and_refusals_are_told() {
    let login = Login::start().await;
    let answer = login
        .send("GET /callback?error=access_denied&error_description=%3Cb%3Ecall&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n")
        .await;
    assert!(answer.starts_with("HTTP/1.1 303 "));
    assert!(!answer.contains("call"));
    assert_eq!(login.waiting.await.unwrap(), Redirected::Denied);

    let login = Login::start().await;
    login
        .send("GET /callback?error=server_error&state=STATE HTTP/1.1\r\nHost: [::1]:PORT\r\n\r\n")
        .await;
    assert!(matches!(
        login.waiting.await.unwrap(),
        Redirected::Failed(words) if words.contains("server_error")
    ));
}

#[tokio::test]
async fn a_pasted_address_closes_the_gate_for_the_listener() {
    let login = Login::start().await;
    let pasted = login.fill("http://localhost:PORT/callback?code=C0de&state=STATE");
    assert!(login.gate.paste(&pasted).is_ok());
    assert!(login.send(TRUE).await.starts_with("HTTP/1.1 400 "));
    login.strays(1).await;
    assert!(!login.waiting.is_finished());
    login.waiting.abort();
}

#[tokio::test]
async fn a_taken_port_is_refused_on_either_address() {
    for taken in ["127.0.0.1", "::1", "0.0.0.0"] {
        let Ok(other) = TcpListener::bind((taken, 0)).await else {
            continue; // no IPv6 here
        };
        let port = other.local_addr().unwrap().port();
        let url = Url::parse(&format!("http://localhost:{port}/callback")).unwrap();
        let error = Listener::bind(&url).await.unwrap_err();
        let BindError::PortTaken { port: told, by } = &error else {
            panic!("{taken}: {error:?}")
        };
        assert_eq!(*told, port);
        if cfg!(target_os = "linux") {
            let own = format!("(process {})", std::process::id());
            assert!(by.as_ref().unwrap().ends_with(&own), "{by:?}");
        }
        let problem = Problem::from(error);
        assert!(problem.next.contains("--callback-url"));
        drop(other);
        Listener::bind(&url).await.unwrap();
    }
}

#[tokio::test]
async fn only_plain_http_to_this_machine_is_listened_for() {
    for url in [
        "ftp://localhost:0/callback",
        "http://example.com:0/callback",
        "https://example.com:0/callback",
        "http://0.0.0.0:0/callback",
        "http://127.0.0.2:0/callback",
        "http://localhost.example.com:0/callback",
    ] {
        let error = Listener::bind(&Url::parse(url).unwrap()).await.unwrap_err();
        assert_eq!(error, BindError::NotLoopback, "{url}");
    }
}

#[tokio::test]
async fn dropping_the_wait_closes_the_port() {
    let login = Login::start().await;
    let idle = TcpStream::connect(("127.0.0.1", login.port)).await.unwrap();
    assert!(
        login
            .send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .contains("400")
    );
    login.waiting.abort();
    assert!(login.waiting.await.unwrap_err().is_cancelled());
    assert!(TcpStream::connect(("127.0.0.1", login.port)).await.is_err());
    let url = Url::parse(&format!("http://localhost:{}/callback", login.port)).unwrap();
    Listener::bind(&url).await.unwrap();
    drop(idle);
}

#[tokio::test]
async fn the_next_login_takes_the_port_of_the_one_before_at_once() {
    let login = Login::start().await;
    assert!(login.send(TRUE).await.starts_with("HTTP/1.1 303 "));
    login.waiting.await.unwrap();
    let url = Url::parse(&format!("http://localhost:{}/callback", login.port)).unwrap();
    Listener::bind(&url).await.unwrap();
}

#[tokio::test]
async fn both_addresses_of_localhost_lead_to_the_listener() {
    let login = Login::start().await;
    if let Ok(mut stream) = TcpStream::connect(("::1", login.port)).await {
        let request = login.fill(TRUE).replace("localhost", "[::1]");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
        login.waiting.await.unwrap();
    }
    let port = free_port().await.unwrap();
    let url = Url::parse(&format!("http://localhost:{port}/callback")).unwrap();
    assert_eq!(Listener::bind(&url).await.unwrap().port(), port);
}
