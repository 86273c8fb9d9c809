//! PSD2 certificates: generated with the asked roles or one's own, kept before the credential is
//! made, and used again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bunq_tui::base::{Clock, ManualClock};
use bunq_tui::bunq::{Certificate, Role};
use bunq_tui::simulator::{Fault, FaultKind, Options, SessionTimeouts, Simulator};
use bunq_tui::store::{CertificateRow, Key, Store};
use bunq_tui::workspace::{Profile, ProviderChoice, Psd2Roles, Settings};
use common::{Bench, approving, library};

/// What the bench's store keeps.
fn kept(bench: &Bench) -> CertificateRow {
    let profile = Profile::new(bench.environment.parse().unwrap(), None).unwrap();
    let path = bench.data_dir().join(format!("{}.db", profile.name));
    let store = Store::open(&path, &Key::File(bench.key_file())).unwrap();
    store.certificate().unwrap().unwrap()
}

fn roles(row: &CertificateRow) -> Vec<Role> {
    Certificate::from_pem(&row.certificate_pem, &row.chain_pem, row.key_pem.clone())
        .unwrap()
        .roles
}

/// A certificate and its key as files, the key readable by its owner only.
fn files(bench: &Bench, name: &str) -> (PathBuf, PathBuf) {
    let made = Certificate::generate(name, &[Role::AccountInformation]).unwrap();
    let path = |end: &str| bench.directory.path().join(format!("{name}.{end}"));
    let (certificate, key) = (path("pem"), path("key"));
    fs::write(&certificate, &made.certificate_pem).unwrap();
    fs::write(&key, made.key_pem.expose()).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    (certificate, key)
}

fn own<'a>(certificate: &'a Path, key: &'a Path) -> Vec<&'a str> {
    vec![
        "setup",
        "--certificate",
        certificate.to_str().unwrap(),
        "--certificate-key",
        key.to_str().unwrap(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_says_the_asked_roles_and_another_role_is_another_provider() {
    for (asked, named) in [
        ("aisp", vec![Role::AccountInformation]),
        ("pisp", vec![Role::PaymentInitiation]),
        (
            "pisp,aisp",
            vec![Role::AccountInformation, Role::PaymentInitiation],
        ),
    ] {
        let (_simulator, bench) = approving().await;
        let set_up = bench.run(&["setup", "--psd2", "--roles", asked]);
        assert_eq!(set_up.code, 0, "{}", set_up.stderr);
        assert_eq!(roles(&kept(&bench)), named, "{asked}");
        if asked == "aisp" {
            let other = bench.run(&["setup", "--psd2", "--roles", "pisp"]);
            assert_eq!(other.code, 2, "{}", other.stderr);
            assert!(other.stderr.contains("PISP"), "{}", other.stderr);
            assert_eq!(roles(&kept(&bench)), named, "nothing was changed");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_kept_before_the_credential_and_used_again() {
    let (simulator, bench) = approving().await;
    simulator.set_fault(Fault {
        endpoint: "POST payment-service-provider-credential".into(),
        nth: None,
        kind: FaultKind::Drop,
    });
    assert_eq!(bench.run(&["setup", "--psd2"]).code, 69);
    let first = kept(&bench);
    simulator.clear_faults();
    assert_eq!(bench.run(&["setup"]).code, 0);
    assert_eq!(kept(&bench), first);
    assert_eq!(simulator.census().credentials, 2, "one of them unused");

    let anew = bench.run(&["setup", "--anew"]);
    assert_eq!(anew.code, 0, "{}", anew.stderr);
    assert_eq!(kept(&bench), first, "the same kind of provider");
    let anew = bench.run(&["setup", "--anew", "--psd2", "--roles", "aisp"]);
    assert_eq!(anew.code, 0, "{}", anew.stderr);
    assert_ne!(kept(&bench), first, "other roles need another name");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_ones_own() {
    let (_simulator, bench) = approving().await;
    let (certificate, key) = files(&bench, "mine");
    let (other, other_key) = files(&bench, "other");

    let mixed = bench.run(&own(&certificate, &other_key));
    assert_eq!(mixed.code, 2, "{}", mixed.stderr);
    assert!(!bench.data_dir().exists(), "nothing is written for it");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    let readable = bench.run(&own(&certificate, &key));
    assert_eq!(readable.code, 2);
    assert!(readable.stderr.contains("chmod 600"), "{}", readable.stderr);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let large = bench.directory.path().join("large");
    fs::write(&large, "x".repeat(300 * 1024)).unwrap();
    for bad in [
        large,
        bench.directory.path().to_owned(),
        bench.directory.path().join("none"),
    ] {
        let ran = bench.run(&own(&bad, &key));
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(bad.to_str().unwrap()), "{}", ran.stderr);
    }

    let set_up = bench.run(&own(&certificate, &key));
    assert_eq!(set_up.code, 0, "{}", set_up.stderr);
    assert!(set_up.stdout.contains("PSD2 provider"), "{}", set_up.stdout);
    let row = kept(&bench);
    let given = fs::read_to_string(&certificate).unwrap();
    assert_eq!((&row.certificate_pem, &row.chain_pem), (&given, &given));

    assert_eq!(
        bench.run(&own(&certificate, &key)).code,
        0,
        "the same again"
    );
    let another = bench.run(&own(&other, &other_key));
    assert_eq!(another.code, 2, "{}", another.stderr);
    assert_eq!(kept(&bench), row);
    assert_eq!(bench.run(&["setup", "--psd2"]).code, 2);

    let anew = bench.run(&["setup", "--anew"]);
    assert_eq!(anew.code, 0, "{}", anew.stderr);
    assert_eq!(kept(&bench), row);
    // A generated one is never taken for one's own, nor the other way round.
    assert_eq!(bench.run(&["setup", "--anew", "--psd2"]).code, 0);
    assert_ne!(kept(&bench), row);
}

/// The documents disagree: 90 days, or one hour for a provider's first session.
#[tokio::test(flavor = "multi_thread")]
async fn a_first_session_may_be_short_and_the_next_one_long() {
    let hour = Duration::from_secs(60 * 60);
    let options = Options {
        timeouts: SessionTimeouts {
            first_provider: Some(hour),
            ..SessionTimeouts::default()
        },
        ..Options::default()
    };
    let long = options.timeouts.provider;
    let simulator = Simulator::start(options).await.unwrap();
    let bench = Bench::new(&simulator.root());
    let clock = ManualClock::at(simulator.clock().now());
    simulator.clock().stand(clock.clock().now());
    let settings = Settings {
        clock: Clock::from_source(library::Standing(clock.clone())),
        ..library::settings(&bench)
    };
    let workspace = library::open(&bench, settings);
    library::set_up(&workspace, ProviderChoice::NewPsd2Provider(Psd2Roles::Both)).await;
    let opened = |simulator: &Simulator| {
        let calls = simulator.calls().into_iter();
        calls
            .filter(|call| call.path == "/v1/session-server")
            .count()
    };
    let asked_again = |by: Duration| {
        clock.advance(by);
        simulator.clock().advance(by);
        let (workspace, simulator) = (workspace.clone(), simulator.clone());
        async move {
            // It asks in the provider's session.
            workspace.connect().await.unwrap();
            opened(&simulator)
        }
    };
    assert_eq!(asked_again(hour / 2).await, 1, "within its hour");
    assert_eq!(asked_again(hour).await, 2, "its hour is over");
    assert_eq!(asked_again(long / 2).await, 2, "the second one is long");
    assert_eq!(asked_again(long).await, 3);
}
