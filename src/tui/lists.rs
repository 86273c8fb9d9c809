//! The tables of all screens: which of them the keys act on, where each is, and how one looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::app::{Effect, Keystroke, Model, Screen};
use super::data::Generation;
use super::keymap::{Action, Context};
use super::listing::{Arranged, Job, Listing};
use super::overlay::Overlay;
use super::screen::{doctor, log, users};
use super::widget::pane::{inset, pane, paragraph};
use super::widget::table::{Column, Spot, Table};
use super::widget::text::{width, wrap_lines};

/// What may be typed, where nothing is yet.
const SYNTAX: &str = "word 'exact ^begin end$ !not";

/// The tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum List {
    /// The users.
    Users,
    /// The chosen user's accounts.
    Accounts,
    /// The accounts of all users.
    AllAccounts,
    /// The requests.
    Log,
    /// The doctor's checks.
    Doctor,
    /// The profiles to pick from.
    Profiles,
}

/// A table on the screen.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// Which.
    pub(super) list: List,
    /// The pane with its rule.
    pub(super) area: Rect,
    /// Its columns.
    pub(super) columns: Vec<Column>,
    /// How many rows it has, shown or not.
    pub(super) count: usize,
}

/// What stands behind a table.
pub(super) fn listing(model: &Model, list: List) -> Option<&Listing> {
    Some(match list {
        List::Users => &model.users.users,
        List::Accounts => &model.users.accounts,
        List::AllAccounts => &model.users.all.as_ref()?.listing,
        List::Log => &model.log.listing,
        List::Doctor => &model.doctor.listing,
        List::Profiles => match &model.overlay {
            Some(Overlay::Profiles(picker)) => &picker.listing,
            _ => return None,
        },
    })
}

/// The same, to change it.
pub(super) fn listing_mut(model: &mut Model, list: List) -> Option<&mut Listing> {
    Some(match list {
        List::Users => &mut model.users.users,
        List::Accounts => &mut model.users.accounts,
        List::AllAccounts => &mut model.users.all.as_mut()?.listing,
        List::Log => &mut model.log.listing,
        List::Doctor => &mut model.doctor.listing,
        List::Profiles => match &mut model.overlay {
            Some(Overlay::Profiles(picker)) => &mut picker.listing,
            _ => return None,
        },
    })
}

/// The table that the keys act on.
pub(super) fn focused(model: &Model) -> Option<List> {
    match &model.overlay {
        Some(Overlay::Profiles(picker)) => return picker.is_listed().then_some(List::Profiles),
        Some(_) => return None,
        None if model.locked.is_some() => return None,
        None => {}
    }
    match model.screen {
        Screen::Users => users::focused_list(model),
        Screen::Log => log::focused_list(model),
        Screen::Doctor => doctor::focused_list(model),
        Screen::Setup | Screen::Connect | Screen::Payments => None,
    }
}

/// The tables on the screen, by where they are.
pub(super) fn placed(model: &Model) -> Vec<Placed> {
    match model.screen {
        _ if model.locked.is_some() => Vec::new(),
        Screen::Users => users::placed(model),
        Screen::Log => log::placed(model),
        Screen::Doctor => doctor::placed(model),
        Screen::Setup | Screen::Connect | Screen::Payments => Vec::new(),
    }
}

/// Rows that are seen in a pane of this height.
pub(super) fn page(listing: &Listing, height: u16) -> usize {
    let above = 2 + u16::from(listing.is_filtered());
    usize::from(height.saturating_sub(above))
}

impl Placed {
    /// Where the filter is typed: the row below the rule.
    fn filter(&self) -> Rect {
        Rect {
            y: self.area.y + 1,
            height: u16::from(self.area.height > 1),
            ..self.area
        }
    }

    /// Where headings and rows are.
    fn table(&self, listing: &Listing) -> Rect {
        let above = (1 + u16::from(listing.is_filtered())).min(self.area.height);
        Rect {
            y: self.area.y + above,
            height: self.area.height - above,
            ..self.area
        }
    }

