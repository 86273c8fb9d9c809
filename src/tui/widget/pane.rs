//! A pane: a rule with a title and a remark, and what is below it. No boxes: a rule costs one
//! row and no column, and addresses stay free of borders when they are selected by hand.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::text::{fit, width};
use crate::tui::theme::Theme;

/// Draws the rule and gives back what is below it.
pub(in crate::tui) fn pane(
    theme: Theme,
    title: &str,
    remark: &str,
    focused: bool,
    area: Rect,
    buffer: &mut Buffer,
) -> Rect {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return area;
    }
    let whole = usize::from(area.width);
    let stroke = if focused { "━" } else { "─" };
    let title = fit(title, whole.saturating_sub(4));
    let taken = 4 + width(&title);
    // A remark that does not fit whole is left out: half a time is worse than none.
    let remark = if taken + 4 + width(remark) <= whole {
        remark
    } else {
        ""
    };
    let room = whole
        .saturating_sub(taken)
        .saturating_sub(if remark.is_empty() {
            0
        } else {
            width(remark) + 3
        });
    let (rule, name) = if focused {
        (theme.focus(), theme.focus())
    } else {
        (theme.rule(), theme.strong())
    };
    let mut spans = vec![
        Span::styled(stroke, rule),
        Span::raw(" "),
        Span::styled(title, name),
        Span::raw(" "),
        Span::styled(stroke.repeat(room + 1), rule),
    ];
    if !remark.is_empty() {
        spans.extend([
            Span::raw(" "),
            Span::styled(remark.to_owned(), theme.muted()),
            Span::raw(" "),
            Span::styled(stroke, rule),
        ]);
    }
    Line::from(spans).render(Rect { height: 1, ..area }, buffer);
    Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    }
}

/// Draws lines from the top; what does not fit is left out.
pub(in crate::tui) fn paragraph(lines: &[Line<'static>], area: Rect, buffer: &mut Buffer) {
    let area = area.intersection(buffer.area);
    for (line, y) in lines.iter().zip(area.y..area.bottom()) {
        line.render(
            Rect {
                y,
                height: 1,
                ..area
            },
            buffer,
        );
    }
}

/// Without the first and last column, where there is room.
pub(in crate::tui) fn inset(area: Rect) -> Rect {
    if area.width < 10 {
        return area;
    }
    Rect {
        x: area.x + 1,
        width: area.width - 2,
        ..area
    }
}
