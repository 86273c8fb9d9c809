//! Any size of the terminal, and text that tries to break out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU16, Ordering};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::fixtures::{draw, model, send, some_accounts, text, user};
use super::states::states;
use crate::base::{Environment, UserNumber};
use crate::tui::Start;
use crate::tui::app::{Model, Msg, Screen, refusal};
use crate::tui::keymap::{Action, Context, TABLE};
use crate::tui::screen::users;
use crate::tui::view::view;
use crate::workspace::Stage;

/// The states of each screen, and of each thing that can lie over one.
fn kinds() -> Vec<Vec<(&'static str, Model)>> {
    let mut kinds: Vec<(Context, Vec<(&'static str, Model)>)> = Vec::new();
    for (name, model) in states() {
        let context = model.contexts()[0];
        match kinds.iter_mut().find(|(known, _)| *known == context) {
            Some((_, states)) => states.push((name, model)),
            None => kinds.push((context, vec![(name, model)])),
        }
    }
    kinds.into_iter().map(|(_, states)| states).collect()
}

#[test]
fn every_screen_and_all_that_lies_over_one_has_a_state() {
    let states = states();
    for binding in TABLE {
        let wanted = binding.context;
        let shown = |(_, model): &(_, Model)| model.contexts()[0] == wanted;
        assert!(
            wanted == Context::Everywhere || states.iter().any(shown),
            "{wanted:?} has no row in states.rs"
        );
    }
}

/// Draws without looking at what was drawn.
fn survives(name: &str, model: &mut Model, width: u16, height: u16) {
    let drawn = catch_unwind(AssertUnwindSafe(|| {
        send(model, Msg::Resized(width, height));
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        view(model, area, &mut buffer);
    }));
    assert!(drawn.is_ok(), "{name} at {width}x{height}");
}

/// Does the work for every width, shared over the processors.
fn every_width(most: u16, work: impl Fn(u16) + Sync) {
    let next = AtomicU16::new(0);
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let width = next.fetch_add(1, Ordering::Relaxed);
                    if width > most {
                        break;
                    }
                    work(width);
                }
            });
        }
    });
}

/// Each size with each kind of state; the states of a kind take turns.
#[test]
fn no_size_panics() {
    let kinds = kinds();
    every_width(200, |width| {
        let mut kinds = kinds.clone();
        let count = kinds.len();
        for height in 0..=60 {
            for states in &mut kinds {
                let turn = (usize::from(width) / count + usize::from(height)) % states.len();
                let (name, model) = &mut states[turn];
                survives(name, model, width, height);
            }
        }
    });
}

/// Where room is scarce every state counts.
#[test]
fn no_small_size_panics_in_any_state() {
    let states = states();
    every_width(60, |width| {
        let mut states = states.clone();
        for height in 0..=30 {
            for (name, model) in &mut states {
                survives(name, model, width, height);
            }
        }
    });
}

#[test]
fn too_small_says_what_it_needs() {
    let shown = text(&draw(&model(&Start::First), 39, 12));
    assert!(shown.contains("needs 40x12"), "{shown}");
    assert!(shown.contains("39x12"), "{shown}");
}

#[test]
fn the_hints_never_leave_out_the_help() {
    for (name, model) in states() {
        if model.overlay.is_some() || model.is_typing() {
            continue;
        }
        for width in [40, 60, 80, 100, 120] {
            let shown = text(&draw(&model, width, 24));
            let hints = shown.lines().last().unwrap();
            assert!(hints.contains("? help"), "{name} at {width}: {hints}");
        }
    }
}

#[test]
fn the_badge_is_on_every_screen_at_every_width() {
    for (name, model) in states() {
        // The address alone has nothing beside it that would be selected with it.
        if model.contexts() == [Context::Address] {
            continue;
        }
        let word = match model.data.environment {
            Environment::Demo => "DEMO",
            Environment::Sandbox => "SANDBOX",
            Environment::Local(_) => "LOCAL",
            Environment::Production => "PRODUCTION",
        };
        for width in [40, 80, 120] {
            let shown = text(&draw(&model, width, 24));
            let header = shown.lines().next().unwrap();
            assert!(header.contains(word), "{name} at {width}: {header}");
        }
    }
}

#[test]
fn the_help_lists_every_key_of_its_context() {
    let mut model = model(&Start::First);
    for screen in Screen::ALL {
        model.overlay = None;
        model.screen = screen;
        send(&mut model, Msg::Acted(Action::Help));
        let shown = text(&draw(&model, 120, 90));
        for binding in TABLE {
            let wanted = [screen.context(), Context::Everywhere].contains(&binding.context);
            assert!(!wanted || shown.contains(binding.label), "{binding:?}");
        }
    }
}

#[test]
fn every_key_acts_somewhere_or_says_why_not() {
    for (_, model) in states() {
        if model.overlay.is_some() {
            continue;
        }
        for binding in TABLE {
            let mut model = model.clone();
            model.status = None;
            let refused = refusal(&model, binding.action).is_some();
            let effects = send(&mut model, Msg::Acted(binding.action));
            if refused && model.overlay.is_none() {
                assert!(model.status.is_some(), "{binding:?}");
                assert!(effects.is_empty(), "{binding:?}");
            }
        }
    }
}

#[test]
fn ten_thousand_users_are_shown_by_the_page() {
    let users = (1..=10_000)
        .map(|number| user(number, "Somebody"))
        .collect();
    let (mut model, _) = super::fixtures::open(
        &super::fixtures::profile(Environment::Sandbox),
        super::fixtures::opened(Environment::Sandbox, Stage::Ready, users),
    );
    model.size = (120, 40);
    send(&mut model, Msg::Acted(Action::Last));
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("10000"), "{shown}");
    assert!(!shown.contains("  9900  "), "{shown}");
}

#[test]
fn nothing_from_the_bank_steers_the_terminal() {
    let (mut model, generation) = super::fixtures::listed();
    let mut accounts = some_accounts();
    accounts.rows[0].description = "\u{1b}]52;c;eA==\u{7}\u{202e}\u{9b}2J".into();
    send(
        &mut model,
        Msg::Users(users::Msg::AccountsRead {
            generation,
            user: UserNumber(1),
            result: Ok(accounts),
        }),
    );
    let shown = text(&draw(&model, 120, 40));
    assert!(
        !shown
            .chars()
            .any(|c| (c.is_control() && c != '\n') || c == '\u{202e}')
    );
}
