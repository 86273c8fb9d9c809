//! What the payments come to: the balance as a line, what came and went by month as bars. Every
//! figure stands there in words too, so that nothing rests on the picture.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Axis, Chart, Dataset, GraphType, Widget};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::Charts;
use crate::base::{Currency, Money};
use crate::tui::app::Model;
use crate::tui::widget::pane::paragraph;
use crate::tui::widget::text::{decimals, pad, wrap_lines};
use crate::workspace::{BalancePoint, Month, PaymentStatistics};

/// Least room for the line: below it the words alone are there.
const LINE: (u16, u16) = (48, 16);
/// Cells of a month.
const MONTH: usize = 7;
/// From this width on figures have more room.
const WIDE: u16 = 64;
/// From this width on what is left of a month stands there too.
const WITH_REST: u16 = 100;
/// Fewest cells of a bar.
const BAR: usize = 4;

/// What was reckoned, as it is drawn: nothing of it is looked for in a frame.
#[derive(Clone, Debug)]
pub(super) struct Figures {
    balances: Vec<(f64, f64)>,
    first: Option<BalancePoint>,
    last: Option<BalancePoint>,
    lowest: Option<BalancePoint>,
    highest: Option<BalancePoint>,
    pub(super) months: Vec<Month>,
    decimals: usize,
    /// The greatest that came or went in a month, by currency.
    greatest: Vec<(Currency, Decimal)>,
}

impl Figures {
    pub(super) fn of(found: PaymentStatistics) -> Self {
        let amounts = found.months.iter().flat_map(|one| [&one.came, &one.went]);
        let decimals = decimals(amounts.clone());
        let mut greatest: Vec<(Currency, Decimal)> = Vec::new();
        for money in amounts {
            let size = money.value.abs();
            match greatest.iter_mut().find(|(of, _)| *of == money.currency) {
                Some((_, known)) => *known = size.max(*known),
                None => greatest.push((money.currency, size)),
            }
        }
        Self {
            balances: steps(&found),
            first: found.balances.first().copied(),
            last: found.balances.last().copied(),
            lowest: found.lowest,
            highest: found.highest,
            months: found.months,
            decimals,
            greatest,
        }
    }

    /// How many of so many cells an amount fills; what is not zero fills one at least.
    fn cells(&self, money: &Money, cells: usize) -> usize {
        let of = |(currency, _): &&(Currency, Decimal)| *currency == money.currency;
        let greatest = self.greatest.iter().find(of).map(|(_, size)| *size);
        let size = money.value.abs();
        let share = greatest.and_then(|greatest| size.checked_div(greatest));
        let filled = share
            .and_then(|share| (share * Decimal::from(cells)).round().to_usize())
            .unwrap_or(0);
        filled.max(usize::from(!size.is_zero())).min(cells)
    }
}

/// The line: a balance holds until the next payment. Its ends up and down are on it too, whichever
/// points were left out.
fn steps(found: &PaymentStatistics) -> Vec<(f64, f64)> {
    let ends = found.lowest.iter().chain(&found.highest);
    let mut points: Vec<(f64, f64)> = found.balances.iter().chain(ends).map(point).collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut line: Vec<(f64, f64)> = Vec::with_capacity(points.len() * 2);
    for (at, balance) in points {
        if let Some((_, before)) = line.last().copied() {
            line.push((at, before));
        }
        line.push((at, balance));
    }
    line
}

/// A point of the line. It is only looked at: figures are never made of it.
fn point(point: &BalancePoint) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "seconds fit a float for ages")]
    let at = point.at.as_second() as f64;
    (at, height(&point.balance))
}

fn height(money: &Money) -> f64 {
    money.value.to_f64().unwrap_or(0.0)
}

/// How the room is shared: words, line, months with their heading.
fn heights(model: &Model, figures: &Figures, area: Rect) -> [u16; 3] {
    let words = u16::try_from(words(model, figures, area.width).len()).unwrap_or(u16::MAX);
    let words = words.min(area.height / 2);
    let rest = area.height - words;
    let has_room = area.width >= LINE.0 && area.height >= LINE.1 && figures.balances.len() > 2;
    let line = match has_room {
        true => rest / 2,
        false => 0,
    };
    [words, line, rest - line]
}

/// How many months are seen.
pub(super) fn months_page(model: &Model, area: Rect) -> u16 {
    let charts = model.payments.charts.as_ref();
    let Some(figures) = charts.and_then(|charts| charts.figures.as_ref()) else {
        return 0;
    };
    let [_, _, months] = heights(model, figures, area);
    months.saturating_sub(1)
}

