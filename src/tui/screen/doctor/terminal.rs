//! What the terminal is like.

use crate::tui::view::LEAST;
use crate::workspace::{Check, Verdict};

/// What the surroundings say of the terminal; read once, by `runtime`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::tui) struct Terminal {
    /// `TERM`; empty when it is not set.
    pub(in crate::tui) term: String,
    /// Whether `COLORTERM` promises all colours.
    pub(in crate::tui) true_colour: bool,
    /// Whether `NO_COLOR` is set.
    pub(in crate::tui) no_colour: bool,
    /// Whether tmux or screen is in between.
    pub(in crate::tui) multiplexer: bool,
    /// Whether it is at the other end of an SSH connection.
    pub(in crate::tui) over_ssh: bool,
    /// Whether the locale is one of UTF-8.
    pub(in crate::tui) utf8: bool,
}

/// From this size on the QR code fits beside what to do with it.
const COMFORTABLE: (u16, u16) = (80, 24);

/// What is to be said of a terminal of so many columns and rows; none where there is none.
pub(in crate::tui) fn checks_of(terminal: &Terminal, size: Option<(u16, u16)>) -> Vec<Check> {
    match size {
        // What is printed into a file or a pipe needs none.
        None => vec![of_size(size)],
        Some(_) => vec![of_size(size), of_kind(terminal), of_way(terminal)],
    }
}

fn of_size(size: Option<(u16, u16)>) -> Check {
    let topic = "Terminal size";
    let Some((columns, rows)) = size else {
        return Check::new(
            topic,
            Verdict::Unknown,
            "The output is no terminal",
            "The screens need one; the commands do not.",
        );
    };
    let finding = format!("{columns} columns, {rows} rows");
    if columns < LEAST.0 || rows < LEAST.1 {
        let remedy = format!("Make it at least {}x{}.", LEAST.0, LEAST.1);
        return Check::new(topic, Verdict::Bad, finding, remedy);
    }
    if columns < COMFORTABLE.0 || rows < COMFORTABLE.1 {
        let remedy = format!(
            "From {}x{} on the QR code fits.",
            COMFORTABLE.0, COMFORTABLE.1
        );
        return Check::new(topic, Verdict::Notice, finding, remedy);
    }
    Check::new(topic, Verdict::Good, finding, "")
}

fn of_kind(terminal: &Terminal) -> Check {
    let topic = "Terminal";
    let term = terminal.term.as_str();
    if term.is_empty() || term == "dumb" {
        let finding = if term.is_empty() {
            "TERM is not set".into()
        } else {
            format!("TERM is {term}")
        };
        let remedy = "Set TERM to what the terminal is, such as xterm-256color.";
        return Check::new(topic, Verdict::Bad, finding, remedy);
    }
    let colours = match (terminal.no_colour, terminal.true_colour) {
        (true, _) => "no colour, as NO_COLOR asks",
        (false, true) => "all colours",
        (false, false) if term.contains("256") => "256 colours",
        (false, false) => "at least 8 colours",
    };
    let finding = format!("TERM is {term}, {colours}");
    if !terminal.utf8 {
        let remedy = "If signs or the QR code look broken, set LANG to a UTF-8 locale.";
        return Check::new(
            topic,
            Verdict::Notice,
            format!("{finding}; the locale is not UTF-8"),
            remedy,
        );
    }
    Check::new(topic, Verdict::Good, finding, "")
}

fn of_way(terminal: &Terminal) -> Check {
    let topic = "Terminal way";
    match (terminal.over_ssh, terminal.multiplexer) {
        (false, false) => Check::new(topic, Verdict::Good, "Here, with nothing in between", ""),
        (true, multiplexer) => Check::new(
            topic,
            Verdict::Notice,
            if multiplexer {
                "Over SSH, in tmux or screen"
            } else {
                "Over SSH"
            },
            "The browser is on the other machine: Connect shows the line for ssh -L, or takes \
             the address by paste.",
        ),
        (false, true) => Check::new(
            topic,
            Verdict::Notice,
            "In tmux or screen",
            "If nothing arrives that was copied, in tmux: set -g set-clipboard on.",
        ),
    }
}
