//! What update makes of the messages on Connect and Users.

use rstest::rstest;

use super::fixtures::{
    ADDRESS, EPOCH, at, connected, draw, failed_connect, full, generation, inviting, listed, model,
    press, problem, read, send, some_accounts, some_users, text, type_text,
};
use crate::base::{Environment, Problem, Secret, UserNumber};
use crate::tui::Start;
use crate::tui::app::{Effect, Msg, Screen, update};
use crate::tui::keymap::{Action, Chord};
use crate::tui::overlay::{Entry, Overlay};
use crate::tui::screen::users::{About, Focus};
use crate::tui::screen::{connect, users};
use crate::workspace::Accounts;

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
    assert_eq!(model.users.users.cursor.at, 1);
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
    send(&mut model, Msg::Missed(Chord::Char('9')));
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
