//! Doctor: what it looks at, what it shows, and what it says of the terminal.

use jiff::SignedDuration;
use rstest::rstest;

use super::fixtures::{
    EPOCH, draw, full, generation, model, named, open, opened, press, problem, profile, send,
    some_users, text,
};
use crate::base::Environment;
use crate::tui::Start;
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::screen::doctor::{self, Terminal, checks_of};
use crate::tui::screen::setup;
use crate::workspace::{Check, Stage, Verdict};

fn check(topic: &'static str, verdict: Verdict, finding: &str, remedy: &str) -> Check {
    Check::new(topic, verdict, finding, remedy)
}

fn some_checks() -> Vec<Check> {
    vec![
        check("Environment", Verdict::Good, "sandbox, profile sandbox", ""),
        check(
            "Callback URLs",
            Verdict::Bad,
            "registered is http://localhost:8000/callback/, ours is http://localhost:8000/callback",
            "1, then s registers ours; bunq compares them character by character.",
        ),
        check("Clock", Verdict::Notice, "2 s behind the bank's", ""),
        check(
            "Address",
            Verdict::Unknown,
            "nobody told today's",
            "Give it with --my-address.",
        ),
    ]
}

/// The first look is under way.
pub(super) fn looking() -> Model {
    let mut model = full();
    press(&mut model, Action::Go(Screen::Doctor));
    model
}

/// It ended, and the second check is selected.
pub(super) fn examined() -> Model {
    let mut model = full();
    let effects = press(&mut model, Action::Go(Screen::Doctor));
    let [Effect::Examine { generation, .. }] = effects[..] else {
        panic!("{effects:?}");
    };
    answer(&mut model, generation, some_checks());
    press(&mut model, Action::Down);
    model
}

/// One check alone.
pub(super) fn alone() -> Model {
    let mut model = examined();
    press(&mut model, Action::Enter);
    model
}

fn answer(model: &mut Model, generation: u64, checks: Vec<Check>) {
    send(
        model,
        Msg::Doctor(doctor::Msg::Examined { generation, checks }),
    );
}

#[test]
fn it_looks_by_itself_once_and_again_with_a_key() {
    let mut model = examined();
    press(&mut model, Action::Go(Screen::Users));
    assert_eq!(press(&mut model, Action::Go(Screen::Doctor)), []);
    // A verdict of a while ago may be wrong by now.
    let mut later = model.clone();
    later.now += SignedDuration::from_secs(61);
    let looks = generation(&press(&mut later, Action::Go(Screen::Doctor)));
    assert!(looks.is_some());
    let again = generation(&press(&mut model, Action::Refresh)).unwrap();
    assert_eq!(press(&mut model, Action::Refresh), [], "one at a time");
    assert!(model.status.clone().unwrap().text.contains("already"));
    answer(&mut model, again - 1, Vec::new());
    assert!(
        text(&draw(&model, 80, 24)).contains("Callback URLs"),
        "late"
    );
    answer(&mut model, again, some_checks()[..1].to_vec());
    assert!(!text(&draw(&model, 80, 24)).contains("Callback URLs"));
}

#[test]
fn verdicts_are_words_and_the_selected_one_is_shown_in_full() {
    let shown = text(&draw(&examined(), 80, 24));
    for word in ["✓ good", "✗ bad", "! notice", "? unknown"] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
    let squeezed: Vec<_> = shown.split_whitespace().collect();
    assert!(
        squeezed
            .join(" ")
            .contains("bunq compares them character by character."),
        "{shown}"
    );
    let narrow = text(&draw(&alone(), 40, 12));
    let squeezed: Vec<_> = narrow.split_whitespace().collect();
    assert!(
        squeezed.join(" ").contains("character by character."),
        "{narrow}"
    );
}

#[test]
fn the_smallest_screen_says_what_each_verdict_is_about() {
    let shown = text(&draw(&examined(), 40, 12));
    for topic in ["Environment", "Callback URLs", "Clock"] {
        assert!(shown.contains(topic), "{topic}: {shown}");
    }
}

#[test]
fn what_has_a_line_each_keeps_it_in_full_and_is_one_in_the_table() {
    let mut model = full();
    let look = generation(&press(&mut model, Action::Go(Screen::Doctor))).unwrap();
    let profiles = check(
        "Profiles",
        Verdict::Good,
        "one of sandbox\ntwo of sandbox",
        "",
    );
    answer(&mut model, look, vec![profiles]);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("one of sandbox; two of sandbox"), "{shown}");
    let lines: Vec<_> = shown.lines().map(str::trim).collect();
    assert!(lines.contains(&"✓ good  one of sandbox"), "{shown}");
    assert!(lines.contains(&"two of sandbox"), "{shown}");
}

#[test]
fn the_whole_report_can_be_copied() {
    let mut model = full();
    press(&mut model, Action::Go(Screen::Doctor));
    assert_eq!(press(&mut model, Action::CopyReport), [], "not yet");
    let mut model = examined();
    let effects = press(&mut model, Action::CopyReport);
    let [Effect::Copy(report)] = &effects[..] else {
        panic!("{effects:?}");
    };
    for part in [
        "✗ bad",
        "Callback URLs",
        "Terminal size",
        "120 columns",
        "--my-address",
    ] {
        assert!(
            report.expose().contains(part),
            "{part}: {}",
            report.expose()
        );
    }
}

