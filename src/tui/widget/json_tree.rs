//! A JSON document that is folded, walked and searched. Its rows are listed once for each change
//! of the folds, so that a frame costs only the rows that are seen.

use std::ops::Range;
use std::sync::Arc;

use super::field::Field;
use super::list::Cursor;
use crate::base::{JsonName, JsonTree, JsonValue};
use crate::tui::keymap::Action;

/// A document of more values begins folded below its second level.
const OPENS_WHOLE: usize = 500;

/// A document, and what of it is seen.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct JsonView {
    tree: Arc<JsonTree>,
    /// Whether what a value holds is hidden, by place.
    folded: Vec<bool>,
    /// The places of the values that are not hidden, in order.
    rows: Vec<usize>,
    pub(in crate::tui) cursor: Cursor,
    pub(in crate::tui) search: Option<Search>,
}

/// What is looked for, and where it is.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct Search {
    pub(in crate::tui) field: Field,
    /// Whether it is being typed.
    pub(in crate::tui) typing: bool,
    /// The places of the values that have it in their name or in themselves.
    hits: Vec<usize>,
    /// Which of them the cursor is on.
    at: usize,
    /// Where the cursor was when the search began.
    origin: usize,
}

impl Search {
    /// What is looked for.
    pub(in crate::tui) fn needle(&self) -> &str {
        self.field.trimmed()
    }

    /// How many hits there are, and on which of them the cursor is.
    pub(in crate::tui) fn standing(&self) -> String {
        match (self.needle().is_empty(), self.hits.len()) {
            (true, _) => String::new(),
            (false, 0) => "nothing found".into(),
            (false, count) => format!("{} of {count}", self.at + 1),
        }
    }
}

impl JsonView {
    /// The document from its top.
    pub(in crate::tui) fn new(tree: Arc<JsonTree>) -> Self {
        let mut view = Self {
            folded: vec![false; tree.len()],
            rows: Vec::new(),
            cursor: Cursor::default(),
            search: None,
            tree,
        };
        if view.tree.len() > OPENS_WHOLE {
            view.fold_below(2);
        }
        view.list();
        view
    }

    /// The document.
    pub(in crate::tui) fn tree(&self) -> &JsonTree {
        &self.tree
    }

    /// How many rows there are.
    pub(in crate::tui) fn count(&self) -> usize {
        self.rows.len()
    }

    /// The place of the value in a row.
    pub(in crate::tui) fn row(&self, row: usize) -> Option<usize> {
        self.rows.get(row).copied()
    }

    /// The place of the value under the cursor.
    pub(in crate::tui) fn selected(&self) -> Option<usize> {
        self.row(self.cursor.at)
    }

    /// Whether there is something to fold in a value, and whether it is folded.
    pub(in crate::tui) fn fold_of(&self, place: usize) -> Option<bool> {
        let holds = matches!(
            self.tree.get(place)?.value,
            JsonValue::Object(1..) | JsonValue::List(1..)
        );
        holds.then(|| self.folded.get(place).copied().unwrap_or_default())
    }

