//! What update makes of the messages on Connect and Users.

use rstest::rstest;

use super::fixtures::{
    ADDRESS, EPOCH, at, connected, draw, failed_connect, full, generation, inviting, listed, model,
    opened, press, problem, read, send, some_accounts, some_profile, some_users, text, type_text,
};
use crate::base::{Environment, Problem, Secret, UserNumber};
use crate::tui::Start;
use crate::tui::app::{Effect, Model, Msg, Screen, update};
use crate::tui::keymap::{Action, Chord};
use crate::tui::overlay::{Entry, Overlay};
use crate::tui::screen::users::{About, Focus};
use crate::tui::screen::{connect, setup, users};
use crate::workspace::{Accounts, Stage};

#[test]
fn cancelling_drops_the_flow_and_its_answers() {
    let (mut model, generation) = inviting(Environment::Sandbox);
    let effects = press(&mut model, Action::Cancel);
    assert_eq!(effects, [Effect::CancelConnect]);
    send(
        &mut model,
        Msg::Connect(connect::Msg::Redirected {
            generation,
            result: Err(problem()),
        }),
    );
    assert!(!model.connect.is_active());
    assert!(matches!(
        press(&mut model, Action::Connect)[..],
        [Effect::BeginConnect { .. }]
    ));
}

#[rstest]
#[case(Action::Leave)]
#[case(Action::Interrupt)]
fn leaving_leaves_at_once(#[case] action: Action) {
    let (mut model, generation) = inviting(Environment::Sandbox);
    assert_eq!(press(&mut model.clone(), action), [Effect::Leave]);
    send(
        &mut model,
        Msg::Connect(connect::Msg::Redirected {
            generation,
            result: Ok(()),
        }),
    );
    // The exchange that began is finished after the terminal was given back.
    assert_eq!(press(&mut model, action), [Effect::Leave]);
}

#[test]
fn only_the_demo_approves() {
    let (mut model, _) = inviting(Environment::Demo);
    let effects = press(&mut model, Action::Approve);
    assert!(
        matches!(&effects[..], [Effect::Approve { authorize_url, .. }] if authorize_url.expose() == ADDRESS)
    );
    assert!(
        press(&mut model, Action::Approve).is_empty(),
        "once is enough"
    );
    let (mut model, _) = inviting(Environment::Production);
    assert!(press(&mut model, Action::Approve).is_empty());
    assert!(model.status.unwrap().text.contains("Only the demo"));
}

#[test]
fn a_paste_on_connect_is_the_address_and_elsewhere_nothing() {
    let (mut model, _) = inviting(Environment::Sandbox);
    let pasted = Secret::new(" http://localhost:8000/callback?code=abc&state=x\u{1b}[31m\n");
    let effects = send(&mut model, Msg::Pasted(pasted.clone()));
    assert!(
        matches!(&effects[..], [Effect::SubmitAddress { address, .. }]
            if address.expose() == "http://localhost:8000/callback?code=abc&state=x[31m"),
        "{effects:?}"
    );
    assert!(!format!("{effects:?}").contains("abc"));
    press(&mut model, Action::Go(Screen::Users));
    assert!(send(&mut model, Msg::Pasted(pasted)).is_empty());
}

#[test]
fn another_port_after_a_taken_one() {
    let mut model = failed_connect();
    press(&mut model, Action::ChangePort);
    type_text(&mut model, "80");
    assert!(press(&mut model, Action::Submit).is_empty());
    type_text(&mut model, "80");
    let effects = press(&mut model, Action::Submit);
    let [
        Effect::ChangePort {
            generation,
            port: 8080,
        },
    ] = effects[..]
    else {
        panic!("{effects:?}");
    };
    let effects = send(
        &mut model,
        Msg::Connect(connect::Msg::PortChanged {
            generation,
            result: Ok(()),
        }),
    );
    assert!(matches!(effects[..], [Effect::BeginConnect { .. }]));
}

#[test]
fn the_page_is_asked_after_a_minute_and_ticks_only_then() {
    let (mut model, _) = inviting(Environment::Sandbox);
    assert!(model.wants_ticks());
    update(&mut model, Msg::Ticked, at("2026-11-24T14:02:59Z"));
    assert!(!text(&draw(&model, 80, 40)).contains("What does the page say"));
    update(&mut model, Msg::Ticked, at("2026-11-24T14:03:00Z"));
    assert!(text(&draw(&model, 80, 40)).contains("What does the page say"));
    press(&mut model, Action::Go(Screen::Log));
    assert!(!model.wants_ticks(), "nothing counts on the log");
    assert!(!full().wants_ticks());
}

#[test]
fn over_ssh_the_way_back_is_told() {
    let (mut model, _) = inviting(Environment::Sandbox);
    model.facts.over_ssh = true;
    assert!(text(&draw(&model, 120, 40)).contains("ssh -L 8000:localhost:8000"));
    assert!(press(&mut model, Action::OpenBrowser).is_empty());
}

