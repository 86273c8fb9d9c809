//! What is fuzzed (`fuzz/`, `.ci/fuzz`): one function a target, each of which takes any bytes and
//! asserts what must hold. The suite runs the seeds through them as well.

use crate::base::{BankText, Environment, Iban, Money, printable, text_width};
use crate::config::{self, LastUsed, ScreenMemory};
use crate::{bunq, callback, store, workspace};

pub use bunq::fuzzing::answer as api_envelope;
pub use callback::fuzzing::{paste as pasted_address, request as callback_request};
pub use store::fuzzing::slots as slot_file;

/// Money, IBANs and times: what is read is written and read again as the same.
pub fn money_date(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    bunq::fuzzing::time(&text);
    if let Some(iban) = Iban::new(&text) {
        assert_eq!(Iban::new(&iban.grouped()).as_ref(), Some(&iban));
        assert_eq!(Iban::new(iban.as_str()).as_ref(), Some(&iban));
        let _ = iban.is_valid();
    }
    let (value, currency) = text.split_once(' ').unwrap_or((&text, "EUR"));
    if let Ok(money) = Money::parse(value, currency) {
        let written = money.to_string();
        let again = written.split_once(' ').map(|(v, c)| Money::parse(v, c));
        assert_eq!(again, Some(Ok(money)), "{text:?}");
    }
}

/// The cleaner: nothing hides or steers, what is clean stays, and each character is counted.
pub fn bank_text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let clean = BankText::new(&text);
    assert_eq!(BankText::new(clean.as_str()), clean, "{text:?}");
    let hides = |c: char| {
        c.is_control()
            || matches!(
                c,
                '\u{ad}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{feff}'
            )
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}')
            || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
    };
    assert!(!clean.as_str().contains(hides), "{text:?} gave {clean:?}");
    assert!(text_width(clean.as_str()) <= 2 * clean.as_str().chars().count());
    let lines = printable(&text);
    assert_eq!(lines.matches('\n').count(), text.matches('\n').count());
    assert_eq!(printable(&lines), lines, "{text:?}");
}

/// CSV: read back as it was, and no cell begins a formula.
pub fn csv(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (one, rest) = text.split_once('|').unwrap_or((&text, ""));
    let cleaned = BankText::new(one);
    workspace::check_csv([one, rest, cleaned.as_str()]);
}

/// The two small files, addresses and environments. What is accepted is loopback or `https`.
pub fn config(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(last) = toml::from_str::<LastUsed>(&text) {
        let written = toml::to_string(&last).unwrap_or_default();
        assert_eq!(toml::from_str(&written).ok(), Some(last));
    }
    let _ = toml::from_str::<ScreenMemory>(&text);
    for flaw in config::parse(&text, |_| Vec::new())
        .err()
        .into_iter()
        .flatten()
    {
        assert_eq!(printable(&flaw.text), flaw.text);
    }
    if let Ok(environment) = text.parse::<Environment>() {
        let stem = environment.file_stem();
        assert!(!stem.contains(['/', '.', '\0']), "{stem:?}");
        assert_eq!(
            Environment::from_file_stem(&stem).as_ref(),
            Some(&environment)
        );
        let endpoints = environment.endpoints();
        let ours = |url: &url::Url| url.scheme() == "https" || crate::base::is_loopback(url);
        assert!(endpoints.is_none_or(|all| [&all.api, &all.token].into_iter().all(ours)));
    }
    if let Ok(url) = text.parse::<url::Url>() {
        if let Ok(url) = config::check_callback_url(url.clone()) {
            assert_eq!(url.host_str(), Some("localhost"));
        }
        let _ = config::check_address_service(url);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    type Target = (&'static str, fn(&[u8]));

    const TARGETS: [Target; 8] = [
        ("api_envelope", super::api_envelope),
        ("bank_text", super::bank_text),
        ("callback_request", super::callback_request),
        ("config", super::config),
        ("csv", super::csv),
        ("money_date", super::money_date),
        ("pasted_address", super::pasted_address),
        ("slot_file", super::slot_file),
    ];

    fn names(directory: &Path) -> BTreeSet<String> {
        let files = fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        files
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn every_seed_holds() {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
        let targets: BTreeSet<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(names(&fuzz.join("fuzz_targets")), targets);
        assert_eq!(names(&fuzz.join("seeds")), targets);
        for (name, target) in TARGETS {
            let seeds = fuzz.join("seeds").join(name);
            let mut count = 0;
            for seed in fs::read_dir(seeds).unwrap() {
                let data = fs::read(seed.unwrap().path()).unwrap();
                target(&data);
                // Cut off, and with a byte that does not belong there.
                target(data.get(..data.len() / 2).unwrap());
                target(&[&data[..], b"\x9b"].concat());
                count += 1;
            }
            assert!(count >= 5, "{name} has {count} seeds");
        }
    }
}
