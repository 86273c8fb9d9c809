//! Setup: what to set up, and how far it is.

mod anew;
mod choice;
mod opening;
mod update;
mod view;

use jiff::Timestamp;

pub(in crate::tui) use anew::{ask_to_set_up_anew, refusal_to_set_up_anew, set_up_anew};
pub(in crate::tui) use choice::CertificateFiles;
use choice::Choice;
pub(in crate::tui) use opening::{
    look, make, new_profile, refusal_to_switch, stop_waiting, switch, unlock,
};
pub(in crate::tui) use update::{
    act, after_opening, begin, read_certificate, refusal, resume, run_with_key, update,
};
pub(in crate::tui) use view::{checklist, key_line, opening_lines, other_slots, view};

use crate::base::{Environment, Problem};
use crate::tui::Start;
use crate::tui::app::Opened;
use crate::tui::data::Generation;
use crate::workspace::{
    CertificatePem, Lock, Profile, Provider, ProviderChoice, SlotKind, Step, StepChange, StepState,
};

/// Which row of the choices has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Row {
    Environment,
    Provider,
}

/// What the screen is doing.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) enum Phase {
    /// Waiting for the person.
    Choosing,
    /// The store is being inspected or opened, or the built-in bank started.
    Opening,
    /// The steps run.
    Running,
    /// Set up.
    Done,
    /// Something failed; the steps before it are kept.
    Failed(Problem),
}

/// What the screen holds.
#[derive(Clone, Debug)]
pub(in crate::tui) struct State {
    /// The banks to choose from.
    environments: Vec<Environment>,
    environment: usize,
    provider: usize,
    row: Row,
    /// The name of the profile that was asked for, where one was.
    named: Option<Profile>,
    /// The name of a profile that is not there yet, in whichever bank is chosen for it.
    new_name: Option<String>,
    steps: Vec<StepChange>,
    /// When the running step began.
    since: Option<Timestamp>,
    pub(in crate::tui) phase: Phase,
    /// Whether the steps are to run as soon as the profile is open.
    go_on: bool,
    /// What the steps run with; none when they go on with what an earlier run chose.
    attempt: Option<ProviderChoice>,
    /// Whether the steps set up anew what was set up before.
    anew: bool,
    /// How the chosen profile's store is locked, from the look at it until it is open.
    lock: Option<Lock>,
    /// What it is being opened with, or was last tried with.
    with: Option<SlotKind>,
    /// What opens the open profile's store, and what has opened it.
    pub(in crate::tui) opened_with: Option<(Lock, SlotKind)>,
    /// The newest request; while a profile is opened, the epoch that begins with it.
    pub(in crate::tui) generation: Generation,
}

/// Something that happened on Setup.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) enum Msg {
    /// The store was looked at.
    Inspected {
        generation: Generation,
        result: Result<Lock, Problem>,
    },
    /// The files of a certificate were read.
    CertificateRead {
        generation: Generation,
        result: Result<CertificatePem, Problem>,
    },
    /// The profile was opened.
    Opened {
        generation: Generation,
        result: Result<Box<Opened>, Problem>,
    },
    /// A step changed.
    Stepped {
        generation: Generation,
        change: StepChange,
    },
    /// The steps ended.
    Finished {
        generation: Generation,
        result: Result<Provider, Problem>,
    },
}

/// Where a message leads.
pub(in crate::tui) enum Outcome {
    /// Nowhere else.
    Stay(Vec<crate::tui::app::Effect>),
    /// A profile is open.
    Opened(Box<Opened>),
    /// Everything is set up, or was set up anew.
    Finished { anew: bool },
}

impl State {
    /// Whether the chosen profile has a store that nobody has unlocked yet.
    pub(in crate::tui) fn is_locked(&self) -> bool {
        let waits = matches!(self.phase, Phase::Choosing | Phase::Failed(_));
        waits && self.locked_by().is_some()
    }

