//! Dutch account numbers of bunq, with the right check digits (ISO 13616).

/// `NLkkBUNQnnnnnnnnnn` for this number, of which the last ten digits count.
pub(super) fn bunq_iban(number: u64) -> String {
    with_check_digits("NL", &format!("BUNQ{:010}", number % 10_000_000_000))
}

/// An account number at an invented bank, for people outside.
pub(super) fn outside_iban(number: u64) -> String {
    with_check_digits("NL", &format!("SIMU{:010}", number % 10_000_000_000))
}

fn with_check_digits(country: &str, account: &str) -> String {
    let check = 98 - remainder(&format!("{account}{country}00"));
    format!("{country}{check:02}{account}")
}

/// Whether the check digits of this account number are right; spaces are not allowed.
pub(super) fn is_iban(text: &str) -> bool {
    let fits = (15..=34).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    match (fits, text.split_at_checked(4)) {
        (true, Some((head, tail))) => remainder(&format!("{tail}{head}")) == 1,
        _ => false,
    }
}

/// The number that the letters and digits spell (A = 10), modulo 97.
fn remainder(text: &str) -> u32 {
    text.chars()
        .filter_map(|letter| letter.to_digit(36))
        .fold(0, |rest, value| {
            let shift = if value > 9 { 100 } else { 10 };
            (rest * shift + value) % 97
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_right() {
        assert!(is_iban("NL91ABNA0417164300"), "a published example");
        assert!(!is_iban("NL92ABNA0417164300"));
        assert!(!is_iban(""));
        assert!(!is_iban("nl91abna0417164300"));
        for number in [0, 1, 2_025_106_483, u64::MAX] {
            assert!(is_iban(&bunq_iban(number)), "{number}");
            assert!(is_iban(&outside_iban(number)), "{number}");
        }
        assert_eq!(bunq_iban(7).len(), 18);
    }
}
