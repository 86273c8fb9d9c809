//! A question. It defaults to No.

use core::net::IpAddr;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Export, Overlay, dialog, export};
use crate::base::{BankText, UserNumber};
use crate::tui::app::{Effect, Model};
use crate::tui::screen::connect::{LAN_MEANS, LAN_MEANS_SHORTLY};
use crate::tui::screen::{connect, locked, payments, setup, users};
use crate::tui::theme::MARKER;
use crate::tui::widget::pane::paragraph;
use crate::tui::widget::text::{fit, span, wrap_lines};
use crate::workspace::RefreshWork;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Question {
    /// Whether to forget a user.
    Forget { user: UserNumber, name: BankText },
    /// Whether to set up anew at a bank that has forgotten us.
    SetUpAnew,
    /// Whether to lock although a login waits.
    Lock,
    /// Whether to bring so many users up to date.
    RefreshAll(RefreshWork),
    /// Whether a phone on the network may come back, to this address of the machine.
    OverLan { address: IpAddr, others: usize },
    /// Whether to replace a file by what is exported.
    Replace { export: Box<Export>, place: String },
    /// Whether to read all of an account's payments, which may take so many requests.
    WholeHistory { requests: Option<u64> },
}

/// A question and the answer that is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Confirm {
    question: Question,
    pub(super) yes: bool,
}

impl Confirm {
    /// Asks whether to forget this user.
    pub(in crate::tui) fn forget(user: UserNumber, name: &BankText) -> Self {
        let name = name.clone();
        Self {
            question: Question::Forget { user, name },
            yes: false,
        }
    }

    /// Asks whether to set up anew.
    pub(in crate::tui) fn set_up_anew() -> Self {
        Self {
            question: Question::SetUpAnew,
            yes: false,
        }
    }

    /// Asks whether to lock although a login waits.
    pub(in crate::tui) fn lock() -> Self {
        Self {
            question: Question::Lock,
            yes: false,
        }
    }

    /// Asks whether to bring so many users up to date.
    pub(in crate::tui) fn refresh_all(work: RefreshWork) -> Self {
        Self {
            question: Question::RefreshAll(work),
            yes: false,
        }
    }

    /// Asks whether a phone may come back to the first of these addresses; nothing where there is
    /// none.
    pub(in crate::tui) fn over_lan(found: Vec<IpAddr>) -> Option<Self> {
        let others = found.len().saturating_sub(1);
        let address = found.into_iter().next()?;
        Some(Self {
            question: Question::OverLan { address, others },
            yes: false,
        })
    }

    /// Asks whether to replace a file that is there.
    pub(super) fn replace(export: Box<Export>, place: String) -> Self {
        Self {
            question: Question::Replace { export, place },
            yes: false,
        }
    }

    /// Asks whether to read all of an account's payments.
    pub(in crate::tui) fn whole_history(requests: Option<u64>) -> Self {
        Self {
            question: Question::WholeHistory { requests },
            yes: false,
        }
    }

    /// Whether it is about the login that is shown.
    pub(super) fn belongs_to_connect(&self) -> bool {
        matches!(self.question, Question::OverLan { .. })
    }

    /// The person said yes.
    pub(super) fn accept(self, model: &mut Model) -> Vec<Effect> {
        match self.question {
            Question::Forget { user, .. } => users::forget(user),
            Question::SetUpAnew => setup::set_up_anew(model),
            Question::Lock => locked::ask_no_more(model),
            Question::RefreshAll(_) => users::refresh_everyone(model),
            Question::OverLan { address, .. } => connect::begin_over_lan(model, address),
            Question::WholeHistory { .. } => payments::read_all(model),
            Question::Replace { export, .. } => export::write(model, export, true),
        }
    }

    /// The person said no.
    pub(super) fn refuse(self, model: &mut Model) {
        match self.question {
            Question::Replace { export, .. } => {
                model.overlay = Some(Overlay::Export(export));
                model.say("Nothing was written: take another name, or Esc.");
            }
            _ => model.say("Nothing was changed."),
        }
    }

