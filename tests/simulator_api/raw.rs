//! One call over a bare socket, so that nothing of HTTP is put right on the way.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Closed,
    Reset,
}

/// What came, to the end of the connection.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    pub(crate) end: End,
    pub(crate) took: Duration,
}

impl Raw {
    /// 0 where nothing came.
    pub(crate) fn status(&self) -> u16 {
        let status = self.head.split(' ').nth(1);
        status.map_or(0, |status| status.parse().unwrap())
    }

    /// Every value of this header.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        let lines = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "));
        lines
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let values = self.headers(name);
        assert!(values.len() < 2, "{name}: {values:?}");
        values.first().copied()
    }

    /// The `Content-Length` that was announced.
    pub(crate) fn announced(&self) -> usize {
        self.header("content-length").unwrap().parse().unwrap()
    }

    /// The body with its chunks put together.
    pub(crate) fn unchunked(&self) -> Vec<u8> {
        let (mut rest, mut body) = (self.body.as_slice(), Vec::new());
        loop {
            let line = rest.windows(2).position(|two| two == b"\r\n").unwrap();
            let length = std::str::from_utf8(&rest[..line]).unwrap();
            let length = usize::from_str_radix(length, 16).unwrap();
            rest = &rest[line + 2..];
            if length == 0 {
                assert_eq!(rest, b"\r\n");
                return body;
            }
            body.extend_from_slice(&rest[..length]);
            rest = &rest[length + 2..];
        }
    }
}

/// Sends this request (its head without the empty line) and reads to the end. The sending side
/// closes as soon as `enough` of the answer has come, which ends an answer that stalls.
pub(crate) async fn exchange(
    address: &str,
    head: &[String],
    body: &str,
    enough: impl Fn(&[u8]) -> bool,
) -> Raw {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = head.join("\r\n");
    let length = body.len();
    let text = format!(
        "{head}\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    // A connection that is refused may be gone before the request is.
    let _ = stream.write_all(text.as_bytes()).await;
    let (mut bytes, mut has_closed) = (Vec::new(), false);
    let end = loop {
        match stream.read_buf(&mut bytes).await {
            Ok(0) => break End::Closed,
            Ok(_) if !has_closed && enough(&bytes) => {
                stream.shutdown().await.unwrap();
                has_closed = true;
            }
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break End::Reset,
            Err(error) => panic!("{error}"),
        }
    };
    let split = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let body = split.map_or_else(Vec::new, |at| bytes.split_off(at + 4));
    Raw {
        head: String::from_utf8(bytes).unwrap(),
        body,
        end,
        took: begun.elapsed(),
    }
}
