//! The first row: the program, the bank it speaks to, the screens.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::text::{fit, width};
use crate::base::Environment;
use crate::tui::app::{Model, Screen};
use crate::tui::data::own_name;
use crate::tui::keymap::{Action, Context};

/// Draws it.
pub(in crate::tui) fn header(model: &Model, area: Rect, buffer: &mut Buffer) {
    let (mut left, tabs) = parts(model, usize::from(area.width));
    left.extend(tabs);
    Line::from(left).render(area.intersection(buffer.area), buffer);
}

/// The screen whose tab is there.
pub(in crate::tui) fn hit(model: &Model, area: Rect, at: Position) -> Option<Screen> {
    if !area.contains(at) {
        return None;
    }
    let (left, tabs) = parts(model, usize::from(area.width));
    let mut begin: usize = left.iter().map(Span::width).sum();
    let mut screens = Screen::ALL.into_iter();
    let x = usize::from(at.x - area.x);
    for (place, span) in tabs.iter().enumerate() {
        let cells = begin..begin + span.width();
        begin = cells.end;
        // Between two tabs there is a blank.
        let screen = if place % 2 == 0 { screens.next() } else { None };
        if cells.contains(&x) {
            return screen;
        }
    }
    None
}

/// What stands before the tabs, and they.
fn parts(model: &Model, cells: usize) -> (Vec<Span<'static>>, Vec<Span<'static>>) {
    let theme = model.facts.theme;
    let badge = badge(model, cells);
    let mut left = Vec::new();
    let long = tabs(model, true);
    let name = " bunq-tui  ";
    // The names of the screens are of more use than that of the program.
    let needed = width(&badge) + 2 + Line::from(long.clone()).width();
    let all = needed + width(name) <= cells;
    if all || (needed > cells && cells >= 60) {
        left.push(Span::styled(name, theme.strong()));
    }
    left.push(Span::styled(badge, theme.badge(&model.data.environment)));
    let used: usize = left.iter().map(Span::width).sum();
    let tabs = if used + 2 + Line::from(long.clone()).width() <= cells {
        long
    } else {
        tabs(model, false)
    };
    if model.facts.forms.hidden {
        // As long as there is a way to say it; what is hidden says so itself.
        let room = cells.saturating_sub(used + Line::from(tabs.clone()).width() + 1);
        let words = ["  hidden", " •••", "•••"]
            .into_iter()
            .find(|word| width(word) <= room);
        left.extend(words.map(|word| Span::styled(word, theme.strong())));
    }
    let used: usize = left.iter().map(Span::width).sum();
    let blank = cells.saturating_sub(used + Line::from(tabs.clone()).width() + 1);
    left.push(Span::raw(" ".repeat(blank)));
    (left, tabs)
}

/// The screens with their keys; without room only the one that is shown has its name.
fn tabs(model: &Model, long: bool) -> Vec<Span<'static>> {
    let theme = model.facts.theme;
    let mut spans = Vec::new();
    if model.locked.is_some() {
        return spans;
    }
    for screen in Screen::ALL {
        if !spans.is_empty() {
            spans.push(Span::raw(" "));
        }
        let here = screen == model.screen;
        let key = model.key(Context::Everywhere, Action::Go(screen));
        let text = if long || here {
            format!(" {key} {} ", screen.title())
        } else {
            format!(" {key} ")
        };
        let style = if here { theme.selected() } else { theme.text() };
        spans.push(Span::styled(text, style));
    }
    spans
}

/// The bank in capitals. It is never left out.
fn badge(model: &Model, cells: usize) -> String {
    let named = model.data.profile.as_ref().and_then(own_name);
    let bank = bank(&model.data.environment, cells);
    match named {
        // Several profiles of one bank are told apart where there is room.
        Some(name) if cells >= 60 => {
            format!("{} · {} ", bank.trim_end(), fit(name, 12))
        }
        _ => bank,
    }
}

fn bank(environment: &Environment, cells: usize) -> String {
    match environment {
        Environment::Demo => "DEMO".into(),
        Environment::Sandbox => "SANDBOX".into(),
        Environment::Production if cells >= 80 => " PRODUCTION · real money ".into(),
        Environment::Production => " PRODUCTION ".into(),
        Environment::Local(url) => {
            let place = url
                .as_str()
                .trim_start_matches("http://")
                .trim_end_matches('/');
            let (whole, room) = (format!("LOCAL {place}"), (cells / 3).max(5));
            match url.port() {
                // The port tells one from another, the machine is always this one.
                Some(port) if width(&whole) > room => fit(&format!("LOCAL :{port}"), room),
                _ => fit(&whole, room),
            }
        }
    }
}