/// Draws them.
pub(super) fn view(model: &Model, charts: &Charts, area: Rect, buffer: &mut Buffer) {
    let Some(figures) = &charts.figures else {
        let words = if charts.problem.is_some() {
            ""
        } else {
            "Reckoning…"
        };
        return paragraph(&[Line::raw(words)], area, buffer);
    };
    let [told, line, months] = heights(model, figures, area);
    let part = |y: u16, height: u16| Rect { y, height, ..area };
    let lines = words(model, figures, area.width);
    paragraph(&lines, part(area.y, told), buffer);
    balance_line(model, figures, part(area.y + told, line), buffer);
    let area = part(area.y + told + line, months);
    let mut lines = vec![heading(model, area.width)];
    let seen = figures.months.iter().skip(charts.cursor.offset);
    let seen = seen.take(usize::from(area.height));
    lines.extend(seen.map(|month| row(model, figures, month, area.width)));
    paragraph(&lines, area, buffer);
}

/// The balance in words.
fn words(model: &Model, figures: &Figures, width: u16) -> Vec<Line<'static>> {
    let forms = &model.facts.forms;
    let ends = [
        ("Balance", figures.last),
        ("lowest", figures.lowest),
        ("highest", figures.highest),
    ];
    let told = ends.iter().filter_map(|(word, point)| {
        let point = point.as_ref()?;
        let (money, day) = (forms.money(&point.balance), forms.date(point.at));
        Some(format!("{word} {money} on {day}"))
    });
    let told: Vec<String> = told.collect();
    let text = match told.is_empty() {
        true => "The bank tells no balance of these payments.".into(),
        false => format!("{}.", told.join(", ")),
    };
    wrap_lines(&[Line::styled(text, model.facts.theme.strong())], width)
}

fn balance_line(model: &Model, figures: &Figures, area: Rect, buffer: &mut Buffer) {
    let (Some(first), Some(last)) = (figures.first, figures.last) else {
        return;
    };
    let (Some(lowest), Some(highest)) = (figures.lowest, figures.highest) else {
        return;
    };
    if area.is_empty() {
        return;
    }
    let theme = model.facts.theme;
    let forms = &model.facts.forms;
    let (from, to) = (point(&first).0, point(&last).0);
    let (least, most) = (height(&lowest.balance), height(&highest.balance));
    let times = [first, last].map(|one| Line::raw(forms.date(one.at)));
    let amounts = [lowest, highest].map(|one| Line::raw(forms.money(&one.balance)));
    let data = Dataset::default()
        .marker(Marker::Braille)
        .graph_type(GraphType::Line)
        .style(theme.focus())
        .data(&figures.balances);
    Chart::new(vec![data])
        .x_axis(
            Axis::default()
                .style(theme.text())
                .bounds([from, to.max(from + 1.0)])
                .labels(times),
        )
        .y_axis(
            Axis::default()
                .style(theme.text())
                .bounds([least, most.max(least + 1.0)])
                .labels(amounts),
        )
        .render(area.intersection(buffer.area), buffer);
}

/// Cells of a figure, of a bar, and of what is left; none where there is no room.
fn widths(width: u16) -> (usize, Option<usize>, bool) {
    let figure = if width >= WIDE { 17 } else { 14 };
    let rest = width >= WITH_REST;
    let figures = figure + 1;
    let taken = MONTH + figures * if rest { 3 } else { 2 };
    let bar = usize::from(width).saturating_sub(taken + 2) / 2;
    (figure, (bar >= BAR).then_some(bar), rest)
}

fn heading(model: &Model, width: u16) -> Line<'static> {
    let (figure, bar, rest) = widths(width);
    let blank = bar.map_or_else(String::new, |bar| " ".repeat(bar + 1));
    let mut text = pad("Month", MONTH, false);
    for title in ["In", "Out"] {
        text.push_str(&format!(" {}{blank}", pad(title, figure, true)));
    }
    if rest {
        text.push_str(&format!(" {}", pad("Left", figure, true)));
    }
    Line::styled(text, model.facts.theme.strong())
}

fn row(model: &Model, figures: &Figures, month: &Month, width: u16) -> Line<'static> {
    let theme = model.facts.theme;
    let (figure, bar, rest) = widths(width);
    let written = |money: &Money| {
        let text = model.facts.forms.aligned(money, figures.decimals);
        Span::raw(format!(" {}", pad(&text, figure, true)))
    };
    let mut spans = vec![Span::raw(model.facts.forms.month(month.first))];
    for (money, style) in [(&month.came, theme.good()), (&month.went, theme.text())] {
        spans.push(written(money));
        if let Some(bar) = bar {
            let filled = "█".repeat(figures.cells(money, bar));
            spans.push(Span::styled(
                format!(" {}", pad(&filled, bar, false)),
                style,
            ));
        }
    }
    if rest {
        spans.push(written(&Money {
            value: month.came.value.saturating_add(month.went.value),
            currency: month.came.currency,
        }));
    }
    Line::from(spans)
}