    /// Moves or folds as a key says. Gives back why it does nothing.
    pub(in crate::tui) fn act(&mut self, action: Action, page: usize) -> Option<&'static str> {
        let count = self.count();
        if self.cursor.act(action, count, page) {
            return None;
        }
        let Some(place) = self.selected() else {
            return Some("There is nothing in it.");
        };
        match (action, self.fold_of(place)) {
            (Action::Toggle, Some(folded)) => self.fold(place, !folded),
            (Action::Toggle, None) => return Some("There is nothing to fold in it."),
            (Action::Previous, Some(false)) => self.fold(place, true),
            (Action::Previous, _) => match self.tree.parent(place) {
                Some(parent) => self.go_to(parent),
                None => return Some("This is the whole document."),
            },
            (Action::Next, Some(true)) => self.fold(place, false),
            (Action::Next, Some(false)) => self.cursor.at += 1,
            (Action::Next, None) => return Some("There is nothing to unfold in it."),
            (Action::UnfoldAll, _) => self.unfold_all(),
            (Action::FoldAll, _) => self.fold_all(),
            _ => {}
        }
        None
    }

    fn unfold_all(&mut self) {
        self.folded.fill(false);
        self.list_and_stay();
    }

    /// Down to what the document itself holds.
    fn fold_all(&mut self) {
        self.fold_below(1);
        self.list_and_stay();
    }

    fn fold_below(&mut self, depth: usize) {
        for (place, folded) in self.folded.iter_mut().enumerate() {
            *folded = self.tree.get(place).is_some_and(|node| node.depth >= depth);
        }
    }

    fn fold(&mut self, place: usize, folded: bool) {
        if let Some(fold) = self.folded.get_mut(place) {
            *fold = folded;
        }
        self.list_and_stay();
    }

    /// Puts the cursor on a value, and unfolds whatever hides it.
    fn go_to(&mut self, place: usize) {
        let mut hidden = false;
        let tree = Arc::clone(&self.tree);
        for above in tree.above(place) {
            if let Some(fold) = self.folded.get_mut(above) {
                hidden |= std::mem::take(fold);
            }
        }
        if hidden {
            self.list();
        }
        if let Ok(row) = self.rows.binary_search(&place) {
            self.cursor.at = row;
        }
    }

    /// Lists the rows anew. The cursor stays on its value, or goes to what hides it.
    fn list_and_stay(&mut self) {
        let selected = self.selected();
        self.list();
        let mut places = selected.into_iter();
        let tree = Arc::clone(&self.tree);
        let seen = places
            .by_ref()
            .flat_map(|place| std::iter::once(place).chain(tree.above(place).collect::<Vec<_>>()));
        let row = seen
            .filter_map(|place| self.rows.binary_search(&place).ok())
            .next();
        self.cursor.at = row.unwrap_or(0);
    }

    fn list(&mut self) {
        self.rows.clear();
        let mut place = 0;
        while let Some(node) = self.tree.get(place) {
            self.rows.push(place);
            let folded = self.folded.get(place).copied().unwrap_or_default();
            // Each value ends after itself, so this goes on.
            place = if folded {
                node.end.max(place + 1)
            } else {
                place + 1
            };
        }
    }

    /// Begins to look for something, or to look for something else.
    pub(in crate::tui) fn begin_search(&mut self) {
        let origin = self.selected().unwrap_or_default();
        self.search = Some(Search {
            field: Field::new(false),
            typing: true,
            hits: Vec::new(),
            at: 0,
            origin,
        });
    }

    /// What is looked for changed: the first hit from where the search began on is gone to.
    pub(in crate::tui) fn look(&mut self) {
        let Some(search) = &mut self.search else {
            return;
        };
        search.hits = find(&self.tree, search.needle());
        let after = search.hits.partition_point(|hit| *hit < search.origin);
        search.at = if after < search.hits.len() { after } else { 0 };
        let to = search.hits.get(search.at).copied();
        let to = to.unwrap_or(search.origin);
        self.go_to(to);
    }

    /// Goes to the hit after or before. Gives back why it does not.
    pub(in crate::tui) fn hit(&mut self, forward: bool) -> Option<&'static str> {
        let Some(search) = &mut self.search else {
            return Some("Nothing is looked for: {json.search} does.");
        };
        let count = search.hits.len();
        if count == 0 {
            return Some("Nothing was found: {json.search} looks for something else.");
        }
        search.at = if forward {
            (search.at + 1) % count
        } else {
            (search.at + count - 1) % count
        };
        let to = search.hits.get(search.at).copied().unwrap_or_default();
        self.go_to(to);
        None
    }
}

/// The places of the values that have a text in their name or in themselves; capitals do not
/// count.
fn find(tree: &JsonTree, needle: &str) -> Vec<usize> {
    if needle.is_empty() {
        return Vec::new();
    }
    let needle = Needle::new(needle);
    let hits = |place: &usize| {
        let Some(node) = tree.get(*place) else {
            return false;
        };
        let named = match &node.name {
            JsonName::Key(key) => needle.is_in(key.as_str()),
            JsonName::Root | JsonName::Place(_) => false,
        };
        named
            || match &node.value {
                JsonValue::Text(text) => needle.is_in(text.as_str()),
                JsonValue::Number(number) => needle.is_in(number),
                JsonValue::Bool(value) => needle.is_in(if *value { "true" } else { "false" }),
                JsonValue::Null => needle.is_in("null"),
                JsonValue::Object(_) | JsonValue::List(_) | JsonValue::TooDeep => false,
            }
    };
    (0..tree.len()).filter(hits).collect()
}

/// What is looked for, in small letters.
struct Needle(Vec<char>);

impl Needle {
    fn new(text: &str) -> Self {
        Self(text.chars().map(small).collect())
    }

    /// Where it is in a text: each place that begins after the one before has ended.
    fn places(&self, text: &str) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        if self.0.is_empty() {
            return places;
        }
        for (begin, _) in text.char_indices() {
            if places.last().is_none_or(|last| last.end <= begin)
                && let Some(end) = self.ends(text, begin)
            {
                places.push(begin..end);
            }
        }
        places
    }

    fn is_in(&self, text: &str) -> bool {
        text.char_indices()
            .any(|(begin, _)| self.ends(text, begin).is_some())
    }

    /// Where it ends, when it begins there.
    fn ends(&self, text: &str, begin: usize) -> Option<usize> {
        let rest = text.get(begin..)?;
        let mut end = begin;
        let mut characters = rest.chars();
        for wanted in &self.0 {
            let found = characters.next().filter(|c| small(*c) == *wanted)?;
            end += found.len_utf8();
        }
        Some(end)
    }
}

/// A character as a small letter, where that is one character.
fn small(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

/// Where a text that is looked for is in another.
pub(in crate::tui) fn matches(text: &str, needle: &str) -> Vec<Range<usize>> {
    Needle::new(needle).places(text)
}
