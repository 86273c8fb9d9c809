//! Connect: the QR code, and the wait for the redirect.

mod update;
mod view;
mod words;

use core::net::IpAddr;

use jiff::Timestamp;

pub(in crate::tui) use update::{
    act, begin, begin_over_lan, change_port, refusal, refusal_to_begin, submit, update,
};
pub(in crate::tui) use view::{code_pane, view, words_pane};
pub(in crate::tui) use words::LAN_MEANS_SHORTLY;
pub use words::{CERTIFICATE_MEANS, LAN_MEANS};

use crate::base::Problem;
use crate::tui::data::{Epoch, Generation};
use crate::tui::widget::qr::{Code, Form};
use crate::workspace::{Connected, Invitation};

/// How far the flow is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::tui) enum Phase {
    /// Nobody is being connected.
    #[default]
    Idle,
    /// The callback URL is checked and the listener bound.
    Starting,
    /// The code is shown and the listener is up.
    Inviting(Box<Inviting>),
    /// The redirect came; its code is being swapped.
    Exchanging,
    /// It came to nothing.
    Failed {
        /// Why.
        problem: Problem,
        /// Whether it failed before the code was shown.
        early: bool,
    },
}

/// What is shown while the redirect is awaited.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct Inviting {
    pub(super) invitation: Invitation,
    /// The address as a QR code; none when it is too long for one.
    pub(super) code: Option<Code>,
    /// Since when it is shown.
    pub(super) since: Timestamp,
    /// When the bank takes the next session, where it does not take one now.
    pub(super) next_session: Option<Timestamp>,
    /// Wrong requests to the listener.
    pub(super) strays: u64,
    /// Whether the phone's part is being played; demo only.
    pub(super) approving: bool,
}

/// What the screen holds.
#[derive(Clone, Debug, Default)]
pub(in crate::tui) struct State {
    pub(super) phase: Phase,
    pub(in crate::tui) form: Form,
    pub(super) generation: Generation,
}

/// Something that happened on Connect.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) enum Msg {
    /// The listener is up and the code can be shown.
    Invited {
        generation: Generation,
        result: Result<Invitation, Problem>,
    },
    /// It was looked up when the bank takes the next session.
    NextSession {
        generation: Generation,
        result: Result<Option<Timestamp>, Problem>,
    },
    /// A wrong request came to the listener.
    Strayed { generation: Generation, count: u64 },
    /// The redirect came, or will not.
    Redirected {
        generation: Generation,
        result: Result<(), Problem>,
    },
    /// The code was swapped and the user stored, or not.
    Exchanged {
        epoch: Epoch,
        generation: Generation,
        result: Result<Connected, Problem>,
    },
    /// The phone's part was played.
    Approved {
        generation: Generation,
        result: Result<(), Problem>,
    },
    /// A pasted address was looked at.
    Submitted {
        generation: Generation,
        result: Result<(), Problem>,
    },
    /// This machine's addresses for a phone were looked up.
    LanFound {
        generation: Generation,
        result: Result<Vec<IpAddr>, Problem>,
    },
    /// The second callback URL of a login could not be taken back.
    LanLeft(String),
    /// The port was changed.
    PortChanged {
        generation: Generation,
        result: Result<(), Problem>,
    },
    /// The browser was asked for.
    BrowserAsked(Result<(), Problem>),
}

impl Msg {
    /// The flow that it is of.
    fn generation(&self) -> Option<Generation> {
        match self {
            Self::Invited { generation, .. }
            | Self::NextSession { generation, .. }
            | Self::Strayed { generation, .. }
            | Self::Redirected { generation, .. }
            | Self::Exchanged { generation, .. }
            | Self::Approved { generation, .. }
            | Self::Submitted { generation, .. }
            | Self::LanFound { generation, .. }
            | Self::PortChanged { generation, .. } => Some(*generation),
            Self::BrowserAsked(_) | Self::LanLeft(_) => None,
        }
    }
}

impl State {
    /// Nobody is being connected; what was chosen for the code's form stays.
    pub(in crate::tui) fn keeping(former: &Self) -> Self {
        Self {
            form: former.form,
            ..Self::default()
        }
    }

    /// With the form that was remembered.
    pub(in crate::tui) fn with_form(name: Option<&str>) -> Self {
        Self {
            form: name.and_then(Form::from_name).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Whether an exchange is under way that must not be cut short.
    pub(in crate::tui) fn is_exchanging(&self) -> bool {
        self.phase == Phase::Exchanging
    }

    /// The flow that is shown.
    #[cfg(test)]
    pub(in crate::tui) fn generation(&self) -> Generation {
        self.generation
    }

    /// Whether a countdown is shown.
    pub(in crate::tui) fn counts_down(&self) -> bool {
        matches!(self.phase, Phase::Inviting(_))
    }

    /// Whether a login is on its way or waits for its redirect.
    pub(in crate::tui) fn is_waiting(&self) -> bool {
        matches!(self.phase, Phase::Starting | Phase::Inviting(_))
    }

    /// Whether there is something to show at all.
    pub(in crate::tui) fn is_active(&self) -> bool {
        self.phase != Phase::Idle
    }

    /// What went wrong, where something did.
    pub(in crate::tui) fn problem(&self) -> Option<&Problem> {
        match &self.phase {
            Phase::Failed { problem, .. } => Some(problem),
            _ => None,
        }
    }

    /// Whether it failed before the code was shown: running the setup again may help.
    pub(in crate::tui) fn failed_early(&self) -> bool {
        matches!(self.phase, Phase::Failed { early: true, .. })
    }

    /// The address that is shown.
    pub(in crate::tui) fn address(&self) -> Option<&str> {
        match &self.phase {
            Phase::Inviting(inviting) => Some(&inviting.invitation.authorize_url),
            _ => None,
        }
    }
}
