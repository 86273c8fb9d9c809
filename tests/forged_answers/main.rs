//! Answers that are not the bank's, or not to this call: none of them is shown, none is kept.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

#[path = "../fault_matrix/bank.rs"]
mod bank;
#[path = "../common/mod.rs"]
mod common;
mod forgeries;
#[path = "../common/proxy.rs"]
mod proxy;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use bunq_tui::base::{AccountId, Clock, Endpoints, Events, Problem, UserNumber};
use bunq_tui::bunq::{Client, Device, Installation, KeyPair, ServerKey, Session};
use bunq_tui::simulator::{FaultKind, Options, Simulator};
use bunq_tui::workspace::Workspace;

use bank::{Bank, From, PATIENT, setup};
use forgeries::{Forgery, bodies, signatures, swapped};
use proxy::{Answer, Proxy};

/// What the issue asks for.
const FEWEST: usize = 200;

/// The calls whose answers are forged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Call {
    User,
    Accounts,
    Account,
    Session,
    OauthClients,
}

const CALLS: [Call; 5] = [
    Call::User,
    Call::Accounts,
    Call::Account,
    Call::Session,
    Call::OauthClients,
];

impl Call {
    /// Whether this is such a call: method and path.
    fn is(self, call: &str) -> bool {
        let last = call.rsplit('/').next().unwrap_or_default();
        match self {
            Self::User => call == "GET /v1/user",
            Self::Accounts => call.starts_with("GET") && last == "monetary-account",
            Self::Account => call.starts_with("GET") && call.contains("/monetary-account/"),
            Self::Session => call == "POST /v1/session-server",
            Self::OauthClients => call.starts_with("GET") && last == "oauth-client",
        }
    }

    /// As a fault of the simulator names it.
    fn endpoint(self) -> &'static str {
        match self {
            Self::User => "GET user$",
            Self::Accounts => "GET user/{}/monetary-account$",
            Self::Account => "GET user/{}/monetary-account/{}$",
            Self::Session => "POST session-server$",
            Self::OauthClients => "GET user/{}/oauth-client$",
        }
    }
}

struct Scene {
    bank: Bank,
    proxy: Proxy,
    directory: PathBuf,
    workspace: Workspace,
    client: Client,
    account: AccountId,
    user: UserNumber,
}

impl Scene {
    async fn set() -> Self {
        let simulator = Simulator::start(Options::default()).await.unwrap();
        let proxy = Proxy::before(&simulator.root()).await;
        let bank = Bank::behind(simulator, proxy.root.clone());
        let directory = bank.prepare(From::Ready).await;
        let workspace = bank.open(&directory, PATIENT);
        // Another user, whose answers can be repeated, and the first one's figures.
        bank.connect(&workspace).await.unwrap();
        let user = UserNumber(1);
        let read = workspace.read_accounts(user).await.unwrap().value;
        workspace.read_profile(user).await.unwrap();
        let endpoints = Endpoints::local(&proxy.root).unwrap();
        let client = Client::new(endpoints, Clock::system(), Events::default()).unwrap();
        Self {
            account: read.rows[0].id,
            bank,
            proxy,
            directory,
            workspace,
            client,
            user,
        }
    }

    /// The stored session of the user.
    fn session(&self) -> Session {
        let store = self.bank.store(&self.directory);
        let row = store.session(self.user).unwrap().unwrap();
        let made = store.installation().unwrap().unwrap();
        let installation = Installation {
            id: made.id.unwrap(),
            token: made.token.unwrap(),
            key: KeyPair::from_pem(&made.private_key_pem).unwrap(),
            server_key: ServerKey::from_pem(&made.server_public_key.unwrap()).unwrap(),
        };
        Session {
            id: row.id,
            token: row.token,
            user_id: row.user_id,
            opened_at: row.opened_at,
            expires_at: row.expires_at,
            clock_offset: row.clock_offset,
            device: Device {
                id: None,
                installation,
            },
        }
    }

    /// Does what makes the call.
    async fn make(&self, call: Call) -> Result<(), Problem> {
        match call {
            Call::User => self.workspace.read_profile(self.user).await.map(drop),
            Call::Accounts => self.workspace.read_accounts(self.user).await.map(drop),
            Call::Account => {
                let session = self.session();
                let read = session.account(&self.client, self.account).await;
                read.map(drop).map_err(Problem::from)
            }
            Call::Session => {
                self.bank.simulator.expire_sessions();
                self.workspace.read_accounts(self.user).await.map(drop)
            }
            Call::OauthClients => setup(&self.workspace, None).await,
        }
    }

    /// The genuine answer to the call, which is made for it.
    async fn genuine(&self, call: Call) -> Answer {
        let seen: Arc<Mutex<Option<Answer>>> = Arc::default();
        let keep = Arc::clone(&seen);
        self.proxy.change(move |made, answer| {
            if call.is(made) {
                *keep.lock().unwrap() = Some(answer.clone());
            }
        });
        self.make(call).await.unwrap();
        self.proxy.honest();
        seen.lock().unwrap().take().unwrap()
    }

