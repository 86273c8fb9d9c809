//! Amounts, account numbers and times on the screens: in a person's form, or hidden.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::fixtures::{at, draw, full, listed, model, press, send, text};
use super::payments;
use super::people::{money, user};
use super::requests::logged;
use super::states::states;
use crate::base::{
    Body, Environment, Locale, Method, RequestEvent, RequestId, RequestOutcome, Secret, Side,
    Transcript, Verification,
};
use crate::config::ScreenMemory;
use crate::tui::Start;
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::forms::Forms;
use crate::tui::keymap::Action;
use crate::tui::screen::users::About;

fn of(mut model: Model, name: &str) -> Model {
    let locale = Locale::named(name).unwrap();
    model.facts.forms = Forms::new(TimeZone::UTC, locale);
    model
}

/// Users and accounts, hidden, where figures are written as in the Netherlands.
pub(super) fn hidden() -> Model {
    let mut model = of(full(), "nl_NL");
    press(&mut model, Action::Hide);
    model.status = None;
    model
}

#[test]
fn every_figure_follows_the_locale() {
    let shown = text(&draw(&of(full(), "nl_NL"), 160, 40));
    for words in [
        "6.972,00 EUR",
        "4.118,00  EUR",
        "1.643,125 USD",
        "20-11-2026",
        "to 21:30",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    for words in ["6972", "2026-11-20"] {
        assert!(!shown.contains(words), "{words}: {shown}");
    }
    let american = text(&draw(&of(full(), "en_US"), 160, 40));
    assert!(american.contains("4,118.00  EUR"), "{american}");
    assert!(american.contains("to 09:30\u{a0}PM"), "{american}");
    // The column of the log is as wide as its clock.
    let log = text(&draw(&of(logged(), "en_US"), 80, 24));
    assert!(
        log.contains("02:02:00\u{a0}PM") || log.contains("02:01"),
        "{log}"
    );
    assert!(log.contains("\u{a0}PM"), "{log}");
}

#[test]
fn details_of_an_account_follow_it_too() {
    let mut model = of(full(), "nl_NL");
    model.users.about = About::Account;
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("0,00 EUR"), "the overdraft limit: {shown}");
    press(&mut model, Action::Hide);
    let shown = text(&draw(&model, 120, 40));
    assert!(!shown.contains("0,00 EUR"), "{shown}");
}

#[test]
fn a_long_amount_of_any_locale_is_whole_where_there_is_room() {
    for (name, long) in [
        ("nl_NL", "-1.234.567,89 EUR"),
        ("hi_IN", "-12,34,567.89 EUR"),
        ("de_CH", "-1’234’567.89 EUR"),
        ("C", "-1234567.125 EUR"),
    ] {
        let mut rows = payments::lines(9_999, 10_000);
        let value = if name == "C" {
            "-1234567.125"
        } else {
            "-1234567.89"
        };
        rows[0].amount = money(value, "EUR");
        let model = of(payments::with(&payments::list(rows, 2, true)), name);
        let shown = text(&draw(&model, 120, 40));
        assert!(shown.contains(long), "{name}: {shown}");
    }
}

#[test]
fn months_of_the_charts_follow_the_locale() {
    let shown = text(&draw(&of(payments::charted(), "nl_NL"), 120, 40));
    assert!(
        shown.contains("11-2026") && !shown.contains("2026-11"),
        "{shown}"
    );
}

/// What no screen may show while figures are hidden: pieces of the amounts and account numbers of
/// the fixtures.
const FIGURES: [&str; 13] = [
    "4118",
    "1900.00",
    "954.00",
    "1643",
    "6972",
    "10.00 EUR",
    "ABNA",
    "RABO",
    "4040",
    // Of the payments.
    "2620",
    "12.05",
    "0417 16",
    ".25",
];

#[test]
fn what_is_hidden_shows_on_no_screen_in_no_state_at_no_size() {
    let mut shows_otherwise = 0;
    for (name, mut model) in states() {
        for (columns, rows) in [(40, 12), (80, 24), (200, 60)] {
            let holds = |model: &Model| {
                let shown = text(&draw(model, columns, rows));
                FIGURES.into_iter().find(|figure| shown.contains(figure))
            };
            model.facts.forms.hidden = false;
            shows_otherwise += usize::from(holds(&model).is_some());
            model.facts.forms.hidden = true;
            assert_eq!(holds(&model), None, "{name} at {columns}x{rows}");
        }
    }
    assert!(shows_otherwise > 10, "{shows_otherwise}");
}

#[test]
fn what_is_hidden_shows_in_nothing_that_opens_over_a_screen() {
    let over = [
        Action::CopyMenu,
        Action::RawJson,
        Action::Export,
        Action::Forget,
        Action::FilterForm,
        Action::Charts,
        Action::Enter,
        Action::Palette,
        Action::Help,
    ];
    for (name, model) in states() {
        for action in over {
            let mut model = model.clone();
            model.facts.forms.hidden = true;
            press(&mut model, action);
            let shown = text(&draw(&model, 120, 40));
            let figure = FIGURES.into_iter().find(|figure| shown.contains(figure));
            assert_eq!(figure, None, "{action:?} on {name}: {shown}");
        }
    }
}