#[test]
fn a_failed_refresh_leaves_the_figures_marked() {
    let mut model = full();
    let effects = press(&mut model, Action::Refresh);
    let generation = generation(&effects).unwrap();
    read(&mut model, generation, Err(problem()));
    let shown = text(&draw(&model, 120, 40));
    assert!(shown.contains("4118.00"), "{shown}");
    assert!(
        shown.contains("stale") && shown.contains("The bank cannot be reached"),
        "{shown}"
    );
}

#[test]
fn the_selection_stays_on_its_row_through_a_refresh() {
    let (mut model, generation) = listed();
    press(&mut model, Action::Down);
    press(&mut model, Action::Down);
    read(&mut model, generation, Ok(some_accounts()));
    let mut rows = some_users();
    rows.remove(0);
    let listing = model.users.listing;
    send(
        &mut model,
        Msg::Users(users::Msg::Listed {
            generation: listing,
            result: Ok(rows),
        }),
    );
    assert_eq!(model.users.chosen, Some(UserNumber(3)));
    assert_eq!(model.users.users.at, 1);
}

#[test]
fn moving_recalls_and_entering_reads_the_profile() {
    let (mut model, _) = listed();
    let effects = press(&mut model, Action::Down);
    assert_eq!(
        effects,
        [Effect::RecallAccounts {
            user: UserNumber(2)
        }]
    );
    let effects = press(&mut model, Action::Enter);
    assert!(matches!(
        effects[..],
        [Effect::RecallProfile { .. }, Effect::ReadProfile { .. }]
    ));
    assert_eq!(
        (model.users.focus, model.users.about),
        (Focus::Detail, About::User)
    );
    press(&mut model, Action::Back);
    assert_eq!(model.users.focus, Focus::Users);
}

#[test]
fn forgetting_asks_and_defaults_to_no() {
    let mut model = full();
    press(&mut model, Action::Forget);
    assert!(press(&mut model, Action::Submit).is_empty());
    press(&mut model, Action::Forget);
    press(&mut model, Action::Toggle);
    let effects = press(&mut model, Action::Submit);
    assert_eq!(
        effects,
        [Effect::Forget {
            user: UserNumber(1)
        }]
    );
    send(
        &mut model,
        Msg::Users(users::Msg::Forgotten {
            epoch: EPOCH,
            user: UserNumber(1),
            result: Ok(()),
        }),
    );
    assert!(
        model
            .data
            .users
            .iter()
            .all(|user| user.number != UserNumber(1))
    );
}

#[test]
fn a_key_says_where_it_acts() {
    let mut model = model(&Start::First);
    send(&mut model, Msg::Missed(Chord::Char('x')));
    let words = model.status.clone().unwrap().text;
    assert!(words.contains("Users") && words.contains('3'), "{words}");
    send(&mut model, Msg::Missed(Chord::Char('4')));
    assert!(model.status.unwrap().text.contains("does nothing here"));
}

#[test]
fn stored_figures_show_before_fresh_ones() {
    let (mut model, generation) = listed();
    let old = Accounts {
        as_of: at("2026-11-23T09:15:00Z"),
        ..some_accounts()
    };
    send(
        &mut model,
        Msg::Users(users::Msg::AccountsRecalled {
            epoch: EPOCH,
            user: UserNumber(1),
            result: Ok(Some(old.clone())),
        }),
    );
    assert!(text(&draw(&model, 120, 40)).contains("2026-11-23 09:15, reading…"));
    read(&mut model, generation, Ok(some_accounts()));
    // A store that answers late does not bring the old figures back.
    send(
        &mut model,
        Msg::Users(users::Msg::AccountsRecalled {
            epoch: EPOCH,
            user: UserNumber(1),
            result: Ok(Some(old)),
        }),
    );
    assert!(text(&draw(&model, 120, 40)).contains("read 14:02"));
}

#[rstest]
#[case(Ok(()))]
#[case(Err(problem()))]
fn a_redirect_closes_only_what_belongs_to_connect(#[case] result: Result<(), Problem>) {
    let own = [
        Overlay::Address,
        Overlay::Entry(Entry::address()),
        Overlay::Entry(Entry::port()),
    ];
    let foreign = [
        Overlay::Entry(Entry::new_passphrase()),
        Overlay::Entry(Entry::unlock("sandbox", None)),
        Overlay::Entry(Entry::api_key()),
        Overlay::help(Vec::new()),
    ];
    for (overlay, stays) in own
        .map(|one| (one, false))
        .into_iter()
        .chain(foreign.map(|one| (one, true)))
    {
        let (mut model, generation) = inviting(Environment::Sandbox);
        model.overlay = Some(overlay.clone());
        send(
            &mut model,
            Msg::Connect(connect::Msg::Redirected {
                generation,
                result: result.clone(),
            }),
        );
        assert_eq!(model.overlay.is_some(), stays, "{overlay:?}");
        model.overlay = Some(overlay.clone());
        send(
            &mut model,
            Msg::Connect(connect::Msg::Exchanged {
                epoch: EPOCH,
                generation,
                result: Ok(connected(1)),
            }),
        );
        assert_eq!(model.overlay.is_some(), stays, "{overlay:?}");
    }
}

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
