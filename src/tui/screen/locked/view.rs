//! How the locked screen looks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Cause, State};
use crate::tui::app::Model;
use crate::tui::data::own_name;
use crate::tui::keymap::{Action, Context};
use crate::tui::screen::setup::{self, Phase};
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::text::{problem_lines, span, wrap_lines};
use crate::workspace::SlotKind;

/// Draws it, in the place of every screen.
pub(in crate::tui) fn view(model: &Model, locked: &State, area: Rect, buffer: &mut Buffer) {
    let theme = model.facts.theme;
    let since = model.facts.forms.when(locked.since, model.now);
    let remark = format!("since {since}");
    let inner = inset(pane(theme, "Locked", &remark, true, area, buffer));
    let mut lines = Vec::new();
    if inner.height >= 12 {
        lines.push(Line::default());
    }
    lines.push(Line::styled(name(locked), theme.strong()));
    lines.push(Line::raw(cause(model, locked)));
    lines.push(Line::default());
    let unlock = model.key(Context::Locked, Action::Unlock);
    match &model.setup.phase {
        Phase::Opening => lines.extend(setup::opening_lines(model)),
        Phase::Failed(problem) => {
            lines.extend(problem_lines(model, problem));
            lines.push(setup::key_line(theme, unlock, "tries again"));
            lines.extend(setup::other_slots(model, &locked.lock, locked.with));
        }
        _ => {
            lines.push(setup::key_line(theme, unlock, way(locked.with)));
            lines.extend(setup::other_slots(model, &locked.lock, locked.with));
        }
    }
    paragraph(&wrap_lines(&lines, inner.width), inner, buffer);
}

/// What the key that unlocks does.
fn way(with: SlotKind) -> &'static str {
    match with {
        SlotKind::Keyring => "opens it with the keyring",
        SlotKind::KeyFile => "opens it with the key file",
        SlotKind::Passphrase => "asks for its passphrase",
    }
}

fn name(locked: &State) -> String {
    let environment = locked.profile.environment.name();
    match own_name(&locked.profile) {
        Some(name) => format!("The profile {name} of {environment}"),
        None => format!("The profile of {environment}"),
    }
}

fn cause(model: &Model, locked: &State) -> String {
    match (locked.cause, model.facts.lock_after) {
        (Cause::Idleness, Some(after)) => {
            format!(
                "Nobody pressed a key for {}: its store is closed.",
                span(after)
            )
        }
        _ => "Its store is closed.".into(),
    }
}
