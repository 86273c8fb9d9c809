//! Hostile texts where nothing goes on without what they replace: in the setup, and in what the
//! browser brings back.

use bunq_tui::base::Problem;
use bunq_tui::simulator::{Options, Simulator};
use bunq_tui::workspace::{ProviderChoice, Psd2Roles, Settings, Workspace};
use serde_json::Value;
use tokio::sync::mpsc;
use url::form_urlencoded;

use crate::common::{Bench, approving, library};
use crate::strings::texts;
use crate::sweep::faults;

/// The calls of a setup, and so many texts in each.
const CALLS: [&str; 6] = [
    "/installation",
    "/payment-service-provider-credential",
    "/device-server",
    "/session-server",
    "/oauth-client",
    "/callback-url",
];
const EACH: usize = 12;

fn look(wrong: &mut Vec<String>, problem: &Problem) {
    let found = faults(&problem.to_string());
    if !found.is_empty() {
        wrong.push(format!("{found:?} in {problem:?}"));
    }
}

fn replace(value: &mut Value, by: &str) {
    match value {
        Value::String(text) => by.clone_into(text),
        Value::Array(all) => all.iter_mut().for_each(|one| replace(one, by)),
        Value::Object(fields) => fields.values_mut().for_each(|one| replace(one, by)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setup_ends_in_clean_words_whatever_the_bank_says() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let texts = texts();
    let (mut wrong, mut refused, mut setups) = (Vec::new(), 0, 0);
    for (place, call) in CALLS.into_iter().enumerate() {
        let step = texts.len() / EACH;
        for text in texts.iter().skip(place).step_by(step) {
            let said = text.clone();
            simulator.word_answers(move |worded| {
                let body = serde_json::from_slice::<Value>(worded.body).ok();
                if let Some(mut body) = body.filter(|_| worded.call.ends_with(call)) {
                    replace(&mut body, &said);
                    *worded.body = serde_json::to_vec(&body).unwrap();
                }
            });
            let place = tempfile::tempdir().unwrap();
            let settings = Settings::new(place.path().to_owned());
            let workspace = Workspace::demo(&simulator.root(), settings).unwrap();
            let (progress, mut told) = mpsc::channel(64);
            let choice = ProviderChoice::NewPsd2Provider(Psd2Roles::Both);
            if let Err(problem) = workspace.setup(Some(choice), progress).await {
                look(&mut wrong, &problem);
                refused += 1;
            }
            while let Some(change) = told.recv().await {
                if let bunq_tui::workspace::StepState::Failed(problem) = change.state {
                    look(&mut wrong, &problem);
                }
            }
            setups += 1;
        }
    }
    println!(
        "{setups} setups, {refused} refused: {} violations",
        wrong.len()
    );
    assert!(refused > setups / 3, "{refused} of {setups}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_browser_brings_back_is_told_in_our_words() {
    let (_simulator, bench) = approving().await;
    let workspace = library::open(&bench, library::settings(&bench));
    library::set_up(&workspace, ProviderChoice::NewPerson).await;
    let (mut wrong, mut pasted) = (Vec::new(), 0);
    for text in texts().into_iter().step_by(3) {
        let connecting = workspace.connect().await.unwrap();
        let paster = connecting.paster();
        for stray in [
            text.clone(),
            format!("http://evil.example/{text}?state={text}"),
        ] {
            look(&mut wrong, &paster.paste(&stray).unwrap_err());
        }
        paster
            .paste(&back(&bench, &connecting.invitation().authorize_url, &text))
            .unwrap();
        let refused = connecting.redirected().await.err();
        look(&mut wrong, &refused.unwrap());
        pasted += 3;
    }
    println!("{pasted} pasted answers: {} violations", wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The bank's refusal, with whatever error.
fn back(bench: &Bench, authorize: &str, error: &str) -> String {
    let (_, state) = authorize.rsplit_once("state=").unwrap();
    // Of a sensible length, as a browser takes it.
    let error: String = error.chars().take(200).collect();
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("error", &error);
    query.append_pair("error_description", &error);
    format!("{}?{}&state={state}", bench.callback_url, query.finish())
}
