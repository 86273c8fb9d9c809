//! Any sequence of messages: nothing panics, and selections stay in range.

use std::collections::HashSet;

use proptest::prelude::*;

use super::answers::answer;
use super::fixtures::{draw, inviting, listed, model, running};
use crate::base::{Environment, Secret, UserNumber};
use crate::tui::Start;
use crate::tui::app::{Effect, Keystroke, Model, Msg, Screen, update};
use crate::tui::keymap::{Action, Chord, TABLE};
use crate::tui::listing::Arranged;
use crate::tui::lists::{List, listing};
use crate::tui::mouse::{Gesture, Pointed};
use crate::tui::overlay::Overlay;
use crate::tui::screen::{log, payments, users};

/// The tables.
const LISTS: [List; 6] = [
    List::Users,
    List::Accounts,
    List::AllAccounts,
    List::Log,
    List::Doctor,
    List::Profiles,
];

fn any_msg() -> impl Strategy<Value = Msg> {
    let action = (0..TABLE.len()).prop_map(|place| Msg::Acted(TABLE[place].action));
    let size = (0..140_u16, 0..50_u16).prop_map(|(width, height)| Msg::Resized(width, height));
    let typed = any::<char>().prop_map(|character| {
        Msg::Typed(Keystroke(crossterm::event::KeyEvent::from(
            crossterm::event::KeyCode::Char(character),
        )))
    });
    let pasted = any::<String>().prop_map(|text| Msg::Pasted(Secret::new(text)));
    let missed = any::<char>().prop_map(|character| Msg::Missed(Chord::Char(character)));
    let answer = (0..33_usize, 0..40_u64, any::<bool>())
        .prop_map(|(kind, generation, good)| answer(kind, generation, good));
    let pointed = (0..3_usize, 0..140_u16, 0..50_u16).prop_map(|(gesture, x, y)| {
        let gesture = [Gesture::Click, Gesture::WheelUp, Gesture::WheelDown][gesture];
        Msg::Pointed(Pointed {
            gesture,
            at: (x, y).into(),
        })
    });
    let arranged = (0..40_u64, 0..LISTS.len()).prop_map(|(generation, list)| Msg::Arranged {
        generation,
        list: LISTS[list],
        arranged: Arranged::default(),
    });
    let filter =
        prop::sample::select("zbg1 '^!".chars().collect::<Vec<_>>()).prop_map(|character| {
            Msg::Typed(Keystroke(crossterm::event::KeyEvent::from(
                crossterm::event::KeyCode::Char(character),
            )))
        });
    let look = Just(Msg::Acted(Action::Filter));
    prop_oneof![2 => pointed, 1 => arranged, 3 => filter, 1 => look, 8 => action, 1 => size, 2 => typed, 1 => pasted, 1 => missed, 6 => answer, 1 => Just(Msg::Ticked), 1 => Just(Msg::Idled), 1 => Just(Msg::Users(users::Msg::Due))]
}

fn check(model: &Model) {
    let rows = model.payments.rows.len();
    assert!(model.payments.cursor.at < rows.max(1));
    let users = model.data.users.len();
    for list in LISTS {
        if let Some(listing) = listing(model, list) {
            assert!(listing.cursor.offset <= listing.cursor.at, "{list:?}");
        }
    }
    let accounts = model.users.chosen.and_then(|user| {
        let accounts = model.data.accounts.get(&user)?.value()?;
        Some(accounts.rows.len())
    });
    let counts = [
        (List::Accounts, accounts.unwrap_or_default()),
        (
            List::AllAccounts,
            users::all_count(model).unwrap_or_default(),
        ),
        (List::Log, log::count(model)),
    ];
    for (list, count) in counts {
        let Some(listing) = listing(model, list) else {
            continue;
        };
        let shown = listing.shown(count);
        assert!(listing.cursor.at < shown.max(1), "{list:?}");
        let selected = listing.selected().is_some_and(|place| place < count);
        assert_eq!(selected, shown > 0, "{list:?}");
    }
    let searched = matches!(
        model.overlay,
        Some(Overlay::PaymentSearch(_) | Overlay::PaymentForm(_))
    );
    assert!(!searched || model.screen == Screen::Payments);
    let rows = &model.users.users;
    let shown = rows.shown(users);
    assert!(rows.cursor.at < shown.max(1));
    assert_eq!(
        rows.selected().is_some_and(|place| place < users),
        shown > 0
    );
    if model.screen == Screen::Users && shown > 0 {
        assert!(model.users.chosen.is_some());
    }
}

