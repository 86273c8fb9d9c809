//! After how long without a person the screens lock.

use std::time::Duration;

/// Longest time that the screens may stay open by themselves, unless for ever.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// When the screens lock by themselves; none is never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct LockAfter(pub(in crate::cli) Option<Duration>);

pub(super) fn parse(text: &str) -> Result<LockAfter, String> {
    if text == "off" {
        return Ok(LockAfter(None));
    }
    let minutes = text.parse::<f64>().ok().filter(|minutes| *minutes > 0.0);
    minutes
        .and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok())
        .filter(|time| !time.is_zero() && *time <= LONGEST)
        .map(|time| LockAfter(Some(time)))
        .ok_or_else(|| "it is a number of minutes, at most a day, or off".into())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1", Some(60))]
    #[case("1440", Some(86_400))]
    #[case("0.5", Some(30))]
    #[case("off", None)]
    fn minutes_or_never(#[case] text: &str, #[case] seconds: Option<u64>) {
        let after = LockAfter(seconds.map(Duration::from_secs));
        assert_eq!(parse(text), Ok(after));
    }

    #[rstest]
    fn nothing_else(#[values("0", "-1", "1441", "never", "NaN", "inf", "1e-30", "")] text: &str) {
        assert!(parse(text).is_err());
    }
}
