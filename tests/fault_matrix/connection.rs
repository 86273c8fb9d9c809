//! No connection, or one that leads nowhere: names, TLS, and the real limits on time.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bunq_tui::base::{Clock, Endpoints, Events, Exit, Problem, Secret, UserNumber};
use bunq_tui::bunq::{Certificate, Client, Error, ErrorKind, KeyPair, Role, Unreachable};
use bunq_tui::simulator::FaultKind;
use bunq_tui::workspace::TimeLimits;
use url::Url;

use crate::bank::{Bank, From, PATIENT};

fn key() -> KeyPair {
    KeyPair::from_pem(&Secret::new(include_str!("../fixtures/test-key.pem"))).unwrap()
}

/// A client of a bank at this root.
fn client(root: &str, limits: TimeLimits) -> Client {
    let url = |path: &str| Url::parse(&format!("{root}{path}")).unwrap();
    let endpoints = Endpoints {
        api: url("/v1/"),
        authorize: url("/auth"),
        token: url("/v1/token"),
    };
    let client = Client::new(endpoints, Clock::system(), Events::default()).unwrap();
    client.with_time_limits(limits)
}

/// A server that does this with each connection, and where it listens.
fn server(serve: impl Fn(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            serve(stream.unwrap());
        }
    });
    port
}

async fn failure(root: &str) -> Error {
    let error = client(root, PATIENT).install(key()).await.unwrap_err();
    let problem = Problem::from(error.clone());
    assert_eq!(problem.exit, Exit::Unavailable, "{problem:?}");
    assert!(!problem.next.is_empty() && !problem.what.is_empty());
    assert!(!format!("{problem:?}").contains("127.0.0.1"), "{problem:?}");
    error
}

fn drain(stream: &mut TcpStream) {
    let _ = stream.set_read_timeout(Some(Duration::from_millis(100)));
    let _ = stream.read(&mut [0; 4096]);
}

#[tokio::test]
async fn no_trusted_connection() {
    let garbage = server(|mut stream| {
        drain(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let cut_off = server(|mut stream| drain(&mut stream));
    let own = own_certificate();
    let unknown = server(move |mut stream| {
        let mut tls = rustls::ServerConnection::new(Arc::clone(&own)).unwrap();
        let _ = tls.complete_io(&mut stream);
    });
    for (name, port) in [
        ("garbage", garbage),
        ("cut off", cut_off),
        ("unknown CA", unknown),
    ] {
        // The second is no loopback address, so that the client is built as for the bank itself.
        for host in ["localhost", "0.0.0.0"] {
            let error = failure(&format!("https://{host}:{port}")).await;
            assert_eq!(*error.kind(), ErrorKind::Tls, "{name} at {host}: {error}");
            assert!(error.hint().contains("certificates"), "{name}");
        }
    }
}

/// What a server shows whose certificate nobody vouches for.
fn own_certificate() -> Arc<rustls::ServerConfig> {
    let made = Certificate::generate("localhost", &[Role::AccountInformation]).unwrap();
    let pem = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with("-----"));
        let base64: String = lines.collect();
        base64::Engine::decode(&base64::prelude::BASE64_STANDARD, base64).unwrap()
    };
    let chain = vec![pem(&made.certificate_pem).into()];
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(pem(made.key_pem.expose()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = provider.key_provider.load_private_key(key.into()).unwrap();
    // As it is: the server itself would not look at one of so old a version.
    let shown = rustls::sign::CertifiedKey::new(chain, key);
    let shown = rustls::sign::SingleCertAndKey::from(shown);
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(shown));
    Arc::new(config)
}

#[tokio::test]
async fn nobody_there() {
    let error = failure("https://bank.invalid").await;
    assert_eq!(*error.kind(), ErrorKind::Unreachable(Unreachable::Dns));
    assert!(error.hint().contains("resolves names"));
    let free = crate::common::free_port();
    let error = failure(&format!("http://127.0.0.1:{free}")).await;
    assert_eq!(*error.kind(), ErrorKind::Unreachable(Unreachable::Refused));
    assert!(error.hint().contains("runs at this address"));
}

/// The one test with the limits that people have.
#[tokio::test(flavor = "multi_thread")]
async fn the_real_limits_end_a_call_that_stalls() {
    let limit = Duration::from_secs(35);
    let silent = server(|stream| {
        // Kept open, and nothing said.
        std::mem::forget(stream);
    });
    let silent = client(&format!("http://127.0.0.1:{silent}"), TimeLimits::default());
    let bank = Bank::start().await;
    let directory = bank.prepare(From::Ready).await;
    let workspace = bank.open(&directory, TimeLimits::default());
    bank.fault("GET user/{}/monetary-account$", None, FaultKind::Stall);
    let began = Instant::now();
    let (silent, stalled) = tokio::join!(
        async { Problem::from(silent.install(key()).await.unwrap_err()) },
        async { workspace.read_accounts(UserNumber(1)).await.unwrap_err() },
    );
    let took = began.elapsed();
    assert!(took < limit, "{took:?}");
    assert!(took > Duration::from_secs(14), "{took:?}: other limits");
    for problem in [silent, stalled] {
        assert_eq!(problem.exit, Exit::Unavailable);
        assert_eq!(problem.what, "The bank did not answer in time");
        assert!(problem.next.contains("Check the network"), "{problem:?}");
    }
}
