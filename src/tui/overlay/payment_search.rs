//! What is looked for among the payments, as it is typed: in the rule above the table, so that
//! what is found is seen meanwhile.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::Overlay;
use crate::tui::app::{Effect, Model};
use crate::tui::keymap::Action;
use crate::tui::screen::payments::{self, Wanted};
use crate::tui::widget::field::Field;

/// Before the text.
const PROMPT: &str = " / ";

/// What is being typed.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct PaymentSearch {
    field: Field,
    /// What was looked for before.
    before: String,
}

impl PaymentSearch {
    /// Begins with what is looked for.
    pub(in crate::tui) fn new(wanted: &Wanted) -> Self {
        let mut field = Field::new(false);
        field.paste(&wanted.text);
        Self {
            field,
            before: wanted.text.clone(),
        }
    }

    /// Takes a key.
    pub(super) fn press(&mut self, key: KeyEvent) {
        self.field.press(key);
    }

    /// Takes pasted text.
    pub(super) fn paste(&mut self, text: &str) {
        self.field.paste(text);
    }
}

/// The text changed.
pub(super) fn typed(model: &mut Model) -> Vec<Effect> {
    match &model.overlay {
        Some(Overlay::PaymentSearch(search)) => {
            let text = search.field.trimmed().to_owned();
            look_for(model, text)
        }
        _ => Vec::new(),
    }
}

/// What a key does while it is typed.
pub(super) fn act(model: &mut Model, search: &PaymentSearch, action: Action) -> Vec<Effect> {
    match action {
        Action::Submit => Vec::new(),
        _ => look_for(model, search.before.clone()),
    }
}

fn look_for(model: &mut Model, text: String) -> Vec<Effect> {
    let wanted = Wanted {
        text,
        ..model.payments.wanted.clone()
    };
    payments::look_for(model, wanted)
}

/// Draws it; gives back where the cursor stands.
pub(super) fn view(model: &Model, search: &PaymentSearch, buffer: &mut Buffer) -> Option<Position> {
    let row = payments::rule_row(model).intersection(buffer.area);
    if row.is_empty() {
        return None;
    }
    let theme = model.facts.theme;
    let before = u16::try_from(PROMPT.len()).unwrap_or(0).min(row.width);
    let field = Rect {
        x: row.x + before,
        width: row.width - before,
        ..row
    };
    let (shown, at) = search.field.shown(field.width.saturating_sub(1));
    Clear.render(row, buffer);
    let spans = vec![
        Span::styled(PROMPT, theme.key()),
        Span::styled(shown, theme.strong()),
    ];
    Line::from(spans).render(row, buffer);
    (!field.is_empty()).then(|| Position::new(field.x + at, field.y))
}