    /// Everything in the store that an answer could have changed.
    fn stored(&self) -> String {
        let store = self.bank.store(&self.directory);
        let tokens: Vec<_> = store.sessions().unwrap();
        let tokens: Vec<_> = tokens
            .iter()
            .map(|row| (row.owner, row.user_id, row.token.expose()))
            .collect();
        format!(
            "{tokens:?} {:?} {:?} {:?} {:?}",
            store.users().unwrap(),
            store.accounts(self.user).unwrap(),
            store.oauth_client().unwrap(),
            store.provider().unwrap(),
        )
    }

    /// The call with each of these answers.
    async fn pass_off(&self, call: Call, forged: Vec<Forgery>, before: &str) {
        for (what, answer) in forged {
            self.proxy.change(move |made, sent| {
                if call.is(made) {
                    sent.clone_from(&answer);
                }
            });
            self.refused(call, &what, before).await;
        }
        self.proxy.honest();
    }

    /// The call with this forgery: it must fail, and leave no trace.
    async fn refused(&self, call: Call, what: &str, before: &str) {
        let result = self.make(call).await;
        let problem = result.expect_err(&format!("{call:?}, {what}: accepted"));
        assert!(!problem.next.is_empty(), "{call:?}, {what}: {problem:?}");
        assert_eq!(self.stored(), before, "{call:?}, {what}: kept");
    }
}

/// One of our accounts is a list of our accounts: bunq signs the body alone, and nothing in it
/// says what was asked.
fn cannot_be_told(call: Call, what: &str) -> bool {
    call == Call::Accounts && what == "Account, repeated"
}

/// What the simulator does for itself: with a key of its own, and as somebody else.
fn faults(call: Call) -> Vec<FaultKind> {
    let mut faults = vec![
        FaultKind::ChangedKey,
        FaultKind::OtherBodySignature,
        FaultKind::UndecodableSignature,
        FaultKind::WrongSignature,
        FaultKind::DuplicateSignature,
    ];
    // Nobody else has an OAuth client here.
    if call != Call::OauthClients {
        faults.push(FaultKind::Replay);
    }
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn no_forged_answer_is_shown_or_kept() {
    let scene = Scene::set().await;
    let mut genuine = Vec::new();
    for call in CALLS {
        genuine.push((call, scene.genuine(call).await));
    }
    let mut tried = BTreeSet::new();
    for (call, right) in &genuine {
        let others: Vec<_> = genuine
            .iter()
            .filter(|(other, _)| other != call)
            .cloned()
            .collect();
        let mut forged = bodies(right);
        forged.extend(signatures(right));
        let swapped = swapped(right, &others).into_iter();
        forged.extend(swapped.filter(|(what, _)| !cannot_be_told(*call, what)));
        for (_, answer) in &forged {
            assert_ne!(answer, right, "{call:?}: not forged");
            tried.insert((*call, format!("{answer:?}")));
        }
        // In a session that lives, so that a forgery is all that differs.
        scene.make(*call).await.unwrap();
        let before = scene.stored();
        scene.pass_off(*call, forged, &before).await;
        for kind in faults(*call) {
            tried.insert((*call, kind.name().to_owned()));
            scene.bank.fault(call.endpoint(), None, kind.clone());
            scene.refused(*call, kind.name(), &before).await;
            scene.bank.simulator.clear_faults();
        }
        scene.make(*call).await.unwrap();
        println!("{call:?}: {} so far", tried.len());
    }
    assert!(tried.len() >= FEWEST, "only {}", tried.len());
    println!("{} forged answers, 0 shown or kept", tried.len());
}

/// The second page of somebody else's accounts does not come among ours.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_somebody_else_is_refused() {
    let scene = Scene::set().await;
    let many = loop {
        let user = scene.bank.connect(&scene.workspace).await.unwrap();
        let read = scene.workspace.read_accounts(user).await.unwrap();
        if read.raw.len() > 1 {
            break user;
        }
    };
    let before = scene.workspace.stored_accounts(many).unwrap().unwrap();
    let endpoint = Call::Accounts.endpoint();
    scene.bank.fault(endpoint, Some(2), FaultKind::Replay);
    let problem = scene.workspace.read_accounts(many).await.unwrap_err();
    assert!(problem.what.contains("another user"), "{problem:?}");
    let after = scene.workspace.stored_accounts(many).unwrap().unwrap();
    assert_eq!(after.as_of, before.as_of);
    assert_eq!(after.rows.len(), before.rows.len());
    scene.bank.simulator.clear_faults();
    scene.workspace.read_accounts(many).await.unwrap();
}
