//! Keys and what they mean. Dispatch, footer, help and palette come from the one table of
//! defaults, as far as the person has not bound other keys.

mod chord;
mod map;
mod markdown;
mod problem;
mod table;
#[cfg(test)]
mod tests;

pub(super) use chord::Chord;
pub use map::Keymap;
pub use problem::KeymapProblem;
pub(super) use table::Binding;
#[cfg(test)]
pub(super) use table::TABLE;

use super::app::Screen;
use super::overlay::copy::Part;

/// Where a key acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Context {
    /// On every screen.
    Everywhere,
    /// Setup.
    Setup,
    /// Connect.
    Connect,
    /// Users, whichever pane has the focus.
    Users,
    /// Payments.
    Payments,
    /// Log.
    Log,
    /// Doctor.
    Doctor,
    /// The filter of a table.
    Filter,
    /// What was open is locked.
    Locked,
    /// The help.
    Help,
    /// A question.
    Confirm,
    /// The list of profiles.
    Profiles,
    /// What shall open a new store.
    Locking,
    /// What is stored.
    Stored,
    /// What is looked for among the payments, as it is typed.
    PaymentSearch,
    /// The same in several fields.
    PaymentForm,
    /// A text field.
    Entry,
    /// The address alone.
    Address,
    /// Every action by its name.
    Palette,
    /// A JSON tree.
    Json,
    /// What is looked for in it.
    JsonSearch,
    /// What can be copied.
    Copy,
    /// A table into a file.
    Export,
}

impl Context {
    /// Its name in the help and in "acts on …".
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Setup => "Setup",
            Self::Connect => "Connect",
            Self::Users => "Users",
            Self::Payments => "Payments",
            Self::Log => "Log",
            Self::Doctor => "Doctor",
            Self::Filter => "Filter",
            Self::Locked => "Locked",
            Self::Help => "Help",
            Self::Confirm => "Question",
            Self::Profiles => "Profiles",
            Self::Locking => "What opens the store",
            Self::Stored => "What is stored",
            Self::PaymentSearch => "Search",
            Self::PaymentForm => "Which payments",
            Self::Entry => "Text field",
            Self::Address => "Address",
            Self::Palette => "Palette",
            Self::Json => "JSON",
            Self::JsonSearch => "Search in JSON",
            Self::Copy => "Copy",
            Self::Export => "Export",
        }
    }

    /// What it is for, in a sentence or two; keys stand there as [`Keymap::spell`] takes them.
    pub(super) fn purpose(self) -> &'static str {
        match self {
            Self::Everywhere => "",
            Self::Setup => {
                "Chooses the bank and who to be there, and runs the steps until a user can connect."
            }
            Self::Connect => {
                "Shows the code that a user scans to share accounts, and waits for the answer."
            }
            Self::Users => "Who connected, their accounts, and what the bank tells of both.",
            Self::Log => {
                "Every request to the bank since the start. {log.enter} shows what it asked and \
                 was answered."
            }
            Self::Doctor => "What could be wrong here or at the bank, and what to do about it.",
            Self::Locked => {
                "The store is closed and nothing of it is in memory. It opens as it was opened \
                 before."
            }
            Self::Help => "Which keys act where you were.",
            Self::Confirm => "Nothing happens before you say yes.",
            Self::Profiles => "Each profile has a store, keys and users of its own.",
            Self::Locking => "What is stored is encrypted; this chooses what opens it.",
            Self::Stored => "What is kept on this machine, where, and who can read it.",
            Self::Entry => "What you type goes nowhere before {entry.submit} takes it.",
            Self::Address => "The address with nothing beside it, to be selected by hand.",
            Self::Payments => {
                "The payments of the account that was chosen on Users, as far as they are stored; \
                 older ones come as you scroll."
            }
            Self::PaymentSearch => {
                "Finds words and account numbers among all payments that are stored, whatever \
                 their case."
            }
            Self::PaymentForm => "Says which payments are shown: by amount, name, words and day.",
            Self::Filter => {
                "Letters in their order, 'as it is, ^begins a cell, ends one$, !without; digits \
                 find account numbers."
            }
            Self::Json => {
                "What the bank said, as it said it; secrets are masked, and what steers a terminal is \
                 taken out."
            }
            Self::JsonSearch => "Finds among keys and values, whatever their case.",
            Self::Copy => "What can be copied of what is selected.",
            Self::Export => "Writes the table into a file that only you can read.",
            Self::Palette => {
                "Every action, found by a few letters of its name. Those that would do nothing now \
                 are dim, and say why."
            }
        }
    }

    /// Whether characters that are pressed there are typed.
    pub(super) fn takes_text(self) -> bool {
        matches!(
            self,
            Self::Entry
                | Self::Filter
                | Self::Palette
                | Self::JsonSearch
                | Self::Export
                | Self::PaymentSearch
                | Self::PaymentForm
        )
    }

    /// What leads out of it, where it lies over a screen.
    pub(super) fn way_out(self) -> Option<Action> {
        match self {
            Self::Everywhere | Self::Locked => None,
            _ if self.screen().is_some() => None,
            Self::Help => Some(Action::Help),
            Self::Confirm => Some(Action::No),
            Self::Stored => Some(Action::Stored),
            _ => Some(Action::Back),
        }
    }

    /// The key that leads there, for contexts that are a screen.
    pub(super) fn screen(self) -> Option<Screen> {
        Screen::ALL
            .into_iter()
            .find(|screen| screen.context() == self)
    }
}

