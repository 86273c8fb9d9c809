//! Where one part of the screens meets another: keys in words, the palette over tables, the mouse
//! over the help, what is looked for while somebody connects.

use std::collections::BTreeMap;

use ratatui::layout::Position;
use rstest::rstest;

use super::all_accounts::all_open;
use super::fixtures::{connected, draw, full, inviting, press, send, text, type_text};
use super::keys::{STATES, bound};
use super::requests::logged;
use crate::base::{AccountId, Environment, UserNumber};
use crate::tui::app::{Effect, Model, Msg, Screen, refusal_on};
use crate::tui::keymap::{Action, Context, Keymap, TABLE};
use crate::tui::mouse::{Gesture, Pointed};
use crate::tui::overlay::Overlay;
use crate::tui::screen::{connect, setup};
use crate::workspace::{SlotKind, Stage};

/// Every binding on a key that no other one has there, and none on its default.
fn all_other_keys() -> Keymap {
    let mut everywhere = (1..=12)
        .map(|number| format!("F{number}"))
        .chain((0..=9).map(|digit| format!("Alt-{digit}")));
    let mut used: BTreeMap<String, u8> = BTreeMap::new();
    let mut keys = BTreeMap::new();
    for row in TABLE {
        if row.action == Action::Interrupt {
            continue;
        }
        let key = if row.context == Context::Everywhere {
            everywhere.next().unwrap()
        } else {
            let place = used.entry(format!("{:?}", row.context)).or_default();
            *place += 1;
            format!("Alt-{}", char::from(b'a' + *place - 1))
        };
        keys.insert(row.name(), vec![key]);
    }
    Keymap::new(&keys).unwrap()
}

/// A default key that words name as if nobody could bind another.
fn default_key(words: &str) -> Option<String> {
    const NAMES: [&str; 7] = [
        "Esc",
        "Enter",
        "Tab",
        "Shift-Tab",
        "Ctrl-P",
        "Ctrl-X",
        "PgUp",
    ];
    const VERBS: &str = "shows asks reads stops forgets links sorts goes opens tells turns tries looks \
                         copies connects there again";
    let trim = |word: &str| {
        word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-' && c != '$')
            .to_owned()
    };
    let words: Vec<String> = words.split_whitespace().map(trim).collect();
    let named = words.iter().find(|word| NAMES.contains(&word.as_str()));
    let letter = words.windows(2).find_map(|pair| {
        let [key, verb] = pair else { return None };
        let is_key = key.chars().count() == 1;
        (is_key && VERBS.split(' ').any(|one| one == verb)).then(|| format!("{key} {verb}"))
    });
    named.cloned().or(letter)
}

