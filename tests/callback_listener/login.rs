//! One login that waits for its redirect.

// Each test binary takes what it needs of this.
#![allow(dead_code)]

use bunq_tui::callback::{Gate, Listener, Redirected, State};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use url::Url;

use super::pinned::Pinned;

/// What is spoken on the port.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Speaks {
    Http,
    Tls,
}

pub(crate) struct Login {
    pub(crate) port: u16,
    pub(crate) state: String,
    pub(crate) gate: Gate,
    pub(crate) waiting: JoinHandle<Redirected>,
    /// Where TLS is spoken, who takes its certificate.
    pub(crate) tls: Option<Pinned>,
}

impl Login {
    pub(crate) async fn start() -> Self {
        Self::speaking(Speaks::Http).await
    }

    pub(crate) async fn speaking(speaks: Speaks) -> Self {
        let (scheme, is_tls) = match speaks {
            Speaks::Http => ("http", false),
            Speaks::Tls => ("https", true),
        };
        let any = Url::parse(&format!("{scheme}://localhost:0/callback")).unwrap();
        let mut listener = Listener::bind(&any).await.unwrap();
        let tls = is_tls.then(|| {
            let now = jiff::Timestamp::now();
            Pinned::to(listener.speak_tls(now, None).unwrap())
        });
        let port = listener.port();
        let url = Url::parse(&format!("{scheme}://localhost:{port}/callback")).unwrap();
        let state = State::generate().unwrap();
        let gate = Gate::new(&url, &state);
        let waiting = tokio::spawn(listener.wait(gate.clone()));
        Self {
            port,
            state: state.as_str().to_owned(),
            gate,
            waiting,
            tls,
        }
    }

    /// Fills in `PORT` and `STATE`.
    pub(crate) fn fill(&self, text: &str) -> String {
        text.replace("PORT", &self.port.to_string())
            .replace("STATE", &self.state)
    }

    pub(crate) async fn send(&self, text: &str) -> String {
        self.send_to("127.0.0.1", self.fill(text).as_bytes(), false)
            .await
    }

    /// Sends bytes to one of our addresses, then closes the sending side where nothing more comes.
    pub(crate) async fn send_to(&self, address: &str, bytes: &[u8], ends: bool) -> String {
        let stream = TcpStream::connect((address, self.port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        match &self.tls {
            Some(pinned) => {
                let stream = pinned.connect(stream).await.unwrap();
                exchange_on(stream, bytes, ends).await
            }
            None => exchange_on(stream, bytes, ends).await,
        }
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

async fn exchange_on(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    bytes: &[u8],
    ends: bool,
) -> String {
    // The other end may have answered and closed before all was sent.
    drop(stream.write_all(bytes).await);
    if ends {
        drop(stream.shutdown().await);
    }
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).into_owned()
}
