//! Every action by its name: those of the screen, those that act everywhere, and those of the
//! other screens. Found by a few letters, done by Enter.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::{Overlay, dialog, dialog_inside};
use crate::tui::app::{Effect, Keystroke, Model, Screen, act as do_it, refusal, refusal_on};
use crate::tui::keymap::{Action, Binding, Context};
use crate::tui::theme::MARKER;
use crate::tui::widget::field::Field;
use crate::tui::widget::list::Cursor;
use crate::tui::widget::text::{fit, pad, width};

/// Cells for all.
const WIDTH: u16 = 64;
/// Most rows that are seen at once.
const MOST: u16 = 14;
/// Rows that are not actions: header, hints, the frame, the field, why not.
const AROUND: u16 = 6;
/// Cells before a name: the marker, whether it is refused, and a blank.
const SIGNS: usize = 3;

/// What was typed, and what it finds.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct Palette {
    field: Field,
    found: Vec<Found>,
    cursor: Cursor,
}

/// An action that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    /// Its row in the key map.
    place: usize,
    /// Its name.
    name: String,
    /// Which of the name's characters were typed.
    marks: Vec<u32>,
}

/// Opens it.
pub(in crate::tui) fn open(model: &mut Model) -> Vec<Effect> {
    let mut palette = Palette {
        field: Field::new(false),
        found: Vec::new(),
        cursor: Cursor::default(),
    };
    palette.search(model);
    model.overlay = Some(Overlay::Palette(palette));
    Vec::new()
}

/// Opens it in the place of what lies over the screen, unless that waits for an answer.
pub(in crate::tui) fn open_over(model: &mut Model) -> Vec<Effect> {
    if matches!(model.overlay, Some(Overlay::Palette(_))) {
        return Vec::new();
    }
    if model.overlay.as_ref().is_some_and(waits) {
        model.say("Answer this first, or close it.");
        return Vec::new();
    }
    open(model)
}

/// Whether it waits for an answer that nothing else may take the place of.
fn waits(overlay: &Overlay) -> bool {
    match overlay {
        Overlay::Confirm(_) | Overlay::Locking(_) | Overlay::Entry(_) => true,
        Overlay::Help { under, .. } => under.as_ref().is_some_and(|under| waits(under)),
        _ => false,
    }
}

/// Takes a key of the field.
pub(super) fn press(model: &mut Model, keystroke: Keystroke) {
    change(model, |field| field.press(keystroke.0));
}

/// Takes pasted text.
pub(super) fn paste(model: &mut Model, text: &str) {
    change(model, |field| field.paste(text));
}

fn change(model: &mut Model, edit: impl FnOnce(&mut Field)) {
    let overlay = model.overlay.take();
    model.overlay = overlay.map(|overlay| match overlay {
        Overlay::Palette(mut palette) => {
            edit(&mut palette.field);
            palette.search(model);
            Overlay::Palette(palette)
        }
        other => other,
    });
}

impl Palette {
    /// Finds what was typed, the best first; with nothing typed everything, the nearest first.
    fn search(&mut self, model: &Model) {
        self.cursor = Cursor::default();
        let pattern = Pattern::parse(
            self.field.trimmed(),
            CaseMatching::Ignore,
            Normalization::Smart,
        );
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut characters = Vec::new();
        let mut scored: Vec<(u32, Found)> = offered(model)
            .into_iter()
            .filter_map(|(place, name)| {
                let mut marks = Vec::new();
                let text = Utf32Str::new(&name, &mut characters);
                let score = pattern.indices(text, &mut matcher, &mut marks)?;
                Some((score, Found { place, name, marks }))
            })
            .collect();
        // Equals stay in the order in which they are offered; what acts comes first.
        let typed = !self.field.trimmed().is_empty();
        let refused = |found: &Found| {
            let row = model.facts.keymap.rows().get(found.place);
            typed && row.is_some_and(|row| why_not(model, row).is_some())
        };
        scored.sort_by_cached_key(|(score, found)| (std::cmp::Reverse(*score), refused(found)));
        self.found = scored.into_iter().map(|(_, found)| found).collect();
    }
}

/// Every action with its name, the nearest first.
fn offered(model: &Model) -> Vec<(usize, String)> {
    let here = match &model.locked {
        Some(_) => Context::Locked,
        None => model.screen.context(),
    };
    let mut offered: Vec<_> = model
        .facts
        .keymap
        .rows()
        .iter()
        .enumerate()
        .filter(|(_, row)| row.action != Action::Palette)
        .filter_map(|(place, row)| {
            let elsewhere = row.context.screen().filter(|_| model.locked.is_none());
            let group = match row.context {
                context if context == here => 0,
                Context::Everywhere => 1,
                // To move on a screen that is not seen is nothing to look for.
                _ if elsewhere.is_some() && !row.action.only_moves() => 2,
                _ => return None,
            };
            let order = (row.action.only_moves(), group, row.rank == 0, row.rank);
            Some((order, place, name(row, group == 2)))
        })
        .collect();
    offered.sort_by_key(|(order, ..)| *order);
    offered
        .into_iter()
        .map(|(_, place, name)| (place, name))
        .collect()
}

/// What it is called here; with its screen, where that is another.
fn name(row: &Binding, elsewhere: bool) -> String {
    match row.action {
        Action::Go(screen) => format!("go to {}", screen.title()),
        _ if elsewhere => format!("{}: {}", row.context.title(), row.label),
        _ => row.label.into(),
    }
}

