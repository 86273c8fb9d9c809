//! What a call costs on our side: `cargo bench --bench calls`.
//!
//! * `sign`, `verify`: one signature over a request of 200 bytes, and the check of one over an
//!   answer of 20 kB;
//! * `accounts`: a warm read of four accounts over the simulator, store included, which is one
//!   HTTP request (asserted); `the_bank_alone`: the same request by a bare HTTP client, so that
//!   the difference is our time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "../tests/common/mod.rs"]
mod common;

use bunq_tui::bunq::{KeyPair, ServerKey};
use bunq_tui::simulator::{Options, Simulator};
use bunq_tui::store::{Key, Store};
use bunq_tui::workspace::{ProviderChoice, Psd2Roles, Workspace};
use common::Bench;
use common::library::{link, open, set_up, settings};
use divan::Bencher;
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

#[divan::bench]
fn sign(bencher: Bencher<'_, '_>) {
    let key = KeyPair::generate().unwrap();
    let body = [b'x'; 200];
    bencher.bench(|| key.sign(&body).unwrap());
}

#[divan::bench]
fn verify(bencher: Bencher<'_, '_>) {
    let key = KeyPair::generate().unwrap();
    let server = ServerKey::from_pem(&key.public_pem().unwrap()).unwrap();
    let body = vec![b'x'; 20_000];
    let signature = key.sign(&body).unwrap();
    bencher.bench(|| assert!(server.verify(&body, &signature)));
}

struct Bank {
    runtime: Runtime,
    simulator: Simulator,
    bench: Bench,
    workspace: Workspace,
    user: bunq_tui::base::UserNumber,
}

impl Bank {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let (simulator, bench, workspace, user) = runtime.block_on(async {
            let simulator = Simulator::start(Options::default()).await.unwrap();
            let bench = Bench::new(&simulator.root());
            let workspace = open(&bench, settings(&bench));
            let choice = ProviderChoice::NewPsd2Provider(Psd2Roles::Both);
            set_up(&workspace, choice).await;
            let user = link(&workspace, &simulator).await;
            workspace.read_accounts(user).await.unwrap();
            (simulator, bench, workspace, user)
        });
        Self {
            runtime,
            simulator,
            bench,
            workspace,
            user,
        }
    }
}

#[divan::bench(sample_count = 500, sample_size = 1)]
fn accounts(bencher: Bencher<'_, '_>) {
    let bank = Bank::new();
    bencher.bench_local(|| {
        let before = bank.simulator.calls_total();
        let read = bank.workspace.read_accounts(bank.user);
        bank.runtime.block_on(read).unwrap();
        assert_eq!(bank.simulator.calls_total(), before + 1);
    });
}

#[divan::bench(sample_count = 500, sample_size = 1)]
fn the_bank_alone(bencher: Bencher<'_, '_>) {
    let bank = Bank::new();
    let path = bank
        .bench
        .data_dir()
        .read_dir()
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "db"))
        .unwrap();
    let store = Store::open(&path, &Key::File(bank.bench.key_file())).unwrap();
    let session = store.session(bank.user).unwrap().unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!(
        "{}/v1/user/{}/monetary-account?count=200",
        bank.simulator.root(),
        session.user_id
    );
    bencher.bench_local(|| {
        bank.runtime.block_on(async {
            let answer = http
                .get(&url)
                .header("X-Bunq-Client-Authentication", session.token.expose())
                .send();
            let answer = answer.await.unwrap();
            assert_eq!(answer.status(), 200);
            answer.bytes().await.unwrap()
        })
    });
}
