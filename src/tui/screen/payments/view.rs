//! How Payments looks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Focus, charts, columns, detail};
use crate::tui::app::{Model, Screen};
use crate::tui::keymap::{Action, Context};
use crate::tui::listing::Query;
use crate::tui::view::body;
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::table::Table;
use crate::tui::widget::text::{problem_lines, wrap, wrap_lines};
use crate::workspace::PaymentEnd;

/// From this width on a payment stands in full beside the table.
const WITH_DETAIL: u16 = 110;
/// Its width there.
const DETAIL: u16 = 38;

/// Where things are at a size of the terminal.
pub(super) struct Layout {
    /// The rule and all below it; none where a payment in full has all the room.
    pane: Option<Rect>,
    /// The table with its headings, or the charts.
    pub(super) inner: Rect,
    /// What went wrong.
    problem: Rect,
    /// How far the payments are stored.
    standing: Rect,
    /// A payment in full.
    pub(super) detail: Option<Rect>,
    /// Rows that are seen, of payments or of months.
    pub(super) page: usize,
}

/// The layout for the model's size and focus.
pub(super) fn layout(model: &Model) -> Layout {
    place(model, body(model))
}

fn place(model: &Model, area: Rect) -> Layout {
    let has_detail = model.payments.charts.is_none() && !model.payments.rows.is_empty();
    let beside = has_detail && area.width >= WITH_DETAIL;
    let alone = has_detail && !beside && model.payments.focus == Focus::Detail;
    let left = Rect {
        width: match beside {
            true => area.width - DETAIL - 2,
            false => area.width,
        },
        ..area
    };
    let below = Rect {
        y: left.y + left.height.min(1),
        height: left.height.saturating_sub(1),
        ..left
    };
    let rows = |lines: Vec<Line<'static>>| u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let width = inset(left).width;
    let standing = rows(standing(model, width)).min(below.height / 2);
    let room = below.height - standing;
    // Without rows there is nothing but the problem to see.
    let most = match model.payments.rows.is_empty() {
        true => room.saturating_sub(2),
        false => room / 2,
    };
    let problem = rows(problem(model, width)).min(most);
    let part = |y: u16, height: u16| Rect { y, height, ..below };
    let inner = part(below.y, below.height - standing - problem);
    let page = match model.payments.charts {
        Some(_) => charts::months_page(model, inset(inner)),
        None => inner.height.saturating_sub(1),
    };
    Layout {
        pane: (!alone).then_some(left),
        inner,
        problem: inset(part(inner.bottom(), problem)),
        standing: inset(part(inner.bottom() + problem, standing)),
        detail: if alone {
            Some(area)
        } else {
            beside.then_some(Rect {
                x: area.right().saturating_sub(DETAIL),
                width: DETAIL.min(area.width),
                ..area
            })
        },
        page: usize::from(page),
    }
}

/// The rule above the table, where what is looked for is typed.
pub(in crate::tui) fn rule_row(model: &Model) -> Rect {
    let pane = layout(model).pane.unwrap_or_default();
    Rect {
        height: pane.height.min(1),
        ..pane
    }
}

/// The last line that the payment in full scrolls to.
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
    let layout = place(model, area);
    let theme = model.facts.theme;
    if let Some(area) = layout.pane {
        let focused = model.payments.focus == Focus::Table || layout.detail.is_none();
        pane(theme, &title(model), &remark(model), focused, area, buffer);
        inner(model, layout.inner, focused, buffer);
        let width = layout.problem.width;
        paragraph(&problem(model, width), layout.problem, buffer);
        paragraph(&standing(model, width), layout.standing, buffer);
    }
    if let Some(area) = layout.detail {
        let focused = model.payments.focus == Focus::Detail;
        let inner = inset(pane(theme, "Payment", "", focused, area, buffer));
        let lines = wrap_lines(&detail::lines(model, inner.width), inner.width);
        let scroll = model.payments.recalled().map_or(0, |one| one.scroll);
        let skip = usize::from(scroll).min(lines.len());
        paragraph(lines.get(skip..).unwrap_or_default(), inner, buffer);
    }
}

/// The table, wherever the focus is.
pub(super) fn table(model: &Model) -> Table<'static> {
    Table {
        columns: &columns::COLUMNS,
        count: model.payments.rows.len(),
        cursor: model.payments.cursor,
        focused: true,
        theme: model.facts.theme,
    }
}

fn inner(model: &Model, area: Rect, focused: bool, buffer: &mut Buffer) {
    let state = &model.payments;
    let theme = model.facts.theme;
    if state.of.is_some()
        && let Some(charts) = &state.charts
    {
        return charts::view(model, charts, inset(area), buffer);
    }
    if state.rows.is_empty() {
        let lines = wrap_lines(&nothing(model), inset(area).width);
        return paragraph(&lines, inset(area), buffer);
    }
    let query = Query::parse(&state.wanted.marks());
    let table = Table {
        focused,
        ..table(model)
    };
    let sort = Some(super::select::sort(model));
    table.draw(sort, &query, (area, buffer), |place| {
        let row = state.rows.get(place)?;
        Some((columns::payment(model, row), theme.text()))
    });
}

