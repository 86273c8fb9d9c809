//! What must hold, whatever happened; and what an action must come to where nothing went wrong.

use std::collections::{BTreeMap, BTreeSet};

use bunq_tui::base::{Exit, Problem, Remedy, UserNumber};
use bunq_tui::simulator::Census;
use bunq_tui::workspace::{Accounts, Connected, Stage};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use crate::action::{Action, Answer};
use crate::machine::{Ended, Figures, Machine, Person, figures};

type Checked = Result<(), TestCaseError>;

#[derive(Clone, Debug)]
struct User {
    person: Person,
    alive: bool,
    /// As they were last shown.
    shown: Option<Figures>,
}

pub(crate) struct Reference<'a> {
    machine: Machine<'a>,
    before: Census,
    /// Something went wrong, or may: what an action comes to is not known.
    doubt: bool,
    /// How often the bank had forgotten everything when we were set up.
    ours: Option<u32>,
    /// How often a setup began at this bank with nothing.
    founded: usize,
    users: BTreeMap<u32, User>,
    highest: u32,
}

impl<'a> Reference<'a> {
    pub(crate) fn new(machine: Machine<'a>) -> Self {
        Self {
            before: machine.bank.simulator.census(),
            machine,
            doubt: false,
            ours: None,
            founded: 1,
            users: BTreeMap::new(),
            highest: 0,
        }
    }

    pub(crate) async fn act(&mut self, action: Action) -> Checked {
        let simulator = self.machine.bank.simulator.clone();
        match action {
            Action::SetUp => self.set_up().await?,
            Action::SetUpAnew => self.set_up_anew().await?,
            Action::Connect(answer) => self.connect(answer).await?,
            Action::Disconnect(place) => self.disconnect(place).await?,
            Action::Read(place) => self.read(place).await?,
            Action::ReadProfile(place) => self.read_profile(place).await?,
            Action::Reopen => self.machine.reopen(),
            Action::CrashAt(checkpoint) => {
                self.doubt = true;
                self.machine.crash_at(checkpoint);
            }
            Action::Fault(kind, endpoint, calls) => {
                self.doubt = true;
                for nth in 1..=calls {
                    simulator.set_fault(bunq_tui::simulator::Fault {
                        endpoint: endpoint.into(),
                        nth: Some(nth),
                        kind: kind.clone(),
                    });
                }
            }
            Action::Expire => simulator.expire_sessions(),
            Action::Revoke => {
                simulator.revoke_grants();
                self.users.values_mut().for_each(|user| user.alive = false);
            }
            Action::Restart => {
                self.machine.bank.restart();
                self.before = Census::default();
                // A first setup may still come, or one that is to be made anew and broke off.
                self.founded = usize::from(self.ours.is_none() || self.doubt);
            }
            Action::Permit(permit) => {
                self.doubt |= !permit;
                simulator.permit_nobody(!permit);
            }
            Action::Pass(seconds) => simulator
                .clock()
                .advance(std::time::Duration::from_secs(seconds.into())),
            Action::Skew(seconds) => self.machine.skew(seconds),
            Action::Heal => self.heal().await?,
        }
        self.check()
    }

    fn times(&self) -> u32 {
        self.machine.bank.times()
    }

    fn knows_us(&self) -> bool {
        self.ours == Some(self.times())
    }

    /// A run that ended, or the program dead and started again.
    fn survived<T>(&mut self, ended: Ended<T>) -> Option<Result<T, Problem>> {
        if ended.is_none() {
            self.machine.reopen();
        }
        ended
    }

    async fn set_up(&mut self) -> Checked {
        let ended = self.machine.set_up(false).await;
        let Some(ended) = self.survived(ended) else {
            return Ok(());
        };
        if self.doubt {
            return Ok(());
        }
        if self.ours.is_none() || self.knows_us() {
            prop_assert_eq!(ended, Ok(()));
            self.ours = Some(self.times());
        } else {
            self.forgotten(ended)?;
        }
        Ok(())
    }

    async fn set_up_anew(&mut self) -> Checked {
        self.founded += 1;
        let ended = self.machine.set_up(true).await;
        let ended = self.survived(ended);
        if !self.knows_us() {
            self.users.values_mut().for_each(|user| user.alive = false);
        }
        if let (Some(ended), false) = (ended, self.doubt) {
            prop_assert_eq!(ended, Ok(()));
            self.ours = Some(self.times());
        }
        Ok(())
    }

