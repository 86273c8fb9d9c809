//! What the client tells as it works. Telemetry, the footer and the Log screen only listen.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::broadcast;

use super::transcripts::{Transcript, Transcripts};

/// How many events a slow listener may lag behind before it loses the oldest.
const BACKLOG: usize = 512;

/// An HTTP method that bunq uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Read.
    Get,
    /// Make.
    Post,
    /// Change.
    Put,
    /// Take away.
    Delete,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        })
    }
}

/// Which request of this run: 1, 2, …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Whether an answer's signature was checked, and with what result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// Signed by the bank's key over these very bytes.
    Verified,
    /// None is expected: before the installation, from the token endpoint, or on an error.
    NotExpected,
    /// Missing or wrong: nothing of the answer was used.
    Failed,
}

/// Why a request waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitReason {
    /// So many calls of this kind in so much time are all that the bank takes.
    Limit {
        /// Calls …
        calls: u32,
        /// … in this many seconds.
        seconds: u32,
    },
    /// The bank said that we are too fast.
    Refused,
    /// The try before failed on the way; reads are tried again.
    Retry,
}

impl fmt::Display for WaitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit { calls, seconds } => write!(f, "bunq takes {calls} in {seconds} s"),
            Self::Refused => f.write_str("bunq said: too fast"),
            Self::Retry => f.write_str("the try before failed"),
        }
    }
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestOutcome {
    /// The status, when an answer came.
    pub status: Option<u16>,
    /// The check of the signature.
    pub verification: Verification,
    /// One word for a failure without an answer: timeout, refused, …
    pub failure: Option<&'static str>,
}

/// What happens to one request. Paths have no query, and nothing here is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestEvent {
    /// It is to be sent, as soon as the bank's limits let it.
    Began {
        /// Which.
        id: RequestId,
        /// How.
        method: Method,
        /// What, from `/v1` on.
        path: String,
        /// When.
        at: Timestamp,
    },
    /// It waits before it is sent.
    Waits {
        /// Which.
        id: RequestId,
        /// Until when.
        until: Timestamp,
        /// Why.
        why: WaitReason,
    },
    /// It leaves now: whatever came before was waiting.
    Sent {
        /// Which.
        id: RequestId,
        /// When.
        at: Timestamp,
    },
    /// It is over.
    Ended {
        /// Which.
        id: RequestId,
        /// How it ended.
        outcome: RequestOutcome,
        /// How long it took on the wire, without any wait before.
        took: Duration,
    },
}

/// Where events go; clones share it. Nobody has to listen, and a slow listener holds nobody up.
#[derive(Clone, Debug)]
pub struct Events {
    sender: broadcast::Sender<RequestEvent>,
    last: Arc<AtomicU64>,
    transcripts: Transcripts,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            sender: broadcast::channel(BACKLOG).0,
            last: Arc::default(),
            transcripts: Transcripts::default(),
        }
    }
}

impl Events {
    /// A number for the next request.
    #[must_use]
    pub fn next_id(&self) -> RequestId {
        RequestId(self.last.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Tells all who listen.
    pub fn tell(&self, event: RequestEvent) {
        // An error only means that nobody listens.
        let _ = self.sender.send(event);
    }

    /// Listens from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<RequestEvent> {
        self.sender.subscribe()
    }

    /// Keeps what was asked and answered, in memory, for a while: the latest 200 transcripts, 2 MiB
    /// at most.
    pub fn keep(&self, transcript: Transcript) {
        self.transcripts.keep(transcript);
    }

    /// What a request asked and was answered, while that is kept.
    #[must_use]
    pub fn transcript(&self, id: RequestId) -> Option<Arc<Transcript>> {
        self.transcripts.find(id)
    }

    /// Forgets what was asked and answered, and wipes what nobody holds.
    pub fn forget(&self) {
        self.transcripts.forget();
    }
}
