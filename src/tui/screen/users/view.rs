//! How Users looks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::update::accounts;
use super::{Focus, all, columns, detail, everyone, shares};
use crate::base::Problem;
use crate::tui::app::{Model, Screen};
use crate::tui::data::Remote;
use crate::tui::keymap::{Action, Context};
use crate::tui::lists::{self, List, Placed};
use crate::tui::view::body;
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::text::{problem_lines, wrap_lines};
use crate::workspace::Accounts;

/// From this width on the details stand beside the tables.
const WITH_DETAIL: u16 = 110;
/// From this height on both tables are shown at once.
const BOTH_TABLES: u16 = 14;
/// Below this width the table of users beside the details leaves out what they say too.
const CROWDED: u16 = 98;
/// The details' width beside the tables.
const DETAIL: u16 = 34;

/// Where things are at a size of the terminal.
pub(super) struct Layout {
    notes: Rect,
    users: Option<Rect>,
    accounts: Option<Rect>,
    pub(super) detail: Option<Rect>,
    /// Rows of users that are seen.
    pub(super) users_page: usize,
    /// Rows of accounts that are seen.
    pub(super) accounts_page: usize,
}

/// The layout for the model's size and focus.
pub(super) fn layout(model: &Model) -> Layout {
    place(model, body(model))
}

fn place(model: &Model, whole: Rect) -> Layout {
    let focus = model.users.focus;
    let users = model.data.users.len();
    let wanted = u16::try_from(notes(model, whole.width).len()).unwrap_or(u16::MAX);
    let notes = Rect {
        height: wanted.min(whole.height / 3),
        ..whole
    };
    let area = Rect {
        y: whole.y + notes.height,
        height: whole.height - notes.height,
        ..whole
    };
    let beside = area.width >= WITH_DETAIL;
    let tables = Rect {
        width: if beside {
            area.width - DETAIL - 2
        } else {
            area.width
        },
        ..area
    };
    let side = Rect {
        x: area.x + area.width.saturating_sub(DETAIL),
        width: DETAIL.min(area.width),
        ..area
    };
    let one = area.height < BOTH_TABLES;
    // A rule, the headings and the rows: no more than the users need, no less than a third.
    let wanted = u16::try_from(users).unwrap_or(u16::MAX).saturating_add(3);
    let third = (area.height / 3).max(6);
    let half = area.height / 2;
    let upper = wanted.clamp(third.min(half), half.max(third));
    let top = Rect {
        height: upper.min(area.height),
        ..tables
    };
    let bottom = Rect {
        y: area.y + top.height,
        height: area.height - top.height,
        ..tables
    };
    let page = |listing, rect: Rect| lists::page(listing, rect.height);
    let (users, accounts, detail) = match (one, beside, focus) {
        (_, false, Focus::Detail) => (None, None, Some(area)),
        (true, _, Focus::Users) => (Some(tables), None, beside.then_some(side)),
        (true, _, _) => (None, Some(tables), beside.then_some(side)),
        (false, ..) => (Some(top), Some(bottom), beside.then_some(side)),
    };
    Layout {
        notes: inset(notes),
        users,
        accounts,
        detail,
        users_page: page(&model.users.users, if one { tables } else { top }),
        accounts_page: page(&model.users.accounts, if one { tables } else { bottom }),
    }
}

/// The last line that the details scroll to.
pub(super) fn last_scroll(model: &Model) -> u16 {
    let Some(area) = layout(model).detail else {
        return 0;
    };
    let width = inset(area).width;
    let lines = wrap_lines(&detail::lines(model, width), width).len();
    let seen = usize::from(area.height.saturating_sub(1));
    u16::try_from(lines.saturating_sub(seen)).unwrap_or(u16::MAX)
}

