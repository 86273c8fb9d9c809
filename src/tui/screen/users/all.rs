//! The accounts of all users in one table. There may be a hundred thousand of them: their words are
//! kept once, as the text in which they are found.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::rows::{account_id, user_id};
use super::update::{recall, want_account};
use super::{About, Focus};
use crate::base::{AccountId, AccountKind, BankText, Iban, Money, UserNumber};
use crate::tui::app::{Effect, Model};
use crate::tui::data::{Generation, Remote};
use crate::tui::keymap::{Action, Context};
use crate::tui::listing::{Index, Key, Listing, RowId, Rows};
use crate::tui::lists::{self, List, Placed};
use crate::tui::view::body;
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::table::Column;
use crate::tui::widget::text::{problem_lines, wrap_lines};
use crate::workspace::export::OwnedAccount;
use crate::workspace::{AccountSummary, StoredAccount};

const COLUMNS: [Column; 7] = [
    Column::new("#", 6, 4).right(),
    Column::new("Name", 8, 0).up_to(36),
    Column::new("Account", 10, 1).up_to(32),
    Column::new("IBAN", 22, 2).up_to(27),
    Column::new("Kind", 8, 5).up_to(16),
    Column::new("Balance", 14, 0).up_to(20).right(),
    Column::new("Status", 8, 6),
];

/// What its words do not say.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    user: UserNumber,
    id: AccountId,
    kind: AccountKind,
    balance: Option<Money>,
}

/// The accounts of all users, as they are stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::tui) struct AllAccounts {
    rows: Vec<Row>,
    words: Arc<Index>,
    /// How many decimals the balance with the most has.
    decimals: usize,
}

/// Takes one account after the other.
#[derive(Default)]
pub(in crate::tui) struct Collector {
    rows: Vec<Row>,
    words: Index,
    decimals: usize,
}

impl Collector {
    /// One more.
    pub(in crate::tui) fn push(&mut self, account: &StoredAccount<'_>) {
        let balance = account.balance.map(|money| money.to_string());
        self.words.push([
            account.user.to_string().as_str(),
            account.owner.as_str(),
            account.description.as_str(),
            account.iban.as_ref().map_or("", Iban::as_str),
            account.kind.label(),
            balance.as_deref().unwrap_or_default(),
            account.status.as_str(),
        ]);
        self.rows.push(Row {
            user: account.user,
            id: account.id,
            kind: account.kind.clone(),
            balance: account.balance,
        });
        let decimals = account.balance.map_or(0, |money| money.value.scale());
        self.decimals = self.decimals.max(decimals as usize);
    }

    /// That is all of them.
    pub(in crate::tui) fn finish(mut self) -> AllAccounts {
        self.rows.shrink_to_fit();
        AllAccounts {
            rows: self.rows,
            words: Arc::new(self.words.finish()),
            decimals: self.decimals,
        }
    }
}

/// The table, while it is open.
#[derive(Clone, Debug, Default)]
pub(in crate::tui) struct All {
    pub(in crate::tui) listing: Listing,
    accounts: Remote<Arc<AllAccounts>>,
}

struct AllRows<'a> {
    all: &'a AllAccounts,
    version: u64,
}

impl Rows for AllRows<'_> {
    fn len(&self) -> usize {
        self.all.rows.len()
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn id(&self, place: usize) -> Option<RowId> {
        let row = self.all.rows.get(place)?;
        Some(user_id(row.user) << 64 | account_id(row.id))
    }

    fn index(&self) -> Arc<Index> {
        Arc::clone(&self.all.words)
    }

    fn key(&self, place: usize, column: usize) -> Key {
        match (column, self.all.rows.get(place)) {
            (_, None) => Key::Missing,
            (0, Some(row)) => Key::number(row.user.0),
            (5, Some(row)) => Key::money(row.balance.as_ref()),
            (column, Some(_)) => match self.all.words.cell(place, column) {
                "" => Key::Missing,
                words => Key::text(words),
            },
        }
    }
}

fn known(model: &Model) -> Option<&AllAccounts> {
    let all = model.users.all.as_ref()?;
    all.accounts.value().map(|accounts| &**accounts)
}

fn count(model: &Model) -> usize {
    known(model).map_or(0, |all| all.rows.len())
}

fn selected(model: &Model) -> Option<Row> {
    let place = model.users.all.as_ref()?.listing.selected()?;
    known(model)?.rows.get(place).cloned()
}

/// The account at a place among all rows, and whose it is.
fn owned(model: &Model, place: usize) -> Option<OwnedAccount> {
    let all = known(model)?;
    let row = all.rows.get(place)?;
    let user = model.data.users.get(model.data.place_of(row.user)?)?;
    let word = |column| all.words.cell(place, column);
    Some(OwnedAccount {
        user: row.user,
        name: user.name.clone(),
        as_of: user.as_of?,
        account: AccountSummary {
            id: row.id,
            description: BankText::new(word(2)),
            iban: Iban::new(word(3)),
            kind: row.kind.clone(),
            balance: row.balance,
            status: BankText::new(word(6)),
            details: Vec::new(),
        },
    })
}

/// The selected account, and whose it is.
pub(in crate::tui) fn selected_owned(model: &Model) -> Option<OwnedAccount> {
    owned(model, model.users.all.as_ref()?.listing.selected()?)
}

