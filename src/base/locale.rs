//! How a locale writes amounts, days and times of the day, by the tables of the GNU C library.
//!
//! Taken are the order, the separators and the clock; names of months and other digits are not, so
//! that a column stays as wide as it is and a day is never in doubt.

#[cfg(test)]
mod tests;

use jiff::civil::{Date, Time};
use pure_rust_locales::{Locale as Table, locale_match};
use rust_decimal::Decimal;

/// Written where a locale separates by a blank: amounts are not broken there, and one cell wide it
/// is in every terminal.
const BLANK: char = '\u{a0}';

/// What comes first in a day; what follows is as everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Year,
    Day,
    Month,
}

/// The forms of a locale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale {
    decimal: char,
    group: Option<char>,
    /// How many digits stand together, from the decimal point on; the last holds for the rest.
    sizes: &'static [i64],
    order: Order,
    day: char,
    clock: char,
    /// Morning and afternoon, where twelve hours are counted twice.
    halves: Option<(&'static str, &'static str)>,
}

impl Locale {
    /// ISO 8601, and amounts as the bank gives them.
    pub const ISO: Self = Self {
        decimal: '.',
        group: None,
        sizes: &[],
        order: Order::Year,
        day: '-',
        clock: ':',
        halves: None,
    };

    /// That of a name such as `nl_NL` or `de_CH.UTF-8`; none where it is not known. `C` and `POSIX`
    /// are ISO.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (rest, modifier) = match name.split_once('@') {
            Some((rest, modifier)) => (rest, Some(modifier)),
            None => (name, None),
        };
        let base = rest.split('.').next().unwrap_or(rest).replace('-', "_");
        if matches!(base.as_str(), "C" | "POSIX") {
            return Some(Self::ISO);
        }
        let whole =
            modifier.and_then(|modifier| Table::try_from(&*format!("{base}@{modifier}")).ok());
        let table = whole.or_else(|| Table::try_from(&*base).ok())?;
        Some(Self::of_table(table))
    }

    /// As the variables of the session say; ISO where they say nothing that is known.
    pub fn of_session(variable: impl Fn(&str) -> Option<String>) -> Self {
        let said = |names: &[&str]| {
            let mut values = names.iter().filter_map(|name| variable(name));
            let value = values.find(|value| !value.is_empty())?;
            Self::named(&value)
        };
        let amounts = said(&["LC_ALL", "LC_MONETARY", "LC_NUMERIC", "LANG"]);
        let times = said(&["LC_ALL", "LC_TIME", "LANG"]);
        let (amounts, times) = (amounts.unwrap_or(Self::ISO), times.unwrap_or(Self::ISO));
        Self {
            decimal: amounts.decimal,
            group: amounts.group,
            sizes: amounts.sizes,
            ..times
        }
    }

    fn of_table(table: Table) -> Self {
        let decimal = locale_match!(table => LC_MONETARY::MON_DECIMAL_POINT);
        let group = locale_match!(table => LC_MONETARY::MON_THOUSANDS_SEP);
        let sizes = locale_match!(table => LC_MONETARY::MON_GROUPING);
        let day = locale_match!(table => LC_TIME::D_FMT);
        let clock = locale_match!(table => LC_TIME::T_FMT);
        let halves = locale_match!(table => LC_TIME::AM_PM);
        let (order, day) = order(day);
        let decimal = if decimal == "," { ',' } else { '.' };
        Self {
            decimal,
            group: separator(group).filter(|group| *group != decimal),
            sizes,
            order,
            day,
            clock: if clock.contains("%M.") { '.' } else { ':' },
            halves: counts_twelve(clock).then(|| words(halves)),
        }
    }

    /// An amount, all its digits.
    #[must_use]
    pub fn amount(&self, value: Decimal) -> String {
        // No amount is less than nothing and nothing.
        let plain = match value.is_zero() {
            true => value.abs().to_string(),
            false => value.to_string(),
        };
        let (sign, plain) = match plain.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", &*plain),
        };
        let (whole, rest) = match plain.split_once('.') {
            Some((whole, rest)) => (whole, Some(rest)),
            None => (plain, None),
        };
        let mut text = String::from(sign);
        text.push_str(&self.grouped(whole));
        if let Some(rest) = rest {
            text.push(self.decimal);
            text.push_str(rest);
        }
        text
    }

    fn grouped(&self, digits: &str) -> String {
        let Some(group) = self.group else {
            return digits.into();
        };
        let mut pieces = Vec::new();
        let mut rest = digits;
        let mut sizes = self.sizes.iter();
        let mut size = 0;
        loop {
            size = sizes
                .next()
                .map_or(size, |size| usize::try_from(*size).unwrap_or(0));
            let at = rest.len().saturating_sub(size);
            if size == 0 || at == 0 {
                break;
            }
            // Digits are one byte each.
            let (left, piece) = rest.split_at(at);
            pieces.push(piece);
            rest = left;
        }
        let mut text = String::from(rest);
        for piece in pieces.into_iter().rev() {
            text.push(group);
            text.push_str(piece);
        }
        text
    }

    /// A day, ten cells wide.
    #[must_use]
    pub fn date(&self, date: Date) -> String {
        let (year, month, day) = (date.year(), date.month(), date.day());
        let between = self.day;
        match self.order {
            Order::Year => format!("{year:04}{between}{month:02}{between}{day:02}"),
            Order::Day => format!("{day:02}{between}{month:02}{between}{year:04}"),
            Order::Month => format!("{month:02}{between}{day:02}{between}{year:04}"),
        }
    }

    /// A day as a person types it: in this form, whatever stands between its parts, or in that of
    /// ISO 8601; none where it is no day.
    #[must_use]
    pub fn read_date(&self, text: &str) -> Option<Date> {
        if let Ok(day) = text.trim().parse() {
            return Some(day);
        }
        let parts: Vec<i16> = text
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().ok())
            .collect::<Option<_>>()?;
        let [first, second, third] = parts.try_into().ok()?;
        let (year, month, day) = match self.order {
            Order::Year => (first, second, third),
            Order::Day => (third, second, first),
            Order::Month => (third, first, second),
        };
        Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
    }

    /// A month, seven cells wide.
    #[must_use]
    pub fn month(&self, date: Date) -> String {
        let (year, month) = (date.year(), date.month());
        let between = self.day;
        match self.order {
            Order::Year => format!("{year:04}{between}{month:02}"),
            Order::Day | Order::Month => format!("{month:02}{between}{year:04}"),
        }
    }

    /// The day of a year that is known, five cells wide.
    #[must_use]
    pub fn short_date(&self, date: Date) -> String {
        let (month, day) = (date.month(), date.day());
        let between = self.day;
        match self.order {
            Order::Year | Order::Month => format!("{month:02}{between}{day:02}"),
            Order::Day => format!("{day:02}{between}{month:02}"),
        }
    }

    /// A time of the day, to the minute or the second.
    #[must_use]
    pub fn clock(&self, time: Time, seconds: bool) -> String {
        let hour = time.hour();
        let shown = match (self.halves, hour % 12) {
            (None, _) => hour,
            (Some(_), 0) => 12,
            (Some(_), hour) => hour,
        };
        let between = self.clock;
        let mut text = format!("{shown:02}{between}{:02}", time.minute());
        if seconds {
            text.push_str(&format!("{between}{:02}", time.second()));
        }
        if let Some((morning, afternoon)) = self.halves {
            text.push(BLANK);
            text.push_str(if hour < 12 { morning } else { afternoon });
        }
        text
    }

    /// How many cells the time of the day takes at most.
    #[must_use]
    pub fn clock_width(&self, seconds: bool) -> usize {
        self.clock(Time::midnight(), seconds)
            .chars()
            .count()
            .max(self.clock(Time::MAX, seconds).chars().count())
    }
}

