//! Clicks and the wheel.

use jiff::SignedDuration;
use ratatui::layout::Position;
use rstest::rstest;

use super::fixtures::{draw, full, listed, press, read, some_accounts, text, type_text, user};
use super::requests::logged;
use crate::base::UserNumber;
use crate::tui::app::{Effect, Model, Msg, Screen, update};
use crate::tui::keymap::Action;
use crate::tui::mouse::{Gesture, Pointed};
use crate::tui::overlay::Overlay;
use crate::tui::screen::users::{About, Focus};

fn users() -> Model {
    let (mut model, generation) = listed();
    read(&mut model, generation, Ok(some_accounts()));
    model
}

/// Where a text stands on the screen.
fn place_of(model: &Model, wanted: &str) -> Position {
    let (width, height) = model.size;
    let shown = text(&draw(model, width, height));
    for (y, line) in shown.lines().enumerate() {
        if let Some(at) = line.find(wanted) {
            let x = crate::tui::widget::text::width(&line[..at]);
            return Position::new(x.try_into().unwrap(), y.try_into().unwrap());
        }
    }
    panic!("{wanted} is not shown:\n{shown}");
}

fn point(model: &mut Model, gesture: Gesture, at: Position) -> Vec<Effect> {
    let now = model.now;
    update(model, Msg::Pointed(Pointed { gesture, at }), now)
}

fn click(model: &mut Model, wanted: &str) -> Vec<Effect> {
    let at = place_of(model, wanted);
    point(model, Gesture::Click, at)
}

#[test]
fn a_click_selects_the_row_and_focuses_its_pane() {
    let mut model = users();
    let effects = click(&mut model, "Bakkerij");
    let user = UserNumber(2);
    assert_eq!(effects, [Effect::RecallAccounts { user }]);
    assert_eq!(model.users.chosen, Some(user));
    let mut model = users();
    click(&mut model, "Holidays");
    assert_eq!(model.users.focus, Focus::Accounts);
    assert_eq!(model.users.accounts.selected(), Some(2));
    assert_eq!(model.users.about, About::Account);
    click(&mut model, "Zoë");
    assert_eq!(model.users.focus, Focus::Users);
    click(&mut model, "Session until");
    assert_eq!(model.users.focus, Focus::Detail);
}

#[rstest]
#[case("1 Setup", Screen::Setup)]
#[case("2 Connect", Screen::Connect)]
#[case("5 Log", Screen::Log)]
#[case("6 Doctor", Screen::Doctor)]
#[case("3 Users", Screen::Users)]
fn a_click_on_a_tab_goes_there(#[case] tab: &str, #[case] screen: Screen) {
    let mut model = users();
    click(&mut model, tab);
    assert_eq!(model.screen, screen);
    // At its last cell too.
    let mut model = logged();
    let at = place_of(&model, tab);
    let last = Position::new(at.x + u16::try_from(tab.len()).unwrap() - 1, at.y);
    point(&mut model, Gesture::Click, last);
    assert_eq!(model.screen, screen);
}

#[test]
fn a_click_on_a_heading_sorts_and_another_turns_it_round() {
    let mut model = full();
    // Without the details, which have a balance too.
    model.size = (100, 40);
    for (heading, descending) in [("Balance", false), ("Balance▲", true), ("Balance▼", false)] {
        click(&mut model, heading);
        let sort = model.users.accounts.sort().unwrap();
        assert_eq!((sort.column, sort.descending), (3, descending));
    }
    assert_eq!(model.users.users.sort(), None);
}

#[test]
fn a_double_click_is_enter_and_two_slow_ones_are_not() {
    let mut model = full();
    let at = place_of(&model, "Holidays");
    let click = |model: &mut Model, after: i64| {
        let now = model.now + SignedDuration::from_millis(after);
        let gesture = Gesture::Click;
        update(model, Msg::Pointed(Pointed { gesture, at }), now);
    };
    click(&mut model, 0);
    click(&mut model, 900);
    assert_eq!(model.users.focus, Focus::Accounts);
    click(&mut model, 200);
    assert_eq!(model.users.focus, Focus::Detail);
}

#[test]
fn a_click_on_a_hint_acts() {
    let mut model = users();
    click(&mut model, "? help");
    assert!(matches!(model.overlay, Some(Overlay::Help { .. })));
    click(&mut model, "Esc close");
    assert!(model.overlay.is_none());
    // Behind what lies over the screen nothing is hit.
    press(&mut model, Action::Help);
    let before = model.users.chosen;
    point(&mut model, Gesture::Click, Position::new(4, 5));
    assert_eq!(model.users.chosen, before);
    assert!(model.overlay.is_some());
}

#[test]
fn the_wheel_scrolls_the_pane_under_it_and_leaves_the_focus() {
    let mut model = users();
    let rows = (1..=200).map(|number| user(number, "Somebody")).collect();
    model.data.list(rows);
    press(&mut model, Action::FocusNext);
    let focus = model.users.focus;
    let at = place_of(&model, "Somebody");
    point(&mut model, Gesture::WheelDown, at);
    assert_eq!(model.users.users.cursor.offset, 3);
    assert!(model.users.users.cursor.at >= 3);
    assert_eq!(model.users.focus, focus);
    point(&mut model, Gesture::WheelUp, at);
    point(&mut model, Gesture::WheelUp, at);
    assert_eq!(model.users.users.cursor.offset, 0);
}

#[test]
fn the_mouse_is_given_to_the_terminal_and_taken_back_with_words() {
    let mut model = users();
    assert_eq!(
        press(&mut model, Action::Mouse),
        [Effect::CaptureMouse(false)]
    );
    let said = |model: &Model| model.status.clone().unwrap().text;
    assert_eq!(
        said(&model),
        "Mouse off: the terminal selects text again; m turns it on."
    );
    assert_eq!(
        press(&mut model, Action::Mouse),
        [Effect::CaptureMouse(true)]
    );
    assert!(said(&model).contains("Shift-drag"));
}

#[test]
fn a_click_while_a_filter_is_typed_keeps_it() {
    let mut model = users();
    press(&mut model, Action::Filter);
    type_text(&mut model, "e");
    click(&mut model, "Bakkerij");
    assert!(!model.is_typing());
    assert!(model.users.users.is_filtered());
    assert_eq!(model.users.chosen, Some(UserNumber(2)));
}
