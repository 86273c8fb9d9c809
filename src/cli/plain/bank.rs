//! The bank of the conversation: opening it, setting it up, connecting users.

use std::path::PathBuf;

use tokio::sync::{mpsc, watch};

use super::super::places::Places;
use super::super::{output, setup};
use super::figures::Figures;
use super::talk::{Picked, Talk};
use crate::base::{Environment, Exit, Problem};
use crate::tui::{self, Demo};
use crate::workspace::{
    self, Connecting, Granted, Profile, ProviderChoice, Psd2Roles, Settings, Stage, Workspace,
};

/// What is open while it is talked about.
pub(super) struct Bank {
    pub(super) workspace: Workspace,
    pub(super) settings: Settings,
    demo: Option<Demo>,
    /// Whether a code is being exchanged.
    exchanging: watch::Sender<bool>,
}

/// Where a person without a profile can begin.
const BEGINNINGS: [&str; 3] = [
    "The demo: a bank inside this program; nothing is stored",
    "bunq's sandbox: no real money",
    "Production: real accounts, with your own API key",
];

impl Bank {
    /// Opens the chosen profile, or asks which; none when the person leaves.
    pub(super) async fn open(
        places: Places,
        demo: bool,
        talk: &mut Talk,
    ) -> Result<Option<Self>, Problem> {
        let chosen = if demo { None } else { places.chosen()? };
        let profile = match chosen {
            _ if demo => return Self::demo(places).await.map(Some),
            Some(profile) => profile,
            None => match talk
                .pick("Which bank?", &BEGINNINGS.map(String::from), &[])
                .await?
            {
                Picked::Row(1) => Profile::new(Environment::Sandbox, None)?,
                Picked::Row(2) => Profile::new(Environment::Production, None)?,
                Picked::Row(_) => return Self::demo(places).await.map(Some),
                Picked::Word(_) | Picked::Back => return Ok(None),
            },
        };
        if profile.environment == Environment::Demo {
            return Self::demo(places).await.map(Some);
        }
        let workspace = places.open_or_create(profile.clone(), None).await?;
        places.remember(&profile);
        Ok(Some(Self {
            workspace,
            settings: places.settings,
            demo: None,
            exchanging: watch::Sender::new(false),
        }))
    }

    async fn demo(places: Places) -> Result<Self, Problem> {
        let demo = Demo::start().await?;
        let workspace = Workspace::demo(&demo.root(), places.settings.clone())?;
        Ok(Self {
            workspace,
            settings: places.settings,
            demo: Some(demo),
            exchanging: watch::Sender::new(false),
        })
    }

    /// Whether a code is being exchanged, which a signal waits for.
    pub(super) fn exchanging(&self) -> watch::Receiver<bool> {
        self.exchanging.subscribe()
    }

    /// How its figures are said.
    pub(super) fn figures(&self) -> Figures {
        match self.demo {
            Some(_) => Figures::of_demo(),
            None => Figures::recalled(&self.settings),
        }
    }

    /// Its name, with what it means.
    pub(super) fn name(&self) -> String {
        match self.workspace.environment() {
            Environment::Demo => "the demo, inside this program; nothing is stored".into(),
            Environment::Sandbox => "bunq's sandbox, no real money".into(),
            Environment::Production => "bunq, PRODUCTION, real money".into(),
            Environment::Local(url) => format!("a simulator at {url}"),
        }
    }

    /// Runs the setup, or what is left of it; false when the person leaves.
    pub(super) async fn set_up(&self, talk: &mut Talk) -> Result<bool, Problem> {
        let choice = if self.workspace.stage()? == Stage::Unfinished {
            talk.say("A setup that broke off goes on.")?;
            None
        } else {
            match self.choose(talk).await? {
                Some(choice) => Some(choice),
                None => return Ok(false),
            }
        };
        let (progress, changes) = mpsc::channel(16);
        let run = self.workspace.setup(choice, progress);
        let (done, ()) = tokio::join!(run, setup::report(changes));
        match done {
            Ok(provider) => {
                for line in setup::about(&provider) {
                    talk.say(&super::squeeze(&line))?;
                }
                Ok(true)
            }
            Err(problem) => {
                talk.complain(&problem)?;
                talk.agrees("Try again?").await
            }
        }
    }

