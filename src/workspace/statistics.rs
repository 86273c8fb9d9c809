//! What an account's payments come to: the balance over time, and what came and went by month.
//! Sums are exact and never mix currencies.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use rust_decimal::Decimal;

use super::Workspace;
use crate::base::{AccountId, Currency, Money, Problem, UserNumber};
use crate::store::PaymentFigure;

/// Most points of a line.
const POINTS: u32 = 240;
/// Most months between two payments that are listed although nothing moved in them.
const LONGEST_GAP: usize = 1_200;

/// What was on an account at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalancePoint {
    /// When.
    pub at: Timestamp,
    /// How much.
    pub balance: Money,
}

/// What came and went in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Date,
    /// What came; zero or more.
    pub came: Money,
    /// What went; zero or less.
    pub went: Money,
    /// How many payments.
    pub payments: u64,
}

/// What an account's stored payments come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentStatistics {
    /// Whether they reach back to the account's first payment.
    pub complete: bool,
    /// When the oldest that is stored was made.
    pub since: Option<Timestamp>,
    /// The balance after payments, the oldest first: the first, the last, and some between.
    pub balances: Vec<BalancePoint>,
    /// The lowest balance of all, its first time.
    pub lowest: Option<BalancePoint>,
    /// The highest balance of all, its first time.
    pub highest: Option<BalancePoint>,
    /// By month and currency, the newest first; months in which nothing moved are there too.
    pub months: Vec<Month>,
}

impl Workspace {
    /// Reckons what an account's stored payments come to, by the months of a time zone; none when
    /// they were never read.
    ///
    /// # Errors
    /// When there is no such user, or the store cannot be read.
    pub fn payment_statistics(
        &self,
        user: UserNumber,
        account: AccountId,
        zone: &TimeZone,
    ) -> Result<Option<PaymentStatistics>, Problem> {
        self.check_has_accounts(user)?;
        let Some(stretch) = self.store.payment_stretch(user, account)? else {
            return Ok(None);
        };
        let mut reckoning = Reckoning::new(zone);
        self.store
            .each_payment_figure(user, account, |figure| reckoning.add(&figure))?;
        let balances = self.store.payment_balances(user, account, POINTS)?;
        // An account is kept in one currency; what the bank says in another is no point of its line.
        let kept_in = balances.last().map(|(_, balance)| balance.currency);
        Ok(Some(PaymentStatistics {
            complete: stretch.complete,
            since: stretch.since,
            balances: balances
                .into_iter()
                .filter(|(_, balance)| Some(balance.currency) == kept_in)
                .map(|(at, balance)| BalancePoint { at, balance })
                .collect(),
            lowest: kept_in.and_then(|currency| reckoning.ends.get(&currency).map(|ends| ends.0)),
            highest: kept_in.and_then(|currency| reckoning.ends.get(&currency).map(|ends| ends.1)),
            months: reckoning.months(),
        }))
    }
}

/// What is summed on the way through the payments.
struct Reckoning<'a> {
    zone: &'a TimeZone,
    sums: BTreeMap<(Currency, Date), (Decimal, Decimal, u64)>,
    /// The lowest and the highest balance.
    ends: BTreeMap<Currency, (BalancePoint, BalancePoint)>,
}

impl<'a> Reckoning<'a> {
    fn new(zone: &'a TimeZone) -> Self {
        Self {
            zone,
            sums: BTreeMap::new(),
            ends: BTreeMap::new(),
        }
    }

    fn add(&mut self, figure: &PaymentFigure) {
        let Money { value, currency } = figure.amount;
        let month = self
            .zone
            .to_datetime(figure.created)
            .date()
            .first_of_month();
        let (came, went, count) = self.sums.entry((currency, month)).or_default();
        let sum = if value.is_sign_negative() { went } else { came };
        *sum = sum.saturating_add(value);
        *count += 1;
        let Some(balance) = figure.balance_after else {
            return;
        };
        let point = BalancePoint {
            at: figure.created,
            balance,
        };
        let (lowest, highest) = self.ends.entry(balance.currency).or_insert((point, point));
        if balance.value < lowest.balance.value {
            *lowest = point;
        }
        if balance.value > highest.balance.value {
            *highest = point;
        }
    }

    /// The newest first, those of one currency after another within a month.
    fn months(self) -> Vec<Month> {
        let mut months: Vec<Month> = Vec::new();
        for ((currency, first), (came, went, payments)) in self.sums {
            let money = |value| Money { value, currency };
            let before = months
                .last()
                .filter(|last| last.came.currency == currency)
                .map(|last| last.first);
            months.extend(between(before, first).map(|first| Month {
                first,
                came: money(Decimal::ZERO),
                went: money(Decimal::ZERO),
                payments: 0,
            }));
            months.push(Month {
                first,
                came: money(came),
                went: money(went),
                payments,
            });
        }
        let decimals = most_decimals(&months);
        for month in &mut months {
            for money in [&mut month.came, &mut month.went] {
                // Zero is written as the others are; more decimals change no value.
                money
                    .value
                    .rescale(decimals.get(&money.currency).copied().unwrap_or(0));
            }
        }
        months.sort_by(|one, other| {
            let currency = one.came.currency.cmp(&other.came.currency);
            other.first.cmp(&one.first).then(currency)
        });
        months
    }
}

