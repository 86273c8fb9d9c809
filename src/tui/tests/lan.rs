//! A phone on the network, and a callback URL by https.

use super::fixtures::{
    ADDRESS, draw, generation, invitation, inviting, press, problem, send, text,
};
use crate::base::Environment;
use crate::tui::app::{Effect, Model, Msg, refusal};
use crate::tui::keymap::Action;
use crate::tui::overlay::Overlay;
use crate::tui::screen::connect;
use crate::workspace::Invitation;

const LAN: &str = "192.168.1.20";

fn found(model: &mut Model, generation: u64) -> Vec<Effect> {
    let result = Ok(vec![LAN.parse().unwrap(), "10.0.0.4".parse().unwrap()]);
    send(
        model,
        Msg::Connect(connect::Msg::LanFound { generation, result }),
    )
}

/// The question whether a phone may come back.
pub(super) fn asked() -> Model {
    let (mut model, _) = inviting(Environment::Sandbox);
    let effects = press(&mut model, Action::OverLan);
    let generation = generation(&effects).unwrap();
    assert_eq!(effects, [Effect::FindLan { generation }]);
    found(&mut model, generation);
    model
}

/// It may, and its code is shown.
pub(super) fn over_lan() -> Model {
    let mut model = asked();
    let effects = press(&mut model, Action::Yes);
    let generation = generation(&effects).unwrap();
    let address = LAN.parse().unwrap();
    assert_eq!(
        effects,
        [Effect::BeginConnectOverLan {
            generation,
            address
        }]
    );
    let callback_url = format!("http://{LAN}:8000/callback");
    let result = Ok(Invitation {
        authorize_url: ADDRESS.replace("localhost", LAN),
        callback_url,
        lan_address: Some(address),
        ..invitation()
    });
    send(
        &mut model,
        Msg::Connect(connect::Msg::Invited { generation, result }),
    );
    model
}

/// The bank takes https only.
pub(super) fn by_https() -> Model {
    let (mut model, generation) = inviting(Environment::Sandbox);
    let fingerprint: Vec<String> = (0..32).map(|byte| format!("{:02X}", byte * 7)).collect();
    let result = Ok(Invitation {
        callback_url: "https://localhost:8000/callback".into(),
        certificate: Some(fingerprint.join(":")),
        ..invitation()
    });
    send(
        &mut model,
        Msg::Connect(connect::Msg::Invited { generation, result }),
    );
    model
}

#[test]
fn it_is_asked_and_no_is_the_default() {
    let mut model = asked();
    let shown = text(&draw(&model, 100, 30));
    assert!(shown.contains(LAN), "{shown}");
    assert!(shown.contains("unencrypted"), "{shown}");
    assert_eq!(press(&mut model, Action::Submit), []);
    assert!(model.overlay.is_none());
    assert!(model.connect.counts_down(), "the login goes on");
}

#[test]
fn the_same_key_ends_it() {
    let mut model = over_lan();
    assert!(text(&draw(&model, 120, 40)).contains(LAN));
    let effects = press(&mut model, Action::OverLan);
    let generation = generation(&effects).unwrap();
    assert_eq!(effects, [Effect::BeginConnect { generation }]);
}

#[test]
fn the_demo_says_why_no_phone_can_come_back() {
    let (mut model, _) = inviting(Environment::Demo);
    let reason = refusal(&model, Action::OverLan).unwrap();
    assert!(reason.contains("on this machine only"), "{reason}");
    assert_eq!(press(&mut model, Action::OverLan), []);
}

#[test]
fn without_an_address_that_is_told_and_the_login_goes_on() {
    let (mut model, generation) = inviting(Environment::Sandbox);
    let result = Err(problem());
    send(
        &mut model,
        Msg::Connect(connect::Msg::LanFound { generation, result }),
    );
    assert!(model.overlay.is_none() && model.status.is_some());
    assert!(model.connect.counts_down());
}

#[test]
fn the_question_goes_with_its_login() {
    let mut model = asked();
    let generation = {
        assert!(matches!(model.overlay, Some(Overlay::Confirm(_))));
        model.connect.generation()
    };
    send(
        &mut model,
        Msg::Connect(connect::Msg::Redirected {
            generation,
            result: Err(problem()),
        }),
    );
    assert!(model.overlay.is_none());
}

#[test]
fn what_could_not_be_taken_back_is_told() {
    let (mut model, _) = inviting(Environment::Sandbox);
    let url = format!("http://{LAN}:8000/callback");
    send(&mut model, Msg::Connect(connect::Msg::LanLeft(url.clone())));
    assert!(text(&draw(&model, 120, 40)).contains(&url));
}
