//! Every screen in every state, as a person sees it.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;

use super::fixtures::{draw, full, text};
use super::states::{SIZES, states};
use crate::tui::theme::{Theme, ThemeName};

#[test]
fn every_state_at_every_usual_size() {
    for (name, model) in states() {
        for (width, height) in SIZES {
            let buffer = draw(&model, width, height);
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), text(&buffer));
        }
    }
}

/// A letter for each style, and what each letter stands for.
fn styles(buffer: &Buffer) -> String {
    let mut letters: BTreeMap<String, char> = BTreeMap::new();
    // Most of the screen is nothing on its ground.
    let ground = &buffer[(0, 1)];
    let mut picture = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let style = format!("{:?} on {:?}, {:?}", cell.fg, cell.bg, cell.modifier);
            let next = char::from(b'A' + u8::try_from(letters.len()).unwrap());
            let plain =
                (cell.fg, cell.bg, cell.modifier) == (ground.fg, ground.bg, ground.modifier);
            line.push(if plain {
                '.'
            } else {
                *letters.entry(style).or_insert(next)
            });
        }
        picture.push_str(line.trim_end_matches('.'));
        picture.push('\n');
    }
    let legend: Vec<String> = letters
        .iter()
        .map(|(style, letter)| format!("{letter} {style}"))
        .collect();
    let ground = format!("{:?} on {:?}, {:?}", ground.fg, ground.bg, ground.modifier);
    format!("{picture}\n. {ground}\n{}", legend.join("\n"))
}

#[test]
fn styles_of_users_in_every_theme() {
    for name in ThemeName::ALL {
        let mut model = full();
        model.facts.theme = Theme::new(name, false);
        let buffer = draw(&model, 120, 40);
        insta::assert_snapshot!(format!("users_styles_{name}_120x40"), styles(&buffer));
    }
}
