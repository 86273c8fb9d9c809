use std::collections::BTreeSet;

use jiff::civil::date;

use super::super::authorize::accounts_of;
use super::super::state::Founding;
use super::super::world;
use super::*;

const TODAY: Date = date(2026, 11, 24);

fn past_of(bank: &State, account: &Account, seed: u64) -> Vec<Payment> {
    make(account, &siblings(bank, account.user), seed, TODAY)
}

/// The four accounts of the first inhabitant.
fn household(bank: &State) -> Vec<&Account> {
    let ids = accounts_of(bank, bank.inhabitants[0]);
    ids.iter().map(|id| &bank.accounts[id]).collect()
}

#[test]
fn every_past_ends_in_the_balance() {
    let bank = world::build(Founding::of_seed(0, 3));
    for account in bank.accounts.values() {
        let payments = past_of(&bank, account, 0);
        let mut running = Decimal::ZERO;
        let mut earlier = None;
        for payment in &payments {
            running += payment.amount;
            assert_eq!(payment.balance_after, running, "{}", account.description);
            assert!(running >= Decimal::ZERO);
            assert!(earlier < Some((payment.id, payment.created)) || earlier.is_none());
            earlier = Some((payment.id, payment.created));
            assert!(payment.id < FIRST_NEW_PAYMENT);
        }
        match account.balance {
            Some(balance) => assert_eq!(running, balance, "{}", account.description),
            None => assert!(payments.is_empty()),
        }
        if account.past == Past::Few {
            assert!(payments.len() <= 20);
        }
    }
}

#[test]
fn the_first_inhabitant_has_a_year_in_each_of_four_accounts() {
    let bank = world::build(Founding::of_seed(0, 0));
    let accounts = household(&bank);
    assert_eq!(accounts.len(), 4);
    for account in accounts {
        let payments = past_of(&bank, account, 0);
        let name = &account.description;
        assert!(payments.len() >= 100, "{name}: {}", payments.len());
        let first = payments[0].created.to_zoned_datetime(TimeZone::UTC).date();
        let days = TODAY.since(first).unwrap().get_days();
        assert!(days >= 330, "{name}: first {days} days back");
    }
    let others = bank.accounts.values();
    let few = others.filter(|account| !matches!(account.past, Past::Year(_)));
    assert!(few.clone().count() > 200);
    for account in few {
        assert!(past_of(&bank, account, 0).len() <= 20);
    }
}

#[test]
fn transfers_between_own_accounts_stand_in_both() {
    for seed in 0..4 {
        let bank = world::build(Founding::of_seed(seed, 0));
        let accounts = household(&bank);
        let own: BTreeSet<_> = accounts
            .iter()
            .map(|account| account.iban.clone())
            .collect();
        let mut sides = BTreeSet::new();
        for account in &accounts {
            for payment in past_of(&bank, account, seed) {
                let other = payment.counterparty;
                let inside = payment.kind == INSIDE.0;
                assert_eq!(inside, own.contains(&other.iban), "{other:?}");
                if inside {
                    assert_eq!(other.name, "Sanne Vermeer");
                    let (at, amount) = (payment.created, payment.amount);
                    sides.insert((at, account.iban.clone(), other.iban, amount));
                }
            }
        }
        assert!(sides.len() > 2 * 200, "{}", sides.len());
        for (at, this, other, amount) in &sides {
            let mirrored = (*at, other.clone(), this.clone(), -*amount);
            assert!(sides.contains(&mirrored), "seed {seed}: {at} {amount}");
        }
    }
}

#[test]
fn salary_comes_every_month() {
    let bank = world::build(Founding::of_seed(0, 0));
    let accounts = household(&bank);
    let main = accounts.iter().find(|a| a.description == "Main").unwrap();
    let payments = past_of(&bank, main, 0);
    let salaries = payments.iter().filter(|p| p.description == "Salary");
    assert_eq!(salaries.count(), 12);
    assert_eq!(
        format!("{payments:?}"),
        format!("{:?}", past_of(&bank, main, 0)),
        "the same in every run"
    );
}
