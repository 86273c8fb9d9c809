//! Faults of the connection: the answer is written by hand, not as HTTP wants it.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::super::answer::Answer;
use super::kind::FaultKind;

/// White space goes out in pieces of this many bytes.
const PADDING: [u8; 16 * 1024] = [b' '; 16 * 1024];

/// What is to be done with a connection instead of an answer as usual.
#[derive(Debug)]
pub(in super::super) struct Wire {
    how: FaultKind,
    headers: Vec<(&'static str, String)>,
    status: u16,
    body: Vec<u8>,
}

impl FaultKind {
    /// Whether the answer is written by hand, or not at all.
    pub(in super::super) fn takes_the_connection(&self) -> bool {
        matches!(
            self,
            Self::Refuse
                | Self::Reset
                | Self::DropBefore
                | Self::Drop
                | Self::Drip { .. }
                | Self::Stall
                | Self::Truncate
                | Self::WrongLength
                | Self::Oversize { .. }
                | Self::LowerCaseHeaders
        )
    }
}

impl Wire {
    /// This answer as the fault wants it written.
    pub(in super::super) fn new(how: FaultKind, answer: Answer) -> Self {
        let headers = answer.header_list().into_iter();
        Self {
            how,
            headers: headers
                .map(|(name, value)| (name, value.to_owned()))
                .collect(),
            status: answer.status,
            body: answer.body,
        }
    }

    /// Writes what the fault leaves of the answer, and closes. A client that breaks off ends it.
    pub(in super::super) async fn play(self, mut stream: TcpStream) -> io::Result<()> {
        let length = self.body.len();
        let half = self.body.get(..length / 2).unwrap_or_default();
        match self.how {
            FaultKind::Refuse | FaultKind::Reset => return stream.set_zero_linger(),
            FaultKind::DropBefore | FaultKind::Drop => {}
            FaultKind::Drip { piece, pause } => {
                stream
                    .write_all(&self.head(&content_length(length)))
                    .await?;
                drip(&mut stream, &self.body, piece, pause).await?;
            }
            FaultKind::Stall => {
                stream
                    .write_all(&self.head(&content_length(length)))
                    .await?;
                stream.write_all(half).await?;
                // Until the client closes, or says something that nobody asked for.
                stream.read_u8().await?;
            }
            FaultKind::Truncate => {
                stream
                    .write_all(&self.head(&content_length(length)))
                    .await?;
                stream.write_all(half).await?;
            }
            FaultKind::WrongLength => {
                stream
                    .write_all(&self.head(&content_length(length / 2)))
                    .await?;
                stream.write_all(&self.body).await?;
            }
            FaultKind::Oversize { bytes, announced } => {
                self.oversize(&mut stream, bytes, announced).await?;
            }
            _ => {
                stream
                    .write_all(&self.head(&content_length(length)))
                    .await?;
                stream.write_all(&self.body).await?;
            }
        }
        stream.shutdown().await
    }

    async fn oversize(
        &self,
        stream: &mut TcpStream,
        bytes: u64,
        announced: bool,
    ) -> io::Result<()> {
        let paddings = paddings(bytes, self.body.len());
        if announced {
            let head = self.head(&format!("Content-Length: {bytes}"));
            stream.write_all(&head).await?;
            stream.write_all(&self.body).await?;
            for padding in paddings {
                stream.write_all(padding).await?;
            }
            return Ok(());
        }
        stream
            .write_all(&self.head("Transfer-Encoding: chunked"))
            .await?;
        chunk(stream, &self.body).await?;
        for padding in paddings {
            chunk(stream, padding).await?;
        }
        stream.write_all(b"0\r\n\r\n").await
    }

    /// Status line and headers, to the empty line.
    fn head(&self, framing: &str) -> Vec<u8> {
        let reason = hyper::StatusCode::from_u16(self.status);
        let reason = reason.ok().and_then(|status| status.canonical_reason());
        let mut lines = vec![framing.to_owned(), "Connection: close".to_owned()];
        let headers = self.headers.iter();
        lines.extend(headers.map(|(name, value)| format!("{}: {value}", title_case(name))));
        if self.how == FaultKind::LowerCaseHeaders {
            for line in &mut lines {
                if let Some((name, value)) = line.split_once(':') {
                    *line = format!("{}:{value}", name.to_lowercase());
                }
            }
        }
        let lines = lines.join("\r\n");
        format!(
            "HTTP/1.1 {} {}\r\n{lines}\r\n\r\n",
            self.status,
            reason.unwrap_or("Unknown")
        )
        .into_bytes()
    }
}

fn content_length(length: usize) -> String {
    format!("Content-Length: {length}")
}

/// As the usual answers write header names: `X-Bunq-Client-Response-Id`.
fn title_case(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect::<Vec<_>>().join("-")
}

/// White space up to so many bytes, after a body of this length.
fn paddings(bytes: u64, length: usize) -> impl Iterator<Item = &'static [u8]> {
    let mut left = bytes.saturating_sub(length as u64);
    std::iter::from_fn(move || {
        let next = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(PADDING.len());
        left -= next as u64;
        PADDING.get(..next).filter(|padding| !padding.is_empty())
    })
}

async fn chunk(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    // An empty chunk would end the body.
    if bytes.is_empty() {
        return Ok(());
    }
    stream
        .write_all(format!("{:x}\r\n", bytes.len()).as_bytes())
        .await?;
    stream.write_all(bytes).await?;
    stream.write_all(b"\r\n").await
}

async fn drip(
    stream: &mut TcpStream,
    body: &[u8],
    piece: usize,
    pause: Duration,
) -> io::Result<()> {
    for piece in body.chunks(piece.max(1)) {
        stream.write_all(piece).await?;
        tokio::time::sleep(pause).await;
    }
    Ok(())
}
