//! What is told of a run besides its result: the request trace on file, and panics.
//!
//! Nothing here has a body, a header, a query or a secret: a line of the trace is made of the
//! fields of [`RequestEvent`] alone.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::panic;
use std::path::Path;

use jiff::Timestamp;
use rustix::process::{Resource, Rlimit, setrlimit, umask};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::base::{Events, Exit, Problem, RequestEvent, Verification};

/// Panics tell where they happened and what to do, never their text: it may hold a secret.
pub fn quiet_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map_or_else(|| "an unknown place".into(), ToString::to_string);
        let _ = writeln!(
            std::io::stderr(),
            "bunq-tui {} met a mistake of its own at {place}. What was stored is whole; start it again. \
             If it happens twice, report that place.",
            env!("CARGO_PKG_VERSION")
        );
    }));
}

/// Files of this process are for its owner only, and a crash leaves no copy of its memory.
pub fn keep_private() {
    umask(rustix::fs::Mode::from_raw_mode(0o077));
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // Where it is refused, the limit that stands is the person's own choice.
    let _ = setrlimit(Resource::Core, nothing);
    // A limit of zero does not stop a pipe in `core_pattern` (core(5)), and no other process of
    // this user may read our memory.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Writes a line for each request that ends to a file.
pub struct Trace {
    stop: oneshot::Sender<()>,
    writer: JoinHandle<()>,
}

impl Trace {
    /// Opens the file (made with mode 0600, appended to) and listens from now on.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn to_file(path: &Path, events: &Events) -> Result<Self, Problem> {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(path)
            .map_err(|error| {
                Problem::new(
                    format!("The log {} could not be opened", path.display()),
                    Exit::Usage,
                )
                .because(error.to_string())
                .next("Name another file with --log.")
            })?;
        let mut listener = events.listen();
        let (stop, mut stopped) = oneshot::channel();
        let writer = tokio::spawn(async move {
            let mut open = HashMap::new();
            loop {
                // What was told before the stop is written before it.
                let event = tokio::select! {
                    biased;
                    event = listener.recv() => event,
                    _ = &mut stopped => return,
                };
                match event {
                    Ok(event) => write_line(&mut file, &mut open, event),
                    // A full disk must not end the program.
                    Err(RecvError::Lagged(lost)) => {
                        let _ = writeln!(file, "{lost} events were lost");
                    }
                    Err(RecvError::Closed) => return,
                }
            }
        });
        Ok(Self { stop, writer })
    }

    /// Writes what is left to write.
    pub async fn finish(self) {
        // The writer may have ended already.
        let _ = self.stop.send(());
        let _ = self.writer.await;
    }
}

fn write_line(file: &mut File, open: &mut HashMap<u64, (Timestamp, String)>, event: RequestEvent) {
    match event {
        RequestEvent::Began {
            id,
            method,
            path,
            at,
        } => {
            open.insert(id.0, (at, format!("{method} {path}")));
        }
        RequestEvent::Waits { .. } => {}
        RequestEvent::Sent { id, at } => {
            if let Some((began, _)) = open.get_mut(&id.0) {
                *began = at;
            }
        }
        RequestEvent::Ended { id, outcome, took } => {
            let request = open.remove(&id.0);
            let request = request.map_or_else(String::new, |(at, call)| format!("{at:.3} {call}"));
            let result = outcome
                .status
                .map_or_else(|| outcome.failure.unwrap_or("?").into(), |s| s.to_string());
            let verified = match outcome.verification {
                Verification::Verified => "verified",
                Verification::NotExpected => "unsigned",
                Verification::Failed => "NOT VERIFIED",
            };
            // A full disk must not end the program.
            let _ = writeln!(file, "{request} {result} {}ms {verified}", took.as_millis());
        }
    }
}
