//! How much of the bank's limits is used up, under the list of requests.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::base::Problem;
use crate::tui::app::{Effect, Model, Screen};
use crate::tui::data::Generation;
use crate::tui::widget::pane::{inset, pane, paragraph};
use crate::tui::widget::text::{fit, pad};
use crate::workspace::Budget;

/// From this height of the screen on there is room for it.
const ROOMY: u16 = 14;
/// Most limits that are shown.
const MOST: usize = 5;
/// Cells for how much is used and how much there is.
const FIGURES: usize = 30;

/// What is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    /// The newest look.
    asked: Generation,
    /// Whether its answer is awaited.
    awaited: bool,
    /// Whether something happened since.
    stale: bool,
    /// When it was looked, and what was found.
    found: Option<(Timestamp, Result<Vec<Budget>, Problem>)>,
}

/// Log was gone to.
pub(in crate::tui) fn show(model: &mut Model) -> Vec<Effect> {
    look(model)
}

/// Something happened to a request: while Log is shown, it is looked again. One look is out at a
/// time, however many requests there are.
pub(in crate::tui) fn look(model: &mut Model) -> Vec<Effect> {
    if model.screen != Screen::Log || model.data.profile.is_none() {
        return Vec::new();
    }
    if model.log.budget.awaited {
        model.log.budget.stale = true;
        return Vec::new();
    }
    let generation = model.data.next_generation();
    let state = &mut model.log.budget;
    state.asked = generation;
    state.awaited = true;
    state.stale = false;
    vec![Effect::LookAtBudgets { generation }]
}

/// It was looked; late answers are dropped.
pub(in crate::tui) fn on_budgets(
    model: &mut Model,
    generation: Generation,
    result: Result<Vec<Budget>, Problem>,
) -> Vec<Effect> {
    let now = model.now;
    let state = &mut model.log.budget;
    if state.asked != generation {
        return Vec::new();
    }
    state.awaited = false;
    state.found = Some((now, result));
    if state.stale { look(model) } else { Vec::new() }
}

/// Rows that it takes of the screen.
pub(super) fn height(model: &Model, area: Rect) -> u16 {
    let count = match &model.log.budget.found {
        Some((_, Ok(budgets))) => budgets.len().min(MOST),
        Some((_, Err(_))) => 1,
        None => 0,
    };
    if count == 0 || area.height < ROOMY {
        return 0;
    }
    1 + u16::try_from(count).unwrap_or_default()
}

/// Draws it.
pub(super) fn view(model: &Model, area: Rect, buffer: &mut Buffer) {
    let Some((at, found)) = &model.log.budget.found else {
        return;
    };
    let theme = model.facts.theme;
    let remark = format!("at {}", model.facts.forms.clock(*at));
    let inner = inset(pane(
        theme,
        "The bank's limits",
        &remark,
        false,
        area,
        buffer,
    ));
    let cells = usize::from(inner.width);
    let lines: Vec<Line<'static>> = match found {
        Err(problem) => vec![Line::styled(
            fit(&format!("✗ {}", problem.what), cells),
            theme.bad(),
        )],
        Ok(budgets) => {
            let shown = budgets.iter().take(MOST);
            shown.map(|budget| line(model, budget, cells)).collect()
        }
    };
    paragraph(&lines, inner, buffer);
}

fn line(model: &Model, budget: &Budget, cells: usize) -> Line<'static> {
    let used = match budget.rate {
        Some((calls, seconds)) => format!("{} of {calls} in {seconds} s", budget.used),
        None => "bunq: too fast".into(),
    };
    let free = match budget.free_at {
        Some(at) => format!("free at {}", model.facts.forms.clock(at)),
        None => "free now".into(),
    };
    let figures = format!("{}{free}", pad(&used, FIGURES - 13, false));
    let name = pad(&budget.name, cells.saturating_sub(FIGURES + 6), false);
    Line::raw(fit(&format!("{name} {figures}"), cells))
}
