//! JSON as a tree that may be shown: read without recursion, its strings cleaned, its secrets
//! masked by the same rules as the bodies of the Log.

use super::{MASK, Met, is_secret};
use crate::base::{BankText, JsonName, JsonNode, JsonTree, JsonValue};

/// Deepest that values are read; what is deeper is passed over and said to be.
const DEEPEST: usize = 200;
/// Most values that are read of one document.
const MOST: usize = 200_000;
/// What is said where a text was longer than is kept of one.
const CUT: &str = "Only the beginning of a very long text is kept.";

/// Reads a body, as far as it is JSON; the tree says why it is not whole.
#[must_use]
pub fn json_tree(text: &str) -> JsonTree {
    let mut reader = Reader {
        text,
        at: 0,
        nodes: Vec::new(),
        open: Vec::new(),
        met: Met::default(),
        cut: false,
    };
    let note = reader.read().err().map(|ended| ended.words(&reader));
    let note = note.or_else(|| reader.cut.then(|| CUT.into()));
    reader.close_all();
    JsonTree::new(reader.nodes, note)
}

/// Why no more is read.
enum Ended {
    /// The text is over in the middle.
    Early,
    /// What follows is no JSON.
    Not,
    /// There are more values than anyone looks through.
    Enough,
}

impl Ended {
    fn words(&self, reader: &Reader<'_>) -> String {
        match self {
            Self::Early => "It was cut here: the rest is not kept.".into(),
            Self::Not if reader.nodes.is_empty() => "This is no JSON.".into(),
            Self::Not => "What follows here is no JSON.".into(),
            Self::Enough => format!("Only the first {MOST} values are shown."),
        }
    }
}

/// An object or a list that is being read.
struct Open {
    place: usize,
    is_list: bool,
    count: usize,
    /// Whether its name, or that of what it is in, is one of a secret.
    secret: bool,
    /// Whether its name is one of the bank's types: within it the names count anew.
    is_type: bool,
}

/// How the next value is named, and what that says of it.
struct Named {
    name: JsonName,
    secret: bool,
    is_type: bool,
}

