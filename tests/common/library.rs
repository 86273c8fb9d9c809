//! A workspace of its own over a simulator, through the library.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bunq_tui::base::{ManualClock, TimeSource, UserNumber};
use bunq_tui::simulator::Simulator;
use bunq_tui::workspace::{Profile, ProviderChoice, Settings, StoreKey, Workspace};
use jiff::Timestamp;
use tokio::sync::mpsc;
use url::Url;

use super::Bench;

/// A clock that stands until it is moved, while waits take their time: what is awaited comes
/// before its time is over.
pub(crate) struct Standing(pub(crate) ManualClock);

impl TimeSource for Standing {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// As a program of its own would have them.
pub(crate) fn settings(bench: &Bench) -> Settings {
    Settings {
        callback_url: Url::parse(&bench.callback_url).ok(),
        ..Settings::new(bench.data_dir())
    }
}

/// The bench's profile, opened with its key file.
pub(crate) fn open(bench: &Bench, settings: Settings) -> Workspace {
    let profile = Profile::new(bench.environment.parse().unwrap(), None).unwrap();
    Workspace::open(profile, &StoreKey::File(bench.key_file()), settings).unwrap()
}

/// Sets up to the end.
pub(crate) async fn set_up(workspace: &Workspace, choice: ProviderChoice) {
    let (progress, nobody) = mpsc::channel(1);
    drop(nobody);
    workspace.setup(Some(choice), progress).await.unwrap();
}

/// Connects the simulator's next inhabitant.
pub(crate) async fn link(workspace: &Workspace, simulator: &Simulator) -> UserNumber {
    let connecting = workspace.connect().await.unwrap();
    let back = simulator
        .approve(&connecting.invitation().authorize_url)
        .unwrap();
    connecting.paster().paste(&back).unwrap();
    let granted = connecting.redirected().await.unwrap();
    granted.exchange().await.unwrap().number
}