/// A separator that takes one cell and turns nothing; every blank is the same to the eye.
fn separator(text: &str) -> Option<char> {
    let first = text.chars().next()?;
    match first {
        '.' | ',' | '\'' | '’' => Some(first),
        blank if blank.is_whitespace() => Some(BLANK),
        // Of other scripts, which would turn the direction of reading.
        _ => Some(','),
    }
}

/// The order of day, month and year, and what stands between them.
fn order(format: &str) -> (Order, char) {
    let format = format.replace("%F", "%Y-%m-%d").replace("%D", "%m/%d/%y");
    let at = |letters: &[char]| {
        let mut after = false;
        for (index, character) in format.char_indices() {
            match character {
                '%' => after = true,
                // They choose other digits, or no padding.
                'O' | 'E' | '-' | '_' if after => {}
                letter if after && letters.contains(&letter) => return Some(index),
                _ => after = false,
            }
        }
        None
    };
    let (Some(day), Some(month), Some(year)) =
        (at(&['d', 'e']), at(&['m', 'b', 'B', 'h']), at(&['y', 'Y']))
    else {
        return (Order::Year, '-');
    };
    let order = match (year < day.min(month), day < month) {
        (true, _) => Order::Year,
        (false, true) => Order::Day,
        (false, false) => Order::Month,
    };
    let first = day.min(month).min(year);
    let between = format
        .get(first..)
        .unwrap_or_default()
        .chars()
        .skip(1)
        .find(|character| *character != ' ');
    let between = match between {
        Some(between @ ('.' | '/' | '-')) => between,
        _ if order == Order::Year => '-',
        _ => '/',
    };
    (order, between)
}

fn counts_twelve(format: &str) -> bool {
    ["%I", "%l", "%OI", "%r", "%-I"]
        .iter()
        .any(|twelve| format.contains(twelve))
}

/// The words for the two halves of the day, where they are plain letters.
fn words(halves: &'static [&'static str]) -> (&'static str, &'static str) {
    let plain = |word: &&&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric());
    match (halves.first().filter(plain), halves.get(1).filter(plain)) {
        (Some(morning), Some(afternoon)) if morning != afternoon => (morning, afternoon),
        _ => ("AM", "PM"),
    }
}