enum Token<'a> {
    /// One of `{}[]:,`.
    Sign(u8),
    /// A text without its quotes, escapes undone.
    Text(String),
    /// A number, `true`, `false` or `null`.
    Word(&'a str),
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    nodes: Vec<JsonNode>,
    open: Vec<Open>,
    met: Met,
    /// Whether a text was too long to be kept whole.
    cut: bool,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<(), Ended> {
        let root = Named {
            name: JsonName::Root,
            secret: false,
            is_type: false,
        };
        let first = self.token()?;
        self.value(first, root)?;
        while let Some(top) = self.open.last() {
            let (is_list, is_first) = (top.is_list, top.count == 0);
            let mut token = self.token()?;
            if let Token::Sign(b'}' | b']') = token {
                let fits = matches!(token, Token::Sign(b']')) == is_list;
                if !fits {
                    return Err(Ended::Not);
                }
                self.close();
                continue;
            }
            if !is_first {
                let Token::Sign(b',') = token else {
                    return Err(Ended::Not);
                };
                token = self.token()?;
            }
            let named = if is_list {
                self.next_place()
            } else {
                let named = self.key(token)?;
                token = self.token()?;
                named
            };
            self.value(token, named)?;
        }
        self.blanks();
        if self.at < self.text.len() {
            return Err(Ended::Not);
        }
        Ok(())
    }

    fn next_place(&self) -> Named {
        let top = self.open.last();
        Named {
            name: JsonName::Place(top.map_or(0, |top| top.count)),
            secret: top.is_some_and(|top| top.secret),
            is_type: top.is_some_and(|top| top.is_type),
        }
    }

    /// A key, with the colon after it.
    fn key(&mut self, token: Token<'_>) -> Result<Named, Ended> {
        let Token::Text(key) = token else {
            return Err(Ended::Not);
        };
        let Token::Sign(b':') = self.token()? else {
            return Err(Ended::Not);
        };
        let inherited = self
            .open
            .last()
            .is_some_and(|top| top.secret && !top.is_type);
        Ok(Named {
            secret: inherited || is_secret(&key),
            is_type: key.starts_with(|c: char| c.is_ascii_uppercase()),
            name: JsonName::Key(self.met.cleaned(&key)),
        })
    }

    fn value(&mut self, token: Token<'_>, named: Named) -> Result<(), Ended> {
        if self.nodes.len() >= MOST {
            return Err(Ended::Enough);
        }
        let is_list = match token {
            Token::Sign(b'[') => true,
            Token::Sign(b'{') => false,
            Token::Sign(_) => return Err(Ended::Not),
            Token::Text(text) => {
                let value = JsonValue::Text(self.shown(&text, named.secret));
                self.push(named.name, value);
                return Ok(());
            }
            Token::Word(word) => {
                let value = match word {
                    "null" => JsonValue::Null,
                    _ if named.secret => JsonValue::Text(BankText::new(MASK)),
                    "true" => JsonValue::Bool(true),
                    "false" => JsonValue::Bool(false),
                    number if is_number(number) => JsonValue::Number(number.to_owned()),
                    _ => return Err(Ended::Not),
                };
                self.push(named.name, value);
                return Ok(());
            }
        };
        if self.open.len() >= DEEPEST {
            self.push(named.name, JsonValue::TooDeep);
            return self.pass_over();
        }
        let value = if is_list {
            JsonValue::List(0)
        } else {
            JsonValue::Object(0)
        };
        let place = self.push(named.name, value);
        self.open.push(Open {
            place,
            is_list,
            count: 0,
            secret: named.secret,
            is_type: named.is_type,
        });
        Ok(())
    }

    fn shown(&mut self, text: &str, secret: bool) -> BankText {
        if secret {
            if text != MASK {
                self.met.add(text);
            }
            return BankText::new(MASK);
        }
        self.cut |= BankText::cuts(text);
        self.met.cleaned(text)
    }

    fn push(&mut self, name: JsonName, value: JsonValue) -> usize {
        let place = self.nodes.len();
        let top = self.open.last_mut();
        if let Some(top) = top {
            top.count += 1;
        }
        self.nodes.push(JsonNode {
            parent: self.open.last().map_or(place, |top| top.place),
            end: place + 1,
            depth: self.open.len(),
            name,
            value,
        });
        place
    }

    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let end = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(open.place) {
            node.end = end;
            node.value = if open.is_list {
                JsonValue::List(open.count)
            } else {
                JsonValue::Object(open.count)
            };
        }
    }

    /// What was cut short ends where the text does.
    fn close_all(&mut self) {
        while !self.open.is_empty() {
            self.close();
        }
    }

    /// Passes over the rest of an object or a list that has begun, however deep it goes.
    fn pass_over(&mut self) -> Result<(), Ended> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.token()? {
                Token::Sign(b'{' | b'[') => depth += 1,
                Token::Sign(b'}' | b']') => depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        let after = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.at += rest.len() - after.len();
    }

    fn token(&mut self) -> Result<Token<'a>, Ended> {
        self.blanks();
        let rest = self.rest();
        let first = *rest.as_bytes().first().ok_or(Ended::Early)?;
        match first {
            b'{' | b'}' | b'[' | b']' | b':' | b',' => {
                self.at += 1;
                Ok(Token::Sign(first))
            }
            b'"' => self.string(rest),
            _ => {
                let ends = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
                let word = rest
                    .find(ends)
                    .map_or(rest, |end| rest.get(..end).unwrap_or_default());
                if word.is_empty() {
                    return Err(Ended::Not);
                }
                self.at += word.len();
                if self.at == self.text.len() && !self.open.is_empty() {
                    // Half a number looks like a whole one.
                    return Err(Ended::Early);
                }
                Ok(Token::Word(word))
            }
        }
    }

    fn string(&mut self, rest: &str) -> Result<Token<'a>, Ended> {
        let mut escaped = false;
        let end = rest.bytes().enumerate().skip(1).find_map(|(place, byte)| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends.then_some(place + 1)
        });
        let whole = rest.get(..end.ok_or(Ended::Early)?).unwrap_or_default();
        let text = serde_json::from_str(whole).map_err(|_| Ended::Not)?;
        self.at += whole.len();
        Ok(Token::Text(text))
    }
}

/// As JSON writes a number, within reason.
fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && word
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'))
        && serde_json::from_str::<serde_json::Number>(word).is_ok()
}

#[cfg(test)]
mod tests;
