//! What can be copied of the selected row: into the terminal's clipboard, or by hand from a page
//! of its own.

mod items;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

pub(in crate::tui) use items::Part;
use items::{Item, of_selected};

use super::{Overlay, dialog};
use crate::base::Secret;
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::keymap::{Action, Binding, Context};
use crate::tui::theme::MARKER;
use crate::tui::widget::alone::Alone;
use crate::tui::widget::pane::paragraph;
use crate::tui::widget::text::{fit, pad, width as text_width, wrap_lines};

/// Most bytes of a text for the clipboard: what terminals take of one sequence.
const MOST: usize = 74_000;
/// Why nothing is shown alone.
pub(super) const HIDDEN: &str =
    "Amounts are hidden. Close this; then {everywhere.hide} shows them.";
/// Cells for all.
const WIDTH: u16 = 64;
/// Cells for what a text is called.
const LABEL: usize = 15;

/// The menu.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct Copy {
    items: Vec<Item>,
    /// The selected one.
    at: usize,
    /// Its text, where it is shown alone.
    alone: Option<Alone>,
    /// Which was sent to the clipboard last.
    sent: Option<usize>,
}

impl Copy {
    /// Whether a text is shown alone, to be selected by hand.
    pub(in crate::tui) fn is_alone(&self) -> bool {
        self.alone.is_some()
    }
}

/// Why there is nothing to copy on a screen.
pub(in crate::tui) fn refusal(model: &Model, screen: Screen) -> Option<String> {
    let none = !items::is_selected(model, screen);
    none.then(|| "Nothing is selected that could be copied.".into())
}

/// Opens the menu for the selected row.
pub(in crate::tui) fn open(model: &mut Model) -> Vec<Effect> {
    if let Some(items) = of_selected(model) {
        model.overlay = Some(Overlay::Copy(Copy {
            items,
            at: 0,
            alone: None,
            sent: None,
        }));
    }
    Vec::new()
}

/// A text for the terminal's clipboard, or why it is too much for one.
pub(super) fn to_clipboard(text: String) -> Result<Effect, String> {
    if text.len() > MOST {
        return Err(format!(
            "That has {} bytes; a terminal's clipboard takes {MOST} at most (OSC 52). Copy a part \
             of it.",
            text.len()
        ));
    }
    Ok(Effect::Copy(Secret::new(text)))
}

/// What became of it can only be seen there.
fn sent_words(model: &Model, what: &str, otherwise: &'static str) -> String {
    let between = if model.facts.terminal.multiplexer {
        " In tmux: set -g set-clipboard on."
    } else {
        ""
    };
    format!(
        "{what} went to the terminal's clipboard (OSC 52). Nothing arrives? It may be switched \
         off there{}.{between}",
        model.spell(otherwise)
    )
}

/// A text went to the terminal; true where it was one of these.
pub(in crate::tui) fn on_copied(model: &mut Model) -> bool {
    match &mut model.overlay {
        Some(Overlay::Copy(copy)) => {
            copy.sent = Some(copy.at);
            true
        }
        Some(Overlay::Json(json)) => {
            let what = if json.path_sent {
                "The path"
            } else {
                "The value"
            };
            let words = sent_words(
                model,
                what,
                ": {json.show-alone} shows the value to select by hand",
            );
            model.say(words);
            true
        }
        _ => false,
    }
}

