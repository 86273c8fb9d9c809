//! What there is to copy of a row.

use jiff::Timestamp;
use serde_json::Value;

use crate::tui::app::{Model, Screen};
use crate::tui::screen::{log, payments, users};
use crate::workspace::export::{Format, RequestLine, Rows, tabbed};
use crate::workspace::{AccountSummary, Accounts, Payments, UserSummary};

/// What a text is of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::tui) enum Part {
    /// An account number.
    Iban,
    /// A balance or an amount, as a bare number.
    Amount,
    /// A name.
    Name,
    /// What its owner calls it.
    Description,
    /// The bank's number, or ours.
    Number,
    /// What a request asked for.
    Path,
    /// The cells, separated by tabs.
    Row,
    /// All of it as JSON.
    Json,
}

impl Part {
    /// The key that copies it.
    pub(in crate::tui) const fn letter(self) -> char {
        match self {
            Self::Iban => 'i',
            Self::Amount => 'a',
            Self::Name => 'n',
            Self::Description => 'd',
            Self::Number => '#',
            Self::Path => 'p',
            Self::Row => 't',
            Self::Json => 'j',
        }
    }

    /// Whether an amount or an account number is in it.
    pub(super) fn is_figure(self) -> bool {
        matches!(self, Self::Iban | Self::Amount | Self::Row | Self::Json)
    }

    /// As the menu has it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Iban => "IBAN",
            Self::Amount => "Amount",
            Self::Name => "Name",
            Self::Description => "Description",
            Self::Number => "Number",
            Self::Path => "Path",
            Self::Row => "Row, by tabs",
            Self::Json => "Row as JSON",
        }
    }

    /// In a sentence.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Iban => "IBAN",
            Self::Amount => "amount",
            Self::Name => "name",
            Self::Description => "description",
            Self::Number => "number",
            Self::Path => "path",
            Self::Row | Self::Json => "row",
        }
    }
}

/// A text that can be copied.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) part: Part,
    pub(super) text: String,
}

/// Whether a row is selected on a screen.
pub(super) fn is_selected(model: &Model, screen: Screen) -> bool {
    match screen {
        Screen::Users if model.users.all.is_some() => users::selected_owned(model).is_some(),
        Screen::Users => users::selected(model).is_some(),
        Screen::Payments => payments::selected_line(model).is_some(),
        Screen::Log => log::selected(model).is_some(),
        Screen::Setup | Screen::Connect | Screen::Doctor => false,
    }
}

/// What there is to copy of the selected row; none where no row is selected.
pub(super) fn of_selected(model: &Model) -> Option<Vec<Item>> {
    let items = match model.screen {
        Screen::Users if model.users.all.is_some() => {
            let owned = users::selected_owned(model)?;
            of_account(&owned.account, owned.as_of)
        }
        Screen::Payments => of_payment(&payments::selected_line(model)?),
        Screen::Users => match users::selected(model)? {
            users::Selected::User(user) => of_user(user),
            users::Selected::Account(account, all) => of_account(account, all.as_of),
        },
        Screen::Log => of_request(&log::selected_line(model)?),
        Screen::Setup | Screen::Connect | Screen::Doctor => return None,
    };
    Some(
        items
            .into_iter()
            .filter(|item| !item.text.is_empty())
            .collect(),
    )
}

fn item(part: Part, text: impl ToString) -> Item {
    Item {
        part,
        text: text.to_string(),
    }
}

fn of_user(user: &UserSummary) -> Vec<Item> {
    let totals: Vec<String> = user.totals.iter().map(|money| money.to_string()).collect();
    let amount = match totals.as_slice() {
        [_] => user
            .totals
            .iter()
            .map(|money| money.value.to_string())
            .collect(),
        _ => totals.join("; "),
    };
    vec![
        item(Part::Name, &user.name),
        item(Part::Number, user.number),
        item(Part::Amount, amount),
        item(
            Part::Row,
            tabbed(&[
                user.number.to_string(),
                user.name.to_string(),
                user.kind.to_string(),
                totals.join("; "),
            ]),
        ),
        item(Part::Json, json(&Rows::Users(vec![user.clone()]))),
    ]
}

fn of_account(account: &AccountSummary, as_of: Timestamp) -> Vec<Item> {
    let iban = account.iban.as_ref().map_or("", |iban| iban.as_str());
    let balance = account.balance;
    let amount = balance.map_or_else(String::new, |money| money.value.to_string());
    let currency = balance.map_or_else(String::new, |money| money.currency.to_string());
    let row = Accounts {
        as_of,
        rows: vec![account.clone()],
    };
    vec![
        item(Part::Iban, iban),
        item(Part::Amount, &amount),
        item(Part::Description, &account.description),
        item(Part::Number, account.id),
        item(
            Part::Row,
            tabbed(&[
                account.id.to_string(),
                account.description.to_string(),
                iban.to_owned(),
                account.kind.to_string(),
                amount,
                currency,
                account.status.to_string(),
            ]),
        ),
        item(Part::Json, json(&Rows::Accounts(row))),
    ]
}

/// One payment, as a list of one.
fn of_payment(payments: &Payments) -> Vec<Item> {
    let Some(payment) = payments.rows.first() else {
        return Vec::new();
    };
    let iban = payment.counterparty_iban.as_ref();
    let iban = iban.map_or("", |iban| iban.as_str());
    let amount = payment.amount.value.to_string();
    vec![
        item(Part::Iban, iban),
        item(Part::Amount, &amount),
        item(Part::Name, &payment.counterparty),
        item(Part::Description, &payment.description),
        item(Part::Number, payment.id),
        item(
            Part::Row,
            tabbed(&[
                payment.id.to_string(),
                payment.created.to_string(),
                amount,
                payment.amount.currency.to_string(),
                payment.counterparty.to_string(),
                iban.to_owned(),
                payment.description.to_string(),
                payment.kind.to_string(),
            ]),
        ),
        item(Part::Json, json(&Rows::Payments(payments.clone()))),
    ]
}

fn of_request(request: &RequestLine) -> Vec<Item> {
    vec![
        item(Part::Path, &request.path),
        item(
            Part::Row,
            tabbed(&[
                request.queued.to_string(),
                request.method.to_string(),
                request.path.clone(),
                request.status.map_or_else(String::new, |s| s.to_string()),
            ]),
        ),
        item(Part::Json, json(&Rows::Requests(vec![request.clone()]))),
    ]
}

/// The one row as an object of its own.
fn json(rows: &Rows) -> String {
    let text = rows.text(Format::Json).unwrap_or_default();
    match serde_json::from_str::<Value>(&text) {
        Ok(Value::Array(mut rows)) => rows.pop().map_or_else(String::new, |row| indented(&row)),
        Ok(row) => indented(&row),
        Err(_) => String::new(),
    }
}

fn indented(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
