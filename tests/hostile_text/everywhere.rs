//! Every text in every place, through the library to everything that it prints.

use bunq_tui::base::{Problem, RequestEvent, UserNumber};
use bunq_tui::simulator::{Fault, FaultKind, Simulator};
use bunq_tui::workspace::{Connecting, ProviderChoice, Psd2Roles, Workspace, export};
use tokio::sync::broadcast::Receiver;

use crate::bank::Mouth;
use crate::common::{approving, library};
use crate::sweep::faults;

/// What may stand between the quotes of a JSON text beyond that: half of a surrogate pair, bytes
/// that are no UTF-8.
const NO_TEXTS: [&[u8]; 8] = [
    b"\\ud800",
    b"\\udfff\\ud800",
    b"a\\ud83d\\u0041",
    b"\xff",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\xf8\x88\x80\x80\x80",
    b"\x9b31m",
];

/// Refusals whose sentences are shown, each without a wait before it.
const REFUSALS: [FaultKind; 6] = [
    FaultKind::Item404,
    FaultKind::Signature400,
    FaultKind::Unsigned466,
    FaultKind::UserError490,
    FaultKind::Authorisation403,
    FaultKind::Method405,
];

/// Everything that is printed, and how much it was.
#[derive(Default)]
struct Outputs {
    count: usize,
    characters: usize,
    wrong: Vec<String>,
}

impl Outputs {
    fn look(&mut self, whence: &str, text: &str) {
        self.count += 1;
        self.characters += text.chars().count();
        let found = faults(text);
        if !found.is_empty() {
            self.wrong.push(format!("{whence}: {found:?} in {text:?}"));
        }
    }

    fn take<T>(&mut self, whence: &str, result: Result<T, Problem>) -> Option<T> {
        result
            .map_err(|problem| self.look(whence, &problem.to_string()))
            .ok()
    }

