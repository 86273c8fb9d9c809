//! The effects that concern Doctor, and what the surroundings say of the terminal.

use std::env;

use super::data::stored;
use super::effects::{Shared, Task, off_the_loop};
use crate::base::Environment;
use crate::tui::app::Msg;
use crate::tui::data::Generation;
use crate::tui::screen::doctor::{self, Terminal, checks_of};
use crate::workspace::{Check, Profile, Verdict, Workspace, examine_locked};

/// What the environment variables say.
pub(super) fn surroundings() -> Terminal {
    let text = |name: &str| {
        env::var_os(name).map_or_else(String::new, |value| value.to_string_lossy().into_owned())
    };
    let set = |name: &str| !text(name).is_empty();
    // The first that is set counts, as in setlocale(3).
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .map(text)
        .find(|value| !value.is_empty())
        .unwrap_or_default()
        .to_ascii_lowercase();
    Terminal {
        term: text("TERM"),
        true_colour: matches!(text("COLORTERM").as_str(), "truecolor" | "24bit"),
        no_colour: set("NO_COLOR"),
        multiplexer: set("TMUX") || set("STY"),
        over_ssh: set("SSH_CONNECTION") || set("SSH_TTY"),
        utf8: locale.contains("utf-8") || locale.contains("utf8"),
    }
}

/// What is to be said of the terminal that the program runs in.
#[must_use]
pub fn terminal_checks() -> Vec<Check> {
    use std::io::IsTerminal;
    let size = std::io::stdout()
        .is_terminal()
        .then(|| crossterm::terminal::size().ok())
        .flatten();
    checks_of(&surroundings(), size)
}

fn demo_not_started() -> Check {
    Check::new(
        "Environment",
        Verdict::Notice,
        "demo, built in; it is not started yet",
        "Setup starts it. Nothing of it is kept.",
    )
}

impl Shared {
    /// Looks at everything that could be wrong; where nothing is open, at the chosen profile.
    pub(super) fn examine(self, generation: Generation, profile: Profile) -> Task {
        let shared = self.clone();
        self.answer(async move {
            let checks = match shared.workspace() {
                Ok(workspace) => workspace.examine().await,
                // Nothing of it is on the disk.
                Err(_) if profile.environment == Environment::Demo => vec![demo_not_started()],
                Err(_) => {
                    let settings = shared.settings.clone();
                    let look = move || Ok(examine_locked(&profile, &settings));
                    off_the_loop(look).await.unwrap_or_default()
                }
            };
            Msg::Doctor(doctor::Msg::Examined { generation, checks })
        })
    }

    /// Checks the whole file of the store.
    pub(super) fn check_store(self) {
        let shared = self.clone();
        self.answer_detached(async move {
            let result = stored(shared.workspace(), Workspace::check).await;
            let epoch = shared.epoch;
            Msg::Doctor(doctor::Msg::StoreChecked { epoch, result })
        });
    }
}
