//! Who to be at the bank: the choices, and what is shown of a choice that was made.

use rstest::rstest;

use super::fixtures::{
    draw, generation, model, open, opened, press, problem, profile, send, text, type_text,
};
use crate::base::{Environment, Secret, UserKind};
use crate::tui::Start;
use crate::tui::app::{Effect, Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::screen::setup;
use crate::workspace::{CertificatePem, ProviderChoice, Psd2Roles, Stage};

/// An empty profile is open, and the provider's row has the focus.
fn choosing(environment: Environment) -> Model {
    let (mut model, _) = open(
        &profile(environment.clone()),
        opened(environment, Stage::Fresh, Vec::new()),
    );
    press(&mut model, Action::FocusNext);
    model
}

#[test]
fn every_choice_of_the_sandbox_in_turn() {
    let runs = [
        (
            "new PSD2 provider",
            Some(ProviderChoice::NewPsd2Provider(Psd2Roles::Both)),
        ),
        (
            "new PSD2, AISP only",
            Some(ProviderChoice::NewPsd2Provider(
                Psd2Roles::AccountInformation,
            )),
        ),
        (
            "new PSD2, PISP only",
            Some(ProviderChoice::NewPsd2Provider(
                Psd2Roles::PaymentInitiation,
            )),
        ),
        ("own PSD2 certificate", None),
        ("new person", Some(ProviderChoice::NewPerson)),
        ("new company", Some(ProviderChoice::NewCompany)),
        ("own API key", None),
    ];
    let mut model = choosing(Environment::Sandbox);
    for (label, choice) in runs {
        let shown = text(&draw(&model, 40, 12));
        assert!(shown.contains(&format!("‹ {label} ›")), "{label}: {shown}");
        let mut asked = model.clone();
        let effects = press(&mut asked, Action::SetUp);
        match choice {
            Some(choice) => {
                let [Effect::RunSetup { choice: ran, .. }] = &effects[..] else {
                    panic!("{effects:?}");
                };
                assert_eq!(*ran, Some(choice));
            }
            None => assert!(asked.is_typing(), "{label}"),
        }
        press(&mut model, Action::Next);
    }
    assert!(text(&draw(&model, 80, 24)).contains("‹ new PSD2 provider ›"));
}

#[test]
fn production_takes_a_key_or_a_certificate() {
    let mut model = choosing(Environment::Production);
    assert!(text(&draw(&model, 80, 24)).contains("‹ own API key ›"));
    press(&mut model, Action::Next);
    assert!(text(&draw(&model, 80, 24)).contains("‹ own PSD2 certificate ›"));
    press(&mut model, Action::Next);
    assert!(text(&draw(&model, 80, 24)).contains("‹ own API key ›"));
}

/// The files are asked for; gives back what is to be read.
fn files(model: &mut Model, chain: &str) -> (u64, setup::CertificateFiles) {
    press(model, Action::SetUp);
    type_text(model, "qseal.pem");
    assert_eq!(press(model, Action::Submit), []);
    assert_eq!(press(model, Action::Submit), [], "a key there must be");
    assert!(text(&draw(model, 80, 24)).contains("Nothing was typed"));
    type_text(model, "~/key.pem");
    assert_eq!(press(model, Action::Submit), []);
    type_text(model, chain);
    let effects = press(model, Action::Submit);
    let [Effect::ReadCertificate { generation, files }] = &effects[..] else {
        panic!("{effects:?}");
    };
    (*generation, files.clone())
}

#[rstest]
#[case("", None)]
#[case("chain.pem", Some("chain.pem"))]
fn a_certificate_is_read_and_set_up_with(#[case] chain: &str, #[case] read: Option<&str>) {
    let mut model = choosing(Environment::Production);
    press(&mut model, Action::Next);
    let (generation, files) = files(&mut model, chain);
    assert_eq!(files.certificate.to_str(), Some("qseal.pem"));
    assert_eq!(files.key.to_str(), Some("~/key.pem"));
    assert_eq!(files.chain.as_deref().and_then(|path| path.to_str()), read);
    let pem = CertificatePem {
        certificate: "certificate".into(),
        chain: "certificate".into(),
        key: Secret::new("canary"),
    };
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::CertificateRead {
            generation,
            result: Ok(pem.clone()),
        }),
    );
    assert!(!format!("{effects:?}").contains("canary"));
    let [Effect::RunSetup { choice, .. }] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(*choice, Some(ProviderChoice::OwnCertificate(pem)));
}

#[test]
fn files_that_cannot_be_read_are_asked_for_again() {
    let mut model = choosing(Environment::Production);
    press(&mut model, Action::Next);
    let (generation, _) = files(&mut model, "");
    let failed = Msg::Setup(setup::Msg::CertificateRead {
        generation,
        result: Err(problem()),
    });
    assert_eq!(send(&mut model, failed.clone()), []);
    let shown = text(&draw(&model, 80, 24));
    assert!(
        shown.contains("1 of 3") && shown.contains("cannot be reached"),
        "{shown}"
    );
    press(&mut model, Action::Back);
    assert!(
        model
            .status
            .clone()
            .unwrap()
            .text
            .contains("Nothing was set up")
    );
    // Once another profile is asked for, the files of this one come too late.
    press(&mut model, Action::FocusNext);
    press(&mut model, Action::Next);
    press(&mut model, Action::SetUp);
    assert_eq!(send(&mut model, failed), []);
    assert!(!model.is_typing());
}

#[test]
fn a_profile_that_is_set_up_shows_who_it_is() {
    let (mut model, effects) = open(
        &profile(Environment::Sandbox),
        opened(Environment::Sandbox, Stage::Ready, Vec::new()),
    );
    assert!(generation(&effects).is_some());
    press(&mut model, Action::Go(Screen::Setup));
    for kind in [UserKind::Company, UserKind::PaymentServiceProvider] {
        model.data.provider.as_mut().unwrap().kind = kind;
        let shown = text(&draw(&model, 120, 40));
        assert!(shown.contains(&format!("‹ {} ›", kind.label())), "{shown}");
        assert!(!shown.contains("new PSD2 provider"), "{shown}");
    }
}

#[test]
fn a_setup_that_goes_on_does_not_claim_the_default() {
    let (model, _) = open(
        &profile(Environment::Sandbox),
        opened(Environment::Sandbox, Stage::Unfinished, Vec::new()),
    );
    assert!(text(&draw(&model, 80, 24)).contains("‹ as chosen before ›"));
    assert!(!text(&draw(&super::fixtures::model(&Start::First), 80, 24)).contains("before"));
}

/// The files of a certificate are asked for.
pub(super) fn certificate() -> Model {
    let mut model = choosing(Environment::Production);
    press(&mut model, Action::Next);
    press(&mut model, Action::SetUp);
    model
}

#[test]
fn the_first_choice_is_the_default() {
    let model = model(&Start::First);
    assert!(text(&draw(&model, 80, 24)).contains("‹ new PSD2 provider ›"));
}