/// Whose payments, and what is looked for among them.
fn title(model: &Model) -> String {
    let state = &model.payments;
    let Some(of) = &state.of else {
        return "Payments".into();
    };
    if state.charts.is_some() {
        return format!("What came and went: {}", of.name);
    }
    match state.wanted.is_all() {
        true => format!("Payments of {}", of.name),
        false => format!(
            "Payments of {}: {}",
            of.name,
            state.wanted.words(&model.facts.forms)
        ),
    }
}

/// When the newest were read, and what is going on.
fn remark(model: &Model) -> String {
    let state = &model.payments;
    let loading = matches!(state.reading, Some((_, PaymentEnd::Newest)));
    let read = state
        .extent
        .as_ref()
        .map(|extent| format!("read {}", model.facts.forms.when(extent.as_of, model.now)));
    match (read, loading, &state.problem) {
        (None, true, _) => "reading…".into(),
        (None, false, _) => String::new(),
        (Some(read), true, _) => format!("{read}, reading…"),
        (Some(read), false, Some(_)) => format!("{read}, stale"),
        (Some(read), false, None) => read,
    }
}

fn problem(model: &Model, width: u16) -> Vec<Line<'static>> {
    let lines = super::problems(model)
        .take(1)
        .flat_map(|problem| problem_lines(model, problem));
    wrap_lines(&lines.collect::<Vec<_>>(), width)
}

/// How far the payments are stored.
fn standing(model: &Model, width: u16) -> Vec<Line<'static>> {
    let words = standing_words(model);
    let lines = wrap(&words, usize::from(width)).into_iter();
    lines.map(Line::raw).collect()
}

fn standing_words(model: &Model) -> String {
    let at_the_bank =
        model.spell("older ones are at the bank: {payments.read-all} reads them all.");
    let back = model.key(Context::Payments, Action::Back);
    let state = &model.payments;
    let Some(extent) = state.extent.as_ref().filter(|_| state.of.is_some()) else {
        return String::new();
    };
    let (stored, complete) = (extent.stored, extent.complete);
    if state.whole {
        return format!("Reading the whole history: {stored} stored; {back} stops.");
    }
    if state.charts.is_some() {
        return match extent.since {
            Some(since) if !complete => format!(
                "Right from {} on; {at_the_bank}",
                model.facts.forms.date(since)
            ),
            _ => "All payments of this account, back to the first.".into(),
        };
    }
    let older = matches!(state.reading, Some((_, PaymentEnd::Oldest)));
    let found = state.rows.len();
    match (state.wanted.is_all(), complete) {
        (false, true) => format!("{found} found among all {stored}. {back} shows all."),
        (false, false) => format!("{found} found among {stored} stored; {at_the_bank}"),
        (true, true) if stored == 0 => String::new(),
        (true, true) => format!("{stored}, back to the first payment of the account."),
        (true, false) if older => format!("{stored} stored; reading older ones…"),
        (true, false) if state.is_natural() => {
            format!("{stored} stored; more come as you go down.")
        }
        (true, false) => format!("{stored} stored; {at_the_bank}"),
    }
}

/// Why no payment is shown.
fn nothing(model: &Model) -> Vec<Line<'static>> {
    let state = &model.payments;
    let theme = model.facts.theme;
    let hint = |context: Context, action: Action, words: &'static str| {
        Line::from(vec![
            Span::styled(model.key(context, action), theme.key()),
            Span::raw("  "),
            Span::raw(model.spell(words)),
        ])
    };
    let refresh = |words| hint(Context::Payments, Action::Refresh, words);
    let mut lines = vec![Line::default()];
    if state.of.is_none() {
        if model.setup.is_locked() || model.data.users.is_empty() {
            let words = model.spell(super::update::no_account(model));
            lines.push(Line::raw(words));
        } else {
            lines.push(Line::styled("No account is chosen", theme.strong()));
            lines.push(hint(
                Context::Everywhere,
                Action::Go(Screen::Users),
                "shows the users, and there an account is selected",
            ));
            lines.push(hint(
                Context::Everywhere,
                Action::Go(Screen::Payments),
                "there shows the payments of the selected one",
            ));
        }
        return lines;
    }
    match &state.extent {
        Some(_) if !state.wanted.is_all() => {
            lines.push(Line::styled("No payment fits", theme.strong()));
            lines.push(hint(
                Context::Payments,
                Action::Back,
                "shows all that are stored",
            ));
        }
        Some(extent) if extent.complete => {
            lines.push(Line::styled(
                "No payment was made on this account yet",
                theme.strong(),
            ));
            lines.push(refresh("looks again"));
        }
        _ if state.reading.is_some() => {
            lines.push(Line::raw("Reading the payments from the bank…"));
        }
        _ if state.problem.is_some() => lines.push(refresh("tries again")),
        _ if state.listing.is_some() => lines.push(Line::raw("Looking them up…")),
        _ => {
            lines.push(Line::styled("Never read", theme.strong()));
            lines.push(refresh("reads the newest payments from the bank"));
        }
    }
    lines
}
