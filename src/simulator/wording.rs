//! What a test puts into the bank's mouth: its answers, changed before they are signed.

use std::fmt;
use std::sync::Arc;

use super::answer::Answer;

/// The part of an answer that a test may word.
#[derive(Debug)]
pub struct Worded<'a> {
    /// The call that is answered, such as `GET /v1/user`.
    pub call: &'a str,
    /// The status that it is answered with.
    pub status: u16,
    /// The body; it is signed afterwards, where such an answer is.
    pub body: &'a mut Vec<u8>,
    /// `X-Bunq-Client-Response-Id`, where there is one.
    pub response_id: &'a mut Option<String>,
}

type Change = dyn Fn(Worded<'_>) + Send + Sync;

/// How answers are worded; as they are, unless a test says otherwise.
#[derive(Clone, Default)]
pub(super) struct Wording(Option<Arc<Change>>);

impl Wording {
    pub(super) fn of(change: impl Fn(Worded<'_>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(change)))
    }

    pub(super) fn word(&self, call: &str, answer: &mut Answer) {
        if let Some(change) = &self.0 {
            change(Worded {
                call,
                status: answer.status,
                body: &mut answer.body,
                response_id: &mut answer.response_id,
            });
        }
    }
}

impl fmt::Debug for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Wording").field(&self.0.is_some()).finish()
    }
}
