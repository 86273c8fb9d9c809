//! A bank of a few lines: answers what a test tells it to, over real HTTP on loopback, and keeps
//! what it was asked. It signs with another library than the client checks with.

use std::sync::{Arc, Mutex, OnceLock};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bunq_tui::base::{Endpoints, Events, InstallationId, ManualClock, Secret, SessionId, UserId};
use bunq_tui::bunq::{Certificate, Client, Device, Installation, KeyPair, ServerKey, Session};
use jiff::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// A file of `tests/fixtures`.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn fixture_text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap()
}

pub(crate) fn key_pair(name: &str) -> RsaKeyPair {
    let pem = fixture_text(name);
    let base64: String = pem.lines().filter(|line| !line.starts_with("--")).collect();
    RsaKeyPair::from_pkcs8(&STANDARD.decode(base64).unwrap()).unwrap()
}

pub(crate) fn sign_with(key: &RsaKeyPair, body: &[u8]) -> String {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        body,
        &mut signature,
    )
    .unwrap();
    STANDARD.encode(signature)
}

/// As the bank signs.
pub(crate) fn sign(body: &[u8]) -> String {
    static KEY: OnceLock<RsaKeyPair> = OnceLock::new();
    sign_with(KEY.get_or_init(|| key_pair("test-bank-key.pem")), body)
}

/// What the bank was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(n, _)| n == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} twice");
        value
    }
}

/// What the bank answers.
#[derive(Clone, Debug)]
pub(crate) enum Says {
    /// A whole answer.
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// These bytes, then the end.
    Bytes(Vec<u8>),
    /// Nothing, and the connection stays open.
    Nothing,
}

impl Says {
    pub(crate) fn unsigned(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer {
            status,
            headers: vec![("Content-Type".into(), "application/json".into())],
            body: body.into(),
        }
    }

    pub(crate) fn signed(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let signature = sign(&body);
        Self::unsigned(status, body).with("X-Bunq-Server-Signature", &signature)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name.into(), value.into()));
        }
        self
    }

    fn bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Nothing => None,
            Self::Bytes(bytes) => Some(bytes),
            Self::Answer {
                status,
                headers,
                body,
            } => {
                let mut head = format!(
                    "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n",
                    body.len()
                );
                for (name, value) in headers {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
                head.push_str("\r\n");
                Some([head.into_bytes(), body].concat())
            }
        }
    }
}

pub(crate) struct Bank {
    pub(crate) endpoints: Endpoints,
    pub(crate) events: Events,
    pub(crate) client: Client,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Bank {
    pub(crate) async fn start(says: impl Fn(&Asked) -> Says + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let says = Arc::new(says);
        let log = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, says.clone(), log.clone()));
            }
        });
        let root = Url::parse(&format!("http://{address}")).unwrap();
        let endpoints = Endpoints::local(&root).unwrap();
        let events = Events::default();
        let client = Client::new(
            endpoints.clone(),
            ManualClock::at(Timestamp::UNIX_EPOCH).clock(),
            events.clone(),
        )
        .unwrap();
        Self {
            endpoints,
            events,
            client,
            asked,
        }
    }

    /// Always the same answer.
    pub(crate) async fn saying(says: Says) -> Self {
        Self::start(move |_| says.clone()).await
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    says: Arc<impl Fn(&Asked) -> Says>,
    log: Arc<Mutex<Vec<Asked>>>,
) {
    let Some(asked) = read(&mut stream).await else {
        return;
    };
    let answer = says(&asked).bytes();
    log.lock().unwrap().push(asked);
    match answer {
        Some(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        // Until the client gives up.
        None => drop(stream.read(&mut [0; 16]).await),
    }
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).ok()?;
    let mut lines = text.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().unwrap());
    while bytes.len() < head + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(Asked {
        method: first.next()?.into(),
        target: first.next()?.into(),
        headers,
        body: bytes[head + 4..].to_vec(),
    })
}

pub(crate) fn our_key() -> KeyPair {
    KeyPair::from_pem(&Secret::new(fixture_text("test-key.pem"))).unwrap()
}

pub(crate) fn installation() -> Installation {
    let bank = KeyPair::from_pem(&Secret::new(fixture_text("test-bank-key.pem"))).unwrap();
    Installation {
        id: InstallationId(1001),
        token: Secret::new("installation-token"),
        key: our_key(),
        server_key: ServerKey::from_pem(&bank.public_pem().unwrap()).unwrap(),
    }
}

pub(crate) fn device() -> Device {
    Device {
        id: None,
        installation: installation(),
    }
}

/// A session as if it came from the store; of the grant in the fixtures.
pub(crate) fn session() -> Session {
    Session {
        id: SessionId(8001),
        token: Secret::new("session-token"),
        user_id: UserId(4001),
        opened_at: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::UNIX_EPOCH,
        clock_offset: jiff::SignedDuration::ZERO,
        device: device(),
    }
}

pub(crate) fn certificate() -> Certificate {
    Certificate {
        certificate_pem: "a certificate".into(),
        chain_pem: "a chain".into(),
        key_pem: Secret::new(fixture_text("test-key.pem")),
        roles: Vec::new(),
    }
}

/// The documented body of the call that is asked for.
pub(crate) fn documented(asked: &Asked) -> Vec<u8> {
    let path = asked.path().strip_prefix("/v1/").unwrap();
    let path = path.strip_prefix("user/4001/").unwrap_or(path);
    let name = match (asked.method.as_str(), path) {
        ("POST", "installation") => "installation",
        ("POST", "sandbox-user-person") => "sandbox-user-person",
        ("POST", "sandbox-user-company") => "sandbox-user-company",
        ("POST", "payment-service-provider-credential") => "payment-service-provider-credential",
        ("POST", "device-server") => "device-server",
        ("GET", "device-server") => "device-server.list",
        ("POST", "session-server") => "session-server.user-api-key",
        ("DELETE", "session/0") => "session.delete",
        ("GET", "user") => "user.user-api-key",
        ("GET", "monetary-account") if asked.target.contains("older_id") => {
            "monetary-account.list.last-page"
        }
        ("GET", "monetary-account") => "monetary-account.list.first-page",
        ("GET", "monetary-account/9001") => "monetary-account.bank",
        ("GET", "oauth-client") => "oauth-client.list",
        ("GET", "oauth-client/789") => "oauth-client",
        ("POST", "oauth-client") => "oauth-client.create",
        ("GET", "oauth-client/789/callback-url") => "callback-url.list",
        ("POST", "oauth-client/789/callback-url") => "callback-url.create",
        ("DELETE", "oauth-client/789/callback-url/790") => "callback-url.delete",
        ("POST", "token") => "token",
        other => panic!("{other:?}"),
    };
    fixture(&format!("{name}.json"))
}
