//! What is looked for among the payments, typed at once or in the form.

use rstest::rstest;

use super::fixtures::{at, draw, generation, press, text, type_text};
use super::payments::{lines, list, some, tell, type_one, typed};
use crate::tui::app::{Effect, Model};
use crate::tui::keymap::Action;
use crate::workspace::{PaymentColumn, PaymentFilter, PaymentQuery};

#[test]
fn typing_waits_for_nothing_and_one_look_is_out_at_a_time() {
    let mut model = some();
    press(&mut model, Action::Search);
    let first = type_one(&mut model, 's');
    assert!(matches!(first[..], [Effect::ListPayments { .. }]));
    assert_eq!(type_one(&mut model, 'u'), []);
    assert_eq!(type_one(&mut model, 's'), []);
    // What was found for the first letter is out of date.
    let listing = generation(&first).unwrap();
    let effects = tell(&mut model, listing, list(lines(1, 3), 230, false));
    assert_eq!(model.payments.rows.len(), 230);
    let [Effect::ListPayments { ref query, .. }] = effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(query.filter.text.as_deref(), Some("sus"));
    tell(
        &mut model,
        generation(&effects).unwrap(),
        list(lines(1, 3), 230, false),
    );
    assert_eq!(model.payments.rows.len(), 3);
    let shown = text(&draw(&model, 120, 40));
    assert!(
        shown.contains("3 found among 230 stored; older ones are at the bank: G reads them all.")
    );
}

#[test]
fn the_selection_stays_on_its_payment_through_search_sort_and_refresh() {
    let mut model = some();
    for _ in 0..17 {
        press(&mut model, Action::Down);
    }
    let chosen = model.payments.chosen.unwrap();
    typed(&mut model, "x");
    press(&mut model, Action::Back);
    let mut rows = lines(9_771, 10_000);
    rows.reverse();
    let listing = waiting(&mut model);
    tell(&mut model, listing, list(rows, 230, false));
    let place = model.payments.cursor.at;
    assert_eq!(model.payments.rows[place].id, chosen);
    assert!(text(&draw(&model, 120, 40)).contains('▸'));
}

/// The look that is out was overtaken; its answer gives way to the next.
fn waiting(model: &mut Model) -> u64 {
    let last = model.data.next_generation() - 1;
    let effects = tell(model, last, list(Vec::new(), 0, true));
    generation(&effects).unwrap_or(last)
}

#[test]
fn a_search_that_is_given_up_brings_back_what_was_there() {
    let mut model = some();
    typed(&mut model, "sushi");
    press(&mut model, Action::Submit);
    assert_eq!(model.payments.wanted.text, "sushi");
    typed(&mut model, " rolls");
    assert_eq!(model.payments.wanted.text, "sushi rolls");
    press(&mut model, Action::Back);
    assert_eq!(model.payments.wanted.text, "sushi");
    press(&mut model, Action::Back);
    assert!(model.payments.wanted.is_all(), "Esc on the table shows all");
}

#[rstest]
#[case(&["", "", "12.x"], "An amount is a number")]
#[case(&["", "", "1e5"], "An amount is a number")]
#[case(&["", "", "20", "10"], "less than the amount above")]
#[case(&["", "", "", "", "2026-02-30"], "A day is written such as 2026-01-31")]
#[case(&["", "", "", "", "-009999-01-01"], "A day is written such as 2026-01-31")]
#[case(&["", "", "", "", "9999-12-31"], "A day is written such as 2026-01-31")]
#[case(&["", "", "", "", "2026-02-03", "2026-02-01"], "before the day above")]
fn the_form_says_what_is_wrong_in_its_place(#[case] fields: &[&str], #[case] words: &str) {
    let mut model = some();
    press(&mut model, Action::FilterForm);
    fill(&mut model, fields);
    assert_eq!(press(&mut model, Action::Submit), []);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains(words), "{shown}");
    assert!(model.payments.wanted.is_all());
    press(&mut model, Action::ClearAll);
    press(&mut model, Action::Submit);
    assert!(model.overlay.is_none());
}

fn fill(model: &mut Model, fields: &[&str]) {
    for (place, field) in fields.iter().enumerate() {
        if place > 0 {
            press(model, Action::FocusNext);
        }
        type_text(model, field);
    }
}

#[test]
fn the_form_is_what_the_store_looks_for() {
    let mut model = some();
    press(&mut model, Action::FilterForm);
    fill(
        &mut model,
        &["koffie", "kade", "2,50", "-10", "2026-01-01", "2026-01-31"],
    );
    let effects = press(&mut model, Action::Submit);
    let [Effect::ListPayments { ref query, .. }] = effects[..] else {
        panic!("{effects:?}");
    };
    let expected = PaymentFilter {
        text: Some("koffie".into()),
        counterparty: Some("kade".into()),
        least: Some("2.50".parse().unwrap()),
        most: Some("10".parse().unwrap()),
        since: Some(at("2026-01-01T00:00:00Z")),
        until: Some(at("2026-02-01T00:00:00Z")),
        count: None,
    };
    assert_eq!(
        **query,
        PaymentQuery {
            filter: expected,
            by: PaymentColumn::Date,
            turned: false,
            older_than: None
        }
    );
    let shown = text(&draw(&model, 200, 60));
    let words =
        "Payments of Main: \"koffie\", \"kade\", 2.50 to 10, since 2026-01-01, until 2026-01-31";
    assert!(shown.contains(words), "{shown}");
}