    async fn choose(&self, talk: &mut Talk) -> Result<Option<ProviderChoice>, Problem> {
        let mut choices = Vec::new();
        if self.workspace.environment().makes_users() {
            choices.push(ProviderChoice::NewPsd2Provider(Psd2Roles::default()));
            choices.push(ProviderChoice::NewPerson);
            choices.push(ProviderChoice::NewCompany);
        }
        let mut rows: Vec<String> = choices
            .iter()
            .map(|choice| format!("A {}", choice.label()))
            .collect();
        rows.push("The owner of an API key that is in a file".into());
        loop {
            let title = "Nothing is set up yet. Who do you want to be at the bank?";
            let Picked::Row(row) = talk.pick(title, &rows, &[]).await? else {
                return Ok(None);
            };
            if let Some(choice) = choices.get(row) {
                return Ok(Some(choice.clone()));
            }
            let Some(file) = talk.ask("The file with the key:").await? else {
                return Ok(None);
            };
            match setup::read_key(&PathBuf::from(file.trim())) {
                Ok(key) => return Ok(Some(ProviderChoice::ApiKey(key))),
                Err(problem) => talk.complain(&problem)?,
            }
        }
    }

    /// Connects one user.
    pub(super) async fn connect(&self, talk: &mut Talk) -> Result<(), Problem> {
        if let Some(connected) = self.workspace.finish_grant().await? {
            return talk.say(&format!(
                "An earlier connection that broke off is finished: user {}, {}.",
                connected.number, connected.name
            ));
        }
        let connecting = self.workspace.connect().await?;
        talk.say("This is the address of the bank's page:")?;
        talk.say(&connecting.invitation().authorize_url)?;
        if let Some(fingerprint) = &connecting.invitation().certificate {
            talk.say(&format!("{} {fingerprint}", tui::CERTIFICATE_MEANS))?;
        }
        let granted = match &self.demo {
            Some(demo) => self.approve(demo, connecting, talk).await?,
            None => redirected(connecting, talk).await?,
        };
        let Some(granted) = granted else {
            return talk.say("Nothing was connected.");
        };
        self.exchanging.send_replace(true);
        let connected = granted.exchange().await;
        self.exchanging.send_replace(false);
        let connected = connected?;
        talk.say(&format!(
            "Connected: user {}, {}, {}.",
            connected.number, connected.name, connected.kind
        ))?;
        self.workspace.read_accounts(connected.number).await?;
        Ok(())
    }

    async fn approve(
        &self,
        demo: &Demo,
        connecting: Connecting,
        talk: &mut Talk,
    ) -> Result<Option<Granted>, Problem> {
        if !talk.agrees("Approve as the phone would?").await? {
            return Ok(None);
        }
        let back = demo.approve(&connecting.invitation().authorize_url)?;
        let (granted, visited) = tokio::join!(connecting.redirected(), self.workspace.visit(&back));
        visited?;
        granted.map(Some)
    }

    /// Brings all users up to date.
    pub(super) async fn refresh(&self, talk: &Talk) -> Result<(), Problem> {
        let users = self.workspace.users()?.len();
        talk.say(&format!(
            "Asking the bank for the accounts of {users} users…"
        ))?;
        let (progress, mut told) = mpsc::channel(16);
        let tell = async { while told.recv().await.is_some() {} };
        let refreshed = tokio::join!(self.workspace.refresh_all(progress), tell).0?;
        talk.say(&format!(
            "{} read, {} failed, {} passed over because their grant is gone.",
            refreshed.fresh, refreshed.failures, refreshed.revoked
        ))?;
        for (user, problem) in refreshed.failed.iter().take(5) {
            talk.say(&format!("User {user}: {}", problem.what))?;
        }
        Ok(())
    }

    /// The page that the browser shows last is let finish.
    pub(super) async fn close(self, talk: &mut Talk) -> Result<(), Problem> {
        workspace::browser_answered().await;
        talk.say("Goodbye.")
    }
}

/// Waits for the redirect, or for the address of the page where the browser ended.
async fn redirected(connecting: Connecting, talk: &mut Talk) -> Result<Option<Granted>, Problem> {
    talk.say(
        "Open it in a browser and approve with the bunq app. The browser comes back by itself; \
         or paste here the address of the page where it ended. stop gives up.",
    )?;
    let paster = connecting.paster();
    let waiting = connecting.redirected();
    tokio::pin!(waiting);
    loop {
        let line = tokio::select! {
            granted = &mut waiting => return granted.map(Some),
            line = talk.line() => line?,
        };
        match line.as_deref().map(str::trim) {
            None => return Err(no_more()),
            Some("stop" | "quit" | "back") => return Ok(None),
            Some("") => output::message("Still waiting."),
            Some(address) => {
                if let Err(problem) = paster.paste(address) {
                    talk.complain(&problem)?;
                }
            }
        }
    }
}

fn no_more() -> Problem {
    Problem::new("Standard input ended", Exit::Usage)
        .because("the redirect had not come")
        .next("Keep it open, or use `bunq-tui connect`.")
}
