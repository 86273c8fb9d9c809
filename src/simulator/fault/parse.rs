//! `ENDPOINT[:N]=KIND[,NAME=VALUE]…`, as `--fault` takes it and `Display` writes it.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

use super::kind::{FaultKind, RetryAfter};
use super::plan::Fault;

/// Names whose value is the rest of the text, commas and all.
const TO_THE_END: [&str; 2] = ["body", "location"];

/// A text that names no fault, and what would.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{why}\nWrite ENDPOINT[:N]=KIND[,NAME=VALUE], such as\n  \"GET user/{{}}/monetary-account:2=html502\"\n\
     `bunq-tui simulator --help` lists every kind."
)]
pub struct WrongFault {
    why: String,
}

/// How many kinds are named in the place of one that is not there.
const NEAREST: usize = 3;

/// The kinds whose names are much like it, the nearest first, with what they take; nothing where
/// none is.
fn nearest(name: &str) -> String {
    let far = |known: &str| match known.starts_with(name) {
        true => 0,
        false => distance(known, name),
    };
    let mut kinds: Vec<_> = FaultKind::names()
        .iter()
        .map(|known| (far(known.name), known))
        .filter(|(far, _)| 2 * far <= name.chars().count())
        .collect();
    kinds.sort_by_key(|(far, _)| *far);
    let kinds = kinds
        .iter()
        .take(NEAREST)
        .map(|(_, known)| match known.takes {
            "" => format!("\n  {}", known.name),
            takes => format!("\n  {},{takes}", known.name),
        });
    let kinds: String = kinds.collect();
    match kinds.as_str() {
        "" => kinds,
        _ => format!("; the nearest are{kinds}"),
    }
}

/// How many characters have to be put in, taken out or changed to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, character) in one.chars().enumerate() {
        let mut next = vec![line + 1];
        for (place, (known, pair)) in other.iter().zip(row.windows(2)).enumerate() {
            let (above_left, above) = match pair {
                [above_left, above] => (*above_left, *above),
                _ => (0, 0),
            };
            let left = next.get(place).copied().unwrap_or_default();
            let changed = above_left + usize::from(*known != character);
            next.push(changed.min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// The `NAME=VALUE`s of a kind, each to be taken once.
pub(super) struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    /// No values: everything is as it is otherwise.
    pub(super) fn none() -> Self {
        Self(Vec::new())
    }

    fn parse(mut text: &'a str) -> Result<Self, String> {
        let mut fields = Vec::new();
        while !text.is_empty() {
            let to_the_end = TO_THE_END.iter().any(|name| {
                text.strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with('='))
            });
            let (field, rest) = match to_the_end {
                true => (text, ""),
                false => text.split_once(',').unwrap_or((text, "")),
            };
            let pair = field.split_once('=');
            fields.push(pair.ok_or_else(|| format!("\"{field}\" is not NAME=VALUE"))?);
            text = rest;
        }
        Ok(Self(fields))
    }

    /// The value of this name.
    pub(super) fn text(&mut self, name: &str) -> Option<&'a str> {
        let at = self.0.iter().position(|(known, _)| *known == name)?;
        Some(self.0.remove(at).1)
    }

    /// The value of this name, read.
    pub(super) fn optional<T: FromStr>(&mut self, name: &str) -> Result<Option<T>, String> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let read = text.parse().map(Some);
        read.map_err(|_| format!("{name}={text} cannot be read"))
    }

    /// The value of `ms`.
    pub(super) fn milliseconds(&mut self, otherwise: u64) -> Result<Duration, String> {
        self.number("ms", otherwise).map(Duration::from_millis)
    }

    /// The value of this name, read, or what it is otherwise.
    pub(super) fn number<T: FromStr>(&mut self, name: &str, otherwise: T) -> Result<T, String> {
        Ok(self.optional(name)?.unwrap_or(otherwise))
    }
}

impl FromStr for FaultKind {
    type Err = WrongFault;

    fn from_str(text: &str) -> Result<Self, WrongFault> {
        read_kind(text).map_err(|why| WrongFault { why })
    }
}

fn read_kind(text: &str) -> Result<FaultKind, String> {
    let (name, fields) = text.split_once(',').unwrap_or((text, ""));
    let known = FaultKind::names().iter().find(|known| known.name == name);
    let known = known.ok_or_else(|| format!("there is no fault \"{name}\"{}", nearest(name)))?;
    let mut fields = Fields::parse(fields)?;
    let kind = (known.make)(&mut fields)?;
    match fields.0.first() {
        None => Ok(kind),
        Some((unknown, _)) => Err(format!("\"{name}\" takes no \"{unknown}\"")),
    }
}

/// The methods of the bank's calls.
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];

impl FromStr for Fault {
    type Err = WrongFault;

    fn from_str(text: &str) -> Result<Self, WrongFault> {
        let wrong = |why: String| WrongFault { why };
        let (place, kind) = text
            .split_once('=')
            .ok_or_else(|| wrong(format!("\"{text}\" names no kind")))?;
        let (endpoint, nth) = match place.rsplit_once(':') {
            Some((endpoint, nth)) => match nth.parse() {
                Ok(nth @ 1..) => (endpoint, Some(nth)),
                _ => return Err(wrong(format!("\"{nth}\" is no number of a call"))),
            },
            None => (place, None),
        };
        if let Some((method, _)) = endpoint.split_once(' ')
            && !METHODS.contains(&method)
        {
            return Err(wrong(format!("there is no method \"{method}\"")));
        }
        if endpoint.is_empty() {
            return Err(wrong("the endpoint is missing; * is every call".to_owned()));
        }
        Ok(Self {
            endpoint: match endpoint {
                "*" => String::new(),
                _ => endpoint.to_owned(),
            },
            nth,
            kind: kind.parse()?,
        })
    }
}