/// The screen that an action is of, where that is not the one that is seen.
fn other_screen(model: &Model, row: &Binding) -> Option<Screen> {
    let screen = row.context.screen()?;
    (screen != model.screen).then_some(screen)
}

/// Why it would do nothing now.
fn why_not(model: &Model, row: &Binding) -> Option<String> {
    match other_screen(model, row) {
        Some(screen) => refusal_on(model, screen, row.action),
        None => refusal(model, row.action),
    }
}

/// What a key does here.
pub(super) fn act(model: &mut Model, mut palette: Palette, action: Action) -> Vec<Effect> {
    match action {
        Action::Back => return Vec::new(),
        Action::Submit => {
            if let Some(found) = palette.found.get(palette.cursor.at) {
                return choose(model, found.place);
            }
        }
        action => {
            let page = page(model.size.1);
            palette.cursor.act(action, palette.found.len(), page);
            palette.cursor.settle(palette.found.len(), page);
        }
    }
    model.overlay = Some(Overlay::Palette(palette));
    Vec::new()
}

/// Does it, on the screen that it is of; the action itself says why it does nothing.
fn choose(model: &mut Model, place: usize) -> Vec<Effect> {
    let Some(row) = model.facts.keymap.rows().get(place).cloned() else {
        return Vec::new();
    };
    let mut effects = match other_screen(model, &row) {
        Some(screen) => do_it(model, Action::Go(screen)),
        None => Vec::new(),
    };
    effects.extend(do_it(model, row.action));
    effects
}

/// How many actions are seen.
fn page(rows: u16) -> usize {
    rows.saturating_sub(AROUND).clamp(1, MOST).into()
}

/// How large it is, within so much.
fn size(area: Rect) -> (u16, u16) {
    let tall = u16::try_from(page(area.height) + 2).unwrap_or(u16::MAX);
    (WIDTH.min(area.width.saturating_sub(4)), tall)
}

/// The row at a place.
pub(super) fn row_at(palette: &Palette, area: Rect, at: Position) -> Option<usize> {
    let inner = dialog_inside(size(area), area);
    let line = usize::from(at.y.checked_sub(inner.y + 1)?);
    let mut cursor = palette.cursor;
    let page = page(area.height);
    cursor.settle(palette.found.len(), page);
    let row = cursor.offset + line;
    (inner.contains(at) && line < page && row < palette.found.len()).then_some(row)
}

/// Selects it; true where it was selected before.
pub(super) fn select(palette: &mut Palette, row: usize) -> bool {
    std::mem::replace(&mut palette.cursor.at, row) == row
}

/// Draws it; gives back where the cursor stands.
pub(super) fn view(
    model: &Model,
    palette: &Palette,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let theme = model.facts.theme;
    let (cells, tall) = size(area);
    let page = page(area.height);
    let inner = dialog(model, "What to do", (cells, tall), area, buffer);
    let whole = buffer.area;
    let row = |y: u16| {
        let row = Rect {
            y: inner.y + y,
            height: 1,
            ..inner
        };
        row.intersection(inner).intersection(whole)
    };
    let (shown, at) = palette.field.shown(cells.saturating_sub(2));
    Line::styled(format!("> {shown}"), theme.strong()).render(row(0), buffer);
    let mut cursor = palette.cursor;
    cursor.settle(palette.found.len(), page);
    let seen = palette.found.iter().enumerate().skip(cursor.offset);
    for ((place, found), y) in seen.take(page).zip(1..) {
        draw_row(model, found, place == cursor.at, row(y), buffer);
    }
    let chosen = palette.found.get(cursor.at);
    let words = match chosen.and_then(|found| model.facts.keymap.rows().get(found.place)) {
        Some(row) => why_not(model, row).unwrap_or_default(),
        None => "No action is called so.".into(),
    };
    let last = inner.height.saturating_sub(1);
    Line::raw(fit(&words, cells.into())).render(row(last), buffer);
    (!inner.is_empty()).then(|| Position::new(inner.x + 2 + at, inner.y))
}

fn draw_row(model: &Model, found: &Found, here: bool, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let Some(row) = model.facts.keymap.rows().get(found.place) else {
        return;
    };
    let refused = why_not(model, row).is_some();
    let base = match (here, refused) {
        (true, _) => theme.selected(),
        (false, true) => theme.rule(),
        (false, false) => theme.text(),
    };
    let cells = usize::from(area.width);
    let keys = fit(&row.all_keys(), cells / 3);
    let room = cells.saturating_sub(SIGNS + 1 + width(&keys));
    let marker = if here { MARKER } else { " " };
    let sign = if refused { "·" } else { " " };
    let mut spans = vec![Span::styled(format!("{marker}{sign} "), base)];
    spans.extend(marked(
        &pad(&found.name, room, false),
        &found.marks,
        base,
        base.patch(theme.key()),
    ));
    spans.push(Span::styled(" ", base));
    spans.push(Span::styled(keys, base));
    Line::from(spans).render(area, buffer);
}

/// The name, what was typed of it in another style.
fn marked(name: &str, marks: &[u32], base: Style, typed: Style) -> Vec<Span<'static>> {
    (0..)
        .zip(name.chars())
        .map(|(place, character)| {
            let style = if marks.contains(&place) { typed } else { base };
            Span::styled(character.to_string(), style)
        })
        .collect()
}