/// What stands above the tables, wrapped: how a refresh of all users goes, and a grant that may
/// be one too many.
fn notes(model: &Model, width: u16) -> Vec<Line<'static>> {
    let inner = inset(Rect::new(0, 0, width, 1)).width;
    let mut lines = everyone::lines(model, usize::from(inner));
    lines.extend(crate::tui::screen::perhaps_granted(model).map(Line::raw));
    wrap_lines(&lines, inner)
}

/// Draws it.
pub(in crate::tui) fn view(model: &Model, area: Rect, buffer: &mut Buffer) {
    if model.data.users.is_empty() {
        return empty(model, area, buffer);
    }
    if let Some(shown) = &model.users.all {
        return all::view(model, shown, area, buffer);
    }
    let layout = place(model, area);
    paragraph(&notes(model, area.width), layout.notes, buffer);
    if let Some(placed) = users_placed(model, &layout) {
        users(model, &placed, buffer);
    }
    if let Some(placed) = accounts_placed(model, &layout) {
        accounts_pane(model, &placed, buffer);
    }
    if let Some(area) = layout.detail {
        detail_pane(model, area, buffer);
    }
}

/// The tables that are shown.
pub(in crate::tui) fn placed(model: &Model) -> Vec<Placed> {
    let area = body(model);
    if model.data.users.is_empty() {
        return Vec::new();
    }
    if model.users.all.is_some() {
        return vec![all::placed(model, area)];
    }
    let layout = place(model, area);
    let both = [
        users_placed(model, &layout),
        accounts_placed(model, &layout),
    ];
    both.into_iter().flatten().collect()
}

fn users_placed(model: &Model, layout: &Layout) -> Option<Placed> {
    let area = layout.users?;
    let crowded = layout.detail.is_some() && area.width < CROWDED;
    Some(Placed {
        list: List::Users,
        area,
        columns: columns::users(model, crowded).to_vec(),
        count: model.data.users.len(),
    })
}

fn accounts_placed(model: &Model, layout: &Layout) -> Option<Placed> {
    Some(Placed {
        list: List::Accounts,
        area: layout.accounts?,
        columns: match model.users.shares {
            true => shares::COLUMNS.to_vec(),
            false => columns::ACCOUNTS.to_vec(),
        },
        count: accounts(model).len(),
    })
}

fn hint(model: &Model, key: impl Into<String>, words: impl Into<String>) -> Line<'static> {
    Line::from(vec![
        Span::styled(key.into(), model.facts.theme.key()),
        Span::raw("  "),
        Span::raw(words.into()),
    ])
}

fn empty(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let inner = inset(pane(theme, "Users", "", true, area, buffer));
    let locked = model.setup.is_locked();
    let title = if locked { "Locked" } else { "No users yet" };
    let mut lines = vec![
        Line::default(),
        Line::styled(title, theme.strong()),
        Line::default(),
    ];
    let setup = model.key(Context::Everywhere, Action::Go(Screen::Setup));
    lines.push(if locked {
        let words = "shows the setup; {setup.set-up} there asks for the passphrase";
        hint(model, setup, model.spell(words))
    } else if model.data.is_ready() {
        let connect = model.key(Context::Everywhere, Action::Connect);
        hint(model, connect, "shows a QR code for the first user to scan")
    } else {
        let words = "shows the setup; {setup.set-up} there runs it, and then the first user can \
                     connect";
        hint(model, setup, model.spell(words))
    });
    if let Some(words) = crate::tui::screen::perhaps_granted(model) {
        lines.push(Line::default());
        lines.push(Line::raw(words));
    }
    if let Some(problem) = &model.users.problem {
        lines.push(Line::default());
        lines.extend(problem_lines(model, problem));
    }
    paragraph(&wrap_lines(&lines, inner.width), inner, buffer);
}

fn users(model: &Model, placed: &Placed, buffer: &mut Buffer) {
    let remark = match &model.users.problem {
        Some(problem) => format!("✗ {}", problem.what),
        None => String::new(),
    };
    let title = format!("Users {}", placed.count);
    placed.draw(model, (&title, &remark), buffer, |place| {
        Some(columns::user(model, model.data.users.get(place)?))
    });
}

