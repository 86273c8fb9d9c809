//! The OAuth flow up to the redirect: invitation, listener, pasted address.

use std::net::IpAddr;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use url::Url;

use super::grant::Granted;
use super::locks::{Guard, Task};
use super::sessions::not_set_up;
use super::{Invitation, Stage, Workspace, secured};
use crate::base::{BankText, Exit, Problem, UserNumber};
use crate::bunq::authorize_url;
use crate::callback::{Gate, Listener, Redirected, State};
use crate::store::OauthClientRow;

/// The flow while it waits: the listener is up until this is dropped.
pub struct Connecting {
    workspace: Workspace,
    invitation: Invitation,
    timeout: Duration,
    oauth_client: OauthClientRow,
    state: State,
    gate: Gate,
    listener: Listener,
    pasted: (mpsc::Sender<Redirected>, mpsc::Receiver<Redirected>),
    single: Guard,
}

/// Hands pasted addresses to a flow that waits.
#[derive(Clone)]
pub struct Paster {
    gate: Gate,
    to_flow: mpsc::Sender<Redirected>,
}

impl Workspace {
    /// Binds the listener, compares our callback URL with the registered ones and makes the
    /// invitation.
    ///
    /// # Errors
    /// When the setup is unfinished, the port is taken, our callback URL is not registered, or
    /// the bank cannot be asked.
    pub async fn connect(&self) -> Result<Connecting, Problem> {
        self.invite(None).await
    }

    /// The same, for a phone on the network that scans the code: the listener is also on this
    /// address of the machine, and the redirect leads there. That callback URL is registered for
    /// this login only.
    ///
    /// # Errors
    /// As [`Workspace::connect`], and when the address is not this machine's.
    pub async fn connect_over_lan(&self, address: IpAddr) -> Result<Connecting, Problem> {
        self.invite(Some(address)).await
    }

    async fn invite(&self, lan: Option<IpAddr>) -> Result<Connecting, Problem> {
        if self.stage()? != Stage::Ready {
            return Err(not_set_up());
        }
        let single = self.locks.take(Task::Connect).await?;
        let oauth_client = self.store.oauth_client()?.ok_or_else(not_set_up)?;
        let ours = self.callback_url(&oauth_client)?;
        self.check_asked_url(&ours)?;
        let mut listener = Listener::bind(&ours).await?;
        if let Some(address) = lan {
            listener.reach(address).await?;
        }
        let taken_back = self.take_lan_url_back().await;
        // One can be noted. Without another, what a login before left is seen among the strangers.
        if lan.is_some() {
            taken_back.map_err(in_the_way)?;
        }
        let strangers = self
            .compare_callback_urls(&oauth_client, ours.as_str())
            .await?;
        let state = State::generate()?;
        let callback_url = match lan {
            Some(address) => self.lan_url(&oauth_client, &ours, address).await?,
            None => ours,
        };
        let now = self.settings.clock.now();
        let certificate = match callback_url.scheme() {
            "https" => match listener.speak_tls(now, lan) {
                Ok(fingerprint) => Some(fingerprint),
                Err(problem) => {
                    let _ = self.take_lan_url_back().await;
                    return Err(problem);
                }
            },
            _ => None,
        };
        let address = authorize_url(
            self.client.endpoints(),
            &oauth_client.client_id,
            callback_url.as_str(),
            state.as_str(),
        );
        let timeout = self.settings.connect_timeout;
        Ok(Connecting {
            workspace: self.clone(),
            invitation: Invitation {
                authorize_url: address.into(),
                callback_url: callback_url.clone().into(),
                expires_at: now.checked_add(timeout).unwrap_or(now),
                strangers,
                certificate,
                lan_address: lan,
            },
            timeout,
            oauth_client,
            gate: Gate::new(&callback_url, &state),
            state,
            listener,
            pasted: mpsc::channel(1),
            single,
        })
    }

    /// The second callback URL, registered; taken back at once where that failed half way.
    async fn lan_url(
        &self,
        oauth_client: &OauthClientRow,
        ours: &Url,
        address: IpAddr,
    ) -> Result<Url, Problem> {
        let registered = self.register_lan_url(oauth_client, ours, address).await;
        if registered.is_err() {
            // What could not be registered is told; a note of it stays for the next login.
            let _ = self.take_lan_url_back().await;
        }
        registered
    }

    fn callback_url(&self, oauth_client: &OauthClientRow) -> Result<Url, Problem> {
        oauth_client
            .callback_url
            .as_deref()
            .and_then(|url| Url::parse(url).ok())
            .ok_or_else(not_set_up)
    }

    /// Another callback URL than the registered one is not ignored in silence.
    fn check_asked_url(&self, ours: &Url) -> Result<(), Problem> {
        match &self.settings.callback_url {
            // Setup may have had to take https.
            Some(asked) if asked.port() != Some(0) && !is_same(asked, ours) => Err(Problem::new(
                "Another callback URL is registered for this profile",
                Exit::Usage,
            )
            .because(format!("it is {ours}, and {asked} was asked for"))
            .next("Run the setup with the new one first: it replaces the old.")),
            _ => Ok(()),
        }
    }

