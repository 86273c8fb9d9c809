//! `bunq-tui setup`.

use std::fs;
use std::io::Read;
use std::path::Path;

use tokio::sync::mpsc;
use zeroize::Zeroizing;

use super::arguments::{RoleName, Setup};
use super::output;
use super::places::Places;
use crate::base::{Environment, Exit, Problem, Secret};
use crate::workspace::{
    self, Lock, Provider, ProviderChoice, Psd2Roles, Stage, StepChange, StepState,
};

/// Longest API key that is read; bunq's have 64 characters.
const LONGEST_KEY: u64 = 4_096;

/// Runs the one-time setup, or what an earlier run left of it.
pub(super) async fn run(places: &Places, options: Setup) -> Result<(), Problem> {
    let profile = places.profile()?;
    let asked = choice(&options, &profile.environment)?;
    let fresh = profile.lock(&places.settings)? == Lock::Absent;
    if fresh && asked.is_none() && profile.environment.is_production() {
        return Err(needs_key());
    }
    let production = profile.environment.is_production();
    let workspace = places
        .open_or_create(profile.clone(), options.unlock_with)
        .await?;
    let choice = match (workspace.stage()?, asked) {
        (Stage::Fresh, None) if production => return Err(needs_key()),
        (Stage::Fresh, None) => Some(ProviderChoice::NewPsd2Provider(Psd2Roles::default())),
        (_, asked) => asked,
    };
    let (progress, changes) = mpsc::channel(16);
    let run = async {
        if options.anew {
            workspace.set_up_anew(choice, progress).await
        } else {
            workspace.setup(choice, progress).await
        }
    };
    let (done, ()) = tokio::join!(run, report(changes));
    let provider = done?;
    places.remember(&profile);
    output::print(&summary(&provider))
}

/// Tells each step on standard error as it ends.
pub(super) async fn report(mut changes: mpsc::Receiver<StepChange>) {
    while let Some(change) = changes.recv().await {
        let step = change.step.label();
        match change.state {
            StepState::Done { took: Some(took) } => {
                output::message(&format!(
                    "{step:<13} done in {:.1} ms",
                    took.as_secs_f64() * 1000.0
                ));
            }
            StepState::Done { took: None } => {
                output::message(&format!("{step:<13} done before"));
            }
            StepState::Failed(_) => output::message(&format!("{step:<13} failed")),
            StepState::Waiting | StepState::Running => {}
        }
    }
}

fn summary(provider: &Provider) -> String {
    let mut lines = about(provider);
    lines.push("Next: `bunq-tui connect`".into());
    lines.join("\n") + "\n"
}

/// Who we are now, a line for each thing.
pub(super) fn about(provider: &Provider) -> Vec<String> {
    let mut lines = vec![format!("Set up as a {}", provider.kind)];
    let mut add = |label: &str, value: Option<&str>| {
        if let Some(value) = value {
            lines.push(format!("{label:<13} {value}"));
        }
    };
    add("Name", provider.name.as_ref().map(|name| name.as_str()));
    add(
        "E-mail",
        provider.email.as_ref().map(|email| email.as_str()),
    );
    add("Phone", provider.phone.as_ref().map(|phone| phone.as_str()));
    add("Callback URL", Some(&provider.callback_url));
    lines
}

fn choice(options: &Setup, environment: &Environment) -> Result<Option<ProviderChoice>, Problem> {
    let flags = &options.provider;
    let choice = if flags.person {
        ProviderChoice::NewPerson
    } else if flags.company {
        ProviderChoice::NewCompany
    } else if flags.psd2 || !options.roles.is_empty() {
        ProviderChoice::NewPsd2Provider(roles(&options.roles))
    } else if let Some(file) = &flags.api_key_file {
        return read_key(file).map(ProviderChoice::ApiKey).map(Some);
    } else if let (Some(certificate), Some(key)) = (&flags.certificate, &options.certificate_key) {
        let chain = options.certificate_chain.as_deref();
        let pem = workspace::read_certificate(certificate, key, chain)?;
        return Ok(Some(ProviderChoice::OwnCertificate(pem)));
    } else {
        return Ok(None);
    };
    if environment.makes_users() {
        return Ok(Some(choice));
    }
    Err(Problem::new(
        format!("Production cannot make a {}", choice.label()),
        Exit::Usage,
    )
    .because("new users are made in the bunq app, not through the API")
    .next(
        "Give your own API key with --api-key-file FILE or your PSD2 certificate with \
         --certificate FILE, or use --environment sandbox.",
    ))
}

/// Both unless one is named alone.
fn roles(named: &[RoleName]) -> Psd2Roles {
    match (
        named.contains(&RoleName::Aisp),
        named.contains(&RoleName::Pisp),
    ) {
        (true, false) => Psd2Roles::AccountInformation,
        (false, true) => Psd2Roles::PaymentInitiation,
        _ => Psd2Roles::Both,
    }
}

fn needs_key() -> Problem {
    Problem::new(
        "Production needs your own API key or certificate",
        Exit::Usage,
    )
    .because("nothing can be made up there")
    .next(
        "Make a key in the bunq app (Profile > Security & Settings > Developers) and give it \
             with --api-key-file FILE, or - to read it from standard input; a PSD2 provider gives \
             --certificate FILE and --certificate-key FILE.",
    )
}

pub(super) fn read_key(file: &Path) -> Result<Secret, Problem> {
    let mut text = Zeroizing::new(String::with_capacity(LONGEST_KEY as usize));
    let read = if file == Path::new("-") {
        std::io::stdin().take(LONGEST_KEY).read_to_string(&mut text)
    } else {
        fs::File::open(file).and_then(|file| file.take(LONGEST_KEY).read_to_string(&mut text))
    };
    let problem = |why: String| {
        Problem::new("No API key could be read", Exit::Usage)
            .because(why)
            .next("The file holds the key on one line; - reads standard input.")
    };
    read.map_err(|error| problem(error.to_string()))?;
    let key = Secret::new(text.trim());
    if key.is_empty() || !key.expose().bytes().all(|b| b.is_ascii_graphic()) {
        return Err(problem("it is empty, or not one word".into()));
    }
    Ok(key)
}
