//! A connection that HTTP gives back when it is done with it, so that a fault can go on with it.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::fault::Wire;

/// Where a connection is laid aside, and what is to be done with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Aside(Arc<Mutex<Laid>>);

#[derive(Debug, Default)]
struct Laid {
    wire: Option<Wire>,
    stream: Option<TcpStream>,
}

impl Aside {
    /// Says what is to be done.
    pub(super) fn put(&self, wire: Wire) {
        self.laid().wire = Some(wire);
    }

    /// The connection, if it was given back and something is to be done with it.
    pub(super) fn take(&self) -> Option<(Wire, TcpStream)> {
        let mut laid = self.laid();
        Some((laid.wire.take()?, laid.stream.take()?))
    }

    fn laid(&self) -> MutexGuard<'_, Laid> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection on loan: it is laid aside when this is dropped.
#[derive(Debug)]
pub(super) struct Lent {
    /// `None` only while it is dropped.
    stream: Option<TcpStream>,
    back: Aside,
}

impl Lent {
    pub(super) fn new(stream: TcpStream, back: Aside) -> Self {
        Self {
            stream: Some(stream),
            back,
        }
    }

    fn stream(self: Pin<&mut Self>) -> io::Result<Pin<&mut TcpStream>> {
        let stream = self.get_mut().stream.as_mut();
        stream
            .map(Pin::new)
            .ok_or(io::ErrorKind::NotConnected.into())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.back.laid().stream = self.stream.take();
    }
}

impl AsyncRead for Lent {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream()?.poll_read(context, into)
    }
}

impl AsyncWrite for Lent {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(context)
    }
}
