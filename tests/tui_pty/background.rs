//! The terminal's part when it is asked for its background.

/// What the terminal answers when it is asked for its background (OSC 11), and for what it is
/// (DA1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Background {
    /// Black.
    Dark,
    /// Solarized's light one.
    Light,
    /// It knows only the second question, as many do.
    Untold,
    /// It answers nothing.
    Silent,
}

/// The questions that it knows.
const ASKS_BACKGROUND: &[u8] = b"\x1b]11;?";
const ASKS_KIND: &[u8] = b"\x1b[c";

impl Background {
    /// The answers to what the program asked after the first `before` bytes of all that it wrote.
    pub(crate) fn answers(self, written: &[u8], before: usize) -> Vec<u8> {
        // A question may come in two pieces; each is answered once.
        let asked = |question: &[u8]| {
            let from = before.saturating_sub(question.len() - 1);
            written[from..]
                .windows(question.len())
                .any(|it| it == question)
        };
        let mut answers = Vec::new();
        if asked(ASKS_BACKGROUND) {
            answers.extend_from_slice(match self {
                Self::Dark => b"\x1b]11;rgb:0000/0000/0000\x1b\\",
                Self::Light => b"\x1b]11;rgb:fdfd/f6f6/e3e3\x07",
                Self::Untold | Self::Silent => b"",
            });
        }
        if asked(ASKS_KIND) && self != Self::Silent {
            answers.extend_from_slice(b"\x1b[?62;22c");
        }
        answers
    }
}
