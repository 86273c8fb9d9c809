//! A question. It defaults to No.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::dialog;
use crate::base::{BankText, UserNumber};
use crate::tui::app::Model;
use crate::tui::theme::MARKER;
use crate::tui::widget::pane::paragraph;
use crate::tui::widget::text::{fit, wrap_lines};

/// Whether to forget a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Confirm {
    pub(super) user: UserNumber,
    name: BankText,
    /// The answer that is marked.
    pub(super) yes: bool,
}

impl Confirm {
    /// Asks whether to forget this user.
    pub(in crate::tui) fn forget(user: UserNumber, name: &BankText) -> Self {
        Self {
            user,
            name: name.clone(),
            yes: false,
        }
    }
}

/// Draws it.
pub(super) fn view(model: &Model, confirm: &Confirm, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let width = area.width.saturating_sub(4).min(56);
    let mut lines = wrap_lines(
        &[
            Line::styled(
                format!(
                    "Forget {} (user {})?",
                    fit(confirm.name.as_str(), 60),
                    confirm.user
                ),
                theme.strong(),
            ),
            Line::raw(
                "Its token, session and figures are removed here. To see it again it must connect again.",
            ),
        ],
        width,
    );
    lines.push(Line::default());
    let answer = |text: &str, here: bool| {
        let marker = if here { MARKER } else { " " };
        let style = if here { theme.selected() } else { theme.text() };
        Span::styled(format!("{marker} {text} "), style)
    };
    lines.push(Line::from(vec![
        answer("No", !confirm.yes),
        Span::raw("   "),
        answer("Yes, forget", confirm.yes),
    ]));
    let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let inner = dialog(model, "Forget a user", (width, tall), area, buffer);
    paragraph(&lines, inner, buffer);
}
