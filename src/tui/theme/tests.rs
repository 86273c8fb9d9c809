//! That every role can be read in every theme.

use ratatui::style::{Color, Modifier, Style};
use rstest::rstest;

use super::{ANSI_SERIES, Theme, ThemeChoice, ThemeName};
use crate::base::Environment;

type Rgb = (u8, u8, u8);

const BLACK: Rgb = (0, 0, 0);
/// Black, an editor's usual dark, Solarized's base03.
const DARK_GROUNDS: [Rgb; 3] = [BLACK, (0x1e, 0x1e, 0x1e), (0x00, 0x2b, 0x36)];
/// White, Solarized's base3.
const LIGHT_GROUNDS: [Rgb; 2] = [(0xff, 0xff, 0xff), (0xfd, 0xf6, 0xe3)];

/// What xterm makes of one of the 240 colours that nobody changes.
fn of_index(index: u8) -> Rgb {
    let step = |part: u8| if part == 0 { 0 } else { 55 + 40 * part };
    match index {
        0..=15 => panic!("{index} can be any colour"),
        16..=231 => {
            let cube = index - 16;
            (step(cube / 36), step(cube / 6 % 6), step(cube % 6))
        }
        grey => {
            let level = 8 + 10 * (grey - 232);
            (level, level, level)
        }
    }
}

fn rgb(colour: Color) -> Rgb {
    match colour {
        Color::Rgb(red, green, blue) => (red, green, blue),
        Color::Indexed(index) => of_index(index),
        other => panic!("{other:?} can be any colour"),
    }
}

/// The relative luminance of WCAG 2.
fn luminance((red, green, blue): Rgb) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Every role that content is written in.
fn content(theme: Theme) -> Vec<(&'static str, Style)> {
    let mut roles = vec![
        ("text", theme.text()),
        ("strong", theme.strong()),
        ("muted", theme.muted()),
        ("key", theme.key()),
        ("focus", theme.focus()),
        ("good", theme.good()),
        ("bad", theme.bad()),
        ("selected", theme.selected()),
        ("chosen", theme.chosen()),
        ("matched", theme.matched()),
        ("amount_in", theme.amount_in()),
        ("amount_out", theme.amount_out()),
        ("sandbox", theme.badge(&Environment::Sandbox)),
        ("demo", theme.badge(&Environment::Demo)),
        ("production", theme.badge(&Environment::Production)),
    ];
    roles.extend((0..8).map(|number| ("series", theme.series(number))));
    roles
}

#[rstest]
#[case(ThemeName::Dark, &DARK_GROUNDS, 4.5)]
#[case(ThemeName::Light, &LIGHT_GROUNDS, 4.5)]
#[case(ThemeName::HighContrast, &[BLACK], 7.0)]
fn every_role_has_contrast_enough(
    #[case] name: ThemeName,
    #[case] grounds: &[Rgb],
    #[case] least: f64,
    #[values(false, true)] true_colour: bool,
) {
    let theme = Theme::new(name, true_colour);
    for (role, style) in content(theme) {
        for ground in grounds {
            // What has no colour of its own is as readable as the terminal makes it.
            let Some(ink) = style.fg else {
                assert_eq!(style.bg, None, "{role} of {name}");
                continue;
            };
            let behind = style.bg.map_or(*ground, rgb);
            let found = contrast(rgb(ink), behind);
            assert!(found >= least, "{role} of {name} on {behind:?}: {found:.2}");
        }
        assert!(!style.add_modifier.contains(Modifier::DIM), "{role}");
    }
    for ground in grounds {
        let rule = contrast(rgb(theme.rule().fg.unwrap()), *ground);
        assert!(rule >= 3.0, "a rule can be seen on {ground:?}: {rule:.2}");
    }
}

#[rstest]
fn a_badge_of_production_stands_out_from_every_ground(
    #[values(ThemeName::Dark, ThemeName::Light, ThemeName::HighContrast)] name: ThemeName,
    #[values(false, true)] true_colour: bool,
) {
    let grounds: &[Rgb] = match name {
        ThemeName::Light => &LIGHT_GROUNDS,
        ThemeName::Dark => &DARK_GROUNDS,
        _ => &[BLACK],
    };
    let badge = Theme::new(name, true_colour).badge(&Environment::Production);
    for ground in grounds {
        let found = contrast(rgb(badge.bg.unwrap()), *ground);
        assert!(found >= 4.5, "{name} on {ground:?}: {found:.2}");
    }
}

#[test]
fn production_is_told_apart_without_any_colour() {
    let reversed = |theme: Theme, environment| {
        let badge = theme.badge(&environment);
        badge.add_modifier.contains(Modifier::REVERSED)
    };
    for theme in [Theme::MONO, Theme::TERMINAL] {
        assert!(reversed(theme, Environment::Production));
        assert!(!reversed(theme, Environment::Sandbox));
        assert!(!reversed(theme, Environment::Demo));
    }
}

#[test]
fn the_terminals_own_colours_are_accents_that_can_be_read() {
    let mut allowed = vec![None];
    allowed.extend(ANSI_SERIES.map(Some));
    for unreadable in [Color::Yellow, Color::Blue, Color::DarkGray, Color::White] {
        assert!(!allowed.contains(&Some(unreadable)));
    }
    for (role, style) in content(Theme::TERMINAL) {
        assert!(allowed.contains(&style.fg), "{role}: {style:?}");
        assert_eq!(style.bg, None, "{role}");
        assert!(!style.add_modifier.contains(Modifier::DIM), "{role}");
    }
}

#[test]
fn mono_has_no_colour() {
    let rule = ("rule", Theme::MONO.rule());
    for (role, style) in content(Theme::MONO).into_iter().chain([rule]) {
        assert_eq!((style.fg, style.bg), (None, None), "{role}");
    }
}

#[test]
fn what_differs_looks_different_in_every_theme() {
    for name in ThemeName::ALL {
        let theme = Theme::new(name, false);
        let text = theme.text();
        for style in [theme.bad(), theme.selected(), theme.matched(), theme.key()] {
            assert_ne!(style, text, "{name}");
        }
        assert_ne!(theme.selected(), theme.chosen(), "{name}");
        assert_ne!(theme.matched(), theme.strong(), "{name}");
    }
}

#[test]
fn a_choice_is_read_as_it_is_written() {
    let all = ThemeName::ALL.map(ThemeChoice::Named);
    let written: Vec<_> = [ThemeChoice::Auto]
        .into_iter()
        .chain(all)
        .map(|choice| (choice, choice.to_string()))
        .collect();
    for (choice, name) in &written {
        assert_eq!(name.parse(), Ok(*choice));
    }
    let names: Vec<_> = written.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ThemeChoice::NAMES);
    assert_eq!(crate::config::THEMES, ThemeChoice::NAMES);
    for wrong in ["", "Dark", "highcontrast", "solarized"] {
        let told = wrong.parse::<ThemeChoice>().unwrap_err();
        assert!(told.contains("high-contrast"), "{told}");
    }
}

#[test]
fn going_through_them_meets_each_once_and_begins_with_the_first() {
    for first in ThemeName::ALL {
        let mut met = vec![first];
        let mut next = first.after(first);
        while next != first {
            assert!(!met.contains(&next), "{met:?}");
            met.push(next);
            next = next.after(first);
        }
        assert_eq!(met.len(), ThemeName::ALL.len());
    }
}
