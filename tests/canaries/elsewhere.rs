//! A call that fails on the way, or is sent elsewhere: neither its error nor anybody else learns a
//! secret.

use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bunq_tui::base::{Clock, Environment, Events, Problem, Secret};
use bunq_tui::bunq::{
    Client, CodeGrant, Device, Error, Installation, KeyPair, Session, TimeLimits,
};
use bunq_tui::simulator::{Fault, FaultKind, Options, Simulator};

use crate::scanner::Scanner;

const CODE: &str = "canary-of-a-code-0123456789abcdefghij";
const CLIENT_SECRET: &str = "canary-of-a-client-secret-9876543210zyx";
const STATE: &str = "canary-of-a-state-abcdefghijklmn";

/// A server that takes whatever is sent to it.
struct Stranger {
    root: String,
    connections: Arc<AtomicUsize>,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Stranger {
    fn listen() -> Self {
        use std::io::Read as _;
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let stranger = Self {
            root: format!("http://{}", listener.local_addr().unwrap()),
            connections: Arc::default(),
            heard: Arc::default(),
        };
        let (connections, heard) = (stranger.connections.clone(), stranger.heard.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                connections.fetch_add(1, Ordering::SeqCst);
                let mut stream = stream.unwrap();
                stream
                    .set_read_timeout(Some(Duration::from_secs(1)))
                    .unwrap();
                let mut buffer = [0; 65_536];
                while let Ok(count @ 1..) = stream.read(&mut buffer) {
                    heard.lock().unwrap().extend_from_slice(&buffer[..count]);
                }
            }
        });
        stranger
    }
}

/// A person at the bank, with everything that is secret about them.
struct Person {
    client: Client,
    installation: Installation,
    device: Device,
    session: Session,
    api_key: Secret,
}

fn client(root: &str, limits: TimeLimits, events: &Events) -> Client {
    let environment: Environment = root.parse().unwrap();
    let endpoints = environment.endpoints().unwrap();
    let client = Client::new(endpoints, Clock::system(), events.clone()).unwrap();
    client.with_time_limits(limits)
}

impl Person {
    async fn at(simulator: &Simulator, limits: TimeLimits, events: &Events) -> Self {
        let client = client(&simulator.root(), limits, events);
        let api_key = client.new_sandbox_person().await.unwrap();
        let installation = client.install(KeyPair::generate().unwrap()).await.unwrap();
        let device = installation.register_device(&client, &api_key, "canaries", &[]);
        let device = device.await.unwrap();
        let session = device
            .open_session(&client, &api_key)
            .await
            .unwrap()
            .session;
        Self {
            client,
            installation,
            device,
            session,
            api_key,
        }
    }

    fn scanner(&self) -> Scanner {
        let mut scanner = Scanner::default();
        for (kind, secret) in [
            ("API key", self.api_key.expose()),
            ("installation token", self.installation.token.expose()),
            ("session token", self.session.token.expose()),
            ("code", CODE),
            ("client secret", CLIENT_SECRET),
            ("state", STATE),
        ] {
            scanner.plant(kind, secret.as_bytes());
        }
        scanner
    }

    /// The errors of one call of each kind that carries a secret, made by this client.
    async fn errors(&self, client: &Client) -> Vec<Error> {
        let secret = Secret::new(CLIENT_SECRET);
        let code = Secret::new(CODE);
        let grant = CodeGrant {
            client_id: "client",
            client_secret: &secret,
            redirect_uri: "http://localhost:1/callback",
            code: &code,
            state: STATE,
        };
        let device = self
            .installation
            .register_device(client, &self.api_key, "x", &[]);
        vec![
            client.exchange(grant).await.unwrap_err(),
            device.await.unwrap_err(),
            self.device
                .open_session(client, &self.api_key)
                .await
                .unwrap_err(),
            self.session.read_user(client).await.unwrap_err(),
            self.session.close(client).await.unwrap_err(),
        ]
    }
}

