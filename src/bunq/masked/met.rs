//! The secrets that were met, so that none is shown where it comes back.

use zeroize::Zeroizing;

use super::MASK;
use crate::base::{BankText, Secret};

/// Length of the parts that a secret is known by.
const PIECE: usize = 8;
/// Most bytes of a secret that are looked for elsewhere, and most secrets.
const LONGEST_MET: usize = 1024;
const MOST_MET: usize = 64;

/// A word of a sentence that is so long may be a token; an IBAN is shorter.
const LIKE_A_TOKEN: usize = 32;

/// The secrets that were met in a request and its answer. None of them is shown, wherever it comes
/// back. What an answer that nobody has checked yet can make it keep, and search for, is bounded;
/// what was sent is met first.
#[derive(Default)]
pub(in crate::bunq) struct Met {
    count: usize,
    /// Those too short to be known by a part of them.
    short: Vec<Secret>,
    /// Of the others every 8 bytes in a row that begin at a multiple of 8, in order. Any 16 bytes
    /// of such a secret have one of them in it.
    pieces: Zeroizing<Vec<[u8; PIECE]>>,
}

impl Met {
    /// One more. It is masked itself in any case; what is too much is not looked for elsewhere.
    pub(in crate::bunq) fn add(&mut self, secret: &str) {
        if secret.is_empty() || self.count >= MOST_MET {
            return;
        }
        self.count += 1;
        if secret.len() < 2 * PIECE {
            self.short.push(Secret::new(secret));
            return;
        }
        let bytes = secret.as_bytes();
        let bytes = bytes.get(..LONGEST_MET).unwrap_or(bytes);
        let (more, _) = bytes.as_chunks::<PIECE>();
        // Grown by hand, so that what it leaves behind is overwritten.
        let mut pieces = Zeroizing::new(Vec::with_capacity(self.pieces.len() + more.len()));
        pieces.extend_from_slice(&self.pieces);
        pieces.extend_from_slice(more);
        pieces.sort_unstable();
        self.pieces = pieces;
    }

    /// Whether the text has one of the secrets in it, or a part of a long one. Short of 8
    /// characters it would have to be all of the text.
    fn knows(&self, text: &str) -> bool {
        let short = self
            .short
            .iter()
            .map(Secret::expose)
            .any(|secret| text == secret || secret.len() >= PIECE && text.contains(secret));
        let known = |part: &[u8]| {
            let place = self.pieces.binary_search_by(|piece| piece[..].cmp(part));
            place.is_ok()
        };
        short || !self.pieces.is_empty() && text.as_bytes().windows(PIECE).any(known)
    }

    /// Text of the bank as it may be shown: masked as a whole when it has one of the secrets in
    /// it, or 16 characters of one.
    pub(in crate::bunq) fn cleaned(&self, text: &str) -> BankText {
        if self.knows(text) {
            BankText::new(MASK)
        } else {
            BankText::new(text)
        }
    }
}

/// A sentence of the bank, which may quote what it was sent or once gave: every word that is or
/// looks like a token is masked.
pub(in crate::bunq) fn sentence(text: &BankText, met: &Met) -> BankText {
    let is_of_a_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let mut said = String::with_capacity(text.as_str().len());
    for piece in text.as_str().split_inclusive(|c| !is_of_a_word(c)) {
        let word = piece.trim_end_matches(|c| !is_of_a_word(c));
        let end = piece.strip_prefix(word).unwrap_or_default();
        let masked = looks_random(word) || met.knows(word);
        said.push_str(if masked { MASK } else { word });
        said.push_str(end);
    }
    met.cleaned(&said)
}

/// Long, and of letters and digits: bunq's tokens have 64 of them.
fn looks_random(word: &str) -> bool {
    word.len() >= LIKE_A_TOKEN
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::super::body;
    use super::*;
    use crate::base::Body;

    #[test]
    fn a_sentence_keeps_its_words_and_loses_tokens() {
        let mut met = Met::default();
        met.add("sent-with-this-one");
        let token = "9afa2535748c1107dc37cab80c3dbdcfb8fb2cb117960599a897e2dca7c0e46a";
        let said =
            format!("Route /v1/user/42/x of NL91ABNA0417164300: {token}, “sent-with-this-one”.");
        assert_eq!(
            sentence(&BankText::new(&said), &met).as_str(),
            "Route /v1/user/42/x of NL91ABNA0417164300: ••••, “••••”."
        );
        for plain in ["", "User credentials are incorrect.", "…", "Zoë  Müller "] {
            assert_eq!(sentence(&BankText::new(plain), &met).as_str(), plain);
        }
    }

    #[test]
    fn what_an_unchecked_answer_costs_is_bounded() {
        const MIB: usize = 1024 * 1024;
        let digits = |from: usize| (from..).flat_map(|n| format!("{n:08}").into_bytes());
        let huge = |from| String::from_utf8(digits(from).take(4 * MIB).collect()).unwrap();
        let words = vec!["\"abcdefghijklm\""; 4_000].join(",");
        let one = format!(r#"{{"secret":"{}","rest":[{words}]}}"#, huge(0));
        let secrets: Vec<_> = (0..100_000).map(|n| format!("\"{n:040}\"")).collect();
        let many = format!(
            r#"{{"secret":[{}],"rest":"{}"}}"#,
            secrets.join(","),
            huge(7)
        );
        for json in [one, many] {
            let mut met = Met::default();
            met.add("sent-with-this-one-and-only");
            let began = std::time::Instant::now();
            assert!(matches!(
                body(json.as_bytes(), &mut met),
                Body::Json { cut: true, .. }
            ));
            sentence(&BankText::new(&json), &met);
            let took = began.elapsed();
            println!("{took:?} for {} bytes", json.len());
            assert!(took < std::time::Duration::from_secs(20), "{took:?}");
            assert!(met.knows("with-this-one-an"), "what was sent is met first");
            assert!(met.pieces.len() <= MOST_MET * LONGEST_MET / PIECE);
        }
        let mut met = Met::default();
        let Body::Json { text, .. } = body(
            format!(r#"{{"secret":"{}"}}"#, huge(0)).as_bytes(),
            &mut met,
        ) else {
            panic!("it is JSON");
        };
        assert_eq!(text.expose(), format!("{{\n  \"secret\": \"{MASK}\"\n}}"));
    }
}