#[test]
fn what_the_bank_forgot_offers_to_set_up_anew_there_and_only_there() {
    let forgot = || {
        let mut model = full();
        let look = generation(&press(&mut model, Action::Go(Screen::Doctor))).unwrap();
        let mut checks = some_checks();
        checks[1].anew = true;
        answer(&mut model, look, checks);
        model
    };
    let mut model = forgot();
    assert!(text(&draw(&model, 80, 24)).contains("a set up anew"));
    press(&mut model, Action::SetUpAnew);
    assert!(matches!(
        press(&mut model, Action::Yes)[..],
        [Effect::SetUpAnew { .. }]
    ));
    let mut model = forgot();
    press(&mut model, Action::Go(Screen::Users));
    press(&mut model, Action::SetUpAnew);
    assert_eq!(model.overlay, None);
    let mut model = examined();
    assert!(!text(&draw(&model, 80, 24)).contains("set up anew"));
    press(&mut model, Action::SetUpAnew);
    assert_eq!(model.overlay, None, "bad, but nothing that it would mend");
}

#[test]
fn with_nothing_open_the_chosen_profile_is_looked_at() {
    for start in [Start::First, profile(Environment::Production)] {
        let mut model = model(&start);
        let effects = press(&mut model, Action::Go(Screen::Doctor));
        let [Effect::Examine { profile, .. }] = &effects[..] else {
            panic!("{effects:?}");
        };
        assert_eq!(*profile, model.setup.profile());
    }
}

#[test]
fn a_damaged_store_is_said_at_once_and_stays_in_the_report() {
    let (mut model, effects) = open(
        &profile(Environment::Sandbox),
        opened(Environment::Sandbox, Stage::Ready, some_users()),
    );
    assert_eq!(effects.last(), Some(&Effect::CheckStore));
    let checked = |epoch| {
        Msg::Doctor(doctor::Msg::StoreChecked {
            epoch,
            result: Err(problem()),
        })
    };
    send(&mut model, checked(EPOCH + 1));
    assert_eq!(model.status, None, "of another workspace");
    send(&mut model, checked(EPOCH));
    assert!(model.status.clone().unwrap().bad);
    let look = generation(&press(&mut model, Action::Go(Screen::Doctor))).unwrap();
    answer(&mut model, look, some_checks());
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("Store file"), "{shown}");
    assert!(shown.contains("2 bad"), "{shown}");
}

#[test]
fn the_demo_has_no_file_to_check() {
    let (_, effects) = open(
        &Start::Demo,
        opened(Environment::Demo, Stage::Ready, some_users()),
    );
    assert!(!effects.contains(&Effect::CheckStore), "{effects:?}");
}

#[test]
fn another_profile_has_another_report() {
    let mut model = looking();
    let look = model.doctor.clone();
    model.screen = Screen::Setup;
    model.setup.phase = setup::Phase::Choosing;
    press(&mut model, Action::Next);
    let opening = generation(&press(&mut model, Action::SetUp)).unwrap();
    send(
        &mut model,
        Msg::Setup(setup::Msg::Opened {
            generation: opening,
            result: Ok(Box::new(opened(
                Environment::Production,
                Stage::Fresh,
                vec![],
            ))),
        }),
    );
    assert_eq!(model.data.profile, Some(named(Environment::Production)));
    assert!(format!("{look:?}") != format!("{:?}", model.doctor));
    for late in 0..opening {
        answer(&mut model, late, some_checks());
    }
    press(&mut model, Action::Go(Screen::Doctor));
    assert!(!text(&draw(&model, 80, 24)).contains("Callback URLs"));
}

#[rstest]
#[case(Some((120, 40)), Verdict::Good)]
#[case(Some((60, 20)), Verdict::Notice)]
#[case(Some((39, 40)), Verdict::Bad)]
#[case(Some((0, 0)), Verdict::Bad)]
#[case(None, Verdict::Unknown)]
fn the_size_of_a_terminal(#[case] size: Option<(u16, u16)>, #[case] verdict: Verdict) {
    assert_eq!(checks_of(&Terminal::default(), size)[0].verdict, verdict);
}

#[rstest]
#[case("xterm-256color", true, Verdict::Good, "256 colours")]
#[case("xterm", true, Verdict::Good, "at least 8 colours")]
#[case("xterm", false, Verdict::Notice, "not UTF-8")]
#[case("dumb", true, Verdict::Bad, "dumb")]
#[case("", true, Verdict::Bad, "not set")]
fn the_kind_of_a_terminal(
    #[case] term: &str,
    #[case] utf8: bool,
    #[case] verdict: Verdict,
    #[case] words: &str,
) {
    let terminal = Terminal {
        term: term.into(),
        utf8,
        ..Terminal::default()
    };
    let check = checks_of(&terminal, Some((120, 40))).remove(1);
    assert_eq!(check.verdict, verdict);
    assert!(check.finding.contains(words), "{}", check.finding);
    let mono = Terminal {
        no_colour: true,
        ..terminal
    };
    let finding = checks_of(&mono, Some((120, 40))).remove(1).finding;
    assert_eq!(finding.contains("NO_COLOR"), verdict != Verdict::Bad);
}

#[rstest]
#[case(false, false, Verdict::Good, "")]
#[case(true, false, Verdict::Notice, "ssh -L")]
#[case(true, true, Verdict::Notice, "ssh -L")]
#[case(false, true, Verdict::Notice, "set-clipboard")]
fn the_way_to_a_terminal(
    #[case] over_ssh: bool,
    #[case] multiplexer: bool,
    #[case] verdict: Verdict,
    #[case] remedy: &str,
) {
    let terminal = Terminal {
        over_ssh,
        multiplexer,
        ..Terminal::default()
    };
    let check = checks_of(&terminal, Some((120, 40))).remove(2);
    assert_eq!(check.verdict, verdict);
    assert!(check.remedy.contains(remedy), "{}", check.remedy);
}