/// The user under the cursor, and whether a row of this user is shown.
fn selected(model: &Model) -> Option<UserNumber> {
    let place = model.users.users.selected()?;
    model.data.users.get(place).map(|user| user.number)
}

fn is_shown(model: &Model, number: UserNumber) -> bool {
    let rows = &model.users.users;
    (0..rows.shown(model.data.users.len())).any(|at| {
        let place = rows.place(at).unwrap();
        model
            .data
            .users
            .get(place)
            .is_some_and(|user| user.number == number)
    })
}

/// What an answer waits for that loses where nobody waits for it any more.
fn awaited(msg: &Msg) -> Option<u64> {
    match msg {
        Msg::Arranged { generation, .. }
        | Msg::JsonRecalled { generation, .. }
        | Msg::Budgets { generation, .. }
        | Msg::ProfilesListed { generation, .. }
        | Msg::StoredLooked { generation, .. }
        | Msg::Users(
            users::Msg::Listed { generation, .. }
            | users::Msg::AccountsRead { generation, .. }
            | users::Msg::AllAccountsRecalled { generation, .. }
            | users::Msg::ProfileRead { generation, .. }
            | users::Msg::Refreshing { generation, .. }
            | users::Msg::AllRefreshed { generation, .. },
        )
        | Msg::Payments(
            payments::Msg::Listed { generation, .. }
            | payments::Msg::Read { generation, .. }
            | payments::Msg::Recalled { generation, .. }
            | payments::Msg::Reckoned { generation, .. },
        ) => Some(*generation),
        _ => None,
    }
}

/// Where two texts part.
fn difference(one: &str, other: &str) -> String {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    let from = same.count().saturating_sub(60);
    let piece = |text: &str| text.chars().skip(from).take(160).collect::<String>();
    format!("{}\nto {}", piece(one), piece(other))
}

/// Whether a message may move the selection: what a person does, and what opens something else.
fn may_move(msg: &Msg) -> bool {
    matches!(
        msg,
        Msg::Acted(_) | Msg::Pointed(_) | Msg::Setup(_) | Msg::Connect(_) | Msg::Idled
    ) || matches!(msg, Msg::Users(users::Msg::Forgotten { .. }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_is_survived(start in 0..10_usize, messages in prop::collection::vec(any_msg(), 0..60)) {
        let mut model = match start {
            7 => super::all_accounts::all_open(),
            8 => super::json::shown(),
            9 => super::export::opened(),
            0 => model(&Start::First),
            1 => model(&Start::Demo),
            2 => running().0,
            3 => inviting(Environment::Demo).0,
            4 => listed().0,
            5 => super::payments::some(),
            _ => super::payments::charted(),
        };
        let mut last = 0;
        let now = model.now;
        update(&mut model, Msg::Ticked, now);
        // What was asked for before is as good as asked for.
        let before_all = model.clone().data.next_generation();
        let mut asked = HashSet::new();
        for msg in messages {
            let now = model.now;
            let before = selected(&model).filter(|_| !may_move(&msg));
            let unasked = awaited(&msg)
                .filter(|generation| *generation >= before_all && !asked.contains(generation))
                .map(|_| (format!("{msg:?}"), format!("{model:?}")));
            let effects = update(&mut model, msg, now);
            check(&model);
            if let Some((msg, before)) = unasked {
                let after = format!("{model:?}");
                prop_assert!(after == before, "{} changed {}", msg, difference(&before, &after));
                prop_assert_eq!(&effects[..], []);
            }
            if let Some(before) = before.filter(|before| is_shown(&model, *before)) {
                prop_assert_eq!(selected(&model), Some(before));
            }
            for effect in &effects {
                if let Some(generation) = super::fixtures::generation(std::slice::from_ref(effect)) {
                    prop_assert!(generation > last, "generations only grow");
                    last = generation;
                    asked.insert(generation);
                }
            }
            if effects.contains(&Effect::Leave) {
                break;
            }
        }
        let (width, height) = model.size;
        draw(&model, width, height);
    }
}
