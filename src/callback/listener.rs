//! The server that waits for one request and turns all others away.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use url::Url;

use super::gate::is_loopback;
use super::port::Loopback;
use super::request::{Verdict, judge};
use super::tls::{self, Certificate, Spoken};
use super::{BindError, Gate, Redirected};
use crate::base::Problem;

/// Most bytes of a request's head; also all that is ever buffered of a connection.
const LONGEST_HEAD: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;
const MOST_CONNECTIONS: usize = 64;
const HEAD_TIME: Duration = Duration::from_secs(5);
const CONNECTION_TIME: Duration = Duration::from_secs(10);
/// How long the page is still served after the redirect: within two seconds all is closed, also
/// on a busy machine.
const DONE_TIME: Duration = Duration::from_millis(1_500);
/// A pause after the machine could not give us a connection, for example for want of handles.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The ports that still serve the page of the login before; a new login on one ends that.
static LINGERING: Mutex<Option<HashMap<u16, JoinHandle<()>>>> = Mutex::new(None);

/// A bound port that waits for the redirect. It is closed when it is dropped.
#[derive(Debug)]
pub struct Listener {
    loopback: Loopback,
    certificate: Option<Certificate>,
}

impl Listener {
    /// Binds the port of the callback URL on 127.0.0.1 and on `[::1]`; port 0 takes a free one.
    ///
    /// # Errors
    /// When the URL is no http or https address of this machine, or either address is taken.
    pub async fn bind(callback_url: &Url) -> Result<Self, BindError> {
        let port = match callback_url.scheme() {
            "http" | "https" if is_loopback(callback_url) => callback_url.port_or_known_default(),
            _ => None,
        };
        let port = port.ok_or(BindError::NotLoopback)?;
        if let Some(lingering) = take_lingering(port) {
            lingering.abort();
            // Its answer does not matter; only that its sockets are closed.
            drop(lingering.await);
        }
        Ok(Self {
            loopback: Loopback::bind(port).await?,
            certificate: None,
        })
    }

    /// Binds the port on this address of the machine too, so that others on its network reach it.
    ///
    /// # Errors
    /// When the address is not this machine's, or the port is taken there.
    pub async fn reach(&mut self, address: IpAddr) -> Result<(), BindError> {
        self.loopback.reach(address).await
    }

    /// Speaks TLS from now on, with a certificate made at this moment; answers its fingerprint.
    /// The certificate is good for a day and for the addresses of loopback, and for `address`.
    ///
    /// # Errors
    /// When the certificate cannot be made.
    pub fn speak_tls(
        &mut self,
        now: jiff::Timestamp,
        address: Option<IpAddr>,
    ) -> Result<String, Problem> {
        let certificate = Certificate::make(now, address)?;
        let fingerprint = certificate.fingerprint.clone();
        self.certificate = Some(certificate);
        Ok(fingerprint)
    }

    /// The port that was bound.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.loopback.port
    }

    /// Serves until the gate admits a request. The gate's callback URL names the path. For a
    /// moment more, or until it was fetched, the page after the redirect is served.
    ///
    /// Dropping the future closes the port at once.
    pub async fn wait(self, gate: Gate) -> Redirected {
        let (admitted, mut answer) = mpsc::channel(1);
        let mut server = Server {
            loopback: self.loopback,
            certificate: self.certificate,
            gate,
            admitted,
            connections: JoinSet::new(),
            open: VecDeque::new(),
            seen_done: false,
        };
        let redirected = loop {
            tokio::select! {
                biased;
                Some(redirected) = answer.recv() => break redirected,
                () = server.step() => {}
            }
        };
        linger(server);
        redirected
    }
}

/// Waits until the browsers of ended logins got their page, a moment at most each: for a
/// program that is about to end.
pub async fn browser_answered() {
    let tasks: Vec<_> = {
        let mut all = LINGERING.lock().unwrap_or_else(PoisonError::into_inner);
        all.take().into_iter().flatten().collect()
    };
    for (_, task) in tasks {
        // One that was aborted has answered all it will.
        let _ = task.await;
    }
}

fn take_lingering(port: u16) -> Option<JoinHandle<()>> {
    let mut all = LINGERING.lock().unwrap_or_else(PoisonError::into_inner);
    all.as_mut()?.remove(&port)
}

fn linger(mut server: Server) {
    let port = server.loopback.port;
    let mut all = LINGERING.lock().unwrap_or_else(PoisonError::into_inner);
    let all = all.get_or_insert_default();
    all.retain(|_, task| !task.is_finished());
    let task = tokio::spawn(async move {
        let serve = async {
            while !server.seen_done {
                server.step().await;
            }
        };
        // Either way the port is closed now.
        drop(tokio::time::timeout(DONE_TIME, serve).await);
    });
    all.insert(port, task);
}

