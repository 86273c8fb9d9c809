//! Who lives in the simulated bank when it opens.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::history::{Past, Purse};
use super::iban::{bunq_iban, outside_iban};
use super::state::{Account, AccountKind, Founding, Owner, Secret, State, User, UserKind, euros};

const COLOURS: &[&str] = &[
    "#FF7819", "#3394D7", "#22B573", "#FF1D25", "#93278F", "#FFB300",
];
const OPENED: &str = "2023-03-06 09:12:44.028113";
/// The company's accounts: more than one page of 200.
const COMPANY_ACCOUNTS: usize = 230;

/// An account that is about to be opened.
struct Plan {
    kind: AccountKind,
    description: String,
    balance: Option<Decimal>,
    has_iban: bool,
    past: Past,
}

impl Plan {
    fn bank(description: &str, cents: i64, past: Past) -> Self {
        Self {
            kind: AccountKind::Bank,
            description: description.to_owned(),
            balance: Some(euros(cents)),
            has_iban: true,
            past,
        }
    }
}

/// A bank with its inhabitants.
pub(super) fn build(founding: Founding) -> State {
    let mut state = State::new(founding);
    first(&mut state);
    company(&mut state);
    mixed(&mut state);
    for (first, last, accounts) in [
        ("Ελένη", "Παπαδοπούλου", 2),
        ("伟", "王", 3),
        ("ليلى", "الحداد", 1),
        ("Žofie", "Nováková", 0),
        ("François-Noël", "Lefèvre", 12),
    ] {
        let user = person(&mut state, first, last);
        let plans = some_accounts(&mut state, accounts);
        open(&mut state, user, plans);
    }
    // One whose id others do not see, as it was for everyone at one time.
    let shy = state.inhabitants.get(4).copied();
    if let Some(user) = shy.and_then(|id| state.users.get_mut(&id)) {
        user.hides_id = true;
    }
    extra(&mut state, founding.users);
    state
}

fn first(state: &mut State) {
    let user = person(state, "Sanne", "Vermeer");
    let plans = vec![
        Plan::bank("Main", 411_800, Past::Year(Purse::Main)),
        Plan::bank("Groceries", 190_000, Past::Year(Purse::Groceries)),
        Plan::bank("Holiday", 95_400, Past::Year(Purse::Holiday)),
        Plan::bank("Rent", 164_300, Past::Year(Purse::Rent)),
    ];
    open(state, user, plans);
}

fn company(state: &mut State) {
    let name = "Coöperatie De Windmolen B.V.";
    let user = add_user(state, UserKind::Company, name.to_owned());
    state.inhabitants.push(user);
    let mut plans = Vec::new();
    for nth in 1..=COMPANY_ACCOUNTS {
        let cents = i64::try_from(state.random.below(9_000_000)).unwrap_or(0);
        plans.push(Plan::bank(&format!("Turbine {nth:03}"), cents, Past::Few));
    }
    open(state, user, plans);
}

/// A person with one of each kind, one without an IBAN, one whose balance nobody knows.
fn mixed(state: &mut State) {
    let user = person(state, "Joris", "van den Berg");
    let plan = |kind, description: &str, balance, has_iban| Plan {
        kind,
        description: description.to_owned(),
        balance,
        has_iban,
        past: Past::Few,
    };
    let plans = vec![
        Plan::bank("Daily", 73_219, Past::Few),
        plan(
            AccountKind::Joint("Mila van den Berg".to_owned()),
            "Household",
            Some(euros(128_455)),
            true,
        ),
        plan(
            AccountKind::Savings(euros(500_000)),
            "Canal boat ⛵",
            Some(euros(215_000)),
            true,
        ),
        plan(
            AccountKind::External,
            "Credit card elsewhere",
            Some(euros(48_210)),
            false,
        ),
        plan(AccountKind::External, "Savings elsewhere", None, true),
    ];
    open(state, user, plans);
}