    fn forgotten<T: std::fmt::Debug>(&self, ended: Result<T, Problem>) -> Checked {
        let remedy = ended.as_ref().err().and_then(|problem| problem.remedy);
        prop_assert_eq!(remedy, Some(Remedy::SetUpAnew), "{:?}", ended);
        Ok(())
    }

    async fn connect(&mut self, answer: Answer) -> Checked {
        let ended = self.machine.connect(answer).await;
        let Some(ended) = self.survived(ended) else {
            return Ok(());
        };
        if let Ok(connected) = &ended {
            self.connected(connected)?;
        }
        if self.doubt {
            return Ok(());
        }
        if self.ours.is_none() {
            prop_assert_eq!(ended.unwrap_err().exit, Exit::NotReady);
        } else if !self.knows_us() {
            self.forgotten(ended)?;
        } else {
            let exit = ended.map(drop).map_err(|problem| problem.exit);
            prop_assert_eq!(
                exit,
                match answer {
                    Answer::Approves | Answer::IsPasted => Ok(()),
                    Answer::Denies => Err(Exit::Refused),
                    Answer::Never => Err(Exit::TryLater),
                }
            );
        }
        Ok(())
    }

    /// One person is one row, and a new row has a new number.
    fn connected(&mut self, connected: &Connected) -> Checked {
        let person = (self.times(), connected.name.to_string());
        let number = connected.number.0;
        prop_assert!(self.machine.bank.knows(&person.1));
        let known = self.users.iter().find(|(_, user)| user.person == person);
        match known.map(|(number, _)| *number) {
            Some(known) => prop_assert_eq!((number, connected.again), (known, true)),
            // A run that died may have stored it before.
            None if number > self.highest => self.highest = number,
            None => return Err(TestCaseError::fail("a number was given again")),
        }
        let perhaps = self.machine.workspace.perhaps_granted().unwrap();
        prop_assert_eq!(perhaps, None, "who connects clears it");
        let user = self.users.entry(number).or_insert(User {
            person,
            alive: true,
            shown: None,
        });
        user.alive = true;
        Ok(())
    }

    fn at(&self, place: usize) -> Option<UserNumber> {
        let numbers: Vec<_> = self.users.keys().copied().collect();
        let place = place.checked_rem(numbers.len())?;
        numbers.get(place).copied().map(UserNumber)
    }

    async fn disconnect(&mut self, place: usize) -> Checked {
        let Some(user) = self.at(place) else {
            return Ok(());
        };
        let ended = self.machine.disconnect(user).await;
        let Some(ended) = self.survived(ended) else {
            return Ok(());
        };
        prop_assert_eq!(ended, Ok(()), "it needs no bank");
        self.users.remove(&user.0);
        Ok(())
    }

    async fn read(&mut self, place: usize) -> Checked {
        let Some(user) = self.at(place) else {
            return Ok(());
        };
        let ended = self.machine.read(user).await;
        let Some(ended) = self.survived(ended) else {
            return Ok(());
        };
        if let Ok(accounts) = &ended {
            self.shown(user, accounts)?;
        }
        self.answered(user, ended.map(drop))
    }

    /// Nobody is shown what is another's.
    fn shown(&mut self, user: UserNumber, accounts: &Accounts) -> Checked {
        let shown = figures(accounts);
        let row = self.users.get_mut(&user.0).unwrap();
        let bank = self.machine.bank;
        let own = bank.are_of(&row.person, &shown, !self.doubt);
        prop_assert!(own, "{} accounts shown for {row:?}", shown.len());
        row.shown = Some(shown);
        Ok(())
    }

    async fn read_profile(&mut self, place: usize) -> Checked {
        let Some(user) = self.at(place) else {
            return Ok(());
        };
        let ended = self.machine.read_profile(user).await;
        let Some(ended) = self.survived(ended) else {
            return Ok(());
        };
        if let Ok(name) = &ended {
            prop_assert_eq!(name, &self.users[&user.0].person.1);
        }
        self.answered(user, ended.map(drop))
    }

    /// A read comes to what the grant is worth.
    fn answered(&self, user: UserNumber, ended: Result<(), Problem>) -> Checked {
        if self.doubt {
            return Ok(());
        }
        if !self.knows_us() {
            return self.forgotten(ended);
        }
        let alive = self.users[&user.0].alive;
        let rows = self.machine.workspace.users().unwrap();
        let row = rows.iter().find(|row| row.number == user).unwrap();
        let marked = row.revoked_at.is_some();
        match ended {
            Ok(()) => prop_assert!(alive && !marked),
            Err(problem) => {
                prop_assert!(!alive, "{problem}");
                prop_assert_eq!(problem.exit, Exit::Refused, "{}", problem);
                // Where nobody else could be asked it is not certain, and nothing is marked.
                let certain = problem.remedy == Some(Remedy::ConnectAgain);
                prop_assert!(marked || !certain, "{problem}");
            }
        }
        Ok(())
    }

