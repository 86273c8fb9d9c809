//! bunq's times: `2025-04-14 00:00:00.811318`, UTC, no zone.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Its form up to the fraction, which may be absent; each 0 is a digit.
const FORM: &[u8] = b"0000-00-00 00:00:00";

/// Reads one; none for anything of another form.
pub(in crate::bunq) fn parse(text: &str) -> Option<Timestamp> {
    // The parser below also takes years beyond four digits and other places' hours.
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_form = whole.len() == FORM.len()
        && whole.bytes().zip(FORM).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            other => byte == *other,
        })
        && (1..=9).contains(&fraction.len())
        && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !is_form {
        return None;
    }
    let time: DateTime = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_utc() {
        let time = parse("2025-04-14 00:00:00.811318").unwrap();
        assert_eq!(time.to_string(), "2025-04-14T00:00:00.811318Z");
        assert_eq!(
            parse("2025-04-14 23:59:59").unwrap().to_string(),
            "2025-04-14T23:59:59Z"
        );
    }

    #[test]
    fn other_forms_are_none() {
        for bad in [
            "",
            "2025-04-14",
            "2025-04-14T00:00:00Z",
            "2025-13-14 00:00:00.000000",
            "2025-04-14 00:00:00.000000+02:00",
            "0000-00-00 00:00:00.000000",
            "-000015-04-14 00-0042",
            "2025-04-14 00:00:00-00",
            "2025-04-14 00:00:00.",
            "2025-04-14 00:00:00.0000000000",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