fn extra(state: &mut State, more: usize) {
    const FIRST: &[&str] = &[
        "Noor", "Daan", "Inès", "Søren", "Ayşe", "Milan", "Zoë", "Kwame",
    ];
    const LAST: &[&str] = &[
        "Bakker",
        "Visser",
        "Peeters",
        "Öztürk",
        "Mensah",
        "Håkansson",
    ];
    for nth in 1..=more {
        let first = state.random.pick(FIRST).copied().unwrap_or_default();
        let last = state.random.pick(LAST).copied().unwrap_or_default();
        let user = person(state, first, &format!("{last} {nth}"));
        let count = 1 + usize::try_from(state.random.below(6)).unwrap_or(0);
        let plans = some_accounts(state, count);
        open(state, user, plans);
    }
}

/// A person with one or two accounts whose turn to approve never comes; answers its id and theirs.
pub(super) fn passer_by(state: &mut State, nth: usize) -> (u64, BTreeSet<u64>) {
    let (first, last) = ("Alex".to_owned(), format!("de Vries {nth}"));
    let name = format!("{first} {last}");
    let user = add_user(state, UserKind::Person { first, last }, name);
    let before = state.last_id();
    let plans = some_accounts(state, 1 + nth % 2);
    open(state, user, plans);
    (user, (before + 1..=state.last_id()).collect())
}

fn some_accounts(state: &mut State, count: usize) -> Vec<Plan> {
    const NAMES: &[&str] = &["Main", "Savings", "Bills", "Travel", "Gifts", "Car"];
    let names = NAMES.iter().cycle().take(count);
    names
        .map(|name| {
            let cents = i64::try_from(state.random.below(800_000)).unwrap_or(0);
            Plan::bank(name, cents, Past::Few)
        })
        .collect()
}

fn person(state: &mut State, first: &str, last: &str) -> u64 {
    let kind = UserKind::Person {
        first: first.to_owned(),
        last: last.to_owned(),
    };
    // Chinese names are written family name first, without a space.
    let name = if last.chars().count() == 1 {
        format!("{last}{first}")
    } else {
        format!("{first} {last}")
    };
    let user = add_user(state, kind, name);
    state.inhabitants.push(user);
    user
}

/// A new user without accounts.
pub(super) fn add_user(state: &mut State, kind: UserKind, name: String) -> u64 {
    let id = state.id();
    let email = format!("test+{}@bunq.com", state.random.uuid());
    let phone = format!("+3168{:07}", state.random.below(10_000_000));
    let public_uuid = state.random.uuid();
    let timeouts = state.founding.timeouts;
    let session_timeout = match kind {
        UserKind::Provider { .. } => timeouts.provider,
        UserKind::Person { .. } | UserKind::Company => timeouts.user,
    };
    let user = User {
        id,
        kind,
        name,
        email,
        phone,
        public_uuid,
        created: OPENED.to_owned(),
        language: "en_US",
        session_timeout,
        hides_id: false,
    };
    state.users.insert(id, user);
    id
}

/// A new sandbox user with one empty account; answers its API key.
pub(super) fn sandbox_user(state: &mut State, company: bool, now: String) -> String {
    let (kind, name) = if company {
        let number = state.random.below(100_000);
        (UserKind::Company, format!("Sandbox Company {number:05}"))
    } else {
        let last = format!("Sandbox {:05}", state.random.below(100_000));
        let first = "Robin".to_owned();
        let name = format!("{first} {last}");
        (UserKind::Person { first, last }, name)
    };
    let user = add_user(state, kind, name);
    if let Some(user) = state.users.get_mut(&user) {
        user.created.clone_from(&now);
    }
    open_bank(state, user, "Main".to_owned(), euros(100_000), now);
    let key = format!("sandbox_{}", state.random.hex(56));
    let secret = Secret {
        owner: Owner::User(user),
        dead: false,
    };
    state.secrets.insert(key.clone(), secret);
    key
}

