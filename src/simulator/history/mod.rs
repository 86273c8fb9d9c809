//! Payments of the past, made up at the first look at an account.
//!
//! They are made backwards from the balance of today, so that the running balance ends in it
//! exactly and is never negative; the first one brings what was there at the start.

mod household;

pub(super) use household::Purse;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use rust_decimal::Decimal;

use super::iban::{bunq_iban, outside_iban};
use super::seeded::Seeded;
use super::state::{Account, Counterparty, Payment, State, euros};

/// Each account has a row of ids for its past, below those of payments made later.
const IDS_FOR_EACH_ACCOUNT: u64 = 10_000;
/// The first id of a payment that is made while the simulator runs.
pub(super) const FIRST_NEW_PAYMENT: u64 = 1_000_000_000;

/// What kind of past an account has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Past {
    /// None: it was opened while the simulator ran.
    None,
    /// At most 20 payments.
    Few,
    /// A year of the first inhabitant's household.
    Year(Purse),
}

/// A user's household accounts as the other side of each other's payments.
pub(super) type Siblings = Vec<(Purse, Counterparty)>;

/// One payment before it has an id and a balance.
struct Entry {
    at: Timestamp,
    cents: i64,
    other: Counterparty,
    text: String,
    kind: &'static str,
    sub_kind: &'static str,
}

const CARD: (&str, &str) = ("MASTERCARD", "PAYMENT");
const TRANSFER: (&str, &str) = ("EBA_SCT", "SCT");
const DEBIT: (&str, &str) = ("EBA_SDD", "SDD");
const INSIDE: (&str, &str) = ("BUNQ", "PAYMENT");
const IDEAL: (&str, &str) = ("IDEAL", "PAYMENT");

/// Who is paid by card: name, least and most cents.
const SHOPS: &[(&str, i64, i64)] = &[
    ("Koffiebar De Kade", 280, 960),
    ("Bakkerij Zonnebloem", 310, 1450),
    ("Boekhandel Het Paard", 899, 4250),
    ("Fietsenmaker Jansen", 750, 6400),
    ("Bioscoop Luxor", 1100, 2600),
    ("Restaurant Olijf", 1850, 7200),
    ("Drogist Linde", 399, 2875),
    ("Kapper Knip & Co", 2400, 3900),
    ("Café Zürich", 640, 3380),
    ("Bloemen van Elif", 750, 2995),
    ("寿司 Midori", 1290, 4480),
];
const PEOPLE: &[&str] = &[
    "Björn Sörensen",
    "Fatima El Amrani",
    "Piet Mondriaan",
    "Łucja Wiśniewska",
    "Tom de Boer",
    "Nguyễn Thị Hoa",
];

/// The household accounts of this user.
pub(super) fn siblings(state: &State, user: u64) -> Siblings {
    let name = state.users.get(&user).map(|user| &user.name);
    let accounts = state.accounts.values();
    accounts
        .filter(|account| account.user == user)
        .filter_map(|account| match account.past {
            Past::Year(purse) => Some((purse, account)),
            Past::None | Past::Few => None,
        })
        .map(|(purse, account)| {
            let other = Counterparty {
                name: name.cloned().unwrap_or_default(),
                iban: account.iban.clone(),
            };
            (purse, other)
        })
        .collect()
}

/// The past of this account as of `today`, oldest first.
pub(super) fn make(account: &Account, siblings: &Siblings, seed: u64, today: Date) -> Vec<Payment> {
    let Some(balance) = account.balance else {
        return Vec::new();
    };
    let mut random = Seeded::new(seed, &format!("past of {}", account.id));
    let mut entries = match account.past {
        Past::None => return Vec::new(),
        Past::Few => few(&mut random, today),
        Past::Year(purse) => household::year(purse, siblings, &mut random, today),
    };
    entries.sort_by_key(|entry| entry.at);
    let first_day = entries.first().map(|entry| entry.at);
    let mut payments = Vec::new();
    let mut after = balance;
    for entry in entries.into_iter().rev() {
        let amount = euros(entry.cents);
        let before = after - amount;
        // Money that could not have been there did not come.
        if before < Decimal::ZERO {
            continue;
        }
        payments.push(payment(entry, after));
        after = before;
    }
    if let (Some(at), true) = (first_day, after > Decimal::ZERO) {
        let (kind, sub_kind) = TRANSFER;
        let start = Entry {
            at: at - SignedDuration::from_hours(20),
            cents: 0,
            other: Counterparty {
                name: "My old bank".to_owned(),
                iban: Some(outside_iban(random.next())),
            },
            text: "From my old account".to_owned(),
            kind,
            sub_kind,
        };
        let amount = after;
        let mut first = payment(start, after);
        first.amount = amount;
        payments.push(first);
    }
    payments.reverse();
    for (nth, payment) in (1..).zip(&mut payments) {
        payment.id = account.id.saturating_mul(IDS_FOR_EACH_ACCOUNT) + nth;
    }
    payments
}

fn payment(entry: Entry, balance_after: Decimal) -> Payment {
    Payment {
        id: 0,
        created: entry.at,
        amount: euros(entry.cents),
        balance_after,
        counterparty: entry.other,
        description: entry.text,
        kind: entry.kind,
        sub_kind: entry.sub_kind,
    }
}

/// Some moment of that day.
fn moment(random: &mut Seeded, day: Date) -> Timestamp {
    let midnight = day
        .to_zoned_datetime(TimeZone::UTC)
        .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
    let micros = 7 * 3_600_000_000 + random.below(13 * 3_600_000_000);
    midnight + SignedDuration::from_micros(i64::try_from(micros).unwrap_or(0))
}

fn shop(random: &mut Seeded, day: Date, shops: &[(&str, i64, i64)]) -> Option<Entry> {
    let (name, least, most) = *random.pick(shops)?;
    let span = u64::try_from(most - least).unwrap_or(0);
    let cents = least + i64::try_from(random.below(span)).unwrap_or(0);
    let (kind, sub_kind) = CARD;
    Some(Entry {
        at: moment(random, day),
        cents: -cents,
        other: Counterparty {
            name: name.to_owned(),
            iban: None,
        },
        text: format!("{name} Amsterdam, NL"),
        kind,
        sub_kind,
    })
}

fn few(random: &mut Seeded, today: Date) -> Vec<Entry> {
    let count = 6 + random.below(13);
    let mut entries = Vec::new();
    for _ in 0..count {
        let back = 1 + i64::try_from(random.below(300)).unwrap_or(0);
        let day = today.saturating_sub(back.days());
        if random.below(3) > 0 {
            entries.extend(shop(random, day, SHOPS));
            continue;
        }
        let cents = 500 + i64::try_from(random.below(60_000)).unwrap_or(0);
        let name = random.pick(PEOPLE).copied().unwrap_or_default();
        let (sign, (kind, sub_kind), text) = match random.below(3) {
            0 => (-1, IDEAL, "Order 4711"),
            1 => (1, TRANSFER, "Thank you!"),
            _ => (1, INSIDE, "Dinner 🍝"),
        };
        entries.push(Entry {
            at: moment(random, day),
            cents: sign * cents,
            other: Counterparty {
                name: name.to_owned(),
                iban: match (kind, random.next()) {
                    ("IDEAL", _) => None,
                    ("BUNQ", number) => Some(bunq_iban(number)),
                    (_, number) => Some(outside_iban(number)),
                },
            },
            text: text.to_owned(),
            kind,
            sub_kind,
        });
    }
    entries
}

#[cfg(test)]
mod tests;
