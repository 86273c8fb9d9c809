//! Any size of the terminal, and text that tries to break out.

use super::fixtures::{draw, model, send, some_accounts, text, user};
use super::states::states;
use crate::base::{Environment, UserNumber};
use crate::tui::Start;
use crate::tui::app::{Msg, Screen, refusal};
use crate::tui::keymap::{Action, Context, TABLE};
use crate::tui::screen::users;
use crate::workspace::Stage;

#[test]
fn no_size_panics() {
    for (_, model) in states() {
        for width in 0..=130 {
            for height in 0..=45 {
                // Every size near the limits, and a grid over the rest.
                if width > 44 && height > 14 && (width % 7 != 0 || height % 5 != 0) {
                    continue;
                }
                draw(&model, width, height);
            }
        }
    }
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
        let word = match model.data.environment {
            Environment::Demo => "DEMO",
            Environment::Sandbox => "SANDBOX",
            _ => "PRODUCTION",
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