impl Display for Fault {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self.endpoint.as_str() {
            "" => write!(out, "*")?,
            endpoint => write!(out, "{endpoint}")?,
        }
        if let Some(nth) = self.nth {
            write!(out, ":{nth}")?;
        }
        write!(out, "={}", self.kind)
    }
}

impl Display for FaultKind {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.name())?;
        match self {
            Self::Delay(time) => write!(out, ",ms={}", time.as_millis()),
            Self::Drip { piece, pause } => {
                write!(out, ",piece={piece},ms={}", pause.as_millis())
            }
            Self::Oversize { bytes, announced } => {
                write!(out, ",bytes={bytes},announced={announced}")
            }
            Self::Status(status, body) | Self::DoneButStatus(status, body) => {
                write!(out, ",code={status},body={body}")
            }
            Self::TooMany {
                calls,
                seconds,
                retry_after,
            } => {
                write!(out, ",calls={calls},seconds={seconds}")?;
                match retry_after {
                    None => Ok(()),
                    Some(RetryAfter::Seconds(after)) => write!(out, ",retry-after={after}"),
                    Some(RetryAfter::Date(after)) => write!(out, ",retry-date={after}"),
                }
            }
            Self::Redirect { status, location } => {
                write!(out, ",code={status},location={location}")
            }
            Self::DeepJson(depth) => write!(out, ",depth={depth}"),
            Self::TokenError(error) => write!(out, ",error={error}"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_one_name_and_is_read_as_it_is_written() {
        let all = FaultKind::all();
        let names: BTreeSet<_> = all.iter().map(FaultKind::name).collect();
        assert_eq!(names.len(), FaultKind::names().len(), "no name twice");
        for (kind, known) in all.into_iter().zip(FaultKind::names()) {
            assert_eq!(kind.name(), known.name);
            assert_eq!(known.name.parse(), Ok(kind.clone()), "{}", known.name);
            for nth in [None, Some(2)] {
                for endpoint in ["", "token", "GET user/{}/monetary-account$"] {
                    let (endpoint, kind) = (endpoint.to_owned(), kind.clone());
                    let fault = Fault {
                        endpoint,
                        nth,
                        kind,
                    };
                    assert_eq!(fault.to_string().parse(), Ok(fault));
                }
            }
        }
    }

    #[test]
    fn what_is_taken_is_taken() {
        let fault: Fault = "token=delay,ms=3000".parse().unwrap();
        assert_eq!(fault.kind, FaultKind::Delay(Duration::from_secs(3)));
        let fault: Fault = "POST session-server:7=429,retry-after=5".parse().unwrap();
        assert_eq!(
            (fault.endpoint.as_str(), fault.nth),
            ("POST session-server", Some(7))
        );
        let retry_after = Some(RetryAfter::Seconds(5));
        let (calls, seconds) = (3, 3);
        assert_eq!(
            fault.kind,
            FaultKind::TooMany {
                calls,
                seconds,
                retry_after
            }
        );
        let fault: Fault = r#"*=status,code=418,body={"a":1,"b":"x=y"}"#.parse().unwrap();
        assert_eq!(fault.endpoint, "");
        let body = r#"{"a":1,"b":"x=y"}"#.to_owned();
        assert_eq!(fault.kind, FaultKind::Status(418, body));
    }

    #[test]
    fn what_is_wrong_is_named_with_where_every_kind_is_told() {
        for (text, why) in [
            ("", "names no kind"),
            ("GET user", "names no kind"),
            ("=drop", "the endpoint is missing"),
            ("user:0=drop", "no number of a call"),
            ("user:x=drop", "no number of a call"),
            ("user=dropp", "no fault \"dropp\""),
            ("user=drop,ms=1", "takes no \"ms\""),
            ("user=delay,ms", "is not NAME=VALUE"),
            ("user=delay,ms=-1", "ms=-1 cannot be read"),
            ("user=delay,ms=1,ms=2", "takes no \"ms\""),
            ("user=status,code=99", "no status from 200 to 599"),
            ("user=redirect,code=304", "no redirect"),
            ("user=429,retry-after=1,retry-date=1,x=", "takes no \"x\""),
        ] {
            let told = text.parse::<Fault>().unwrap_err().to_string();
            assert!(told.contains(why), "{text}: {told}");
            assert!(told.contains("simulator --help"), "{told}");
            assert!(told.lines().all(|line| line.len() <= 80), "{told}");
        }
    }

    #[test]
    fn a_kind_that_is_misspelt_is_found() {
        for (written, meant) in [
            ("dropp", "drop"),
            ("html", "html502"),
            ("dealy", "delay"),
            ("428", "429"),
            ("truncated", "truncate"),
        ] {
            let told = format!("user={written}")
                .parse::<Fault>()
                .unwrap_err()
                .to_string();
            let lines: Vec<_> = told.lines().map(str::trim).collect();
            let named = |line: &&str| line.split(',').next() == Some(meant);
            assert!(lines.iter().any(named), "{written}: {told}");
            assert!(lines.len() <= 4 + NEAREST, "{told}");
        }
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "drop"), 4);
    }
}
