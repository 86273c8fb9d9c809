//! The export dialog, and the limits' budget beside what is exported of the Log.

use super::fixtures::{at, draw, full, generation, press, problem, send, text, type_text};
use super::requests::{held, logged};
use crate::base::Environment;
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::workspace::Budget;
use crate::workspace::export::{Format, Rows, Written};

/// The dialog over the accounts.
pub(super) fn opened() -> Model {
    let mut model = full();
    assert_eq!(press(&mut model, Action::Export), []);
    model
}

pub(super) fn of_the_log() -> Model {
    let mut model = logged();
    press(&mut model, Action::Export);
    model
}

/// Enter was pressed; what is to be written.
fn written(model: &mut Model) -> (u64, Rows, Format, String, bool) {
    match &press(model, Action::Submit)[..] {
        [
            Effect::Export {
                generation,
                rows,
                format,
                path,
                replace,
            },
        ] => (
            *generation,
            Rows::clone(rows),
            *format,
            path.display().to_string(),
            *replace,
        ),
        other => panic!("{other:?}"),
    }
}

fn answer(model: &mut Model, generation: u64, result: Result<Written, crate::base::Problem>) {
    let msg = Msg::Exported {
        generation,
        path: "/home/you/money/there.csv".into(),
        count: 5,
        result,
    };
    assert_eq!(send(model, msg), []);
}

/// There is a file of that name.
pub(super) fn asked() -> Model {
    let mut model = opened();
    let (generation, ..) = written(&mut model);
    answer(&mut model, generation, Ok(Written::Exists));
    model
}

pub(super) fn failed() -> Model {
    let mut model = opened();
    let (generation, ..) = written(&mut model);
    answer(&mut model, generation, Err(problem()));
    model
}

fn key(model: &mut Model, code: crossterm::event::KeyCode) {
    let key = crossterm::event::KeyEvent::from(code);
    send(model, Msg::Typed(crate::tui::app::Keystroke(key)));
}

#[test]
fn what_is_in_focus_is_written_under_a_name_that_tells_what_it_is() {
    let mut model = opened();
    let (_, rows, format, path, replace) = written(&mut model);
    assert!(matches!(&rows, Rows::Accounts(accounts) if accounts.rows.len() == 5));
    assert_eq!(format, Format::Csv);
    assert_eq!(
        path,
        "/home/you/money/bunq-tui-sandbox-accounts-1-2026-11-24.csv"
    );
    assert!(!replace);
    assert_eq!(press(&mut model, Action::Submit), [], "once is enough");
    for (environment, name) in [
        (Environment::Production, "bunq-tui-users-2026-11-24.csv"),
        (Environment::Demo, "bunq-tui-demo-users-2026-11-24.csv"),
    ] {
        let mut model = full();
        model.data.environment = environment;
        press(&mut model, Action::Back);
        press(&mut model, Action::Export);
        let (_, rows, _, path, _) = written(&mut model);
        assert!(matches!(rows, Rows::Users(users) if users.len() == 4));
        assert!(path.ends_with(name), "{path}");
    }
}

#[test]
fn the_form_changes_the_ending_and_the_name_is_typed() {
    use crossterm::event::KeyCode as K;
    let mut model = opened();
    press(&mut model, Action::FocusNext);
    key(&mut model, K::Right);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("2026-11-24.json"), "{shown}");
    key(&mut model, K::Down);
    let control =
        crossterm::event::KeyEvent::new(K::Char('u'), crossterm::event::KeyModifiers::CONTROL);
    send(&mut model, Msg::Typed(crate::tui::app::Keystroke(control)));
    assert_eq!(press(&mut model, Action::Submit), [], "nothing is no name");
    assert!(text(&draw(&model, 80, 24)).contains("no name for a file"));
    type_text(&mut model, "~/kept/all.json");
    let (_, _, format, path, _) = written(&mut model);
    assert_eq!(
        (format, path.as_str()),
        (Format::Json, "/home/you/kept/all.json")
    );
}

