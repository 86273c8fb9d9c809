//! A bank that takes no callback URL by http, and a phone on the network: what is registered, who
//! is listened to, and that all is taken back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use std::net::IpAddr;
use std::time::{Duration, Instant};

use bunq_tui::base::Exit;
use bunq_tui::simulator::{Fault, FaultKind, Options, Simulator};
use bunq_tui::workspace::{Connecting, ProviderChoice, Psd2Roles, Settings, Workspace};
use common::{Bench, library};
use url::Url;

/// In place of an address on a network: nothing of a test leaves this machine.
const LAN: &str = "127.0.0.2";

struct Stand {
    simulator: Simulator,
    bench: Bench,
    workspace: Workspace,
}

async fn stand(options: Options) -> Stand {
    stand_with(options, |settings| settings).await
}

async fn stand_with(options: Options, change: impl FnOnce(Settings) -> Settings) -> Stand {
    let simulator = Simulator::start(options).await.unwrap();
    let bench = Bench::new(&simulator.root());
    let settings = Settings {
        lan_address: Some(LAN.parse().unwrap()),
        ..library::settings(&bench)
    };
    let workspace = library::open(&bench, change(settings));
    let choice = ProviderChoice::NewPsd2Provider(Psd2Roles::Both);
    library::set_up(&workspace, choice).await;
    Stand {
        simulator,
        bench,
        workspace,
    }
}

fn https() -> Options {
    Options {
        https_callbacks: true,
        ..Options::default()
    }
}

/// A browser whose user has said yes to the certificate.
fn browser() -> reqwest::Client {
    reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .no_proxy()
        .build()
        .unwrap()
}