/// The decimals of the amounts with the most, by currency.
fn most_decimals(months: &[Month]) -> BTreeMap<Currency, u32> {
    let mut most = BTreeMap::new();
    for money in months.iter().flat_map(|month| [month.came, month.went]) {
        let known: &mut u32 = most.entry(money.currency).or_default();
        *known = (*known).max(money.value.scale());
    }
    most
}

/// The months after one and before another.
fn between(before: Option<Date>, after: Date) -> impl Iterator<Item = Date> {
    let next = |month: &Date| month.checked_add(1.month()).ok();
    std::iter::successors(before.and_then(|before| next(&before)), next)
        .take_while(move |month| *month < after)
        .take(LONGEST_GAP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn money(value: &str, currency: &str) -> Money {
        Money::parse(value, currency).unwrap()
    }

    fn figure(at: &str, amount: &str, after: Option<&str>) -> PaymentFigure {
        PaymentFigure {
            created: at.parse().unwrap(),
            amount: money(amount, "EUR"),
            balance_after: after.map(|after| money(after, "EUR")),
        }
    }

    fn reckon(zone: &TimeZone, figures: &[PaymentFigure]) -> (Vec<Month>, [Option<String>; 2]) {
        let mut reckoning = Reckoning::new(zone);
        for one in figures {
            reckoning.add(one);
        }
        let ends = reckoning.ends.get(&Currency::EUR);
        let ends = [ends.map(|ends| ends.0), ends.map(|ends| ends.1)]
            .map(|end| end.map(|point| format!("{} {}", point.at, point.balance)));
        (reckoning.months(), ends)
    }

    #[test]
    fn what_came_and_went_is_exact_to_the_cent() {
        let figures = [
            figure("2026-01-05T09:00:00Z", "0.10", Some("0.10")),
            figure("2026-01-06T09:00:00Z", "0.20", Some("0.30")),
            figure("2026-01-07T09:00:00Z", "-0.30", Some("0.00")),
            figure("2026-03-01T09:00:00Z", "2620.01", Some("2620.01")),
            figure("2026-03-02T09:00:00Z", "-1843.22", Some("776.79")),
            figure("2026-03-03T09:00:00Z", "-0.01", None),
        ];
        let (months, ends) = reckon(&TimeZone::UTC, &figures);
        let shown: Vec<_> = months
            .iter()
            .map(|m| format!("{} {} {} {}", m.first, m.came, m.went, m.payments))
            .collect();
        assert_eq!(
            shown,
            [
                "2026-03-01 2620.01 EUR -1843.23 EUR 3",
                "2026-02-01 0.00 EUR 0.00 EUR 0",
                "2026-01-01 0.30 EUR -0.30 EUR 3",
            ]
        );
        assert_eq!(
            ends.map(Option::unwrap),
            [
                "2026-01-07T09:00:00Z 0.00 EUR",
                "2026-03-01T09:00:00Z 2620.01 EUR"
            ]
        );
    }

    #[test]
    fn a_month_begins_where_the_person_is() {
        // Half past eleven in the evening in UTC is the next day in Amsterdam, winter and summer.
        let figures = [
            figure("2026-01-31T23:30:00Z", "1.00", None),
            figure("2026-06-30T22:30:00Z", "2.00", None),
        ];
        let months = |zone: &TimeZone| -> Vec<(Date, Decimal)> {
            let (months, _) = reckon(zone, &figures);
            let moved = months.iter().filter(|month| month.payments > 0);
            moved.map(|month| (month.first, month.came.value)).collect()
        };
        let (one, two) = (Decimal::new(100, 2), Decimal::new(200, 2));
        assert_eq!(
            months(&TimeZone::UTC),
            [(date(2026, 6, 1), two), (date(2026, 1, 1), one)]
        );
        let amsterdam = TimeZone::get("Europe/Amsterdam").unwrap();
        assert_eq!(
            months(&amsterdam),
            [(date(2026, 7, 1), two), (date(2026, 2, 1), one)]
        );
    }

    #[test]
    fn the_ends_of_a_line_are_of_one_currency() {
        let mut dollars = figure("2026-01-05T09:00:00Z", "5.00", None);
        dollars.balance_after = Some(money("9000.00", "USD"));
        let figures = [
            dollars,
            figure("2026-01-06T09:00:00Z", "7.00", Some("7.00")),
            figure("2026-01-07T09:00:00Z", "-8.00", Some("-1.00")),
        ];
        let (_, ends) = reckon(&TimeZone::UTC, &figures);
        assert_eq!(
            ends.map(Option::unwrap),
            [
                "2026-01-07T09:00:00Z -1.00 EUR",
                "2026-01-06T09:00:00Z 7.00 EUR"
            ]
        );
    }

    #[test]
    fn currencies_are_never_added() {
        let mut dollars = figure("2026-01-05T09:00:00Z", "5.00", None);
        dollars.amount = money("5.00", "USD");
        let figures = [figure("2026-01-06T09:00:00Z", "7.00", None), dollars];
        let (months, _) = reckon(&TimeZone::UTC, &figures);
        let came: Vec<_> = months.iter().map(|month| month.came.to_string()).collect();
        assert_eq!(came, ["7.00 EUR", "5.00 USD"]);
    }
}