    fn csv(&mut self, whence: &str, text: &str) {
        self.look(whence, text);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for row in reader.records() {
            for cell in &row.unwrap() {
                let begins = cell
                    .trim_start()
                    .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
                let amount = cell.parse::<rust_decimal::Decimal>().is_ok();
                if begins && !amount {
                    self.wrong.push(format!("{whence}: a formula in {cell:?}"));
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_in_every_place_comes_out_clean() {
    let (simulator, bench) = approving().await;
    let settings = library::settings(&bench);
    let mut told = settings.events.listen();
    let workspace = library::open(&bench, settings);
    library::set_up(&workspace, ProviderChoice::NewPsd2Provider(Psd2Roles::Both)).await;
    library::link(&workspace, &simulator).await;
    let mouth = Mouth::of(&simulator, &bench.callback_url);
    let mut outputs = Outputs::default();
    for turn in 0..mouth.texts() {
        mouth.turn(turn);
        read_everything(&workspace, &mut outputs).await;
        let connecting = workspace.connect().await.unwrap();
        for stranger in &connecting.invitation().strangers {
            outputs.look("stranger", stranger.as_str());
        }
        let address = &connecting.invitation().authorize_url;
        outputs.look("authorize address", address);
        let kind = REFUSALS[turn % REFUSALS.len()].clone();
        refused(&simulator, "GET user", kind);
        outputs.take("refusal", workspace.read_profile(UserNumber(1)).await);
        simulator.clear_faults();
        // A code that is refused with whatever error, and now and then one that is not.
        refused(&simulator, "POST token", FaultKind::TokenError("x".into()));
        exchange(connecting, &simulator, &mut outputs).await;
        simulator.clear_faults();
        if turn % 8 == 0 {
            let connecting = workspace.connect().await.unwrap();
            exchange(connecting, &simulator, &mut outputs).await;
        }
        paths(&mut told, &mut outputs);
    }
    let places = mouth.places();
    let pairs: usize = places.iter().map(|(_, had)| had).sum();
    let whole = places.iter().filter(|(_, had)| *had == mouth.texts());
    let whole = whole.count();
    println!(
        "{} texts, {} places, {whole} of them with every text, {pairs} pairs; {} outputs with {} \
         characters: {} violations",
        mouth.texts(),
        places.len(),
        outputs.count,
        outputs.characters,
        outputs.wrong.len()
    );
    assert!(outputs.wrong.is_empty(), "{:#?}", outputs.wrong);
    // Some are only in the answer to a login that succeeded, which not every turn has, or in a
    // refusal that is not the turn's.
    let seldom = [
        "POST /v1/session-server",
        "refusal.Error[].error_additional",
    ];
    for (place, had) in &places {
        let seldom = seldom.iter().any(|begin| place.starts_with(begin));
        assert!(seldom || *had == mouth.texts(), "{place}: {had}");
    }
    assert!(whole >= 75, "{whole}");
}

/// Follows a login to its end.
async fn exchange(connecting: Connecting, simulator: &Simulator, outputs: &mut Outputs) {
    let back = simulator.approve(&connecting.invitation().authorize_url);
    connecting.paster().paste(&back.unwrap()).unwrap();
    let granted = connecting.redirected().await.unwrap();
    if let Some(connected) = outputs.take("exchange", granted.exchange().await) {
        outputs.look("connected", connected.name.as_str());
    }
}

fn refused(simulator: &Simulator, endpoint: &str, kind: FaultKind) {
    simulator.set_fault(Fault {
        endpoint: endpoint.into(),
        nth: None,
        kind,
    });
}

async fn read_everything(workspace: &Workspace, outputs: &mut Outputs) {
    for user in [UserNumber::PROVIDER, UserNumber(1)] {
        if let Some(profile) = outputs.take("profile", workspace.read_profile(user).await) {
            let profile = profile.value;
            outputs.look("profile table", &export::profile_table(&profile));
            outputs.look("profile json", &export::profile_json(&profile).unwrap());
        }
        let stored = outputs.take("stored profile", workspace.stored_profile(user));
        if let Some(profile) = stored.flatten() {
            outputs.look("stored profile", &export::profile_table(&profile));
        }
    }
    let one = UserNumber(1);
    let read = outputs.take("accounts", workspace.read_accounts(one).await);
    let stored = outputs.take("stored accounts", workspace.stored_accounts(one));
    let all = [read.map(|read| read.value), stored.flatten()];
    for accounts in all.into_iter().flatten() {
        assert!(!accounts.rows.is_empty());
        outputs.look("accounts table", &export::accounts_table(&accounts));
        outputs.look("accounts json", &export::accounts_json(&accounts).unwrap());
        outputs.csv("accounts csv", &export::accounts_csv(&accounts).unwrap());
        for field in accounts.rows.iter().flat_map(|row| &row.details) {
            outputs.look("account details", &field.value);
        }
    }
    let users = workspace.users().unwrap();
    outputs.look("users table", &export::users_table(&users));
    outputs.look("users json", &export::users_json(&users).unwrap());
    outputs.csv("users csv", &export::users_csv(&users).unwrap());
    let provider = workspace.provider().unwrap().unwrap();
    for text in [provider.name, provider.email, provider.phone]
        .into_iter()
        .flatten()
    {
        outputs.look("provider", text.as_str());
    }
    let checks = workspace.examine().await;
    outputs.look("doctor table", &export::checks_table(&checks));
    outputs.look("doctor json", &export::checks_json(&checks).unwrap());
}

/// What the log file and the Log screen are made of.
fn paths(told: &mut Receiver<RequestEvent>, outputs: &mut Outputs) {
    while let Ok(event) = told.try_recv() {
        if let RequestEvent::Began { path, .. } = event {
            outputs.look("path of a request", &path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_text_at_all_is_refused_in_clean_words() {
    let (simulator, bench) = approving().await;
    let workspace = library::open(&bench, library::settings(&bench));
    library::set_up(&workspace, ProviderChoice::NewPerson).await;
    library::link(&workspace, &simulator).await;
    let mut outputs = Outputs::default();
    for bad in NO_TEXTS {
        for call in ["/monetary-account", "/user"] {
            simulator.word_answers(move |worded| {
                if worded.call.ends_with(call) || worded.call.contains("/user/") && call == "/user"
                {
                    let body = String::from_utf8(worded.body.clone()).unwrap();
                    let (before, after) = body.split_once("\"status\":\"").unwrap();
                    let before = [before.as_bytes(), b"\"status\":\""].concat();
                    *worded.body = [&before, bad, after.as_bytes()].concat();
                }
            });
            let one = UserNumber(1);
            let accounts = workspace.read_accounts(one).await;
            outputs.take("accounts", accounts.map(|read| read.value));
            let profile = workspace.read_profile(UserNumber::PROVIDER).await;
            outputs.take("profile", profile.map(|read| read.value));
        }
    }
    println!("{} refusals", outputs.count);
    assert!(outputs.count >= NO_TEXTS.len(), "{}", outputs.count);
    assert!(outputs.wrong.is_empty(), "{:#?}", outputs.wrong);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_page_is_asked_for_by_a_clean_address() {
    let (simulator, bench) = approving().await;
    let settings = library::settings(&bench);
    let mut told = settings.events.listen();
    let workspace = library::open(&bench, settings);
    library::set_up(&workspace, ProviderChoice::NewPerson).await;
    library::link(&workspace, &simulator).await;
    let mut outputs = Outputs::default();
    for text in crate::strings::texts() {
        let pages = std::sync::atomic::AtomicUsize::new(0);
        let said = text.clone();
        simulator.word_answers(move |worded| {
            let first = pages.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
            if worded.call.ends_with("/monetary-account") && first {
                let mut body: serde_json::Value = serde_json::from_slice(worded.body).unwrap();
                let path = worded.call.trim_start_matches("GET ");
                body["Pagination"]["older_url"] = format!("{path}/{said}?older_id={said}").into();
                *worded.body = serde_json::to_vec(&body).unwrap();
            }
        });
        outputs.take("accounts", workspace.read_accounts(UserNumber(1)).await);
        paths(&mut told, &mut outputs);
    }
    assert!(outputs.wrong.is_empty(), "{:#?}", outputs.wrong);
}
