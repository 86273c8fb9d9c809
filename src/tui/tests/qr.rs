//! The code, read back from the glyphs alone, as from a text capture.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;
use rstest::rstest;

use super::fixtures::{ADDRESS, draw, inviting, text};
use crate::base::Environment;
use crate::tui::theme::Theme;
use crate::tui::widget::qr::{Code, Form, Rung, qr_text};

/// The modules that a glyph stands for: its columns and rows, the dark ones set.
fn modules(glyph: char, sextants: bool) -> Vec<Vec<bool>> {
    if !sextants {
        let (top, bottom) = match glyph {
            '▀' => (true, false),
            '▄' => (false, true),
            '█' => (true, true),
            _ => (false, false),
        };
        return vec![vec![top], vec![bottom]];
    }
    let bits = match glyph {
        '▌' => 0b01_01_01,
        '▐' => 0b10_10_10,
        '█' => 63,
        '\u{1fb00}'..='\u{1fb3b}' => {
            // The names of the block's characters, in order, leave out left and right half.
            let order = u32::from(glyph) - 0x1_fb00;
            (1..63)
                .filter(|bits| ![0b01_01_01, 0b10_10_10].contains(bits))
                .nth(order as usize)
                .unwrap()
        }
        _ => 0,
    };
    (0..3)
        .map(|row| {
            (0..2)
                .map(|column| bits & (1 << (row * 2 + column)) != 0)
                .collect()
        })
        .collect()
}

/// Decodes the code somewhere in a text.
pub(super) fn decode(captured: &str) -> Option<String> {
    let sextants = captured
        .chars()
        .any(|c| ('\u{1fb00}'..='\u{1fb3b}').contains(&c));
    let (across, down) = if sextants { (2, 3) } else { (1, 2) };
    let rows: Vec<Vec<char>> = captured
        .lines()
        .map(|line| line.chars().collect())
        .collect();
    let width = rows.iter().map(Vec::len).max()? * across;
    let mut dark = vec![vec![false; width]; rows.len() * down];
    for (y, row) in rows.iter().enumerate() {
        for (x, glyph) in row.iter().enumerate() {
            for (dy, line) in modules(*glyph, sextants).into_iter().enumerate() {
                for (dx, set) in line.into_iter().enumerate() {
                    dark[y * down + dy][x * across + dx] = set;
                }
            }
        }
    }
    let scale = 4;
    let margin = 4;
    let pixels = |modules: usize| (modules + 2 * margin) * scale;
    let mut image =
        rqrr::PreparedImage::prepare_from_bitmap(pixels(width), pixels(dark.len()), |x, y| {
            let module = |at: usize| (at / scale).checked_sub(margin);
            let (Some(x), Some(y)) = (module(x), module(y)) else {
                return false;
            };
            dark.get(y)
                .and_then(|row| row.get(x))
                .copied()
                .unwrap_or(false)
        });
    image
        .detect_grids()
        .into_iter()
        .find_map(|grid| grid.decode().ok())
        .map(|(_, content)| content)
}

#[rstest]
#[case(Rung::Half4, (61, 31))]
#[case(Rung::Half2, (57, 29))]
#[case(Rung::Sextants, (29, 19))]
fn each_rung_at_its_own_size(#[case] rung: Rung, #[case] size: (u16, u16)) {
    let code = Code::new(ADDRESS).unwrap();
    assert_eq!(code.size(rung), size);
    let area = Rect::new(0, 0, size.0, size.1);
    let mut buffer = Buffer::empty(area);
    code.draw(rung, area, &mut buffer);
    assert_eq!(decode(&text(&buffer)).as_deref(), Some(ADDRESS));
    for cell in &buffer.content {
        assert_eq!(
            (cell.fg, cell.bg),
            (Color::Indexed(16), Color::Indexed(231))
        );
    }
}

#[rstest]
#[case(40, 12, None)]
#[case(80, 24, Some("sextants"))]
#[case(100, 30, Some("sextants"))]
#[case(120, 40, Some("half"))]
#[case(70, 50, Some("half"))]
fn the_screen_shows_a_code_that_decodes(
    #[case] width: u16,
    #[case] height: u16,
    #[case] form: Option<&str>,
    #[values(Theme::TERMINAL, Theme::MONO)] theme: Theme,
    #[values(Environment::Demo, Environment::Sandbox)] environment: Environment,
) {
    let (mut model, _) = inviting(environment);
    model.facts.theme = theme;
    let buffer = draw(&model, width, height);
    let shown = text(&buffer);
    match form {
        None => assert!(shown.contains("29x19"), "{shown}"),
        Some(form) => {
            let code = code_alone(&shown);
            assert_eq!(decode(&code).as_deref(), Some(ADDRESS), "{shown}");
            let has = shown
                .chars()
                .any(|c| ('\u{1fb00}'..='\u{1fb3b}').contains(&c));
            assert_eq!(has, form == "sextants");
            let styled = buffer
                .content
                .iter()
                .filter(|cell| (cell.fg, cell.bg) == (Color::Indexed(16), Color::Indexed(231)))
                .count();
            assert!(styled >= 29 * 19, "{styled}");
        }
    }
}

/// The capture without letters and rules.
fn code_alone(shown: &str) -> String {
    shown
        .chars()
        .map(|c| match c {
            '\n' | ' ' | '▀' | '▄' | '█' | '▌' | '▐' | '\u{1fb00}'..='\u{1fb3b}' => c,
            _ => ' ',
        })
        .collect()
}

#[test]
fn a_form_that_does_not_fit_says_what_it_needs() {
    let (mut model, _) = inviting(Environment::Demo);
    model.connect.form = Form::HalfBlocks;
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("57x29"), "{shown}");
}

#[test]
fn the_code_for_the_command_line() {
    let printed = qr_text(ADDRESS).unwrap();
    let bare = printed
        .replace("\u{1b}[38;5;16;48;5;231m", "")
        .replace("\u{1b}[0m", "");
    assert_eq!(decode(&bare).as_deref(), Some(ADDRESS));
    assert!(qr_text(&"x".repeat(5_000)).is_none());
}
