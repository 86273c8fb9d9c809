//! What can be wrong with the keys that a person binds.

use super::table::TABLE;
use super::{Action, Binding, Chord, Context};

/// Something that is wrong with a binding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapProblem {
    /// No binding is called so.
    #[error("`{name}` is no binding{}", meant(nearest.as_deref()))]
    UnknownName {
        /// What was written.
        name: String,
        /// What was perhaps meant.
        nearest: Option<String>,
    },
    /// No key can be meant.
    #[error("`{name}`: `{key}` is no key that can be bound: {why}")]
    UnreadableKey {
        /// The binding.
        name: String,
        /// What was written.
        key: String,
        /// Why it cannot be bound.
        why: &'static str,
    },
    /// The key stays what it is.
    #[error("`{name}`: Ctrl-c always leaves the program and cannot be bound")]
    Reserved {
        /// The binding.
        name: String,
    },
    /// The binding stays what it is.
    #[error("`{name}` cannot be changed: Ctrl-c always leaves the program")]
    Fixed {
        /// The binding.
        name: String,
    },
    /// Nobody could get help, or out.
    #[error("`{name}` must keep a key")]
    Needed {
        /// The binding.
        name: String,
    },
    /// A text field takes the key.
    #[error("`{name}`: `{key}` is typed there, so it can do nothing else")]
    Typed {
        /// The binding.
        name: String,
        /// The key.
        key: String,
    },
    /// One key, two meanings in one place.
    #[error("`{key}` is bound to both `{one}` and `{other}`, in the same place")]
    Conflict {
        /// The key.
        key: String,
        /// A binding.
        one: String,
        /// Another.
        other: String,
    },
    /// One key, a meaning on a screen and another everywhere.
    #[error("`{key}` is bound to `{one}` and to `{everywhere}`, which acts there too")]
    Shadow {
        /// The key.
        key: String,
        /// The binding of one place.
        one: String,
        /// The binding that acts everywhere.
        everywhere: String,
    },
}

impl KeymapProblem {
    /// The bindings that it is about.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::UnknownName { name, .. }
            | Self::UnreadableKey { name, .. }
            | Self::Reserved { name }
            | Self::Fixed { name }
            | Self::Needed { name }
            | Self::Typed { name, .. } => vec![name],
            Self::Conflict { one, other, .. } => vec![one, other],
            Self::Shadow {
                one, everywhere, ..
            } => vec![one, everywhere],
        }
    }
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// The keys that a person wrote for a binding; what cannot be meant is noted and left out.
pub(super) fn read(
    row: &Binding,
    name: &str,
    words: &[String],
    problems: &mut Vec<KeymapProblem>,
) -> Vec<Chord> {
    let name = name.to_owned();
    if row.action == Action::Interrupt {
        problems.push(KeymapProblem::Fixed { name });
        return row.keys.to_vec();
    }
    if words.is_empty() && is_needed(row) {
        problems.push(KeymapProblem::Needed { name });
        return Vec::new();
    }
    let mut chords: Vec<Chord> = Vec::new();
    for word in words {
        let name = name.clone();
        match Chord::parse(word) {
            Err(why) => problems.push(KeymapProblem::UnreadableKey {
                name,
                key: word.clone(),
                why,
            }),
            Ok(Chord::Ctrl('c')) => problems.push(KeymapProblem::Reserved { name }),
            Ok(chord) if row.context.takes_text() && chord.is_typed() => {
                problems.push(KeymapProblem::Typed {
                    name,
                    key: chord.word(),
                });
            }
            Ok(chord) if chords.contains(&chord) => {}
            Ok(chord) => chords.push(chord),
        }
    }
    chords
}

/// Whether a person could be stuck without it.
fn is_needed(row: &Binding) -> bool {
    let everywhere = row.context == Context::Everywhere;
    let taken = row.context.takes_text() && row.action == Action::Submit;
    (everywhere && matches!(row.action, Action::Help | Action::Leave))
        || row.context.way_out() == Some(row.action)
        || taken
}

/// Keys with two meanings.
pub(super) fn find(rows: &[Binding], problems: &mut Vec<KeymapProblem>) {
    for (place, one) in rows.iter().enumerate() {
        for (other_place, other) in rows.iter().enumerate().skip(place + 1) {
            for chord in shared(one, other) {
                if one.context == other.context {
                    problems.push(KeymapProblem::Conflict {
                        key: chord.word(),
                        one: one.name(),
                        other: other.name(),
                    });
                } else if meet(one, other) && !by_default(place, other_place) {
                    problems.push(shadow(chord, one, other));
                }
            }
        }
    }
}

/// The keys of both.
fn shared(one: &Binding, other: &Binding) -> impl Iterator<Item = Chord> {
    let keys = one.keys.iter().copied();
    keys.filter(|key| other.keys.contains(key))
}

fn shadow(chord: Chord, one: &Binding, other: &Binding) -> KeymapProblem {
    let (one, everywhere) = if one.context == Context::Everywhere {
        (other, one)
    } else {
        (one, other)
    };
    KeymapProblem::Shadow {
        key: chord.word(),
        one: one.name(),
        everywhere: everywhere.name(),
    }
}

/// Whether one of the two acts everywhere, and so where the other does.
fn meet(one: &Binding, other: &Binding) -> bool {
    reaches(one, other.context) || reaches(other, one.context)
}

/// Whether a binding that acts everywhere does so in this context: over a screen only some do.
fn reaches(row: &Binding, context: Context) -> bool {
    let over_all = matches!(
        row.action,
        Action::Lock | Action::Suspend | Action::Help | Action::Palette
    );
    row.context == Context::Everywhere && (context.way_out().is_none() || over_all)
}

/// Whether these two rows share a key in the defaults too.
fn by_default(one: usize, other: usize) -> bool {
    let rows = TABLE.get(one).zip(TABLE.get(other));
    rows.is_some_and(|(one, other)| shared(one, other).next().is_some())
}

/// The name that looks most like it, if any does.
pub(super) fn nearest(name: &str, rows: &[Binding]) -> Option<String> {
    let wanted = name.to_ascii_lowercase();
    let names = rows.iter().map(Binding::name);
    let (distance, name) = names
        .map(|name| {
            // Whoever left out the place, or wrote another, meant the action.
            let action = name.rsplit('.').next().unwrap_or_default();
            let meant = wanted.rsplit('.').next().unwrap_or_default();
            let whole = distance(&wanted, &name);
            (whole.min(distance(meant, action) + 1), name)
        })
        .min_by_key(|(distance, _)| *distance)?;
    (distance <= 2.max(wanted.len() / 4)).then_some(name)
}

/// How many characters must be put in, left out or changed.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (place, left) in one.chars().enumerate() {
        let mut corner = place;
        let mut before = place + 1;
        let mut next = vec![before];
        for (right, above) in other.chars().zip(row.iter().skip(1)) {
            let changed = corner + usize::from(left != right);
            corner = *above;
            before = changed.min(above + 1).min(before + 1);
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
