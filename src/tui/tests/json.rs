//! The JSON tree: walked, folded, searched, copied.

use std::sync::Arc;

use proptest::prelude::*;
use rstest::rstest;

use super::fixtures::{draw, full, generation, press, problem, send, text, type_text};
use super::requests::{in_full, logged};
use crate::base::{AccountId, Body, JsonTree, RequestId, Secret, UserNumber};
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::overlay::json::{JsonOf, Way};
use crate::tui::widget::json_tree::JsonView;
use crate::workspace::{RawOf, body_tree};

const ACCOUNT: &str = r#"{"MonetaryAccountBank":{"id":11,"description":"Main",
    "balance":{"value":"4118.00","currency":"EUR"},"alias":[{"type":"IBAN",
    "value":"NL14BUNQ2025404017","name":"Zoë Müller"}],"daily_limit":null,
    "overdraft_limit":{"value":"0.00","currency":"EUR"},"setting":{"color":"\#0079FF","restriction_chat":
    "ALLOW_INCOMING"},"note":"A long note that somebody wrote about this account, so long that it fits into no row of a narrow terminal and is read in full only below the tree.",
    "token":"canary-of-a-token","public":true,"odd key":[[1,2],[]]}}"#;

fn tree(json: &str) -> Arc<JsonTree> {
    let body = Body::Json {
        text: Secret::new(json.replace("\\#", "#")),
        bytes: json.len(),
        cut: false,
    };
    Arc::new(body_tree(&body).unwrap())
}

/// The body of an account.
pub(super) fn some_tree() -> Arc<JsonTree> {
    tree(ACCOUNT)
}

/// Users with the tree of the first account over it.
pub(super) fn shown() -> Model {
    looked(full(), ACCOUNT)
}

fn looked(mut model: Model, json: &str) -> Model {
    let effects = press(&mut model, Action::RawJson);
    let msg = Msg::JsonRecalled {
        generation: generation(&effects).unwrap(),
        result: Ok(Some(tree(json))),
    };
    assert_eq!(send(&mut model, msg), []);
    model
}

/// A search that is being typed.
pub(super) fn searching() -> Model {
    let mut model = shown();
    press(&mut model, Action::Search);
    type_text(&mut model, "eur");
    model
}

/// Nothing is stored of it.
pub(super) fn missing() -> Model {
    let mut model = full();
    let effects = press(&mut model, Action::RawJson);
    let msg = Msg::JsonRecalled {
        generation: generation(&effects).unwrap(),
        result: Ok(None),
    };
    send(&mut model, msg);
    model
}

fn view(model: &Model) -> String {
    text(&draw(model, 80, 24))
}

/// The selected row.
fn row(model: &Model) -> String {
    let shown = view(model);
    let row = shown.lines().find(|line| line.starts_with('▸'));
    row.unwrap_or_else(|| panic!("{shown}"))
        .trim_start_matches('▸')
        .trim()
        .to_owned()
}

