//! What a command waits for, said on standard error, so that it is never silent for long.

use std::collections::HashMap;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::task::JoinHandle;

use super::output;
use crate::base::{Clock, Events, RequestEvent};

/// A shorter wait is over before it is read.
const WORTH_SAYING: SignedDuration = SignedDuration::from_secs(2);

/// Says it until it is dropped.
pub(super) struct Waits(JoinHandle<()>);

impl Waits {
    pub(super) fn say(events: &Events, clock: Clock) -> Self {
        let mut told = events.listen();
        Self(tokio::spawn(async move {
            let mut open = HashMap::new();
            // Whoever lags behind has lost only what was said of the past.
            while let Ok(event) = told.recv().await {
                match event {
                    RequestEvent::Began {
                        id, method, path, ..
                    } => {
                        open.insert(id, format!("{method} {path}"));
                    }
                    RequestEvent::Waits { id, until, why } => {
                        let left = until.duration_since(clock.now());
                        if left >= WORTH_SAYING {
                            let left = Duration::try_from(left).unwrap_or_default();
                            let what = open.get(&id).map_or("a request", String::as_str);
                            let seconds = left.as_secs_f64().ceil();
                            output::message(&format!("Waits {seconds} s: {what} ({why})."));
                        }
                    }
                    RequestEvent::Sent { .. } => {}
                    RequestEvent::Ended { id, .. } => {
                        open.remove(&id);
                    }
                }
            }
        }))
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.abort();
    }
}
