//! Filter, sort and selection over plain rows.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::base::Money;

/// Rows of a number, a name and an amount.
#[derive(Clone)]
struct Plain {
    rows: Vec<(u32, String, Option<Money>)>,
    version: u64,
}

impl Rows for Plain {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn id(&self, place: usize) -> Option<RowId> {
        self.rows.get(place).map(|row| row.0.into())
    }

    fn index(&self) -> Arc<Index> {
        let mut index = Index::default();
        for (number, name, money) in &self.rows {
            let money = money.map(|money| money.to_string()).unwrap_or_default();
            index.push([number.to_string().as_str(), name, &money]);
        }
        Arc::new(index)
    }

    fn key(&self, place: usize, column: usize) -> Key {
        let (number, name, money) = &self.rows[place];
        match column {
            0 => Key::number(*number),
            1 => Key::text(name),
            _ => Key::money(money.as_ref()),
        }
    }
}

fn plain(rows: &[(u32, &str, &str)]) -> Plain {
    let money = |text: &str| {
        text.split_once(' ')
            .map(|(value, currency)| Money::parse(value, currency).unwrap())
    };
    let row = |(number, name, text): &(u32, &str, &str)| (*number, (*name).into(), money(text));
    Plain {
        rows: rows.iter().map(row).collect(),
        version: 1,
    }
}

fn some() -> Plain {
    plain(&[
        (1, "bakery", "10.00 USD"),
        (2, "Anna", "9.00 EUR"),
        (3, "carl", "100.00 EUR"),
        (4, "Bert", ""),
        (10, "anna", "-3.50 EUR"),
    ])
}

fn typed(listing: &mut Listing, text: &str) {
    listing.open_filter();
    for character in text.chars() {
        listing.press(Keystroke(KeyEvent::from(KeyCode::Char(character))));
    }
}

/// The numbers of the rows that are shown, in their order.
fn numbers(listing: &Listing, rows: &Plain) -> Vec<u32> {
    (0..listing.shown(rows.len()))
        .map(|at| rows.rows[listing.place(at).unwrap()].0)
        .collect()
}

fn selected(listing: &Listing, rows: &Plain) -> Option<u32> {
    listing.selected().map(|place| rows.rows[place].0)
}

#[rstest]
#[case(0, false, &[1, 2, 3, 4, 10])]
#[case(0, true, &[10, 4, 3, 2, 1])]
// Whatever the case, and equal ones as they come.
#[case(1, false, &[2, 10, 1, 4, 3])]
#[case(1, true, &[3, 4, 1, 2, 10])]
// By currency, then by the amount and not by its text; what is missing first.
#[case(2, false, &[4, 10, 2, 3, 1])]
#[case(2, true, &[1, 3, 2, 10, 4])]
fn columns_sort_by_their_values(
    #[case] column: usize,
    #[case] descending: bool,
    #[case] wanted: &[u32],
) {
    let rows = some();
    let mut listing = Listing::default();
    listing.sort_by(column);
    if descending {
        listing.turn_round();
    }
    listing.settle(&rows, 10);
    assert_eq!(numbers(&listing, &rows), wanted);
}

#[test]
fn sorting_goes_through_the_columns_and_back() {
    let rows = some();
    let mut listing = Listing::default();
    for column in [Some(0), Some(2), None, Some(0)] {
        listing.sort_next(&[0, 2]);
        listing.settle(&rows, 10);
        assert_eq!(listing.sort().map(|sort| sort.column), column);
    }
    listing.sort_by(0);
    assert!(listing.sort().unwrap().descending);
}

#[test]
fn the_best_come_first_unless_sorted() {
    let rows = plain(&[(1, "a-n-n-a", ""), (2, "xx anna", ""), (3, "anna", "")]);
    let mut listing = Listing::default();
    typed(&mut listing, "anna");
    listing.settle(&rows, 10);
    assert_eq!(*numbers(&listing, &rows).last().unwrap(), 1);
    listing.sort_by(0);
    listing.settle(&rows, 10);
    assert_eq!(numbers(&listing, &rows), [1, 2, 3]);
}

#[rstest]
// It is shown: it stays.
#[case(2, "ann", 2)]
#[case(10, "ann", 10)]
// It is not: the nearest one, of two the one after.
#[case(1, "ann", 2)]
#[case(3, "ann", 2)]
#[case(4, "ann", 10)]
#[case(3, "^b", 4)]
fn the_selection_stays_on_its_row_or_the_nearest(
    #[case] from: u32,
    #[case] filter: &str,
    #[case] wanted: u32,
) {
    let rows = some();
    let mut listing = Listing::default();
    listing.want(from.into());
    listing.settle(&rows, 10);
    typed(&mut listing, filter);
    listing.settle(&rows, 10);
    assert_eq!(selected(&listing, &rows), Some(wanted));
    listing.clear_filter();
    listing.settle(&rows, 10);
    assert_eq!(
        selected(&listing, &rows),
        Some(wanted),
        "it was found there"
    );
}

#[test]
fn the_selection_follows_its_row_through_new_rows_and_sorts() {
    let mut rows = some();
    let mut listing = Listing::default();
    listing.want(3);
    listing.settle(&rows, 2);
    rows.rows.insert(0, (7, "new".into(), None));
    rows.version += 1;
    listing.settle(&rows, 2);
    assert_eq!(selected(&listing, &rows), Some(3));
    listing.sort_by(2);
    listing.settle(&rows, 2);
    assert_eq!(selected(&listing, &rows), Some(3));
    rows.rows.retain(|row| row.0 != 3);
    rows.version += 1;
    listing.settle(&rows, 2);
    assert!(selected(&listing, &rows).is_some());
}

