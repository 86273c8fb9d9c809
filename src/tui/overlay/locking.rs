//! How a new store shall be locked: the keyring where it works, a passphrase, or a key file.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Entry, Overlay, dialog};
use crate::base::Problem;
use crate::tui::app::{Effect, Model};
use crate::tui::data::Generation;
use crate::tui::keymap::Action;
use crate::tui::screen::setup;
use crate::tui::theme::MARKER;
use crate::tui::widget::pane::paragraph;
use crate::tui::widget::text::{pad, wrap_lines};
use crate::workspace::{SlotKind, StoreKey};

/// Cells for all.
const WIDTH: u16 = 60;
/// The rows.
const ROWS: [SlotKind; 3] = [SlotKind::Keyring, SlotKind::Passphrase, SlotKind::KeyFile];

/// What is chosen, and what is known of the keyring.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct Locking {
    /// The look for the keyring.
    generation: Generation,
    /// None while it is looked for.
    keyring: Option<Result<(), Problem>>,
    /// The selected row.
    at: usize,
}

impl Locking {
    fn kind(&self) -> SlotKind {
        ROWS.get(self.at).copied().unwrap_or(SlotKind::Passphrase)
    }
}

/// Asks, and looks for the keyring meanwhile.
pub(in crate::tui) fn open(model: &mut Model) -> Vec<Effect> {
    let generation = model.data.next_generation();
    model.overlay = Some(Overlay::Locking(Locking {
        generation,
        keyring: None,
        at: 0,
    }));
    vec![Effect::ProbeKeyring { generation }]
}

/// The keyring was tried; late answers are dropped.
pub(in crate::tui) fn on_probed(
    model: &mut Model,
    generation: Generation,
    result: Result<(), Problem>,
) {
    if let Some(Overlay::Locking(locking)) = &mut model.overlay
        && locking.generation == generation
    {
        if result.is_err() && locking.kind() == SlotKind::Keyring {
            locking.at += 1;
        }
        locking.keyring = Some(result);
    }
}

/// What a key does here.
pub(super) fn act(model: &mut Model, mut locking: Locking, action: Action) -> Vec<Effect> {
    match action {
        Action::Back => {
            model.say("Nothing was set up.");
            return Vec::new();
        }
        Action::Submit => return choose(model, locking),
        Action::Up => locking.at = locking.at.saturating_sub(1),
        Action::Down => locking.at = (locking.at + 1).min(ROWS.len() - 1),
        _ => {}
    }
    model.overlay = Some(Overlay::Locking(locking));
    Vec::new()
}

fn choose(model: &mut Model, locking: Locking) -> Vec<Effect> {
    match (locking.kind(), &locking.keyring) {
        (SlotKind::Keyring, Some(Ok(()))) => return setup::make(model, StoreKey::Keyring),
        (SlotKind::Keyring, None) => {
            model.say("The keyring is still being looked for; a moment.");
        }
        (SlotKind::Keyring, Some(Err(problem))) => {
            model.say(format!("{}: {}.", problem.what, problem.why));
        }
        (SlotKind::Passphrase, _) => {
            model.overlay = Some(Overlay::Entry(Entry::new_passphrase()));
            return Vec::new();
        }
        (SlotKind::KeyFile, _) => {
            let words = "A key file is named at the start: leave with {everywhere.leave}, then \
                         --key-file FILE.";
            model.say(model.spell(words));
        }
    }
    model.overlay = Some(Overlay::Locking(locking));
    Vec::new()
}

/// Draws it.
pub(super) fn view(model: &Model, locking: &Locking, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let width = WIDTH.min(area.width.saturating_sub(4));
    let mut lines = Vec::new();
    // The rows are always seen whole.
    let roomy = area.height >= 16;
    if roomy {
        let words = "What is stored on this machine is encrypted. What shall open it?";
        lines.extend(wrap_lines(&[Line::raw(words)], width));
        lines.push(Line::default());
    }
    for (place, kind) in ROWS.into_iter().enumerate() {
        let here = place == locking.at;
        let marker = if here { MARKER } else { " " };
        let missing = kind == SlotKind::Keyring && matches!(locking.keyring, Some(Err(_)));
        let mark = if missing { ", not here" } else { "" };
        let text = pad(
            &format!("{marker} {}{mark}", label(kind)),
            width.into(),
            false,
        );
        let style = if here { theme.selected() } else { theme.text() };
        lines.push(Line::styled(text, style));
    }
    if roomy {
        lines.push(Line::default());
    }
    let style = match &locking.keyring {
        Some(Err(_)) if locking.kind() == SlotKind::Keyring => theme.bad(),
        _ => theme.text(),
    };
    let words = words(locking)
        .into_iter()
        .map(|text| Line::styled(text, style));
    lines.extend(wrap_lines(&words.collect::<Vec<_>>(), width));
    let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX - 2);
    let inner = dialog(model, "What opens the store", (width, tall), area, buffer);
    paragraph(&lines, inner, buffer);
}

fn label(kind: SlotKind) -> &'static str {
    match kind {
        SlotKind::Keyring => "the keyring of this system",
        SlotKind::Passphrase => "a passphrase",
        SlotKind::KeyFile => "a key file",
    }
}

/// What the selected row means, and what is known of the keyring.
fn words(locking: &Locking) -> Vec<String> {
    let keyring = match &locking.keyring {
        None => Some("Looking for the keyring…".to_owned()),
        Some(Ok(())) => Some("The keyring works here.".to_owned()),
        Some(Err(problem)) => Some(format!("No keyring here: {}.", problem.why)),
    };
    let meaning: &[&str] = match locking.kind() {
        SlotKind::Keyring if matches!(locking.keyring, Some(Err(_))) => &[],
        SlotKind::Keyring => &["It opens with your login, and there is nothing to type."],
        SlotKind::Passphrase => &["Typed at each start. It cannot be recovered."],
        SlotKind::KeyFile => &[
            "For scripts. Leave, make one:",
            "(umask 077; openssl rand -hex 32 > FILE)",
            "then start with --key-file FILE.",
        ],
    };
    let meaning = meaning.iter().map(|line| (*line).to_owned());
    meaning.chain(keyring).collect()
}