/// What a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Action {
    /// Leave the program.
    Leave,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-Z.
    Suspend,
    /// Open the help, or close it.
    Help,
    /// Open the palette.
    Palette,
    /// Go to a screen.
    Go(Screen),
    /// Connect another user.
    Connect,
    /// Set up what is chosen.
    SetUp,
    /// Try again.
    Retry,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// The choice before.
    Previous,
    /// The choice after.
    Next,
    /// Focus on the next pane or field.
    FocusNext,
    /// Focus on the pane or field before.
    FocusPrevious,
    /// Deeper.
    Enter,
    /// Back.
    Back,
    /// Approve as the phone would; demo only.
    Approve,
    /// Stop waiting for the redirect.
    Cancel,
    /// Open the address in the browser.
    OpenBrowser,
    /// Copy the address.
    CopyAddress,
    /// Copy the doctor's report.
    CopyReport,
    /// Show the address alone.
    ShowAddress,
    /// Paste the address of the page where the browser ended.
    PasteAddress,
    /// Let a phone on the network come back, or no longer.
    OverLan,
    /// Another form of the QR code.
    CycleForm,
    /// Take another port.
    ChangePort,
    /// Look for rows of a table.
    Filter,
    /// Sort a table by its next column.
    Sort,
    /// Sort it the other way round.
    TurnRound,
    /// The accounts of all users.
    AllAccounts,
    /// Take the mouse, or leave it to the terminal.
    Mouse,
    /// Read again from the bank.
    Refresh,
    /// Forget a user.
    Forget,
    /// Say in a form what is looked for.
    FilterForm,
    /// Look for nothing any more.
    ClearAll,
    /// Show charts, or the table again.
    Charts,
    /// Read the whole history.
    ReadAll,
    /// Open the list of profiles.
    Profiles,
    /// Show what is stored, or close that.
    Stored,
    /// Hide amounts and account numbers, or show them again.
    Hide,
    /// Draw with the next theme.
    NextTheme,
    /// Lock what is open.
    Lock,
    /// Open what is locked, as it was opened before.
    Unlock,
    /// Open it with its passphrase instead.
    TypePassphrase,
    /// Set up anew at a bank that has forgotten us.
    SetUpAnew,
    /// Yes.
    Yes,
    /// No.
    No,
    /// The other answer.
    Toggle,
    /// Take what was typed, or the answer that is marked.
    Submit,
    /// Show the bank's JSON of what is selected.
    RawJson,
    /// Unfold everything.
    UnfoldAll,
    /// Fold everything.
    FoldAll,
    /// Look for something.
    Search,
    /// To the next hit.
    NextHit,
    /// To the hit before.
    PreviousHit,
    /// Copy the selected value.
    CopyValue,
    /// Copy its path.
    CopyPath,
    /// Open the menu of what can be copied.
    CopyMenu,
    /// Copy this of the selected row.
    CopyPart(Part),
    /// Show the text alone.
    ShowAlone,
    /// Export the table in focus.
    Export,
}

impl Action {
    /// Whether it only moves a cursor.
    pub(super) fn only_moves(self) -> bool {
        matches!(
            self,
            Self::Up
                | Self::Down
                | Self::PageUp
                | Self::PageDown
                | Self::First
                | Self::Last
                | Self::Previous
                | Self::Next
                | Self::FocusNext
                | Self::FocusPrevious
        )
    }
}
