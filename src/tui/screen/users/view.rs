//! How Users looks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::update::accounts;
use super::{Focus, columns, detail, everyone, shares};
use crate::base::Problem;
use crate::tui::app::Model;
use crate::tui::data::Remote;
use crate::tui::view::body;
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::table::Table;
use crate::tui::widget::text::{decimals, problem_lines, wrap_lines};
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
    detail: Option<Rect>,
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
    let page = |rect: Rect| usize::from(rect.height.saturating_sub(2));
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
        users_page: page(if one { tables } else { top }),
        accounts_page: page(if one { tables } else { bottom }),
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
    let layout = place(model, area);
    paragraph(&notes(model, area.width), layout.notes, buffer);
    if let Some(area) = layout.users {
        let crowded = layout.detail.is_some() && area.width < CROWDED;
        users(model, crowded, area, buffer);
    }
    if let Some(area) = layout.accounts {
        accounts_pane(model, area, buffer);
    }
    if let Some(area) = layout.detail {
        detail_pane(model, area, buffer);
    }
}

fn hint(model: &Model, key: &'static str, words: &'static str) -> Line<'static> {
    Line::from(vec![
        Span::styled(key, model.facts.theme.key()),
        Span::raw("  "),
        Span::raw(words),
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
    lines.push(if locked {
        hint(
            model,
            "1",
            "shows the setup; s there asks for the passphrase",
        )
    } else if model.data.is_ready() {
        hint(model, "n", "shows a QR code for the first user to scan")
    } else {
        hint(
            model,
            "1",
            "shows the setup; s there runs it, and then the first user can connect",
        )
    });
    if let Some(words) = crate::tui::screen::perhaps_granted(model) {
        lines.push(Line::default());
        lines.push(Line::raw(words));
    }
    if let Some(problem) = &model.users.problem {
        lines.push(Line::default());
        lines.extend(problem_lines(theme, problem));
    }
    paragraph(&wrap_lines(&lines, inner.width), inner, buffer);
}

fn users(model: &Model, crowded: bool, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let focused = model.users.focus == Focus::Users;
    let count = model.data.users.len();
    let remark = match &model.users.problem {
        Some(problem) => format!("✗ {}", problem.what),
        None => String::new(),
    };
    let inner = pane(
        theme,
        &format!("Users {count}"),
        &remark,
        focused,
        area,
        buffer,
    );
    let table = Table {
        columns: &columns::users(model, crowded),
        count,
        cursor: model.users.users,
        focused,
        theme,
    };
    table.draw(inner, buffer, |place| {
        Some(columns::user(model, model.data.users.get(place)?))
    });
}

fn accounts_pane(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let focused = model.users.focus == Focus::Accounts;
    let Some(user) = model.users.user(&model.data.users) else {
        return;
    };
    let remote = model.data.accounts.get(&user.number);
    let title = format!("Accounts of {}", user.name);
    let mut inner = pane(theme, &title, &remark(model, remote), focused, area, buffer);
    if let Some(problem) = remote.and_then(|one| one.problem()) {
        inner = above_problem(model, problem, inner, buffer);
    }
    let rows = accounts(model);
    if rows.is_empty() {
        let lines = nothing(model, remote);
        paragraph(
            &wrap_lines(&lines, inset(inner).width),
            inset(inner),
            buffer,
        );
        return;
    }
    let decimals = decimals(rows.iter().filter_map(|row| row.balance.as_ref()));
    let table = Table {
        columns: match model.users.shares {
            true => &shares::COLUMNS,
            false => &columns::ACCOUNTS,
        },
        count: rows.len(),
        cursor: model.users.accounts,
        focused,
        theme,
    };
    table.draw(inner, buffer, |place| {
        let row = rows.get(place)?;
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

/// Draws a problem below, at most over half of it; gives back what is left above.
fn above_problem(model: &Model, problem: &Problem, area: Rect, buffer: &mut Buffer) -> Rect {
    let lines = problem_lines(model.facts.theme, problem);
    let lines = wrap_lines(&lines, inset(area).width);
    let tall = u16::try_from(lines.len())
        .unwrap_or(u16::MAX)
        .min(area.height / 2);
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
    if loading {
        lines.push(Line::raw("Reading the accounts from the bank…"));
    } else if failed {
        lines.push(hint(model, "R", "tries again"));
    } else if known {
        lines.push(Line::styled("This user shares no account", theme.strong()));
    } else {
        lines.push(Line::styled("Never read", theme.strong()));
        lines.push(hint(model, "R", "reads the accounts from the bank"));
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
