//! The client and the simulator, which share no type, through whole flows.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use bunq_tui::base::{
    AccountId, CallbackUrlId, Clock, Endpoints, Events, OauthClientId, Secret, UserKind,
};
use bunq_tui::bunq::{
    Certificate, Client, CodeGrant, Device, Error, ErrorKind, Installation, KeyPair, OauthCode,
    OpenedSession, Role, Session, Unverified, User, authorize_url,
};
use bunq_tui::simulator::{Fault, FaultKind, Options, Simulator};
use url::Url;

const BACK: &str = "http://localhost:8000/callback";
const STATE: &str = "0123456789abcdef0123456789abcdef";

struct Bank {
    simulator: Simulator,
    client: Client,
}

async fn bank() -> Bank {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let root = Url::parse(&simulator.root()).unwrap();
    let endpoints = Endpoints::local(&root).unwrap();
    let client = Client::new(endpoints, Clock::system(), Events::default()).unwrap();
    Bank { simulator, client }
}

fn test_key() -> Secret {
    Secret::new(include_str!("fixtures/test-key.pem"))
}

async fn install(client: &Client) -> Installation {
    let key = KeyPair::from_pem(&test_key()).unwrap();
    client.install(key).await.unwrap()
}

async fn open(client: &Client, secret: &Secret) -> OpenedSession {
    let installation = install(client).await;
    let device = installation
        .register_device(client, secret, "a test", &[])
        .await
        .unwrap();
    device.open_session(client, secret).await.unwrap()
}

/// A PSD2 provider with an OAuth client.
struct Provider {
    device: Device,
    session: Session,
    client_id: String,
    secret: Secret,
    oauth: OauthClientId,
    url: CallbackUrlId,
}

async fn provider(client: &Client) -> Provider {
    let installation = install(client).await;
    let certificate = tokio::task::spawn_blocking(|| {
        Certificate::generate(
            "bunq-tui",
            &[Role::AccountInformation, Role::PaymentInitiation],
        )
    });
    let certificate = certificate.await.unwrap().unwrap();
    let credential = installation
        .create_credential(client, &certificate)
        .await
        .unwrap();
    let device = installation
        .register_device(client, &credential.token, "a test", &[])
        .await
        .unwrap();
    let opened = device
        .open_session(client, &credential.token)
        .await
        .unwrap();
    let session = opened.session;
    assert_eq!(
        opened.owner.profile().kind,
        UserKind::PaymentServiceProvider
    );
    assert_eq!(session.oauth_clients(client).await.unwrap(), []);
    let oauth = session.create_oauth_client(client).await.unwrap();
    let url = session.add_callback_url(client, oauth, BACK).await.unwrap();
    let made = session.oauth_client(client, oauth).await.unwrap();
    assert_eq!(made.callback_urls, [BACK]);
    let urls = session.callback_urls(client, oauth).await.unwrap();
    assert_eq!((urls[0].id, urls[0].url.as_str()), (Some(url), BACK));
    Provider {
        device,
        session,
        client_id: made.client_id,
        secret: made.secret,
        oauth,
        url,
    }
}

/// The next inhabitant approves; the code that comes back.
fn approve(bank: &Bank, provider: &Provider) -> Secret {
    let page = authorize_url(bank.client.endpoints(), &provider.client_id, BACK, STATE);
    let back = bank.simulator.approve(page.as_str()).unwrap();
    let back = Url::parse(&back).unwrap();
    let value = |name| back.query_pairs().find(|(n, _)| n == name).unwrap().1;
    assert_eq!(value("state"), STATE);
    Secret::new(value("code").into_owned())
}

async fn exchange(bank: &Bank, provider: &Provider, code: &Secret) -> Result<Secret, Error> {
    let grant = CodeGrant {
        client_id: &provider.client_id,
        client_secret: &provider.secret,
        redirect_uri: BACK,
        code,
        state: STATE,
    };
    bank.client.exchange(grant).await
}

async fn grant(bank: &Bank, provider: &Provider) -> OpenedSession {
    let code = approve(bank, provider);
    let token = exchange(bank, provider, &code).await.unwrap();
    let opened = provider.device.open_session(&bank.client, &token).await;
    opened.unwrap()
}

