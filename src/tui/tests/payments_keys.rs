//! How one comes to the payments and back, and what takes them away.

use super::fixtures::{draw, full, generation, listed, model, only, press, send, text};
use super::payments::{charted, in_full, lines, list, some, with};
use crate::base::{AccountId, BankText, Environment, UserNumber};
use crate::tui::Start;
use crate::tui::app::{Effect, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::screen::payments::Focus;
use crate::tui::screen::{setup, users};
use crate::workspace::{SlotKind, Stage};

#[test]
fn enter_shows_a_payment_in_full_and_escape_leads_back_to_the_users() {
    let mut model = in_full();
    assert_eq!(model.payments.focus, Focus::Detail);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("52.3676, 4.9041"), "{shown}");
    assert!(
        !shown.contains("Counterparty    Desc"),
        "it is alone: {shown}"
    );
    press(&mut model, Action::Back);
    assert_eq!(model.payments.focus, Focus::Table);
    press(&mut model, Action::Down);
    assert!(!text(&draw(&model, 120, 40)).contains("52.3676"));
    press(&mut model, Action::Back);
    assert_eq!(model.screen, Screen::Users);
    assert_eq!(press(&mut model, Action::Go(Screen::Payments)), []);
    assert_eq!(model.payments.rows.len(), 230, "as they were left");
}

#[test]
fn four_opens_the_account_that_is_selected_on_users() {
    let mut model = full();
    press(&mut model, Action::Down);
    let effects = press(&mut model, Action::Go(Screen::Payments));
    assert!(matches!(
        effects[..],
        [
            Effect::ListPayments {
                account: AccountId(12),
                ..
            },
            Effect::ReadPayments { .. }
        ]
    ));
    // From elsewhere the same one stays.
    press(&mut model, Action::Go(Screen::Log));
    assert_eq!(press(&mut model, Action::Go(Screen::Payments)), []);
}

#[test]
fn without_an_account_it_says_what_to_do() {
    let mut set_up = model(&Start::First);
    set_up.data.stage = Some(Stage::Ready);
    for (mut model, what) in [
        (listed().0, "Tab to an account"),
        (model(&Start::First), "1 shows the setup, s there runs it"),
        (set_up, "n connects one"),
    ] {
        press(&mut model, Action::Go(Screen::Payments));
        assert_eq!(press(&mut model, Action::Search), []);
        let words = model.status.unwrap().text;
        assert!(words.contains(what), "{words}");
    }
}

#[test]
fn a_user_that_is_forgotten_takes_its_payments_along() {
    let mut model = some();
    send(
        &mut model,
        Msg::Users(users::Msg::Forgotten {
            epoch: super::fixtures::EPOCH,
            user: UserNumber(1),
            result: Ok(()),
        }),
    );
    assert!(model.payments.of.is_none() && model.payments.rows.is_empty());
}

#[test]
fn the_lock_takes_the_payments_along() {
    let mut model = some();
    press(&mut model, Action::FilterForm);
    press(&mut model, Action::Lock);
    assert!(model.locked.is_some());
    let kept = format!("{model:?}");
    assert!(!kept.contains("Midori") && !kept.contains("PaymentForm"));
    // Back, it is the users that are shown: which account it was is forgotten too.
    model.facts.key_file = Some("key".into());
    let effects = press(&mut model, Action::Unlock);
    let inspected = setup::Msg::Inspected {
        generation: generation(&effects).unwrap(),
        result: Ok(only(SlotKind::KeyFile)),
    };
    let effects = send(&mut model, Msg::Setup(inspected));
    let users = super::people::some_users();
    let opened = super::fixtures::opened(Environment::Sandbox, Stage::Ready, users);
    let opened = setup::Msg::Opened {
        generation: generation(&effects).unwrap(),
        result: Ok(Box::new(opened)),
    };
    send(&mut model, Msg::Setup(opened));
    assert!(model.locked.is_none());
    assert_eq!(model.screen, Screen::Users);
}

#[test]
fn charts_say_every_figure_in_words() {
    let model = charted();
    for (width, height) in [(40, 12), (80, 24), (200, 60)] {
        let shown = text(&draw(&model, width, height));
        for figure in ["2620.00", "-2034.34", "4118.00"] {
            assert!(shown.contains(figure), "{figure} at {width}: {shown}");
        }
    }
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("lowest -12.05 EUR on 2026-10-24"), "{shown}");
    assert!(shown.contains("Right from 2026-"), "{shown}");
}

#[test]
fn hostile_words_of_payments_do_not_steer() {
    let mut rows = lines(9_771, 10_000);
    let text_ = "\u{1b}]52;c;eA==\u{7}\u{202e}\u{9b}2J";
    rows[0].counterparty = BankText::new(text_);
    rows[0].description = BankText::new(text_);
    rows[0].kind = BankText::new(text_);
    let mut model = with(&list(rows, 230, true));
    press(&mut model, Action::Enter);
    for (width, height) in [(40, 12), (120, 40)] {
        // `draw` looks at every cell.
        draw(&model, width, height);
    }
}