fn accounts_pane(model: &Model, placed: &Placed, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let Some(user) = model.users.user(&model.data.users) else {
        return;
    };
    let remote = model.data.accounts.get(&user.number);
    let title = format!("Accounts of {}", user.name);
    let remark = remark(model, remote);
    let rows = accounts(model);
    let mut placed = placed.clone();
    if let Some(problem) = remote.and_then(|one| one.problem()) {
        placed.area = above_problem(model, problem, placed.area, buffer);
    }
    if rows.is_empty() {
        let focused = model.users.focus == Focus::Accounts;
        let inner = inset(pane(theme, &title, &remark, focused, placed.area, buffer));
        let lines = nothing(model, remote);
        paragraph(&wrap_lines(&lines, inner.width), inner, buffer);
        return;
    }
    placed.draw(model, (&title, &remark), buffer, |place| {
        let row = rows.get(place)?;
        let decimals = model.users.decimals.1;
        let cells = match model.users.shares {
            true => shares::account(model, &user.totals, row, decimals),
            false => columns::account(model, row, decimals),
        };
        Some((cells, theme.text()))
    });
}

/// When the accounts were read, and what is going on.
fn remark(model: &Model, remote: Option<&Remote<Accounts>>) -> String {
    let Some(remote) = remote else {
        return String::new();
    };
    let read = remote
        .value()
        .map(|accounts| format!("read {}", model.facts.forms.when(accounts.as_of, model.now)));
    match (read, remote.is_loading(), remote.problem()) {
        (None, true, _) => "reading…".into(),
        (None, false, _) => String::new(),
        (Some(read), true, _) => format!("{read}, reading…"),
        (Some(read), false, Some(_)) => format!("{read}, stale"),
        (Some(read), false, None) => read,
    }
}

/// Draws a problem below, at most over half of what is under the rule; gives back the rest.
fn above_problem(model: &Model, problem: &Problem, area: Rect, buffer: &mut Buffer) -> Rect {
    let lines = problem_lines(model, problem);
    let lines = wrap_lines(&lines, inset(area).width);
    let tall = u16::try_from(lines.len())
        .unwrap_or(u16::MAX)
        .min(area.height.saturating_sub(1) / 2);
    let below = Rect {
        y: area.bottom() - tall,
        height: tall,
        ..inset(area)
    };
    paragraph(&lines, below, buffer);
    Rect {
        height: area.height - tall,
        ..area
    }
}

/// Why no account is shown.
fn nothing(model: &Model, remote: Option<&Remote<Accounts>>) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let loading = remote.is_some_and(|one| one.is_loading());
    let failed = remote.is_some_and(|one| one.problem().is_some());
    let known = remote.is_some_and(|one| one.value().is_some());
    let mut lines = vec![Line::default()];
    let refresh = model.key(Context::Users, Action::Refresh);
    if loading {
        lines.push(Line::raw("Reading the accounts from the bank…"));
    } else if failed {
        let title = "The accounts could not be read";
        lines.extend([Line::styled(title, theme.strong()), Line::default()]);
        lines.push(hint(model, refresh, "tries again"));
    } else if known {
        let title = "This user shares no account";
        lines.extend([Line::styled(title, theme.strong()), Line::default()]);
        lines.push(hint(model, refresh, "asks the bank again"));
    } else {
        lines.extend([Line::styled("Never read", theme.strong()), Line::default()]);
        lines.push(hint(model, refresh, "reads the accounts from the bank"));
    }
    lines
}

fn detail_pane(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let focused = model.users.focus == Focus::Detail;
    let inner = inset(pane(
        theme,
        detail::title(model),
        &detail::remark(model),
        focused,
        area,
        buffer,
    ));
    let lines = wrap_lines(&detail::lines(model, inner.width), inner.width);
    let skip = usize::from(model.users.scroll).min(lines.len());
    paragraph(lines.get(skip..).unwrap_or_default(), inner, buffer);
}
