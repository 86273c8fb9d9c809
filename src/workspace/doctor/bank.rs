//! What the bank answers: device, session, OAuth client, callback URLs.

use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

use super::urls::difference;
use super::{found, good, met};
use crate::base::{BankText, Exit, Problem, UserNumber};
use crate::bunq::{
    CallbackUrl, Client, DeviceServer, DeviceStatus, Error, OauthClient, OauthClientStatus, Session,
};
use crate::store::OauthClientRow;
use crate::workspace::address::{Address, compare};
use crate::workspace::{Check, SessionState, Verdict, Workspace};

/// How long all questions together may take, waits for the bank's limits included.
const PATIENCE: Duration = Duration::from_secs(45);

const SESSION: &str = "Session";
const DEVICE: &str = "Device";
const OAUTH: &str = "OAuth client";
const CALLBACK: &str = "Callback URL";

/// What is asked, one question after the other.
struct Questions<'a> {
    workspace: &'a Workspace,
    until: Instant,
    /// Why nothing more is asked.
    over: Option<Problem>,
}

impl Questions<'_> {
    /// Asks, unless an earlier question showed that nobody answers.
    async fn ask<T, F>(&mut self, call: impl Fn(Client, Session) -> F) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, Error>>,
    {
        if let Some(problem) = &self.over {
            return Err(problem.clone());
        }
        let asked = self.workspace.in_session(UserNumber::PROVIDER, call);
        let answer = match tokio::time::timeout_at(self.until, asked).await {
            Ok(answer) => answer,
            Err(_) => Err(self.too_slow()),
        };
        if let Err(problem) = &answer
            && problem.exit != Exit::Failed
        {
            let why = format!("an earlier question was not answered ({})", problem.what);
            let mut unasked = Problem::new("Not asked", problem.exit);
            unasked.why = why;
            self.over = Some(unasked);
        }
        answer
    }

    /// The bank, or our own calls that use its limit up.
    fn too_slow(&self) -> Problem {
        let all = format!(
            "all questions together have {} s, waits for its limits included",
            PATIENCE.as_secs()
        );
        let next = self.workspace.next_session_at();
        match next.ok().flatten() {
            Some(at) => Problem::new("The bank's limit is used up for now", Exit::TryLater)
                .because(format!("the next session can be opened at {at:.0}; {all}"))
                .next("Look again after that."),
            None => Problem::new("The bank did not answer in time", Exit::Unavailable)
                .because(all)
                .next("Try again in a minute."),
        }
    }
}

impl Workspace {
    pub(super) async fn examine_bank(&self) -> Vec<Check> {
        if matches!(self.store.device(), Ok(None)) {
            let unknown = |topic| Check::new(topic, Verdict::Unknown, "not set up yet", "");
            return [SESSION, DEVICE, OAUTH, CALLBACK].map(unknown).into();
        }
        let mut questions = Questions {
            workspace: self,
            until: Instant::now() + PATIENCE,
            over: None,
        };
        let mut checks = vec![self.examine_session(&mut questions).await];
        checks.push(self.examine_device(&mut questions).await);
        checks.extend(self.examine_oauth(&mut questions).await);
        checks
    }

    async fn examine_session(&self, questions: &mut Questions<'_>) -> Check {
        let answer = questions
            .ask(|client, session| async move { session.read_user(&client).await })
            .await;
        let user = match answer {
            Ok(answer) => answer.value,
            // Nothing is known to be wrong where we only have to wait.
            Err(problem) if problem.exit == Exit::TryLater => {
                return met(SESSION, Verdict::Unknown, &problem);
            }
            Err(problem) => return met(SESSION, Verdict::Bad, &problem),
        };
        let until = match self.store.session(UserNumber::PROVIDER) {
            Ok(row) => self.session_state(row.as_ref()),
            Err(error) => return met(SESSION, Verdict::Bad, &error.into()),
        };
        let profile = user.profile();
        // No name: the report may be shown to anybody.
        let mut finding = format!("the bank answers as to a {}", profile.kind);
        if let SessionState::Until(at) = until {
            finding += &format!(", until {at:.0}");
        }
        match profile.status.as_ref().map(BankText::as_str) {
            None | Some("ACTIVE") => good(SESSION, finding),
            Some(status) => Check::new(
                SESSION,
                Verdict::Notice,
                format!("{finding}; its status is {status}"),
                "Look in the bunq app what it means, or ask bunq.",
            ),
        }
    }

    async fn examine_device(&self, questions: &mut Questions<'_>) -> Check {
        let listed = questions
            .ask(|client, session| async move { session.devices(&client).await })
            .await;
        let looked_up = self.our_address().await;
        let look = || -> Result<Check, Problem> {
            let now = looked_up.as_ref().ok().copied().flatten();
            let noted = self.registered_address()?;
            let id = self.store.device()?.and_then(|row| row.id);
            let devices = match &listed {
                Ok(devices) => devices.as_slice(),
                Err(problem) => return Ok(met(DEVICE, Verdict::Unknown, problem)),
            };
            let ours = devices.iter().find(|device| Some(device.id) == id);
            let permitted = ours.and_then(|device| device.ip.as_ref());
            let at_bank = permitted.and_then(|ip| ip.as_str().parse().ok());
            let mut finding = match (ours, id) {
                (Some(device), _) => told(device),
                (None, Some(id)) => format!("number {id}, not in the bank's list"),
                (None, None) => format!("number unknown; the bank lists {}", devices.len()),
            };
            let address = match noted.or(at_bank) {
                Some(then) => compare(then, now),
                None => Address::Unknown,
            };
            match address {
                Address::Same => finding += "; this machine still has that address",
                Address::Changed { then, now } => {
                    finding += &format!("; the address was {then} and is {now} now");
                }
                Address::Unknown => finding += "; this machine's address is not known",
            }
            let blocked = ours.is_some_and(|device| device.status != DeviceStatus::Active);
            Ok(judged(finding, address, blocked, looked_up.as_ref().err()))
        };
        found(DEVICE, look())
    }