#[tokio::test]
async fn a_person_and_a_company_of_the_sandbox() {
    let bank = bank().await;
    let client = &bank.client;
    let person = client.new_sandbox_person().await.unwrap();
    let company = client.new_sandbox_company().await.unwrap();
    for (secret, kind) in [(person, UserKind::Person), (company, UserKind::Company)] {
        let opened = open(client, &secret).await;
        assert_eq!(opened.owner.profile().kind, kind);
        let session = opened.session;
        assert_eq!(Some(session.user_id), opened.owner.profile().id);
        assert!(session.expires_at > session.opened_at);
        let user = session.read_user(client).await.unwrap().value;
        assert_eq!(user.profile().name, opened.owner.profile().name);
        assert!(!user.profile().emails.is_empty());
        let accounts = session.accounts(client).await.unwrap().value;
        assert_eq!(accounts.len(), 1);
        assert_eq!(accounts[0].balance.unwrap().to_string(), "0.00 EUR");
        let again = session.account(client, accounts[0].id).await.unwrap();
        assert_eq!(again.value.iban, accounts[0].iban);
        assert!(accounts[0].iban.as_ref().unwrap().is_valid());
        let devices = session.devices(client).await.unwrap();
        assert_eq!(devices[0].description.as_str(), "a test");
        session.close(client).await.unwrap();
        let error = session.read_user(client).await.unwrap_err();
        assert!(error.is_session_dead(), "{error}");
    }
}

#[tokio::test]
async fn a_grant_from_the_authorize_page_to_the_accounts() {
    let bank = bank().await;
    let provider = provider(&bank.client).await;
    let code = approve(&bank, &provider);
    let token = exchange(&bank, &provider, &code).await.unwrap();
    let error = exchange(&bank, &provider, &code).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Oauth(OauthCode::InvalidGrant));
    let opened = provider.device.open_session(&bank.client, &token).await;
    let opened = opened.unwrap();
    let User::ApiKey { id, granted_by, .. } = &opened.owner else {
        panic!("no grant: {:?}", opened.owner)
    };
    assert_eq!(*id, opened.session.user_id);
    assert_ne!(Some(*id), granted_by.id);
    let user = opened.session.read_user(&bank.client).await.unwrap().value;
    assert_eq!(user.profile().name, granted_by.name);
    let accounts = opened.session.accounts(&bank.client).await.unwrap().value;
    assert_eq!(accounts.len(), 4);
    bank.simulator.revoke_grants();
    let error = opened.session.accounts(&bank.client).await.unwrap_err();
    assert!(error.is_session_dead(), "{error}");
    let error = provider.device.open_session(&bank.client, &token).await;
    assert!(error.unwrap_err().is_credentials_refused());
}

#[tokio::test]
async fn the_registered_address_can_be_replaced() {
    let bank = bank().await;
    let provider = provider(&bank.client).await;
    let other = "http://localhost:8001/callback";
    let session = &provider.session;
    let client = &bank.client;
    session
        .delete_callback_url(client, provider.oauth, provider.url)
        .await
        .unwrap();
    session
        .add_callback_url(client, provider.oauth, other)
        .await
        .unwrap();
    let urls = session.callback_urls(client, provider.oauth).await.unwrap();
    assert_eq!(urls.len(), 1);
    assert_eq!(urls[0].url, other);
}

#[tokio::test]
async fn every_inhabitant_can_be_read_and_many_accounts_take_two_requests() {
    let bank = bank().await;
    let provider = provider(&bank.client).await;
    let mut largest = (0, 0);
    for _ in 0..8 {
        let opened = grant(&bank, &provider).await;
        let before = bank.simulator.calls().len();
        let answer = opened.session.accounts(&bank.client).await.unwrap();
        let requests = bank.simulator.calls().len() - before;
        assert_eq!(requests, answer.raw.len());
        let mut ids: Vec<AccountId> = answer.value.iter().map(|account| account.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), answer.value.len());
        for account in &answer.value {
            assert!(
                answer
                    .raw
                    .iter()
                    .any(|page| { std::str::from_utf8(page).unwrap().contains(&account.raw) })
            );
        }
        largest = largest.max((answer.value.len(), requests));
    }
    assert_eq!(largest, (230, 2));
}