    fn as_table(&self, model: &Model, listing: &Listing) -> Table<'_> {
        Table {
            columns: &self.columns,
            count: listing.shown(self.count),
            cursor: listing.cursor,
            focused: focused(model) == Some(self.list),
            theme: model.facts.theme,
        }
    }

    /// What a place in it is.
    pub(super) fn spot(&self, model: &Model, position: Position) -> Spot {
        let Some(listing) = listing(model, self.list) else {
            return Spot::Blank;
        };
        self.as_table(model, listing)
            .spot(self.table(listing), position)
    }

    /// The columns that are shown, by their places.
    fn shown_columns(&self, model: &Model) -> Vec<usize> {
        let Some(listing) = listing(model, self.list) else {
            return Vec::new();
        };
        let plan = self.as_table(model, listing).plan(self.table(listing));
        plan.into_iter().map(|(place, _)| place).collect()
    }

    /// Draws the rule, the filter and the table; `row` is given places among all rows.
    pub(super) fn draw(
        &self,
        model: &Model,
        (title, remark): (&str, &str),
        buffer: &mut Buffer,
        row: impl Fn(usize) -> Option<(Vec<String>, Style)>,
    ) {
        let theme = model.facts.theme;
        let Some(listing) = listing(model, self.list) else {
            return;
        };
        let table = self.as_table(model, listing);
        let focused = table.focused;
        let remark = match listing.count_words(self.count) {
            Some(words) if remark.is_empty() => words,
            Some(words) => {
                let both = format!("{words}, {remark}");
                // Half of it is better than nothing, and the count the better half.
                let room = usize::from(self.area.width).saturating_sub(width(title) + 8);
                if width(&both) <= room { both } else { words }
            }
            None => remark.into(),
        };
        pane(theme, title, &remark, focused, self.area, buffer);
        if let Some(field) = listing.filter() {
            let area = inset(self.filter());
            let (text, _) = field.shown(area.width.saturating_sub(2));
            let rest = if field.len() == 0 { SYNTAX } else { "" };
            let line = Line::from(vec![
                Span::styled("/", theme.key()),
                Span::raw(" "),
                Span::raw(text),
                Span::styled(rest, theme.rule()),
            ]);
            paragraph(&[line], area, buffer);
        }
        let area = self.table(listing);
        if table.count == 0 && self.count > 0 {
            let lines = [
                Line::styled("No row fits the filter", theme.strong()),
                Line::from(vec![
                    Span::styled(model.key(Context::Filter, Action::Back), theme.key()),
                    Span::raw("  "),
                    Span::raw("shows all rows again"),
                ]),
            ];
            let area = inset(area);
            paragraph(&wrap_lines(&lines, area.width), area, buffer);
            return;
        }
        table.draw_listing(listing, area, buffer, row);
    }
}

/// Where the cursor stands while a filter is typed.
pub(super) fn cursor(model: &Model) -> Option<Position> {
    let list = typing(model)?;
    let field = listing(model, list)?.filter()?;
    let placed = placed(model).into_iter().find(|one| one.list == list)?;
    let area = inset(placed.filter());
    let (_, at) = field.shown(area.width.saturating_sub(2));
    let x = (area.x + 2)
        .saturating_add(at)
        .min(area.right().saturating_sub(1));
    (!area.is_empty()).then(|| Position::new(x, area.y))
}

/// The table whose filter is typed.
pub(super) fn typing(model: &Model) -> Option<List> {
    focused(model).filter(|list| listing(model, *list).is_some_and(Listing::is_typing))
}

/// The table whose filter is typed, to change it.
fn typing_mut(model: &mut Model) -> Option<&mut Listing> {
    let list = typing(model)?;
    listing_mut(model, list)
}

/// Takes a key into the filter that is typed; false where there is none.
pub(super) fn type_key(model: &mut Model, keystroke: Keystroke) -> bool {
    typing_mut(model).is_some_and(|listing| {
        listing.press(keystroke);
        true
    })
}

/// Takes pasted text into it; false where there is none.
pub(super) fn paste(model: &mut Model, text: &str) -> bool {
    typing_mut(model).is_some_and(|listing| {
        listing.paste(text);
        true
    })
}

/// What a key does while a filter is typed. True when that is all.
pub(super) fn act_typing(model: &mut Model, action: Action) -> bool {
    let Some(listing) = typing_mut(model) else {
        return false;
    };
    match action {
        Action::Submit => listing.keep_filter(),
        Action::Back => listing.clear_filter(),
        Action::Up | Action::Down | Action::PageUp | Action::PageDown => return false,
        _ => {}
    }
    true
}

/// What `/`, `s` and `S` do.
pub(super) fn act(model: &mut Model, action: Action) {
    let Some(list) = focused(model) else {
        return;
    };
    let columns = placed(model)
        .iter()
        .find(|one| one.list == list)
        .map_or_else(Vec::new, |one| one.shown_columns(model));
    let Some(listing) = listing_mut(model, list) else {
        return;
    };
    match action {
        Action::Filter => listing.open_filter(),
        Action::Sort => listing.sort_next(&columns),
        Action::TurnRound => listing.turn_round(),
        _ => {}
    }
}

/// Why one of them does nothing.
pub(super) fn refusal(model: &Model, action: Action) -> Option<String> {
    let Some(list) = focused(model) else {
        return Some("There is no table here to look through.".into());
    };
    let sorted = listing(model, list).is_some_and(|listing| listing.sort().is_some());
    (action == Action::TurnRound && !sorted).then(|| "s sorts by a column first.".into())
}

/// Whether the table that the keys act on has a filter, which Esc takes away before it goes back.
pub(super) fn is_filtered(model: &Model) -> bool {
    focused(model)
        .and_then(|list| listing(model, list))
        .is_some_and(Listing::is_filtered)
}

/// Shows all rows of the table that the keys act on again.
pub(super) fn clear_filter(model: &mut Model) {
    if let Some(list) = focused(model)
        && let Some(listing) = listing_mut(model, list)
    {
        listing.clear_filter();
    }
}

/// Many rows are to be arranged: off the loop.
pub(super) fn ask(model: &mut Model, list: List, job: Option<Job>) -> Option<Effect> {
    let job = Box::new(job?);
    let generation = model.data.next_generation();
    listing_mut(model, list)?.await_answer(generation);
    Some(Effect::Arrange {
        generation,
        list,
        job,
    })
}

/// They were arranged.
pub(super) fn arrive(model: &mut Model, list: List, generation: Generation, arranged: Arranged) {
    if let Some(listing) = listing_mut(model, list) {
        listing.arrive(generation, arranged);
    }
}
