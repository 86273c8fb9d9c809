//! What listens, and for how long: nothing off loopback, and nothing after the login, however it
//! ended.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use bunq_tui::simulator::Simulator;
use bunq_tui::workspace::{Connecting, ProviderChoice, Settings, Workspace};
use url::Url;

use super::common::{Bench, approving, library};
use super::login::exchange;

/// How long anything may still listen.
const CLOSED_WITHIN: Duration = Duration::from_secs(2);
const SHORT: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Debug)]
enum End {
    Approved,
    ApprovedButNobodyFetchesThePage,
    Denied,
    Pasted,
    Cancelled,
    TimedOut,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_listens_off_loopback_or_after_the_login() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let (simulator, bench) = approving().await;
    let workspace = library::open(&bench, library::settings(&bench));
    library::set_up(&workspace, ProviderChoice::NewPerson).await;
    drop(workspace);
    for end in [
        End::Approved,
        End::ApprovedButNobodyFetchesThePage,
        End::Denied,
        End::Pasted,
        End::Cancelled,
        End::TimedOut,
    ] {
        let connecting = opened(&bench, end).await;
        let url = Url::parse(&connecting.invitation().callback_url).unwrap();
        let port = url.port().unwrap();
        let open = listening(port);
        assert!(open.contains(&"0100007F".to_owned()), "{open:?}");
        // 127.0.0.1 and ::1, and nothing else.
        let loopback = ["0100007F", "00000000000000000000000001000000"];
        assert!(
            open.iter().all(|at| loopback.contains(&at.as_str())),
            "{open:?}"
        );
        bring_about(end, connecting, &simulator, port).await;
        let began = Instant::now();
        // The look itself takes a while, so what counts is when it began.
        let closed_after = loop {
            let looked_at = began.elapsed();
            if listening(port).is_empty() {
                break looked_at;
            }
            assert!(looked_at < CLOSED_WITHIN, "{end:?}: {looked_at:?}");
            tokio::task::yield_now().await;
        };
        println!("{end:?}: nothing listens after {closed_after:?}");
    }
}

async fn opened(bench: &Bench, end: End) -> Connecting {
    let settings = match end {
        End::TimedOut => Settings {
            connect_timeout: SHORT,
            ..library::settings(bench)
        },
        _ => library::settings(bench),
    };
    let workspace: Workspace = library::open(bench, settings);
    workspace.connect().await.unwrap()
}

async fn bring_about(end: End, connecting: Connecting, simulator: &Simulator, port: u16) {
    let address = connecting.invitation().authorize_url.clone();
    match end {
        End::Cancelled => drop(connecting),
        End::TimedOut => assert!(connecting.redirected().await.is_err()),
        End::Pasted => {
            let back = simulator.approve(&address).unwrap();
            connecting.paster().paste(&back).unwrap();
            assert!(connecting.redirected().await.is_ok());
        }
        End::Denied => {
            let back = simulator.deny(&address).unwrap();
            let (redirected, _) = tokio::join!(connecting.redirected(), follow(&back, port));
            assert!(redirected.is_err());
        }
        End::Approved | End::ApprovedButNobodyFetchesThePage => {
            let back = simulator.approve(&address).unwrap();
            let (redirected, _) = tokio::join!(connecting.redirected(), follow(&back, port));
            assert!(redirected.is_ok());
            if matches!(end, End::Approved) {
                let done = format!("http://localhost:{port}/done");
                assert!(follow(&done, port).await.starts_with("HTTP/1.1 200 "));
            }
        }
    }
}

/// As a browser goes there.
async fn follow(address: &str, port: u16) -> String {
    let target = address.split_once("localhost").unwrap().1;
    let target = &target[target.find('/').unwrap()..];
    let host = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    exchange(port, request.as_bytes()).await
}

/// The addresses that listen on the port, as `/proc/net` writes them (proc(5)).
fn listening(port: u16) -> Vec<String> {
    let wanted = format!("{port:04X}");
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| {
            let listens = |line: &str| {
                let fields: Vec<_> = line.split_whitespace().collect();
                let (address, port) = fields.get(1)?.split_once(':')?;
                (port == wanted && fields.get(3) == Some(&"0A")).then(|| address.to_owned())
            };
            table.lines().filter_map(listens).collect::<Vec<_>>()
        })
        .collect()
}
