//! One login that waits for its redirect.

// Each test binary takes what it needs of this.
#![allow(dead_code)]

use bunq_tui::callback::{Gate, Listener, Redirected, State};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use url::Url;

pub(crate) struct Login {
    pub(crate) port: u16,
    pub(crate) state: String,
    pub(crate) gate: Gate,
    pub(crate) waiting: JoinHandle<Redirected>,
}

impl Login {
    pub(crate) async fn start() -> Self {
        let any = Url::parse("http://localhost:0/callback").unwrap();
        let listener = Listener::bind(&any).await.unwrap();
        let port = listener.port();
        let url = Url::parse(&format!("http://localhost:{port}/callback")).unwrap();
        let state = State::generate().unwrap();
        let gate = Gate::new(&url, &state);
        let waiting = tokio::spawn(listener.wait(gate.clone()));
        Self {
            port,
            state: state.as_str().to_owned(),
            gate,
            waiting,
        }
    }

    /// Fills in `PORT` and `STATE`.
    pub(crate) fn fill(&self, text: &str) -> String {
        text.replace("PORT", &self.port.to_string())
            .replace("STATE", &self.state)
    }

    pub(crate) async fn send(&self, text: &str) -> String {
        exchange(self.port, self.fill(text).as_bytes()).await
    }

    pub(crate) async fn strays(&self, wanted: u64) {
        let mut strays = self.gate.subscribe();
        strays.wait_for(|count| *count >= wanted).await.unwrap();
        assert_eq!(self.gate.strays(), wanted);
    }
}

pub(crate) const TRUE: &str =
    "GET /callback?code=C0de&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n";

pub(crate) async fn exchange(port: u16, bytes: &[u8]) -> String {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    exchange_on(stream, bytes, false).await
}

pub(crate) async fn exchange_on(mut stream: TcpStream, bytes: &[u8], ends: bool) -> String {
    // The other end may have answered and closed before all was sent.
    drop(stream.write_all(bytes).await);
    if ends {
        drop(stream.shutdown().await);
    }
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).into_owned()
}
