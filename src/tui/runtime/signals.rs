//! Signals that end the program, with the terminal given back.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens to TERM, HUP, INT and QUIT.
pub(super) struct Signals {
    terminate: Signal,
    hang_up: Signal,
    interrupt: Signal,
    quit: Signal,
}

/// Listens to what stops a program and lets it go on again.
pub(super) struct Pauses {
    stop: Signal,
    go_on: Signal,
}

/// What another sent about stopping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pause {
    /// To stop, as Ctrl-Z does.
    Stop,
    /// It was stopped, by whatever means, and goes on.
    GoOn,
}

impl Pauses {
    /// Listens from now on.
    pub(super) fn listen() -> io::Result<Self> {
        use rustix::process::Signal as S;
        let listen = |number: S| signal(SignalKind::from_raw(number.as_raw()));
        Ok(Self {
            stop: listen(S::TSTP)?,
            go_on: listen(S::CONT)?,
        })
    }

    /// The next one.
    pub(super) async fn next(&mut self) -> Pause {
        tokio::select! {
            _ = self.stop.recv() => Pause::Stop,
            _ = self.go_on.recv() => Pause::GoOn,
        }
    }
}

impl Signals {
    /// Listens from now on.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    /// The number of the next one that a person meant. A terminal that closes sends HUP, often
    /// more than once and along with another; that is no second wish to end.
    pub(super) async fn next_that_forces(&mut self) -> u8 {
        loop {
            let number = self.next().await;
            if i32::from(number) != SignalKind::hangup().as_raw_value() {
                return number;
            }
        }
    }

    /// The number of the next one.
    pub(super) async fn next(&mut self) -> u8 {
        let kind = tokio::select! {
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.hang_up.recv() => SignalKind::hangup(),
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.quit.recv() => SignalKind::quit(),
        };
        u8::try_from(kind.as_raw_value()).unwrap_or(0)
    }
}