/// The accounts at these places, for a file.
pub(in crate::tui) fn owned_at(
    model: &Model,
    places: impl Iterator<Item = usize>,
) -> Vec<OwnedAccount> {
    places.filter_map(|place| owned(model, place)).collect()
}

/// How many there are; none where the table is not open.
pub(in crate::tui) fn open_count(model: &Model) -> Option<usize> {
    model.users.all.as_ref().map(|_| count(model))
}

/// Opens it.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.users.all = Some(All::default());
    read(model)
}

/// Reads it again, where it is open: something may have changed.
pub(super) fn read(model: &mut Model) -> Vec<Effect> {
    let Some(all) = &mut model.users.all else {
        return Vec::new();
    };
    let generation = model.data.next_generation();
    all.accounts.ask(generation);
    vec![Effect::RecallAllAccounts { generation }]
}

/// They were read; late answers are dropped.
pub(super) fn on_recalled(
    model: &mut Model,
    generation: Generation,
    result: Result<Arc<AllAccounts>, crate::base::Problem>,
) {
    if let Some(all) = &mut model.users.all {
        all.accounts.answer(generation, result);
    }
}

/// What a key does there.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Back => model.users.all = None,
        Action::Enter => return go_to(model),
        action => {
            let page = page(model);
            let count = count(model);
            if let Some(all) = &mut model.users.all {
                all.listing.act(action, count, page);
            }
        }
    }
    Vec::new()
}

/// To the account in the usual view.
fn go_to(model: &mut Model) -> Vec<Effect> {
    let Some(row) = selected(model) else {
        return Vec::new();
    };
    let state = &mut model.users;
    state.all = None;
    state.focus = Focus::Accounts;
    state.about = About::Account;
    state.scroll = 0;
    state.users.clear_filter();
    state.users.want(user_id(row.user));
    want_account(model, row.user, row.id);
    recall(model)
}

/// Why a key does nothing there, to be spelled.
pub(super) fn refusal(model: &Model, action: Action) -> Option<&'static str> {
    match action {
        Action::Enter if selected(model).is_none() => Some("There is no account to go to."),
        Action::AllAccounts => Some("These are all accounts. {users.back} goes back."),
        Action::Charts => Some("Shares are of one user's accounts. {users.back} goes back."),
        Action::FocusNext | Action::FocusPrevious => {
            Some("There is one table here. {users.back} goes back.")
        }
        Action::Refresh => Some(
            "These are as stored. {users.back} goes back; {users.refresh} there asks the bank.",
        ),
        Action::Forget => {
            Some("{users.back} goes back to the users; {users.forget} there forgets one.")
        }
        _ => None,
    }
}

fn page(model: &Model) -> usize {
    let listing = model.users.all.as_ref().map(|all| &all.listing);
    listing.map_or(1, |listing| lists::page(listing, body(model).height))
}

/// Keeps the selection in range and in sight.
pub(super) fn settle(model: &mut Model) -> Option<Effect> {
    let page = page(model);
    let all = model.users.all.as_mut()?;
    let version = all.accounts.version();
    let rows = all.accounts.value()?;
    let rows = AllRows { all: rows, version };
    let job = all.listing.settle(&rows, page);
    lists::ask(model, List::AllAccounts, job)
}

/// Where it is.
pub(super) fn placed(model: &Model, area: Rect) -> Placed {
    Placed {
        list: List::AllAccounts,
        area,
        columns: COLUMNS.to_vec(),
        count: count(model),
    }
}

/// Draws it.
pub(super) fn view(model: &Model, all: &All, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let remark = if all.accounts.is_loading() {
        "reading…"
    } else {
        ""
    };
    let Some(accounts) = all.accounts.value().filter(|all| !all.rows.is_empty()) else {
        let inner = inset(pane(theme, "All accounts", remark, true, area, buffer));
        let mut lines = vec![Line::default()];
        match all.accounts.problem() {
            Some(problem) => lines.extend(problem_lines(model, problem)),
            None if all.accounts.is_loading() => lines.push(Line::raw("Reading what is stored…")),
            None => lines.extend([
                Line::styled("No account is stored yet", theme.strong()),
                Line::from(vec![
                    Span::styled(model.key(Context::Users, Action::Back), theme.key()),
                    Span::raw("  "),
                    Span::raw(
                        model.spell("goes back; {users.refresh} there asks the bank for them"),
                    ),
                ]),
            ]),
        }
        return paragraph(&wrap_lines(&lines, inner.width), inner, buffer);
    };
    let title = format!("All accounts {}", accounts.rows.len());
    placed(model, area).draw(model, (&title, remark), buffer, |place| {
        let cells = cells(model, accounts, place)?;
        Some((cells, theme.text()))
    });
}

fn cells(model: &Model, all: &AllAccounts, place: usize) -> Option<Vec<String>> {
    let forms = &model.facts.forms;
    let row = all.rows.get(place)?;
    let dash = || "—".to_owned();
    let words = all.words.cells(place).enumerate();
    let cell = |(column, words): (usize, &str)| match column {
        3 => Iban::new(words).map_or_else(dash, |iban| forms.iban(&iban)),
        5 => row
            .balance
            .map_or_else(dash, |money| forms.aligned(&money, all.decimals)),
        _ => words.to_owned(),
    };
    Some(words.map(cell).collect())
}
