//! The values of options that are neither text nor path: one reading for file, variable and flag.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;

use crate::base::Locale;

/// A day: beyond it a time is most likely a mistake.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// The bank's limits leave no sense to more.
const OFTENEST: Duration = Duration::from_secs(60);

/// The themes by name.
pub const THEMES: [&str; 6] = ["auto", "dark", "light", "high-contrast", "terminal", "mono"];

/// The name of a theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme(pub String);

impl FromStr for Theme {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if THEMES.contains(&text) {
            Ok(Self(text.into()))
        } else {
            Err(format!("it is one of {}", THEMES.join(", ")))
        }
    }
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The table of the bank's limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LimitTable {
    /// None.
    Off,
    /// As bunq has documented it for long.
    Classic,
    /// As bunq documents it for new clients.
    Current,
}

impl FromStr for LimitTable {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(text, false)
            .map_err(|_| "it is off, classic or current".into())
    }
}

impl fmt::Display for LimitTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::Classic => "classic",
            Self::Current => "current",
        })
    }
}

/// When the screens lock by themselves; none is never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockAfter(pub Option<Duration>);

impl Default for LockAfter {
    fn default() -> Self {
        Self(Some(Duration::from_secs(15 * 60)))
    }
}

impl FromStr for LockAfter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self(None));
        }
        let minutes = text.parse::<f64>().ok().filter(|minutes| *minutes > 0.0);
        minutes
            .and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok())
            .filter(|time| !time.is_zero() && *time <= LONGEST)
            .map(|time| Self(Some(time)))
            .ok_or_else(|| "it is a number of minutes, at most a day, or off".into())
    }
}

impl fmt::Display for LockAfter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(time) => write!(f, "{}", time.as_secs_f64() / 60.0),
            None => f.write_str("off"),
        }
    }
}

/// How often the user that is shown is read again by itself; none is never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refresh(pub Option<Duration>);

impl FromStr for Refresh {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self(None));
        }
        let no_time = || "it is a time such as 5m, 90s or 1h, or off".to_owned();
        let unit = text.chars().last().ok_or_else(no_time)?;
        let number = text.strip_suffix(unit).unwrap_or_default();
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            _ => return Err(no_time()),
        };
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(no_time());
        }
        let time = number
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(seconds))
            .map_or(Duration::MAX, Duration::from_secs);
        if time < OFTENEST {
            return Err("more often than once in 60s is not worth the bank's calls".into());
        }
        if time > LONGEST {
            return Err("it is at most a day (24h), or off".into());
        }
        Ok(Self(Some(time)))
    }
}

impl fmt::Display for Refresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.map(|time| time.as_secs()) {
            None => f.write_str("off"),
            Some(seconds) if seconds % 3600 == 0 => write!(f, "{}h", seconds / 3600),
            Some(seconds) if seconds % 60 == 0 => write!(f, "{}m", seconds / 60),
            Some(seconds) => write!(f, "{seconds}s"),
        }
    }
}

/// In whose form amounts, dates and times are written on the screens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LocaleChoice {
    /// As the variables of the session say.
    #[default]
    System,
    /// ISO forms.
    Iso,
    /// That of this name.
    Named(String),
}

impl LocaleChoice {
    /// The forms; `variable` looks up a variable of the session.
    pub fn locale(&self, variable: impl Fn(&str) -> Option<String>) -> Locale {
        match self {
            Self::System => Locale::of_session(variable),
            Self::Iso => Locale::ISO,
            Self::Named(name) => Locale::named(name).unwrap_or(Locale::ISO),
        }
    }
}

impl FromStr for LocaleChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "system" => Ok(Self::System),
            "iso" => Ok(Self::Iso),
            name if Locale::named(name).is_some() => Ok(Self::Named(name.into())),
            _ => Err("it is system, iso or the name of a locale, such as nl_NL".into()),
        }
    }
}

impl fmt::Display for LocaleChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "system",
            Self::Iso => "iso",
            Self::Named(name) => name,
        })
    }
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
    fn locks_after_minutes_or_never(#[case] text: &str, #[case] seconds: Option<u64>) {
        let after = LockAfter(seconds.map(Duration::from_secs));
        assert_eq!(text.parse(), Ok(after));
        assert_eq!(after.to_string(), text);
    }

    #[rstest]
    fn locks_after_nothing_else(
        #[values("0", "-1", "1441", "never", "NaN", "inf", "1e-30", "")] text: &str,
    ) {
        assert!(text.parse::<LockAfter>().is_err());
    }

    #[rstest]
    #[case("off", None)]
    #[case("60s", Some(60))]
    #[case("5m", Some(300))]
    #[case("24h", Some(86_400))]
    #[case("90s", Some(90))]
    fn refreshes_now_and_then_or_never(#[case] text: &str, #[case] seconds: Option<u64>) {
        let refresh = Refresh(seconds.map(Duration::from_secs));
        assert_eq!(text.parse(), Ok(refresh));
        assert_eq!(refresh.to_string().parse(), Ok(refresh));
    }

    #[rstest]
    fn refreshes_at_no_other_pace(
        #[values(
            "",
            "5",
            "m",
            "5 m",
            "-5m",
            "+5m",
            "0m",
            "30s",
            "59s",
            "25h",
            "1d",
            "5w",
            "1.5m",
            "99999999999999999999h",
            "18446744073709551615m"
        )]
        text: &str,
    ) {
        assert!(text.parse::<Refresh>().is_err());
    }

    #[test]
    fn a_locale_is_a_word_or_one_that_is_known() {
        for text in ["system", "iso", "nl_NL", "de_CH.UTF-8"] {
            let choice: LocaleChoice = text.parse().unwrap();
            assert_eq!(choice.to_string(), text);
        }
        for text in ["", "xx_XX", "nl_NL; rm", "NL"] {
            assert!(text.parse::<LocaleChoice>().is_err(), "{text}");
        }
    }
}
