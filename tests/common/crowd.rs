//! A profile with many users, made without a login for each.

// Not every binary that has this module needs it.
#![allow(dead_code)]

use std::path::PathBuf;

use bunq_tui::base::{BankText, Clock, Environment, Events, Secret, UserKind};
use bunq_tui::bunq::{Client, Device, Installation, KeyPair, ServerKey, User};
use bunq_tui::simulator::Simulator;
use bunq_tui::store::{Key, NewSession, NewUser, Store};
use bunq_tui::workspace::{ProviderChoice, Psd2Roles};
use jiff::Timestamp;

use super::Bench;
use super::library::{open, set_up, settings};

/// A profile with so many users, each with an open session.
pub(crate) async fn connect_many(simulator: &Simulator, bench: &Bench, count: usize) {
    let workspace = open(bench, settings(bench));
    set_up(&workspace, ProviderChoice::NewPsd2Provider(Psd2Roles::Both)).await;
    drop(workspace);
    let store = Store::open(&store_path(bench), &Key::File(bench.key_file())).unwrap();
    let client_id = store.oauth_client().unwrap().unwrap().client_id;
    let environment: Environment = bench.environment.parse().unwrap();
    let endpoints = environment.endpoints().unwrap();
    let client = Client::new(endpoints, Clock::system(), Events::default()).unwrap();
    let row = store.installation().unwrap().unwrap();
    let device = Device {
        id: None,
        installation: Installation {
            id: row.id.unwrap(),
            token: row.token.unwrap(),
            key: KeyPair::from_pem(&row.private_key_pem).unwrap(),
            server_key: ServerKey::from_pem(&row.server_public_key.unwrap()).unwrap(),
        },
    };
    for token in simulator.grant(&client_id, count) {
        let access_token = Secret::new(token);
        let opened = device.open_session(&client, &access_token).await.unwrap();
        let User::ApiKey { id, granted_by, .. } = opened.owner else {
            panic!("an access token opens the session of a UserApiKey");
        };
        let user = NewUser {
            kind: UserKind::Person,
            name: BankText::new(granted_by.name.as_str()),
            granting_user_id: granted_by.id,
            api_key_id: id,
            access_token,
            connected_at: Timestamp::now(),
            profile_raw: None,
            profile_as_of: None,
        };
        let session = NewSession {
            id: opened.session.id,
            token: opened.session.token,
            user_id: opened.session.user_id,
            opened_at: opened.session.opened_at,
            expires_at: opened.session.expires_at,
            clock_offset: opened.session.clock_offset,
        };
        store.save_grant(&user, &session, &[]).unwrap();
    }
}

fn store_path(bench: &Bench) -> PathBuf {
    let files = bench.data_dir().read_dir().unwrap();
    let mut paths = files.map(|file| file.unwrap().path());
    paths
        .find(|path| path.extension().is_some_and(|end| end == "db"))
        .unwrap()
}