    /// How the chosen profile's store is locked, where nobody has unlocked it yet.
    pub(super) fn locked_by(&self) -> Option<&Lock> {
        self.lock.as_ref().filter(|lock| **lock != Lock::Absent)
    }

    /// Turns to a profile that was closed. Nothing of it stays.
    pub(in crate::tui) fn close(&mut self, profile: Profile, generation: Generation) {
        *self = Self {
            environments: std::mem::take(&mut self.environments),
            generation,
            ..Self::new(&Start::First)
        };
        self.choose(profile);
    }

    /// Before anything was pressed.
    pub(in crate::tui) fn new(start: &Start) -> Self {
        let all = [
            Environment::Demo,
            Environment::Sandbox,
            Environment::Production,
        ];
        let (environments, environment, named) = match start {
            Start::Demo => (vec![Environment::Demo], 0, None),
            Start::First => (all.to_vec(), 0, None),
            Start::Profile(profile) => {
                let mut environments = all.to_vec();
                let at = environments
                    .iter()
                    .position(|one| *one == profile.environment)
                    .unwrap_or_else(|| {
                        environments.push(profile.environment.clone());
                        environments.len() - 1
                    });
                (environments, at, Some(profile.clone()))
            }
        };
        Self {
            environments,
            environment,
            provider: 0,
            row: Row::Environment,
            named,
            new_name: None,
            steps: fresh_steps(),
            since: None,
            phase: Phase::Choosing,
            go_on: false,
            attempt: None,
            anew: false,
            lock: None,
            with: None,
            opened_with: None,
            generation: 0,
        }
    }

    /// The bank that is chosen.
    pub(in crate::tui) fn environment(&self) -> Environment {
        self.environments
            .get(self.environment)
            .cloned()
            .unwrap_or(Environment::Demo)
    }

    /// Who to be there.
    pub(super) fn choice(&self) -> Choice {
        let choices = Choice::at(&self.environment());
        choices
            .get(self.provider)
            .or(choices.first())
            .copied()
            .unwrap_or(Choice::OwnKey)
    }

    /// The profile that the choice stands for.
    pub(in crate::tui) fn profile(&self) -> Profile {
        let environment = self.environment();
        match (&self.new_name, &self.named) {
            (Some(name), _) if environment != Environment::Demo => Profile {
                name: name.clone(),
                environment,
            },
            (None, Some(named)) if named.environment == environment => named.clone(),
            _ => Profile {
                name: environment.file_stem(),
                environment,
            },
        }
    }

    /// Chooses a profile. What was to be done with another one is not done with it.
    pub(in crate::tui) fn choose(&mut self, profile: Profile) {
        if self.profile() != profile {
            self.go_on = false;
            self.provider = 0;
        }
        let known = self
            .environments
            .iter()
            .position(|one| *one == profile.environment);
        self.environment = known.unwrap_or_else(|| {
            self.environments.push(profile.environment.clone());
            self.environments.len() - 1
        });
        self.named = Some(profile);
        self.new_name = None;
    }

    /// Chooses a new profile of that name. Nothing of the demo is kept, so it is none.
    fn begin_new(&mut self, name: String) {
        let sandbox = |one: &Environment| *one == Environment::Sandbox;
        if self.environment() == Environment::Demo {
            self.environment = self.environments.iter().position(sandbox).unwrap_or(0);
        }
        self.provider = 0;
        self.row = Row::Environment;
        self.new_name = Some(name);
    }

    /// Whether something is under way.
    pub(in crate::tui) fn is_busy(&self) -> bool {
        matches!(self.phase, Phase::Opening | Phase::Running)
    }

    /// How many steps are done.
    pub(super) fn done(&self) -> usize {
        self.steps
            .iter()
            .filter(|step| matches!(step.state, StepState::Done { .. }))
            .count()
    }
}

fn fresh_steps() -> Vec<StepChange> {
    Step::ALL
        .into_iter()
        .map(|step| StepChange {
            step,
            state: StepState::Waiting,
        })
        .collect()
}