    async fn examine_oauth(&self, questions: &mut Questions<'_>) -> Vec<Check> {
        let ours = match self.store.oauth_client() {
            Ok(Some(row)) => row,
            Ok(None) => {
                let unknown = |topic| Check::new(topic, Verdict::Unknown, "not set up yet", "");
                return [OAUTH, CALLBACK].map(unknown).into();
            }
            Err(error) => return vec![met(OAUTH, Verdict::Bad, &error.into())],
        };
        let listed = questions
            .ask(|client, session| async move { session.oauth_clients(&client).await })
            .await;
        let client = match listed {
            Ok(listed) => oauth_client(&listed, &ours),
            Err(problem) => met(OAUTH, Verdict::Unknown, &problem),
        };
        let id = ours.id;
        let urls = questions
            .ask(|client, session| async move { session.callback_urls(&client, id).await })
            .await;
        match urls {
            Ok(urls) => {
                let mut checks = vec![client];
                checks.extend(callback_urls(&urls, ours.callback_url.as_deref()));
                checks
            }
            Err(problem) => vec![client, met(CALLBACK, Verdict::Unknown, &problem)],
        }
    }
}

/// The device: `unseen` is why our address could not be looked up.
fn judged(finding: String, address: Address, blocked: bool, unseen: Option<&Problem>) -> Check {
    match (address, blocked, unseen) {
        (Address::Changed { .. }, ..) => Check::new(
            DEVICE,
            Verdict::Bad,
            finding,
            "Permit the new address in the bunq app, or set up anew from here: `bunq-tui setup \
             --anew`.",
        )
        .or_anew(),
        (_, true, _) => Check::new(
            DEVICE,
            Verdict::Bad,
            finding,
            "Confirm or unblock it in the bunq app, or set up anew: `bunq-tui setup --anew`.",
        )
        .or_anew(),
        (Address::Unknown, false, Some(problem)) => Check::new(
            DEVICE,
            Verdict::Notice,
            format!("{finding} ({}: {})", problem.what, problem.why),
            problem.next.clone(),
        ),
        (Address::Unknown, false, None) => Check::new(
            DEVICE,
            Verdict::Good,
            finding,
            "--my-address IP tells it, where a changed address is suspected.",
        ),
        (Address::Same, false, _) => good(DEVICE, finding),
    }
}

fn told(device: &DeviceServer) -> String {
    let from = match &device.ip {
        Some(ip) => format!("permitted from {ip}"),
        None => "from an address that the bank does not tell".into(),
    };
    format!("number {}, {}, {from}", device.id, device.status)
}

fn oauth_client(listed: &[OauthClient], ours: &OauthClientRow) -> Check {
    const AGAIN: &str = "Run `bunq-tui setup` again: it takes the one that is there, or makes one.";
    let bad = |finding: &str| Check::new(OAUTH, Verdict::Bad, finding, AGAIN);
    let Some(there) = listed.iter().find(|client| client.id == ours.id) else {
        return match listed {
            [] => bad("the bank has none of ours any more"),
            _ => bad("the bank has another one than the stored one"),
        };
    };
    if there.client_id != ours.client_id || there.secret != ours.secret {
        return bad("its id or secret is another one than the stored one");
    }
    if there.status != OauthClientStatus::Active {
        return bad(&format!("the bank says that it is {}", there.status));
    }
    good(OAUTH, format!("number {}, active, the stored one", ours.id))
}

/// Ours, and those that are not ours.
fn callback_urls(registered: &[CallbackUrl], ours: Option<&str>) -> Vec<Check> {
    let Some(ours) = ours else {
        let remedy = "Run `bunq-tui setup` again.";
        return vec![Check::new(
            CALLBACK,
            Verdict::Bad,
            "none of ours is stored",
            remedy,
        )];
    };
    let different: Vec<_> = registered
        .iter()
        .filter_map(|known| Some((BankText::new(&known.url), difference(&known.url, ours)?)))
        .collect();
    let lines: Vec<_> = different
        .iter()
        .map(|(url, how)| format!("{url}: {how}"))
        .collect();
    if different.len() == registered.len() {
        let there = match lines.as_slice() {
            [] => "none is registered".to_owned(),
            some => format!("registered are\n{}", some.join("\n")),
        };
        return vec![Check::new(
            CALLBACK,
            Verdict::Bad,
            format!("ours, {ours}, is not registered; {there}"),
            "This shows as \"Connection not found\" on bunq's page. Run `bunq-tui setup` again: it \
             registers ours.",
        )];
    }
    let mut checks = vec![good(
        CALLBACK,
        format!("{ours} is registered, to the character"),
    )];
    if !lines.is_empty() {
        checks.push(Check::new(
            "Other callback URLs",
            Verdict::Notice,
            lines.join("\n"),
            "They were registered by somebody else than this profile. Where nobody knows them, take \
             them away in the bunq app.",
        ));
    }
    checks
}
