//! Every hostile text in every place where the bank may put one, through the real workspace and
//! update to the frames of every screen: no cell steers, hides or turns anything.

#[path = "../../../tests/hostile_text/bank.rs"]
mod bank;
#[path = "../../../tests/hostile_text/strings.rs"]
mod strings;
#[path = "../../../tests/hostile_text/sweep.rs"]
mod sweep;

use std::sync::Arc;
use std::time::Duration;

use ratatui::buffer::Buffer;
use tokio::sync::mpsc;

use self::bank::Mouth;
use super::fixtures::{
    draw, generation, inviting, listed, model, opened, press, read, running, send, type_text,
};
use crate::base::{Environment, JsonTree, Problem, UserNumber};
use crate::simulator::{self, Fault, FaultKind, Options, Simulator};
use crate::tui::Start;
use crate::tui::app::{Model, Msg, Screen};
use crate::tui::keymap::Action;
use crate::tui::overlay::copy::Part;
use crate::tui::screen::{connect, doctor, payments, setup, users};
use crate::tui::widget::text::width;
use crate::workspace::{
    Accounts, Back, Check, Invitation, PaymentFilter, PaymentList, PaymentQuery, PaymentSummary,
    Provider, ProviderChoice, Psd2Roles, RawOf, RefreshProgress, Settings, Stage, UserProfile,
    UserSummary, Workspace,
};

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (40, 12)];

/// What the bank said in one turn.
struct Heard {
    accounts: Accounts,
    all: Arc<users::AllAccounts>,
    profile: UserProfile,
    payments: PaymentList,
    payment: PaymentSummary,
    users: Vec<UserSummary>,
    provider: Provider,
    checks: Vec<Check>,
    invitation: Invitation,
    problem: Problem,
    trees: Vec<Arc<JsonTree>>,
}

async fn set_up(simulator: &Simulator, directory: &std::path::Path) -> Workspace {
    let settings = Settings::new(directory.to_owned());
    let workspace = Workspace::demo(&simulator.root(), settings).unwrap();
    let (progress, nobody) = mpsc::channel(1);
    drop(nobody);
    let choice = ProviderChoice::NewPsd2Provider(Psd2Roles::Both);
    workspace.setup(Some(choice), progress).await.unwrap();
    let connecting = workspace.connect().await.unwrap();
    let address = &connecting.invitation().authorize_url;
    let back = simulator.approve(address).unwrap();
    connecting.paster().paste(&back).unwrap();
    let granted = connecting.redirected().await.unwrap();
    granted.exchange().await.unwrap();
    workspace
}

async fn hear(workspace: &Workspace, simulator: &Simulator) -> Heard {
    let user = UserNumber(1);
    let connecting = workspace.connect().await.unwrap();
    let accounts = workspace.read_accounts(user).await.unwrap().value;
    let profile = workspace.read_profile(user).await.unwrap().value;
    // One with few payments.
    let account = accounts.rows[2].id;
    // Read anew in each turn, though they are stored.
    let (back, every) = ((Back::Count(1), true), PaymentFilter::default());
    let newest = workspace.read_payments(user, account, back, &every);
    let payment = newest.await.unwrap().value.rows.remove(0);
    let query = PaymentQuery::default();
    let payments = workspace.list_payments(user, account, &query).unwrap();
    let payments = payments.unwrap();
    let mut all = users::Collector::default();
    workspace
        .all_stored_accounts(|account| all.push(&account))
        .unwrap();
    let checks = workspace.examine().await;
    simulator.set_fault(Fault {
        endpoint: "GET user".into(),
        nth: None,
        kind: FaultKind::Item404,
    });
    let problem = workspace.read_profile(user).await.unwrap_err();
    simulator.clear_faults();
    // The stored one was made before the bank turned hostile.
    let provider = Provider {
        name: Some(profile.name.clone()),
        email: accounts.rows.first().map(|row| row.description.clone()),
        phone: accounts.rows.last().map(|row| row.status.clone()),
        ..workspace.provider().unwrap().unwrap()
    };
    let mut bodies = vec![RawOf::User(user)];
    bodies.extend(accounts.rows.iter().map(|row| RawOf::Account(user, row.id)));
    let trees = bodies
        .into_iter()
        .filter_map(|of| workspace.raw(of).unwrap());
    Heard {
        trees: trees.map(Arc::new).collect(),
        accounts,
        all: Arc::new(all.finish()),
        profile,
        payments,
        payment,
        users: workspace.users().unwrap(),
        provider,
        checks,
        invitation: connecting.invitation().clone(),
        problem,
    }
}