fn copied(model: &mut Model, action: Action) -> String {
    match &press(model, action)[..] {
        [Effect::Copy(text)] => text.expose().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case(&[], "- .: {…} 1 member")]
#[case(&[Action::Down], "- MonetaryAccountBank: {…} 11 members")]
#[case(&[Action::Last], "[1]: []")]
#[case(&[Action::Last, Action::First], "- .: {…} 1 member")]
#[case(&[Action::Next], "- MonetaryAccountBank: {…} 11 members")]
#[case(&[Action::Next, Action::Next, Action::Previous], "- MonetaryAccountBank: {…} 11 members")]
#[case(&[Action::Down, Action::Previous], "+ MonetaryAccountBank: {…} 11 members")]
#[case(&[Action::Down, Action::Previous, Action::Previous], "- .: {…} 1 member")]
#[case(&[Action::Down, Action::Toggle], "+ MonetaryAccountBank: {…} 11 members")]
#[case(&[Action::Down, Action::Toggle, Action::Next], "- MonetaryAccountBank: {…} 11 members")]
#[case(&[Action::Last, Action::FoldAll], "+ MonetaryAccountBank: {…} 11 members")]
#[case(&[Action::FoldAll, Action::UnfoldAll, Action::Last], "[1]: []")]
#[case(&[Action::PageDown, Action::PageUp], "- .: {…} 1 member")]
fn keys_walk_and_fold(#[case] keys: &[Action], #[case] selected: &str) {
    let mut model = shown();
    model.size = (80, 24);
    for key in keys {
        press(&mut model, *key);
    }
    assert_eq!(row(&model), selected);
}

#[test]
fn what_does_nothing_says_why() {
    let mut model = shown();
    for (keys, words) in [
        (
            &[
                Action::First,
                Action::FoldAll,
                Action::First,
                Action::Previous,
            ][..],
            "",
        ),
        (
            &[Action::UnfoldAll, Action::Last, Action::Toggle],
            "nothing to fold",
        ),
        (&[Action::Last, Action::Next], "nothing to unfold"),
        (&[Action::NextHit], "Nothing is looked for"),
        (&[Action::FocusNext], "one body only"),
    ] {
        for key in keys {
            press(&mut model, *key);
        }
        let said = model
            .status
            .as_ref()
            .map_or("", |status| status.text.as_str());
        assert!(said.contains(words), "{keys:?} says {said:?}");
    }
    // At the document itself there is nowhere to go.
    press(&mut model, Action::First);
    press(&mut model, Action::UnfoldAll);
    press(&mut model, Action::Previous);
    press(&mut model, Action::Previous);
    assert!(model.status.unwrap().text.contains("whole document"));
}

#[test]
fn a_search_finds_keys_and_values_as_it_is_typed_and_opens_what_hides_them() {
    let mut model = shown();
    press(&mut model, Action::FoldAll);
    press(&mut model, Action::Search);
    type_text(&mut model, "eur");
    assert_eq!(row(&model), "currency: \"EUR\"");
    assert!(view(&model).contains("1 of 2"), "{}", view(&model));
    press(&mut model, Action::Submit);
    assert!(!model.is_typing());
    press(&mut model, Action::NextHit);
    assert_eq!(
        copied(&mut model, Action::CopyPath),
        ".MonetaryAccountBank.overdraft_limit.currency"
    );
    press(&mut model, Action::NextHit);
    press(&mut model, Action::PreviousHit);
    assert!(view(&model).contains("2 of 2"), "{}", view(&model));
    // Esc ends the search, then closes the tree.
    press(&mut model, Action::Back);
    assert!(!view(&model).contains("2 of 2"));
    press(&mut model, Action::Back);
    assert!(model.overlay.is_none());
    let mut model = shown();
    press(&mut model, Action::Search);
    type_text(&mut model, "OVERDRAFT");
    assert_eq!(row(&model), "- overdraft_limit: {…} 2 members");
    type_text(&mut model, "zzz");
    assert!(view(&model).contains("nothing found"));
    assert_eq!(row(&model), "- .: {…} 1 member", "back where it began");
}

#[test]
fn a_value_and_its_path_are_copied_and_no_secret_is() {
    let mut model = shown();
    press(&mut model, Action::Search);
    type_text(&mut model, "4118");
    press(&mut model, Action::Submit);
    assert_eq!(copied(&mut model, Action::CopyValue), "4118.00");
    assert_eq!(
        copied(&mut model, Action::CopyPath),
        ".MonetaryAccountBank.balance.value"
    );
    send(&mut model, Msg::Copied);
    assert!(view(&model).contains("OSC 52"), "{}", view(&model));
    press(&mut model, Action::First);
    let all = copied(&mut model, Action::CopyValue);
    assert!(all.contains("••••") && !all.contains("canary"), "{all}");
    // What is more than a clipboard takes is refused with words.
    let long = format!("{{\"a\":[{}]}}", vec!["\"0123456789\""; 8_000].join(","));
    let mut model = looked(full(), &long);
    assert_eq!(press(&mut model, Action::CopyValue), []);
    assert!(model.status.unwrap().text.contains("74000"));
}

#[test]
fn a_long_value_is_read_alone_and_selected_by_hand() {
    let mut model = shown();
    model.size = (40, 12);
    press(&mut model, Action::Search);
    type_text(&mut model, "A long note");
    press(&mut model, Action::Submit);
    press(&mut model, Action::ShowAlone);
    let seen = text(&draw(&model, 40, 12));
    assert!(
        seen.starts_with("A long note that somebody wrote about th\n"),
        "{seen}"
    );
    assert!(seen.contains("below the tree."), "{seen}");
    assert!(copied(&mut model, Action::CopyValue).ends_with("below the tree."));
    press(&mut model, Action::Back);
    assert!(text(&draw(&model, 40, 12)).contains("JSON of account 11"));
    // A document is longer than a page.
    press(&mut model, Action::First);
    press(&mut model, Action::ShowAlone);
    press(&mut model, Action::Last);
    let seen = text(&draw(&model, 40, 12));
    assert!(
        seen.contains("\n}\n") && seen.contains("32-41 of 41"),
        "{seen}"
    );
}

#[test]
fn the_tree_is_of_what_is_selected() {
    let of = |model: &mut Model| match press(model, Action::RawJson)[..] {
        [Effect::RecallJson { of, .. }] => of,
        ref other => panic!("{other:?}"),
    };
    let mut model = full();
    let account = RawOf::Account(UserNumber(1), AccountId(11));
    assert_eq!(of(&mut model), JsonOf::Stored(account));
    press(&mut model, Action::Back);
    press(&mut model, Action::Back);
    assert_eq!(of(&mut model), JsonOf::Stored(RawOf::User(UserNumber(1))));
    press(&mut model, Action::Back);
    press(&mut model, Action::Go(Screen::Setup));
    assert_eq!(of(&mut model), JsonOf::Stored(RawOf::Provider));
    let mut model = in_full();
    let request = |way| JsonOf::Request {
        id: RequestId(101),
        way,
    };
    assert_eq!(of(&mut model), request(Way::Answered));
    let [Effect::RecallJson { of: other, .. }] = press(&mut model, Action::FocusNext)[..] else {
        panic!("Tab shows the other side");
    };
    assert_eq!(other, request(Way::Asked));
}

#[test]
fn late_answers_are_dropped_and_failures_told() {
    let mut model = full();
    let asked = generation(&press(&mut model, Action::RawJson)).unwrap();
    let answer = |generation, result| Msg::JsonRecalled { generation, result };
    send(&mut model, answer(asked - 1, Ok(Some(tree("[1]")))));
    assert!(view(&model).contains("Looking it up"));
    send(&mut model, answer(asked, Err(problem())));
    assert!(view(&model).contains(&problem().what));
    press(&mut model, Action::Down);
    assert!(model.status.is_some(), "a key that does nothing says why");
    assert!(view(&missing()).contains("not stored any more"));
}

#[test]
fn a_request_that_was_never_made_has_no_json() {
    let mut model = logged();
    model.log = crate::tui::screen::log::State::default();
    assert_eq!(press(&mut model, Action::RawJson), []);
    assert!(model.status.unwrap().text.contains("No request"));
}

#[test]
fn a_frame_of_fifty_thousand_values_draws_only_the_rows_that_are_seen() {
    let rows: Vec<_> = (0..25_000).map(|n| format!("{{\"n\":{n}}}")).collect();
    let mut model = looked(full(), &format!("[{}]", rows.join(",")));
    press(&mut model, Action::UnfoldAll);
    press(&mut model, Action::Last);
    assert_eq!(row(&model), "n: 24999");
    press(&mut model, Action::Search);
    type_text(&mut model, "2499");
    let shown = view(&model);
    assert!(shown.contains("13 of 13"), "{shown}");
}

fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof!["null", "-?[1-9][0-9]{0,3}", "\"[ab é]{0,3}\""];
    leaf.prop_recursive(5, 60, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5)
                .prop_map(|all| format!("[{}]", all.join(","))),
            prop::collection::vec(inner, 0..5).prop_map(|all| {
                let all = all.iter().enumerate();
                let members: Vec<_> = all.map(|(n, value)| format!("\"k{n}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_keys_loses_the_selection_and_every_value_can_be_reached(
        json in any_json(),
        keys in prop::collection::vec(0..12_usize, 0..40),
        needle in "[abk0-9é]{0,2}",
    ) {
        let actions = [
            Action::Up, Action::Down, Action::PageUp, Action::PageDown, Action::First, Action::Last,
            Action::Previous, Action::Next, Action::Toggle, Action::UnfoldAll, Action::FoldAll,
        ];
        let tree = tree(&json);
        let mut view = JsonView::new(Arc::clone(&tree));
        for key in keys {
            match actions.get(key) {
                Some(action) => drop(view.act(*action, 5)),
                None => {
                    view.begin_search();
                    if let Some(search) = &mut view.search {
                        search.field.paste(&needle);
                    }
                    view.look();
                    view.hit(true);
                    view.hit(false);
                }
            }
            let count = view.count();
            prop_assert!(view.cursor.at < count, "{} of {count}", view.cursor.at);
            prop_assert!(view.selected().is_some());
            // The rows are in order, and nothing of what is hidden is among them.
            let rows: Vec<_> = (0..count).filter_map(|row| view.row(row)).collect();
            prop_assert!(rows.is_sorted());
            for place in &rows {
                for above in tree.above(*place) {
                    prop_assert_eq!(view.fold_of(above), Some(false));
                }
            }
            view.cursor.settle(count, 5);
        }
        view.act(Action::UnfoldAll, 5);
        view.act(Action::First, 5);
        for place in 0..tree.len() {
            prop_assert_eq!(view.selected(), Some(place));
            view.act(Action::Down, 5);
        }
    }
}

/// Where the screens end: the overlays of this kind at four sizes.
#[test]
fn overlays_at_four_sizes() {
    for (name, model) in [
        ("json", shown()),
        ("json_search", searching()),
        ("json_alone", {
            let mut model = shown();
            press(&mut model, Action::ShowAlone);
            model
        }),
        ("json_missing", missing()),
        ("export", super::export::opened()),
        ("export_log", super::export::of_the_log()),
        ("export_asks", super::export::asked()),
        ("export_failed", super::export::failed()),
        ("copy", super::copy::opened()),
        ("copy_sent", super::copy::sent()),
        ("copy_alone", super::copy::alone()),
        ("log_budget", super::export::budgets()),
    ] {
        for (width, height) in [(40, 12), (80, 24), (120, 40), (200, 60)] {
            let buffer = draw(&model, width, height);
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), text(&buffer));
        }
    }
}
