//! The QR code (ISO/IEC 18004) in cells.
//!
//! Always black on white, whatever the theme: readers miss inverted codes. The glyphs alone
//! carry it, so that a text capture decodes, and one style covers it all.

use qrcode::{EcLevel, QrCode};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// Black on white by the fixed part of the 256 colours, which themes leave alone.
pub(in crate::tui) const STYLE: Style = Style::reset()
    .fg(Color::Indexed(16))
    .bg(Color::Indexed(231))
    .remove_modifier(Modifier::all());

/// How the person wants the code drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::tui) enum Form {
    /// The largest that fits.
    #[default]
    Auto,
    /// Only half blocks, which every font has.
    HalfBlocks,
    /// Only sextants, which need a font of Unicode 13.
    Sextants,
}

impl Form {
    const ALL: [Self; 3] = [Self::Auto, Self::HalfBlocks, Self::Sextants];

    /// The form after this one.
    pub(in crate::tui) fn next(self) -> Self {
        match self {
            Self::Auto => Self::HalfBlocks,
            Self::HalfBlocks => Self::Sextants,
            Self::Sextants => Self::Auto,
        }
    }

    /// The word in the file.
    pub(in crate::tui) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::HalfBlocks => "half-blocks",
            Self::Sextants => "sextants",
        }
    }

    /// The words on the screen.
    pub(in crate::tui) fn label(self) -> &'static str {
        match self {
            Self::Auto => "the largest form that fits",
            Self::HalfBlocks => "half blocks only",
            Self::Sextants => "sextants only (small; needs a recent font)",
        }
    }

    /// Back from the word in the file.
    pub(in crate::tui) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// What to try, the largest first.
    pub(in crate::tui) fn rungs(self) -> &'static [Rung] {
        match self {
            Self::Auto => &Rung::ALL,
            Self::HalfBlocks => &[Rung::Half4, Rung::Half2],
            Self::Sextants => &[Rung::Sextants],
        }
    }
}

/// One way to draw the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Rung {
    /// Half blocks with the quiet zone of the standard.
    Half4,
    /// Half blocks with a zone of two, which readers take.
    Half2,
    /// Sextants, two by three modules in a cell, with a zone of two.
    Sextants,
}

impl Rung {
    pub(in crate::tui) const ALL: [Self; 3] = [Self::Half4, Self::Half2, Self::Sextants];

    fn zone(self) -> usize {
        match self {
            Self::Half4 => 4,
            Self::Half2 | Self::Sextants => 2,
        }
    }

    /// Modules in a cell: columns and rows.
    fn cell(self) -> (usize, usize) {
        match self {
            Self::Half4 | Self::Half2 => (1, 2),
            Self::Sextants => (2, 3),
        }
    }
}

/// A code, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Code {
    width: usize,
    dark: Vec<bool>,
}

impl Code {
    /// The smallest code for a text, at level L; none when it is too long for any.
    pub(in crate::tui) fn new(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
        Some(Self {
            width: code.width(),
            dark: code
                .into_colors()
                .into_iter()
                .map(|colour| colour == qrcode::Color::Dark)
                .collect(),
        })
    }

    /// Columns and rows of cells that it takes.
    pub(in crate::tui) fn size(&self, rung: Rung) -> (u16, u16) {
        let whole = self.width + 2 * rung.zone();
        let (across, down) = rung.cell();
        let cells = |modules: usize| u16::try_from(modules).unwrap_or(u16::MAX);
        (cells(whole.div_ceil(across)), cells(whole.div_ceil(down)))
    }

    /// Draws it from the area's corner on. What does not fit is not drawn at all.
    pub(in crate::tui) fn draw(&self, rung: Rung, area: Rect, buffer: &mut Buffer) {
        let (columns, rows) = self.size(rung);
        let area = area.intersection(buffer.area);
        if area.width < columns || area.height < rows {
            return;
        }
        for row in 0..rows {
            for column in 0..columns {
                if let Some(cell) = buffer.cell_mut((area.x + column, area.y + row)) {
                    cell.reset();
                    cell.set_char(self.glyph(rung, column, row))
                        .set_style(STYLE);
                }
            }
        }
    }

    fn glyph(&self, rung: Rung, column: u16, row: u16) -> char {
        let (across, down) = rung.cell();
        let (left, top) = (usize::from(column) * across, usize::from(row) * down);
        let mut bits = 0_u32;
        for y in 0..down {
            for x in 0..across {
                if self.is_dark(rung, left + x, top + y) {
                    bits |= 1 << (y * across + x);
                }
            }
        }
        match rung {
            Rung::Sextants => sextant(bits),
            Rung::Half4 | Rung::Half2 => match bits {
                0 => ' ',
                1 => '▀',
                2 => '▄',
                _ => '█',
            },
        }
    }

    /// Whether a module of the code with its zone is dark.
    fn is_dark(&self, rung: Rung, x: usize, y: usize) -> bool {
        let zone = rung.zone();
        let (Some(x), Some(y)) = (x.checked_sub(zone), y.checked_sub(zone)) else {
            return false;
        };
        x < self.width && self.dark.get(y * self.width + x) == Some(&true)
    }
}

/// The glyph for six modules, the first bit at the top left, rows first. The block of the
/// sextants (U+1FB00) leaves out the four that older blocks have.
fn sextant(bits: u32) -> char {
    const LEFT: u32 = 0b01_01_01;
    const RIGHT: u32 = 0b10_10_10;
    match bits {
        0 => ' ',
        LEFT => '▌',
        RIGHT => '▐',
        63 => '█',
        _ => {
            let skipped = 1 + u32::from(bits > LEFT) + u32::from(bits > RIGHT);
            char::from_u32(0x1_FB00 + bits - skipped).unwrap_or(' ')
        }
    }
}

/// The code as text for a terminal, black on white in half blocks; none when the address is too
/// long for a code.
#[must_use]
pub fn qr_text(address: &str) -> Option<String> {
    let code = Code::new(address)?;
    let (columns, rows) = code.size(Rung::Half2);
    let mut text = String::new();
    for row in 0..rows {
        text.push_str("\u{1b}[38;5;16;48;5;231m");
        text.extend((0..columns).map(|column| code.glyph(Rung::Half2, column, row)));
        text.push_str("\u{1b}[0m\n");
    }
    Some(text)
}
