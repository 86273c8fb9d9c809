//! Keys and what they mean. Dispatch, footer and help come from the one table.

mod table;

pub(super) use table::{Binding, TABLE};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::app::Screen;

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
    /// Read again from the bank.
    Refresh,
    /// Forget a user.
    Forget,
    /// Look for text as it is typed.
    Search,
    /// Say in a form what is looked for.
    FilterForm,
    /// Look for nothing any more.
    ClearAll,
    /// Sort by the next column.
    Sort,
    /// Sort the other way round.
    TurnSort,
    /// Show charts, or the table again.
    Charts,
    /// Read the whole history.
    ReadAll,
    /// Open the list of profiles.
    Profiles,
    /// Show what is stored, or close that.
    Stored,
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
}

/// A key as the table writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chord {
    /// A character as typed, capitals included.
    Char(char),
    /// Ctrl and a character.
    Ctrl(char),
    /// A key without a character.
    Code(KeyCode),
}

impl Chord {
    /// What was pressed; none for keys with Alt and the like, which mean nothing here.
    pub(super) fn of(key: KeyEvent) -> Option<Self> {
        let KeyEvent {
            code, modifiers, ..
        } = key;
        let others = modifiers.difference(KeyModifiers::SHIFT | KeyModifiers::CONTROL);
        if !others.is_empty() {
            return None;
        }
        let control = modifiers.contains(KeyModifiers::CONTROL);
        match code {
            KeyCode::Char(character) if control => Some(Self::Ctrl(character.to_ascii_lowercase())),
            // Some terminals send the small letter with Shift.
            KeyCode::Char(character) if modifiers.contains(KeyModifiers::SHIFT) => {
                Some(Self::Char(character.to_ascii_uppercase()))
            }
            KeyCode::Char(character) => Some(Self::Char(character)),
            KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => {
                Some(Self::Code(KeyCode::BackTab))
            }
            code => Some(Self::Code(code)),
        }
    }

    /// As it is written on the screen.
    pub(super) fn label(self) -> String {
        match self {
            Self::Char(' ') => "Space".into(),
            Self::Char(character) => character.into(),
            Self::Ctrl(character) => format!("Ctrl-{}", character.to_ascii_uppercase()),
            Self::Code(code) => match code {
                KeyCode::Up => "↑".into(),
                KeyCode::Down => "↓".into(),
                KeyCode::Left => "←".into(),
                KeyCode::Right => "→".into(),
                KeyCode::PageUp => "PgUp".into(),
                KeyCode::PageDown => "PgDn".into(),
                KeyCode::BackTab => "Shift-Tab".into(),
                other => other.to_string(),
            },
        }
    }
}

/// The row for a key, the first context that has it winning.
pub(super) fn find(contexts: &[Context], chord: Chord) -> Option<&'static Binding> {
    contexts.iter().find_map(|context| {
        TABLE
            .iter()
            .find(|binding| binding.context == *context && binding.keys.contains(&chord))
    })
}

/// Where else a key acts: for saying why it does nothing here.
pub(super) fn elsewhere(chord: Chord) -> Option<&'static Binding> {
    TABLE
        .iter()
        .find(|binding| binding.context.screen().is_some() && binding.keys.contains(&chord))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Chord::Char;

    #[test]
    fn no_key_means_two_things_in_one_context() {
        for (place, binding) in TABLE.iter().enumerate() {
            for other in &TABLE[place + 1..] {
                let same = binding.context == other.context
                    && binding.keys.iter().any(|key| other.keys.contains(key));
                assert!(!same, "{binding:?} and {other:?}");
            }
        }
    }

    #[test]
    fn capitals_however_the_terminal_sends_them() {
        let shifted = KeyEvent::new(KeyCode::Char('r'), KeyModifiers::SHIFT);
        let capital = KeyEvent::new(KeyCode::Char('R'), KeyModifiers::NONE);
        assert_eq!(Chord::of(shifted), Some(Char('R')));
        assert_eq!(Chord::of(capital), Some(Char('R')));
    }
}