#[test]
fn nothing_found_selects_nothing() {
    let rows = some();
    let mut listing = Listing::default();
    typed(&mut listing, "nobody");
    listing.settle(&rows, 10);
    assert_eq!(selected(&listing, &rows), None);
    assert_eq!(listing.count_words(rows.len()).unwrap(), "0 of 5");
    listing.keep_filter();
    assert!(listing.is_filtered());
    listing.clear_filter();
    listing.settle(&rows, 10);
    assert_eq!(selected(&listing, &rows), Some(1));
}

fn many() -> Plain {
    let row = |number: u32| (number, format!("person {number}"), None);
    Plain {
        rows: (1..=5_000).map(row).collect(),
        version: 1,
    }
}

#[test]
fn many_rows_are_arranged_elsewhere_and_late_answers_dropped() {
    let rows = many();
    let mut listing = Listing::default();
    typed(&mut listing, "'1");
    let first = listing.settle(&rows, 10).unwrap();
    listing.await_answer(1);
    assert_eq!(numbers(&listing, &rows).len(), 5_000, "shown as before");
    typed(&mut listing, "23");
    let second = listing.settle(&rows, 10).unwrap();
    listing.await_answer(2);
    listing.arrive(2, second.run(|| true).unwrap());
    assert_eq!(listing.settle(&rows, 10), None);
    let wanted = numbers(&listing, &rows);
    assert!(
        wanted.contains(&123)
            && wanted
                .iter()
                .all(|number| number.to_string().contains("123"))
    );
    listing.arrive(1, first.run(|| true).unwrap());
    listing.settle(&rows, 10);
    assert_eq!(numbers(&listing, &rows), wanted);
    // What grows is looked for among what was found.
    typed(&mut listing, "4");
    let third = listing.settle(&rows, 10).unwrap();
    assert_eq!(third.within.as_ref().unwrap().len(), wanted.len());
    listing.await_answer(3);
    listing.arrive(3, third.run(|| true).unwrap());
    listing.settle(&rows, 10);
    assert_eq!(numbers(&listing, &rows), [1234]);
}

#[test]
fn a_job_that_nobody_wants_ends() {
    let rows = many();
    let mut listing = Listing::default();
    typed(&mut listing, "person");
    assert_eq!(listing.settle(&rows, 10).unwrap().run(|| false), None);
}

#[test]
fn no_row_that_is_gone_is_shown_while_the_answer_is_awaited() {
    let mut rows = many();
    let mut listing = Listing::default();
    typed(&mut listing, "person");
    let job = listing.settle(&rows, 10).unwrap();
    listing.await_answer(1);
    listing.arrive(1, job.run(|| true).unwrap());
    listing.settle(&rows, 10);
    rows.rows.truncate(3_000);
    rows.version += 1;
    assert!(listing.settle(&rows, 10).is_some());
    assert!(numbers(&listing, &rows).len() <= 3_000);
}

/// Something that may happen to a table.
#[derive(Clone, Debug)]
enum Happens {
    Key(Action),
    Type(char),
    Clear,
    Sort(usize),
    Turn,
    Insert(u32),
    Remove(usize),
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        prop::sample::select(vec![
            Action::Up,
            Action::Down,
            Action::PageDown,
            Action::PageUp,
            Action::First,
            Action::Last
        ])
        .prop_map(Happens::Key),
        prop::sample::select("ab1 '^!$".chars().collect::<Vec<_>>()).prop_map(Happens::Type),
        Just(Happens::Clear),
        (0..3_usize).prop_map(Happens::Sort),
        Just(Happens::Turn),
        (100..200_u32).prop_map(Happens::Insert),
        (0..20_usize).prop_map(Happens::Remove),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Unless a key moves it, the selection is the row that it was, while that is shown.
    #[test]
    fn the_selection_is_a_row_that_is_shown(all in prop::collection::vec(happens(), 0..60)) {
        let mut rows = some();
        let mut listing = Listing::default();
        listing.settle(&rows, 3);
        for one in all {
            let before = selected(&listing, &rows);
            let mut keeps = true;
            match one {
                Happens::Key(action) => { keeps = false; listing.act(action, rows.len(), 3); }
                Happens::Type(character) => typed(&mut listing, &character.to_string()),
                Happens::Clear => listing.clear_filter(),
                Happens::Sort(column) => listing.sort_by(column),
                Happens::Turn => listing.turn_round(),
                Happens::Insert(number) => {
                    if rows.rows.iter().all(|row| row.0 != number) {
                        rows.rows.insert(0, (number, format!("b{number}"), None));
                        rows.version += 1;
                    }
                }
                Happens::Remove(place) => {
                    if place < rows.rows.len() {
                        rows.rows.remove(place);
                        rows.version += 1;
                    }
                }
            }
            prop_assert_eq!(listing.settle(&rows, 3), None);
            let shown = numbers(&listing, &rows);
            let after = selected(&listing, &rows);
            prop_assert_eq!(after.is_some(), !shown.is_empty());
            prop_assert!(listing.cursor.offset <= listing.cursor.at);
            if let Some(before) = before.filter(|before| keeps && shown.contains(before)) {
                prop_assert_eq!(after, Some(before));
            }
            // A filter shows what it finds and nothing else.
            for place in 0..rows.len() {
                let index = rows.index();
                let fits = listing.query().sieve().score(index.cells(place)).is_some();
                prop_assert_eq!(fits, shown.contains(&rows.rows[place].0));
            }
        }
    }
}
