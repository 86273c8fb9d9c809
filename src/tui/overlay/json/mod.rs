//! The bank's JSON of whatever is selected, as a tree over the whole screen.

mod open;
mod values;
mod view;

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Position;

pub(in crate::tui) use open::{open, refusal};
pub(super) use view::view;

use super::Overlay;
use crate::base::{JsonTree, Problem, RequestId};
use crate::tui::app::{Effect, Model};
use crate::tui::data::Generation;
use crate::tui::keymap::{Action, Context};
use crate::tui::widget::alone::Alone;
use crate::tui::widget::json_tree::JsonView;
use crate::workspace::RawOf;

/// Which side of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Way {
    /// What we asked.
    Asked,
    /// What the bank answered.
    Answered,
}

/// Whose JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum JsonOf {
    /// As it is stored.
    Stored(RawOf),
    /// A body of the Log.
    Request { id: RequestId, way: Way },
}

/// What came of looking it up.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    /// Nothing yet.
    Awaited,
    /// It is not there.
    Missing,
    /// It could not be looked up.
    Failed(Problem),
    /// It is there.
    Tree(Box<JsonView>),
}

/// The tree, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct Json {
    generation: Generation,
    of: JsonOf,
    title: String,
    found: Found,
    /// The selected value, where it is shown alone.
    alone: Option<Alone>,
    /// Whether what went to the clipboard last was a path, and not a value.
    pub(super) path_sent: bool,
}

impl Json {
    /// Whether a value is shown alone, to be selected by hand.
    pub(super) fn is_alone(&self) -> bool {
        self.alone.is_some()
    }

    fn tree(&self) -> Option<&JsonView> {
        match &self.found {
            Found::Tree(tree) => Some(tree),
            _ => None,
        }
    }

    /// Whether something to look for is being typed.
    pub(in crate::tui) fn is_typing(&self) -> bool {
        let search = self.tree().and_then(|tree| tree.search.as_ref());
        search.is_some_and(|search| search.typing)
    }

    /// Its keys.
    pub(super) fn context(&self) -> Context {
        if self.is_typing() {
            Context::JsonSearch
        } else {
            Context::Json
        }
    }

    /// A key for what is looked for.
    pub(super) fn press(&mut self, key: KeyEvent) {
        let Found::Tree(tree) = &mut self.found else {
            return;
        };
        match key.code {
            KeyCode::Up | KeyCode::Down => {
                tree.hit(key.code == KeyCode::Down);
            }
            _ => {
                if let Some(search) = &mut tree.search {
                    search.field.press(key);
                    tree.look();
                }
            }
        }
    }

    /// Pasted text for what is looked for.
    pub(super) fn paste(&mut self, text: &str) {
        let Found::Tree(tree) = &mut self.found else {
            return;
        };
        if let Some(search) = &mut tree.search {
            search.field.paste(text);
            tree.look();
        }
    }
}

/// It was looked up; late answers are dropped.
pub(in crate::tui) fn on_recalled(
    model: &mut Model,
    generation: Generation,
    result: Result<Option<Arc<JsonTree>>, Problem>,
) {
    if let Some(Overlay::Json(json)) = &mut model.overlay
        && json.generation == generation
    {
        json.found = match result {
            Ok(Some(tree)) => Found::Tree(Box::new(JsonView::new(tree))),
            Ok(None) => Found::Missing,
            Err(problem) => Found::Failed(problem),
        };
    }
}

/// The row at a place.
pub(super) fn row_at(json: &Json, size: (u16, u16), at: Position) -> Option<usize> {
    let tree = json.tree()?;
    let line = usize::from(at.y.checked_sub(view::ROWS)?);
    let row = tree.cursor.offset + line;
    (line < view::page(size) && row < tree.count()).then_some(row)
}

/// Selects it; true where it was selected before.
pub(super) fn select(json: &mut Json, row: usize) -> bool {
    match &mut json.found {
        Found::Tree(tree) => std::mem::replace(&mut tree.cursor.at, row) == row,
        _ => false,
    }
}