#[test]
fn a_file_that_is_there_is_replaced_only_after_a_yes() {
    let mut model = asked();
    let shown = text(&draw(&model, 80, 24));
    assert!(
        shown.contains("Replace /home/you/money/there.csv?"),
        "{shown}"
    );
    // The marked answer is No.
    assert_eq!(press(&mut model.clone(), Action::Submit), []);
    let mut other = model.clone();
    assert_eq!(press(&mut other, Action::No), []);
    let shown = text(&draw(&other, 80, 24));
    assert!(shown.contains("File     bunq-tui-sandbox"), "{shown}");
    assert!(other.status.unwrap().text.contains("Nothing was written"));
    let effects = press(&mut model, Action::Yes);
    assert!(
        matches!(&effects[..], [Effect::Export { replace: true, .. }]),
        "{effects:?}"
    );
    let generation = generation(&effects).unwrap();
    answer(&mut model, generation, Ok(Written::Done));
    assert!(model.overlay.is_none());
    let said = model.status.unwrap().text;
    assert!(
        said.contains("5 rows") && said.contains("there.csv"),
        "{said}"
    );
}

#[test]
fn a_failure_is_told_where_it_can_be_mended_and_after_esc_too() {
    let mut model = failed();
    assert!(text(&draw(&model, 80, 24)).contains(&problem().what));
    let (generation, ..) = written(&mut model);
    press(&mut model, Action::Back);
    assert!(model.overlay.is_none());
    answer(&mut model, generation, Err(problem()));
    assert!(model.status.as_ref().unwrap().bad);
    // A late answer closes no other dialog.
    let mut model = opened();
    answer(&mut model, generation + 100, Ok(Written::Done));
    assert!(model.overlay.is_some());
}

#[test]
fn the_log_is_saved_without_what_was_in_the_requests() {
    let mut model = held(of_the_log());
    let (_, rows, _, path, _) = written(&mut model);
    assert!(
        path.ends_with("bunq-tui-sandbox-log-2026-11-24.csv"),
        "{path}"
    );
    let csv = rows.text(Format::Csv).unwrap();
    assert!(
        csv.contains("POST,/v1/device-server,200,,34,verified"),
        "{csv}"
    );
    assert!(
        csv.contains("timeout") && csv.contains("bunq said: too fast"),
        "{csv}"
    );
    for name in csv.lines().next().unwrap().split(',') {
        assert!(
            !["query", "header", "body"]
                .iter()
                .any(|word| name.contains(word))
        );
    }
    let mut empty = full();
    empty.screen = Screen::Log;
    assert_eq!(press(&mut empty, Action::Export), []);
    assert!(empty.status.unwrap().text.contains("empty"));
}

/// The Log, and how much of the limits is used up.
pub(super) fn budgets() -> Model {
    let mut model = logged();
    press(&mut model, Action::Go(Screen::Users));
    let budget = |name: &str, used, rate, free_at: Option<&str>| Budget {
        name: name.into(),
        used,
        rate,
        free_at: free_at.map(at),
    };
    // The look that began with the first request is answered, then another begins.
    let found = vec![
        budget(
            "POST session-server",
            1,
            Some((1, 30)),
            Some("2026-11-24T14:02:30Z"),
        ),
        budget("GET user/{}", 0, None, Some("2026-11-24T14:02:12Z")),
        budget("GET user/{}/monetary-account", 2, Some((3, 3)), None),
    ];
    for generation in 0..100 {
        let result = Ok(found.clone());
        send(&mut model, Msg::Budgets { generation, result });
    }
    press(&mut model, Action::Go(Screen::Log));
    model
}

#[test]
fn the_budget_is_looked_at_while_the_log_is_shown_one_look_at_a_time() {
    let mut model = budgets();
    let shown = text(&draw(&model, 80, 24));
    for words in [
        "1 of 1 in 30 s",
        "free at 14:02:30",
        "bunq: too fast",
        "2 of 3 in 3 s",
        "free now",
    ] {
        assert!(shown.contains(words), "{words} in\n{shown}");
    }
    // The one that began when the screen was gone to is still out.
    super::requests::begins(&mut model, 300, crate::base::Method::Get, "/v1/user");
    let before = model.clone();
    let mut answered = false;
    for generation in 0..100 {
        let result = Ok(Vec::new());
        let effects = send(&mut model, Msg::Budgets { generation, result });
        answered |= matches!(effects[..], [Effect::LookAtBudgets { .. }]);
    }
    assert!(answered, "what happened meanwhile is looked at next");
    assert_ne!(text(&draw(&before, 80, 24)), text(&draw(&model, 80, 24)));
    // Elsewhere nothing is looked at.
    press(&mut model, Action::Go(Screen::Users));
    send(
        &mut model,
        Msg::Budgets {
            generation: 101,
            result: Ok(Vec::new()),
        },
    );
    let sent = Msg::Log(crate::base::RequestEvent::Sent {
        id: crate::base::RequestId(300),
        at: model.now,
    });
    assert_eq!(send(&mut model, sent), []);
}
