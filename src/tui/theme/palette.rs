//! The colours of the themes that have their own. Each is one of the 240 of the 256 that no
//! terminal changes, and beside it the shade for terminals that show them all.

use ratatui::style::Color;

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ink {
    index: u8,
    rgb: (u8, u8, u8),
}

impl Ink {
    const fn new(index: u8, red: u8, green: u8, blue: u8) -> Self {
        Self {
            index,
            rgb: (red, green, blue),
        }
    }

    pub(super) const fn colour(self, true_colour: bool) -> Color {
        if true_colour {
            Color::Rgb(self.rgb.0, self.rgb.1, self.rgb.2)
        } else {
            Color::Indexed(self.index)
        }
    }
}

/// The colours of a theme.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    pub(super) key: Ink,
    pub(super) good: Ink,
    pub(super) bad: Ink,
    pub(super) muted: Ink,
    pub(super) rule: Ink,
    pub(super) matched: Ink,
    pub(super) sandbox: Ink,
    /// Text and background of the badge of the bank where the money is real.
    pub(super) production: (Ink, Ink),
    pub(super) series: [Ink; 6],
    /// Text and background of everything; none leaves the terminal's own.
    pub(super) ground: Option<(Ink, Ink)>,
}

const BLACK: Ink = Ink::new(16, 0, 0, 0);
const WHITE: Ink = Ink::new(231, 255, 255, 255);

/// For backgrounds from black to Solarized's base03.
pub(super) const DARK: Palette = Palette {
    key: Ink::new(81, 0x74, 0xc7, 0xec),
    good: Ink::new(114, 0x8f, 0xd4, 0x8a),
    bad: Ink::new(210, 0xff, 0x8f, 0x8a),
    muted: Ink::new(248, 0xa8, 0xad, 0xb4),
    rule: Ink::new(244, 0x7c, 0x84, 0x8c),
    matched: Ink::new(215, 0xf9, 0xb3, 0x6a),
    sandbox: Ink::new(111, 0x8f, 0xb4, 0xfa),
    production: (BLACK, Ink::new(203, 0xff, 0x6b, 0x68)),
    series: [
        Ink::new(81, 0x74, 0xc7, 0xec),
        Ink::new(215, 0xf9, 0xb3, 0x6a),
        Ink::new(114, 0x8f, 0xd4, 0x8a),
        Ink::new(212, 0xf5, 0x9a, 0xd0),
        Ink::new(111, 0x8f, 0xb4, 0xfa),
        Ink::new(222, 0xf2, 0xd9, 0x8c),
    ],
    ground: None,
};

/// For backgrounds from white to Solarized's base3.
pub(super) const LIGHT: Palette = Palette {
    key: Ink::new(24, 0x00, 0x5f, 0x8f),
    good: Ink::new(22, 0x0f, 0x6a, 0x2a),
    bad: Ink::new(124, 0xb0, 0x12, 0x1d),
    muted: Ink::new(240, 0x57, 0x5c, 0x63),
    rule: Ink::new(244, 0x80, 0x80, 0x80),
    matched: Ink::new(94, 0x8a, 0x52, 0x00),
    sandbox: Ink::new(26, 0x1f, 0x5f, 0xc4),
    production: (WHITE, Ink::new(124, 0xb0, 0x12, 0x1d)),
    series: [
        Ink::new(24, 0x00, 0x5f, 0x8f),
        Ink::new(94, 0x8a, 0x52, 0x00),
        Ink::new(22, 0x0f, 0x6a, 0x2a),
        Ink::new(90, 0x8a, 0x1a, 0x7a),
        Ink::new(26, 0x1f, 0x5f, 0xc4),
        Ink::new(124, 0xb0, 0x12, 0x1d),
    ],
    ground: None,
};

/// White on black, whatever the terminal's own colours are.
pub(super) const HIGH_CONTRAST: Palette = Palette {
    key: Ink::new(87, 0x5f, 0xff, 0xff),
    good: Ink::new(83, 0x5f, 0xff, 0x5f),
    bad: Ink::new(217, 0xff, 0xaf, 0xaf),
    muted: Ink::new(252, 0xd0, 0xd0, 0xd0),
    rule: Ink::new(250, 0xbc, 0xbc, 0xbc),
    matched: Ink::new(227, 0xff, 0xff, 0x5f),
    sandbox: Ink::new(153, 0xaf, 0xd7, 0xff),
    production: (BLACK, Ink::new(227, 0xff, 0xff, 0x5f)),
    series: [
        Ink::new(87, 0x5f, 0xff, 0xff),
        Ink::new(227, 0xff, 0xff, 0x5f),
        Ink::new(83, 0x5f, 0xff, 0x5f),
        Ink::new(219, 0xff, 0xaf, 0xff),
        Ink::new(153, 0xaf, 0xd7, 0xff),
        Ink::new(217, 0xff, 0xaf, 0xaf),
    ],
    ground: Some((WHITE, BLACK)),
};
