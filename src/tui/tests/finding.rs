//! Filters, sorts and the table of all accounts, as keys lead there.

use ratatui::style::Modifier;
use rstest::rstest;

use super::fixtures::{
    draw, full, listed, open, opened, press, profile, read, send, some_accounts, text, type_text,
};
use super::people::user;
use super::requests::logged;
use crate::base::{Environment, Method, RequestEvent, RequestId, UserNumber};
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::screen::users::Focus;
use crate::workspace::{Accounts, Stage};

/// A filter that is being typed.
pub(super) fn typed() -> Model {
    let (mut model, generation) = listed();
    read(&mut model, generation, Ok(some_accounts()));
    look_for(&mut model, "gou bak");
    model
}

/// A filter that is kept, and a sort.
pub(super) fn kept() -> Model {
    let mut model = full();
    look_for(&mut model, "4017");
    press(&mut model, Action::Submit);
    for _ in 0..4 {
        press(&mut model, Action::Sort);
    }
    press(&mut model, Action::TurnRound);
    model
}

/// A filter that nothing fits.
pub(super) fn nothing_fits() -> Model {
    let (mut model, generation) = listed();
    read(&mut model, generation, Ok(some_accounts()));
    look_for(&mut model, "nobody at all");
    model
}

/// Requests that failed.
pub(super) fn log_filtered() -> Model {
    let mut model = logged();
    look_for(&mut model, "user !200");
    press(&mut model, Action::Submit);
    press(&mut model, Action::Sort);
    model
}

pub(super) fn look_for(model: &mut Model, filter: &str) {
    press(model, Action::Filter);
    type_text(model, filter);
}

/// Does what the effects ask for, as the runtime would.
pub(super) fn arrange(model: &mut Model, effects: Vec<Effect>) {
    for effect in effects {
        if let Effect::Arrange {
            generation,
            list,
            job,
        } = effect
        {
            let arranged = job.run(|| true).unwrap();
            send(
                model,
                Msg::Arranged {
                    generation,
                    list,
                    arranged,
                },
            );
        }
    }
}

pub(super) fn type_and_arrange(model: &mut Model, filter: &str) {
    for character in filter.chars() {
        let key = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char(character));
        let effects = send(model, Msg::Typed(crate::tui::app::Keystroke(key)));
        arrange(model, effects);
    }
}

#[test]
fn a_late_arrangement_never_replaces_a_newer_one() {
    let rows = (1..=5_000).map(|number| user(number, "Somebody")).collect();
    let (mut model, _) = open(
        &profile(Environment::Sandbox),
        opened(Environment::Sandbox, Stage::Ready, rows),
    );
    press(&mut model, Action::Filter);
    let key = |character: char| {
        let key = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char(character));
        Msg::Typed(crate::tui::app::Keystroke(key))
    };
    send(&mut model, key('^'));
    let first = send(&mut model, key('4'));
    let second = send(&mut model, key('2'));
    arrange(&mut model, second);
    let shown = |model: &Model| model.users.users.shown(5_000);
    assert_eq!(shown(&model), 111, "42, 420 to 429 and 4200 to 4299");
    arrange(&mut model, first);
    assert_eq!(shown(&model), 111);
    // Nor does one of a filter that was taken away.
    let third = send(&mut model, key('1'));
    press(&mut model, Action::Back);
    arrange(&mut model, third);
    assert_eq!(shown(&model), 5_000);
}

#[test]
fn what_was_found_is_marked_and_counted() {
    let model = typed();
    let buffer = draw(&model, 120, 40);
    let shown = text(&buffer);
    assert!(
        shown.contains("/ gou bak") && shown.contains("1 of 4"),
        "{shown}"
    );
    assert!(!shown.contains("Gone Again"), "{shown}");
    let marked: String = buffer
        .content()
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::UNDERLINED))
        .map(|cell| cell.symbol())
        .collect();
    assert_eq!(marked, "BakGou");
}

#[test]
fn escape_shows_all_rows_before_it_goes_back() {
    let mut model = kept();
    assert_eq!(model.users.accounts.shown(5), 1);
    press(&mut model, Action::Back);
    assert_eq!(model.users.focus, Focus::Accounts);
    assert_eq!(model.users.accounts.shown(5), 5);
    press(&mut model, Action::Back);
    assert_eq!(model.users.focus, Focus::Users);
}

