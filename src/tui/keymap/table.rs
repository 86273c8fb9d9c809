//! The one table of keys.

use crossterm::event::KeyCode;

use super::{Action, Chord, Context};
use crate::tui::app::Screen;

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub(in crate::tui) struct Binding {
    /// Where it acts.
    pub(in crate::tui) context: Context,
    /// By which keys; the first is the one in hints.
    pub(in crate::tui) keys: &'static [Chord],
    /// What it means.
    pub(in crate::tui) action: Action,
    /// In words.
    pub(in crate::tui) label: &'static str,
    /// Its place among the hints: 1 goes last when the row is narrow, 0 is never a hint.
    pub(in crate::tui) rank: u8,
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
pub(in crate::tui) const TABLE: &[Binding] = &{
    use Action as A;
    use Context as C;
    [
        row(C::Setup, &[Char('s')], A::SetUp, "set up", 1),
        row(C::Setup, &[Char('r')], A::Retry, "try again", 1),
        row(C::Setup, &[Char('p')], A::TypePassphrase, "passphrase", 1),
        row(C::Setup, ESC, A::Cancel, "stop waiting", 1),
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
        row(C::Setup, &[Char('i')], A::Stored, "what is stored", 7),
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
        row(C::Connect, &[Char('v')], A::CycleForm, "other QR form", 7),
        row(C::Connect, &[Char('w')], A::OverLan, "by phone", 6),
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
        row(C::Users, &[Char('g')], A::Charts, "shares", 5),
        row(C::Payments, UP, A::Up, "up", 0),
        row(C::Payments, DOWN, A::Down, "down", 0),
        row(C::Payments, PAGE_UP, A::PageUp, "page up", 0),
        row(C::Payments, PAGE_DOWN, A::PageDown, "page down", 0),
        row(C::Payments, FIRST, A::First, "first", 0),
        row(C::Payments, LAST, A::Last, "last", 0),
        row(C::Payments, ENTER, A::Enter, "details", 1),
        row(C::Payments, TAB, A::FocusNext, "next pane", 0),
        row(C::Payments, BACK_TAB, A::FocusPrevious, "pane before", 0),
        row(C::Payments, &[Char('/')], A::Search, "search", 1),
        row(C::Payments, ESC, A::Back, "back", 1),
        row(C::Payments, &[Char('f')], A::FilterForm, "filter", 2),
        row(C::Payments, &[Char('s')], A::Sort, "sort", 4),
        row(C::Payments, &[Char('S')], A::TurnSort, "turn the order", 0),
        row(C::Payments, &[Char('g')], A::Charts, "charts", 2),
        row(C::Payments, &[Char('R')], A::Refresh, "refresh", 3),
        row(C::Payments, &[Char('G')], A::ReadAll, "whole history", 4),
        row(C::Log, UP, A::Up, "up", 0),
        row(C::Log, DOWN, A::Down, "down", 0),
        row(C::Log, PAGE_UP, A::PageUp, "page up", 0),
        row(C::Log, PAGE_DOWN, A::PageDown, "page down", 3),
        row(C::Log, FIRST, A::First, "first", 3),
        row(C::Log, LAST, A::Last, "last", 3),
        row(C::Log, ENTER, A::Enter, "details", 1),
        row(C::Log, ESC, A::Back, "back", 1),
        row(C::Doctor, UP, A::Up, "up", 0),
        row(C::Doctor, DOWN, A::Down, "down", 0),
        row(C::Doctor, PAGE_UP, A::PageUp, "page up", 0),
        row(C::Doctor, PAGE_DOWN, A::PageDown, "page down", 0),
        row(C::Doctor, FIRST, A::First, "first", 0),
        row(C::Doctor, LAST, A::Last, "last", 0),
        row(C::Doctor, ENTER, A::Enter, "alone", 2),
        row(C::Doctor, ESC, A::Back, "back", 1),
        row(C::Doctor, &[Char('R')], A::Refresh, "look again", 1),
        row(C::Doctor, &[Char('c')], A::CopyReport, "copy report", 2),
        row(C::Doctor, &[Char('i')], A::Stored, "what is stored", 3),
        row(C::Locked, ENTER, A::Unlock, "unlock", 1),
        row(C::Locked, &[Char('p')], A::TypePassphrase, "passphrase", 2),
        row(C::Locked, ESC, A::Cancel, "stop waiting", 1),
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
        row(C::Profiles, UP, A::Up, "up", 0),
        row(C::Profiles, DOWN, A::Down, "down", 2),
        row(C::Profiles, ENTER, A::Submit, "open it", 1),
        row(C::Profiles, ESC, A::Back, "close", 1),
        row(C::Locking, UP, A::Up, "up", 0),
        row(C::Locking, DOWN, A::Down, "down", 2),
        row(C::Locking, ENTER, A::Submit, "take it", 1),
        row(C::Locking, ESC, A::Back, "never mind", 1),
        row(
            C::Stored,
            &[Code(K::Esc), Char('i'), Char('q')],
            A::Stored,
            "close",
            1,
        ),
        row(C::Stored, UP, A::Up, "up", 0),
        row(C::Stored, DOWN, A::Down, "down", 2),
        row(C::Stored, PAGE_UP, A::PageUp, "page up", 0),
        row(C::Stored, PAGE_DOWN, A::PageDown, "page down", 3),
        row(C::Stored, FIRST, A::First, "first", 0),
        row(C::Stored, LAST, A::Last, "last", 0),
        row(C::PaymentSearch, ENTER, A::Submit, "keep it", 1),
        row(C::PaymentSearch, ESC, A::Back, "never mind", 1),
        row(C::PaymentForm, ENTER, A::Submit, "look for it", 1),
        row(C::PaymentForm, ESC, A::Back, "never mind", 1),
        row(
            C::PaymentForm,
            &[Code(K::Tab), Code(K::Down)],
            A::FocusNext,
            "next field",
            2,
        ),
        row(
            C::PaymentForm,
            &[Code(K::BackTab), Code(K::Up)],
            A::FocusPrevious,
            "field before",
            0,
        ),
        row(C::PaymentForm, &[Ctrl('x')], A::ClearAll, "clear all", 2),
        row(C::Entry, ENTER, A::Submit, "take it", 1),
        row(C::Entry, ESC, A::Back, "never mind", 1),
        row(C::Address, ESC, A::Back, "back", 1),
        row(C::Address, &[Char('c')], A::CopyAddress, "copy", 2),
        row(C::Everywhere, &[Char('a')], A::SetUpAnew, "set up anew", 1),
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
        row(
            C::Everywhere,
            &[Char('4')],
            A::Go(Screen::Payments),
            "Payments",
            0,
        ),
        row(C::Everywhere, &[Char('5')], A::Go(Screen::Log), "Log", 0),
        row(
            C::Everywhere,
            &[Char('6')],
            A::Go(Screen::Doctor),
            "Doctor",
            0,
        ),
        row(C::Everywhere, &[Char('P')], A::Profiles, "profiles", 6),
        row(C::Everywhere, &[Char('L')], A::Lock, "lock", 6),
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
