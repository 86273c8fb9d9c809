//! Payments of the past, made up at the first look at an account.
//!
//! They are made backwards from the balance of today, so that the running balance ends in it
//! exactly and is never negative; the first one brings what was there at the start.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use rust_decimal::Decimal;

use super::iban::outside_iban;
use super::seeded::Seeded;
use super::state::{Account, Counterparty, Payment, euros};

/// Each account has a row of ids for its past, below those of payments made later.
const IDS_FOR_EACH_ACCOUNT: u64 = 10_000;
/// The first id of a payment that is made while the simulator runs.
pub(super) const FIRST_NEW_PAYMENT: u64 = 1_000_000_000;

/// What kind of past an account has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Past {
    /// None, or it has been made.
    Made,
    /// At most 20 payments.
    Few,
    /// A year of the first inhabitant's household.
    Year(Purse),
}

/// The four accounts of the first inhabitant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purse {
    Main,
    Groceries,
    Holiday,
    Rent,
}

/// One payment before it has an id and a balance.
struct Entry {
    at: Timestamp,
    cents: i64,
    name: String,
    iban: Option<String>,
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
const MARKETS: &[(&str, i64, i64)] = &[
    ("Supermarkt Vers", 620, 5230),
    ("Markt Albert Cuyp", 380, 1890),
    ("Kaashandel Noord", 450, 2260),
    ("Slagerij Smit", 595, 2740),
    ("Toko Sari", 410, 1975),
];
const TRIPS: &[(&str, i64, i64)] = &[
    ("Nachttrein Wenen", 8900, 14_900),
    ("Pension Seeblick", 11_200, 18_400),
    ("Camping Les Érables", 4200, 9600),
];
const PEOPLE: &[&str] = &[
    "Björn Sörensen",
    "Fatima El Amrani",
    "Piet Mondriaan",
    "Łucja Wiśniewska",
    "Tom de Boer",
    "Nguyễn Thị Hoa",
];

/// The past of this account as of `today`, oldest first.
pub(super) fn make(account: &Account, seed: u64, today: Date) -> Vec<Payment> {
    let Some(balance) = account.balance else {
        return Vec::new();
    };
    let mut random = Seeded::new(seed, &format!("past of {}", account.id));
    let mut entries = match account.past {
        Past::Made => return Vec::new(),
        Past::Few => few(&mut random, today),
        Past::Year(purse) => year(purse, &mut random, today),
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
            name: "My old bank".to_owned(),
            iban: Some(outside_iban(random.next())),
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
        counterparty: Counterparty {
            name: entry.name,
            iban: entry.iban,
        },
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
        name: name.to_owned(),
        iban: None,
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
            name: name.to_owned(),
            iban: (kind != "IDEAL").then(|| outside_iban(random.next())),
            text: text.to_owned(),
            kind,
            sub_kind,
        });
    }
    entries
}

fn year(purse: Purse, random: &mut Seeded, today: Date) -> Vec<Entry> {
    let mut entries = Vec::new();
    for back in 1..=365_i64 {
        let day = today.saturating_sub(back.days());
        regular(purse, day, &mut entries);
        match purse {
            Purse::Main => {
                entries.extend(shop(random, day, SHOPS));
            }
            Purse::Groceries if random.below(2) == 0 => {
                entries.extend(shop(random, day, MARKETS));
            }
            Purse::Holiday if random.below(40) == 0 => {
                entries.extend(shop(random, day, TRIPS));
            }
            _ => {}
        }
    }
    entries
}

/// What comes and goes on fixed days. Transfers between own accounts stand in both of them.
fn regular(purse: Purse, day: Date, entries: &mut Vec<Entry>) {
    let friday = day.weekday() == jiff::civil::Weekday::Friday;
    let mut add =
        |hour: i8, cents: i64, name: &str, text: &str, how: (&'static str, &'static str)| {
            let at = day.at(hour, 0, 0, 0).to_zoned_datetime(TimeZone::UTC);
            entries.push(Entry {
                at: at.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp()),
                cents,
                name: name.to_owned(),
                iban: Some(outside_iban(name.bytes().map(u64::from).sum())),
                text: text.to_owned(),
                kind: how.0,
                sub_kind: how.1,
            });
        };
    match (purse, day.day()) {
        (Purse::Main, 1) => add(5, -95_000, "Sanne Vermeer", "Rent", INSIDE),
        (Purse::Rent, 1) => add(5, 95_000, "Sanne Vermeer", "Rent", INSIDE),
        (Purse::Rent, 3) => add(
            6,
            -92_500,
            "Woningstichting De Brug",
            "Rent of the month",
            DEBIT,
        ),
        (Purse::Main, 5) => add(
            6,
            -13_875,
            "Zorgverzekering Zilver",
            "Health insurance",
            DEBIT,
        ),
        (Purse::Main, 8) => add(6, -2450, "Mobiel Nederland", "Subscription", DEBIT),
        (Purse::Main, 15) => add(6, -14_600, "Energie van Hier", "Instalment", DEBIT),
        (Purse::Main, 25) => add(6, 285_000, "Studio Noordzee B.V.", "Salary", TRANSFER),
        (Purse::Main, 26) => add(5, -12_500, "Sanne Vermeer", "For the holiday", INSIDE),
        (Purse::Holiday, 26) => add(5, 12_500, "Sanne Vermeer", "For the holiday", INSIDE),
        _ => {}
    }
    match purse {
        Purse::Main if friday => add(4, -9000, "Sanne Vermeer", "Groceries", INSIDE),
        Purse::Groceries if friday => add(4, 9000, "Sanne Vermeer", "Groceries", INSIDE),
        _ => {}
    }
}