struct Server {
    loopback: Loopback,
    certificate: Option<Certificate>,
    gate: Gate,
    admitted: mpsc::Sender<Redirected>,
    /// Each ends with whether it served the page.
    connections: JoinSet<bool>,
    /// The same, oldest first.
    open: VecDeque<Connection>,
    seen_done: bool,
}

struct Connection {
    task: AbortHandle,
    /// Whether the head of its request is complete.
    has_head: Arc<AtomicBool>,
}

impl Server {
    /// Takes one connection, or clears one away that ended. Can be dropped at any point.
    async fn step(&mut self) {
        tokio::select! {
            accepted = self.loopback.accept() => match accepted {
                Ok(stream) => {
                    // Only faster: a handshake goes back and forth in small pieces.
                    drop(stream.set_nodelay(true));
                    self.take(stream);
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(ended) = self.connections.join_next() => {
                self.open.retain(|connection| !connection.task.is_finished());
                self.seen_done |= ended.unwrap_or(false);
            }
        }
    }

    fn take(&mut self, stream: TcpStream) {
        self.open
            .retain(|connection| !connection.task.is_finished());
        if self.open.len() >= MOST_CONNECTIONS && !self.close_oldest() {
            return;
        }
        let has_head = Arc::new(AtomicBool::new(false));
        let task = self.connections.spawn(serve(
            stream,
            self.certificate.clone(),
            Service {
                port: self.loopback.port,
                gate: self.gate.clone(),
                admitted: self.admitted.clone(),
                has_head: Arc::clone(&has_head),
            },
        ));
        self.open.push_back(Connection { task, has_head });
    }

    /// Makes room by closing the oldest connection that sent no complete head.
    fn close_oldest(&mut self) -> bool {
        let oldest = self
            .open
            .iter()
            .position(|connection| !connection.has_head.load(Ordering::Acquire));
        match oldest.and_then(|place| self.open.remove(place)) {
            Some(connection) => {
                connection.task.abort();
                true
            }
            None => false,
        }
    }
}

/// What a connection is served with.
struct Service {
    port: u16,
    gate: Gate,
    admitted: mpsc::Sender<Redirected>,
    has_head: Arc<AtomicBool>,
}

/// Serves the one request of a connection, after the handshake where TLS is spoken: both within
/// the time of a connection. True when that was the page.
async fn serve(stream: TcpStream, certificate: Option<Certificate>, service: Service) -> bool {
    let served = async {
        let Some(certificate) = certificate else {
            return service.serve(stream).await;
        };
        // The handshake counts as a part of the head: it is all that comes before a request.
        let spoken = tokio::time::timeout(HEAD_TIME, tls::shake_hands(&certificate, stream)).await;
        match spoken {
            Ok(Spoken::Tls(stream)) => service.serve(*stream).await,
            Ok(Spoken::Other) => {
                service.gate.count_stray();
                false
            }
            Ok(Spoken::Nothing) | Err(_) => false,
        }
    };
    tokio::time::timeout(CONNECTION_TIME, served)
        .await
        .unwrap_or(false)
}

impl Service {
    async fn serve(&self, stream: impl AsyncRead + AsyncWrite + Unpin) -> bool {
        let seen_done = AtomicBool::new(false);
        let answer = service_fn(|request: Request<Incoming>| {
            self.has_head.store(true, Ordering::Release);
            let (head, _) = request.into_parts();
            let verdict = judge(&head, self.port, &self.gate);
            let answer = verdict.answer();
            match verdict {
                // The gate opens once, so there is room for what it admits.
                Verdict::Admitted(redirected) => drop(self.admitted.try_send(redirected)),
                Verdict::Done => seen_done.store(true, Ordering::Release),
                Verdict::Stray(_) => self.gate.count_stray(),
                Verdict::Habit => {}
            }
            std::future::ready(Ok::<_, Infallible>(answer))
        });
        let ended = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_headers(MOST_HEADERS)
            .max_header_size(LONGEST_HEAD)
            .max_buf_size(LONGEST_HEAD)
            .keep_alive(false)
            .serve_connection(TokioIo::new(stream), answer)
            .await;
        if matches!(&ended, Err(error) if error.is_parse()) {
            self.gate.count_stray();
        }
        seen_done.load(Ordering::Acquire)
    }
}