/// What a key does here.
pub(super) fn act(model: &mut Model, mut json: Box<Json>, action: Action) -> Vec<Effect> {
    if let Some(alone) = &mut json.alone {
        match action {
            Action::Back | Action::ShowAlone => json.alone = None,
            action => alone.act(action, model.size),
        }
        // What is copied is what is shown; all else is for the tree.
        if !matches!(action, Action::CopyValue | Action::CopyPath) {
            model.overlay = Some(Overlay::Json(json));
            return Vec::new();
        }
    }
    walk(model, json, action)
}

/// What a key does in the tree.
fn walk(model: &mut Model, mut json: Box<Json>, action: Action) -> Vec<Effect> {
    let typing = json.is_typing();
    let hidden = model.facts.forms.hidden;
    let page = view::page(model.size);
    let of = json.of;
    if matches!(action, Action::CopyValue | Action::CopyPath) {
        return copy_selected(model, json, action);
    }
    let Found::Tree(tree) = &mut json.found else {
        return without_tree(model, json, action);
    };
    let refused = match (action, of) {
        (Action::Back, _) if tree.search.take().is_some() => None,
        (Action::Back, _) => return Vec::new(),
        (Action::Submit, _) if typing => {
            if let Some(search) = &mut tree.search {
                search.typing = false;
            }
            tree.search
                .take_if(|search| search.needle().is_empty())
                .map(|_| "Nothing was typed.")
        }
        (Action::Search, _) => {
            tree.begin_search();
            None
        }
        (Action::ShowAlone, _) if hidden => Some(super::copy::HIDDEN),
        (Action::ShowAlone, _) => {
            let place = tree.selected().unwrap_or_default();
            json.alone = Some(Alone::new(&tree.tree().text(place)));
            None
        }
        (Action::NextHit, _) => tree.hit(true),
        (Action::PreviousHit, _) => tree.hit(false),
        (Action::FocusNext, JsonOf::Request { id, way }) => return open::turn(model, id, way),
        (Action::FocusNext, _) if !typing => Some("There is one body only."),
        (action, _) => tree.act(action, page),
    };
    model.overlay = Some(Overlay::Json(json));
    if let Some(reason) = refused {
        let reason = model.spell(reason);
        model.say(reason);
    }
    Vec::new()
}

/// What a key does where there is no tree, or none yet.
fn without_tree(model: &mut Model, json: Box<Json>, action: Action) -> Vec<Effect> {
    match (action, json.of) {
        (Action::Back, _) => Vec::new(),
        (Action::FocusNext, JsonOf::Request { id, way }) => open::turn(model, id, way),
        _ => {
            model.overlay = Some(Overlay::Json(json));
            model.say(model.spell("There is nothing to walk through. {json.back} closes this."));
            Vec::new()
        }
    }
}

/// The selected value, or its path, into the clipboard.
fn copy_selected(model: &mut Model, mut json: Box<Json>, action: Action) -> Vec<Effect> {
    let Found::Tree(tree) = &json.found else {
        return without_tree(model, json, action);
    };
    let place = tree.selected().unwrap_or_default();
    let path = action == Action::CopyPath;
    let text = if path {
        tree.tree().path(place)
    } else {
        tree.tree().text(place)
    };
    json.path_sent = path;
    model.overlay = Some(Overlay::Json(json));
    match super::copy::to_clipboard(text) {
        Ok(effect) => vec![effect],
        Err(words) => {
            model.say(words);
            Vec::new()
        }
    }
}

/// Keeps the selection in range and in sight.
pub(in crate::tui) fn settle(model: &mut Model) {
    let page = view::page(model.size);
    if let Some(Overlay::Json(json)) = &mut model.overlay
        && let Found::Tree(tree) = &mut json.found
    {
        let count = tree.count();
        tree.cursor.settle(count, page);
    }
}
