//! Locales of all kinds, and every one that there is.

use jiff::civil::{date, time};
use rstest::rstest;

use super::*;
use crate::base::text_width;

fn locale(name: &str) -> Locale {
    Locale::named(name).unwrap()
}

#[rstest]
#[case("C", "-1234567.80", "2026-11-04", "14:02:09")]
#[case("POSIX", "-1234567.80", "2026-11-04", "14:02:09")]
#[case("nl_NL", "-1.234.567,80", "04-11-2026", "14:02:09")]
#[case("de_DE", "-1.234.567,80", "04.11.2026", "14:02:09")]
#[case("de_CH", "-1’234’567.80", "04.11.2026", "14:02:09")]
#[case("en_US", "-1,234,567.80", "11/04/2026", "02:02:09\u{a0}PM")]
#[case("en_GB", "-1,234,567.80", "04/11/2026", "14:02:09")]
#[case("en_IN", "-12,34,567.80", "04/11/2026", "02:02:09\u{a0}PM")]
#[case("sv_SE", "-1\u{a0}234\u{a0}567,80", "2026-11-04", "14:02:09")]
#[case("fr_FR", "-1\u{a0}234\u{a0}567,80", "04/11/2026", "14:02:09")]
#[case("ja_JP", "-1,234,567.80", "2026-11-04", "14:02:09")]
#[case("da_DK", "-1.234.567,80", "04-11-2026", "14:02:09")]
fn each_writes_in_its_own_form(
    #[case] name: &str,
    #[case] amount: &str,
    #[case] day: &str,
    #[case] clock: &str,
) {
    let locale = locale(name);
    assert_eq!(locale.amount("-1234567.80".parse().unwrap()), amount);
    assert_eq!(locale.date(date(2026, 11, 4)), day);
    assert_eq!(locale.clock(time(14, 2, 9, 0), true), clock);
}

/// Every locale there is, by its name.
fn all() -> Vec<(String, Locale)> {
    let mut found = Vec::new();
    let letters = || 'a'..='z';
    for (one, two) in letters().flat_map(|one| letters().map(move |two| (one, two))) {
        for (three, four) in ('A'..='Z').flat_map(|c| ('A'..='Z').map(move |d| (c, d))) {
            let name = format!("{one}{two}_{three}{four}");
            found.extend(Locale::named(&name).map(|locale| (name, locale)));
        }
    }
    assert!(found.len() > 200, "{}", found.len());
    found
}

#[test]
fn an_amount_can_be_read_back_in_every_locale_and_takes_its_cells() {
    for (name, locale) in all() {
        for plain in [
            "0",
            "-0.01",
            "999",
            "1000",
            "-1234567.89",
            "79228162514264337593543950335",
        ] {
            let shown = locale.amount(plain.parse().unwrap());
            let read: String = shown
                .chars()
                .filter(|c| Some(*c) != locale.group)
                .map(|c| if c == locale.decimal { '.' } else { c })
                .collect();
            assert_eq!(read, plain, "{name}: {shown}");
            assert_eq!(text_width(&shown), shown.chars().count(), "{name}: {shown}");
        }
    }
}

#[test]
fn a_day_takes_ten_cells_and_a_clock_no_more_than_it_says() {
    for (name, locale) in all() {
        for day in [date(2026, 1, 2), date(2026, 12, 31)] {
            let shown = locale.date(day);
            assert_eq!(text_width(&shown), 10, "{name}: {shown}");
            let shown = locale.month(day);
            assert_eq!(text_width(&shown), 7, "{name}: {shown}");
            assert!(shown.contains("2026"), "{name}: {shown}");
            assert_eq!(text_width(&locale.short_date(day)), 5, "{name}");
        }
        for hour in 0..24 {
            let shown = locale.clock(time(hour, 5, 9, 0), true);
            assert!(
                text_width(&shown) <= locale.clock_width(true),
                "{name}: {shown}"
            );
            assert!(
                shown.contains("05") && shown.contains("09"),
                "{name}: {shown}"
            );
        }
    }
}

#[test]
fn noon_and_midnight_are_twelve_where_twelve_hours_are_counted() {
    let american = locale("en_US");
    assert_eq!(american.clock(time(0, 5, 0, 0), false), "12:05\u{a0}AM");
    assert_eq!(american.clock(time(12, 5, 0, 0), false), "12:05\u{a0}PM");
    assert_eq!(american.clock(time(23, 5, 0, 0), false), "11:05\u{a0}PM");
}

#[rstest]
#[case(&[], "C", "C")]
#[case(&[("LANG", "nl_NL.UTF-8")], "nl_NL", "nl_NL")]
#[case(&[("LANG", "nl_NL.UTF-8"), ("LC_ALL", "C")], "C", "C")]
#[case(&[("LANG", "nl_NL.UTF-8"), ("LC_ALL", "")], "nl_NL", "nl_NL")]
#[case(&[("LANG", "en_US.UTF-8"), ("LC_TIME", "sv_SE.UTF-8")], "en_US", "sv_SE")]
#[case(&[("LANG", "en_US.UTF-8"), ("LC_NUMERIC", "de_DE")], "de_DE", "en_US")]
#[case(&[("LC_NUMERIC", "de_DE"), ("LC_MONETARY", "de_CH@euro")], "de_CH", "C")]
#[case(&[("LANG", "xx_XX.UTF-8")], "C", "C")]
#[case(&[("LANG", "../../etc/passwd")], "C", "C")]
fn the_session_says_which(
    #[case] variables: &[(&str, &str)],
    #[case] amounts: &str,
    #[case] times: &str,
) {
    let said = Locale::of_session(|name| {
        let found = variables.iter().find(|(known, _)| *known == name)?;
        Some(found.1.into())
    });
    let amount = "1234.5".parse().unwrap();
    assert_eq!(said.amount(amount), locale(amounts).amount(amount));
    let (day, hour) = (date(2026, 11, 4), time(14, 2, 0, 0));
    assert_eq!(said.date(day), locale(times).date(day));
    assert_eq!(said.clock(hour, false), locale(times).clock(hour, false));
}

#[rstest]
#[case("nl_NL", "27-11-2026")]
#[case("nl_NL", "27/11/2026")]
#[case("nl_NL", "2026-11-27")]
#[case("de_DE", "27.11.2026")]
#[case("en_US", "11/27/2026")]
#[case("C", " 2026-11-27 ")]
fn a_day_is_read_as_it_is_typed(#[case] name: &str, #[case] typed: &str) {
    assert_eq!(locale(name).read_date(typed), Some(date(2026, 11, 27)));
}

#[rstest]
#[case("nl_NL", "11/27/2026")]
#[case("C", "27-11-2026")]
#[case("en_US", "11-27")]
#[case("en_US", "")]
#[case("en_US", "99999999999-1-1")]
fn what_is_no_day_is_not_read(#[case] name: &str, #[case] typed: &str) {
    assert_eq!(locale(name).read_date(typed), None);
}
