//! The bank's bad days, on request.

use std::time::Duration;

/// What goes wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The signature has one byte that is wrong.
    WrongSignature,
    /// There is no signature.
    MissingSignature,
    /// The signature is right for another body.
    OtherBodySignature,
    /// This status and body come instead of the call: nothing was done. Not signed from 429 on.
    Status(u16, String),
    /// The call was done, and answered with this status and body all the same.
    DoneButStatus(u16, String),
    /// A gateway's page: nothing was done.
    Html502,
    /// The call was done; the body is not JSON, and is signed.
    InvalidJson,
    /// The call was done; the connection ends in the middle of the body.
    Truncate,
    /// The answer comes this much later, in real time.
    Delay(Duration),
    /// The call was done; the connection closes without an answer.
    Drop,
    /// `X-Bunq-Client-Response-Id` is missing.
    MissingResponseId,
}

/// A fault for calls to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// How the call begins: method, space, path below `/v1/` (or `auth`, `token`), either as it is
    /// (`POST session-server`) or with `{}` for every id (`GET user/{}/monetary-account`).
    pub endpoint: String,
    /// Only the call with this number among those that match, counted from 1; `None` is every one.
    pub nth: Option<u32>,
    /// What goes wrong.
    pub kind: FaultKind,
}

/// The faults that are set, each with the calls it has seen.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<(Fault, u32)>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.0.push((fault, 0));
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Counts this call; the first fault that is due for it.
    pub(super) fn due(
        &mut self,
        method: &str,
        path: &str,
        shape: Option<&str>,
    ) -> Option<FaultKind> {
        let call = format!("{method} {path}");
        let shape = shape.map(|shape| format!("{method} {shape}"));
        let mut due = None;
        for (fault, seen) in &mut self.0 {
            let matches = call.starts_with(&fault.endpoint)
                || shape
                    .as_ref()
                    .is_some_and(|shape| shape.starts_with(&fault.endpoint));
            if matches {
                *seen = seen.saturating_add(1);
                if due.is_none() && fault.nth.is_none_or(|nth| nth == *seen) {
                    due = Some(fault.kind.clone());
                }
            }
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_nth_matching_call_fails() {
        let mut faults = Faults::default();
        faults.add(Fault {
            endpoint: "GET user/{}/monetary-account".to_owned(),
            nth: Some(2),
            kind: FaultKind::Drop,
        });
        let shape = Some("user/{}/monetary-account");
        let path = "user/7/monetary-account";
        assert_eq!(faults.due("GET", path, shape), None);
        assert_eq!(faults.due("GET", "user/7", Some("user/{}")), None);
        assert_eq!(faults.due("GET", path, shape), Some(FaultKind::Drop));
        assert_eq!(faults.due("GET", path, shape), None);
    }
}
