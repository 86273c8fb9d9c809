//! Which payments are looked for, in several fields: words, amounts, days.

use crossterm::event::KeyEvent;
use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use rust_decimal::Decimal;

use super::{Overlay, dialog};
use crate::tui::app::{Effect, Model};
use crate::tui::forms::Forms;
use crate::tui::keymap::Action;
use crate::tui::screen::payments::{self, Wanted};
use crate::tui::theme::MARKER;
use crate::tui::widget::field::Field;
use crate::tui::widget::pane::paragraph;
use crate::tui::widget::text::{pad, wrap};

/// Cells of a label.
const LABEL: usize = 14;
/// Cells for all.
const WIDTH: u16 = 52;

/// The fields, in their order.
const LABELS: [&str; 6] = [
    "Text",
    "Counterparty",
    "Amount from",
    "Amount to",
    "From day",
    "To day",
];

/// What is being typed.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct PaymentForm {
    fields: [Field; 6],
    /// The field that takes the keys.
    at: usize,
    /// What is wrong with it.
    wrong: Option<String>,
}

impl PaymentForm {
    /// Begins with what is looked for.
    pub(in crate::tui) fn new(wanted: &Wanted, forms: &Forms) -> Self {
        let amount = |amount: Option<Decimal>| amount.map(|one| one.to_string());
        let day = |day: Option<Date>| day.map(|one| forms.day(one));
        let texts = [
            Some(wanted.text.clone()),
            Some(wanted.counterparty.clone()),
            amount(wanted.least),
            amount(wanted.most),
            day(wanted.since),
            day(wanted.until),
        ];
        Self {
            fields: texts.map(|text| {
                let mut field = Field::new(false);
                field.paste(&text.unwrap_or_default());
                field
            }),
            at: 0,
            wrong: None,
        }
    }

    fn field(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.at)
    }

    /// Takes a key.
    pub(super) fn press(&mut self, key: KeyEvent) {
        self.wrong = None;
        if let Some(field) = self.field() {
            field.press(key);
        }
    }

    /// Takes pasted text.
    pub(super) fn paste(&mut self, text: &str) {
        self.wrong = None;
        if let Some(field) = self.field() {
            field.paste(text);
        }
    }

    /// What is looked for; else the field that is wrong, and why.
    fn wanted(&self, forms: &Forms) -> Result<Wanted, (usize, String)> {
        let [text, counterparty, least, most, since, until] = &self.fields;
        let wanted = Wanted {
            text: text.trimmed().into(),
            counterparty: counterparty.trimmed().into(),
            least: amount(least).map_err(|why| (2, why))?,
            most: amount(most).map_err(|why| (3, why))?,
            since: day(since, forms).map_err(|why| (4, why))?,
            until: day(until, forms).map_err(|why| (5, why))?,
        };
        if wanted
            .least
            .zip(wanted.most)
            .is_some_and(|(least, most)| least > most)
        {
            return Err((3, "This is less than the amount above.".into()));
        }
        if wanted
            .since
            .zip(wanted.until)
            .is_some_and(|(since, until)| since > until)
        {
            return Err((5, "This is before the day above.".into()));
        }
        Ok(wanted)
    }
}

/// An amount, its sign aside; with a comma where a person writes one.
fn amount(field: &Field) -> Result<Option<Decimal>, String> {
    let typed = field.trimmed().trim_start_matches(['-', '+']);
    if typed.is_empty() {
        return Ok(None);
    }
    let pointed = match typed.contains('.') {
        true => typed.to_owned(),
        false => typed.replacen(',', ".", 1),
    };
    let plain = pointed.chars().all(|c| c.is_ascii_digit() || c == '.');
    let amount = Decimal::from_str_exact(&pointed).ok().filter(|_| plain);
    amount
        .map(Some)
        .ok_or_else(|| "An amount is a number such as 12.50.".into())
}

fn day(field: &Field, forms: &Forms) -> Result<Option<Date>, String> {
    let typed = field.trimmed();
    if typed.is_empty() {
        return Ok(None);
    }
    // The bank is younger than that, and the calendar of the store ends there.
    let known = |day: &Date| (1970..9999).contains(&day.year());
    let day = forms.read_day(typed).filter(known);
    day.map(Some).ok_or_else(|| {
        let such = forms.day(jiff::civil::date(2026, 1, 31));
        format!("A day is written such as {such}.")
    })
}

/// What a key does in the form.
pub(super) fn act(model: &mut Model, mut form: PaymentForm, action: Action) -> Vec<Effect> {
    let count = form.fields.len();
    match action {
        Action::Back => return Vec::new(),
        Action::Submit => match form.wanted(&model.facts.forms) {
            Ok(wanted) => return payments::look_for(model, wanted),
            Err((at, why)) => {
                form.at = at;
                form.wrong = Some(why);
            }
        },
        Action::FocusNext => form.at = (form.at + 1) % count,
        Action::FocusPrevious => form.at = (form.at + count - 1) % count,
        Action::ClearAll => form = PaymentForm::new(&Wanted::default(), &model.facts.forms),
        _ => {}
    }
    model.overlay = Some(Overlay::PaymentForm(form));
    Vec::new()
}

/// Draws it; gives back where the cursor stands.
pub(super) fn view(
    model: &Model,
    form: &PaymentForm,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let theme = model.facts.theme;
    let width = WIDTH.min(area.width.saturating_sub(4));
    let wrong = form.wrong.as_ref().map(|why| format!("✗ {why}"));
    let below: Vec<Line<'static>> = match wrong {
        Some(wrong) => wrap(&wrong, usize::from(width))
            .into_iter()
            .map(|text| Line::styled(text, theme.bad()))
            .collect(),
        None => vec![Line::raw(
            model.spell("{payment-form.clear-all} clears all."),
        )],
    };
    let count = u16::try_from(form.fields.len()).unwrap_or(u16::MAX);
    let tall = count.saturating_add(u16::try_from(below.len()).unwrap_or(0));
    let inner = dialog(model, "Which payments", (width, tall), area, buffer);
    let inner = inner.intersection(buffer.area);
    let mut cursor = None;
    for ((place, field), y) in form.fields.iter().enumerate().zip(inner.y..inner.bottom()) {
        let here = place == form.at;
        let label = LABELS.get(place).copied().unwrap_or_default();
        let marker = if here { MARKER } else { " " };
        let before = format!("{marker} {}", pad(label, LABEL, false));
        let taken = u16::try_from(LABEL + 2).unwrap_or(0).min(inner.width);
        let (shown, at) = field.shown(inner.width.saturating_sub(taken));
        let style = if here { theme.strong() } else { theme.text() };
        let row = Rect {
            y,
            height: 1,
            ..inner
        };
        Line::from(vec![Span::styled(before, style), Span::raw(shown)]).render(row, buffer);
        if here {
            let last = inner.right().saturating_sub(1);
            cursor = Some(Position::new((inner.x + taken + at).min(last), y));
        }
    }
    let rest = Rect {
        y: inner.y + count.min(inner.height),
        height: inner.height.saturating_sub(count),
        ..inner
    };
    paragraph(&below, rest, buffer);
    cursor
}