/// Every screen that shows any of it.
fn screens(heard: &Heard) -> Vec<(&'static str, Model)> {
    let mut all = users_screens(heard);
    all.extend(other_screens(heard));
    all.extend(payments_screens(heard));
    all
}

fn users_screens(heard: &Heard) -> Vec<(&'static str, Model)> {
    let (mut full, reading) = listed();
    full.data.list(heard.users.clone());
    read(&mut full, reading, Ok(heard.accounts.clone()));
    let mut account = full.clone();
    account.users.focus = users::Focus::Accounts;
    account.users.about = users::About::Account;
    let mut profile = full.clone();
    let effects = press(&mut profile, Action::Enter);
    let entered = generation(&effects).unwrap_or_default();
    send(
        &mut profile,
        Msg::Users(users::Msg::ProfileRead {
            generation: entered,
            user: UserNumber(1),
            result: Ok(heard.profile.clone()),
        }),
    );
    let mut forget = full.clone();
    press(&mut forget, Action::Forget);
    let (mut failed, reading) = listed();
    read(&mut failed, reading, Err(heard.problem.clone()));
    let all = all_accounts(full.clone(), heard);
    let mut refreshing = full.clone();
    let effects = press(&mut refreshing, Action::Refresh);
    let progress = Box::new(RefreshProgress {
        total: 3,
        fresh: 1,
        failed: 1,
        user: heard.users.first().cloned(),
        problem: Some(heard.problem.clone()),
        elapsed: Duration::from_secs(3),
        to_go: None,
    });
    send(
        &mut refreshing,
        Msg::Users(users::Msg::Refreshing {
            generation: generation(&effects).unwrap_or_default(),
            progress,
        }),
    );
    let mut copying = account.clone();
    press(&mut copying, Action::CopyMenu);
    let mut alone = copying.clone();
    press(&mut alone, Action::CopyPart(Part::Json));
    press(&mut alone, Action::ShowAlone);
    let mut screens = json_screens(heard, &account);
    screens.extend([
        ("copy", copying),
        ("copy alone", alone),
        ("users", full),
        ("account", account),
        ("profile", profile),
        ("forget", forget),
        ("failed", failed),
        ("refreshing", refreshing),
        ("all", all),
    ]);
    screens
}

/// Every body as a tree: from its top, and at each of its texts that was cleaned.
fn json_screens(heard: &Heard, under: &Model) -> Vec<(&'static str, Model)> {
    let mut screens = Vec::new();
    for tree in &heard.trees {
        let mut model = under.clone();
        let effects = press(&mut model, Action::RawJson);
        let msg = Msg::JsonRecalled {
            generation: generation(&effects).unwrap_or_default(),
            result: Ok(Some(Arc::clone(tree))),
        };
        send(&mut model, msg);
        screens.push(("json", model.clone()));
        press(&mut model, Action::UnfoldAll);
        press(&mut model, Action::Search);
        super::fixtures::type_text(&mut model, "\u{fffd}");
        screens.push(("json", model));
    }
    screens
}

fn payments_screens(heard: &Heard) -> Vec<(&'static str, Model)> {
    let mut table = super::payments::with(&heard.payments);
    table.payments.cursor.at = 0;
    let mut full = table.clone();
    let effects = press(&mut full, Action::Enter);
    send(
        &mut full,
        Msg::Payments(payments::Msg::Recalled {
            generation: generation(&effects).unwrap_or_default(),
            result: Ok(Some(Box::new(heard.payment.clone()))),
        }),
    );
    vec![("payments", table), ("payment", full)]
}

