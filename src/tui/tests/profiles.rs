//! The picker of profiles.

use rstest::rstest;

use super::fixtures::{
    draw, full, generation, inviting, model, named, opened, press, problem, running, send,
    some_users, text, type_text,
};
use crate::base::{Environment, Problem};
use crate::tui::Start;
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::overlay::Overlay;
use crate::tui::screen::{connect, setup};
use crate::workspace::{Lock, Profile, Stage};

fn some_profiles() -> Vec<Profile> {
    let work = Profile {
        environment: Environment::Sandbox,
        name: "work".into(),
    };
    vec![
        named(Environment::Sandbox),
        work,
        named(Environment::Production),
    ]
}

/// The picker over Users; gives back the generation of its list.
pub(super) fn listed_profiles() -> (Model, u64) {
    let mut model = full();
    let effects = press(&mut model, Action::Profiles);
    let [Effect::ListProfiles { generation }] = effects[..] else {
        panic!("{effects:?}");
    };
    list(&mut model, generation, Ok(some_profiles()));
    (model, generation)
}

fn list(model: &mut Model, generation: u64, result: Result<Vec<Profile>, Problem>) {
    let msg = Msg::ProfilesListed { generation, result };
    assert_eq!(send(model, msg), []);
}

/// A profile of that name that is not there yet.
pub(super) fn new_one(name: &str) -> Model {
    let (mut model, _) = listed_profiles();
    for _ in 0..5 {
        press(&mut model, Action::Down);
    }
    press(&mut model, Action::Submit);
    type_text(&mut model, name);
    assert_eq!(press(&mut model, Action::Submit), []);
    model
}

#[test]
fn it_lists_name_bank_and_which_is_open() {
    let (model, _) = listed_profiles();
    for (width, height) in [(40, 12), (80, 24)] {
        let shown = text(&draw(&model, width, height));
        let row = |name: &str| shown.lines().find(|line| line.contains(name)).unwrap();
        assert!(row("▸ sandbox").contains("open"), "{shown}");
        assert!(row("work").contains("sandbox") && !row("work").contains("open"));
        assert!(row("production").contains("PRODUCTION"), "{shown}");
        assert!(shown.contains("new profile…"), "{shown}");
    }
}

#[test]
fn enter_opens_another_one_and_the_one_in_use_stays_until_then() {
    let (mut model, _) = listed_profiles();
    press(&mut model, Action::Down);
    let effects = press(&mut model, Action::Submit);
    let [
        Effect::InspectStore {
            generation,
            profile,
        },
    ] = &effects[..]
    else {
        panic!("{effects:?}");
    };
    assert_eq!(*profile, some_profiles()[1]);
    assert_eq!(model.screen, Screen::Setup);
    assert_eq!(model.data.users, some_users());
    let lock = Lock::Locked {
        keyring: false,
        passphrase: true,
        key_file: false,
    };
    send(
        &mut model,
        Msg::Setup(setup::Msg::Inspected {
            generation: *generation,
            result: Ok(lock),
        }),
    );
    assert!(text(&draw(&model, 80, 24)).contains("Unlock work"));
    type_text(&mut model, "passphrase");
    let effects = press(&mut model, Action::Submit);
    let generation = self::generation(&effects).unwrap();
    let mut opened = opened(Environment::Sandbox, Stage::Ready, some_users());
    opened.profile = profile.clone();
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Opened {
            generation,
            result: Ok(Box::new(opened)),
        }),
    );
    let kept = effects
        .iter()
        .any(|effect| matches!(effect, Effect::KeepLastUsed(last) if last.profile == "work"));
    assert!(kept, "{effects:?}");
    assert_eq!(model.data.profile.as_ref(), Some(profile));
    let header = text(&draw(&model, 80, 24));
    assert!(
        header.lines().next().unwrap().contains("SANDBOX · work"),
        "{header}"
    );
}

#[test]
fn the_open_one_stays_as_it_is_and_esc_closes() {
    let (mut model, _) = listed_profiles();
    assert_eq!(press(&mut model.clone(), Action::Back), []);
    assert_eq!(press(&mut model, Action::Submit), []);
    assert_eq!(model.overlay, None);
    assert_eq!(model.screen, Screen::Users);
    assert!(model.status.unwrap().text.contains("open already"));
}

