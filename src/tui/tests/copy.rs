//! The menu of what can be copied.

use super::fixtures::{draw, full, press, send, text};
use super::requests::logged;
use crate::tui::app::{Effect, Model, Msg};
use crate::tui::keymap::Action;
use crate::tui::overlay::copy::Part;

/// The menu over the first account.
pub(super) fn opened() -> Model {
    let mut model = full();
    assert_eq!(press(&mut model, Action::CopyMenu), []);
    model
}

/// Its IBAN was sent to the clipboard.
pub(super) fn sent() -> Model {
    let mut model = opened();
    press(&mut model, Action::CopyPart(Part::Iban));
    send(&mut model, Msg::Copied);
    model
}

/// The row as JSON, alone.
pub(super) fn alone() -> Model {
    let mut model = opened();
    press(&mut model, Action::CopyPart(Part::Json));
    press(&mut model, Action::ShowAlone);
    model
}

fn copied(model: &mut Model, action: Action) -> String {
    match &press(model, action)[..] {
        [Effect::Copy(text)] => text.expose().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_part_of_an_account_is_copied_by_its_letter() {
    let mut model = opened();
    for (part, wanted) in [
        (Part::Iban, "NL14BUNQ2025404017"),
        (Part::Amount, "4118.00"),
        (Part::Description, "Main"),
        (Part::Number, "11"),
        (
            Part::Row,
            "11\tMain\tNL14BUNQ2025404017\tbank\t4118.00\tEUR\tACTIVE",
        ),
    ] {
        assert_eq!(copied(&mut model, Action::CopyPart(part)), wanted);
    }
    let json = copied(&mut model, Action::CopyPart(Part::Json));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["balance"]["value"], "4118.00");
    assert_eq!(press(&mut model, Action::CopyPart(Part::Name)), []);
    assert!(model.status.as_ref().unwrap().text.contains("no name"));
    // What the row has not is not offered.
    let mut card = full();
    press(&mut card, Action::Last);
    press(&mut card, Action::CopyMenu);
    let shown = text(&draw(&card, 80, 24));
    assert!(
        !shown.contains("IBAN") && shown.contains("Credit card"),
        "{shown}"
    );
}

#[test]
fn enter_copies_the_marked_part_and_says_where_it_went() {
    let mut model = opened();
    press(&mut model, Action::Down);
    assert_eq!(copied(&mut model, Action::Submit), "4118.00");
    send(&mut model, Msg::Copied);
    let shown = text(&draw(&model, 80, 24));
    assert!(
        shown.contains("OSC 52") && shown.contains("v shows the text"),
        "{shown}"
    );
    assert!(!shown.contains("set-clipboard"));
    model.facts.terminal.multiplexer = true;
    assert!(text(&draw(&model, 80, 24)).contains("set -g set-clipboard on"));
    press(&mut model, Action::ShowAlone);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.starts_with("4118.00\n"), "{shown}");
    assert!(!model.wants_ticks());
    press(&mut model, Action::Back);
    press(&mut model, Action::Back);
    assert!(model.overlay.is_none());
    // The addresses on Connect keep their own words.
    send(&mut model, Msg::Copied);
    assert!(model.status.unwrap().text.contains("u shows the address"));
}

#[test]
fn a_request_is_copied_without_what_was_in_it() {
    let mut model = logged();
    press(&mut model, Action::CopyMenu);
    let json = copied(&mut model, Action::CopyPart(Part::Json));
    assert!(
        json.contains("/v1/user/42") && !json.contains("header"),
        "{json}"
    );
    assert_eq!(
        copied(&mut model, Action::CopyPart(Part::Path)),
        "/v1/user/42"
    );
}
