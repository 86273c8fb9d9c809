//! A JSON document as one flat list of its values, in their order: however deep it is, nothing
//! that walks over it calls itself.

use std::fmt;

use zeroize::Zeroize;

use super::BankText;

/// How a value is named within what holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonName {
    /// It is the whole document.
    Root,
    /// By a key of an object.
    Key(BankText),
    /// By its place in a list.
    Place(usize),
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonValue {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it was written.
    Number(String),
    /// A text, cleaned; dots where a secret was.
    Text(BankText),
    /// An object of so many members.
    Object(usize),
    /// A list of so many values.
    List(usize),
    /// An object or a list that is nested too deep to be read.
    TooDeep,
}

/// One value of a document.
#[derive(Clone, PartialEq, Eq)]
pub struct JsonNode {
    /// The place of what holds it; its own for the whole document.
    pub parent: usize,
    /// The first place after all that it holds.
    pub end: usize,
    /// In how many others it is.
    pub depth: usize,
    /// How it is named there.
    pub name: JsonName,
    /// What it is.
    pub value: JsonValue,
}

/// A document. Its values are cleaned and its secrets masked by whoever made it; names and IBANs
/// are in it, so its `Debug` shows nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct JsonTree {
    nodes: Vec<JsonNode>,
    /// Why it is not all that was sent.
    note: Option<String>,
}

impl fmt::Debug for JsonNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonNode({} to {}, …)", self.parent, self.end)
    }
}

impl fmt::Debug for JsonTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonTree({} values, …)", self.nodes.len())
    }
}

impl Drop for JsonTree {
    /// What a request left in memory is wiped when it goes.
    fn drop(&mut self) {
        for node in &mut self.nodes {
            if let JsonName::Key(key) = &mut node.name {
                key.zeroize();
            }
            match &mut node.value {
                JsonValue::Text(text) => text.zeroize(),
                JsonValue::Number(number) => number.zeroize(),
                _ => {}
            }
        }
    }
}

impl JsonTree {
    /// A document of these values, and why it is not whole.
    #[must_use]
    pub fn new(nodes: Vec<JsonNode>, note: Option<String>) -> Self {
        Self { nodes, note }
    }

    /// How many values it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Why it is not all that was sent.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// The value at a place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<&JsonNode> {
        self.nodes.get(place)
    }

    /// What holds the value at a place; none for the whole document.
    #[must_use]
    pub fn parent(&self, place: usize) -> Option<usize> {
        let parent = self.get(place)?.parent;
        (parent != place).then_some(parent)
    }

    /// The values that hold the one at a place, the nearest first.
    pub fn above(&self, place: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.parent(place), |above| self.parent(*above))
    }

    /// Where a value is, as jq has it: `.Response[0].balance`. Keys that are no plain words are
    /// quoted.
    #[must_use]
    pub fn path(&self, place: usize) -> String {
        let mut places: Vec<usize> = self.above(place).collect();
        places.reverse();
        places.push(place);
        let mut path = String::new();
        for node in places.into_iter().filter_map(|place| self.get(place)) {
            match &node.name {
                JsonName::Root => {}
                JsonName::Key(key) if is_word(key.as_str()) => {
                    path.push('.');
                    path.push_str(key.as_str());
                }
                JsonName::Key(key) => {
                    dot_first(&mut path);
                    path.push('[');
                    path.push_str(&quoted(key.as_str()));
                    path.push(']');
                }
                JsonName::Place(place) => {
                    dot_first(&mut path);
                    path.push_str(&format!("[{place}]"));
                }
            }
        }
        dot_first(&mut path);
        path
    }

    /// A value as text: a text as it is, an object or a list as indented JSON.
    #[must_use]
    pub fn text(&self, place: usize) -> String {
        let Some(node) = self.get(place) else {
            return String::new();
        };
        match &node.value {
            JsonValue::Text(text) => text.to_string(),
            JsonValue::Object(_) | JsonValue::List(_) => self.indented(place, node),
            other => literal(other),
        }
    }

    fn indented(&self, place: usize, top: &JsonNode) -> String {
        let mut out = String::new();
        // What is open: where it ends, and the bracket that ends it.
        let mut open: Vec<(usize, char)> = Vec::new();
        for (at, node) in self.nodes.iter().enumerate().take(top.end).skip(place) {
            close(&mut out, &mut open, at);
            if at > place {
                let after_bracket = out.ends_with(['{', '[']);
                out.push_str(if after_bracket { "\n" } else { ",\n" });
                out.push_str(&"  ".repeat(open.len()));
                if let JsonName::Key(key) = &node.name {
                    out.push_str(&quoted(key.as_str()));
                    out.push_str(": ");
                }
            }
            match &node.value {
                JsonValue::Object(0) => out.push_str("{}"),
                JsonValue::List(0) => out.push_str("[]"),
                JsonValue::Object(_) => {
                    out.push('{');
                    open.push((node.end, '}'));
                }
                JsonValue::List(_) => {
                    out.push('[');
                    open.push((node.end, ']'));
                }
                JsonValue::TooDeep => out.push_str(&quoted("too deep")),
                other => out.push_str(&literal(other)),
            }
        }
        close(&mut out, &mut open, usize::MAX);
        out
    }
}

/// Closes what ends before a place.
fn close(out: &mut String, open: &mut Vec<(usize, char)>, at: usize) {
    while let Some((_, bracket)) = open.pop_if(|(end, _)| *end <= at) {
        out.push('\n');
        out.push_str(&"  ".repeat(open.len()));
        out.push(bracket);
    }
}

/// A value that holds no others, as JSON writes it.
fn literal(value: &JsonValue) -> String {
    match value {
        JsonValue::Null => "null".into(),
        JsonValue::Bool(value) => value.to_string(),
        JsonValue::Number(number) => number.clone(),
        JsonValue::Text(text) => quoted(text.as_str()),
        JsonValue::Object(_) | JsonValue::List(_) | JsonValue::TooDeep => String::new(),
    }
}

/// A text in quotes, as JSON writes it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn dot_first(path: &mut String) {
    if path.is_empty() {
        path.push('.');
    }
}

/// Whether jq takes a key without quotes.
fn is_word(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