    /// What holds at any time.
    fn check(&mut self) -> Checked {
        let workspace = &self.machine.workspace;
        if self.ours.is_some() && !self.doubt {
            prop_assert_eq!(workspace.stage().unwrap(), Stage::Ready);
        }
        let made = self.machine.bank.simulator.census();
        let clients = made.oauth_clients - self.before.oauth_clients;
        let urls = made.callback_urls - self.before.callback_urls;
        prop_assert!(clients <= self.founded, "{} OAuth clients", clients);
        prop_assert!(urls <= clients, "{} callback URLs", urls);

        let rows = workspace.users().unwrap();
        let rows = rows.iter().filter(|row| !row.number.is_provider());
        let mut there = BTreeSet::new();
        for row in rows {
            there.insert(row.number.0);
            if !self.users.contains_key(&row.number.0) {
                // Stored by a run that died before it could say so.
                prop_assert!(self.doubt && row.number.0 > self.highest, "{row:?}");
                self.highest = row.number.0;
                let user = User {
                    person: (self.times(), row.name.to_string()),
                    alive: true,
                    shown: None,
                };
                self.users.insert(row.number.0, user);
            }
            let user = &self.users[&row.number.0];
            prop_assert_eq!(&user.person.1, row.name.as_str());
            // Kept by a run that died before it could show them.
            let unseen = self.doubt && user.shown.is_none();
            let shown = user.shown.as_ref().map(Vec::len);
            prop_assert!(unseen || row.accounts == shown, "not as shown: {row:?}");
        }
        // Gone by a run that died before it could say so.
        let doubt = self.doubt;
        self.users
            .retain(|number, _| !doubt || there.contains(number));
        prop_assert_eq!(there.len(), self.users.len(), "a user is lost");
        let persons: BTreeSet<_> = self.users.values().map(|user| &user.person).collect();
        prop_assert_eq!(persons.len(), self.users.len(), "a person has two rows");
        Ok(())
    }

    /// What was shown is what is stored.
    fn check_stored(&self) -> Checked {
        for (number, user) in &self.users {
            let stored = self.machine.workspace.stored_accounts(UserNumber(*number));
            let stored = stored.unwrap().as_ref().map(figures);
            let unseen = self.doubt && user.shown.is_none();
            prop_assert!(unseen || stored == user.shown, "not as shown: {user:?}");
            let bank = self.machine.bank;
            let own = stored.is_none_or(|stored| bank.are_of(&user.person, &stored, false));
            prop_assert!(own, "another's accounts stored for {user:?}");
        }
        Ok(())
    }

    /// The bad day is over, and the person does what the program says: everything works.
    pub(crate) async fn heal(&mut self) -> Checked {
        let simulator = self.machine.bank.simulator.clone();
        simulator.clear_faults();
        simulator.permit_nobody(false);
        self.machine.crash_at(0);
        self.machine.skew(0);
        self.check()?;
        self.check_stored()?;
        let set_up = self.machine.set_up(false).await.unwrap();
        if let Err(problem) = set_up {
            prop_assert_eq!(problem.exit, Exit::Refused, "{}", problem);
            self.founded += 1;
            prop_assert_eq!(self.machine.set_up(true).await.unwrap(), Ok(()));
        }
        self.ours = Some(self.times());
        let connected = self.machine.connect(Answer::Approves).await.unwrap();
        self.connected(&connected.map_err(|problem| TestCaseError::fail(problem.to_string()))?)?;
        let numbers: Vec<_> = self.users.keys().copied().map(UserNumber).collect();
        for number in numbers {
            let ended = self.machine.read(number).await.unwrap();
            if let Ok(accounts) = &ended {
                self.shown(number, accounts)?;
            } else if self.users[&number.0].shown.is_none() {
                // What a run kept that died before it could show it is still theirs alone.
                let stored = self.machine.workspace.stored_accounts(number);
                if let Some(accounts) = stored.unwrap() {
                    self.shown(number, &accounts)?;
                }
            }
            self.users.get_mut(&number.0).unwrap().alive = ended.is_ok();
            self.doubt = false;
            self.answered(number, ended.map(drop))?;
        }
        self.doubt = false;
        self.check()
    }
}