/// Every call after the installation, each one that the bank carries out.
async fn every_call(bank: &Bank, kind: FaultKind) -> Vec<Option<Error>> {
    let client = &bank.client;
    let provider = provider(client).await;
    let granted = grant(bank, &provider).await.session;
    let account = granted.accounts(client).await.unwrap().value[0].id;
    let certificate = Certificate::generate("other", &[Role::AccountInformation]).unwrap();
    let fresh = client.new_sandbox_person().await.unwrap();
    let known = client.new_sandbox_person().await.unwrap();
    let person = open(client, &known).await.session;
    let (device, session) = (&provider.device, &provider.session);
    let installation = &device.installation;
    let (oauth, url) = (provider.oauth, provider.url);
    bank.simulator.set_fault(Fault {
        endpoint: String::new(),
        nth: None,
        kind,
    });
    vec![
        installation
            .register_device(client, &fresh, "x", &[])
            .await
            .err(),
        installation
            .create_credential(client, &certificate)
            .await
            .err(),
        person.device.open_session(client, &known).await.err(),
        granted.read_user(client).await.err(),
        granted.accounts(client).await.err(),
        granted.account(client, account).await.err(),
        session.oauth_clients(client).await.err(),
        session.oauth_client(client, oauth).await.err(),
        person.create_oauth_client(client).await.err(),
        session.callback_urls(client, oauth).await.err(),
        session
            .add_callback_url(client, oauth, "http://localhost:8001/callback")
            .await
            .err(),
        session.delete_callback_url(client, oauth, url).await.err(),
        session.devices(client).await.err(),
        session.close(client).await.err(),
    ]
}

async fn forged(kind: FaultKind, reason: Unverified) {
    let bank = bank().await;
    for (number, error) in every_call(&bank, kind).await.into_iter().enumerate() {
        let error = error.unwrap_or_else(|| panic!("call {number} went through"));
        assert_eq!(error.status(), Some(200), "call {number}: {error}");
        assert_eq!(
            *error.kind(),
            ErrorKind::Unverified(reason),
            "call {number}"
        );
    }
}

#[tokio::test]
async fn a_wrong_signature_is_refused_on_every_call() {
    forged(FaultKind::WrongSignature, Unverified::Wrong).await;
}

#[tokio::test]
async fn a_missing_signature_is_refused_on_every_call() {
    forged(FaultKind::MissingSignature, Unverified::Missing).await;
}

#[tokio::test]
async fn the_signature_of_another_body_is_refused_on_every_call() {
    forged(FaultKind::OtherBodySignature, Unverified::Wrong).await;
}

#[tokio::test]
async fn the_banks_bad_days() {
    let bank = bank().await;
    let secret = bank.client.new_sandbox_person().await.unwrap();
    let session = open(&bank.client, &secret).await.session;
    for (kind, expected) in [
        (FaultKind::Html502, ErrorKind::ServerError { html: true }),
        (FaultKind::InvalidJson, ErrorKind::NotJson { html: false }),
        (FaultKind::Truncate, ErrorKind::BrokenAnswer),
        (FaultKind::Drop, ErrorKind::BrokenAnswer),
        (
            FaultKind::Status(491, String::new()),
            ErrorKind::Maintenance,
        ),
    ] {
        bank.simulator.set_fault(Fault {
            endpoint: "GET".into(),
            nth: None,
            kind: kind.clone(),
        });
        let error = session.accounts(&bank.client).await.unwrap_err();
        assert_eq!(*error.kind(), expected, "{kind:?}");
        bank.simulator.clear_faults();
    }
    bank.simulator.set_fault(Fault {
        endpoint: "GET".into(),
        nth: None,
        kind: FaultKind::MissingResponseId,
    });
    session.accounts(&bank.client).await.unwrap();
    bank.simulator.clear_faults();
    bank.simulator.expire_sessions();
    let error = session.accounts(&bank.client).await.unwrap_err();
    assert!(error.is_session_dead());
}
