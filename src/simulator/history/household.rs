//! A year of the first inhabitant's household: four accounts that pay each other.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::super::iban::outside_iban;
use super::super::seeded::Seeded;
use super::super::state::Counterparty;
use super::{DEBIT, Entry, INSIDE, SHOPS, Siblings, TRANSFER, shop};

/// The four accounts of the first inhabitant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Purse {
    Main,
    Groceries,
    Holiday,
    Rent,
}

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

/// Money from one of the accounts to another.
struct Transfer {
    from: Purse,
    to: Purse,
    hour: i8,
    cents: i64,
    text: &'static str,
}

/// A payment that comes back on the same day of every month.
struct Monthly {
    purse: Purse,
    day: i8,
    /// Negative is outgoing.
    cents: i64,
    name: &'static str,
    text: &'static str,
    how: (&'static str, &'static str),
}

const fn bill(
    purse: Purse,
    day: i8,
    cents: i64,
    name: &'static str,
    text: &'static str,
) -> Monthly {
    Monthly {
        purse,
        day,
        cents: -cents,
        name,
        text,
        how: DEBIT,
    }
}

const MONTHLY: &[Monthly] = &[
    Monthly {
        purse: Purse::Main,
        day: 25,
        cents: 262_000,
        name: "Studio Noordzee B.V.",
        text: "Salary",
        how: TRANSFER,
    },
    bill(
        Purse::Main,
        5,
        13_875,
        "Zorgverzekering Zilver",
        "Health insurance",
    ),
    bill(Purse::Main, 8, 2450, "Mobiel Nederland", "Subscription"),
    bill(Purse::Main, 15, 14_600, "Energie van Hier", "Instalment"),
    bill(
        Purse::Rent,
        3,
        92_500,
        "Woningstichting De Brug",
        "Rent of the month",
    ),
    bill(Purse::Rent, 9, 4500, "Glasvezel Samen", "Internet at home"),
    bill(Purse::Rent, 18, 1850, "Waterbedrijf De Plas", "Water"),
    bill(
        Purse::Rent,
        28,
        6200,
        "Belastingkantoor Rivierstad",
        "Municipal taxes",
    ),
];

/// What happened in this account in the year before `today`.
pub(super) fn year(
    purse: Purse,
    siblings: &Siblings,
    random: &mut Seeded,
    today: Date,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    for back in 1..=365_i64 {
        let day = today.saturating_sub(back.days());
        let monthly = MONTHLY.iter();
        entries.extend(
            monthly
                .filter(|monthly| monthly.purse == purse && monthly.day == day.day())
                .map(|monthly| by_contract(monthly, day)),
        );
        for transfer in transfers(day) {
            entries.extend(side_of(purse, &transfer, siblings, day));
        }
        match purse {
            Purse::Main => {
                entries.extend(shop(random, day, SHOPS));
            }
            Purse::Groceries if random.below(2) == 0 => {
                entries.extend(shop(random, day, MARKETS));
            }
            Purse::Holiday if random.below(25) == 0 => {
                entries.extend(shop(random, day, TRIPS));
            }
            _ => {}
        }
    }
    entries
}

fn by_contract(monthly: &Monthly, day: Date) -> Entry {
    let (kind, sub_kind) = monthly.how;
    Entry {
        at: at_hour(day, 6),
        cents: monthly.cents,
        other: Counterparty {
            name: monthly.name.to_owned(),
            iban: Some(outside_iban(monthly.name.bytes().map(u64::from).sum())),
        },
        text: monthly.text.to_owned(),
        kind,
        sub_kind,
    }
}

/// The transfer as this account sees it, if it takes part.
fn side_of(purse: Purse, transfer: &Transfer, siblings: &Siblings, day: Date) -> Option<Entry> {
    let (other, cents) = if transfer.from == purse {
        (transfer.to, -transfer.cents)
    } else if transfer.to == purse {
        (transfer.from, transfer.cents)
    } else {
        return None;
    };
    let (_, other) = siblings.iter().find(|(sibling, _)| *sibling == other)?;
    let (kind, sub_kind) = INSIDE;
    Some(Entry {
        at: at_hour(day, transfer.hour),
        cents,
        other: other.clone(),
        text: transfer.text.to_owned(),
        kind,
        sub_kind,
    })
}

/// What the accounts pay each other on this day: of the day alone, so that both sides agree.
fn transfers(day: Date) -> Vec<Transfer> {
    let mut transfers = Vec::new();
    let mut add = |hour, cents, to, text| {
        transfers.push(Transfer {
            from: Purse::Main,
            to,
            hour,
            cents,
            text,
        });
    };
    match day.weekday() {
        Weekday::Monday => add(3, 2500, Purse::Rent, "Household bills"),
        Weekday::Friday => add(4, 9000, Purse::Groceries, "Groceries"),
        _ => {}
    }
    match day.day() {
        1 => add(5, 95_000, Purse::Rent, "Rent"),
        26 => add(5, 12_500, Purse::Holiday, "For the holiday"),
        _ => {}
    }
    let nth = i64::from(day.day_of_year());
    if nth % 3 == 0 {
        add(22, 10 + nth * 37 % 90, Purse::Holiday, "Round-up");
    }
    transfers
}

fn at_hour(day: Date, hour: i8) -> Timestamp {
    let at = day.at(hour, 0, 0, 0).to_zoned_datetime(TimeZone::UTC);
    at.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}
