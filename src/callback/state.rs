//! The `state` of one login.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use crate::base::{Problem, Secret, random_bytes};

/// 192 random bits as 32 characters of base64url. RFC 6749, section 10.10, asks that a guess
/// succeeds with at most 2^-160.
#[derive(Clone)]
pub struct State(Secret);

impl State {
    /// A new one.
    ///
    /// # Errors
    /// When the operating system has no random numbers; then there is no login.
    pub fn generate() -> Result<Self, Problem> {
        let bytes = random_bytes::<24>()?;
        Ok(Self(Secret::new(URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// As it goes into the authorize URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.expose()
    }

    /// Takes as long for a wrong text as for a right one of the same length.
    pub(super) fn matches(&self, text: &str) -> bool {
        let own = self.as_str().as_bytes();
        own.len() == text.len() && bool::from(own.ct_eq(text.as_bytes()))
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_32_characters_and_never_the_same() {
        let one = State::generate().unwrap();
        let two = State::generate().unwrap();
        assert_eq!(one.as_str().len(), 32);
        assert!(
            one.as_str()
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        );
        assert_ne!(one.as_str(), two.as_str());
        assert!(!format!("{one:?}").contains(one.as_str()));
    }

    #[test]
    fn a_million_draws_have_no_repeat() {
        let mut drawn: Vec<[u8; 32]> = (0..1_000_000)
            .map(|_| {
                let state = State::generate().unwrap();
                state.as_str().as_bytes().try_into().unwrap()
            })
            .collect();
        drawn.sort_unstable();
        assert!(drawn.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn matches_only_itself() {
        let state = State::generate().unwrap();
        assert!(state.matches(state.as_str()));
        let text = state.as_str();
        for wrong in [
            String::new(),
            text[..31].to_owned(),
            format!("{text}A"),
            text.to_lowercase() + "",
            text.replace(&text[..1], "~"),
        ] {
            assert_eq!(state.matches(&wrong), wrong == text);
        }
    }
}
