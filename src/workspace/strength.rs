//! How good a passphrase is. It only hints; what is asked of one is its length.

use crate::base::Secret;

/// How many characters are looked at: what follows only makes it better.
const LOOKED_AT: usize = 100;
/// Guesses in a second of somebody who has the store's files and a thousand computers. One guess
/// costs Argon2id 64 MiB and about a tenth of a second on each.
const GUESSES_PER_SECOND: f64 = 10_000.0;

/// What is to be said of a passphrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strength {
    /// From 0, guessed at once, to 4, not guessed.
    pub score: u8,
    /// How long somebody with the store's files and a thousand computers guesses, in words.
    pub lasts: String,
    /// What would make it better; empty when nothing needs to.
    pub hint: String,
}

impl Strength {
    /// All of it as one sentence or two.
    #[must_use]
    pub fn sentence(&self) -> String {
        let lasts = format!(
            "Whoever has the files and a thousand computers guesses it within {}.",
            self.lasts
        );
        if self.hint.is_empty() {
            lasts
        } else {
            format!("{lasts} {}", self.hint)
        }
    }
}

/// Judges a passphrase by what people choose (zxcvbn), under what a guess costs here. It takes
/// milliseconds, and never fails.
#[must_use]
pub fn passphrase_strength(passphrase: &Secret) -> Strength {
    let text = passphrase.expose();
    let end = text.char_indices().nth(LOOKED_AT);
    let looked_at = end.map_or(text, |(end, _)| text.get(..end).unwrap_or(text));
    let judged = zxcvbn::zxcvbn(looked_at, &["bunq", "bunq-tui"]);
    let hints: Vec<String> = judged.feedback().map_or_else(Vec::new, |feedback| {
        let warning = feedback.warning().map(|warning| warning.to_string());
        let suggestions = feedback.suggestions().iter().map(ToString::to_string);
        warning.into_iter().chain(suggestions).collect()
    });
    Strength {
        score: judged.score().into(),
        lasts: in_words(10_f64.powf(judged.guesses_log10()) / GUESSES_PER_SECOND),
        hint: hints.join(" "),
    }
}

fn in_words(seconds: f64) -> String {
    const UNITS: [(f64, &str); 6] = [
        (60.0, "second"),
        (60.0, "minute"),
        (24.0, "hour"),
        (30.4, "day"),
        (12.0, "month"),
        (1000.0, "year"),
    ];
    if seconds < 1.0 {
        return "a second".into();
    }
    let mut amount = seconds;
    for (next, unit) in UNITS {
        let whole = amount.ceil();
        if whole < next {
            let s = if whole > 1.0 { "s" } else { "" };
            return format!("{whole:.0} {unit}{s}");
        }
        amount /= next;
    }
    "more than a thousand years".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    fn of(text: &str) -> Strength {
        passphrase_strength(&Secret::new(text))
    }

    #[test]
    fn a_bad_one_is_told_from_a_good_one() {
        let bad = of("password");
        assert_eq!((bad.score, bad.lasts.as_str()), (0, "a second"));
        assert!(!bad.hint.is_empty());
        assert!(bad.sentence().ends_with(&bad.hint));
        let good = of("plank otter seventeen violet harbour");
        assert_eq!(good.score, 4);
        assert_eq!(good.lasts, "more than a thousand years");
        assert_eq!(good.hint, "");
        assert!(of("bunqbunq").score < 2);
    }

    #[test]
    fn times_are_words() {
        for (seconds, words) in [
            (0.0, "a second"),
            (1.0, "1 second"),
            (59.5, "1 minute"),
            (90.0, "2 minutes"),
            (7_200.0, "2 hours"),
            (200_000.0, "3 days"),
            (9.0e6, "4 months"),
            (3.2e9, "102 years"),
            (f64::INFINITY, "more than a thousand years"),
        ] {
            assert_eq!(in_words(seconds), words, "{seconds}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in "\\PC{0,300}") {
            prop_assert!(of(&text).score <= 4);
        }
    }

    #[test]
    fn a_very_long_one_takes_no_longer() {
        assert_eq!(of(&"é".repeat(1_000_000)).lasts, of(&"é".repeat(100)).lasts);
    }
}
