//! What words find, and what of a cell is marked.

use nucleo_matcher::chars::{normalize, to_lower_case};
use proptest::prelude::*;
use rstest::rstest;

use super::*;

const ROW: [&str; 4] = ["12", "Zoë Müller", "NL14BUNQ2025404017", "4118.00 EUR"];

#[rstest]
#[case("", true)]
#[case("zoe", true)]
#[case("Zoe", true)]
#[case("zml", true)]
#[case("zoe 4118", true)]
#[case("zoe 4119", false)]
#[case("ZOE", false)]
#[case("'mul", true)]
#[case("'mlr", false)]
#[case("^zo", true)]
#[case("^mu", false)]
#[case("^nl14", true)]
#[case("ller$", true)]
#[case("zo$", false)]
#[case("4017$", true)]
#[case("^12$", true)]
#[case("^1$", false)]
#[case("!bunq", false)]
#[case("!rabo", true)]
#[case("!^zo", false)]
#[case("!^mu", true)]
#[case("!17$", false)]
#[case("404017", true)]
#[case("2025 4040 17", true)]
// A number is no fuzzy word: its digits stand together, in one cell.
#[case("2517", false)]
#[case("124118", false)]
#[case("12zoe", false)]
// Only marks so far.
#[case("'", true)]
#[case("^", true)]
#[case("!", true)]
#[case("!^", true)]
#[case("$", false)]
fn words_find_a_row(#[case] typed: &str, #[case] found: bool) {
    let score = Query::parse(typed).sieve().score(ROW.into_iter());
    assert_eq!(score.is_some(), found, "{typed}: {score:?}");
}

#[rstest]
#[case("a", "ab", true)]
#[case("ab", "a", false)]
#[case("a", "a b", true)]
#[case("a b", "a", false)]
#[case("1", "12", true)]
// `12` as it stands, but `12a` fuzzily.
#[case("12", "12a", false)]
#[case("12", "123", true)]
#[case("'a", "'ab", true)]
#[case("!a", "!ab", false)]
#[case("!a", "!a b", true)]
#[case("^a", "^ab", true)]
#[case("^a", "^a$", false)]
#[case("a$", "ab$", false)]
#[case("'", "'a", true)]
#[case("", "a", true)]
fn what_grows_is_looked_for_only_where_it_was_found(
    #[case] before: &str,
    #[case] after: &str,
    #[case] narrows: bool,
) {
    assert_eq!(Query::parse(after).narrows(&Query::parse(before)), narrows);
}

#[test]
fn a_cell_that_comes_again_is_found_again() {
    let query = Query::parse("mul !rabo");
    let mut sieve = query.sieve();
    let rows = [
        (["Zoë Müller", "NL14BUNQ1"], true),
        (["Zoë Müller", "NL39RABO2"], false),
        (["Zoë Müller", "NL14BUNQ1"], true),
        (["Gerda", "NL14BUNQ1"], false),
        (["Zoë Müller", "NL14BUNQ1"], true),
        (["", ""], false),
    ];
    for (row, found) in rows {
        assert_eq!(sieve.score(row.into_iter()).is_some(), found, "{row:?}");
    }
}

#[rstest]
#[case("4017", "NL14 BUNQ 2025 4040 17", vec![17, 18, 20, 21])]
#[case("ller", "Zoë Müller", vec![6, 7, 8, 9])]
// A mark of its own on the letter before is no letter.
#[case("'ler", "Mu\u{308}ller", vec![3, 4, 5])]
#[case("!ller", "Zoë Müller", vec![])]
#[case("x", "Zoë Müller", vec![])]
fn what_was_found_is_marked_in_the_cell_as_shown(
    #[case] typed: &str,
    #[case] cell: &str,
    #[case] places: Vec<usize>,
) {
    let found = Query::parse(typed).found(cell, &mut Eye::new());
    assert_eq!(found, places);
}

#[rstest]
#[case("üfoo", "'foo", true)]
#[case("1ab2", "'1ab2", true)]
#[case("01ab", "'1ab", true)]
#[case("MÜLLER", "'müller", true)]
#[case("Müller", "'MU", false)]
#[case("李小龍", "'小", true)]
fn as_it_stands_to_the_very_end(#[case] cell: &str, #[case] typed: &str, #[case] found: bool) {
    let score = Query::parse(typed).sieve().score([cell].into_iter());
    assert_eq!(score.is_some(), found);
}

/// The letters of a text as they are compared here.
fn letters(text: &str) -> Vec<char> {
    let graphemes = text.graphemes(true);
    let first = graphemes.filter_map(|one| one.chars().next());
    first.map(|c| to_lower_case(normalize(c))).collect()
}

proptest! {
    /// Fuzzily: whose letters come one after the other in one cell. As it stands: side by side.
    #[test]
    fn exactly_what_has_the_letters_is_found(
        needle in "[a-c1é]{1,4}",
        cells in prop::collection::vec("[a-cA-C1 éü李]{0,7}", 1..4),
    ) {
        let plain: String = letters(&needle).into_iter().collect();
        let wanted = letters(&plain);
        let cells_of: Vec<_> = cells.iter().map(|cell| letters(cell)).collect();
        let within = cells_of.iter().any(|cell| {
            cell.windows(wanted.len()).any(|window| window == wanted)
        });
        let scattered = cells_of.iter().any(|cell| {
            let mut rest = cell.iter();
            wanted.iter().all(|letter| rest.any(|other| other == letter))
        });
        let found = |typed: String| {
            let query = Query::parse(&typed);
            let cells = cells.iter().map(String::as_str);
            query.sieve().score(cells).is_some()
        };
        let number = plain.len() > 1 && plain.bytes().all(|byte| byte == b'1');
        prop_assert_eq!(found(plain.clone()), if number { within } else { scattered });
        prop_assert_eq!(found(format!("'{plain}")), within);
        prop_assert_eq!(found(format!("!{plain}")), !within);
    }
}
