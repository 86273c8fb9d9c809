//! How two callback URLs differ, in words: the bank compares them character by character, and says
//! only "Connection not found".

use url::Url;

/// In what the registered one differs from ours; none when it is the same to the character.
pub(super) fn difference(registered: &str, ours: &str) -> Option<String> {
    if registered == ours {
        return None;
    }
    if registered.strip_suffix('/') == Some(ours) {
        return Some("it has a slash at its end, and ours has none".into());
    }
    if ours.strip_suffix('/') == Some(registered) {
        return Some("it has no slash at its end, and ours has one".into());
    }
    let parsed = Url::parse(registered).ok().zip(Url::parse(ours).ok());
    Some(
        parsed
            .and_then(|(registered, ours)| by_part(&registered, &ours))
            .unwrap_or_else(|| first_character(registered, ours)),
    )
}

fn by_part(registered: &Url, ours: &Url) -> Option<String> {
    if registered.scheme() != ours.scheme() {
        return Some(format!(
            "it begins with {}://, and ours with {}://",
            registered.scheme(),
            ours.scheme()
        ));
    }
    let (theirs, mine) = (registered.host_str()?, ours.host_str()?);
    if theirs != mine {
        let www =
            theirs.strip_prefix("www.") == Some(mine) || mine.strip_prefix("www.") == Some(theirs);
        let how = if www { " (one has www.)" } else { "" };
        return Some(format!("its host is {theirs}, and ours {mine}{how}"));
    }
    let port = |url: &Url| url.port_or_known_default();
    if port(registered) != port(ours) {
        return Some(format!(
            "its port is {}, and ours {}",
            port(registered).unwrap_or_default(),
            port(ours).unwrap_or_default()
        ));
    }
    None
}

fn first_character(registered: &str, ours: &str) -> String {
    let same = registered
        .chars()
        .zip(ours.chars())
        .take_while(|(one, other)| one == other)
        .count();
    format!("they differ from character {} on", same + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;
    use rstest::rstest;

    const OURS: &str = "http://localhost:8000/callback";

    #[rstest]
    #[case("http://localhost:8000/callback/", "a slash at its end")]
    #[case("https://localhost:8000/callback", "begins with https://")]
    #[case("http://www.localhost:8000/callback", "www.")]
    #[case("http://127.0.0.1:8000/callback", "its host is 127.0.0.1")]
    #[case("http://localhost:8001/callback", "its port is 8001")]
    #[case("http://localhost/callback", "its port is 80")]
    #[case("http://localhost:8000/Callback", "character 23")]
    #[case("http://localhost:8000/callback?a=b", "character 31")]
    #[case("nonsense", "character 1 ")]
    fn where_it_differs_is_said(#[case] registered: &str, #[case] words: &str) {
        let said = difference(registered, OURS).unwrap();
        assert!(said.contains(words), "{registered}: {said}");
    }

    #[test]
    fn a_slash_that_only_we_have() {
        let said = difference("http://localhost:3000", "http://localhost:3000/").unwrap();
        assert!(said.contains("it has no slash"), "{said}");
    }

    proptest! {
        #[test]
        fn only_the_same_is_the_same(one in "[a-z:/.]{0,12}", other in "[a-z:/.]{0,12}") {
            prop_assert_eq!(difference(&one, &other).is_none(), one == other);
        }
    }
}