/// What a key does here.
pub(super) fn act(model: &mut Model, mut copy: Copy, action: Action) -> Vec<Effect> {
    let last = copy.items.len().saturating_sub(1);
    let mut wanted = None;
    match (&mut copy.alone, action) {
        (None, Action::Back) => return Vec::new(),
        (Some(_), Action::Back | Action::ShowAlone) => copy.alone = None,
        (Some(alone), Action::Up | Action::Down) => alone.act(action, model.size),
        (None, Action::Up) => copy.at = copy.at.saturating_sub(1),
        (None, Action::Down) => copy.at = (copy.at + 1).min(last),
        (None, Action::ShowAlone) if model.facts.forms.hidden => {
            let words = model.spell(HIDDEN);
            model.say(words);
        }
        (None, Action::ShowAlone) => {
            copy.alone = copy.items.get(copy.at).map(|item| Alone::new(&item.text));
        }
        (_, Action::Submit) => wanted = Some(copy.at),
        // What is shown alone is what is copied.
        (Some(_), Action::CopyPart(_)) => {
            model.say(model.spell("{copy.back} first: only what is shown is copied here."));
        }
        (None, Action::CopyPart(part)) => {
            wanted = copy.items.iter().position(|item| item.part == part);
            if wanted.is_none() {
                model.say(format!("There is no {} in this row.", part.noun()));
            }
        }
        _ => {}
    }
    let mut effects = Vec::new();
    if let Some(place) = wanted {
        copy.at = place;
        let text = copy.items.get(place).map(|item| item.text.clone());
        match to_clipboard(text.unwrap_or_default()) {
            Ok(effect) => effects.push(effect),
            Err(words) => model.say(words),
        }
    }
    model.overlay = Some(Overlay::Copy(copy));
    effects
}

/// The key that copies a part; blank where it has none.
fn letter(model: &Model, part: Part) -> String {
    let mut rows = model.facts.keymap.of_context(Context::Copy);
    rows.find(|row| row.action == Action::CopyPart(part))
        .and_then(Binding::key)
        .unwrap_or_default()
}

/// Draws it.
pub(super) fn view(model: &Model, copy: &Copy, area: Rect, buffer: &mut Buffer) {
    if let Some(alone) = &copy.alone {
        let words = "{copy.back} goes back, {copy.submit} copies";
        return alone.view(&model.spell(words), area, buffer);
    }
    let theme = model.facts.theme;
    let width = WIDTH.min(area.width.saturating_sub(4));
    let words = match (&model.status, copy.sent) {
        (Some(status), _) => status.text.clone(),
        (None, Some(_)) => sent_words(
            model,
            "It",
            ": {copy.show-alone} shows the text to select by hand",
        ),
        (None, None) => model.spell(
            "{copy.submit} or its letter copies it; {copy.show-alone} shows it to select by hand.",
        ),
    };
    let words = wrap_lines(&[Line::raw(words)], width);
    let keys = copy.items.iter().map(|item| letter(model, item.part));
    let letters = keys.map(|key| text_width(&key)).max().unwrap_or_default();
    let rows = copy.items.iter().enumerate().map(|(place, item)| {
        let here = place == copy.at;
        let marker = if here { MARKER } else { " " };
        let mark = if copy.sent == Some(place) { "✓" } else { " " };
        let head = format!(
            "{marker} {}",
            pad(&letter(model, item.part), letters, false)
        );
        let label = format!(" {mark} {}", pad(item.part.label(), LABEL, false));
        let room = usize::from(width).saturating_sub(5 + letters + LABEL);
        let text = pad(&shown(model, item, room), room, false);
        let style = if here { theme.selected() } else { theme.text() };
        Line::from(vec![
            Span::styled(head, style.patch(theme.key())),
            Span::styled(format!("{label} {text}"), style),
        ])
    });
    let rows: Vec<_> = rows.collect();
    let tall = u16::try_from(rows.len() + 1 + words.len()).unwrap_or(u16::MAX);
    let inner = dialog(model, "Copy", (width, tall), area, buffer);
    let room = usize::from(inner.height)
        .saturating_sub(words.len() + 1)
        .max(1);
    let hidden = (copy.at + 1).saturating_sub(room);
    let mut lines: Vec<_> = rows.into_iter().skip(hidden).take(room).collect();
    lines.push(Line::default());
    lines.extend(words);
    paragraph(&lines, inner, buffer);
}

/// A text as the menu shows it: its first line, as far as it fits.
fn shown(model: &Model, item: &Item, cells: usize) -> String {
    if model.facts.forms.hidden && item.part.is_figure() {
        return "•••".into();
    }
    let line: String = item
        .text
        .chars()
        .take(cells + 1)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    fit(&line, cells)
}
