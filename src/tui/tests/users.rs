//! Which answers Users takes, and what it asks the bank for by itself.

use rstest::rstest;

use super::fixtures::{
    EPOCH, connected, full, generation, listed, opened, press, problem, read, send, some_accounts,
    some_profile, some_users,
};
use crate::base::{Environment, UserNumber};
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::overlay::Overlay;
use crate::tui::screen::{connect, setup, users};
use crate::workspace::Stage;

/// Another workspace opens while the last one's answers are on their way.
fn turned() -> Model {
    let mut model = full();
    model.setup.phase = setup::Phase::Choosing;
    press(&mut model, Action::Go(Screen::Setup));
    press(&mut model, Action::Next);
    let effects = press(&mut model, Action::SetUp);
    let generation = generation(&effects).unwrap();
    press(&mut model, Action::Go(Screen::Users));
    press(&mut model, Action::Forget);
    assert!(matches!(model.overlay, Some(Overlay::Confirm(_))));
    let other = opened(Environment::Production, Stage::Ready, some_users());
    send(
        &mut model,
        Msg::Setup(setup::Msg::Opened {
            generation,
            result: Ok(Box::new(other)),
        }),
    );
    assert_eq!(model.data.epoch, generation);
    model
}

#[test]
fn answers_of_the_last_workspace_do_not_land_in_the_next() {
    let model = turned();
    assert_eq!(model.overlay, None, "a question about the last workspace");
    let user = UserNumber(1);
    let lee = UserNumber(3);
    let late = [
        Msg::Connect(connect::Msg::Exchanged {
            epoch: EPOCH,
            generation: 2,
            result: Ok(connected(3)),
        }),
        Msg::Users(users::Msg::AccountsRecalled {
            epoch: EPOCH,
            user,
            result: Ok(Some(some_accounts())),
        }),
        Msg::Users(users::Msg::AccountsRead {
            generation: 2,
            user: lee,
            result: Ok(some_accounts()),
        }),
        Msg::Users(users::Msg::ProfileRecalled {
            epoch: EPOCH,
            user,
            result: Ok(Some(some_profile(1))),
        }),
        Msg::Users(users::Msg::ProfileRead {
            generation: 2,
            user,
            result: Ok(some_profile(1)),
        }),
        Msg::Users(users::Msg::Forgotten {
            epoch: EPOCH,
            user,
            result: Ok(()),
        }),
    ];
    for msg in late {
        let mut after = model.clone();
        assert_eq!(send(&mut after, msg.clone()), [], "{msg:?}");
        assert_eq!(after.data.users, model.data.users, "{msg:?}");
        assert_eq!(after.data.accounts, model.data.accounts, "{msg:?}");
        assert_eq!(after.data.profiles, model.data.profiles, "{msg:?}");
        assert_eq!(after.users.chosen, model.users.chosen, "{msg:?}");
    }
}

#[test]
fn a_profile_that_could_not_be_read_is_asked_for_again() {
    let (mut model, _) = listed();
    let first = generation(&press(&mut model, Action::Enter)).unwrap();
    press(&mut model, Action::Back);
    assert_eq!(press(&mut model, Action::Enter), [], "it is on its way");
    send(
        &mut model,
        Msg::Users(users::Msg::ProfileRead {
            generation: first,
            user: UserNumber(1),
            result: Err(problem()),
        }),
    );
    press(&mut model, Action::Back);
    assert!(matches!(
        press(&mut model, Action::Enter)[..],
        [Effect::RecallProfile { .. }, Effect::ReadProfile { .. }]
    ));
}

/// The store's answer that it has nothing of a user.
fn nothing_stored(model: &mut Model, number: u32) -> Vec<Effect> {
    send(
        model,
        Msg::Users(users::Msg::AccountsRecalled {
            epoch: EPOCH,
            user: UserNumber(number),
            result: Ok(None),
        }),
    )
}

/// The user whose accounts the bank is asked for, and with which generation.
fn asked(effects: &[Effect]) -> Option<(UserNumber, u64)> {
    effects.iter().find_map(|effect| match effect {
        Effect::ReadAccounts { user, generation } => Some((*user, *generation)),
        _ => None,
    })
}

#[test]
fn a_user_that_was_never_read_is_read_once_where_the_selection_rests() {
    let (mut model, first) = listed();
    assert_eq!(asked(&nothing_stored(&mut model, 1)), None, "it is read");
    read(&mut model, first, Ok(some_accounts()));
    press(&mut model, Action::Down);
    press(&mut model, Action::Down);
    assert_eq!(asked(&nothing_stored(&mut model, 2)), None, "passed over");
    let (user, generation) = asked(&nothing_stored(&mut model, 3)).unwrap();
    assert_eq!(user, UserNumber(3));
    // Another one has to wait for that answer, and is asked for after it.
    press(&mut model, Action::Up);
    assert_eq!(asked(&nothing_stored(&mut model, 2)), None, "one at a time");
    let effects = send(
        &mut model,
        Msg::Users(users::Msg::AccountsRead {
            generation,
            user,
            result: Err(problem()),
        }),
    );
    let recall = Effect::RecallAccounts {
        user: UserNumber(2),
    };
    assert!(effects.contains(&recall), "{effects:?}");
    let (user, _) = asked(&nothing_stored(&mut model, 2)).unwrap();
    assert_eq!(user, UserNumber(2));
    // What failed is not tried again by itself, and what is revoked is not tried at all.
    press(&mut model, Action::Down);
    assert_eq!(asked(&nothing_stored(&mut model, 3)), None);
    press(&mut model, Action::Down);
    assert_eq!(asked(&nothing_stored(&mut model, 12)), None);
}

#[rstest]
#[case(false)]
#[case(true)]
fn a_revoked_user_can_be_refreshed_and_its_row_is_read_again(#[case] good: bool) {
    let (mut model, first) = listed();
    read(&mut model, first, Ok(some_accounts()));
    press(&mut model, Action::Last);
    press(&mut model, Action::FocusNext);
    let (user, generation) = asked(&press(&mut model, Action::Refresh)).unwrap();
    assert_eq!(user, UserNumber(12));
    let effects = send(
        &mut model,
        Msg::Users(users::Msg::AccountsRead {
            generation,
            user,
            result: if good {
                Ok(some_accounts())
            } else {
                Err(problem())
            },
        }),
    );
    assert!(matches!(effects[..], [Effect::ListUsers { .. }]));
    press(&mut model, Action::Back);
    let profile = press(&mut model, Action::Enter);
    let effects = send(
        &mut model,
        Msg::Users(users::Msg::ProfileRead {
            generation: generation_of(&profile),
            user,
            result: if good {
                Ok(some_profile(12))
            } else {
                Err(problem())
            },
        }),
    );
    assert!(matches!(effects[..], [Effect::ListUsers { .. }]));
}

fn generation_of(effects: &[Effect]) -> u64 {
    generation(effects).unwrap()
}