/// The table of all accounts, with a filter that finds every row, so that all of it is marked.
fn all_accounts(mut all: Model, heard: &Heard) -> Model {
    let effects = press(&mut all, Action::AllAccounts);
    let result = Ok(Arc::clone(&heard.all));
    let generation_of_all = generation(&effects).unwrap_or_default();
    send(
        &mut all,
        Msg::Users(users::Msg::AllAccountsRecalled {
            generation: generation_of_all,
            result,
        }),
    );
    press(&mut all, Action::Filter);
    type_text(&mut all, "1 !nowhere");
    all
}

fn other_screens(heard: &Heard) -> Vec<(&'static str, Model)> {
    let (mut invited, inviting) = inviting(Environment::Sandbox);
    send(
        &mut invited,
        Msg::Connect(connect::Msg::Invited {
            generation: inviting,
            result: Ok(heard.invitation.clone()),
        }),
    );
    let mut uninvited = super::fixtures::starting(Environment::Sandbox);
    send(
        &mut uninvited.0,
        Msg::Connect(connect::Msg::Invited {
            generation: uninvited.1,
            result: Err(heard.problem.clone()),
        }),
    );
    let (mut setup_failed, running) = running();
    send(
        &mut setup_failed,
        Msg::Setup(setup::Msg::Finished {
            generation: running,
            result: Err(heard.problem.clone()),
        }),
    );
    let mut known = opened(Environment::Sandbox, Stage::Ready, heard.users.clone());
    known.provider = Some(heard.provider.clone());
    let start = super::fixtures::profile(Environment::Sandbox);
    let (mut set_up, _) = super::fixtures::open(&start, known);
    press(&mut set_up, Action::Go(Screen::Setup));
    let mut examined = model(&Start::First);
    let effects = press(&mut examined, Action::Go(Screen::Doctor));
    send(
        &mut examined,
        Msg::Doctor(doctor::Msg::Examined {
            generation: generation(&effects).unwrap_or_default(),
            checks: heard.checks.clone(),
        }),
    );
    let mut screens = vec![
        ("invited", invited),
        ("uninvited", uninvited.0),
        ("setup failed", setup_failed),
        ("set up", set_up),
    ];
    // Each check in full.
    for _ in 0..heard.checks.len() {
        screens.push(("doctor", examined.clone()));
        press(&mut examined, Action::Down);
    }
    screens
}

/// What is wrong with a frame's cells; every frame that any test draws is held against it.
pub(super) fn faults(buffer: &Buffer) -> Vec<String> {
    let mut found = Vec::new();
    for cell in &buffer.content {
        let symbol = cell.symbol();
        if symbol.is_ascii() && !symbol.bytes().any(|byte| byte.is_ascii_control()) {
            continue;
        }
        found.extend(sweep::faults(symbol));
        if symbol.contains('\n') || width(symbol) == 0 {
            found.push(format!("a cell of {symbol:?}"));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn no_frame_holds_anything_of_it() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let workspace = set_up(&simulator, directory.path()).await;
    let ours = workspace.provider().unwrap().unwrap().callback_url;
    let mouth = Mouth::of(&simulator, &ours);
    let (mut frames, mut cells) = (0, 0);
    let mut marked = std::collections::BTreeSet::new();
    for turn in 0..mouth.texts() {
        mouth.turn(turn);
        let heard = hear(&workspace, &simulator).await;
        for (place, (name, model)) in screens(&heard).into_iter().enumerate() {
            // Each screen at each size in its turn.
            let (columns, rows) = SIZES[(turn + place) % SIZES.len()];
            let frame = draw(&model, columns, rows);
            if frame.content.iter().any(|cell| cell.symbol() == "\u{fffd}") {
                marked.insert(name);
            }
            frames += 1;
            cells += frame.content.len();
        }
    }
    assert!(
        mouth
            .last_body(|call| call.ends_with("/monetary-account"))
            .is_some()
    );
    println!(
        "{} texts in {} places, {frames} frames with {cells} cells: 0 violations; {marked:?} show \
         what was taken out",
        mouth.texts(),
        mouth.places().len()
    );
    // Something of it was there to be seen.
    for name in [
        "users",
        "account",
        "profile",
        "failed",
        "doctor",
        "uninvited",
        "set up",
        "json",
        "copy",
        "payments",
        "payment",
    ] {
        assert!(marked.contains(name), "{name} shows nothing: {marked:?}");
    }
}