#[test]
fn no_words_name_a_key_that_was_bound_to_another() {
    assert_eq!(default_key("so: R reads it").as_deref(), Some("R reads"));
    assert_eq!(default_key("so: Alt-r reads it"), None);
    let keymap = all_other_keys();
    let mut faults = Vec::new();
    for (name, model) in STATES.iter() {
        let mut model = model.clone();
        model.facts.keymap = keymap.clone();
        model.status = None;
        let shown = text(&draw(&model, 120, 40));
        faults.extend(default_key(&shown).map(|key| format!("{name}: {key} in {shown}")));
        for row in TABLE {
            let mut model = model.clone();
            send(&mut model, Msg::Acted(row.action));
            let said = model.status.map(|status| status.text).unwrap_or_default();
            let fault = default_key(&said);
            faults.extend(fault.map(|key| format!("{name}: {key} in {said}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_words_have_a_backslash() {
    for row in TABLE {
        assert!(
            !row.context.purpose().contains(['\\', '\n']),
            "{:?}",
            row.context
        );
    }
    let (mut model, _) = inviting(Environment::Sandbox);
    press(&mut model, Action::Lock);
    let mut payments = super::payments::some();
    press(&mut payments, Action::ReadAll);
    for model in [model, payments] {
        assert!(matches!(model.overlay, Some(Overlay::Confirm(_))));
        let shown = text(&draw(&model, 120, 40));
        assert!(!shown.contains('\\'), "{shown}");
    }
}

#[test]
fn all_accounts_have_no_shares_and_lead_to_the_payments_of_the_selected_one() {
    let mut model = all_open();
    press(&mut model, Action::Charts);
    let said = model.status.clone().unwrap().text;
    assert!(said.contains("one user's accounts"), "{said}");
    // Whatever was selected beneath.
    model.users.about = crate::tui::screen::users::About::Account;
    press(&mut model, Action::Down);
    press(&mut model, Action::Down);
    let effects = press(&mut model, Action::Go(Screen::Payments));
    assert!(
        matches!(
            effects[0],
            Effect::ListPayments {
                user: UserNumber(2),
                account: AccountId(21),
                ..
            }
        ),
        "{effects:?}"
    );
}

/// The row of an action in the open palette.
fn offered(model: &Model, name: &str) -> String {
    let shown = text(&draw(model, 80, 24));
    let row = shown.lines().find(|line| line.contains(name));
    row.unwrap_or_else(|| panic!("{name}: {shown}")).to_owned()
}

#[test]
fn the_palette_offers_what_acts_on_the_table_below_it() {
    for (typed, name) in [("filter", "filter"), ("sort", "sort")] {
        let model = super::palette::typed(full(), typed);
        let row = offered(&model, name);
        assert!(!row.contains('·'), "{row}");
    }
    // Esc would take the filter away.
    let mut filtered = full();
    press(&mut filtered, Action::Filter);
    type_text(&mut filtered, "e");
    press(&mut filtered, Action::Submit);
    press(&mut filtered, Action::Palette);
    assert_eq!(refusal_on(&filtered, Screen::Users, Action::Back), None);
}

#[rstest]
#[case(Action::RawJson)]
#[case(Action::CopyMenu)]
#[case(Action::Export)]
#[case(Action::Filter)]
#[case(Action::Sort)]
fn what_another_screen_can_do_is_not_judged_by_this_one(#[case] action: Action) {
    let mut model = logged();
    press(&mut model, Action::Go(Screen::Connect));
    assert_eq!(refusal_on(&model, Screen::Log, action), None);
    let mut model = full();
    assert!(refusal_on(&model, Screen::Doctor, Action::Export).is_some());
    press(&mut model, Action::Palette);
    assert!(refusal_on(&model, Screen::Connect, action).is_some());
}

fn point(model: &mut Model, gesture: Gesture, at: (u16, u16)) -> Vec<Effect> {
    let at = Position::new(at.0, at.1);
    send(model, Msg::Pointed(Pointed { gesture, at }))
}

#[test]
fn the_mouse_acts_on_the_help_and_not_on_what_it_lies_over() {
    let mut model = super::json::shown();
    model.size = (80, 12);
    press(&mut model, Action::Help);
    let before = text(&draw(&model, 80, 12));
    point(&mut model, Gesture::WheelDown, (40, 6));
    let after = text(&draw(&model, 80, 12));
    assert_ne!(before, after, "the help scrolls");
    press(&mut model, Action::Help);
    let Some(Overlay::Json(_)) = &model.overlay else {
        panic!("{:?}", model.overlay);
    };
    let shown = text(&draw(&model, 80, 12));
    assert!(shown.contains("row 1 of"), "{shown}");
}

/// Where a text stands on the screen.
fn place_of(model: &Model, wanted: &str) -> (u16, u16) {
    let (width, height) = model.size;
    let shown = text(&draw(model, width, height));
    for (y, line) in shown.lines().enumerate() {
        if let Some(at) = line.find(wanted) {
            let x = crate::tui::widget::text::width(&line[..at]);
            return (x.try_into().unwrap(), y.try_into().unwrap());
        }
    }
    panic!("{wanted} is not shown:\n{shown}");
}

fn click_on(model: &mut Model, wanted: &str) -> Vec<Effect> {
    let at = place_of(model, wanted);
    point(model, Gesture::Click, at)
}

#[test]
fn a_click_selects_in_what_lies_over_the_screen_and_two_act() {
    // A JSON tree folds.
    let mut model = super::json::shown();
    let before = text(&draw(&model, 120, 40));
    let row = before.lines().nth(3).unwrap().trim().to_owned();
    click_on(&mut model, &row);
    let selected = text(&draw(&model, 120, 40));
    assert!(
        selected.lines().nth(3).unwrap().starts_with('▸'),
        "{selected}"
    );
    point(&mut model, Gesture::Click, (20, 3));
    point(&mut model, Gesture::Click, (20, 3));
    assert_ne!(text(&draw(&model, 120, 40)), selected, "it was folded");
    // The palette does it.
    let mut model = super::palette::typed(full(), "go to");
    click_on(&mut model, "go to Doctor");
    assert_eq!(model.screen, Screen::Users);
    click_on(&mut model, "go to Doctor");
    assert_eq!(model.screen, Screen::Doctor);
    // A profile is selected, the last row too.
    let (mut model, _) = super::profiles::listed_profiles();
    click_on(&mut model, "new profile");
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("▸ new profile"), "{shown}");
    click_on(&mut model, "new profile");
    assert!(matches!(model.overlay, Some(Overlay::Entry(_))));
    // What has no rows says so.
    model.status = None;
    point(&mut model, Gesture::Click, (0, 5));
    let said = model.status.clone().unwrap().text;
    assert_eq!(said, "Nothing here takes a click. Esc closes this.");
}

#[test]
fn whoever_connects_meanwhile_ends_the_search_among_payments() {
    let (mut model, flow) = inviting(Environment::Sandbox);
    model.payments = super::payments::some().payments;
    model.screen = Screen::Payments;
    press(&mut model, Action::Search);
    assert!(matches!(model.overlay, Some(Overlay::PaymentSearch(_))));
    let epoch = model.data.epoch;
    send(
        &mut model,
        Msg::Connect(connect::Msg::Exchanged {
            epoch,
            generation: flow,
            result: Ok(connected(2)),
        }),
    );
    assert_eq!(model.screen, Screen::Users);
    assert!(model.overlay.is_none(), "{:?}", model.overlay);
}

#[test]
fn a_part_is_copied_by_the_letter_that_the_menu_shows() {
    let mut model = bound(full(), &[("copy.copy-part-iban", &["F9"])]);
    press(&mut model, Action::CopyMenu);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("F9   IBAN"), "{shown}");
}

#[test]
fn the_charts_have_no_selected_payment() {
    let mut model = super::payments::some();
    press(&mut model, Action::Charts);
    for action in [Action::RawJson, Action::CopyMenu] {
        assert_eq!(press(&mut model, action), []);
        assert!(model.overlay.is_none());
        assert!(model.status.is_some());
    }
    press(&mut model, Action::Charts);
    press(&mut model, Action::CopyMenu);
    assert!(model.overlay.is_some());
}

#[test]
fn a_help_that_is_bound_to_a_key_that_types_nothing_helps_in_a_filter_too() {
    let mut model = bound(full(), &[("everywhere.help", &["F1"])]);
    press(&mut model, Action::Filter);
    super::keys::hit(&mut model, crossterm::event::KeyCode::F(1));
    assert!(matches!(model.overlay, Some(Overlay::Help { .. })));
    press(&mut model, Action::Help);
    assert!(model.is_typing(), "it goes on");
}

/// What the bank told in the states: of users, accounts and payments.
const TOLD: [&str; 5] = [
    "Zoë Müller",
    "BUNQ2025404017",
    "4118.00",
    "Bakkerij",
    "52.3676",
];

#[test]
fn nothing_that_the_bank_told_outlives_the_lock_or_its_profile() {
    let told = |model: &Model| {
        let model = format!("{model:?}");
        TOLD.iter().find(|words| model.contains(**words)).copied()
    };
    let (mut locked, mut left, mut had) = (0, 0, 0);
    for (name, state) in STATES.iter() {
        had += usize::from(told(state).is_some());
        let mut model = state.clone();
        if model.data.profile.is_some() && model.data.environment != Environment::Demo {
            let lock = super::fixtures::only(SlotKind::KeyFile);
            model.setup.opened_with = Some((lock, SlotKind::KeyFile));
        }
        press(&mut model, Action::Lock);
        press(&mut model, Action::Yes);
        if model.locked.is_some() {
            locked += 1;
            assert_eq!(told(&model), None, "{name}, locked");
        }
        let mut model = state.clone();
        let other = super::fixtures::opened(Environment::Production, Stage::Ready, Vec::new());
        let generation = model.setup.generation;
        let opened = setup::Msg::Opened {
            generation,
            result: Ok(Box::new(other)),
        };
        send(&mut model, Msg::Setup(opened));
        if model.data.environment == Environment::Production
            && state.data.environment != Environment::Production
        {
            left += 1;
            model.log = crate::tui::screen::log::State::default();
            assert_eq!(told(&model), None, "{name}, left");
        }
    }
    assert!(
        locked > 20 && left > 20 && had > 20,
        "{locked}, {left}, {had}"
    );
}
