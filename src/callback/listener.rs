//! The server that waits for one request and turns all others away.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use url::Url;

use super::gate::is_loopback;
use super::port::Loopback;
use super::request::{Verdict, judge};
use super::{BindError, Gate, Redirected};

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
}

impl Listener {
    /// Binds the port of the callback URL on 127.0.0.1 and on `[::1]`; port 0 takes a free one.
    ///
    /// # Errors
    /// When the URL is not plain http to this machine, or either address is taken.
    pub async fn bind(callback_url: &Url) -> Result<Self, BindError> {
        if callback_url.scheme() != "http" || !is_loopback(callback_url) {
            return Err(BindError::NotLoopback);
        }
        let port = callback_url.port_or_known_default().unwrap_or(80);
        if let Some(lingering) = take_lingering(port) {
            lingering.abort();
            // Its answer does not matter; only that its sockets are closed.
            drop(lingering.await);
        }
        Ok(Self {
            loopback: Loopback::bind(port).await?,
        })
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
                Ok(stream) => self.take(stream),
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
            self.loopback.port,
            self.gate.clone(),
            self.admitted.clone(),
            Arc::clone(&has_head),
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

/// Serves the one request of a connection. True when that was the page.
async fn serve(
    stream: TcpStream,
    port: u16,
    gate: Gate,
    admitted: mpsc::Sender<Redirected>,
    has_head: Arc<AtomicBool>,
) -> bool {
    let seen_done = AtomicBool::new(false);
    let service = service_fn(|request: Request<Incoming>| {
        has_head.store(true, Ordering::Release);
        let (head, _) = request.into_parts();
        let verdict = judge(&head, port, &gate);
        let answer = verdict.answer();
        match verdict {
            // The gate opens once, so there is room for what it admits.
            Verdict::Admitted(redirected) => drop(admitted.try_send(redirected)),
            Verdict::Done => seen_done.store(true, Ordering::Release),
            Verdict::Stray(_) => gate.count_stray(),
            Verdict::Habit => {}
        }
        std::future::ready(Ok::<_, Infallible>(answer))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_headers(MOST_HEADERS)
        .max_header_size(LONGEST_HEAD)
        .max_buf_size(LONGEST_HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    let ended = tokio::time::timeout(CONNECTION_TIME, connection).await;
    if matches!(&ended, Ok(Err(error)) if error.is_parse()) {
        gate.count_stray();
    }
    seen_done.load(Ordering::Acquire)
}
