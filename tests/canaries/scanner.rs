//! Looks for secrets in bytes, in every form in which they might be written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// A part of a secret that is so long counts as the secret.
const PART: usize = 16;

/// The ways in which bytes may be written.
pub(crate) const FORMS: [&str; 7] = [
    "raw",
    "hex",
    "HEX",
    "base64",
    "base64url",
    "url-encoded",
    "JSON-escaped",
];

/// Writes bytes in each form; base64 in all three positions that they may have within more bytes.
pub(crate) fn forms(secret: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let percent: String = secret.iter().map(|byte| format!("%{byte:02X}")).collect();
    let plain: String = url::form_urlencoded::byte_serialize(secret).collect();
    let escaped: String = secret
        .iter()
        .map(|byte| format!("\\u00{byte:02x}"))
        .collect();
    let mut all = vec![
        ("raw", secret.to_vec()),
        ("hex", hex::encode(secret).into_bytes()),
        ("HEX", hex::encode_upper(secret).into_bytes()),
        ("url-encoded", percent.into_bytes()),
        ("url-encoded", plain.into_bytes()),
        ("JSON-escaped", escaped.into_bytes()),
    ];
    if let Ok(text) = std::str::from_utf8(secret) {
        let quoted = serde_json::to_string(text).unwrap();
        all.push(("JSON-escaped", quoted[1..quoted.len() - 1].into()));
    }
    for shift in 0..3 {
        let shifted = [vec![0; shift], secret.to_vec()].concat();
        // Characters that also depend on what stands before or after are left out.
        let inner = |text: String| {
            let (first, last) = ((shift * 8).div_ceil(6), shifted.len() * 8 / 6);
            text.as_bytes()[first..last].to_vec()
        };
        all.push(("base64", inner(STANDARD_NO_PAD.encode(&shifted))));
        all.push(("base64url", inner(URL_SAFE_NO_PAD.encode(&shifted))));
    }
    all
}

fn place_of(part: &[u8]) -> usize {
    usize::from(part[0]) << 8 | usize::from(part[1])
}

/// What is looked for: a secret's kind and form.
pub(crate) type Mark = (&'static str, &'static str);

/// The canaries, ready to be found.
#[derive(Default)]
pub(crate) struct Scanner {
    /// Every 16 bytes in a row of every form.
    parts: HashMap<[u8; PART], Mark>,
    /// Which two bytes a part begins with: most places in most texts are passed over at once.
    begins: Vec<bool>,
    /// What is shorter.
    short: Vec<(Vec<u8>, Mark)>,
    /// How many secrets there are of each kind.
    pub(crate) kinds: BTreeMap<&'static str, usize>,
    known: BTreeSet<(&'static str, Vec<u8>)>,
}

impl Scanner {
    /// One more secret of a kind; planting one twice counts once.
    pub(crate) fn plant(&mut self, kind: &'static str, secret: &[u8]) {
        assert!(
            secret.len() >= 8,
            "{kind}: too short to be told from chance"
        );
        if !self.known.insert((kind, secret.to_vec())) {
            return;
        }
        self.begins.resize(1 << 16, false);
        *self.kinds.entry(kind).or_default() += 1;
        for (form, written) in forms(secret) {
            let mark = (kind, form);
            if written.len() < PART {
                self.short.push((written, mark));
                continue;
            }
            for part in written.windows(PART) {
                self.begins[place_of(part)] = true;
                self.parts.insert(part.try_into().unwrap(), mark);
            }
        }
    }

    /// Which of them are in these bytes.
    pub(crate) fn find(&self, bytes: &[u8]) -> BTreeSet<Mark> {
        let parts = bytes
            .windows(PART)
            .filter(|part| self.begins.get(place_of(part)) == Some(&true));
        let mut found: BTreeSet<Mark> = parts
            .filter_map(|part| self.parts.get(part).copied())
            .collect();
        for (short, mark) in &self.short {
            if bytes.windows(short.len()).any(|part| part == short) {
                found.insert(*mark);
            }
        }
        found
    }
}

#[test]
fn it_finds_every_form_and_every_part_of_16() {
    let secret = b"k\"\\ \x7f 9fZ0+/=&%~canary-of-the-scanner-\xc3\xa9";
    let mut scanner = Scanner::default();
    scanner.plant("kind", secret);
    let mut seen = BTreeSet::new();
    let mut planted = 0;
    for (form, written) in forms(secret) {
        seen.insert(form);
        for length in [PART, PART + 1, written.len()] {
            for place in 0..=written.len() - length {
                let text = [&b"before "[..], &written[place..place + length], b" after"].concat();
                let found = scanner.find(&text);
                assert!(
                    found.iter().any(|(kind, _)| *kind == "kind"),
                    "{form} {place} {length}"
                );
                planted += 1;
            }
        }
        let cut = &written[..PART - 1];
        assert!(scanner.find(cut).is_empty(), "{form}: 15 are too few");
    }
    assert_eq!(seen, FORMS.into_iter().collect());
    // Within other bytes base64 of it looks different each time.
    for before in 0..6 {
        let more = [&vec![b'x'; before][..], secret, b"tail"].concat();
        for text in [STANDARD_NO_PAD.encode(&more), URL_SAFE_NO_PAD.encode(&more)] {
            assert!(!scanner.find(text.as_bytes()).is_empty(), "{before}");
        }
    }
    assert!(
        scanner
            .find(b"nothing of it is here, whatever one looks for")
            .is_empty()
    );
    println!(
        "{planted} pieces planted in {} forms, all found",
        seen.len()
    );
}
