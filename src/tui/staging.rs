//! Screens with made-up rows, without a terminal and without a bank: what `benches/frames.rs`
//! measures.

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;

use super::Start;
use super::app::{Effect, Facts, Keystroke, Model, Msg, Screen, Themes, update};
use super::forms::Forms;
use super::keymap::Action;
use super::keymap::Keymap;
use super::mouse::{Gesture, Pointed};
use super::screen::{doctor, payments, users};
use super::theme::{Theme, ThemeName};
use super::view::view;
use crate::base::{
    AccountId, AccountKind, BankText, Currency, Environment, Iban, Locale, Money, PaymentId,
    UserKind, UserNumber,
};
use crate::workspace::{
    PaymentLine, PaymentList, Profile, SessionState, Stage, StoredAccount, UserSummary,
};

/// A screen full of made-up rows.
#[derive(Debug)]
pub struct Staged {
    model: Model,
}

const NAMES: [&str; 8] = [
    "Zoë Müller",
    "Gerda Bakker",
    "Bakkerij De Gouden Korst B.V.",
    "李小龍",
    "Jan de Vries",
    "Ana María López",
    "Sven Ødegård",
    "Fatima el Amrani",
];

fn name(number: usize) -> BankText {
    let name = NAMES.get(number % NAMES.len()).copied().unwrap_or_default();
    BankText::new(&format!("{name} {}", number / NAMES.len()))
}

fn money(number: usize) -> Money {
    Money {
        value: rust_decimal::Decimal::new(
            i64::try_from(number * 7919 % 10_000_000).unwrap_or(0),
            2,
        ),
        currency: Currency::EUR,
    }
}

/// The account number of the made-up account of this number.
#[must_use]
pub fn iban(number: usize) -> String {
    // Scattered, so that the ends of two numbers differ in more than their last digits.
    format!("NL14BUNQ{:010}", number * 7_654_321 % 9_999_999_967)
}

fn user(number: usize) -> UserSummary {
    UserSummary {
        number: UserNumber(u32::try_from(number).unwrap_or(u32::MAX)),
        name: name(number),
        kind: UserKind::Person,
        accounts: Some(10),
        totals: [money(number)].into_iter().collect(),
        connected_at: Some(Timestamp::UNIX_EPOCH),
        session: SessionState::Expired,
        revoked_at: None,
        of_earlier_setup: false,
        as_of: Some(Timestamp::UNIX_EPOCH),
    }
}

impl Staged {
    /// So many users at this size of the terminal.
    #[must_use]
    pub fn users(count: usize, size: (u16, u16)) -> Self {
        let facts = Facts {
            over_ssh: false,
            terminal: doctor::Terminal::default(),
            forms: Forms::new(TimeZone::UTC, Locale::ISO),
            theme: Theme::new(ThemeName::Terminal, false),
            key_file: None,
            lock_after: None,
            here: PathBuf::new(),
            home: None,
            keymap: Keymap::default(),
            themes: Themes {
                first: ThemeName::Terminal,
                pinned: None,
                true_colour: false,
            },
            refresh: None,
            limits: None,
        };
        let mut model = Model::new(facts, &Start::First, Timestamp::UNIX_EPOCH);
        let profile = Profile {
            environment: Environment::Sandbox,
            name: Environment::Sandbox.file_stem(),
        };
        model.data.turn_to(profile, 0);
        model.data.stage = Some(Stage::Ready);
        model.data.list((1..=count).map(user).collect());
        model.screen = Screen::Users;
        let mut staged = Self { model };
        staged.take(Msg::Resized(size.0, size.1));
        staged
    }

    /// So many accounts of a tenth as many users in one table.
    #[must_use]
    pub fn all_accounts(count: usize, size: (u16, u16)) -> Self {
        let mut staged = Self::users(count.div_ceil(10), size);
        for effect in staged.take(Msg::Acted(Action::AllAccounts)) {
            if let Effect::RecallAllAccounts { generation } = effect {
                let msg = users::Msg::AllAccountsRecalled {
                    generation,
                    result: Ok(Arc::new(accounts(count))),
                };
                staged.take(Msg::Users(msg));
            }
        }
        staged
    }