#[test]
fn the_users_under_a_filter_bring_their_accounts() {
    let (mut model, generation) = listed();
    read(&mut model, generation, Ok(some_accounts()));
    press(&mut model, Action::Filter);
    let mut effects = Vec::new();
    for character in "korst".chars() {
        let key = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char(character));
        effects.extend(send(
            &mut model,
            Msg::Typed(crate::tui::app::Keystroke(key)),
        ));
    }
    let user = UserNumber(2);
    assert_eq!(effects, [Effect::RecallAccounts { user }]);
    assert_eq!(model.users.chosen, Some(user));
    type_text(&mut model, "xyz");
    assert_eq!(model.users.chosen, None);
    press(&mut model, Action::Submit);
    press(&mut model, Action::Enter);
    let said = model.status.clone().unwrap().text;
    assert_eq!(said, "No user fits the filter: Esc shows all of them.");
    press(&mut model, Action::Back);
    assert_eq!(model.users.chosen, Some(user));
}

#[rstest]
#[case(
    Screen::Setup,
    Action::Filter,
    "There is no table here to look through."
)]
#[case(Screen::Users, Action::TurnRound, "s sorts by a column first.")]
fn what_cannot_be_looked_through_says_so(
    #[case] screen: Screen,
    #[case] action: Action,
    #[case] words: &str,
) {
    let mut model = full();
    press(&mut model, Action::Go(screen));
    press(&mut model, action);
    assert_eq!(model.status.unwrap().text, words);
}

#[test]
fn the_sorted_heading_has_an_arrow() {
    let mut model = full();
    press(&mut model, Action::Sort);
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("Account▲"), "{shown}");
    press(&mut model, Action::TurnRound);
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("Account▼"), "{shown}");
    for _ in 0..5 {
        press(&mut model, Action::Sort);
    }
    let shown = text(&draw(&model, 120, 40));
    assert!(!shown.contains(['▲', '▼']), "{shown}");
}

#[test]
fn accounts_keep_their_sort_and_lose_their_filter_with_another_user() {
    let mut model = kept();
    press(&mut model, Action::Submit);
    model.users.focus = Focus::Users;
    press(&mut model, Action::Down);
    assert!(!model.users.accounts.is_filtered());
    assert!(model.users.accounts.sort().is_some());
}

#[test]
fn the_log_is_filtered_and_stays_on_its_request() {
    let mut model = logged();
    let first = text(&draw(&model, 120, 40));
    look_for(&mut model, "429");
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("1 of "), "{shown}");
    assert!(
        shown.contains("429") && !shown.contains("installation"),
        "{shown}"
    );
    press(&mut model, Action::Back);
    // It was found there: it stays selected among all of them.
    let shown = text(&draw(&model, 120, 40));
    let here = shown.lines().find(|line| line.starts_with('▸')).unwrap();
    assert!(here.contains("429"), "{shown}");
    assert!(first.contains("installation"));
}

#[test]
fn decimals_are_those_of_the_accounts_that_are_shown() {
    let (mut model, generation) = listed();
    read(&mut model, generation, Ok(some_accounts()));
    assert_eq!(model.users.decimals.1, 3);
    let plain = Accounts {
        rows: some_accounts().rows.into_iter().take(1).collect(),
        ..some_accounts()
    };
    press(&mut model, Action::FocusNext);
    let again = super::fixtures::generation(&press(&mut model, Action::Refresh)).unwrap();
    read(&mut model, again, Ok(plain));
    assert_eq!(model.users.decimals.1, 2);
}

#[test]
fn a_profile_is_found_by_its_name() {
    let (mut model, _) = super::profiles::listed_profiles();
    look_for(&mut model, "wor");
    let shown = text(&draw(&model, 80, 24));
    assert!(
        shown.contains("/ wor") && !shown.contains("▸ sandbox"),
        "{shown}"
    );
    assert!(shown.contains("new profile"), "{shown}");
    assert!(model.is_typing());
    press(&mut model, Action::Submit);
    press(&mut model, Action::Back);
    assert!(model.overlay.is_some(), "first the filter goes");
    press(&mut model, Action::Back);
    assert!(model.overlay.is_none());
}

#[rstest]
#[case(false, "/v1/new")]
#[case(true, "/v1/device-server")]
fn the_newest_is_followed_at_the_top_unless_sorted(#[case] sorted: bool, #[case] wanted: &str) {
    let mut model = logged();
    model.size = (120, 40);
    if sorted {
        press(&mut model, Action::Sort);
        press(&mut model, Action::First);
        // By path.
        press(&mut model, Action::Sort);
        press(&mut model, Action::Sort);
        press(&mut model, Action::First);
    }
    send(
        &mut model,
        Msg::Log(RequestEvent::Began {
            id: RequestId(999),
            method: Method::Get,
            path: "/v1/new".into(),
            at: super::fixtures::now(),
        }),
    );
    let shown = text(&draw(&model, 120, 40));
    let here = shown.lines().find(|line| line.starts_with('▸')).unwrap();
    assert!(here.contains(wanted), "{shown}");
}