    fn title(&self) -> &'static str {
        match self.question {
            Question::Forget { .. } => "Forget a user",
            Question::SetUpAnew => "Set up anew",
            Question::Lock => "A login waits",
            Question::RefreshAll(_) => "All users",
            Question::OverLan { .. } => "For a phone on this network",
            Question::Replace { .. } => "There is such a file",
            Question::WholeHistory { .. } => "The whole history",
        }
    }

    fn asked(&self, model: &Model, short: bool) -> String {
        match &self.question {
            Question::Forget { user, name } => {
                format!("Forget {} (user {user})?", fit(name.as_str(), 60))
            }
            Question::SetUpAnew => {
                format!("Set up anew at {}?", model.data.environment.name())
            }
            Question::Lock => "Lock, and end the login that waits?".into(),
            Question::RefreshAll(work) => {
                let long = work
                    .takes
                    .map_or_else(String::new, |takes| format!(", about {}", span(takes)));
                format!("Read {} users from the bank{long}?", work.users)
            }
            Question::Replace { place, .. } => format!("Replace {place}?"),
            Question::WholeHistory { requests } => match requests {
                Some(requests) => format!("Read all older payments, in about {requests} requests?"),
                None => "Read all older payments, in nobody knows how many requests?".into(),
            },
            Question::OverLan { address, others } => {
                let more = match others {
                    _ if short => String::new(),
                    0 => String::new(),
                    many => {
                        format!(" ({many} more: `bunq-tui connect --lan ADDRESS` takes another)")
                    }
                };
                format!("Let a phone come back to {address}?{more}")
            }
        }
    }

    /// To be spelled.
    fn consequence(&self, short: bool) -> &'static str {
        match self.question {
            Question::Forget { .. } => {
                "Its token, session and figures are removed here. To see it again it must connect \
                 again."
            }
            Question::SetUpAnew => {
                "All that the setup made is made again. Users and old figures stay as history; \
                 each user must connect again."
            }
            Question::RefreshAll(_) => {
                "The bank's limits set the pace; it goes on in the background, and {users.back} stops it. \
                 What came stays."
            }
            Question::Lock => {
                "Its code and its address no longer work then; {everywhere.connect} makes new ones \
                 later."
            }
            Question::Replace { .. } => "What is in it now is gone then.",
            Question::WholeHistory { .. } => {
                "The bank takes one a second. {payments.back} stops it at any time; what came is \
                 kept."
            }
            Question::OverLan { .. } if short => LAN_MEANS_SHORTLY,
            Question::OverLan { .. } => LAN_MEANS,
        }
    }

    fn yes_words(&self) -> &'static str {
        match self.question {
            Question::Forget { .. } => "Yes, forget",
            Question::SetUpAnew => "Yes, set up",
            Question::Lock => "Yes, lock",
            Question::RefreshAll(_) => "Yes, all",
            Question::OverLan { .. } => "Yes, for this login",
            Question::Replace { .. } => "Yes, replace",
            Question::WholeHistory { .. } => "Yes, read all",
        }
    }
}

/// Draws it.
pub(super) fn view(model: &Model, confirm: &Confirm, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let width = area.width.saturating_sub(4).min(56);
    // The badge, the hints, the border, a blank row and the answers take the rest.
    let room = usize::from(area.height.saturating_sub(6));
    let words = |short| {
        let asked = Line::styled(confirm.asked(model, short), theme.strong());
        wrap_lines(
            &[asked, Line::raw(model.spell(confirm.consequence(short)))],
            width,
        )
    };
    let mut lines = words(false);
    if lines.len() > room {
        lines = words(true);
    }
    lines.push(Line::default());
    let answer = |text: &str, here: bool| {
        let marker = if here { MARKER } else { " " };
        let style = if here { theme.selected() } else { theme.text() };
        Span::styled(format!("{marker} {text} "), style)
    };
    lines.push(Line::from(vec![
        answer("No", !confirm.yes),
        Span::raw("   "),
        answer(confirm.yes_words(), confirm.yes),
    ]));
    let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let inner = dialog(model, confirm.title(), (width, tall), area, buffer);
    paragraph(&lines, inner, buffer);
}
