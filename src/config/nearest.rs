//! What is said of a name that no option has.

use super::file::KEYS;
use super::settings::SETTINGS;

/// That there is none, and which was most likely meant.
pub(super) fn unknown(name: &str, table: bool) -> String {
    let names = || SETTINGS.iter().map(|setting| setting.name).chain([KEYS]);
    let what = if table { "table" } else { "option" };
    // As elsewhere in the program, or in other programs.
    let folded = name.to_lowercase().replace('_', "-");
    let nearest = names()
        .map(|known| (distance(&folded, known), known))
        .min()
        .filter(|(far, known)| *far <= (known.len() / 3).max(1));
    match nearest {
        Some((_, known)) => format!("no {what} is called {name:?}; do you mean {known}?"),
        None => {
            let all: Vec<_> = names().collect();
            format!("no {what} is called {name:?}; there are {}", all.join(", "))
        }
    }
}

/// How many letters are to be changed, added or left out to make one of the other.
fn distance(one: &str, other: &str) -> usize {
    // What is much longer is far away anyway.
    let one: Vec<char> = one.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=one.len()).collect();
    for (place, letter) in other.chars().enumerate() {
        let mut diagonal = place;
        let mut left = place + 1;
        let mut next = vec![left];
        for (known, above) in one.iter().zip(row.iter().skip(1)) {
            let changed = diagonal + usize::from(*known != letter);
            diagonal = *above;
            left = changed.min(*above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("theme", "theme", 0)]
    #[case("them", "theme", 1)]
    #[case("tehme", "theme", 2)]
    #[case("", "log", 3)]
    #[case("log", "", 3)]
    fn letters_are_counted(#[case] one: &str, #[case] other: &str, #[case] far: usize) {
        assert_eq!(distance(one, other), far);
    }
}
