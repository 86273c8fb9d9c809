//! A bank that says hostile things wherever it may put text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::simulator::{Simulator, Worded};
use super::strings;

/// What a program goes by and never shows: these stay, or nothing would be read at all.
const NEEDED: [&str; 11] = [
    "token",
    "server_public_key",
    "access_token",
    "state",
    "token_type",
    "client_id",
    "secret",
    "older_url",
    "newer_url",
    "future_url",
    "token_payment_service_provider_credential",
];

/// What is said where, and what was said so far.
#[derive(Clone, Default)]
pub(crate) struct Mouth(Arc<Mutex<Said>>);

#[derive(Default)]
struct Said {
    texts: Vec<String>,
    /// By how many places the texts are shifted.
    turn: usize,
    /// Every place for a text: by how much it is shifted, and which texts it had.
    places: BTreeMap<String, (usize, BTreeSet<usize>)>,
    /// What was answered to each call, in their order.
    bodies: Vec<(String, Vec<u8>)>,
    ours: String,
}

impl Mouth {
    /// Opens it; this callback URL stays among those that are listed.
    pub(crate) fn of(simulator: &Simulator, ours: &str) -> Self {
        let mouth = Self::default();
        {
            let mut said = mouth.0.lock().unwrap();
            said.texts = strings::texts();
            said.ours = ours.to_owned();
        }
        let speaking = mouth.clone();
        simulator.word_answers(move |worded| speaking.0.lock().unwrap().word(worded));
        mouth
    }

    /// How many texts there are.
    pub(crate) fn texts(&self) -> usize {
        self.0.lock().unwrap().texts.len()
    }

    /// In each place another text than in every other turn, until all were said in all.
    pub(crate) fn turn(&self, turn: usize) {
        let mut said = self.0.lock().unwrap();
        said.turn = turn;
        said.bodies.clear();
    }

    /// The places met so far, each with how many texts it had.
    pub(crate) fn places(&self) -> Vec<(String, usize)> {
        let said = self.0.lock().unwrap();
        let places = said.places.iter();
        places
            .map(|(place, (_, had))| (place.clone(), had.len()))
            .collect()
    }

    /// The last body that answered such a call.
    pub(crate) fn last_body(&self, such: impl Fn(&str) -> bool) -> Option<Vec<u8>> {
        let said = self.0.lock().unwrap();
        let found = said.bodies.iter().rev().find(|(call, _)| such(call));
        found.map(|(_, body)| body.clone())
    }
}

impl Said {
    fn word(&mut self, worded: Worded<'_>) {
        let shape = shape(worded.call);
        if shape.ends_with("/auth") {
            return;
        }
        let Ok(mut body) = serde_json::from_slice::<Value>(worded.body) else {
            return;
        };
        if shape.ends_with("/callback-url") && shape.starts_with("GET") {
            add_a_stranger(&mut body);
        }
        // A refusal has its sentence in one place, whatever it is.
        let place = match worded.status {
            200 => shape.clone(),
            _ => "refusal".to_owned(),
        };
        self.replace(&mut body, &place);
        *worded.body = serde_json::to_vec(&body).unwrap();
        // Only what can stand in a header arrives.
        let text = self.text(format!("{shape} response id"));
        *worded.response_id = Some(text);
        self.bodies
            .push((worded.call.to_owned(), worded.body.clone()));
    }

    fn text(&mut self, place: String) -> String {
        let next = self.places.len();
        let (shift, had) = self.places.entry(place).or_insert((next, BTreeSet::new()));
        let which = (self.turn + *shift) % self.texts.len();
        had.insert(which);
        self.texts[which].clone()
    }

    fn replace(&mut self, value: &mut Value, place: &str) {
        match value {
            Value::String(text) if *text != self.ours => *text = self.text(place.to_owned()),
            Value::Array(all) => {
                for one in all {
                    self.replace(one, &format!("{place}[]"));
                }
            }
            Value::Object(fields) => {
                for (name, inner) in fields.iter_mut() {
                    if !NEEDED.contains(&name.as_str()) && !makes_a_payment(place, name) {
                        self.replace(inner, &format!("{place}.{name}"));
                    }
                }
                self.rename(fields, place);
            }
            _ => {}
        }
    }

    /// A kind of account that nobody knows, by whatever name.
    fn rename(&mut self, fields: &mut serde_json::Map<String, Value>, place: &str) {
        if let Some(inner) = fields.remove("MonetaryAccountExternal") {
            let name = self.text(format!("{place} (name of an account's kind)"));
            fields.insert(format!("MonetaryAccount{name}"), inner);
        }
    }
}

/// Without its time and its amount a payment is none, and what else is said of it is not shown.
fn makes_a_payment(place: &str, name: &str) -> bool {
    (place.ends_with(".Payment") && name == "created") || place.ends_with(".Payment.amount")
}

/// Our own callback URL and one that is not.
fn add_a_stranger(body: &mut Value) {
    let Some(listed) = body.get_mut("Response").and_then(Value::as_array_mut) else {
        return;
    };
    if let Some(first) = listed.first().cloned() {
        let mut stranger = first;
        stranger["OauthCallbackUrl"]["url"] = Value::from("stranger");
        listed.push(stranger);
    }
}

/// A call without its numbers.
pub(crate) fn shape(call: &str) -> String {
    let parts = call.split('/').map(|part| match part.parse::<u64>() {
        Ok(_) => "N",
        Err(_) => part,
    });
    parts.collect::<Vec<_>>().join("/")
}