/// All that an error may say.
fn said(error: &Error) -> String {
    let mut text = format!("{error:?} {error:#?} {error}");
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text.push_str(&format!("{inner:?} {inner}"));
        source = inner.source();
    }
    let problem = Problem::from(error.clone());
    text + &format!("{problem:?} {problem}")
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_follows_a_redirect_and_no_error_tells() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let quick = TimeLimits {
        connect: Duration::from_secs(2),
        read: Duration::from_millis(300),
        total: Duration::from_millis(300),
        backoff: Duration::from_millis(1),
        ..TimeLimits::default()
    };
    let events = Events::default();
    let person = Person::at(&simulator, TimeLimits::default(), &events).await;
    let scanner = person.scanner();
    let stranger = Stranger::listen();
    let mut errors = Vec::new();
    for status in [301, 302, 303, 307, 308] {
        let location = format!(
            "{}/v1/token?code={CODE}&token={}",
            stranger.root,
            person.session.token.expose()
        );
        let kind = FaultKind::Redirect { status, location };
        simulator.set_fault(Fault {
            endpoint: String::new(),
            nth: None,
            kind,
        });
        errors.extend(person.errors(&person.client).await);
        simulator.clear_faults();
    }
    let late = client(&simulator.root(), quick, &events);
    let kind = FaultKind::Delay(Duration::from_secs(5));
    simulator.set_fault(Fault {
        endpoint: String::new(),
        nth: None,
        kind,
    });
    errors.extend(person.errors(&late).await);
    simulator.clear_faults();
    let closed = {
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        format!("http://{}", free.local_addr().unwrap())
    };
    let nowhere = client(&closed, quick, &events);
    errors.extend(person.errors(&nowhere).await);
    assert_eq!(errors.len(), 7 * 5);
    for error in &errors {
        let found = scanner.find(said(error).as_bytes());
        assert!(found.is_empty(), "{found:?} in {error:?}");
    }
    assert_eq!(stranger.connections.load(Ordering::SeqCst), 0);
    assert!(stranger.heard.lock().unwrap().is_empty());
    println!(
        "{} errors, none of which tells; 0 connections elsewhere",
        errors.len()
    );
}

/// `Debug` of everything public that holds a secret.
#[tokio::test(flavor = "multi_thread")]
async fn debug_shows_no_secret() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let events = Events::default();
    let person = Person::at(&simulator, TimeLimits::default(), &events).await;
    person.session.read_user(&person.client).await.unwrap();
    let mut scanner = person.scanner();
    let key = person.installation.key.to_pem().unwrap();
    let key = crate::machine::private_part(key.expose());
    scanner.plant("private key", &key);
    let secret = Secret::new(CLIENT_SECRET);
    let code = Secret::new(CODE);
    let grant = CodeGrant {
        client_id: "client",
        client_secret: &secret,
        redirect_uri: "http://localhost:1/callback",
        code: &code,
        state: "none",
    };
    let mut shown = vec![
        format!("{:#?}", person.client),
        format!("{:#?}", person.installation),
        format!("{:#?}", person.device),
        format!("{:#?}", person.session),
        format!("{:#?}", person.installation.key),
        format!("{grant:#?} {secret:?}"),
        format!(
            "{:?}",
            bunq_tui::workspace::ProviderChoice::ApiKey(person.api_key.clone())
        ),
        format!(
            "{:?}",
            bunq_tui::workspace::StoreKey::Passphrase(secret.clone())
        ),
        format!("{:?}", bunq_tui::store::Key::Passphrase(secret.clone())),
        format!("{events:#?}"),
    ];
    let mut told = 0;
    for id in 1..=10 {
        if let Some(transcript) = events.transcript(bunq_tui::base::RequestId(id)) {
            shown.push(format!("{transcript:#?} {:#?}", transcript.asked));
            // What the Log screen shows of it.
            for side in [Some(&transcript.asked), transcript.answered.as_ref()]
                .into_iter()
                .flatten()
            {
                shown.extend(
                    side.headers
                        .iter()
                        .map(|(name, value)| format!("{name}: {}", value.expose())),
                );
                if let bunq_tui::base::Body::Json { text, .. } = &side.body {
                    shown.push(text.expose().to_owned());
                    told += text.expose().len();
                }
            }
        }
    }
    assert!(told > 1_000, "{told}");
    for text in &shown {
        let found = scanner.find(text.as_bytes());
        assert!(found.is_empty(), "{found:?} in {text}");
    }
}

/// What keeping them costs: time a call, and memory.
#[tokio::test(flavor = "multi_thread")]
async fn transcripts_cost_little() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let events = Events::default();
    let person = Person::at(&simulator, TimeLimits::default(), &events).await;
    let began = std::time::Instant::now();
    const CALLS: u32 = 300;
    for _ in 0..CALLS {
        person.session.accounts(&person.client).await.unwrap();
    }
    let one = began.elapsed() / CALLS;
    println!("{one:?} a call, its transcript among it");
    assert!(one < Duration::from_millis(250), "{one:?} a call");
    let last = events.next_id().0 - 1;
    let kept = (1..=last).filter(|id| events.transcript(bunq_tui::base::RequestId(*id)).is_some());
    assert_eq!(kept.count(), 200);
    events.forget();
    assert!(events.transcript(bunq_tui::base::RequestId(last)).is_none());
}