/// The local addresses, as `/proc/net` writes them, on which this port is listened to.
fn listening(port: u16) -> Vec<String> {
    let wanted = format!(":{port:04X}");
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| std::fs::read_to_string(table).ok())
        .flat_map(|table| {
            let rows = table
                .lines()
                .map(|line| line.split_whitespace().collect::<Vec<_>>());
            rows.filter(|fields| fields.get(3) == Some(&"0A") && fields[1].ends_with(&wanted))
                .map(|fields| fields[1].to_owned())
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Figure of the issue: two seconds after its end nothing listens.
async fn is_closed(port: u16) {
    let began = Instant::now();
    while !listening(port).is_empty() {
        assert!(began.elapsed() < Duration::from_secs(2) + Duration::from_millis(500));
        tokio::task::yield_now().await;
    }
}

fn callback_port(connecting: &Connecting) -> u16 {
    Url::parse(&connecting.invitation().callback_url)
        .unwrap()
        .port()
        .unwrap()
}

/// Approves and follows the redirect to its page, as a browser would.
async fn approve(stand: &Stand, connecting: &Connecting) -> String {
    let address = &connecting.invitation().authorize_url;
    let back = stand.simulator.approve(address).unwrap();
    assert!(back.starts_with(&connecting.invitation().callback_url));
    back
}

async fn visit(address: &str) {
    let page = browser().get(address).send().await.unwrap();
    assert!(page.status().is_success(), "{}", page.status());
    assert_eq!(page.url().path(), "/done");
    assert_eq!(page.url().query(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_http_is_refused_the_listener_speaks_tls() {
    let stand = stand(https()).await;
    let registered = stand.workspace.provider().unwrap().unwrap().callback_url;
    assert_eq!(
        registered,
        stand.bench.callback_url.replace("http:", "https:")
    );
    assert_eq!(stand.simulator.census().callback_urls, 1);
    let connecting = stand.workspace.connect().await.unwrap();
    let invitation = connecting.invitation();
    assert_eq!(invitation.callback_url, registered);
    let fingerprint = invitation.certificate.clone().unwrap();
    assert_eq!(fingerprint.split(':').count(), 32);
    let port = callback_port(&connecting);
    let back = approve(&stand, &connecting).await;
    let waiting = tokio::spawn(connecting.redirected());

    // Plain http learns nothing and ends nothing, and so does who does not trust the certificate.
    let plain = back.replace("https:", "http:");
    let answer = browser().get(&plain).send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.unwrap().contains("takes https"));
    let careful = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(careful.get(&back).send().await.is_err());
    let wrong = format!("{registered}?code=x&state=wrong");
    assert_eq!(browser().get(&wrong).send().await.unwrap().status(), 400);
    assert!(!waiting.is_finished());

    visit(&back).await;
    let granted = waiting.await.unwrap().unwrap();
    assert_eq!(granted.exchange().await.unwrap().number.0, 1);
    is_closed(port).await;

    // Another port is by https as well, and the one before is taken back.
    let port = common::free_port();
    stand.workspace.change_port(port).await.unwrap();
    assert_eq!(stand.simulator.census().callback_urls, 1);
    let registered = stand.workspace.provider().unwrap().unwrap().callback_url;
    assert_eq!(registered, format!("https://localhost:{port}/callback"));
}

#[tokio::test(flavor = "multi_thread")]
async fn https_may_be_asked_for() {
    let stand = stand_with(Options::default(), |settings| Settings {
        callback_url: settings.callback_url.map(|mut url| {
            url.set_scheme("https").unwrap();
            url
        }),
        ..settings
    })
    .await;
    let connecting = stand.workspace.connect().await.unwrap();
    assert!(
        connecting
            .invitation()
            .callback_url
            .starts_with("https://localhost:")
    );
    let back = approve(&stand, &connecting).await;
    let waiting = tokio::spawn(connecting.redirected());
    visit(&back).await;
    waiting.await.unwrap().unwrap().exchange().await.unwrap();
}

/// A login over the network, invited.
async fn over_lan(stand: &Stand) -> Connecting {
    let found = stand.workspace.lan_addresses().unwrap();
    assert_eq!(found, [LAN.parse::<IpAddr>().unwrap()]);
    let connecting = stand.workspace.connect_over_lan(found[0]).await.unwrap();
    let invitation = connecting.invitation();
    assert_eq!(invitation.lan_address, Some(found[0]));
    assert!(invitation.callback_url.contains(&format!("//{LAN}:")));
    assert_eq!(invitation.strangers, []);
    assert_eq!(stand.simulator.census().callback_urls, 2);
    assert!(stand.workspace.lan_url_left().unwrap().is_some());
    connecting
}

fn is_taken_back(stand: &Stand) {
    assert_eq!(stand.simulator.census().callback_urls, 1);
    assert_eq!(stand.workspace.lan_url_left().unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_on_the_network_comes_back_and_all_is_taken_back() {
    for (options, scheme) in [(Options::default(), "http"), (https(), "https")] {
        let stand = stand(options).await;
        let connecting = over_lan(&stand).await;
        let callback_url = connecting.invitation().callback_url.clone();
        assert!(callback_url.starts_with(&format!("{scheme}://")));
        let port = callback_port(&connecting);
        let back = approve(&stand, &connecting).await;
        let waiting = tokio::spawn(connecting.redirected());
        // Loopback and that one address, and nothing else.
        for address in listening(port) {
            let known = address.starts_with("0100007F:")
                || address.starts_with("0200007F:")
                || address.starts_with("00000000000000000000000001000000:");
            assert!(known, "{address}");
        }
        // The host of the callback URL is the one that is new; no other is.
        for host in ["evil.example", "127.0.0.3", "192.168.1.20"] {
            let answer = browser()
                .get(&back)
                .header("Host", format!("{host}:{port}"))
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 400, "{host}");
        }
        let from_a_page = browser().get(&back).header("Origin", "http://x").send();
        assert_eq!(from_a_page.await.unwrap().status(), 400);
        assert!(!waiting.is_finished());

        visit(&back).await;
        let granted = waiting.await.unwrap().unwrap();
        assert_eq!(
            stand.simulator.census().callback_urls,
            2,
            "until the exchange"
        );
        granted.exchange().await.unwrap();
        is_taken_back(&stand);
        is_closed(port).await;
        // The next login is on this machine alone.
        let next = stand.workspace.connect().await.unwrap();
        assert!(next.invitation().callback_url.contains("//localhost:"));
        assert!(
            listening(port)
                .iter()
                .all(|address| !address.starts_with("0200007F"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn declining_and_silence_take_it_back_too() {
    let stand = stand_with(Options::default(), |settings| Settings {
        connect_timeout: Duration::from_millis(300),
        ..settings
    })
    .await;
    let connecting = over_lan(&stand).await;
    let port = callback_port(&connecting);
    let address = connecting.invitation().authorize_url.clone();
    let back = stand.simulator.deny(&address).unwrap();
    // Pasted without the scheme, as some browsers copy it.
    connecting
        .paster()
        .paste(back.trim_start_matches("http://"))
        .unwrap();
    let Err(problem) = connecting.redirected().await else {
        panic!("declined")
    };
    assert_eq!(problem.exit, Exit::Refused);
    is_taken_back(&stand);
    is_closed(port).await;

    let Err(problem) = over_lan(&stand).await.redirected().await else {
        panic!("nobody answered")
    };
    assert_eq!(problem.exit, Exit::TryLater);
    is_taken_back(&stand);
    is_closed(port).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_or_killed_is_taken_back_by_whoever_comes_next() {
    let stand = stand(Options::default()).await;
    let connecting = over_lan(&stand).await;
    let port = callback_port(&connecting);
    drop(connecting);
    is_closed(port).await;
    stand.workspace.end_lan_login().await.unwrap();
    is_taken_back(&stand);

    // Killed: only the note is left.
    drop(over_lan(&stand).await);
    assert_eq!(stand.simulator.census().callback_urls, 2);
    let next = stand.workspace.connect().await.unwrap();
    assert_eq!(next.invitation().strangers, []);
    is_taken_back(&stand);
    drop(next);

    // The bank does not let go of it at once: that is told, and tried again.
    drop(over_lan(&stand).await);
    stand.simulator.set_fault(Fault {
        endpoint: "DELETE".into(),
        nth: None,
        kind: FaultKind::Html502,
    });
    assert!(stand.workspace.end_lan_login().await.is_err());
    assert!(stand.workspace.lan_url_left().unwrap().is_some());
    let next = stand.workspace.connect().await.unwrap();
    assert_eq!(next.invitation().strangers.len(), 1);
    drop(next);
    stand.simulator.clear_faults();
    stand
        .workspace
        .change_port(common::free_port())
        .await
        .unwrap();
    is_taken_back(&stand);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_second_address_while_the_first_is_still_registered() {
    let stand = stand(Options::default()).await;
    drop(over_lan(&stand).await);
    stand.simulator.set_fault(Fault {
        endpoint: "DELETE".into(),
        nth: None,
        kind: FaultKind::Html502,
    });
    let other = "127.0.0.3".parse().unwrap();
    let Err(problem) = stand.workspace.connect_over_lan(other).await else {
        panic!("the first address would be forgotten")
    };
    assert!(problem.next.contains("taken back first"), "{problem}");
    let left = stand.workspace.lan_url_left().unwrap().unwrap();
    assert!(left.contains(LAN), "{left}");

    stand.simulator.clear_faults();
    drop(stand.workspace.connect_over_lan(other).await.unwrap());
    assert_eq!(stand.simulator.census().callback_urls, 2);
    stand.workspace.end_lan_login().await.unwrap();
    is_taken_back(&stand);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_code_keeps_its_callback_url_until_it_is_spent() {
    let stand = stand(Options::default()).await;
    let connecting = over_lan(&stand).await;
    let back = approve(&stand, &connecting).await;
    connecting.paster().paste(&back).unwrap();
    let granted = connecting.redirected().await.unwrap();
    stand.simulator.set_fault(Fault {
        endpoint: "token".into(),
        nth: None,
        kind: FaultKind::Refuse,
    });
    granted.exchange().await.unwrap_err();
    assert_eq!(stand.simulator.census().callback_urls, 2);
    // Nor is it taken back by whoever cleans up.
    stand.workspace.end_lan_login().await.unwrap_err();
    stand.workspace.finish_grant().await.unwrap_err();
    assert_eq!(stand.simulator.census().callback_urls, 2);
    assert!(stand.workspace.lan_url_left().unwrap().is_some());

    stand.simulator.clear_faults();
    let finished = stand.workspace.finish_grant().await.unwrap().unwrap();
    assert_eq!(finished.number.0, 1);
    is_taken_back(&stand);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setup_beside_it_leaves_a_login_that_waits_its_callback_url() {
    let stand = stand(Options::default()).await;
    let connecting = over_lan(&stand).await;
    let beside = library::open(&stand.bench, library::settings(&stand.bench));
    let choice = ProviderChoice::NewPsd2Provider(Psd2Roles::Both);
    library::set_up(&beside, choice).await;
    assert_eq!(stand.simulator.census().callback_urls, 2);
    let back = approve(&stand, &connecting).await;
    connecting.paster().paste(&back).unwrap();
    let granted = connecting.redirected().await.unwrap();
    granted.exchange().await.unwrap();
    is_taken_back(&stand);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_refuses_both_is_asked_for_http_again() {
    // Any free port: the store alone knows which.
    let stand = stand_with(Options::default(), |settings| Settings {
        callback_url: Url::parse("http://localhost:0/callback").ok(),
        ..settings
    })
    .await;
    stand.simulator.set_fault(Fault {
        endpoint: "POST user/{}/oauth-client/{}/callback-url".into(),
        nth: None,
        kind: FaultKind::Status(400, r#"{"Error":[{"error_description":"No."}]}"#.into()),
    });
    let port = common::free_port();
    stand.workspace.change_port(port).await.unwrap_err();
    stand.simulator.clear_faults();
    let choice = ProviderChoice::NewPsd2Provider(Psd2Roles::Both);
    library::set_up(&stand.workspace, choice).await;
    let registered = stand.workspace.provider().unwrap().unwrap().callback_url;
    assert_eq!(registered, format!("http://localhost:{port}/callback"));
    assert_eq!(stand.simulator.census().callback_urls, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_phone_can_reach_the_demo() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let bench = Bench::new(&simulator.root());
    let workspace = Workspace::demo(&simulator.root(), library::settings(&bench)).unwrap();
    let problem = workspace.lan_addresses().unwrap_err();
    assert!(problem.why.contains("on this machine only"), "{problem}");
}