#[test]
fn a_list_that_comes_late_or_not_at_all() {
    let (mut model, last) = listed_profiles();
    press(&mut model, Action::Back);
    list(&mut model, last, Ok(some_profiles()));
    assert_eq!(model.overlay, None, "it was closed");
    let current = generation(&press(&mut model, Action::Profiles)).unwrap();
    list(&mut model, last, Ok(some_profiles()));
    assert!(text(&draw(&model, 80, 24)).contains("Looking for profiles"));
    assert_eq!(press(&mut model.clone(), Action::Submit), []);
    list(&mut model, current, Err(problem()));
    assert!(text(&draw(&model, 80, 24)).contains("cannot be reached"));
}

#[test]
fn a_new_profile_takes_a_name_then_its_bank_on_setup() {
    let mut model = new_one("work-2");
    assert_eq!(model.screen, Screen::Setup);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("Setup of work-2"), "{shown}");
    press(&mut model, Action::Next);
    let effects = press(&mut model, Action::SetUp);
    let [Effect::InspectStore { profile, .. }] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(profile.name, "work-2");
    assert_eq!(profile.environment, Environment::Production);
}

#[rstest]
#[case("work", "already")]
#[case("a/b", "letters")]
#[case("", "Nothing was typed")]
fn a_name_that_cannot_be_taken_is_asked_for_again(#[case] name: &str, #[case] words: &str) {
    let model = new_one(name);
    assert!(model.is_typing());
    assert!(text(&draw(&model, 80, 24)).contains(words));
}

#[test]
fn the_choice_of_a_provider_survives_the_opening() {
    let mut model = new_one("work-2");
    press(&mut model, Action::FocusNext);
    press(&mut model, Action::Next);
    let inspecting = generation(&press(&mut model, Action::SetUp)).unwrap();
    model.facts.key_file = Some("key".into());
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Inspected {
            generation: inspecting,
            result: Ok(Lock::Absent),
        }),
    );
    let mut fresh = opened(Environment::Sandbox, Stage::Fresh, Vec::new());
    fresh.profile.name = "work-2".into();
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Opened {
            generation: generation(&effects).unwrap(),
            result: Ok(Box::new(fresh)),
        }),
    );
    let roles = crate::workspace::Psd2Roles::AccountInformation;
    let choice = Some(crate::workspace::ProviderChoice::NewPsd2Provider(roles));
    let ran = effects
        .iter()
        .any(|effect| matches!(effect, Effect::RunSetup { choice: ran, .. } if *ran == choice));
    assert!(ran, "{effects:?}");
}

#[test]
fn not_while_an_exchange_or_a_setup_runs_and_not_in_the_demo() {
    let (mut exchanging, generation) = inviting(Environment::Sandbox);
    let redirected = Msg::Connect(connect::Msg::Redirected {
        generation,
        result: Ok(()),
    });
    send(&mut exchanging, redirected.clone());
    let mut setting_up = full();
    setting_up.setup.phase = setup::Phase::Running;
    let cases = [
        (exchanging, "being stored"),
        (setting_up, "under way"),
        (running().0, "only the demo"),
        (model(&Start::Demo), "only the demo"),
    ];
    for (mut model, words) in cases {
        assert_eq!(press(&mut model, Action::Profiles), []);
        assert_eq!(model.overlay, None);
        let said = model.status.unwrap().text;
        assert!(said.contains(words), "{said}");
    }
    // The exchange began while the list was open.
    let (mut model, generation) = inviting(Environment::Sandbox);
    let listing = self::generation(&press(&mut model, Action::Profiles)).unwrap();
    list(&mut model, listing, Ok(some_profiles()));
    assert!(matches!(model.overlay, Some(Overlay::Profiles(_))));
    press(&mut model, Action::Down);
    send(
        &mut model,
        Msg::Connect(connect::Msg::Redirected {
            generation,
            result: Ok(()),
        }),
    );
    assert_eq!(press(&mut model, Action::Submit), []);
    assert!(model.status.unwrap().text.contains("being stored"));
}