/// A new empty account; answers its id.
pub(super) fn open_bank(
    state: &mut State,
    user: u64,
    description: String,
    daily_limit: Decimal,
    now: String,
) -> u64 {
    let plan = Plan::bank(&description, 0, Past::None);
    let id = state.id();
    let mut account = account(state, id, user, plan);
    account.daily_limit = daily_limit;
    account.created.clone_from(&now);
    account.updated = now;
    state.accounts.insert(id, account);
    id
}

/// Opens these accounts; the first gets the largest id, so that lists begin with it.
fn open(state: &mut State, user: u64, plans: Vec<Plan>) {
    let last = state.reserve(plans.len() as u64);
    for (back, plan) in (0..).zip(plans) {
        let id = last - back;
        let account = account(state, id, user, plan);
        state.accounts.insert(id, account);
    }
}

fn account(state: &mut State, id: u64, user: u64, plan: Plan) -> Account {
    let number = state.random.next();
    let iban = plan.has_iban.then(|| match plan.kind {
        AccountKind::External => outside_iban(number),
        _ => bunq_iban(number),
    });
    let colour = state.random.pick(COLOURS).copied().unwrap_or("#FF7819");
    Account {
        id,
        user,
        kind: plan.kind,
        description: plan.description,
        balance: plan.balance,
        iban,
        public_uuid: state.random.uuid(),
        colour,
        daily_limit: euros(100_000),
        closed: false,
        created: OPENED.to_owned(),
        updated: OPENED.to_owned(),
        payments: Vec::new(),
        past: plan.past,
        remembered: false,
        requests: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::authorize::accounts_of;
    use super::*;

    fn build(seed: u64, users: usize) -> State {
        super::build(Founding::of_seed(seed, users))
    }

    #[test]
    fn the_first_has_the_four_accounts_and_the_company_230() {
        let bank = build(0, 5);
        assert_eq!(bank.inhabitants.len(), 13);
        let of = |nth: usize| accounts_of(&bank, bank.inhabitants[nth]);
        let first: Vec<_> = of(0)
            .iter()
            .rev()
            .map(|id| bank.accounts[id].balance)
            .collect();
        let wanted = [411_800, 190_000, 95_400, 164_300];
        assert_eq!(first, wanted.map(|cents| Some(euros(cents))));
        assert_eq!(of(1).len(), COMPANY_ACCOUNTS);
        let mixed: Vec<_> = of(2).iter().map(|id| &bank.accounts[id]).collect();
        assert_eq!(mixed.iter().filter(|a| a.iban.is_none()).count(), 1);
        assert_eq!(mixed.iter().filter(|a| a.balance.is_none()).count(), 1);
        let counts: Vec<_> = (0..8).map(|nth| of(nth).len()).collect();
        assert!(counts.contains(&0));
        let ibans: std::collections::BTreeSet<_> = bank
            .accounts
            .values()
            .filter_map(|a| a.iban.as_ref())
            .collect();
        let with = bank.accounts.values().filter(|a| a.iban.is_some()).count();
        assert_eq!(ibans.len(), with, "no IBAN twice");
    }

    #[test]
    fn names_are_written_in_several_scripts() {
        let bank = build(0, 0);
        let names = bank
            .inhabitants
            .iter()
            .map(|id| bank.users[id].name.as_str());
        let all: String = names.collect();
        for (script, letters) in [
            ("Latin with marks", 'À'..='ž'),
            ("Greek", 'Α'..='ώ'),
            ("Chinese", '一'..='龥'),
            ("Arabic", 'ء'..='ي'),
        ] {
            assert!(all.chars().any(|c| letters.contains(&c)), "{script}");
        }
    }

    #[test]
    fn the_same_seed_is_the_same_world() {
        assert_eq!(format!("{:?}", build(4, 2)), format!("{:?}", build(4, 2)));
        assert_ne!(format!("{:?}", build(4, 2)), format!("{:?}", build(5, 2)));
    }
}