#[test]
fn a_key_hides_and_shows_and_the_header_says_so() {
    let mut model = full();
    let before = text(&draw(&model, 120, 40));
    assert!(before.contains("4118.00") && !before.contains("  hidden"));
    let effects = press(&mut model, Action::Hide);
    let kept = ScreenMemory {
        hidden: true,
        ..ScreenMemory::default()
    };
    assert_eq!(effects, [Effect::KeepScreenMemory(kept)]);
    for (columns, rows, sign) in [(120, 40, "  hidden"), (80, 24, "hidden"), (40, 12, "•••")]
    {
        let shown = text(&draw(&model, columns, rows));
        let header = shown.lines().next().unwrap();
        assert!(header.contains(sign), "{columns}: {header}");
        assert!(!shown.contains("4118"), "{shown}");
        assert!(shown.contains("••• EUR"), "{shown}");
    }
    let whole = text(&draw(&model, 120, 40));
    assert!(whole.contains("NL•• ••••"), "{whole}");
    assert!(whole.contains("Household"), "descriptions stay: {whole}");
    let effects = press(&mut model, Action::Hide);
    assert_eq!(effects, [Effect::KeepScreenMemory(ScreenMemory::default())]);
    assert!(text(&draw(&model, 120, 40)).contains("4118.00"));
}

#[test]
fn it_stays_hidden_over_a_restart_and_what_else_is_remembered_stays_too() {
    let mut model = model(&Start::First);
    let remembered = ScreenMemory {
        qr_form: Some("half".into()),
        hidden: true,
        ..ScreenMemory::default()
    };
    model.recall(remembered.clone());
    assert!(model.facts.forms.hidden);
    model.data.environment = Environment::Sandbox;
    let effects = press(&mut model, Action::Hide);
    let kept = ScreenMemory {
        hidden: false,
        ..remembered
    };
    assert_eq!(effects, [Effect::KeepScreenMemory(kept)]);
}

#[test]
fn the_demo_keeps_nothing_of_it() {
    let mut model = model(&Start::Demo);
    assert_eq!(press(&mut model, Action::Hide), []);
    assert!(model.facts.forms.hidden);
}

#[test]
fn a_body_in_the_log_is_hidden_as_a_whole() {
    let mut model = full();
    model.screen = Screen::Log;
    let id = RequestId(99);
    for event in [
        RequestEvent::Began {
            id,
            method: Method::Get,
            path: "/v1/user/42/monetary-account".into(),
            at: model.now,
        },
        RequestEvent::Ended {
            id,
            outcome: RequestOutcome {
                status: Some(200),
                failure: None,
                verification: Verification::Verified,
            },
            took: Duration::from_millis(5),
        },
    ] {
        send(&mut model, Msg::Log(event));
    }
    press(&mut model, Action::First);
    press(&mut model, Action::Enter);
    let side = |text: &str| Side {
        headers: Vec::new(),
        body: Body::Json {
            text: Secret::new(text),
            bytes: text.len(),
            cut: false,
        },
    };
    let transcript = Transcript {
        id,
        query: None,
        asked: side("{\"amount\": \"77.10\"}"),
        answered: Some(side("{\"balance\": \"4118.00\"}")),
    };
    let transcript = Some(Arc::new(transcript));
    send(&mut model, Msg::Recalled { id, transcript });
    let shown = text(&draw(&model, 120, 40));
    assert!(
        shown.contains("77.10") && shown.contains("4118.00"),
        "{shown}"
    );
    press(&mut model, Action::Hide);
    let shown = text(&draw(&model, 120, 40));
    assert!(
        !shown.contains("77.10") && !shown.contains("4118"),
        "{shown}"
    );
    assert!(shown.contains("bytes are hidden: $ shows them"), "{shown}");
}

#[test]
fn every_user_says_when_its_figures_were_read() {
    let (mut model, _) = listed();
    let mut yesterday = user(2, "Yesterday");
    yesterday.as_of = Some(at("2026-11-23T08:00:00Z"));
    let mut never = user(3, "Never Read");
    never.as_of = None;
    model.data.list(vec![user(1, "Today"), yesterday, never]);
    let shown = text(&draw(&model, 200, 60));
    for (name, read) in [
        ("Today", "14:02"),
        ("Yesterday", "2026-11-23"),
        ("Never Read", "never"),
    ] {
        let row = |line: &&str| line.contains(name) && line.contains("person  ");
        let row = shown.lines().find(row).unwrap();
        assert!(row.contains(read), "{row}");
    }
    assert!(shown.contains("Accounts read"), "{shown}");
}
