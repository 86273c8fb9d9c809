//! The process that dies: the library as the program uses it, told to end at a checkpoint.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bunq_tui::base::{Checkpoints, Environment, Exit, Problem, UserNumber};
use bunq_tui::workspace::{
    Connected, Connecting, Profile, ProviderChoice, Psd2Roles, Settings, Stage, StoreKey, Workspace,
};
use tokio::sync::mpsc;
use url::Url;

use crate::order::{Command, Order, Report, User};

/// Runs what the environment orders; nothing when it orders nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the other tests run it as a process of its own"]
async fn child() {
    let Some(order) = Order::given() else {
        return;
    };
    let passed = Arc::new(Mutex::new(Vec::new()));
    let workspace = open(&order, &passed).unwrap();
    let mut report = Report {
        passed: Vec::new(),
        problem: None,
        set_up: false,
        callback_url: None,
        users: Vec::new(),
        perhaps_granted_before: false,
        perhaps_granted: false,
        finished: false,
        damaged: None,
    };
    let ran = run(&order, &workspace, &mut report).await;
    report.problem = ran.err().map(|problem| problem.to_string());
    report.passed = passed.lock().unwrap().clone();
    report.set_up = workspace.stage().unwrap() == Stage::Ready;
    report.callback_url = workspace
        .provider()
        .unwrap()
        .map(|provider| provider.callback_url);
    report.users = users(&workspace).unwrap();
    report.perhaps_granted = workspace.perhaps_granted().unwrap().is_some();
    report.damaged = workspace.check().err().map(|problem| problem.to_string());
    std::fs::write(&order.report, serde_json::to_vec(&report).unwrap()).unwrap();
}

fn open(order: &Order, passed: &Arc<Mutex<Vec<String>>>) -> Result<Workspace, Problem> {
    let (dies_at, passed) = (order.dies_at, Arc::clone(passed));
    let checkpoints = Checkpoints::tell(move |name| {
        let mut passed = passed.lock().unwrap();
        passed.push(name.to_owned());
        if Some(passed.len()) == dies_at {
            die();
        }
    });
    let settings = Settings {
        callback_url: order
            .callback_url
            .as_deref()
            .map(|url| Url::parse(url).unwrap()),
        connect_timeout: Duration::from_secs(60),
        checkpoints,
        ..Settings::new(order.data_dir.clone())
    };
    let environment = Environment::Local(Url::parse(&order.root).unwrap());
    let profile = Profile::new(environment, None)?;
    Workspace::open(profile, &StoreKey::File(order.key_file.clone()), settings)
}

/// As SIGKILL does it: nothing is tidied up.
fn die() {
    use rustix::process::{Signal, getpid, kill_process};
    kill_process(getpid(), Signal::KILL).unwrap();
}

fn users(workspace: &Workspace) -> Result<Vec<User>, Problem> {
    let rows = workspace.users()?.into_iter();
    let rows = rows.filter(|user| !user.number.is_provider());
    Ok(rows
        .map(|user| User {
            number: user.number.0,
            accounts: user.accounts,
            revoked: user.revoked_at.is_some(),
        })
        .collect())
}

async fn run(order: &Order, workspace: &Workspace, report: &mut Report) -> Result<(), Problem> {
    let progress = || mpsc::channel(64).0;
    match order.command {
        Command::SetupPsd2 => {
            let choice = ProviderChoice::NewPsd2Provider(Psd2Roles::default());
            workspace.setup(Some(choice), progress()).await.map(drop)
        }
        Command::SetupPerson => {
            let choice = ProviderChoice::NewPerson;
            workspace.setup(Some(choice), progress()).await.map(drop)
        }
        Command::Setup => workspace.setup(None, progress()).await.map(drop),
        Command::SetupAnew => workspace.set_up_anew(None, progress()).await.map(drop),
        Command::Connect | Command::ConnectPasted => {
            let finished = workspace.finish_grant().await?;
            report.finished = finished.is_some();
            report.perhaps_granted_before = workspace.perhaps_granted()?.is_some();
            if finished.is_none() {
                let pasted = order.command == Command::ConnectPasted;
                connect(workspace.connect().await?, pasted).await?;
            }
            Ok(())
        }
        Command::Accounts => {
            let user = first(workspace)?;
            workspace.read_accounts(user).await.map(drop)
        }
        Command::Profile => {
            let user = first(workspace)?;
            workspace.read_profile(user).await.map(drop)
        }
        Command::Look => Ok(()),
        Command::Disconnect => workspace.forget(first(workspace)?).await,
    }
}

fn first(workspace: &Workspace) -> Result<UserNumber, Problem> {
    let first = users(workspace)?.into_iter().next();
    first
        .map(|user| UserNumber(user.number))
        .ok_or_else(|| Problem::new("nobody is connected", Exit::Usage))
}

/// Approves as a person does, in the browser.
async fn connect(connecting: Connecting, pasted: bool) -> Result<Connected, Problem> {
    let address = connecting.invitation().authorize_url.clone();
    let paster = connecting.paster();
    let browser = reqwest::Client::builder()
        .tls_certs_only([])
        .no_proxy()
        .redirect(if pasted {
            reqwest::redirect::Policy::none()
        } else {
            reqwest::redirect::Policy::limited(5)
        })
        .build()
        .unwrap();
    let browsing = tokio::spawn(async move {
        let page = browser.get(&address).send().await.unwrap();
        if pasted {
            let back = page.headers()["location"].to_str().unwrap();
            paster.paste(back).unwrap();
        }
    });
    let granted = connecting.redirected().await?;
    browsing.await.unwrap();
    granted.exchange().await
}
