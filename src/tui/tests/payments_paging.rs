//! Which payments are asked for, and what comes of the answers.

use rstest::rstest;

use super::fixtures::{draw, generation, press, send, text};
use super::payments::{done, failed, lines, list, opened, some, statistics, tell, type_one, with};
use crate::base::{AccountId, PaymentId, UserNumber};
use crate::tui::app::{Effect, Msg};
use crate::tui::keymap::Action;
use crate::tui::screen::payments::{self, Of};
use crate::workspace::{PaymentEnd, PaymentList};

/// Where the selection is, and whether older ones are asked for.
#[rstest]
#[case::far_from_the_end(230, false, 0, false)]
#[case::near_the_end(230, false, 190, true)]
#[case::a_short_list(20, false, 0, true)]
#[case::all_there(230, true, 229, false)]
fn older_pages_come_near_the_end(
    #[case] rows: u64,
    #[case] complete: bool,
    #[case] down: usize,
    #[case] asks: bool,
) {
    let (mut model, listing, reading) = opened();
    let found = list(lines(10_001 - rows, 10_000), rows, complete);
    tell(&mut model, listing, found.clone());
    let effects = done(&mut model, reading);
    let mut last = tell(&mut model, generation(&effects).unwrap(), found);
    for _ in 0..down {
        let effects = press(&mut model, Action::Down);
        last.extend(effects);
    }
    let older = |effect: &Effect| {
        matches!(
            effect,
            Effect::ReadPayments {
                end: PaymentEnd::Oldest,
                ..
            }
        )
    };
    assert_eq!(
        last.iter().filter(|one| older(one)).count(),
        usize::from(asks)
    );
}

#[rstest]
#[case::what_is_looked_for(Action::Search)]
#[case::another_order(Action::Sort)]
fn the_last_row_is_not_the_oldest_payment(#[case] action: Action) {
    let mut model = some();
    let mut effects = press(&mut model, action);
    if action == Action::Search {
        effects = type_one(&mut model, 'x');
        press(&mut model, Action::Submit);
    }
    let listing = generation(&effects).unwrap();
    let effects = tell(&mut model, listing, list(lines(9_990, 10_000), 230, false));
    assert_eq!(effects, []);
    assert_eq!(press(&mut model, Action::Last), []);
}

#[test]
fn a_page_goes_below_what_is_there_and_the_selection_stays() {
    let mut model = some();
    let effects = press(&mut model, Action::Last);
    let at_ = model.payments.cursor.at;
    let effects = done(&mut model, generation(&effects).unwrap());
    let [
        Effect::ListPayments {
            generation,
            ref query,
            ..
        },
    ] = effects[..]
    else {
        panic!("{effects:?}");
    };
    assert_eq!(query.older_than, Some(PaymentId(9_771)));
    let effects = tell(
        &mut model,
        generation,
        list(lines(9_571, 9_770), 430, false),
    );
    assert_eq!(model.payments.rows.len(), 430);
    assert_eq!(model.payments.cursor.at, at_);
    assert!(
        model
            .payments
            .rows
            .windows(2)
            .all(|pair| pair[0].id > pair[1].id)
    );
    assert_eq!(effects, [], "the end is far again");
}

#[test]
fn where_no_older_ones_come_the_bank_is_not_asked_for_ever() {
    let mut model = some();
    let effects = press(&mut model, Action::Last);
    let effects = done(&mut model, generation(&effects).unwrap());
    let nothing = PaymentList {
        oldest: Some(PaymentId(9_771)),
        ..list(Vec::new(), 230, false)
    };
    let listing = generation(&effects).unwrap();
    assert_eq!(tell(&mut model, listing, nothing), []);
    assert_eq!(press(&mut model, Action::Up), []);
}

#[test]
fn after_a_failure_only_the_person_asks_again() {
    let mut model = some();
    let effects = press(&mut model, Action::Last);
    let effects = failed(&mut model, generation(&effects).unwrap());
    let listing = generation(&effects).unwrap();
    let kept = list(lines(9_771, 10_000), 230, false);
    assert_eq!(tell(&mut model, listing, kept), []);
    assert_eq!(press(&mut model, Action::Up), []);
    assert!(text(&draw(&model, 120, 40)).contains("The bank cannot be reached"));
    assert!(matches!(
        press(&mut model, Action::Refresh)[..],
        [Effect::ReadPayments {
            end: PaymentEnd::Newest,
            ..
        }]
    ));
}

#[test]
fn late_answers_change_nothing() {
    let (mut model, listing, reading) = opened();
    let of = Of {
        user: UserNumber(1),
        account: AccountId(12),
        name: "Household".into(),
    };
    payments::open(&mut model, of);
    let before = format!("{:?}", model.payments);
    assert_eq!(tell(&mut model, listing, list(lines(1, 9), 9, true)), []);
    assert_eq!(failed(&mut model, reading), []);
    let result = Ok(None);
    let recalled = payments::Msg::Recalled {
        generation: 1,
        result,
    };
    send(&mut model, Msg::Payments(recalled));
    let reckoned = payments::Msg::Reckoned {
        generation: 1,
        result: Ok(Some(Box::new(statistics()))),
    };
    send(&mut model, Msg::Payments(reckoned));
    assert_eq!(format!("{:?}", model.payments), before);
}

#[test]
fn the_whole_history_is_asked_about_when_it_takes_many_requests() {
    let mut model = some();
    assert_eq!(press(&mut model, Action::ReadAll), []);
    assert!(text(&draw(&model, 80, 24)).contains("in about 12 requests?"));
    assert_eq!(press(&mut model, Action::Submit), [], "No is marked");
    press(&mut model, Action::ReadAll);
    let effects = press(&mut model, Action::Yes);
    let mut reading = generation(&effects).unwrap();
    // Page after page, wherever the selection is.
    for page in 1..=2_u64 {
        let effects = done(&mut model, reading);
        let (first, last) = (9_771 - 200 * page, 9_770 - 200 * (page - 1));
        let listing = generation(&effects).unwrap();
        let found = list(lines(first, last), 230 + 200 * page, false);
        let effects = tell(&mut model, listing, found);
        assert!(matches!(
            effects[..],
            [Effect::ReadPayments {
                end: PaymentEnd::Oldest,
                ..
            }]
        ));
        reading = generation(&effects).unwrap();
    }
    assert_eq!(model.payments.rows.len(), 630);
    press(&mut model, Action::Back);
    let effects = done(&mut model, reading);
    let listing = generation(&effects).unwrap();
    let found = list(lines(9_171, 9_370), 830, false);
    assert_eq!(tell(&mut model, listing, found), [], "it was stopped");
}

#[test]
fn few_requests_are_made_at_once_and_the_end_is_told() {
    let few = PaymentList {
        requests_left: Some(1),
        ..list(lines(9_771, 10_000), 230, false)
    };
    let mut model = with(&few);
    let effects = press(&mut model, Action::ReadAll);
    let effects = done(&mut model, generation(&effects).unwrap());
    let listing = generation(&effects).unwrap();
    let effects = tell(&mut model, listing, list(lines(9_761, 9_770), 240, true));
    assert_eq!(effects, []);
    assert!(
        model
            .status
            .unwrap()
            .text
            .contains("All 240 payments are stored")
    );
}
