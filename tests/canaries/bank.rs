//! The bank, which writes down every secret that it hands out.

use std::sync::{Arc, Mutex};

use bunq_tui::base::{Clock, Environment, Events, Secret};
use bunq_tui::bunq::Client;
use bunq_tui::simulator::{Options, Simulator, Worded};
use bunq_tui::store::{Key, Store};
use serde_json::Value;

use crate::machine::{Machine, private_part};
use crate::scanner::Scanner;

/// Characters that JSON, addresses and shells write differently.
pub(crate) const PASSPHRASE: &str = "corr\"ect horse\\battery % staple & canary+é";
pub(crate) const WRONG: &str = "wr0ng \"passphrase\" of a canary & more";
/// What is in the key file.
pub(crate) const KEY_FILE: &str =
    "871bf3b6ef03eb787c91ab744e72835946b2c2f17a036b3c7796362e197abaaa";

type Told = Arc<Mutex<Vec<(&'static str, String)>>>;

pub(crate) struct Bank {
    pub(crate) simulator: Simulator,
    told: Told,
}

impl Bank {
    pub(crate) async fn start() -> Self {
        let simulator = Simulator::start(Options::default()).await.unwrap();
        let told = Told::default();
        let telling = Arc::clone(&told);
        simulator.word_answers(move |worded| {
            let Worded { call, body, .. } = worded;
            let Ok(body) = serde_json::from_slice(body) else {
                return;
            };
            walk(&body, "", call, &mut telling.lock().unwrap());
        });
        Self { simulator, told }
    }

    /// A person's key, as the bank's app would give it.
    pub(crate) async fn api_key(&self) -> String {
        let environment: Environment = self.simulator.root().parse().unwrap();
        let endpoints = environment.endpoints().unwrap();
        let client = Client::new(endpoints, Clock::system(), Events::default()).unwrap();
        client
            .new_sandbox_person()
            .await
            .unwrap()
            .expose()
            .to_owned()
    }

    /// Approves, and answers the redirect.
    pub(crate) fn approve(&self, address: &str) -> String {
        let back = self.simulator.approve(address).unwrap();
        let mut told = self.told.lock().unwrap();
        for (name, value) in url::Url::parse(&back).unwrap().query_pairs() {
            match &*name {
                "code" => told.push(("code", value.into_owned())),
                "state" => told.push(("state", value.into_owned())),
                _ => {}
            }
        }
        back
    }

    /// The last one of a kind.
    pub(crate) fn last(&self, kind: &str) -> String {
        let told = self.told.lock().unwrap();
        let found = told.iter().rev().find(|(one, _)| *one == kind);
        found.unwrap().1.clone()
    }

    /// Everything that was handed out, chosen or made.
    pub(crate) fn scanner(&self, machine: &Machine) -> Scanner {
        let mut scanner = Scanner::default();
        for (kind, secret) in self.told.lock().unwrap().iter() {
            scanner.plant(kind, secret.as_bytes());
            if *kind == "IBAN" {
                let groups: Vec<_> = secret.as_bytes().chunks(4).collect();
                scanner.plant(kind, &groups.join(&b' '));
            }
        }
        scanner.plant("passphrase", PASSPHRASE.as_bytes());
        scanner.plant("wrong passphrase", WRONG.as_bytes());
        scanner.plant("key file", KEY_FILE.as_bytes());
        scanner.plant("key file", &hex::decode(KEY_FILE).unwrap());
        for path in machine.stores() {
            let key_file = Key::File(machine.at("inputs/key"));
            let passphrase = Key::Passphrase(Secret::new(PASSPHRASE));
            let store = Store::open(&path, &key_file).or_else(|_| Store::open(&path, &passphrase));
            let store = store.unwrap();
            let installation = store.installation().unwrap().unwrap();
            let key = private_part(installation.private_key_pem.expose());
            scanner.plant("private key", &key);
            if let Some(certificate) = store.certificate().unwrap() {
                let key = private_part(certificate.key_pem.expose());
                scanner.plant("certificate's key", &key);
            }
            // What is stored was handed out: otherwise the writing down missed some.
            let stored = [
                ("installation token", installation.token.unwrap()),
                (
                    "client secret",
                    store.oauth_client().unwrap().unwrap().secret,
                ),
            ];
            let sessions = store.sessions().unwrap();
            let sessions = sessions.into_iter().map(|row| ("session token", row.token));
            for (kind, secret) in stored.into_iter().chain(sessions) {
                let told = self.told.lock().unwrap();
                assert!(told.contains(&(kind, secret.expose().to_owned())), "{kind}");
            }
        }
        scanner
    }
}

/// Takes every secret, name and IBAN out of an answer.
fn walk(value: &Value, name: &str, call: &str, told: &mut Vec<(&'static str, String)>) {
    match value {
        Value::String(text) => {
            let kind = match name {
                "token" if call.ends_with("installation") => "installation token",
                "token" => "session token",
                "token_value" => "credential's token",
                "access_token" => "access token",
                "secret" => "client secret",
                "api_key" => "API key",
                "display_name" | "legal_name" if text.len() >= 8 => "name",
                _ => return,
            };
            told.push((kind, text.clone()));
        }
        Value::Array(all) => all.iter().for_each(|one| walk(one, name, call, told)),
        Value::Object(fields) => {
            if fields.get("type").and_then(Value::as_str) == Some("IBAN")
                && let Some(iban) = fields.get("value").and_then(Value::as_str)
            {
                told.push(("IBAN", iban.to_owned()));
            }
            for (name, inner) in fields {
                walk(inner, name, call, told);
            }
        }
        _ => {}
    }
}