    /// So many payments of one account.
    #[must_use]
    pub fn payments(count: usize, size: (u16, u16)) -> Self {
        let mut staged = Self::users(1, size);
        let of = payments::Of {
            user: UserNumber(1),
            account: AccountId(1),
            name: BankText::new("Main"),
        };
        staged.model.screen = Screen::Payments;
        for effect in payments::open(&mut staged.model, of) {
            if let Effect::ListPayments { generation, .. } = effect {
                let result = Ok(Some(payment_list(count)));
                staged.take(Msg::Payments(payments::Msg::Listed { generation, result }));
            }
        }
        staged
    }

    fn take(&mut self, msg: Msg) -> Vec<Effect> {
        let now = self.model.now;
        update(&mut self.model, msg, now)
    }

    /// Draws a frame.
    pub fn draw(&self, buffer: &mut Buffer) {
        let area = buffer.area;
        view(&self.model, area, buffer);
    }

    /// Opens the filter.
    pub fn open_filter(&mut self) {
        self.take(Msg::Acted(Action::Filter));
    }

    /// Types a character into the filter, and does what it leads to.
    pub fn type_filter(&mut self, character: char) {
        let key = KeyEvent::from(KeyCode::Char(character));
        let effects = self.take(Msg::Typed(Keystroke(key)));
        self.arrange(effects);
    }

    /// Keeps the filter, or takes it away.
    pub fn close_filter(&mut self, kept: bool) {
        let action = if kept { Action::Submit } else { Action::Back };
        let effects = self.take(Msg::Acted(action));
        self.arrange(effects);
    }

    /// Sorts by the next column.
    pub fn sort(&mut self) {
        let effects = self.take(Msg::Acted(Action::Sort));
        self.arrange(effects);
    }

    /// One row down.
    pub fn down(&mut self) {
        let effects = self.take(Msg::Acted(Action::Down));
        self.arrange(effects);
    }

    /// A notch of the wheel there.
    pub fn wheel(&mut self, column: u16, row: u16) {
        let pointed = Pointed {
            gesture: Gesture::WheelDown,
            at: (column, row).into(),
        };
        self.take(Msg::Pointed(pointed));
    }

    fn arrange(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Arrange {
                generation,
                list,
                job,
            } = effect
                && let Some(arranged) = job.run(|| true)
            {
                self.take(Msg::Arranged {
                    generation,
                    list,
                    arranged,
                });
            }
        }
    }
}

fn payment_list(count: usize) -> PaymentList {
    let row = |number: usize| PaymentLine {
        id: PaymentId((count - number) as u64),
        created: Timestamp::UNIX_EPOCH,
        amount: money(number),
        balance_after: Some(money(number)),
        counterparty: name(number),
        counterparty_iban: Iban::new(&iban(number)),
        description: BankText::new("Groceries"),
        kind: BankText::new("BUNQ"),
    };
    PaymentList {
        as_of: Timestamp::UNIX_EPOCH,
        complete: true,
        since: Some(Timestamp::UNIX_EPOCH),
        oldest: Some(PaymentId(1)),
        stored: count as u64,
        requests_left: Some(0),
        rows: (0..count).map(row).collect(),
    }
}

fn accounts(count: usize) -> users::AllAccounts {
    let mut all = users::Collector::default();
    for number in 0..count {
        let user = number / 10 + 1;
        all.push(&StoredAccount {
            user: UserNumber(u32::try_from(user).unwrap_or(u32::MAX)),
            owner: &name(user),
            id: AccountId(number as u64),
            description: BankText::new(if number % 10 == 0 { "Main" } else { "Savings" }),
            iban: Iban::new(&iban(number)),
            kind: AccountKind::Bank,
            balance: Some(money(number)),
            status: BankText::new("ACTIVE"),
        });
    }
    all.finish()
}