    /// Character by character, as the bank does. Answers with the URLs that are not ours.
    async fn compare_callback_urls(
        &self,
        oauth_client: &OauthClientRow,
        ours: &str,
    ) -> Result<Vec<BankText>, Problem> {
        let id = oauth_client.id;
        let registered = self
            .in_session(UserNumber::PROVIDER, |client, session| async move {
                session.callback_urls(&client, id).await
            })
            .await?;
        let urls: Vec<String> = registered.into_iter().map(|known| known.url).collect();
        let strangers = urls
            .iter()
            .filter(|url| *url != ours)
            .map(|url| BankText::new(url))
            .collect::<Vec<_>>();
        if strangers.len() < urls.len() {
            return Ok(strangers);
        }
        let there = if strangers.is_empty() {
            "none is".to_owned()
        } else {
            let shown: Vec<_> = strangers.iter().map(BankText::as_str).collect();
            format!("registered is {}", shown.join(", "))
        };
        Err(
            Problem::new("Our callback URL is not registered at bunq", Exit::Failed)
                .because(format!(
                    "ours is {ours}, {there}; bunq would show \"Connection not found\""
                ))
                .next("Run the setup again: it registers what is missing."),
        )
    }

    /// Takes another port for the callback URL and replaces our registered one.
    ///
    /// # Errors
    /// When the bank cannot be asked or refuses.
    pub async fn change_port(&self, port: u16) -> Result<(), Problem> {
        let _single = self.locks.take(Task::Setup).await?;
        let row = self.store.oauth_client()?.ok_or_else(not_set_up)?;
        let mut url = self.callback_url(&row)?;
        url.set_port(Some(port))
            .map_err(|()| Problem::new("The callback URL takes no port", Exit::Failed))?;
        self.use_callback_url(url.as_str()).await
    }
}

impl Connecting {
    /// What to show.
    #[must_use]
    pub fn invitation(&self) -> &Invitation {
        &self.invitation
    }

    /// Counts the wrong requests to the listener.
    #[must_use]
    pub fn strays(&self) -> watch::Receiver<u64> {
        self.gate.subscribe()
    }

    /// A handle for pasted addresses.
    #[must_use]
    pub fn paster(&self) -> Paster {
        Paster {
            gate: self.gate.clone(),
            to_flow: self.pasted.0.clone(),
        }
    }

    /// Waits for the redirect, for a pasted address, or for the end of the time.
    ///
    /// # Errors
    /// When the user declined, the bank reported an error, or nobody answered in time.
    pub async fn redirected(mut self) -> Result<Granted, Problem> {
        let redirected = tokio::select! {
            // An answer that is there counts, also when the time is just over.
            biased;
            redirected = self.listener.wait(self.gate.clone()) => Some(redirected),
            Some(redirected) = self.pasted.1.recv() => Some(redirected),
            () = self.workspace.settings.clock.sleep(self.timeout) => None,
        };
        if !matches!(redirected, Some(Redirected::Code(_))) {
            // Where it stays, it is still noted.
            let _ = self.workspace.take_lan_url_back().await;
        }
        let Some(redirected) = redirected else {
            return Err(no_answer(self.timeout));
        };
        match redirected {
            Redirected::Code(code) => Ok(Granted {
                workspace: self.workspace,
                oauth_client: self.oauth_client,
                redirect_uri: self.invitation.callback_url,
                state: self.state,
                code,
                single: self.single,
            }),
            Redirected::Denied => Err(Problem::new("The user declined", Exit::Refused)
                .because("Deny was chosen on bunq's page")
                .next("Connect again when they want to share their accounts.")),
            Redirected::Failed(words) => Err(Problem::new("bunq did not authorize", Exit::Failed)
                .because(words)
                .next("Connect again; if it stays, run the setup again.")),
        }
    }
}

/// Whether two callback URLs differ in nothing but http and https.
fn is_same(asked: &Url, ours: &Url) -> bool {
    asked == ours || secured(asked).is_some_and(|asked| asked == *ours)
}

fn in_the_way(problem: Problem) -> Problem {
    problem.next(
        "The callback URL of the login before, for a phone on the network, must be taken back \
         first: try again in a moment.",
    )
}

fn no_answer(timeout: Duration) -> Problem {
    Problem::new("No answer came", Exit::TryLater)
        .because(format!(
            "nobody finished on bunq's page within {} s",
            timeout.as_secs()
        ))
        .next(
            "Connect again for a fresh code. If the page said \"Connection not found\", the \
             callback URL there is not ours: run the setup again.",
        )
}

impl Paster {
    /// Takes the address of the page where the browser ended.
    ///
    /// # Errors
    /// When it is not the callback of this login; the flow goes on waiting.
    pub fn paste(&self, text: &str) -> Result<(), Problem> {
        let redirected = self.gate.paste(text)?;
        // The gate lets one pass, and the channel holds one.
        let _ = self.to_flow.try_send(redirected);
        Ok(())
    }
}
