//! Facts that several screens share.

use std::collections::HashMap;
use std::ops::Deref;

use jiff::Timestamp;

use crate::base::{Environment, Problem, UserNumber};
use crate::workspace::{Accounts, Profile, Provider, Stage, UserProfile, UserSummary};

/// Tells one request from an earlier one for the same thing.
pub(super) type Generation = u64;

/// Tells an open workspace from the one before: the generation of the request that opened it.
pub(super) type Epoch = Generation;

/// The name that was given to a profile; none where it is only called as its environment.
pub(super) fn own_name(profile: &Profile) -> Option<&str> {
    (profile.name != profile.environment.file_stem()).then_some(&profile.name)
}

/// Something that is read from the bank: what is known stays on the screen, marked, while a
/// newer answer is awaited or has failed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Remote<T> {
    value: Option<T>,
    asked: Option<Generation>,
    problem: Option<Problem>,
    version: u64,
}

impl<T> Default for Remote<T> {
    fn default() -> Self {
        Self {
            value: None,
            asked: None,
            problem: None,
            version: 0,
        }
    }
}

impl<T> Remote<T> {
    /// What is known.
    pub(super) fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// Another number whenever something else became known.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Whether an answer is awaited.
    pub(super) fn is_loading(&self) -> bool {
        self.asked.is_some()
    }

    /// The request whose answer is awaited.
    pub(super) fn asked(&self) -> Option<Generation> {
        self.asked
    }

    /// Why the last request failed.
    pub(super) fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// A request is on its way; answers to earlier ones are no longer wanted.
    pub(super) fn ask(&mut self, generation: Generation) {
        self.asked = Some(generation);
    }

    /// Takes what the store had, unless something is known already that is as new.
    pub(super) fn recall(&mut self, value: T, is_newer: impl FnOnce(&T) -> bool) {
        if self.value.is_none() || is_newer(&value) {
            self.value = Some(value);
            self.version += 1;
        }
    }

    /// Another request for it failed.
    pub(super) fn fail(&mut self, problem: Problem) {
        self.problem = Some(problem);
    }

    /// Another request for it went well.
    pub(super) fn mend(&mut self) {
        self.problem = None;
    }

    /// Takes an answer; false when it came too late to matter.
    pub(super) fn answer(&mut self, generation: Generation, result: Result<T, Problem>) -> bool {
        if self.asked != Some(generation) {
            return false;
        }
        self.asked = None;
        match result {
            Ok(value) => {
                self.value = Some(value);
                self.version += 1;
                self.problem = None;
            }
            Err(problem) => self.problem = Some(problem),
        }
        true
    }
}

/// The users by number. Whoever reads them reads a slice; every change counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Users {
    rows: Vec<UserSummary>,
    version: u64,
}

impl Users {
    /// Another number after each change.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// A row to change.
    pub(super) fn get_mut(&mut self, place: usize) -> Option<&mut UserSummary> {
        self.version += 1;
        self.rows.get_mut(place)
    }

    /// Takes out whoever does not stay.
    pub(super) fn retain(&mut self, stays: impl FnMut(&UserSummary) -> bool) {
        self.version += 1;
        self.rows.retain(stays);
    }
}

impl Deref for Users {
    type Target = [UserSummary];

    fn deref(&self) -> &[UserSummary] {
        &self.rows
    }
}

impl PartialEq for Users {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

impl PartialEq<Vec<UserSummary>> for Users {
    fn eq(&self, other: &Vec<UserSummary>) -> bool {
        self.rows == *other
    }
}

/// What is known of the bank and of ourselves.
#[derive(Clone, Debug)]
pub(super) struct Data {
    /// The bank that the badge names.
    pub(super) environment: Environment,
    /// The profile that is open.
    pub(super) profile: Option<Profile>,
    /// How far the open profile is; none while no profile is open.
    pub(super) stage: Option<Stage>,
    /// Who we are there.
    pub(super) provider: Option<Provider>,
    /// The users by number, ourselves first where we have accounts.
    pub(super) users: Users,
    /// When a code was spent whose token was lost: its user may have a grant too many.
    pub(super) perhaps_granted: Option<Timestamp>,
    /// Accounts by user.
    pub(super) accounts: HashMap<UserNumber, Remote<Accounts>>,
    /// Profiles by user.
    pub(super) profiles: HashMap<UserNumber, Remote<UserProfile>>,
    /// Which open workspace all this is of.
    pub(super) epoch: Epoch,
    generation: Generation,
}

impl Data {
    /// Nothing is known yet but which bank it is about.
    pub(super) fn new(environment: Environment) -> Self {
        Self {
            environment,
            profile: None,
            stage: None,
            provider: None,
            users: Users::default(),
            perhaps_granted: None,
            accounts: HashMap::new(),
            profiles: HashMap::new(),
            epoch: 0,
            generation: 0,
        }
    }

    /// Turns to another workspace: nothing of the last one stays, and its answers come too late.
    pub(super) fn turn_to(&mut self, profile: Profile, epoch: Epoch) {
        let generation = self.generation;
        *self = Self::new(profile.environment.clone());
        self.profile = Some(profile);
        self.generation = generation;
        self.epoch = epoch;
    }

    /// Forgets the workspace that was open: nothing of it stays but which bank it was about.
    pub(super) fn close(&mut self) {
        let generation = self.next_generation();
        *self = Self::new(self.environment.clone());
        self.generation = generation;
        self.epoch = generation;
    }

    /// Takes another list of users.
    pub(super) fn list(&mut self, mut users: Vec<UserSummary>) {
        users.sort_by_key(|user| user.number);
        self.users.rows = users;
        self.users.version += 1;
    }

    /// Where a user's row is.
    pub(super) fn place_of(&self, number: UserNumber) -> Option<usize> {
        self.users
            .binary_search_by_key(&number, |user| user.number)
            .ok()
    }

    /// A number that no request had before.
    pub(super) fn next_generation(&mut self) -> Generation {
        self.generation += 1;
        self.generation
    }

    /// Whether the setup is complete.
    pub(super) fn is_ready(&self) -> bool {
        self.stage == Some(Stage::Ready)
    }
}
