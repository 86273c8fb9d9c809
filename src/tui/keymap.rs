//! The one table of keys. Dispatch, footer and help come from it.

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
    /// Log.
    Log,
    /// The help.
    Help,
    /// A question.
    Confirm,
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
            Self::Log => "Log",
            Self::Help => "Help",
            Self::Confirm => "Question",
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
    /// Show the address alone.
    ShowAddress,
    /// Paste the address of the page where the browser ended.
    PasteAddress,
    /// Another form of the QR code.
    CycleForm,
    /// Take another port.
    ChangePort,
    /// Read again from the bank.
    Refresh,
    /// Forget a user.
    Forget,
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

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binding {
    /// Where it acts.
    pub(super) context: Context,
    /// By which keys; the first is the one in hints.
    pub(super) keys: &'static [Chord],
    /// What it means.
    pub(super) action: Action,
    /// In words.
    pub(super) label: &'static str,
    /// Its place among the hints: 1 goes last when the row is narrow, 0 is never a hint.
    pub(super) rank: u8,
}

const fn row(
    context: Context,
    keys: &'static [Chord],
    action: Action,
    label: &'static str,
    rank: u8,
) -> Binding {
    Binding {
        context,
        keys,
        action,
        label,
        rank,
    }
}

use Chord::{Char, Code, Ctrl};
use KeyCode as K;

const UP: &[Chord] = &[Code(K::Up), Char('k')];
const DOWN: &[Chord] = &[Code(K::Down), Char('j')];
const PAGE_UP: &[Chord] = &[Code(K::PageUp)];
const PAGE_DOWN: &[Chord] = &[Code(K::PageDown)];
const FIRST: &[Chord] = &[Code(K::Home)];
const LAST: &[Chord] = &[Code(K::End)];
const TAB: &[Chord] = &[Code(K::Tab)];
const BACK_TAB: &[Chord] = &[Code(K::BackTab)];
const ENTER: &[Chord] = &[Code(K::Enter)];
const ESC: &[Chord] = &[Code(K::Esc)];

/// All of them. Within a context, in the order of the help.
pub(super) const TABLE: &[Binding] = &{
    use Action as A;
    use Context as C;
    [
        row(C::Setup, &[Char('s')], A::SetUp, "set up", 1),
        row(C::Setup, &[Char('r')], A::Retry, "try again", 1),
        row(C::Setup, UP, A::Up, "up", 0),
        row(C::Setup, DOWN, A::Down, "down", 0),
        row(
            C::Setup,
            &[Code(K::Left), Char('h')],
            A::Previous,
            "choice before",
            0,
        ),
        row(
            C::Setup,
            &[Code(K::Right), Char('l')],
            A::Next,
            "other choice",
            2,
        ),
        row(C::Setup, TAB, A::FocusNext, "next row", 3),
        row(C::Setup, BACK_TAB, A::FocusPrevious, "row before", 0),
        row(
            C::Connect,
            ENTER,
            A::Approve,
            "approve as the phone would",
            1,
        ),
        row(C::Connect, &[Char('o')], A::OpenBrowser, "open browser", 2),
        row(C::Connect, &[Char('c')], A::CopyAddress, "copy", 3),
        row(C::Connect, &[Char('p')], A::PasteAddress, "paste", 4),
        row(C::Connect, &[Char('u')], A::ShowAddress, "address alone", 5),
        row(C::Connect, &[Char('v')], A::CycleForm, "other QR form", 6),
        row(C::Connect, &[Char('r')], A::Retry, "try again", 1),
        row(C::Connect, &[Char('e')], A::ChangePort, "other port", 2),
        row(C::Connect, ESC, A::Cancel, "cancel", 4),
        row(C::Users, UP, A::Up, "up", 0),
        row(C::Users, DOWN, A::Down, "down", 0),
        row(C::Users, PAGE_UP, A::PageUp, "page up", 0),
        row(C::Users, PAGE_DOWN, A::PageDown, "page down", 0),
        row(C::Users, FIRST, A::First, "first", 0),
        row(C::Users, LAST, A::Last, "last", 0),
        row(C::Users, ENTER, A::Enter, "details", 1),
        row(C::Users, ESC, A::Back, "back", 4),
        row(C::Users, TAB, A::FocusNext, "next pane", 2),
        row(C::Users, BACK_TAB, A::FocusPrevious, "pane before", 0),
        row(C::Users, &[Char('R')], A::Refresh, "refresh", 2),
        row(C::Users, &[Char('x')], A::Forget, "forget user", 4),
        row(C::Log, UP, A::Up, "up", 0),
        row(C::Log, DOWN, A::Down, "down", 0),
        row(C::Log, PAGE_UP, A::PageUp, "page up", 0),
        row(C::Log, PAGE_DOWN, A::PageDown, "page down", 2),
        row(C::Log, FIRST, A::First, "newest", 2),
        row(C::Log, LAST, A::Last, "oldest", 3),
        row(
            C::Help,
            &[Code(K::Esc), Char('?'), Char('q')],
            A::Help,
            "close",
            1,
        ),
        row(C::Help, UP, A::Up, "up", 0),
        row(C::Help, DOWN, A::Down, "down", 2),
        row(C::Confirm, &[Char('y')], A::Yes, "yes", 1),
        row(C::Confirm, &[Char('n'), Code(K::Esc)], A::No, "no", 1),
        row(
            C::Confirm,
            &[Code(K::Tab), Code(K::Left), Code(K::Right)],
            A::Toggle,
            "other answer",
            2,
        ),
        row(C::Confirm, ENTER, A::Submit, "the marked answer", 2),
        row(C::Entry, ENTER, A::Submit, "take it", 1),
        row(C::Entry, ESC, A::Back, "never mind", 1),
        row(C::Address, ESC, A::Back, "back", 1),
        row(C::Address, &[Char('c')], A::CopyAddress, "copy", 2),
        row(C::Everywhere, &[Char('n')], A::Connect, "connect a user", 3),
        row(
            C::Everywhere,
            &[Char('1')],
            A::Go(Screen::Setup),
            "Setup",
            0,
        ),
        row(
            C::Everywhere,
            &[Char('2')],
            A::Go(Screen::Connect),
            "Connect",
            0,
        ),
        row(
            C::Everywhere,
            &[Char('3')],
            A::Go(Screen::Users),
            "Users",
            0,
        ),
        row(C::Everywhere, &[Char('5')], A::Go(Screen::Log), "Log", 0),
        row(C::Everywhere, &[Char('?')], A::Help, "help", 1),
        row(C::Everywhere, &[Char('q')], A::Leave, "leave", 5),
        row(
            C::Everywhere,
            &[Ctrl('c')],
            A::Interrupt,
            "leave from anywhere",
            0,
        ),
        row(
            C::Everywhere,
            &[Ctrl('z')],
            A::Suspend,
            "to the shell; fg returns",
            0,
        ),
    ]
};

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

    #[test]
    fn payments_and_doctor_are_not_there_yet() {
        assert!(find(&[Context::Everywhere], Char('4')).is_none());
        assert!(find(&[Context::Everywhere], Char('6')).is_none());
    }
}
