//! Every action by its name.

use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::style::Modifier;
use rstest::rstest;

use super::fixtures::{draw, full, inviting, listed, model, press, send, text, type_text};
use super::keys::{bound, hit, hit_with};
use crate::base::Environment;
use crate::tui::Start;
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::{Action, Context};
use crate::tui::overlay::Overlay;

/// The palette over a screen.
pub(super) fn opened(mut model: Model) -> Model {
    hit(&mut model, KeyCode::Char(':'));
    assert!(matches!(model.overlay, Some(Overlay::Palette(_))));
    model
}

/// Something was typed into it.
pub(super) fn typed(model: Model, words: &str) -> Model {
    let mut model = opened(model);
    type_text(&mut model, words);
    model
}

/// The names that it shows, on so high a terminal: what is below the field and above why not.
fn names(model: &Model, height: u16) -> Vec<String> {
    let shown = text(&draw(model, 80, height));
    let inside = |line: &str| {
        let (_, rest) = line.split_once('│')?;
        let (inside, _) = rest.rsplit_once('│')?;
        Some(inside.to_owned())
    };
    let lines: Vec<String> = shown.lines().filter_map(inside).collect();
    let names = lines.len().saturating_sub(1);
    lines
        .iter()
        .take(names)
        .skip(1)
        .map(|line| line.replace(['▸', '·'], " ").trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

/// Everything that is offered, read from the first row to the last.
fn all_names(model: &Model) -> Vec<String> {
    let mut model = model.clone();
    model.size = (80, 24);
    let mut all: Vec<String> = Vec::new();
    for _ in 0..200 {
        for name in names(&model, 24) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        press(&mut model, Action::Down);
    }
    all
}

#[test]
fn it_offers_every_action_of_the_screen_everywhere_and_the_other_screens() {
    let model = opened(full());
    let all = all_names(&model).join("\n");
    for row in model.facts.keymap.rows() {
        let here = [Context::Users, Context::Everywhere].contains(&row.context);
        let elsewhere = row.context.screen().is_some() && !row.action.only_moves();
        if row.action == Action::Palette || !(here || elsewhere) {
            continue;
        }
        let name = if here {
            row.label.to_owned()
        } else {
            format!("{}: {}", row.context.title(), row.label)
        };
        assert!(all.contains(&name), "{name} in {all}");
    }
}

#[test]
fn a_few_letters_find_an_action_and_enter_does_it() {
    let mut model = typed(full(), "forus");
    assert!(names(&model, 24)[0].starts_with("forget user"));
    hit(&mut model, KeyCode::Enter);
    assert!(matches!(model.overlay, Some(Overlay::Confirm(_))));
}

#[test]
fn the_best_comes_first_and_what_does_not_match_is_gone() {
    let model = typed(full(), "refresh");
    let found = names(&model, 24);
    assert!(found[0].starts_with("refresh"), "{found:?}");
    assert!(
        !found.iter().any(|name| name.contains("forget")),
        "{found:?}"
    );
}

#[test]
fn what_was_typed_stands_out_in_the_name() {
    let buffer = draw(&typed(listed().0, "fresh"), 80, 24);
    let row = (0..24)
        .find(|y| {
            let line: String = (0..80).map(|x| buffer[(x, *y)].symbol()).collect();
            line.contains("refresh")
        })
        .unwrap();
    let bold: String = (0..80)
        .map(|x| &buffer[(x, row)])
        .filter(|cell| cell.modifier.contains(Modifier::BOLD))
        .map(|cell| cell.symbol())
        .collect();
    assert!(bold.ends_with("fresh"), "{bold}");
}

#[test]
fn an_action_of_another_screen_goes_there_first() {
    let mut model = full();
    press(&mut model, Action::Go(Screen::Log));
    let mut model = typed(model, "users: forget");
    hit(&mut model, KeyCode::Enter);
    assert_eq!(model.screen, Screen::Users);
    assert!(matches!(model.overlay, Some(Overlay::Confirm(_))));
}

#[test]
fn what_would_do_nothing_is_dim_and_says_why() {
    let mut model = typed(full(), "log: details");
    let buffer = draw(&model, 80, 24);
    let shown = text(&buffer);
    assert!(shown.contains("·"), "{shown}");
    assert!(shown.contains("No request"), "before it is chosen: {shown}");
    hit(&mut model, KeyCode::Enter);
    assert!(model.overlay.is_none());
    let status = &model.status.as_ref().unwrap().text;
    assert!(status.contains("No request"), "after it: {status}");

    let mut model = typed(full(), "set up anew");
    assert_eq!(hit(&mut model, KeyCode::Enter), []);
    assert!(model.overlay.is_none());
    assert!(model.status.is_some());
}

#[test]
fn escape_closes_it_and_nothing_is_done() {
    let mut model = typed(full(), "leave");
    assert_eq!(hit(&mut model, KeyCode::Esc), []);
    assert!(model.overlay.is_none() && model.status.is_none());
}

#[test]
fn what_nothing_is_called_does_nothing() {
    let mut model = typed(full(), "zzzz");
    assert_eq!(hit(&mut model, KeyCode::Enter), []);
    assert!(matches!(model.overlay, Some(Overlay::Palette(_))));
    let shown = text(&draw(&model, 40, 12));
    assert!(shown.contains("No action is called so."), "{shown}");
    hit_with(&mut model, KeyCode::Char('u'), KeyModifiers::CONTROL);
    assert!(names(&model, 24).len() > 10, "everything is back");
}

#[test]
fn it_leaves_the_program_as_the_key_does() {
    let mut model = typed(full(), "leave");
    assert_eq!(hit(&mut model, KeyCode::Enter), [Effect::Leave]);
}

#[test]
fn it_works_on_the_least_terminal() {
    let mut model = full();
    send(&mut model, Msg::Resized(40, 12));
    let mut model = opened(model);
    for _ in 0..9 {
        hit(&mut model, KeyCode::Down);
    }
    let shown = text(&draw(&model, 40, 12));
    assert!(shown.contains("> "), "the field: {shown}");
    assert!(shown.contains('▸'), "the chosen row: {shown}");
    hit(&mut model, KeyCode::PageUp);
    hit(&mut model, KeyCode::PageUp);
    let shown = text(&draw(&model, 40, 12));
    let first = shown.lines().find(|line| line.contains('▸')).unwrap();
    assert!(first.contains("details"), "{shown}");
}

#[test]
fn control_p_opens_it_too() {
    let mut model = full();
    hit_with(&mut model, KeyCode::Char('p'), KeyModifiers::CONTROL);
    assert!(matches!(model.overlay, Some(Overlay::Palette(_))));
}

#[test]
fn it_takes_the_place_of_a_list_but_not_of_a_question() {
    let mut over_stored = super::help::over_stored();
    hit(&mut over_stored, KeyCode::Char(':'));
    assert!(matches!(over_stored.overlay, Some(Overlay::Palette(_))));

    let mut question = full();
    press(&mut question, Action::Forget);
    let before = question.overlay.clone();
    hit(&mut question, KeyCode::Char(':'));
    assert_eq!(question.overlay, before);
    assert!(question.status.is_some(), "it says why");
    hit(&mut question, KeyCode::Char('?'));
    hit(&mut question, KeyCode::Char(':'));
    assert!(matches!(question.overlay, Some(Overlay::Help { .. })));
}

#[test]
fn what_is_locked_offers_what_acts_there() {
    let model = opened(super::locked::by_itself());
    let all = all_names(&model);
    assert!(all.iter().any(|name| name.starts_with("unlock")), "{all:?}");
    assert!(!all.iter().any(|name| name.contains(": ")), "{all:?}");
}

#[rstest]
#[case(model(&Start::First))]
#[case(inviting(Environment::Demo).0)]
#[case(full())]
fn every_row_of_it_acts_or_says_why_not(#[case] model: Model) {
    let model = opened(model);
    let count = all_names(&model).len();
    for place in 0..count {
        let mut model = model.clone();
        for _ in 0..place {
            hit(&mut model, KeyCode::Down);
        }
        let before = (model.screen, model.overlay.clone());
        hit(&mut model, KeyCode::Enter);
        assert_ne!(before.1, model.overlay, "it closes, whatever it does");
    }
}

#[test]
fn it_shows_the_keys_as_they_are_bound() {
    let model = bound(full(), &[("users.forget", &["F8"])]);
    let model = typed(model, "forget");
    assert!(names(&model, 24)[0].ends_with("F8"));
}

#[test]
fn pasted_text_is_looked_for() {
    let mut model = opened(full());
    send(&mut model, Msg::Pasted(crate::base::Secret::new("forget")));
    assert!(names(&model, 24)[0].starts_with("forget user"));
}
