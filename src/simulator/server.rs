//! The HTTP server: connections in, answers out, with limits on both size and time.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::Shared;
use super::answer::Answer;
use super::dispatch::{self, Request};
use super::failure::Failure;
use super::fault::{FaultKind, Wire};
use super::lent::{Aside, Lent};
use super::query::Query;

/// The largest body that is read, in bytes; a request of the bank has a few thousand.
const BODY_LIMIT: usize = 1 << 20;
/// How long the head and the body of a request may take each.
const READ_TIMEOUT: Duration = Duration::from_secs(10);
const HEADERS_MAXIMUM: usize = 100;
const HEAD_BYTES_MAXIMUM: usize = 64 * 1024;
const CONNECTIONS_MAXIMUM: usize = 256;
/// A rest before the next try when the system cannot give us a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until the sender of `stop` says so or is gone.
pub(super) async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAXIMUM));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = stop.changed() => break,
            Some(_) = connections.join_next() => continue,
            accepted = async {
                let place = Arc::clone(&places).acquire_owned().await;
                (place, listener.accept().await)
            } => accepted,
        };
        match accepted {
            (Ok(place), Ok((stream, from))) => {
                let shared = Arc::clone(&shared);
                connections.spawn(async move {
                    connection(stream, from, shared).await;
                    drop(place);
                });
            }
            (_, Err(_)) => tokio::time::sleep(ACCEPT_PAUSE).await,
            (Err(_), _) => break,
        }
    }
    connections.shutdown().await;
}

async fn connection(stream: TcpStream, from: SocketAddr, shared: Arc<Shared>) {
    // A small answer must not wait for a full segment.
    let _ = stream.set_nodelay(true);
    if shared.state().journal.faults.refuse_connection() {
        let _ = stream.set_zero_linger();
        return;
    }
    let aside = Aside::default();
    let lent = Lent::new(stream, aside.clone());
    let faults = aside.clone();
    let service = service_fn(move |request| {
        let (shared, aside) = (Arc::clone(&shared), faults.clone());
        async move { respond(request, from, shared, &aside).await }
    });
    // A client that breaks off is no news to a server.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(READ_TIMEOUT)
        .max_headers(HEADERS_MAXIMUM)
        .max_buf_size(HEAD_BYTES_MAXIMUM)
        .title_case_headers(true)
        // The simulator's clock says what day it is.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(lent), service)
        .await;
    if let Some((wire, stream)) = aside.take() {
        // Nor is it here.
        let _ = wire.play(stream).await;
    }
}

async fn respond(
    request: hyper::Request<Incoming>,
    from: SocketAddr,
    shared: Arc<Shared>,
    aside: &Aside,
) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let request = Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: Query::parse(head.uri.query().unwrap_or_default()),
        headers: head.headers,
        body: read(body).await,
        caller: from.ip(),
    };
    // RSA and long lists are work for a thread that may be busy.
    let answer = tokio::task::spawn_blocking(move || dispatch::answer(&shared, &request)).await;
    let mut answer = answer.map_err(io::Error::other)?;
    if let Some(FaultKind::Delay(time)) = answer.fault {
        tokio::time::sleep(time).await;
    }
    let fault = answer.fault.take();
    match fault.filter(FaultKind::takes_the_connection) {
        None => Ok(response(answer)),
        Some(how) => {
            aside.put(Wire::new(how, answer));
            Err(io::Error::other("a fault takes the connection over"))
        }
    }
}

async fn read(body: Incoming) -> Result<Bytes, Failure> {
    let whole = Limited::new(body, BODY_LIMIT).collect();
    match tokio::time::timeout(READ_TIMEOUT, whole).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Failure::TooLarge),
        Ok(Err(_)) => Err(Failure::Invalid("The body cannot be read.".to_owned())),
        Err(_) => Err(Failure::TooSlow),
    }
}

fn response(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    let status = StatusCode::from_u16(answer.status);
    *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.header_list() {
        // Whatever cannot stand in a header was never one of ours.
        if let Ok(value) = HeaderValue::from_str(value) {
            let name = HeaderName::from_static(name);
            response.headers_mut().append(name, value);
        }
    }
    *response.body_mut() = Full::new(Bytes::from(answer.body));
    response
}
