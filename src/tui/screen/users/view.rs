//! How Users looks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::update::accounts;
use super::{Focus, columns, detail};
use crate::tui::app::Model;
use crate::tui::view::body;
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::table::Table;
use crate::tui::widget::text::{decimals, problem_lines, when, wrap_lines};

/// From this width on the details stand beside the tables.
const WITH_DETAIL: u16 = 110;
/// From this height on both tables are shown at once.
const BOTH_TABLES: u16 = 14;
/// The details' width beside the tables.
const DETAIL: u16 = 34;

/// Where things are at a size of the terminal.
pub(super) struct Layout {
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
    place(body(model), model.users.focus, model.data.users.len())
}

fn place(area: Rect, focus: Focus, users: usize) -> Layout {
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

/// Draws it.
pub(in crate::tui) fn view(model: &Model, area: Rect, buffer: &mut Buffer) {
    if model.data.users.is_empty() {
        return empty(model, area, buffer);
    }
    let layout = layout(model);
    if let Some(area) = layout.users {
        users(model, area, buffer);
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
    if let Some(problem) = &model.users.problem {
        lines.push(Line::default());
        lines.extend(problem_lines(theme, problem));
    }
    paragraph(&wrap_lines(&lines, inner.width), inner, buffer);
}

fn users(model: &Model, area: Rect, buffer: &mut Buffer) {
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
        columns: &columns::users(model),
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
    let known = remote.and_then(|one| one.value());
    let problem = remote.and_then(|one| one.problem());
    let loading = remote.is_some_and(|one| one.is_loading());
    let mut remark = known.map_or_else(String::new, |accounts| {
        format!(
            "read {}",
            when(accounts.as_of, model.now, &model.facts.zone)
        )
    });
    if loading {
        remark = if remark.is_empty() {
            "reading…".into()
        } else {
            format!("{remark}, reading…")
        };
    } else if problem.is_some() && !remark.is_empty() {
        remark.push_str(", stale");
    }
    let title = format!("Accounts of {}", user.name);
    let mut inner = pane(theme, &title, &remark, focused, area, buffer);
    if let Some(problem) = problem {
        let lines = wrap_lines(&problem_lines(theme, problem), inset(inner).width);
        let tall = u16::try_from(lines.len())
            .unwrap_or(u16::MAX)
            .min(inner.height / 2);
        let at = Rect {
            y: inner.bottom() - tall,
            height: tall,
            ..inset(inner)
        };
        paragraph(&lines, at, buffer);
        inner.height -= tall;
    }
    let rows = accounts(model);
    if rows.is_empty() {
        let lines = nothing(model, loading, known.is_some(), problem.is_some());
        paragraph(
            &wrap_lines(&lines, inset(inner).width),
            inset(inner),
            buffer,
        );
        return;
    }
    let decimals = decimals(rows.iter().filter_map(|row| row.balance.as_ref()));
    let table = Table {
        columns: &columns::ACCOUNTS,
        count: rows.len(),
        cursor: model.users.accounts,
        focused,
        theme,
    };
    table.draw(inner, buffer, |place| {
        let row = rows.get(place)?;
        Some((columns::account(row, decimals), theme.text()))
    });
}

/// Why no account is shown.
fn nothing(model: &Model, loading: bool, known: bool, failed: bool) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
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
