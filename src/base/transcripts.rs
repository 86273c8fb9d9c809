//! What was asked and answered lately, for the Log screen alone: in memory, bounded, without
//! secrets, and wiped when it goes.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{RequestId, Secret};

/// How many transcripts are kept.
const MOST: usize = 200;
/// How many bytes they may have together.
const ROOM: usize = 2 * 1024 * 1024;

/// What a body was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// There was none.
    None,
    /// JSON, indented, cleaned and masked.
    Json {
        /// One value or bracket a line.
        text: Secret,
        /// How many bytes it had on the wire.
        bytes: usize,
        /// Whether it was cut at the most that is kept.
        cut: bool,
    },
    /// Anything else: not kept.
    Other {
        /// How many bytes it had.
        bytes: usize,
    },
}

/// What went in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Names and values, cleaned; values that are not harmless are masked.
    pub headers: Vec<(String, Secret)>,
    /// The body.
    pub body: Body,
}

/// A request and its answer, masked and cleaned by whoever made the request. Names and IBANs are
/// in it, so it is wiped like a secret and its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Transcript {
    /// Which request of this run.
    pub id: RequestId,
    /// The query of its address, where there is one that may be seen.
    pub query: Option<String>,
    /// What went out.
    pub asked: Side,
    /// What came back, if anything did.
    pub answered: Option<Side>,
}

impl fmt::Debug for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transcript({}, …)", self.id.0)
    }
}

impl Side {
    fn size(&self) -> usize {
        let headers = self.headers.iter();
        let headers: usize = headers
            .map(|(name, value)| name.len() + value.expose().len())
            .sum();
        match &self.body {
            Body::Json { text, .. } => headers + text.expose().len(),
            Body::None | Body::Other { .. } => headers,
        }
    }
}

impl Transcript {
    fn size(&self) -> usize {
        let answered = self.answered.as_ref().map_or(0, Side::size);
        size_of::<Self>() + self.asked.size() + answered
    }
}

/// The latest transcripts; clones share them.
#[derive(Clone, Default)]
pub(super) struct Transcripts(Arc<Mutex<Ring>>);

#[derive(Default)]
struct Ring {
    kept: VecDeque<Arc<Transcript>>,
    bytes: usize,
}

impl fmt::Debug for Transcripts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transcripts(…)")
    }
}

impl Transcripts {
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn keep(&self, transcript: Transcript) {
        let mut ring = self.ring();
        ring.bytes += transcript.size();
        ring.kept.push_back(Arc::new(transcript));
        while (ring.bytes > ROOM || ring.kept.len() > MOST)
            && let Some(oldest) = ring.kept.pop_front()
        {
            ring.bytes -= oldest.size();
        }
    }

    pub(super) fn find(&self, id: RequestId) -> Option<Arc<Transcript>> {
        let ring = self.ring();
        let mut newest_first = ring.kept.iter().rev();
        newest_first.find(|transcript| transcript.id == id).cloned()
    }

    pub(super) fn forget(&self) {
        *self.ring() = Ring::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcript(id: u64, bytes: usize) -> Transcript {
        let side = |text: String| Side {
            headers: vec![("x".into(), Secret::new("canary"))],
            body: Body::Json {
                bytes: text.len(),
                text: Secret::new(text),
                cut: false,
            },
        };
        Transcript {
            id: RequestId(id),
            query: None,
            asked: side(String::new()),
            answered: Some(side("canary".repeat(bytes / 6))),
        }
    }

    #[test]
    fn it_keeps_so_many_and_no_more_than_it_has_room_for() {
        for (bytes, kept) in [(10, MOST), (64 * 1024, 31)] {
            let transcripts = Transcripts::default();
            for id in 0..1_000 {
                transcripts.keep(transcript(id, bytes));
            }
            let ring = transcripts.ring();
            assert_eq!(ring.kept.len(), kept);
            assert!(ring.bytes <= ROOM, "{}", ring.bytes);
            assert_eq!(
                ring.bytes,
                ring.kept.iter().map(|one| one.size()).sum::<usize>()
            );
            drop(ring);
            assert!(transcripts.find(RequestId(999)).is_some());
            assert!(transcripts.find(RequestId(1)).is_none());
            transcripts.forget();
            assert!(transcripts.find(RequestId(999)).is_none());
        }
    }

    #[test]
    fn debug_shows_nothing() {
        let transcript = transcript(1, 60);
        let shown = format!(
            "{transcript:?} {:?} {:?}",
            transcript.asked, transcript.answered
        );
        assert!(!shown.contains("canary"), "{shown}");
    }
}
